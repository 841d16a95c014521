"""Local servers, looked for when a user asks: at fixed addresses on this machine, nowhere else.

A request names no address, so a page cannot make the server knock at a port of its choice. Each
address is asked for its list of models as a provider is (`OpenAIProvider`): without a key,
without a redirect being followed, past the environment's proxy, and read to a bounded size.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..config import Limits
from ..errors import Forbidden, GPTError
from ..loopback import PORTS
from .client import warm_up
from .openai import OpenAIProvider
from .settings import RegistryConfig
from .urls import host_of, normalise

# Seconds for one address, all asked at once. On loopback a list of models takes milliseconds; a
# machine whose cores all read a model's weights takes a second. Who waits has clicked and looks.
_TIMEOUT = 2.0


class Discovery:
    """Looks for servers of this machine that speak the OpenAI API.

    Parameters
    ----------
    addresses
        Base URLs on loopback; `GPTTraits` takes no others.
    config
        The policy: where providers are locked, or an address is not allowed, there is nothing
        to look for.
    limits
        Of the server; only the time to connect is shortened.

    Attributes
    ----------
    addresses
        The base URLs that a look asks; empty where it is switched off.
    """

    def __init__(self, addresses: Sequence[str], config: RegistryConfig, limits: Limits) -> None:
        self._config = config
        self._limits = replace(limits, connect_timeout=_TIMEOUT)
        self.addresses = [] if config.locked else [u for u in _distinct(addresses) if self._may(u)]

    async def look(self) -> list[dict[str, Any]]:
        """Ask all addresses at once; what answered, in their order, as `protocol.LocalServer`.

        Raises
        ------
        Forbidden
            locked, or feature_disabled: no address is left to ask.
        """
        self._config.check_unlocked()
        if not self.addresses:
            raise Forbidden(
                "Your administrator has switched the search for local servers off.",
                code="feature_disabled",
                detail={"feature": "local_servers"},
            )
        # The first import takes half a second, which is not the servers' time.
        await warm_up()
        found = await asyncio.gather(*(self._ask(url) for url in self.addresses))
        return [server for server in found if server is not None]

    async def _ask(self, url: str) -> dict[str, Any] | None:
        """Ask one; None for nobody, for silence, and for whatever sends no list of models."""
        provider = OpenAIProvider(provider_id="discovered", base_url=url, limits=self._limits)
        try:
            async with asyncio.timeout(_TIMEOUT):
                models = await provider.models()
        except (TimeoutError, GPTError):
            return None
        finally:
            await provider.close()
        allowed = [model["id"] for model in models if self._config.allows_model(model["id"])]
        return {"name": _name_of(url), "base_url": url, "models": allowed}

    def _may(self, url: str) -> bool:
        try:
            self._config.check_url(url)
        except GPTError:
            return False
        return True


def _distinct(addresses: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(normalise(address) for address in addresses))


def _name_of(url: str) -> str:
    return PORTS.get(urlsplit(url).port or 0, host_of(url))
