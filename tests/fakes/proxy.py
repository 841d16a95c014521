"""A TCP proxy that misbehaves on command, between a browser and a Jupyter server.

    python -m tests.fakes.proxy --to 8888

prints one JSON line ``{"port": N}``, then takes one JSON command a line and answers each
by a line ``{"cut": how many connections it met}``:

``{"do": "reset"}``                     both sides get a TCP reset
``{"do": "freeze"}``                    half-open: nothing passes any more, all stays open
``{"do": "idle", "ms": 400}``           as a proxy that closes what was silent for so long
                                        (0: no longer), also for connections to come
``{"do": "slow", "every": 2, "s": 17}`` the browser gets a frame every so many seconds, for so
                                        long: as a page whose main thread is busy
``{"do": "down"}`` / ``{"do": "up"}``   connections are reset, and new ones too, until `up`

Only the panel's socket (`STREAM` in the request's first line) is met; everything else passes.
Its connections to the server have the segments and the buffer of a network in place of those
of loopback, whose kernel would hold megabytes for a browser that does not read.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import struct
import sys
import time
from typing import Any

STREAM = b"jupyterlab-gpt/stream"
# An Ethernet's segment, and the smallest receive buffer that Linux gives.
SEGMENT = 1460
RECEIVE_BUFFER = 4096
# What a proxy reads at once (nginx: proxy_buffers, 8 of 4 KiB).
READ = 32 * 1024
# Frames that a slow reader holds and has not looked at; it takes nothing more meanwhile.
HELD = 9


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset in place of an orderly end."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Frames:
    """Where the frames of a WebSocket begin and end, from the server's handshake on."""

    def __init__(self) -> None:
        self._handshake: bytes | None = b""
        self._head = b""
        self._skip = 0

    def split(self, data: bytes) -> list[bytes]:
        """Cut at each frame's end; the last piece may be the begin of a frame."""
        start = at = self._after_handshake(data)
        pieces = [data[:start]] if start else []
        while at < len(data):
            if self._skip:
                passed = min(self._skip, len(data) - at)
                self._skip -= passed
                at += passed
            else:
                self._head += data[at : at + 1]
                at += 1
                self._skip = self._length()
            if not self._skip and not self._head:
                pieces.append(data[start:at])
                start = at
        return [*pieces, data[start:]] if start < len(data) else pieces

    def _after_handshake(self, data: bytes) -> int:
        if self._handshake is None:
            return 0
        before = len(self._handshake)
        self._handshake += data
        end = self._handshake.find(b"\r\n\r\n")
        if end < 0:
            return len(data)
        self._handshake = None
        return end + 4 - before

    def _length(self) -> int:
        """Length of the payload once the head is whole; the server does not mask."""
        if len(self._head) < 2:
            return 0
        short = self._head[1] & 127
        more = {126: 2, 127: 8}.get(short, 0)
        if len(self._head) < 2 + more:
            return 0
        length = int.from_bytes(self._head[2:], "big") if more else short
        self._head = b""
        return length


class Pair:
    """A browser's connection and ours to the server."""

    def __init__(self, browser: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.browser = browser
        self.server = server
        self.frozen = False
        self.slow: tuple[float, float] | None = None
        self.last = time.monotonic()
        self._frames = Frames()

    def reset(self) -> None:
        reset(self.browser)
        reset(self.server)

    def end(self) -> None:
        self.browser.close()
        self.server.close()

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass what comes until it ends, or nothing passes any more."""
        to_browser = writer is self.browser
        while data := await reader.read(READ):
            if to_browser:
                pieces = self._frames.split(data)
                if self.slow:
                    await self._gather(reader, pieces)
                    data = await self._drip(pieces)
            if self.frozen:
                await asyncio.Event().wait()
            self.last = time.monotonic()
            writer.write(data)
            await writer.drain()

    async def _gather(self, reader: asyncio.StreamReader, pieces: list[bytes]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while len(pieces) < HELD and (data := await reader.read(READ)):
                    pieces += self._frames.split(data)

    async def _drip(self, pieces: list[bytes]) -> bytes:
        """Write at the reader's speed; what is left when that time is over comes back."""
        while self.slow and pieces:
            every, until = self.slow
            if time.monotonic() >= until:
                self.slow = None
                break
            self.browser.write(pieces.pop(0))
            await self.browser.drain()
            await asyncio.sleep(every)
        return b"".join(pieces)


class Proxy:
    """The proxy; `run` answers its commands."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.port = 0
        self._pairs: set[Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = 0.0
        self._down = False

    async def open(self) -> None:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=READ)
        self.port = server.sockets[0].getsockname()[1]
        self._tasks.add(asyncio.create_task(self._watch()))

    def do(self, command: dict[str, Any]) -> int:
        """Do what a command says; how many connections it met."""
        pairs = [pair for pair in self._pairs if not pair.frozen]
        what = command["do"]
        if what == "idle":
            self._idle = command["ms"] / 1000
        elif what in ("down", "up"):
            self._down = what == "down"
        for pair in pairs:
            if what in ("reset", "down"):
                pair.reset()
            elif what == "freeze":
                pair.frozen = True
            elif what == "slow":
                pair.slow = (command["every"], time.monotonic() + command["s"])
            elif what == "idle":
                pair.last = time.monotonic()
        return len(pairs)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled at the end of the process: asyncio would print that for each connection.
        with contextlib.suppress(
            OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError
        ):
            first = await reader.readuntil(b"\n")
            stream = STREAM in first
            if stream and self._down:
                reset(writer)
                return
            up_reader, up_writer = await self._connect(stream)
            up_writer.write(first)
            pair = Pair(writer, up_writer)
            if stream:
                self._pairs.add(pair)
            await self._pass(pair, reader, up_reader)

    async def _pass(
        self, pair: Pair, reader: asyncio.StreamReader, up_reader: asyncio.StreamReader
    ) -> None:
        ways = [
            asyncio.create_task(pair.pump(reader, pair.server)),
            asyncio.create_task(pair.pump(up_reader, pair.browser)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._pairs.discard(pair)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            pair.end()

    async def _connect(self, stream: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        raw = socket.socket()
        raw.setblocking(False)
        if stream:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.to))
        return await asyncio.open_connection(sock=raw, limit=4096 if stream else READ)

    async def _watch(self) -> None:
        """Close what was silent for too long, in order."""
        while True:
            await asyncio.sleep(0.02)
            for pair in list(self._pairs):
                silent = time.monotonic() - pair.last
                if self._idle and silent > self._idle and not (pair.frozen or pair.slow):
                    self._pairs.discard(pair)
                    pair.end()


async def run(to: int) -> None:
    """Serve until the standard input ends."""
    proxy = Proxy(to)
    await proxy.open()
    print(json.dumps({"port": proxy.port}), flush=True)
    commands = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        print(json.dumps({"cut": proxy.do(json.loads(line))}), flush=True)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=int, required=True)
    asyncio.run(run(parser.parse_args().to))


if __name__ == "__main__":
    main()
