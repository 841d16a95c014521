"""The services that the handlers share, built once and closed with the server."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..chat.audit import no_audit
from ..chat.defaults import Defaults
from ..chat.keeper import TextKeeper
from ..chat.services import ChatServices
from ..chat.sessions import ChatSessions
from ..config import GPTTraits
from ..errors import GPTError
from ..ledger import ledger
from ..ledger.prices import Prices
from ..providers.discovery import Discovery
from ..providers.local import LocalModel
from ..providers.registry import ProviderRegistry
from ..secrets import KeyStore
from ..store import conversations
from ..store.blobs import BlobStore
from ..store.database import Database
from ..store.values import utc_text
from .traits import cap_of, config_of, host_of_trait, policy_of, prices_of

_log = logging.getLogger(__name__)

# Seconds between two rounds of tidying up; what it deletes is a day old.
DAY = 24 * 3600.0
# The database's name in `data_dir`.
DATABASE = "gpt.sqlite"


@dataclass
class Services:
    """What `GPTExtension` builds for its handlers."""

    version: str
    policy: dict[str, Any]
    db: Database
    blobs: BlobStore
    keys: KeyStore
    local: LocalModel
    registry: ProviderRegistry
    discovery: Discovery
    defaults: Defaults
    sessions: ChatSessions
    prices: Prices
    monthly_cap: Decimal | None
    retention_days: int = 0
    # What was warmed up, or is being.
    _warm: asyncio.Task[None] | None = field(default=None, repr=False)
    _tidying: asyncio.Task[None] | None = field(default=None, repr=False)

    @classmethod
    def build(
        cls,
        traits: GPTTraits,
        version: str,
        keys: tuple[str | None, str | None],
        audit: Callable[[dict[str, Any]], None] = no_audit,
    ) -> Services:
        """Make the services from the traits; touches neither disk nor network.

        Parameters
        ----------
        traits
            What the administrator set.
        version
            Of this package.
        keys
            From `GPTTraits.take_keys`.
        audit
            Told of each turn that has ended.
        """
        folder = Path(traits.data_dir).expanduser()
        limits = traits.limits()
        db = Database(folder / DATABASE, on_orphans=ledger.settle_interrupted)
        blobs = BlobStore(folder / "blobs", db)
        store = KeyStore(
            folder,
            administrator=keys[0],
            administrator_host=host_of_trait(traits.base_url),
            environment=keys[1],
        )
        local = _local_model(traits, folder)
        config = config_of(traits)
        registry = ProviderRegistry(db=db, keys=store, config=config, limits=limits, local=local)
        discovery = Discovery(traits.local_servers, config, limits)
        defaults = Defaults(registry, local.state)
        prices = Prices(prices_of(traits))
        chat = ChatServices(
            db=db,
            blobs=blobs,
            providers=registry,
            defaults=defaults,
            limits=limits,
            keeper=TextKeeper(db, limits.flush_interval),
            prices=prices,
            monthly_cap=cap_of(traits),
            history_tokens=traits.history_tokens,
            system_prompt=traits.system_prompt,
            allowed_models=tuple(traits.allowed_models),
            disabled_features=frozenset(traits.disabled_features),
            turns_per_minute=traits.turns_per_minute,
            secrets=store.all_secrets,
            audit=audit,
        )
        return cls(
            version=version,
            policy={**policy_of(traits), "local_servers": discovery.addresses},
            db=db,
            blobs=blobs,
            keys=store,
            local=local,
            registry=registry,
            discovery=discovery,
            defaults=defaults,
            sessions=ChatSessions(chat),
            prices=prices,
            monthly_cap=cap_of(traits),
            retention_days=traits.retention_days,
        )

    @property
    def secrets(self) -> Callable[[], tuple[str, ...]]:
        """The keys in use, for `redact`."""
        return self.keys.all_secrets

    def is_disabled(self, feature: str) -> bool:
        """Whether the administrator switched a feature off."""
        return feature in self.policy["disabled_features"]

    def warm_up(self) -> None:
        """Begin what the first use needs: imports, in a thread, and the daily tidying up."""
        if self._warm is None:
            self._warm = asyncio.create_task(asyncio.to_thread(_import_heavy))
        if self._tidying is None:
            self._tidying = asyncio.create_task(self._tidy_daily())

    async def close(self) -> None:
        """End the turns, then all that they use: each, also where another one fails."""
        if self._tidying is not None:
            self._tidying.cancel()
        steps = (self.sessions.close, self.registry.close, self.local.close, self._warmed)
        for close in (*steps, self.db.close):
            try:
                await close()
            except Exception as error:
                _log.error("Not closed: %s", type(error).__name__)

    async def _warmed(self) -> None:
        if self._warm is not None:
            await self._warm

    async def _tidy_daily(self) -> None:
        """Delete what is too old and what no message names, and look at the file; daily."""
        while True:
            try:
                await self._forget_old()
                if swept := await self.blobs.sweep():
                    _log.info("%d attachments that no message names were deleted", swept)
                await self.db.check()
            except (GPTError, OSError) as error:
                _log.warning("Tidying up failed: %s", type(error).__name__)
            await asyncio.sleep(DAY)

    async def _forget_old(self) -> None:
        if not self.retention_days:
            return
        before = utc_text(datetime.now(UTC) - timedelta(days=self.retention_days))
        gone = await self.db.write(lambda conn: conversations.forget_before(conn, before))
        if gone:
            # The text goes out of the file too: that is what the rule is for.
            await self.db.vacuum()
            _log.info("%d conversations were older than %d days", gone, self.retention_days)


def _local_model(traits: GPTTraits, folder: Path) -> LocalModel:
    models = Path(traits.local_model_dir).expanduser() if traits.local_model_dir else None
    return LocalModel(model=traits.local_model, folder=models or folder / "models")


def _import_heavy() -> None:
    from genai_prices.data_snapshot import get_snapshot

    # Else imported by the first prompt, on the event loop: `openai` puts its resources off.
    from openai.resources.chat import completions  # noqa: F401

    from .. import protocol  # noqa: F401

    get_snapshot()  # reads the table of prices
    # Modules live as long as the process, and a full collection looks at each of their objects:
    # 60 to 130 ms at a time while 200 streams began, in which no token moves. What is garbage at
    # this moment, once, is not found later; it is no more than the youngest two generations.
    gc.collect(1)
    gc.freeze()
