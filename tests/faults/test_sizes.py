"""What is too large costs the server 50 MB at most, and is said.

Measured is the resident memory of the server's own process, every 20 ms, over what it is at
rest after some ordinary answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient

from tests.durability.memory import Memory
from tests.durability.server import HEADERS, Nursery, Server
from tests.fakes.provider import FakeProvider

from . import wires  # noqa: F401 (registers its behaviours)
from .driver import QUICK, Driver, Outcome, Row, assert_table
from .table import SIZES, arrived

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc"),
]

MOST_MIB = 50.0
HUGE = 100 * 2**20


class Scale:
    """What each thing has cost the server in memory."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.figures: dict[str, float] = {}

    @asynccontextmanager
    async def weigh(self, what: str) -> AsyncIterator[None]:
        memory = Memory(self._server.pid)
        rest = memory.now()
        try:
            yield
            await asyncio.sleep(0.1)
        finally:
            memory.close()
        self.figures[what] = memory.most - rest

    def assert_light(self) -> None:
        for what, grown in self.figures.items():
            print(f"faults: {what:34} memory {grown:+6.1f} MiB")
        assert {w: g for w, g in self.figures.items() if g > MOST_MIB} == {}


@asynccontextmanager
async def running(
    home: Path, fake: FakeProvider, nursery: Nursery
) -> AsyncIterator[tuple[Driver, Scale]]:
    server = Server(home, fake.url, nursery=nursery, traits=QUICK)
    driver = Driver(server)
    try:
        await server.start()
        await driver.open()
        for _ in range(3):
            await driver.run(Row("an answer", "fake-long-2000", text=None))
        yield driver, Scale(server)
    finally:
        driver.close()
        server.close()


async def test_answers_without_measure(home: Path, fake: FakeProvider, nursery: Nursery) -> None:
    outcomes: list[Outcome] = []

    async def requests_of(row: Row) -> int:
        return arrived(fake, row)

    async with running(home, fake, nursery) as (driver, scale):
        for row in SIZES:
            async with scale.weigh(row.fault):
                outcomes += await driver.run_each([row], requests_of)
    assert_table("Answers that are too large", outcomes)
    scale.assert_light()


async def post(driver: Driver, path: str, body: bytes, kind: str) -> tuple[int, dict[str, Any]]:
    """Send a body, as one whose length is told and as one that comes in chunks."""
    answer = await AsyncHTTPClient().fetch(
        f"http://127.0.0.1:{driver.server.port}/jupyterlab-gpt/api/{path}",
        method="POST",
        headers={**HEADERS, "Content-Type": kind},
        body=body,
        raise_error=False,
        request_timeout=120,
    )
    return answer.code, json.loads(answer.body)


async def in_chunks(driver: Driver, path: str) -> tuple[int, dict[str, Any]]:
    """Send 100 MB whose length nobody tells before."""

    async def produce(write: Callable[[bytes], Awaitable[None]]) -> None:
        for _ in range(HUGE // 2**20):
            await write(b"x" * 2**20)

    answer = await AsyncHTTPClient().fetch(
        f"http://127.0.0.1:{driver.server.port}/jupyterlab-gpt/api/{path}",
        method="POST",
        headers=HEADERS,
        body_producer=produce,
        raise_error=False,
        request_timeout=120,
    )
    return answer.code, json.loads(answer.body)


async def test_100_mb_as_context(home: Path, fake: FakeProvider, nursery: Nursery) -> None:
    huge = b"x" * HUGE
    raw, as_json = "application/octet-stream", "application/json"
    seen = {}
    (home / "huge.txt").write_bytes(huge)
    async with running(home, fake, nursery) as (driver, scale):
        for what, path, kind in (
            ("an output of 100 MB", "blobs", raw),
            ("100 MB of JSON to a route", "providers", as_json),
            ("100 MB of JSON as an output", "blobs", as_json),
            ("an import of 100 MB", "conversations", as_json),
        ):
            async with scale.weigh(what):
                seen[what] = await post(driver, path, huge, kind)
        async with scale.weigh("100 MB in chunks"):
            seen["100 MB in chunks"] = await in_chunks(driver, "blobs")
        async with scale.weigh("a file of 100 MB"):
            body = json.dumps({"path": "huge.txt"}).encode()
            seen["a file of 100 MB"] = await post(driver, "blobs", body, as_json)
        async with scale.weigh("a frame of 100 MB"):
            client = await driver.server.connect()
            # The server closes while it is being sent.
            sending = asyncio.ensure_future(client.socket.write_message(huge.decode()))
            while await client.next() is not None:
                pass
            sending.cancel()
        assert client.socket.close_code in (1009, None)
        outcome = await driver.run(Row("an answer", "fake-echo", text="Hello"))
    assert {what: (code, error["code"]) for what, (code, error) in seen.items()} == dict.fromkeys(
        seen, (413, "too_large")
    )
    assert all(error["detail"]["limit"] < HUGE for _, error in seen.values())
    assert outcome.status == "complete"
    scale.assert_light()
