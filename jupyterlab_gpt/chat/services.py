"""What a turn needs from outside, in one bundle that is built once."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from ..config import HISTORY_TOKENS, Limits
from ..errors import redact
from ..ledger.prices import Prices
from ..ledger.tokens import Counter
from ..providers.base import Provider
from ..store.blobs import BlobStore
from ..store.database import Database
from .audit import no_audit
from .keeper import TextKeeper

# Characters of a traceback in the log: the deepest seen through httpx has 6,000.
MAX_TRACEBACK = 20_000


class Providers(Protocol):
    """What a turn asks of the registry."""

    async def get(self, owner: str, provider_id: str) -> Provider:
        """Find the provider with this id, as this owner set it up."""

    async def default_model(self, owner: str, provider_id: str) -> str:
        """Name the model where the user chose none."""

    async def context_length(self, owner: str, provider_id: str, model: str) -> int | None:
        """Tokens that the endpoint's own list gives a model; None: not known by now."""

    async def models(self, owner: str) -> dict[str, Any]:
        """List the models of all providers, as `protocol.ModelList`."""


class DefaultProvider(Protocol):
    """Which provider answers where the user chose none."""

    async def provider(self, owner: str) -> str:
        """Its id."""


@dataclass(frozen=True)
class ChatServices:
    """The services that all sessions share.

    Attributes
    ----------
    keeper
        Stores the text of running answers.
    system_prompt
        The administrator's, put first in every prompt.
    allowed_models
        Patterns (fnmatch); empty: all.
    disabled_features
        What the administrator switched off.
    turns_per_minute
        0: no limit.
    monthly_cap
        The administrator's, in USD for each user; None: no cap.
    history_tokens
        The most that is sent of a conversation's earlier messages.
    secrets
        The keys in use, for `redact`.
    audit
        Told of each turn that has ended, by ids and counts.
    """

    db: Database
    blobs: BlobStore
    providers: Providers
    defaults: DefaultProvider
    limits: Limits
    keeper: TextKeeper
    prices: Prices = field(default_factory=Prices)
    counter: Counter = field(default_factory=Counter)
    monthly_cap: Decimal | None = None
    history_tokens: int = HISTORY_TOKENS
    system_prompt: str = ""
    allowed_models: tuple[str, ...] = ()
    disabled_features: frozenset[str] = frozenset()
    turns_per_minute: int = 0
    secrets: Callable[[], tuple[str, ...]] = tuple
    audit: Callable[[dict[str, Any]], None] = no_audit

    def described(self, error: BaseException) -> str:
        """Write out an error that nobody expected, for the log: without a key."""
        text = "".join(traceback.format_exception(error))
        return redact(text, secrets=self.secrets(), limit=MAX_TRACEBACK)
