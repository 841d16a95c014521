"""Which provider answers where the user chose none."""

from __future__ import annotations

import asyncio
from typing import Any

from jupyterlab_gpt.chat.defaults import UNKNOWN, Choice, Defaults

OPENAI = "https://api.openai.com/v1"


class Infos:
    """A registry whose first look takes as long as the test wants."""

    def __init__(self, *, key: bool = False, base_url: str = OPENAI) -> None:
        self.gate = asyncio.Event()
        self.error: Exception | None = None
        self._infos = [
            {"id": "default", "local": False, "model": "m", "base_url": base_url}
            | {"key": {"set": key}},
            {"id": "local", "local": True, "model": "small", "base_url": ""}
            | {"key": {"set": False}},
        ]

    async def infos(self, owner: str) -> list[dict[str, Any]]:
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self._infos


def defaults(infos: Infos, state: str = "ready") -> Defaults:
    return Defaults(infos, lambda: {"state": state})


async def test_a_slow_first_look_is_no_guess() -> None:
    # A busy machine took longer than a second, and the panel kept "default, not set up".
    infos = Infos()
    choosing = defaults(infos)
    assert await choosing.within("me", 0.01) == UNKNOWN
    assert await choosing.within("me", 0.01) == UNKNOWN
    waiting = asyncio.create_task(choosing.provider("me"))
    infos.gate.set()
    assert await waiting == "local"
    assert await choosing.within("me", 0.01) == Choice("local", "small", usable=True)


async def test_without_a_key_the_built_in_model_answers_when_it_is_there() -> None:
    for state, expected in (
        ("ready", Choice("local", "small", usable=True)),
        ("missing", Choice("default", "m", usable=False)),
    ):
        infos = Infos()
        infos.gate.set()
        assert await defaults(infos, state).within("me", 10) == expected


async def test_a_key_or_a_server_of_ones_own_comes_first() -> None:
    for infos in (Infos(key=True), Infos(base_url="http://127.0.0.1:8000/v1")):
        infos.gate.set()
        assert await defaults(infos).within("me", 10) == Choice("default", "m", usable=True)


async def test_what_cannot_be_read_is_told_at_once_and_read_the_next_time() -> None:
    infos = Infos()
    infos.error = OSError("locked")
    infos.gate.set()
    choosing = defaults(infos)
    assert await choosing.within("me", 10) == Choice("default", None, usable=False)
    infos.error = None
    assert await choosing.within("me", 10) == Choice("local", "small", usable=True)
