"""Fifty prompts at once, from two servers on one database, under a budget for three."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import submit

from .server import Server

SENDS = 50
# A dollar per thousand tokens of the answer, so that the prompt hardly counts.
PRICE = {"base_url": "", "pattern": "fake-*", "input": "1", "output": "1000"}
PARAMS = {"max_output_tokens": 1000}


@pytest.fixture
def servers(home: Path, fake: FakeProvider) -> Iterator[list[Server]]:
    both = [Server(home, fake.url, traits={"turns_per_minute": 0}) for _ in range(2)]
    yield both
    for one in both:
        one.close()


def rows(server: Server, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(server.database) as conn:
        return conn.execute(query).fetchall()


async def test_exactly_three_are_sent(servers: list[Server], fake: FakeProvider) -> None:
    await asyncio.gather(*(one.start() for one in servers))
    await servers[0].get("prices", "PUT", {"overrides": [PRICE]})
    await servers[0].get("budget", "PUT", {"monthly_usd": "3.5", "tz": "UTC"})
    clients = [await one.connect() for one in servers]
    asked = [submit(f"Send {i}", model="fake-slow", params=PARAMS) for i in range(SENDS)]

    async def decisions(at: int) -> list[dict[str, Any]]:
        mine = asked[at::2]
        for frame in mine:
            await clients[at].send(frame)
        wanted = {frame["request_id"] for frame in mine}
        found = []
        while wanted:
            frame = await clients[at].until("started", "failed")
            if frame["request_id"] in wanted:
                wanted.remove(frame["request_id"])
                found.append(frame)
        return found

    # The provider writes for half a minute: nothing is settled before all are decided.
    decided = [f for found in await asyncio.gather(*map(decisions, (0, 1))) for f in found]
    started = [frame for frame in decided if frame["type"] == "started"]
    refused = [frame for frame in decided if frame["type"] == "failed"]
    assert (len(started), len(refused)) == (3, SENDS - 3)
    assert {frame["code"] for frame in refused} == {"over_budget"}
    async with asyncio.timeout(20):
        while len(fake.asked()) < 3:
            await asyncio.sleep(0.05)
    assert rows(servers[0], "SELECT count(*) FROM calls") == [(3,)]
    assert rows(servers[0], "SELECT count(*) FROM reservations") == [(3,)]

    # Killed in between: every call is still a row, with a price, and none is made twice.
    for one in servers:
        one.end(signal.SIGKILL)
    await servers[0].start()
    back = await servers[0].connect()
    known = {frame["request_id"] for frame in started}
    for frame in asked:
        if frame["request_id"] in known:
            await back.send(frame)
            assert (await back.end(frame))["code"] == "server_stopped"
    assert len(fake.asked()) == 3
    priced = rows(servers[0], "SELECT status, cost_nano > 0, estimated, at_least FROM calls")
    assert priced == [("interrupted", 1, 1, 1)] * 3
    assert rows(servers[0], "SELECT count(*) FROM reservations") == [(0,)]
