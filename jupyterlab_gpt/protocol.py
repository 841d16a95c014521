"""The wire: every frame and every REST body, the one source of both languages' types.

`src/protocol/frames.ts` is generated from this file (``jlpm protocol``) and
checked in; a test regenerates and compares it. Both languages read the same
golden frames in ``tests/frames``.

Receivers ignore frame types, part types and fields that they do not know. Money
is a decimal string in USD beside an ``estimated`` flag, never a float. All ids
are UUIDs made by the client.

This module imports pydantic, which is not needed at start: import it on first use.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from .errors import ErrorCode

SUBPROTOCOL = "v1.jupyterlab-gpt"

# The largest frame that a client may send: wire.md, "Size". Anything longer goes up as a blob.
MAX_FRAME_BYTES = 1024 * 1024
# Content from here on goes up as a blob, once, when its chip is made (wire.md, "Size").
MAX_INLINE_BYTES = 32 * 1024
# The largest blob (wire.md): what a provider takes as one image, rounded up.
MAX_BLOB_BYTES = 8 * 1024 * 1024

Uuid = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Usd = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?$")]
ProviderId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Count = Annotated[int, Field(ge=0)]

Status = Literal["streaming", "complete", "incomplete", "cancelled", "failed"]
FinishReason = Literal["stop", "length", "content_filter", "tool_calls", "cancelled"]
CountMethod = Literal["exact", "calibrated", "rough"]


class Model(BaseModel):
    """Base of all wire models: unknown fields are ignored, as receivers must."""

    model_config = ConfigDict(extra="ignore", protected_namespaces=())


# ---------------------------------------------------------------- parts


class TextPart(Model):
    """Prose: a prompt, or an answer's Markdown."""

    type: Literal["text"] = "text"
    text: str | None = None
    blob: Sha256 | None = None


class ThinkingPart(Model):
    """What the model thought aloud; answers only, never sent upstream again."""

    type: Literal["thinking"] = "thinking"
    text: str


class CellPart(Model):
    """The source of one cell, or some lines of it (1-based, both ends included)."""

    type: Literal["cell"] = "cell"
    cell_id: str
    path: str
    source: str | None = None
    """The lines that go along."""
    language: str
    """Its language, as the kernel names it."""
    label: str | None = None
    from_line: int | None = None
    """The first of some lines; null: all."""
    to_line: int | None = None
    """The last of them."""
    blob: Sha256 | None = None


class NotebookCell(Model):
    """One cell of a notebook part."""

    id: str
    """The cell's id."""
    kind: Literal["code", "markdown", "raw"]
    """Its type."""
    source: str
    """Its text."""


class NotebookPart(Model):
    """A whole notebook, without outputs."""

    type: Literal["notebook"] = "notebook"
    path: str
    cells: list[NotebookCell] | None = None
    """All cells; with `blob` the JSON of this list is there."""
    blob: Sha256 | None = None


class OutputPart(Model):
    """The text of a cell's output."""

    type: Literal["output"] = "output"
    cell_id: str
    text: str | None = None
    blob: Sha256 | None = None


class ErrorPart(Model):
    """The error of a cell that failed."""

    type: Literal["error"] = "error"
    cell_id: str
    ename: str
    """The error's name."""
    evalue: str
    """The error's message."""
    traceback: str | None = None
    """Without the colours of a terminal."""
    blob: Sha256 | None = None


class VariablePart(Model):
    """A live variable, summarized by the kernel."""

    type: Literal["variable"] = "variable"
    name: str
    """The variable's name."""
    var_type: str = ""
    """Its type (`type` is the tag of the part)."""
    summary: str | None = None
    """What the kernel says of its value."""
    blob: Sha256 | None = None


class FilePart(Model):
    """A text file of the workspace."""

    type: Literal["file"] = "file"
    path: str
    text: str | None = None
    blob: Sha256 | None = None


