"""What the tests of the providers share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.errors import GPTError
from jupyterlab_gpt.providers.base import (
    Called,
    Dropped,
    ProviderEvent,
    ProviderRequest,
    Stop,
    Text,
    Thinking,
    UsageSeen,
)
from jupyterlab_gpt.providers.openai import OpenAIProvider

CANARY = "sk-canary-0123456789abcdef"


@dataclass
class Seen:
    """All that came of one question."""

    events: list[ProviderEvent] = field(default_factory=list)
    error: GPTError | None = None

    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, Text))

    def thinking(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, Thinking))

    def usage(self) -> dict[str, Any] | None:
        found = [e.usage for e in self.events if isinstance(e, UsageSeen)]
        return found[-1] if found else None

    def stop(self) -> str | None:
        found = [e.reason for e in self.events if isinstance(e, Stop)]
        return found[-1] if found else None

    def calls(self) -> list[int]:
        return [e.attempt for e in self.events if isinstance(e, Called)]

    def dropped(self) -> list[str]:
        return [e.parameter for e in self.events if isinstance(e, Dropped)]


def question(model: str, text: str = "Hello", **parameters: Any) -> ProviderRequest:
    return ProviderRequest(model, [{"role": "user", "content": text}], **parameters)


async def read(events: AsyncGenerator[ProviderEvent, None]) -> Seen:
    seen = Seen()
    try:
        async with aclosing(events):
            async for event in events:
                seen.events.append(event)
    except GPTError as error:
        seen.error = error
    return seen


async def ask(url: str, model: str, *, key: str | None = CANARY, **options: Any) -> Seen:
    """Ask once, with a client of its own."""
    names = ("temperature", "max_output_tokens", "effort", "verbosity", "cache_key", "text")
    parameters = {n: options.pop(n) for n in names if n in options}
    provider = OpenAIProvider(provider_id="default", base_url=url, key=key, **options)
    try:
        return await read(provider.stream(question(model, **parameters)))
    finally:
        await provider.close()


def quick(**changes: Any) -> Limits:
    """Short timeouts, for the faults that are made of waiting."""
    return Limits(**{"idle_timeout": 0.5, "headers_timeout": 0.5, **changes})


async def until(condition: Any, seconds: float = 5) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
