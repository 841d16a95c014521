"""A connected socket that wakes its reader once for a piece, and does nothing else for it.

The sockets of the HTTP library pause and resume their transport around each read, which
is two calls of the system for each token. Imported with the library, see `network`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any

import anyio
from anyio.abc import ByteStream, SocketAttribute

# Bytes that wait for a reader before the other side is held back: asyncio's own streams' limit.
HIGH = 64 * 1024


class _Local(threading.local):
    """Where a read lands: one place for all sockets of a thread, which reads one at a time.

    asyncio else asks for 256 KiB at each read, for a token of some hundred bytes.
    """

    def __init__(self) -> None:
        self.buffer = memoryview(bytearray(HIGH))


_local = _Local()


class Socket(asyncio.BufferedProtocol, ByteStream):
    """A connected socket.

    Attributes
    ----------
    until
        Loop time at which a `receive` ends with `TimeoutError`; None: it waits. One timer
        serves all reads of a stream, as each of them only moves the time further.
    """

    def __init__(self) -> None:
        self.until: float | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._buffer = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._held_back = False
        self._ended = False
        self._lost: Exception | None = None
        self._closed = False
        self._writable: asyncio.Future[None] | None = None

    # ------------------------------------------------ asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Tell where the next bytes are to land."""
        return _local.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Keep what came and wake the reader."""
        self._buffer += _local.buffer[:nbytes]
        if len(self._buffer) > HIGH and not self._held_back:
            self._held_back = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Note the end; True: we may still write."""
        self._ended = True
        self._wake()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end, and why."""
        self._ended = True
        self._lost = exc
        self._wake()
        if self._writable is not None:
            _set(self._writable)

    def pause_writing(self) -> None:
        """Let `send` wait."""
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        """Let `send` go on."""
        if self._writable is not None:
            _set(self._writable)
            self._writable = None

    # ------------------------------------------------ the reader's side

    async def receive(self, max_bytes: int = 65536) -> bytes:
        """Take what is there, or wait for it; see `anyio.abc.ByteStream`."""
        while not self._buffer:
            if self._closed:
                raise anyio.ClosedResourceError
            if self._lost is not None:
                raise anyio.BrokenResourceError from self._lost
            if self._ended:
                raise anyio.EndOfStream
            self._waiter = self._loop.create_future()
            if self.until is not None and (self._timer is None or self._timer.when() > self.until):
                self._set_timer()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if len(self._buffer) <= max_bytes:
            data = bytes(self._buffer)
            self._buffer.clear()
        else:
            data = bytes(self._buffer[:max_bytes])
            del self._buffer[:max_bytes]
        if self._held_back and len(self._buffer) <= HIGH:
            self._held_back = False
            self._transport.resume_reading()
        return data

    def _wake(self) -> None:
        if self._waiter is not None:
            _set(self._waiter)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.until is not None and not self._closed:
            self._timer = self._loop.call_at(self.until, self._look)

    def _look(self) -> None:
        """End the read if its time is up; else look again when it will be."""
        self._timer = None
        if self._waiter is None or self._waiter.done() or self.until is None:
            return
        if self._loop.time() >= self.until:
            self._waiter.set_exception(TimeoutError())
        else:
            self._set_timer()

    async def send(self, item: bytes) -> None:
        """Write; waits while the other side takes nothing."""
        if self._closed:
            raise anyio.ClosedResourceError
        if self._ended and self._transport.is_closing():
            raise anyio.BrokenResourceError from self._lost
        self._transport.write(item)
        if self._writable is not None:
            await asyncio.shield(self._writable)

    async def send_eof(self) -> None:
        """Say that nothing follows."""
        self._transport.write_eof()

    async def aclose(self) -> None:
        """Close at once: nothing that is worth waiting for is left to send."""
        self._closed = True
        self.until = None
        self._set_timer()
        self._wake()
        self._transport.abort()
        # The loop lets go of the socket in its next round.
        await asyncio.sleep(0)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing came that nobody asked for, the end included."""
        return not (self._buffer or self._ended)

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """What the library asks about a socket."""
        info = self._transport.get_extra_info
        return {
            SocketAttribute.local_address: lambda: info("sockname"),
            SocketAttribute.remote_address: lambda: info("peername"),
            SocketAttribute.raw_socket: lambda: info("socket"),
        }


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