class ImagePart(Model):
    """An image, always as a blob."""

    type: Literal["image"] = "image"
    mime: str
    """As `image/png`."""
    blob: Sha256


Part = Annotated[
    TextPart
    | ThinkingPart
    | CellPart
    | NotebookPart
    | OutputPart
    | ErrorPart
    | VariablePart
    | FilePart
    | ImagePart,
    Field(discriminator="type"),
]


# ---------------------------------------------------------------- values


class Usage(Model):
    """Tokens of one upstream call; null where the provider said nothing.

    `input` includes `cached_input` and `cache_write`; `output` includes `reasoning`.
    """

    input: Count | None = None
    cached_input: Count | None = None
    cache_write: Count | None = None
    output: Count | None = None
    reasoning: Count | None = None
    estimated: bool = False
    """Counted by us."""


class Cost(Model):
    """What one or more calls cost; `usd` is null where no price is known.

    `estimated`: some of it was counted by us, because the provider reported nothing.
    `at_least`: more may be due: thinking that a stopped answer never showed, or calls
    without a price among those that were added up.
    """

    usd: Usd | None = None
    estimated: bool = False
    at_least: bool = False


class Budget(Model):
    """The month's budget of one owner.

    `limit` is the user's own (null: none is set), `cap` the administrator's. `month` is
    the calendar month (``2026-11``) in `tz`, an IANA name. `level` compares what is spent
    with the lower of the two: `half` from 50 %, `high` from 80 %, `full` from 100 %.
    """

    limit: Usd | None = None
    cap: Usd | None = None
    spent: Usd = "0"
    """The month's sum so far."""
    reserved: Usd = "0"
    """For the turns that run."""
    month: str
    tz: str = "UTC"
    level: Literal["none", "ok", "half", "high", "full"] = "none"
    unpriced: Count = 0
    """Calls of the month without a known price: `spent` is a lower bound then."""


class Params(Model):
    """What the user set for one turn; what is absent is not sent to the provider."""

    system: str | None = Field(default=None, max_length=100_000)
    """The system prompt."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """Of the sampling."""
    max_output_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    """The answer's limit."""
    effort: str | None = Field(default=None, max_length=32)
    """How long the model thinks, in the words of the provider."""
    verbosity: str | None = Field(default=None, max_length=32)
    """How long the answer is, in the words of the provider."""
    accept_unpriced: bool | None = None
    """Send although a budget is set and no price is known."""
    one_shot: bool | None = None
    """Send no history (Explain and Fix error)."""


class ErrorInfo(Model):
    """A `GPTError` as it travels: in REST bodies, and stored with a failed answer."""

    code: ErrorCode
    message: str
    detail: dict[str, Any] | None = None
    retryable: bool = False
    retry_after: float | None = None


# ---------------------------------------------------------------- frames, client → server


class Prompt(Model):
    """What `submit`, `estimate` and `preview` share."""

    request_id: Uuid
    conversation_id: Uuid
    parent_id: Uuid | None = None
    provider: ProviderId | None = None
    model: Annotated[str, StringConstraints(max_length=256)] | None = None
    params: Params | None = None
    """Settings for this turn."""
    notebook: Annotated[str, StringConstraints(max_length=4096)] | None = None
    parts: list[Part] = Field(default_factory=list, max_length=1000)
    exclude: list[str] | None = None
    """Ids of the items of the preview that are left out."""
    digest: str | None = None
    continue_of: Uuid | None = None


class Submit(Prompt):
    """Ask. New question, edit, Regenerate and Continue differ by their ids (docs/protocol.md)."""

    type: Literal["submit"] = "submit"
    message_id: Uuid
    answer_id: Uuid


class Estimate(Prompt):
    """Ask what this would cost."""

    type: Literal["estimate"] = "estimate"
    message_id: Uuid | None = None


class Preview(Prompt):
    """Ask what exactly would be sent."""

    type: Literal["preview"] = "preview"
    message_id: Uuid | None = None


