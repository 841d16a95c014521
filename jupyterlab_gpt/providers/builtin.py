"""The provider `local`: the built-in model, asked like any other endpoint on this machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

from ..config import Limits
from ..errors import GPTError, ProviderError
from .base import ProviderEvent, ProviderRequest
from .openai import OpenAIProvider

LOCAL = "local"
# Seconds of silence that only mean work: a prompt that fills the context takes 40 s to read
# on an idle machine, and minutes beside busy kernels. A process that has died is seen at once.
_PATIENCE = 300.0


class BuiltinModel(Protocol):
    """What is needed of `local.LocalModel`."""

    def state(self) -> dict[str, Any]:
        """Describe the model, as `protocol.LocalModelState`; quick."""

    async def endpoint(self) -> tuple[str, str]:
        """Start it if need be; its base URL and key."""

    async def crashed(self) -> GPTError | None:
        """Tell why its process is gone; None while it runs."""


class BuiltinProvider:
    """Starts the built-in model on the first question, and again where it has died."""

    id = LOCAL
    host = "the built-in model"
    base_url = ""

    def __init__(self, model: BuiltinModel, limits: Limits) -> None:
        self._model = model
        self._limits = replace(
            limits,
            headers_timeout=max(limits.headers_timeout, _PATIENCE),
            first_timeout=max(limits.first_timeout, _PATIENCE),
        )
        self._at: tuple[str, str] | None = None
        self._inner: OpenAIProvider | None = None

    async def _endpoint(self) -> OpenAIProvider:
        at = await self._model.endpoint()
        if self._inner is None or at != self._at:
            old, self._at = self._inner, at
            self._inner = OpenAIProvider(
                provider_id=LOCAL, base_url=at[0], key=at[1], limits=self._limits, local=True
            )
            if old is not None:
                await old.retire()
        return self._inner

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask the model; starts it first. A process that died is told as one."""
        inner = await self._endpoint()
        try:
            async with aclosing(inner.stream(request)) as events:
                async for event in events:
                    yield event
        except ProviderError as error:
            if (crash := await self._model.crashed()) is not None:
                raise crash from error
            raise

    async def models(self) -> list[dict[str, Any]]:
        """List the one model, without starting it; `available` once its weights are here."""
        state = self._model.state()
        return [
            {
                "provider": LOCAL,
                "id": state["model"],
                "label": state["label"],
                "input_price": None,
                "cached_price": None,
                "output_price": None,
                "context_length": None,
                "local": True,
                "images": False,
                "effort": [],
                "verbosity": False,
                "temperature": True,
                "refused": [],
                "available": state["state"] == "ready",
            }
        ]

    async def check(self) -> int:
        """Start the model and count what it lists."""
        return await (await self._endpoint()).check()

    async def close(self) -> None:
        """Close the connections; the model's own process is not ours to end."""
        inner, self._inner = self._inner, None
        if inner is not None:
            await inner.close()
