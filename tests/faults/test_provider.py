"""The table of faults.md, row by row."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.durability.server import Nursery, Server
from tests.fakes.provider import FakeProvider

from . import (
    canary,
    wires,  # noqa: F401 (registers its behaviours)
)
from .canary import make_loud
from .driver import QUICK, Driver, Row, assert_table
from .table import ALL, PARAMETERS, STREAMS, arrived

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


@pytest.fixture
def loud(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in all places where keys are set, and all logs at DEBUG."""
    make_loud(home)
    monkeypatch.setenv("JUPYTERLAB_GPT_API_KEY", canary.ADMINISTRATOR)


async def set_up(driver: Driver, fake: FakeProvider, deaf: int, unused: int) -> None:
    await driver.provider("refused", f"http://127.0.0.1:{unused}/v1")
    await driver.provider("unknown-name", "http://no-such-host.invalid/v1")
    await driver.provider("tls", fake.url.replace("http:", "https:"))
    await driver.provider("deaf", f"http://127.0.0.1:{deaf}/v1")
    await driver.provider("openai", "https://api.openai.com/v1")
    # Another spelling of the same place: an endpoint of its own, with a key of its own.
    other = fake.url.replace("127.0.0.1", "localhost")
    await driver.provider("fresh", other, {"X-Gateway": canary.HEADER})
    await driver.get("providers/fresh/key", "PUT", {"key": canary.SAVED})


@pytest.mark.usefixtures("loud")
async def test_each_fault_of_the_table(home: Path, fake: FakeProvider, nursery: Nursery) -> None:
    """And promise 5: through all of them no key is found where it must not be."""
    traits: dict[str, Any] = {**QUICK, "allowed_models": ["raw-*", "fake-*", "any"]}
    server = Server(home, fake.url, nursery=nursery, traits=traits)
    driver = Driver(server)

    async def requests_of(row: Row) -> int:
        return arrived(fake, row) if row.provider in ("default", "fresh") else 0

    with deaf_port() as deaf, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        try:
            await server.start()
            await driver.open()
            await set_up(driver, fake, deaf, unused.getsockname()[1])
            learned = await driver.run_each(PARAMETERS, requests_of)
            outcomes = await driver.run_all(ALL, requests_of)
            loud = [row for row in STREAMS if row.code not in ("", "stream_stalled")]
            again = [replace(row, provider="fresh") for row in loud]
            outcomes += await driver.run_all(again, requests_of)
            for path in ("status", "providers", "models?refresh=1", "conversations?limit=1000"):
                await driver.get(path)
            await driver.get("providers/default/check", "POST", {})
            await driver.get("providers/fresh/check", "POST", {})
            environment = await canary.environment_of_a_kernel(server)
            on_disk = canary.hits_on_disk(home)
        finally:
            driver.close()
            server.close()
    assert_table("Faults of the provider, through the server", learned + outcomes)
    # No redirect was followed.
    paths = {entry["path"] for entry in fake.journal()}
    assert paths == {"/v1/chat/completions", "/v1/models"}

    assert set(canary.hits(json.dumps(fake.journal()))) == set(canary.ALL), "all were in use"
    assert canary.hits(json.dumps(driver.frames)) == []
    assert canary.hits(json.dumps(driver.bodies)) == []
    assert canary.hits(json.dumps(environment)) == []
    assert "HOME" in environment
    log = server.log.read_text()
    assert log.count("DEBUG") > 1000
    assert canary.hits(log) == []
    # A header of a gateway is a setting, kept where the settings are.
    kept = {"keys.json": [canary.SAVED]}
    settings = ("gpt.sqlite", "gpt.sqlite-wal")
    assert {name: keys for name, keys in on_disk.items() if name not in settings} == kept
    assert all(on_disk.get(name, [canary.HEADER]) == [canary.HEADER] for name in settings)
