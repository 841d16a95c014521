"""The open clients: one per user, provider and setting, with what each was told of models."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from typing import TYPE_CHECKING, Any

from ..config import Limits
from ..errors import GPTError
from ..store import refusals
from .openai import OpenAIProvider
from .quirks import Quirks
from .settings import RegistryConfig, Setting
from .unreachable import silent

if TYPE_CHECKING:
    from ..store.database import Database

_log = logging.getLogger(__name__)

# One provider may not hold up the list of all.
_MODELS_TIMEOUT = 3.0
# Lists of models change a few times a year; five minutes also bounds a wrong one.
_MODELS_TTL = 300.0
# Clients kept open; beyond it the least recently used is closed. A hub's users have servers of
# their own, so this is only reached by someone who changes settings all day.
_MAX_CLIENTS = 64
# Base URLs whose quirks are remembered.
_MAX_QUIRKS = 256


class Clients:
    """Makes clients, keeps them while their setting stands, and closes them."""

    def __init__(self, config: RegistryConfig, limits: Limits, db: Database) -> None:
        self._db = db
        self._config = config
        self._limits = limits
        # By (owner, provider): what the client was made from, and the client.
        self._open: dict[tuple[str, str], tuple[str, OpenAIProvider]] = {}
        self._models: dict[OpenAIProvider, tuple[float, list[dict[str, Any]]]] = {}
        self._quirks: dict[str, Quirks] = {}
        # Refusals on their way to the disk.
        self._noting: set[asyncio.Task[None]] = set()

    async def get(self, owner: str, setting: Setting, key: str | None) -> OpenAIProvider:
        """Find or make the client of a provider; a changed setting makes a new one.

        Streams of the old one go on to their end.
        """
        self._config.check_url(setting.base_url)
        if setting.base_url not in self._quirks:
            await self._recall(setting.base_url)
        made_from = _fingerprint(setting, key)
        at = (owner, setting.id)
        old = self._open.pop(at, None)
        if old is not None and old[0] == made_from:
            # Put in again at the end: the first is the least recently used.
            self._open[at] = old
            return old[1]
        client = self.make(setting, key)
        self._open[at] = (made_from, client)
        if old is None and len(self._open) > _MAX_CLIENTS:
            old = self._open.pop(next(iter(self._open)))
        if old is not None:
            await self._retire(old[1])
        return client

    def make(self, setting: Setting, key: str | None) -> OpenAIProvider:
        """Make a client that is not kept."""
        url = setting.base_url
        return OpenAIProvider(
            provider_id=setting.id,
            base_url=url,
            key=key,
            headers=setting.all_headers,
            client_cert=setting.client_cert,
            limits=self._limits,
            # One that is only tried is not remembered: its refusals were not read.
            quirks=self._quirks.get(url),
            allow=self._config.check_model,
        )

    async def models(
        self, owner: str, client: OpenAIProvider, *, refresh: bool
    ) -> list[dict[str, Any]]:
        """List a provider's models: what it said within five minutes, unless `refresh`.

        Raises
        ------
        ProviderError
            provider_silent after three seconds.
        """
        known = self._models.get(client)
        if known and not refresh and time.monotonic() - known[0] < _MODELS_TTL:
            return client.noted(known[1])
        try:
            async with asyncio.timeout(_MODELS_TIMEOUT):
                models = await client.models()
        except TimeoutError:
            raise silent(client.host, _MODELS_TIMEOUT) from None
        held = self._open.get((owner, client.id))
        if held is not None and held[1] is client:
            self._models[client] = (time.monotonic(), models)
        return models

    def context_length(self, owner: str, provider_id: str, model: str) -> int | None:
        """Tokens of a model by the last list, however old; None where there is none."""
        held = self._open.get((owner, provider_id))
        known = None if held is None else self._models.get(held[1])
        for info in known[1] if known else ():
            if info["id"] == model:
                length: int | None = info["context_length"]
                return length
        return None

    async def forget(self, owner: str, provider_id: str) -> None:
        """Close a provider's client once its streams have ended."""
        if old := self._open.pop((owner, provider_id), None):
            await self._retire(old[1])

    async def close(self) -> None:
        """Close all clients at once."""
        clients = [client for _, client in self._open.values()]
        self._open.clear()
        self._models.clear()
        await asyncio.gather(*self._noting)
        await asyncio.gather(*(client.close() for client in clients))

    async def _recall(self, url: str) -> None:
        """Read once what an address refused before this server was started."""
        quirks = Quirks(url, lambda model, name: self._note(url, model, name))
        try:
            quirks.recall(await self._db.read(lambda conn: refusals.list_refusals(conn, url)))
        except GPTError as error:
            # The disk does not answer: then it is learned again.
            _log.warning("Refusals could not be read: %s", type(error).__name__)
        if len(self._quirks) >= _MAX_QUIRKS:
            del self._quirks[next(iter(self._quirks))]
        self._quirks.setdefault(url, quirks)

    def _note(self, url: str, model: str, parameter: str) -> None:
        """Store a refusal; the answer does not wait for the disk."""
        task = asyncio.create_task(self._store(url, model, parameter))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _store(self, url: str, model: str, parameter: str) -> None:
        try:
            await self._db.write(
                lambda conn: refusals.put_refusal(conn, url, model, parameter), durable=False
            )
        except GPTError as error:
            _log.warning("A refusal could not be stored: %s", type(error).__name__)

    async def _retire(self, client: OpenAIProvider) -> None:
        self._models.pop(client, None)
        await client.retire()


def _fingerprint(setting: Setting, key: str | None) -> str:
    """Tell one configuration from another without keeping the key a second time."""
    parts = [setting.base_url, sorted(setting.all_headers.items()), setting.client_cert, key]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
