"""A tab that never reads, end to end: memory stays bounded and others notice nothing."""

from __future__ import annotations

import asyncio
import socket as sockets
from contextlib import suppress
from typing import Any

import pytest
from tornado.iostream import IOStream, StreamClosedError

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL, StreamHandler

from .conftest import submit


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StreamHandler, "slow_seconds", 0.5)


async def deaf_socket(port: int, path: str, token: str) -> IOStream:
    """A socket that is upgraded and then never read, with the smallest buffer there is."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    stream = IOStream(raw)
    await stream.connect(("127.0.0.1", port))
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
        f"Authorization: token {token}",
    ]
    await stream.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = await stream.read_until(b"\r\n\r\n")
    assert b" 101 " in head.splitlines()[0]
    return stream


def masked(text: str) -> bytes:
    """A text frame as a client sends it, masked with zeros."""
    data = text.encode()
    assert len(data) < 65536
    return bytes([0x81, 0x80 | 126, *len(data).to_bytes(2, "big"), 0, 0, 0, 0]) + data


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
