"""What an administrator can set: the traits of `GPTExtension`, and the limits in force.

The traits are defaults; the user's choice wins unless a policy forbids it. The
services see a frozen `Limits` and never a trait, so that they can be used
without Jupyter.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, CInt, Dict, Enum, Float, List, TraitError, Unicode, default, validate
from traitlets.config import Configurable

from .loopback import LOCAL_SERVERS, MAX_LOCAL_SERVERS, is_plainly_local


@dataclass(frozen=True)
class Limits:
    """Limits and timeouts of one turn; every one is a trait of the same name.

    The values come from `faults.md` of the design: each stands against a fault
    that was seen.
    """

    # Seconds until "cannot reach HOST"; a TCP connection over a satellite takes under 2.
    connect_timeout: float = 5.0
    # Seconds of silence before the response's headers; reasoning models answer within 30.
    headers_timeout: float = 60.0
    # Seconds from the headers to the first content: models that think silently (high effort)
    # take 2 to 4 minutes. Neither comments nor empty or role-only chunks make it longer, so
    # that a gateway that only pings ends too.
    first_timeout: float = 300.0
    # Seconds without new content once some has come; `: ping` comments are no content.
    idle_timeout: float = 60.0
    # Seconds for a whole turn; the longest answers seen take 6 minutes.
    total_timeout: float = 900.0
    # Longest line of a stream in bytes; a chunk of one token is 300 bytes.
    max_line_bytes: int = 1024 * 1024
    # Longest answer in bytes of text; 250,000 tokens of prose.
    max_answer_bytes: int = 1024 * 1024
    # Most bytes on the wire for one answer: 1 MiB of text in chunks of one token.
    max_wire_bytes: int = 64 * 1024 * 1024
    # A Retry-After beyond this is not waited for: the user is told when instead.
    max_retry_wait: float = 60.0
    # Visible retries before the first byte.
    max_retries: int = 2
    # Seconds between two writes of a growing answer's text: what a kill may lose.
    flush_interval: float = 0.25
    # Reply limit in tokens where the user set none (cost.md): plain and reasoning models.
    reply_tokens: int = 4096
    reply_tokens_reasoning: int = 16384


# Tokens of history that are sent (cost.md: history is cut in big steps). Twenty questions
# about a notebook of 6,000 tokens have 17,000; at $0.10 per million 32,000 cost $0.0032.
HISTORY_TOKENS = 32_000


# What an administrator can switch off.
FEATURES = ("export", "files", "images", "local", "magics", "variables")


class GPTTraits(Configurable):
    """The traits, apart from what makes `GPTExtension` an application."""

    base_url = Unicode(
        "",
        config=True,
        help="Base URL of the provider `default`, for example https://api.openai.com/v1 "
        "(used when empty) or http://127.0.0.1:8000/v1. Any OpenAI-compatible endpoint.",
    )
    model = Unicode(
        "",
        config=True,
        help="Model of the provider `default` until the user chooses another. "
        "Empty: the built-in default for OpenAI's own address, else the endpoint's first model.",
    )
    api_key_env = Unicode(
        "JUPYTERLAB_GPT_API_KEY",
        config=True,
        help="Environment variable with the key for `base_url`. It is read and removed from the "
        "environment when the extension loads, so that kernels do not inherit it. "
        "OPENAI_API_KEY is read too, but is the user's own and stays.",
    )
    headers = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        config=True,
        help="Headers that go with each request to `base_url`, for example a gateway's "
        '{"X-Team": "physics"}. They go to no other host, win over a user\'s own, and are never '
        "shown to users.",
    )
    client_cert = Unicode(
        "",
        config=True,
        help="File (PEM) of the client certificate that is shown to `base_url`'s host, and to no "
        "other; with its key, unless `client_key` names that.",
    )
    client_key = Unicode(
        "", config=True, help="File (PEM) of the client certificate's key, without a passphrase."
    )
    data_dir = Unicode(
        config=True,
        help="Folder of the database, the blobs and the key file. "
        "Default: `gpt` in Jupyter's data directory of the user.",
    )
    local_model_dir = Unicode(
        "",
        config=True,
        help="Folder of the built-in model's weights; default: `models` in `data_dir`. "
        "A folder that all users can read saves one download per user.",
    )
    local_model = Enum(
        ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b", "smollm2-135m"],
        default_value="qwen2.5-coder-0.5b",
        config=True,
        help="Which built-in model the provider `local` serves.",
    )
    system_prompt = Unicode(
        "", config=True, help="Put first in every system prompt; users see it and cannot change it."
    )
    allowed_models = List(
        Unicode(),
        config=True,
        help="Patterns (fnmatch) of the models that may be used. Empty: all.",
    )
    allowed_base_urls = List(
        Unicode(),
        config=True,
        help="Base URLs that users may set. Empty: all that are not link-local.",
    )
    locked = Bool(False, config=True, help="Users cannot change provider, key or base URL.")
    disabled_features = List(
        Enum(FEATURES),
        config=True,
        help="Features that are switched off for all users: `export` (conversations as files), "
        "`files` (files of the workspace as context), `images` (pictures as context), `local` "
        "(the built-in model), `magics` (`%gpt` and `Chat` in a kernel, which ask first) and "
        "`variables` (values of a kernel's variables as context). The server refuses what the "
        "panel no longer offers; only `magics` is a request to honest kernels.",
    )
    local_servers = List(
        Unicode(),
        default_value=LOCAL_SERVERS,
        maxlen=MAX_LOCAL_SERVERS,
        config=True,
        help="Base URLs on loopback that are asked for their models when a user looks for local "
        "servers; none is asked before. Empty: users are not offered to look.",
    )
    retention_days = CInt(
        0,
        min=0,
        config=True,
        help="Days after its last change on which a conversation is deleted for good, pinned ones "
        "too; what it cost stays in the ledger, without text. 0: kept for ever.",
    )
    monthly_cap_usd = Float(
        None,
        min=0,
        allow_none=True,
        config=True,
        help="The most that one user may spend in a calendar month, in US dollars. Nothing is "
        "sent beyond it, nor to a model without a known price. Empty: no cap.",
    )
    prices = Dict(
        key_trait=Unicode(),
        value_trait=Dict(),
        config=True,
        help="Prices of models at `base_url`, in US dollars per million tokens, by a pattern "
        '(fnmatch): {"gpt-6-*": {"input": 0.1, "output": 0.5, "cached_input": 0.01}}. They win '
        "over users' own, and give a gateway's models the price that `monthly_cap_usd` needs.",
    )
    history_tokens = CInt(
        HISTORY_TOKENS,
        min=0,
        config=True,
        help="The most tokens that are sent of a conversation's earlier messages; the oldest "
        "are left out, and the preview says so.",
    )
    turns_per_minute = CInt(
        30, min=0, config=True, help="Turns that one user may start per minute; 0: no limit."
    )

    connect_timeout = Float(
        Limits.connect_timeout, min=0.1, config=True, help="Seconds to reach the provider."
    )
    headers_timeout = Float(
        Limits.headers_timeout,
        min=0.1,
        config=True,
        help="Seconds of silence from the provider before its answer begins.",
    )
    first_timeout = Float(
        Limits.first_timeout,
        min=0.1,
        config=True,
        help="Seconds from the response's headers to the first content: models may think "
        "for minutes without a word. Keep-alive comments and empty chunks are no content.",
    )
    idle_timeout = Float(
        Limits.idle_timeout,
        min=0.1,
        config=True,
        help="Seconds without new content inside an answer that has begun.",
    )
    total_timeout = Float(
        Limits.total_timeout, min=1.0, config=True, help="Seconds for one whole answer."
    )
    max_line_bytes = CInt(
        Limits.max_line_bytes, min=1024, config=True, help="Longest line of a stream, in bytes."
    )
    max_answer_bytes = CInt(
        Limits.max_answer_bytes, min=1024, config=True, help="Longest answer, in bytes of text."
    )
    max_wire_bytes = CInt(
        Limits.max_wire_bytes,
        min=1024,
        config=True,
        help="Most bytes that are read from the provider for one answer.",
    )
    reply_tokens = CInt(
        Limits.reply_tokens,
        min=1,
        config=True,
        help="Reply limit in tokens where the user set none, for models that do not think.",
    )
    reply_tokens_reasoning = CInt(
        Limits.reply_tokens_reasoning,
        min=1,
        config=True,
        help="Reply limit in tokens where the user set none, for models that think, and for "
        "those of which that is not known.",
    )

    @validate("monthly_cap_usd")
    def _finite_cap(self, proposal: dict[str, Any]) -> float | None:
        cap: float | None = proposal["value"]
        if cap is not None and not math.isfinite(cap):
            raise TraitError("monthly_cap_usd must be a finite number")
        return cap

    @validate("prices")
    def _whole_prices(self, proposal: dict[str, Any]) -> dict[str, dict[str, Any]]:
        prices: dict[str, dict[str, Any]] = proposal["value"]
        for pattern, rates in prices.items():
            unknown = set(rates) - {"input", "output", "cached_input", "cache_write"}
            try:
                amounts = [Decimal(str(rate)) for rate in rates.values()]
            except InvalidOperation:
                amounts = [Decimal(-1)]
            sane = all(amount.is_finite() and amount >= 0 for amount in amounts)
            if unknown or not {"input", "output"} <= set(rates) or not sane:
                raise TraitError(f"prices: {pattern} needs input and output, in US dollars")
        return prices

    @validate("local_servers")
    def _only_loopback(self, proposal: dict[str, Any]) -> list[str]:
        addresses: list[str] = proposal["value"]
        for address in addresses:
            if not is_plainly_local(address):
                raise TraitError(f"local_servers: {address!r} is no http address on loopback")
        return addresses

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "gpt")

    def limits(self) -> Limits:
        """The limits in force, frozen."""
        return Limits(
            connect_timeout=self.connect_timeout,
            headers_timeout=self.headers_timeout,
            first_timeout=self.first_timeout,
            idle_timeout=self.idle_timeout,
            total_timeout=self.total_timeout,
            max_line_bytes=self.max_line_bytes,
            max_answer_bytes=self.max_answer_bytes,
            max_wire_bytes=self.max_wire_bytes,
            reply_tokens=self.reply_tokens,
            reply_tokens_reasoning=self.reply_tokens_reasoning,
        )

    def take_keys(self) -> tuple[str | None, str | None]:
        """The administrator's key, removed from the environment, and the user's OPENAI_API_KEY."""
        administrator = os.environ.pop(self.api_key_env, None) if self.api_key_env else None
        return administrator or None, os.environ.get("OPENAI_API_KEY") or None
