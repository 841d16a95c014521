"""Many readers in one loop: they find the stamps in the bytes, and parse nothing else."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL
from tests.durability.server import TOKEN
from tests.handlers.conftest import submit
from tests.handlers.deaf import masked

# What `bench-stamp-…` sends, whole or not yet.
STAMP = re.compile(rb"@(\d{10}\.\d{6})")
LONGEST = 17


class Readings:
    """The lag of each chunk that was read while `keeping`."""

    def __init__(self) -> None:
        self.keeping = False
        self.lags: list[float] = []
        self.begun = 0

    def add(self, lag: float) -> None:
        if self.keeping:
            self.lags.append(lag)


class StreamReader(asyncio.Protocol):
    """Reads one stream, of the provider or of a proxy that forwards it."""

    def __init__(self, readings: Readings, model: str) -> None:
        self._readings = readings
        self._model = model
        self._rest = b""
        self._begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        body = json.dumps({"model": self._model, "stream": True, "messages": []}).encode()
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: loopback\r\nContent-Length: %d\r\n\r\n"
        self.transport.write((head % len(body)).encode() + body)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        text = self._rest + data
        at = 0
        for found in STAMP.finditer(text):
            self._readings.add(now - float(found[1]))
            at = found.end()
        if at and not self._begun:
            self._begun = True
            self._readings.begun += 1
        self._rest = text[max(at, len(text) - LONGEST) :]


class PanelReader(StreamReader):
    """Reads the frames that a panel gets for one question."""

    _upgraded = False

    def ask(self) -> None:
        lines = [
            "GET /jupyterlab-gpt/stream HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
            f"Authorization: token {TOKEN}",
        ]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        if not self._upgraded:
            if b" 101 " not in data.split(b"\r\n", 1)[0]:
                raise RuntimeError(data.decode(errors="replace"))
            self._upgraded = True
            self.transport.write(masked(json.dumps(submit(model=self._model))))
            return
        if b'"failed"' in data:
            raise RuntimeError(data.decode(errors="replace"))
        super().data_received(data)


async def open_all(
    kind: type[StreamReader], port: int, model: str, streams: int, spread: float
) -> tuple[Readings, list[asyncio.Transport]]:
    """Start so many streams, `spread` seconds apart, and wait until all have begun."""
    readings = Readings()
    loop = asyncio.get_running_loop()
    opened: list[Any] = []
    for _ in range(streams):
        transport, _protocol = await loop.create_connection(
            lambda: kind(readings, model), "127.0.0.1", port
        )
        opened.append(transport)
        await asyncio.sleep(spread)
    async with asyncio.timeout(120):
        while readings.begun < streams:
            await asyncio.sleep(0.05)
    return readings, opened
