"""The body of a streamed answer, read past the HTTP library.

A provider sends each token as a chunk of HTTP. The library makes an object, passes it
through five generators and sets a timeout for each; here all that one read brought is
joined. What ends the body is left to the library, so that the connection can be used again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import httpx2

# What `h11` takes for the line before a chunk: its size, and extensions that nobody reads.
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;[^\r\n]*|[ \t]*)")
# Bytes of such a line: no more than a line of a head may have (`h11`: 16 KiB).
_MAX_SIZE_LINE = 16 * 1024


class _Stream(Protocol):
    """What `network.Stream` does for us; it is not imported before the library is."""

    is_at_body: bool

    async def read_body(self, until: float) -> bytes: ...

    def unread(self, data: bytes) -> None: ...


class ChunkError(Exception):
    """The body is not chunked as its head said, or ended in the middle."""


class Chunks:
    """Takes HTTP's chunks apart.

    Attributes
    ----------
    rest
        Once the last chunk began: its bytes, and what followed; else None.
    error
        What is wrong with the chunks behind those that were returned; else None.
    """

    def __init__(self) -> None:
        self.rest: bytes | None = None
        self.error: str | None = None
        self._kept = b""
        # Bytes of the current chunk that are to come, with its line end.
        self._left = 0

    def feed(self, data: bytes) -> bytes:
        """Take bytes, return what they hold of the body."""
        if self._kept:
            data = self._kept + data
            self._kept = b""
        found: list[bytes] = []
        at, length = 0, len(data)
        while at < length:
            if self._left > 2:
                piece = data[at : at + self._left - 2]
                found.append(piece)
                at += len(piece)
                self._left -= len(piece)
                continue
            if self._left:
                if length - at < 2:
                    break
                if data[at : at + 2] != b"\r\n":
                    self.error = "a chunk is longer than it said"
                    break
                at += 2
                self._left = 0
                continue
            end = data.find(b"\r\n", at)
            if end < 0:
                if length - at > _MAX_SIZE_LINE:
                    self.error = "a chunk's size is no line"
                break
            size = _SIZE.fullmatch(data, at, end)
            if size is None:
                self.error = "a chunk's size is no number"
                break
            self._left = int(size[1], 16)
            if not self._left:
                self.rest = data[at:]
                return b"".join(found)
            self._left += 2
            at = end + 2
        self._kept = data[at:]
        return found[0] if len(found) == 1 else b"".join(found)


class ChunkedBody:
    """The chunked body of one response.

    Parameters
    ----------
    stream
        At the body's first byte.
    """

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._chunks = Chunks()

    async def read(self, until: float) -> bytes | None:
        """Read some bytes; None at the body's end, which is then the library's to read.

        Raises
        ------
        TimeoutError
            Nothing came until then (loop time).
        ChunkError
        httpcore2.ReadError
        """
        while self._chunks.rest is None:
            if self._chunks.error is not None:
                raise ChunkError(self._chunks.error)
            data = await self._stream.read_body(until)
            if not data:
                raise ChunkError("the connection ended before the body")
            body = self._chunks.feed(data)
            if self._chunks.rest is not None:
                self._stream.unread(self._chunks.rest)
            if body:
                return body
        return None


def chunked_body(response: httpx2.Response) -> ChunkedBody | None:
    """Take over a response's body, where it is chunked and nothing of it was read."""
    stream = cast("_Stream | None", response.extensions.get("network_stream"))
    coding = response.headers.get("transfer-encoding", "").strip().lower()
    if coding == "chunked" and getattr(stream, "is_at_body", False) and stream is not None:
        return ChunkedBody(stream)
    return None
