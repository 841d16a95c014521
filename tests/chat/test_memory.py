"""What stays in memory of turns that are over, and of sockets that do not read: nothing large."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from jupyterlab_gpt.errors import StreamBroken
from jupyterlab_gpt.providers.base import Stop, Text
from jupyterlab_gpt.store import conversations

from .conftest import Watcher, World, submit

Make = Callable[..., World]


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not there():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("end", ["finished", "broken", "stopped"])
async def test_a_turn_that_is_over_is_gone_at_once(world: Make, end: str) -> None:
    """Not when the collector comes by: a circle of megabytes is ten objects for it."""
    last = {"finished": Stop("stop"), "broken": StreamBroken("Cut."), "stopped": 3600}[end]
    here = world([Text("Hello"), last])
    socket, asked = here.socket(), submit()
    gc.collect()
    gc.disable()
    try:
        here.session.submit(socket, asked)
        turn = weakref.ref(here.session._turns[asked["request_id"]])
        await socket.until("delta")
        if end == "stopped":
            here.session.cancel(asked["request_id"])
        await socket.end()
        await until(lambda: not here.session._tasks)
        await until(lambda: turn() is None)
    finally:
        gc.enable()


async def test_a_socket_that_is_behind_gets_the_end_from_the_database(world: Make) -> None:
    here = world([Text("Hello"), 0.05, Text(" you"), Stop("stop")])
    reading, full, asked = here.socket(), here.socket(), submit()
    here.session.submit(full, asked)
    here.session.resume(reading, asked["request_id"], 0)
    await full.until("delta")
    full.room = 0
    await reading.end()
    await until(lambda: not here.session._tasks)
    assert not here.session._late
    seen = full.frames[-1]["seq"]
    full.room = 10
    here.session.drained(full)
    assert (await full.end())["finish_reason"] == "stop"
    assert full.text() == "Hello you" == reading.text()
    assert [frame["seq"] for frame in full.frames[-2:]] == [seen + 1, seen + 2]


async def test_nothing_is_read_for_a_socket_without_room(
    world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = world([Text("Hello"), Stop("stop")])
    first, asked = here.socket(), [submit() for _ in range(5)]
    for one in asked:
        here.session.submit(first, one)
        await until(lambda: not here.session._tasks)
    read: list[str] = []
    real = conversations.find_request

    def find(conn: Any, owner: str, request_id: str) -> Any:
        read.append(request_id)
        return real(conn, owner, request_id)

    monkeypatch.setattr(conversations, "find_request", find)
    deaf = here.socket()
    deaf.room = 0
    for one in asked:
        here.session.resume(deaf, one["request_id"], 0)
    await asyncio.sleep(0.05)
    assert not read
    deaf.room = 10**9
    here.session.drained(deaf)
    await until(lambda: sum(f["type"] == "finished" for f in deaf.frames) == len(asked))
    assert sorted(read) == sorted(one["request_id"] for one in asked)
    assert all(_text(deaf, one) == "Hello" for one in asked)


def _text(watcher: Watcher, asked: dict[str, Any]) -> str:
    return "".join(
        part["text"]
        for frame in watcher.frames
        if frame["type"] == "snapshot" and frame["request_id"] == asked["request_id"]
        for part in frame["parts"]
    )
