"""Which provider answers where the user chose none, remembered so that nobody waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

# The host that answers nothing without a key; any other may be a server of the user's own.
OPENAI_HOST = "api.openai.com"
DEFAULT = "default"


class ProviderInfos(Protocol):
    """What is asked of the registry."""

    async def infos(self, owner: str) -> list[dict[str, Any]]:
        """List the owner's providers, as `protocol.ProviderInfo`."""


@dataclass(frozen=True)
class Choice:
    """What an owner's question goes to where nothing was chosen.

    Attributes
    ----------
    provider
        The provider's id; None while that is still being found out.
    model
        The model that was set for it; None where the endpoint is to be asked.
    usable
        Whether a question can be sent at all.
    """

    provider: str | None
    model: str | None
    usable: bool


# A guess would be kept by the panel and sent with the next question; it asks again instead.
UNKNOWN = Choice(None, None, usable=True)


class Defaults:
    """The choice of each owner.

    Parameters
    ----------
    registry
        Knows the providers.
    local_state
        The built-in model's state, from memory.
    """

    def __init__(self, registry: ProviderInfos, local_state: Callable[[], dict[str, Any]]) -> None:
        self._registry = registry
        self._local_state = local_state
        self._infos: dict[str, list[dict[str, Any]]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def provider(self, owner: str) -> str:
        """Id of the provider that answers where none was chosen."""
        if owner not in self._infos:
            await self._ask(owner)
        return self.known(owner).provider or DEFAULT

    async def within(self, owner: str, seconds: float) -> Choice:
        """Make the choice; `UNKNOWN` where it takes longer, and to be asked for again."""
        if owner not in self._infos:
            new = owner not in self._asking
            task = self._ask(owner)
            # Only who asks first waits: with a locked database all others answer at once.
            await asyncio.wait({task}, timeout=seconds if new else 0)
            if not task.done():
                return UNKNOWN
        return self.known(owner)

    def known(self, owner: str) -> Choice:
        """Make the choice from memory: `default` where it can answer, else one that can."""
        infos = self._infos.get(owner, [])
        ready = self._local_state()["state"] == "ready"
        usable = [info for info in infos if (ready if info["local"] else _answers(info))]
        usable.sort(key=lambda info: (info["id"] != DEFAULT, info["local"]))
        if usable:
            return Choice(usable[0]["id"], usable[0]["model"], usable=True)
        default = next((info for info in infos if info["id"] == DEFAULT), None)
        return Choice(DEFAULT, default["model"] if default else None, usable=False)

    def forget(self, owner: str) -> None:
        """Ask again: a provider or key of this owner was changed."""
        self._infos.pop(owner, None)
        self._asking.pop(owner, None)

    def _ask(self, owner: str) -> asyncio.Task[None]:
        task = self._asking.get(owner)
        if task is None or (task.done() and owner not in self._infos):
            task = self._asking[owner] = asyncio.create_task(self._remember(owner))
            # Who awaits the task sees why it failed; `within` only sees that it is not known.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return task

    async def _remember(self, owner: str) -> None:
        infos = await self._registry.infos(owner)
        if self._asking.get(owner) is asyncio.current_task():
            self._infos[owner] = infos


def _answers(info: dict[str, Any]) -> bool:
    """Whether a provider can be asked: it has a key, or its host may not need one."""
    if info["key"]["set"]:
        return True
    host = urlsplit(info["base_url"]).hostname
    return host is not None and host != OPENAI_HOST
