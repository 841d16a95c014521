"""A disk that takes nothing: the answer goes on, and is stored as soon as it can be."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.errors import StorageError
from jupyterlab_gpt.providers.base import Stop, Text
from jupyterlab_gpt.store import conversations
from jupyterlab_gpt.store.health import Health

from .conftest import Scripted, Watcher, World, submit


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if not sys.platform.startswith("linux"):
        pytest.skip("mounts a tmpfs")
    target = tmp_path / "disk"
    target.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(target)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs rights that are not here")
    yield target
    subprocess.run(["umount", "-l", str(target)], check=True)


def fill(folder: Path) -> Path:
    """Leave not one byte of a disk free."""
    path = folder / "filler"
    with path.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return path


def states(socket: Watcher) -> list[str]:
    return [frame["state"] for frame in socket.told if frame["type"] == "storage"]


async def until(condition: Callable[[], Any], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("room", ["before the end", "after the end"])
async def test_an_answer_outlives_a_full_disk(small_disk: Path, room: str) -> None:
    go_on = asyncio.Event()
    long = "x" * 200_000

    class Waiting(Scripted):
        async def stream(self, request: Any) -> Any:
            async for event in super().stream(request):
                yield event
                if isinstance(event, Text) and event.text == long:
                    await go_on.wait()

    provider = Waiting(lambda _: [Text("begun "), 0.2, Text(long), Text(" end"), Stop("stop")])
    here = World(small_disk, provider, limits=Limits(flush_interval=0.02))
    socket, asked = here.socket(), submit(params={"max_output_tokens": 100_000})
    here.session.submit(socket, asked)
    await socket.until("delta")
    filler = fill(small_disk)
    await until(lambda: states(socket) == ["full"])
    assert here.db.health.state == "full"
    late = here.socket()
    assert states(late) == ["full"]  # who comes later hears of it too

    if room == "before the end":
        filler.unlink()
        await until(lambda: states(socket) == ["full", "ok"])
    go_on.set()
    last = await socket.end()
    assert (last["type"], last["finish_reason"]) == ("finished", "stop")
    assert socket.text() == f"begun {long} end"
    if room == "after the end":
        # Who asks now is told how it ended, though the disk does not know.
        shown = await here.session.conversation(asked["conversation_id"])
        answer = shown["messages"][-1]
        assert (answer["status"], answer["live"]) == ("complete", None)
        assert answer["parts"][0]["text"] == socket.text()
        filler.unlink()
        await until(lambda: states(socket) == ["full", "ok"])
        await until(lambda: not here.session._late)
    stored = await here.db.read(
        lambda conn: conversations.find_request(conn, "local", asked["request_id"])
    )
    assert stored is not None
    assert (stored["status"], stored["parts"][0]["text"]) == ("complete", socket.text())
    assert await here.rows("SELECT status FROM calls") == [("complete",)]
    assert await here.rows("SELECT count(*) FROM pieces") == [(0,)]
    await here.close()


async def test_a_lock_is_said_and_its_end_too(tmp_path: Path) -> None:
    import sqlite3

    from jupyterlab_gpt.store.database import Database

    here = World(tmp_path, Scripted(lambda _: [Text("x"), 0.3, Text("y"), Stop("stop")]))
    await here.db.close()
    here.db = Database(here.path, lock_seconds=0.05)
    object.__setattr__(here.services, "db", here.db)
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")
    locker = sqlite3.connect(here.path, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    assert (await socket.end())["type"] == "finished"
    await until(lambda: states(socket) == ["locked"])
    locker.execute("COMMIT")
    locker.close()
    await until(lambda: states(socket) == ["locked", "ok"])
    await until(lambda: not here.session._late)
    assert await here.rows("SELECT text FROM messages WHERE role = 'assistant'") == [("xy",)]
    await here.close()


async def test_what_is_wrong_with_a_statement_is_not_the_disk(tmp_path: Path) -> None:
    here = World(tmp_path, Scripted(lambda _: []))
    with pytest.raises(StorageError):
        await here.db.write(lambda conn: conn.execute("SELECT nonsense"))
    assert here.db.health.state == "ok"
    await here.close()


def test_a_full_disk_is_over_when_there_is_room(tmp_path: Path, monkeypatch: Any) -> None:
    health, heard = Health(tmp_path), []
    health.listen(lambda: heard.append(health.state))
    monkeypatch.setattr(Health, "_free", lambda _: 1000)
    health.failed(StorageError(code="storage_full"))
    health.fine()
    assert health.state == "full"
    monkeypatch.undo()
    health.fine()
    health.failed(StorageError(code="storage_read_only"))
    health.fine()
    assert heard == ["full", "ok", "read_only", "ok"]
    assert os.path.isdir(tmp_path)


async def test_nothing_starts_once_the_server_stops(tmp_path: Path) -> None:
    here = World(tmp_path, Scripted(lambda _: [Text("x"), Stop("stop")]))
    socket = here.socket()
    await here.session.close()
    here.session.submit(socket, submit())
    last = await socket.end()
    assert (last["code"], last["seq"]) == ("server_stopped", 0)
    assert not here.provider.requests
    await here.close()


async def test_a_flood_of_resumes_is_bounded(tmp_path: Path) -> None:
    here = World(tmp_path, Scripted(lambda _: [Text("x"), Stop("stop")]))
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.end()
    again = here.socket()
    for _ in range(1000):
        here.session.resume(again, asked["request_id"], 0)
    assert len(here.session._watches._tasks[again]) == 1
    await again.end()
    assert [frame["type"] for frame in again.frames] == ["snapshot", "finished"]
    other = here.socket()
    for _ in range(200):
        here.session.resume(other, submit()["request_id"], 0)
    refused = [f for f in other.told if f["type"] == "failed"]
    assert {f["code"] for f in refused} == {"rate_limited"}
    assert len(refused) == 200 - 64
    await here.close()


async def test_an_answer_that_ends_while_it_is_read(tmp_path: Path) -> None:
    here = World(tmp_path, Scripted(lambda _: [Text("x"), 0.1, Stop("stop")]))
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")
    read = here.db.read

    async def slow(fn: Any) -> Any:
        found = await read(fn)
        await socket.end()
        await until(lambda: not here.session.running)
        return found

    here.db.read = slow  # type: ignore[method-assign]
    shown = await here.session.conversation(asked["conversation_id"])
    assert shown["messages"][-1]["status"] == "complete"
    here.db.read = read  # type: ignore[method-assign]
    await here.close()
