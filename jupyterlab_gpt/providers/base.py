"""What the rest of the server knows of a provider: a request, events, and a protocol.

Nothing here names HTTP. A turn asks a `Provider` for a stream and sees `Called`,
`Text`, `Thinking`, `UsageSeen`, `Dropped` and `Stop`; everything that goes wrong
arrives as one of the errors under `ProviderError`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Called:
    """An HTTP request is about to leave; each of them becomes a row of the ledger.

    Attributes
    ----------
    attempt
        1 for the first request of this stream, 2 for one that follows because the
        endpoint refused a parameter.
    """

    attempt: int


@dataclass(frozen=True, slots=True)
class Text:
    """New text of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """New text of what the model thinks aloud; never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class UsageSeen:
    """Tokens that the provider counted; a later one replaces an earlier one, never adds.

    Attributes
    ----------
    usage
        As `protocol.Usage`: input, cached_input, cache_write, output, reasoning, estimated.
    raw
        What the provider sent, for the ledger.
    """

    usage: dict[str, Any]
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dropped:
    """The endpoint refused this parameter; it was left out and the request sent again."""

    parameter: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The answer ended as an answer.

    Attributes
    ----------
    reason
        `stop`, `length`, `content_filter` or `tool_calls` (`protocol.FinishReason`). A stream
        that ends without one raises `StreamBroken` instead.
    """

    reason: str


ProviderEvent: TypeAlias = Called | Text | Thinking | UsageSeen | Dropped | Stop


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """One question to a model. A parameter that is None is not sent.

    Attributes
    ----------
    messages
        The `messages` array of the OpenAI chat API, sent as it is.
    cache_key
        Names the conversation, so that its prompts meet the same cache.
    one_shot
        Nothing will follow this prompt: writing it into a cache would be paid for nothing.
    """

    model: str
    messages: list[dict[str, Any]] = field(repr=False)
    temperature: float | None = None
    max_output_tokens: int | None = None
    effort: str | None = None
    verbosity: str | None = None
    cache_key: str | None = None
    one_shot: bool = False


class Provider(Protocol):
    """An endpoint that answers questions."""

    @property
    def id(self) -> str:
        """The provider's id, as the user sees it in the settings."""

    @property
    def host(self) -> str:
        """Host (and port, where it is not the scheme's own) that a request goes to."""

    @property
    def base_url(self) -> str:
        """Where it is asked, for its prices; empty for the built-in model."""

    def stream(self, request: ProviderRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes back.

        Closing the generator, or cancelling the task that reads it, closes the
        connection to the provider at once: that is what stops the billing.
        Rate limits and server errors are not retried here: the turn does that,
        visibly.

        Raises
        ------
        ProviderError
            Or one of its subclasses, with a code and the details its sentence needs.
        """

    async def models(self) -> list[dict[str, Any]]:
        """List the models that chat, as `protocol.ModelInfo`."""

    async def check(self) -> int:
        """Make the free call (the list of models) and count the models."""

    async def close(self) -> None:
        """Close all connections."""
