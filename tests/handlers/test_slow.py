"""A tab that never reads, end to end: memory stays bounded and others notice nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from tornado.iostream import StreamClosedError

from jupyterlab_gpt.handlers.stream import StreamHandler

from .conftest import submit
from .deaf import deaf_socket, masked


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StreamHandler, "slow_seconds", 2.0)


@pytest.mark.usefixtures("_impatient")
async def test_a_tab_that_never_reads_is_let_go(
    connect: Any, extension: Any, jp_serverapp: Any, jp_http_port: int, jp_base_url: str
) -> None:
    # An answer that is larger than what the kernel keeps for a socket.
    asked = submit(model="fake-long-60000")
    reading = await connect()
    token = jp_serverapp.identity_provider.token
    path = f"{jp_base_url}jupyterlab-gpt/stream"
    deaf = [await deaf_socket(jp_http_port, path, token) for _ in range(3)]
    await reading.send(asked)
    await reading.until("started")
    resume = f'{{"type": "resume", "request_id": "{asked["request_id"]}"}}'
    for stream in deaf:
        for _ in range(40):
            await stream.write(masked(resume))
    assert (await reading.end(asked))["type"] == "finished"
    whole = reading.text(asked)
    assert len(whole) > 100_000

    session = jp_serverapp.web_app.settings["jupyterlab_gpt_services"].sessions.get("local")
    async with asyncio.timeout(60):
        while len(session._sockets) > 1:
            # A flood of the same question is answered once: so one after the other.
            for stream in deaf:
                with suppress(StreamClosedError):
                    await stream.write(masked(resume))
            await asyncio.sleep(0.05)
    again = await connect()
    await again.send({"type": "resume", "request_id": asked["request_id"]})
    assert (await again.end(asked))["type"] == "finished"
    assert again.text(asked) == whole
    for stream in deaf:
        stream.close()