class Cancel(Model):
    """Stop a turn."""

    type: Literal["cancel"] = "cancel"
    request_id: Uuid


class Resume(Model):
    """Go on with a turn's frames after `after_seq`."""

    type: Literal["resume"] = "resume"
    request_id: Uuid
    after_seq: Count = 0


ClientFrame = Annotated[Submit | Estimate | Preview | Cancel | Resume, Field(discriminator="type")]


# ---------------------------------------------------------------- frames, server → client


class SameQuestion(Model):
    """A complete answer to the identical question in this conversation."""

    answer_id: Uuid
    asked_at: str
    """Time, UTC."""


class Estimated(Model):
    """Answer to `estimate`."""

    type: Literal["estimated"] = "estimated"
    request_id: Uuid
    provider: str
    model: str
    input_tokens: Count
    cached_tokens: Count = 0
    """Expected to be read from the provider's cache."""
    left_out: Count = 0
    """Messages of the history that will not be sent: the preview says which and why."""
    method: CountMethod
    cost_min: Usd | None = None
    cost_max: Usd | None = None
    priced: bool
    """Whether a price is known."""
    same: SameQuestion | None = None
    """An answer that is there already."""
    too_long_for: Count | None = None
    """The model's context in tokens, where prompt and reply limit do not fit it."""


class PreviewItem(Model):
    """One part of one message that will be sent."""

    id: str
    """Goes into `exclude`."""
    message: Count
    """Index of the message that it is in."""
    role: str
    """The message's role."""
    label: str
    text: str | None = None
    blob: Sha256 | None = None
    tokens: Count
    """Of this item."""
    cost: Usd | None = None


class LeftOut(Model):
    """What will not be sent, and why.

    `history`: the history is longer than its limit; `one_shot`: Explain and Fix error send
    none; `excluded`: the user left it out; `thinking`: it is never sent again.
    """

    id: str
    """Goes into `exclude`, or out of it."""
    label: str = ""
    why: Literal["history", "one_shot", "excluded", "thinking"]
    """The reason."""


class Previewed(Model):
    """Answer to `preview`."""

    type: Literal["previewed"] = "previewed"
    request_id: Uuid
    provider: str
    model: str
    digest: str
    items: list[PreviewItem]
    """What will be sent; the texts of one message, joined, are its content."""
    left_out: list[LeftOut]
    """What will not be sent."""
    params: dict[str, Any] = Field(default_factory=dict)
    """The other parameters that go out, by the names of `Params`."""
    input_tokens: Count
    cached_tokens: Count
    saved: Usd | None = None
    """What the cache is expected to save; null where no price is known."""
    cost_min: Usd | None = None
    cost_max: Usd | None = None
    method: CountMethod
    too_long_for: Count | None = None
    """The model's context in tokens, where prompt and reply limit do not fit it."""


class Started(Model):
    """The turn is stored and under way."""

    type: Literal["started"] = "started"
    request_id: Uuid
    seq: Count
    answer_id: Uuid
    provider: str
    model: str
    estimate: Cost | None = None
    """What is reserved for it."""
    budget: Budget | None = None


class Delta(Model):
    """New text of the part with this index."""

    type: Literal["delta"] = "delta"
    request_id: Uuid
    seq: Count
    part: Count
    """Index of the part."""
    kind: Literal["text", "thinking"]
    """Type of the part."""
    text: str


class Retrying(Model):
    """The provider asked to wait; the next attempt comes in `wait_s` seconds."""

    type: Literal["retrying"] = "retrying"
    request_id: Uuid
    seq: Count
    attempt: int
    """Which attempt comes next."""
    wait_s: float
    code: ErrorCode


class Finished(Model):
    """The answer ended as an answer; it is stored.

    `dropped` are the parameters that the user set, that the model refused and that were left
    out of a second request; from a server of before it is missing, and it is not stored.
    """

    type: Literal["finished"] = "finished"
    request_id: Uuid
    seq: Count
    finish_reason: FinishReason
    usage: Usage | None = None
    cost: Cost | None = None
    seconds: float | None = None
    budget: Budget | None = None
    dropped: list[str] | None = None


