"""The sockets under the HTTP library: a piece of an answer costs one wake-up, and no more.

The library's own read pauses and resumes its transport, sets a timeout and runs HTTP's state
machine for every piece, which was two fifths of what a streamed token cost our server (at 50
streams of 50 tokens a second, see benchmarks/server). It takes any network backend; this one
keeps everything that it does up to a response's head, and gives the body's bytes to who asks.

Imported with the library, so not before the first question.
"""

from __future__ import annotations

import asyncio
import errno
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpcore2
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSAttribute, TLSStream

from .sockets import HIGH, Socket

# Between two addresses of one name: RFC 8305, and what the library waits.
_HAPPY_EYEBALLS = 0.25
# In the text of the error of several addresses.
_NUMBER = re.compile(r"\[Errno (\d+)\]")
# Where `h11` sees the end of a head.
_HEAD_END = re.compile(rb"\n\r?\n")


class Stream(httpcore2.AsyncNetworkStream):
    """What the HTTP library reads and writes, until someone takes the body past it.

    Parameters
    ----------
    stream
        The socket, or TLS over it.
    socket
        The socket itself.
    """

    def __init__(self, stream: ByteStream, socket: Socket) -> None:
        self._stream = stream
        self._socket = socket
        # Read, and not yet given to the library.
        self._rest = b""
        # The end of what the library has of a head; None: it has the whole head.
        self._head: bytes | None = b""
        # Whether the library has a head and nothing behind it.
        self.is_at_body = False

    # The timeouts are the library's way; it sets none but to connect.
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Read for the library: never beyond the end of a head in one piece."""
        with _translated(httpcore2.ReadTimeout, httpcore2.ReadError):
            async with asyncio.timeout(timeout):
                data = await self._next(max_bytes)
        self.is_at_body = False
        if self._head is None or not data:
            return data
        seen = self._head + data
        if (end := _HEAD_END.search(seen)) is None:
            self._head = seen[-2:]
            return data
        cut = end.end() - len(self._head)
        self._head = None
        self.is_at_body = True
        self._rest = data[cut:] + self._rest
        return data[:cut]

    async def read_body(self, until: float) -> bytes:
        """Read past the library; empty at the connection's end.

        Raises
        ------
        TimeoutError
            Nothing came until then (loop time).
        httpcore2.ReadError
            The connection broke.
        """
        if rest := self._rest:
            self._rest = b""
            return rest
        self._socket.until = until
        try:
            return await self._stream.receive(HIGH)
        except anyio.EndOfStream:
            return b""
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, ssl.SSLError) as error:
            raise httpcore2.ReadError(str(error)) from error

    def unread(self, data: bytes) -> None:
        """Give the library what was read too far."""
        self._rest = data + self._rest
        self._socket.until = None

    async def _next(self, max_bytes: int) -> bytes:
        if rest := self._rest:
            self._rest = rest[max_bytes:]
            return rest[:max_bytes]
        try:
            return await self._stream.receive(max_bytes)
        except anyio.EndOfStream:
            return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write a request, or a part of one: what follows is a head."""
        self._head = b""
        self.is_at_body = False
        if buffer:
            with _translated(httpcore2.WriteTimeout, httpcore2.WriteError):
                async with asyncio.timeout(timeout):
                    await self._stream.send(buffer)

    async def aclose(self) -> None:
        """Close without a farewell: the other side shall stop at once."""
        await self._socket.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        """Speak TLS from now on."""
        try:
            with _translated(httpcore2.ConnectTimeout, httpcore2.ConnectError):
                async with asyncio.timeout(timeout):
                    tls = await TLSStream.wrap(
                        self._stream,
                        ssl_context=ssl_context,
                        hostname=server_hostname,
                        standard_compatible=False,
                        server_side=False,
                    )
        except BaseException:
            await self.aclose()
            raise
        return Stream(tls, self._socket)

    def get_extra_info(self, info: str) -> Any:
        """Answer what the library asks."""
        if info == "is_readable":
            return bool(self._rest) or not self._socket.is_quiet
        asked = {
            "ssl_object": TLSAttribute.ssl_object,
            "client_addr": SocketAttribute.local_address,
            "server_addr": SocketAttribute.remote_address,
            "socket": SocketAttribute.raw_socket,
        }.get(info)
        return None if asked is None else self._stream.extra(asked, None)  # noqa: S610 (no Django here)


@contextmanager
def _translated(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    """Raise the library's errors."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream) as error:
        raise broken(str(error)) from error
    except OSError as error:  # ssl.SSLError is one
        raise broken(str(error)) from error


@contextmanager
def _numbered() -> Iterator[None]:
    """Give the error of several addresses a number: asyncio has them in its text alone."""
    try:
        yield
    except OSError as error:
        numbers = [int(number) for number in _NUMBER.findall(str(error))]
        if error.errno is not None or not numbers:
            raise
        # Who refuses is there: that says more than an address that has no route.
        number = errno.ECONNREFUSED if errno.ECONNREFUSED in numbers else numbers[0]
        raise OSError(number, str(error)) from error


class Backend(httpcore2.AsyncNetworkBackend):
    """Connects."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of a host that answers."""
        loop = asyncio.get_running_loop()
        local = None if local_address is None else (local_address, 0)
        with _translated(httpcore2.ConnectTimeout, httpcore2.ConnectError), _numbered():
            async with asyncio.timeout(timeout):
                transport, socket = await loop.create_connection(
                    Socket, host, port, local_addr=local, happy_eyeballs_delay=_HAPPY_EYEBALLS
                )
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return Stream(socket, socket)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
