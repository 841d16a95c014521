"""What a model gets to read: stable prefix first, the same bytes each time.

A provider's cache hits as far as the prefix is byte for byte the same, so there
is no clock, no path of the machine and no id in it, and a question is rendered
in history exactly as it was when it was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..ledger.tokens import rough
from .items import LeftOut, Prompt, Why
from .parts import Blobs, title_of
from .writer import Count, Exchange, Message, Writer, answer_text, exchanges

# 79 tokens (o200k): peers send 3,300 and more with every call.
SYSTEM_PROMPT = (
    "You are GPT in JupyterLab, a programming and data analysis assistant beside a notebook. "
    "Answer in concise Markdown. Put each piece of code into a fenced block that names its "
    "language and runs as one notebook cell as it stands; prefer one block. Do not repeat code "
    "that stays as it is. When something fails, say why in a sentence before the corrected code. "
    "If you are not sure, say so."
)
ADMINISTRATOR = "administrator"
CONTINUE = "Your answer was cut off. Go on exactly where it stopped, without repeating anything."

# The built-in model reads about 100 tokens a second, so its prompt stays near 700
# tokens (local-model.md); code and prose have about 3.5 characters a token.
LOCAL_HISTORY_CHARS = 2400


@dataclass(frozen=True)
class PromptInput:
    """What a prompt is made of.

    Attributes
    ----------
    branch
        The messages from the root to the question, both roles, in the wire's shape.
    cut
        The answer that Continue goes on with.
    system
        The user's own system prompt; None for ours.
    put_first
        The administrator's, which stands before it and cannot be left out.
    one_shot
        Send no history.
    small_context
        Trim the history to what the built-in model can read in time.
    exclude
        Ids of items that the user left out, of this question and of earlier ones; those
        of the last question may say `new` for its id.
    history_tokens
        Tokens of history that are sent at most; None: all.
    count
        Counts the tokens of a text, always the same for the same text: a count that is
        calibrated by what is billed would move the cut and break the cached prefix.
    """

    branch: list[Message]
    cut: Message | None = None
    system: str | None = None
    put_first: str = ""
    one_shot: bool = False
    small_context: bool = False
    exclude: frozenset[str] = frozenset()
    history_tokens: int | None = None
    count: Count = rough

    def messages(self) -> list[Message]:
        """Choose the stored messages that may be sent."""
        chosen = self.branch[-1:] if self.one_shot else list(self.branch)
        return [*chosen, self.cut] if self.cut else chosen


def blobs_of(messages: list[Message]) -> set[str]:
    """Hashes of the blobs that must be at hand to render these messages."""
    return {
        part["blob"]
        for message in messages
        if message["role"] == "user"
        for part in message["parts"]
        if part.get("blob")
    }


def with_ids(exclude: Iterable[str], question_id: str) -> frozenset[str]:
    """Name the parts of a question, `new` until it is stored, by the id that it has now."""
    return frozenset(
        f"{question_id}/{name[4:]}" if name.startswith("new/") else name for name in exclude
    )


def build(given: PromptInput, blobs: Blobs) -> Prompt:
    """Make the prompt.

    Parameters
    ----------
    given
        Branch, system prompts and what kind of question it is.
    blobs
        The bytes of the blobs that `blobs_of` named.
    """
    *history, last = exchanges(given.messages())
    # The administrator's prompt is policy: it cannot be left out.
    exclude = with_ids(given.exclude, last.question["id"]) - {ADMINISTRATOR}
    limit, measure = given.history_tokens, given.count
    if given.small_context:
        limit, measure = LOCAL_HISTORY_CHARS, len

    def begin() -> Writer:
        writer = Writer(blobs, exclude, given.count, None if limit is None else measure)
        _write_system(writer, given)
        writer.size = 0
        return writer

    writer, gone = trim(history, limit, begin)
    asks = writer.add(last)
    if given.cut:
        writer.put("continue", "user", "continue", "Continue", CONTINUE)
        asks = asks and "continue" not in exclude
    unsent = given.branch[:-1] if given.one_shot else []
    left_out = (
        *_named(unsent, "one_shot", blobs),
        *_named([m for e in gone for m in (e.question, *e.answers)], "history", blobs),
        *writer.left_out,
    )
    return Prompt(tuple(writer.items), left_out, asks)


def _write_system(writer: Writer, given: PromptInput) -> None:
    first = given.put_first.strip()
    writer.put(ADMINISTRATOR, "system", "system", "Administrator's prompt", first)
    system = SYSTEM_PROMPT if given.system is None else given.system
    writer.put("system", "system", "system", "System prompt", system.strip())


def trim(
    history: list[Exchange], limit: int | None, begin: Callable[[], Writer]
) -> tuple[Writer, list[Exchange]]:
    """Write the history without its oldest exchanges, so that it fits a limit.

    What is cut is found by walking from the start: each time the window is full, its
    older half goes. So the cut stays where it is for many turns, and with it the
    prefix that a cache knows. What is left is written anew: a notebook whose snapshot
    is gone needs another.

    Parameters
    ----------
    limit
        In what the writer measures; None: no limit.
    begin
        Makes a writer that has written nothing of the history.

    Returns
    -------
    tuple of Writer and list of Exchange
        The writer, and what was cut.
    """
    writer, window = begin(), list[Exchange]()
    for exchange in history:
        window.append(exchange)
        writer.add(exchange)
        while window and limit is not None and writer.size > limit:
            window = window[(len(window) + 1) // 2 :]
            writer = begin()
            for kept in window:
                writer.add(kept)
    return writer, history[: len(history) - len(window)]


def _named(messages: list[Message], why: Why, blobs: Blobs) -> list[LeftOut]:
    """Name messages that are not sent: a question by its first line, where it was read."""
    found: list[LeftOut] = []
    for message in messages:
        if message["role"] == "user":
            is_read = blobs_of([message]) <= blobs.keys()
            title = title_of(message["parts"], blobs) if is_read else ""
            found.append(LeftOut(message["id"], title or "You", why))
        elif answer_text(message["parts"]):
            found.append(LeftOut(message["id"], "GPT", why))
    return found