class Failed(Model):
    """The turn failed; `seq` is 0 when nothing was stored."""

    type: Literal["failed"] = "failed"
    request_id: Uuid
    seq: Count
    code: ErrorCode
    message: str
    detail: dict[str, Any] | None = None
    retryable: bool = False
    retry_after: float | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    seconds: float | None = None


class Snapshot(Model):
    """Everything so far: replaces what the client has."""

    type: Literal["snapshot"] = "snapshot"
    request_id: Uuid
    seq: Count
    parts: list[Part]
    status: Status


class Changed(Model):
    """A conversation was changed from another socket of the same owner."""

    type: Literal["changed"] = "changed"
    conversation_id: Uuid


class BudgetFrame(Budget):
    """The budget changed."""

    type: Literal["budget"] = "budget"


class Storage(Model):
    """State of the disk: on connect when not `ok`, and at each change."""

    type: Literal["storage"] = "storage"
    state: Literal["ok", "locked", "full", "read_only", "repaired"]
    """`repaired`: what could be read of a damaged database was kept."""
    message: str


class Heartbeat(Model):
    """The socket is alive: every 20 s when idle, every 2 s while a turn runs."""

    type: Literal["heartbeat"] = "heartbeat"


ServerFrame = Annotated[
    Estimated
    | Previewed
    | Started
    | Delta
    | Retrying
    | Finished
    | Failed
    | Snapshot
    | Changed
    | BudgetFrame
    | Storage
    | Heartbeat,
    Field(discriminator="type"),
]


# ---------------------------------------------------------------- REST bodies


class Live(Model):
    """The turn that is writing an answer right now."""

    request_id: Uuid
    seq: Count


class Message(Model):
    """One node of a conversation: a question (`user`) or an answer (`assistant`)."""

    id: Uuid
    """The id."""
    parent_id: Uuid | None = None
    role: Literal["user", "assistant"]
    """Whose it is."""
    parts: list[Part]
    created: str
    status: Status = "complete"
    request_id: Uuid | None = None
    provider: str | None = None
    model: str | None = None
    finish_reason: FinishReason | None = None
    error: ErrorInfo | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    seconds: float | None = None
    live: Live | None = None
    """How to join it while it is written."""


class SearchHit(Model):
    """Where a search found a conversation: `text` is some of that message's text.

    `ranges` are the places to highlight in it, from and to, in UTF-16 code units as
    JavaScript counts them.
    """

    message_id: Uuid
    text: str
    ranges: list[tuple[int, int]]


class ConversationItem(Model):
    """A row of the list of conversations."""

    id: Uuid
    """The id."""
    title: str
    notebook: str | None = None
    model: str | None = None
    cost: Cost | None = None
    updated: str
    pinned: bool = False
    streaming: bool = False
    """Whether an answer is being written."""
    hit: SearchHit | None = None
    """Where the search found it; null where only the title has the words."""


class ConversationList(Model):
    """One page of the list; `next` goes into `before` of the next request."""

    items: list[ConversationItem]
    """The rows."""
    next: str | None = None


class Conversation(Model):
    """A conversation: a tree of messages and the leaf that is shown."""

    id: Uuid
    """The id."""
    title: str
    notebook: str | None = None
    created: str
    updated: str
    pinned: bool = False
    leaf: Uuid | None = None
    """The end of the branch that is shown."""
    cost: Cost | None = None
    """Of all calls made for it, those of deleted branches too."""
    messages: list[Message]
    """All of the tree."""


class ConversationExport(Model):
    """Our own JSON of conversations: whole trees, and the blobs that they name in base64.

    A reader refuses another `version`. What the file says of an answer's cost is shown
    again after an import; usage and budget count only what was spent here.
    """

    format: Literal["jupyterlab-gpt"]
    version: Literal[1]
    exported: str | None = None
    conversations: list[Conversation]
    blobs: dict[Sha256, str] = {}


