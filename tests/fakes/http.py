"""A small HTTP/1.1 server on raw sockets: what a test must be able to break, it can reach.

Frameworks hide what the faults are made of: a reset in the middle of a chunk, headers
that never come, the moment at which the client has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Entry:
    """One request as the journal tells it; times are seconds since the epoch."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    started: float = field(default_factory=time.time)
    first_byte: float | None = None
    closed_by: str | None = None
    ended: float | None = None
    sent_pieces: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class ClientGoneError(Exception):
    """The client closed its end."""


class NotHTTPError(Exception):
    """What came is no HTTP request."""


class Exchange:
    """One request and the means to answer it, well or badly."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, entry: Entry
    ) -> None:
        self.entry = entry
        self.reader = reader
        self.writer = writer
        self.gone = asyncio.Event()
        self.keep_alive = True
        self.pending = b""
        self._watch = asyncio.create_task(self._watch_client())

    @property
    def json(self) -> dict[str, Any]:
        return self.entry.body if isinstance(self.entry.body, dict) else {}

    async def _watch_client(self) -> None:
        try:
            while data := await self.reader.read(65536):
                self.pending += data
        except OSError:
            pass
        if self.entry.ended is None:
            self.entry.closed_by = "client"
            self.entry.ended = time.time()
        self.gone.set()

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        if self.gone.is_set():
            raise ClientGoneError
        if self.entry.first_byte is None:
            self.entry.first_byte = time.time()
        self.writer.write(data)
        try:
            await self.writer.drain()
        except OSError:
            raise ClientGoneError from None

    async def head(self, status: int, headers: dict[str, str] | None = None) -> None:
        """Send a status line and headers."""
        lines = [f"HTTP/1.1 {status} Fake"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        await self.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def respond(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """Send a whole response: an object as JSON, bytes and text as they are."""
        data = body if isinstance(body, bytes) else None
        kind = "text/html; charset=utf-8"
        if isinstance(body, str):
            data = body.encode()
        if data is None:
            data, kind = json.dumps(body).encode(), "application/json"
        await self.head(
            status, {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}
        )
        await self.write(data)

    async def start_stream(self, content_type: str = "text/event-stream") -> None:
        """Send the headers of a chunked stream."""
        await self.head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})

    async def chunk(self, data: bytes) -> None:
        """Send one piece of a chunked stream."""
        await self.write(b"%x\r\n%s\r\n" % (len(data), data))

    async def end_stream(self) -> None:
        """End a chunked stream as HTTP wants it."""
        await self.write(b"0\r\n\r\n")

    async def sleep(self, seconds: float) -> None:
        """Wait, but no longer than the client stays."""
        try:
            await asyncio.wait_for(self.gone.wait(), max(seconds, 0))
        except TimeoutError:
            return
        raise ClientGoneError

    def reset(self) -> None:
        """Drop the connection with a TCP reset, in the middle of whatever was sent."""
        self.keep_alive = False
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def finish(self) -> None:
        """Note the end in the journal and stop watching."""
        if self.entry.ended is None:
            self.entry.closed_by = "server"
            self.entry.ended = time.time()
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)


Handler = Callable[[Exchange], Awaitable[None]]


async def read_request(reader: asyncio.StreamReader, before: bytes) -> Entry | None:
    """Read one request, whose first bytes may have come already; None at the end."""
    head = before
    while b"\r\n\r\n" not in head:
        data = await reader.read(65536)
        if not data:
            return None
        head += data
        if not head[:1].isalpha():
            # A TLS hello, on this plain port: what web servers answer to it.
            raise NotHTTPError
    head, rest = head.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, value = line.split(":", 1)
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    while len(rest) < length:
        data = await reader.read(65536)
        if not data:
            return None
        rest += data
    try:
        body = json.loads(rest) if rest else None
    except ValueError:
        body = rest.decode("utf-8", "replace")
    return Entry(method, path, headers, body)


async def serve_connection(
    handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the requests of one connection, one after the other."""
    before = b""
    try:
        while entry := await read_request(reader, before):
            exchange = Exchange(reader, writer, entry)
            try:
                await handler(exchange)
            except ClientGoneError:
                break
            finally:
                await exchange.finish()
            before = exchange.pending
            if not exchange.keep_alive or exchange.gone.is_set():
                break
    except NotHTTPError:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    except OSError:
        pass
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
