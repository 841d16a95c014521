"""The table of faults.md, row by row."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.durability.server import Nursery, Server
from tests.fakes.provider import FakeProvider

from . import wires  # noqa: F401 (registers its behaviours)
from .driver import QUICK, Driver, Row, assert_table
from .table import ALL, PARAMETERS, arrived

pytestmark = pytest.mark.timeout(300)


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port whose connections nobody accepts: its queue is full, so that none is made."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        waiting = []
        try:
            for _ in range(4):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
                waiting.append(one)
            yield port
        finally:
            for one in waiting:
                one.close()


async def test_each_fault_of_the_table(home: Path, fake: FakeProvider, nursery: Nursery) -> None:
    traits: dict[str, Any] = {**QUICK, "allowed_models": ["raw-*", "fake-*", "any"]}
    server = Server(home, fake.url, nursery=nursery, traits=traits)
    driver = Driver(server)
    with deaf_port() as deaf, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        try:
            await server.start()
            await driver.open()
            await driver.provider("refused", f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
            await driver.provider("unknown-name", "http://no-such-host.invalid/v1")
            await driver.provider("tls", fake.url.replace("http:", "https:"))
            await driver.provider("deaf", f"http://127.0.0.1:{deaf}/v1")
            await driver.provider("openai", "https://api.openai.com/v1")
            await driver.provider("fresh", fake.url.replace("127.0.0.1", "localhost"))

            async def requests_of(row: Row) -> int:
                return arrived(fake, row) if row.provider in ("default", "fresh") else 0

            learned = await driver.run_each(PARAMETERS, requests_of)
            outcomes = await driver.run_all(ALL, requests_of)
        finally:
            driver.close()
            server.close()
    assert_table("Faults of the provider, through the server", learned + outcomes)
    # No redirect was followed.
    assert {entry["path"] for entry in fake.journal()} == {"/v1/chat/completions"}