class ImportedConversation(Model):
    """One conversation that an import made; `was` is its id in the file."""

    id: Uuid
    """The id that it has here."""
    was: Uuid
    title: str


class Imported(Model):
    """POST conversations: what was made of the file, in its order."""

    conversations: list[ImportedConversation]
    """What was made."""


class ConversationPatch(Model):
    """PATCH of a conversation: absent fields stay."""

    title: Annotated[str, StringConstraints(max_length=1000)] | None = None
    pinned: bool | None = None
    notebook: Annotated[str, StringConstraints(max_length=4096)] | None = None
    leaf: Uuid | None = None
    """The end of the branch to show."""


class KeyInfo(Model):
    """All that ever comes back of a key."""

    set: bool
    """Whether there is one."""
    last4: str | None = None
    """Its last four characters."""
    source: Literal["administrator", "environment", "keyring", "file"] | None = None
    """Where it is kept."""


class ProviderInfo(Model):
    """A provider as the settings show it; header values are write-only like the key."""

    id: ProviderId
    """The id."""
    name: str
    """What the user calls it."""
    base_url: str
    """Its address."""
    headers: list[str] = Field(default_factory=list)
    """Names of the headers that are sent along."""
    key: KeyInfo
    """What may be known of the key."""
    model: str | None = None
    local: bool = False
    """Whether it is the built-in model."""
    locked: bool = False
    """Whether the administrator allows no change."""


class ProviderPatch(Model):
    """POST (with `id`) or PATCH of a provider. A header with value null is removed."""

    id: ProviderId | None = None
    name: Annotated[str, StringConstraints(max_length=200)] | None = None
    """What the user calls it."""
    base_url: Annotated[str, StringConstraints(max_length=2000)] | None = None
    """Its address."""
    headers: dict[str, str | None] | None = None
    """Names and values; null removes one."""


class KeyPut(Model):
    """PUT of a key."""

    key: Annotated[str, StringConstraints(max_length=10_000)]
    """The key."""


class CheckRequest(Model):
    """POST …/check: tried with what is given, else with what is saved; saves nothing."""

    key: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    """The key to try."""
    base_url: Annotated[str, StringConstraints(max_length=2000)] | None = None
    """The address to try."""
    headers: dict[str, str | None] | None = None
    """Changes of the saved ones to try: names and values; null leaves one out."""


class CheckResult(Model):
    """What the free call (the list of models) said."""

    ok: bool
    """Whether the endpoint took the key."""
    models: int | None = None
    """How many it lists."""
    error: ErrorInfo | None = None


class ModelInfo(Model):
    """A model in the picker; null is unknown."""

    provider: ProviderId
    id: str
    """As the provider names it."""
    label: str
    input_price: Usd | None = None
    """USD per million tokens."""
    cached_price: Usd | None = None
    """USD per million tokens read from the cache."""
    output_price: Usd | None = None
    """USD per million tokens."""
    context_length: int | None = None
    """In tokens."""
    local: bool = False
    """Whether it is a built-in model."""
    images: bool | None = None
    """Whether it takes images."""
    effort: list[str] | None = None
    """The efforts that it takes; empty where it takes none."""
    verbosity: bool | None = None
    """Whether it takes a verbosity."""
    temperature: bool | None = None
    """Whether it takes a temperature."""
    refused: list[str] = Field(default_factory=list)
    """Of `temperature`, `effort` and `verbosity` what it refused."""
    available: bool = True
    """Whether it can be asked now."""


class ModelList(Model):
    """The models of all providers; a provider that could not be asked stands in `errors`."""

    models: list[ModelInfo]
    errors: dict[str, ErrorInfo] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)
    """The providers' names by their ids, the built-in one's apart."""


