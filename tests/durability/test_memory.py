"""Sockets that never read, beside answers of 1 MiB: the server's memory stays flat.

Measured is the resident memory of a real server's process (``/proc/PID/statm``), every
20 ms: what it is at rest after some turns that one client has read, against the most that
it is while ten sockets that never read resume each turn too. A socket that the server has
let go connects again and resumes all turns so far, as often as that happens.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tornado.iostream import IOStream, StreamClosedError

from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import Client, submit
from tests.handlers.deaf import deaf_socket, masked

from .memory import Memory
from .server import TOKEN, Server

# A machine that does much else takes twenty times as long as an idle one.
pytestmark = pytest.mark.timeout(900)

MODEL = "fake-mega"
# Just under the cap of an answer (Limits.max_answer_bytes), in pieces of a paragraph.
PIECES = [f"w{n:05d} " + "x" * 248 + "\n" for n in range(4096)]
DEAF = 10
WARM_UP = 5
MOST_MIB = 20.0


class Deaf:
    """A socket that is never read, and comes back when it is let go."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stream: IOStream | None = None
        self.let_go = 0

    async def resume(self, requests: list[str]) -> None:
        """Resume the last turn; all of them on a new socket."""
        if self._stream is not None:
            with suppress(StreamClosedError):
                await self._stream.write(_resume(requests[-1]))
                return
            self._stream.close()
            self.let_go += 1
        port = self._server.port
        self._stream = await deaf_socket(port, "/jupyterlab-gpt/stream", TOKEN)
        with suppress(StreamClosedError):
            for request in requests:
                await self._stream.write(_resume(request))

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


def _resume(request: str) -> bytes:
    return masked(json.dumps({"type": "resume", "request_id": request}))


async def one_turn(client: Client, deaf: list[Deaf], requests: list[str]) -> None:
    asked = submit(model=MODEL, params={"max_output_tokens": 1_000_000})
    client.frames.clear()
    await client.send(asked)
    first = await client.until("started", "failed")
    assert first["type"] == "started", first
    requests.append(asked["request_id"])
    for one in deaf:
        await one.resume(requests)
    assert (await client.end(asked))["type"] == "finished"
    assert client.text(asked) == "".join(PIECES)


async def measure(server: Server, turns: int) -> dict[str, Any]:
    client, requests = await server.connect(), list[str]()
    for _ in range(WARM_UP):
        await one_turn(client, [], requests)
    await asyncio.sleep(1)
    memory = Memory(server.pid)
    rest = memory.now()
    deaf = [Deaf(server) for _ in range(DEAF)]
    requests.clear()
    try:
        for _ in range(turns):
            await one_turn(client, deaf, requests)
        assert len(requests) == turns
        return {"rest": rest, "grown": memory.most - rest, "let_go": sum(d.let_go for d in deaf)}
    finally:
        memory.close()
        for one in deaf:
            one.close()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc")
@pytest.mark.parametrize(
    "turns", [12, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
async def test_ten_sockets_that_never_read(home: Path, fake: FakeProvider, turns: int) -> None:
    fake.script(MODEL, PIECES)
    server = Server(home, fake.url, traits={"turns_per_minute": 0})
    try:
        await server.start()
        found = await measure(server, turns)
    finally:
        server.close()
    print(
        f"\nfaults: {DEAF} sockets that never read, {turns} turns of 1 MiB, memory"
        f" {found['grown']:+.1f} MiB (at rest {found['rest']:.0f} MiB,"
        f" let go {found['let_go']} times)"
    )
    assert found["grown"] <= MOST_MIB
    assert "Traceback" not in server.log.read_text()