class LocalModelState(Model):
    """The built-in model.

    `state`: `unavailable` (the runtime is not installed), `missing` (no weights yet),
    `fetching`, `stopped` (part of the weights is here), `ready` (weights are here),
    `failed` (see `error`).
    """

    state: Literal["unavailable", "missing", "fetching", "stopped", "ready", "failed"]
    model: str
    label: str
    licence: str
    """Of the weights."""
    source: str
    """Where they come from, or will."""
    bytes_total: int
    """Size of the weights."""
    bytes_done: int = 0
    """What of it is here, checked."""
    error: ErrorInfo | None = None


class LocalServer(Model):
    """A server on this machine that speaks the OpenAI API."""

    name: str
    """Whose default the port is, else host and port."""
    base_url: str
    """Its address."""
    models: list[str]
    """Names of the models that chat, as far as they are allowed."""


class LocalServers(Model):
    """POST discover: what answered just now; nothing of it is saved."""

    servers: list[LocalServer]
    """In the order of the policy's addresses."""


class Policy(Model):
    """What the administrator set; shown read-only."""

    locked: bool = False
    """Provider, key and address cannot be changed."""
    monthly_cap_usd: Usd | None = None
    """The hard stop for each user."""
    allowed_models: list[str] = Field(default_factory=list)
    """Shell patterns; empty: all."""
    allowed_base_urls: list[str] = Field(default_factory=list)
    """Addresses; empty: all."""
    disabled_features: list[str] = Field(default_factory=list)
    """What is switched off."""
    local_servers: list[str] = Field(default_factory=list)
    """Addresses that are asked when a user looks for local servers; empty: no such look."""
    system_prompt: str = ""
    """Goes before the user's own."""
    retention_days: int = 0
    """After these a conversation is deleted; 0: never."""
    turns_per_minute: int = 0
    """For each user; 0: no limit."""
    set_by_administrator: list[str] = Field(default_factory=list)
    """Names of the options that were set."""


class StatusInfo(Model):
    """GET status: from memory, never waits for the disk.

    `provider` is null while the server finds out who can answer: ask again. By `pid`, the
    server's process, a kernel knows whether it is the one that started it.
    """

    version: str
    """The server part's version."""
    protocol: str = SUBPROTOCOL
    """The subprotocol of the socket."""
    pid: int | None = None
    provider: str | None
    model: str | None = None
    needs_setup: bool
    """Whether nobody can answer yet."""
    budget: Budget | None = None
    storage: Literal["ok", "locked", "full", "read_only", "repaired"] = "ok"
    """State of the disk."""
    policy: Policy = Field(default_factory=Policy)
    """What the administrator set."""


class BudgetPut(Model):
    """PUT of the budget: null takes it away. `tz` is an IANA name; absent: it stays.

    The amount has no default, so that a misspelt field takes no budget away.
    """

    monthly_usd: Annotated[str, StringConstraints(max_length=40)] | None
    """The amount."""
    tz: Annotated[str, StringConstraints(max_length=100)] | None = None


class PriceOverride(Model):
    """The user's own price for some models, in USD per million tokens.

    `base_url` is the endpoint's, empty for all; `pattern` is matched against the model's
    id as a shell pattern (`*`, `?`). A cached or cache-write price that is absent is the
    input price. The first override that matches counts.
    """

    base_url: Annotated[str, StringConstraints(max_length=2000)] = ""
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    input: Annotated[str, StringConstraints(max_length=40)]
    """Price of input tokens."""
    output: Annotated[str, StringConstraints(max_length=40)]
    """Price of output tokens."""
    cached_input: Annotated[str, StringConstraints(max_length=40)] | None = None
    """Price of tokens read from the cache."""
    cache_write: Annotated[str, StringConstraints(max_length=40)] | None = None
    """Price of tokens written to the cache."""


class PriceOverrides(Model):
    """GET and PUT of all overrides, in their order."""

    overrides: list[PriceOverride] = Field(max_length=200)
    """The first that matches counts."""


class UsageSums(Model):
    """What some calls used and cost, added up."""

    cost: Cost
    estimated_usd: Usd = "0"
    """The part of the cost that was counted by us."""
    saved_usd: Usd = "0"
    """What reading from the provider's cache saved, against the input price."""
    calls: Count
    """How many."""
    unpriced: Count = 0
    """Calls without a known price."""
    input: Count = 0
    """Tokens."""
    cached_input: Count = 0
    """Tokens, of these, read from the cache."""
    output: Count = 0
    """Tokens."""


class UsageOfModel(UsageSums):
    """The calls of one model of one provider."""

    provider: str
    model: str


class UsageDay(Model):
    """The calls of one day (``2026-11-24``) in the report's time zone, by model."""

    day: str
    """The day."""
    models: list[UsageOfModel]


class UsageOfConversation(UsageSums):
    """The calls of one conversation; the title is null where it was deleted."""

    conversation_id: Uuid | None
    title: str | None


class UsageOfNotebook(UsageSums):
    """The calls made about one notebook; null: about none."""

    notebook: str | None


class UsageReport(Model):
    """GET usage: from `first` to `last`, both days included, in the time zone `tz`.

    Days without calls are absent; models, conversations and notebooks are sorted by cost.
    `since` is the day of the owner's very first call, null where there was none.
    """

    first: str
    last: str
    tz: str
    since: str | None
    totals: UsageSums
    """All of it."""
    days: list[UsageDay]
    """By day and model."""
    models: list[UsageOfModel]
    conversations: list[UsageOfConversation]
    """By conversation."""
    notebooks: list[UsageOfNotebook]
    """By notebook."""


class BlobInfo(Model):
    """POST blobs: what was stored, and what it is by its content."""

    sha256: Sha256
    """Its hash, by which parts name it."""
    bytes: Count
    """Its size."""
    mime: str
    """`image/png`, `image/jpeg`, `image/gif`, `image/webp`, `text/plain` (UTF-8) or
    `application/octet-stream`."""


class BlobFromPath(Model):
    """POST blobs with JSON: a file of the workspace."""

    path: Annotated[str, StringConstraints(max_length=4096)]


CLIENT_FRAME: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)
SERVER_FRAME: TypeAdapter[ServerFrame] = TypeAdapter(ServerFrame)
PARTS: TypeAdapter[list[Part]] = TypeAdapter(list[Part])


class Schema(Model):
    """Everything that the front end needs a type for (see ``scripts/protocol.py``)."""

    client_frame: ClientFrame
    server_frame: ServerFrame
    status: StatusInfo
    conversation: Conversation
    conversation_list: ConversationList
    conversation_patch: ConversationPatch
    imported: Imported
    provider: ProviderInfo
    provider_patch: ProviderPatch
    key_put: KeyPut
    check_request: CheckRequest
    check_result: CheckResult
    models: ModelList
    local_model: LocalModelState
    local_servers: LocalServers
    blob: BlobInfo
    blob_from_path: BlobFromPath
    budget_put: BudgetPut
    price_overrides: PriceOverrides
    usage: UsageReport


_PART_TYPES = frozenset(
    ("text", "thinking", "cell", "notebook", "output", "error", "variable", "file", "image")
)
_CLIENT_TYPES = frozenset(("submit", "estimate", "preview", "cancel", "resume"))


def parse_client_frame(data: object) -> ClientFrame | None:
    """A decoded JSON value as a typed frame.

    Returns
    -------
    ClientFrame or None
        None for a frame type that this version does not know: receivers ignore it.

    Raises
    ------
    pydantic.ValidationError
        A known type with a field that is missing or of the wrong shape.
    """
    if isinstance(data, dict) and isinstance(data.get("type"), str):
        if data["type"] not in _CLIENT_TYPES:
            return None
        parts = data.get("parts")
        if isinstance(parts, list):
            known = [p for p in parts if not isinstance(p, dict) or p.get("type") in _PART_TYPES]
            data = {**data, "parts": known}
    return CLIENT_FRAME.validate_python(data)
