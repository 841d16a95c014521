"""The bytes of one response, with the watchdogs around each read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from ..config import Limits
from ..errors import StreamBroken
from .body import ChunkError, chunked_body
from .faults import broken

if TYPE_CHECKING:
    import httpx2

# Seconds that a stream may stay open after its finish reason: the usage comes within one.
_AFTER_FINISH = 5.0
# Seconds to read a response's end after [DONE]; it is nearly always there already, and a
# connection that was read to its end can be used again.
_DRAIN = 0.02


class Wire:
    """The response's bytes, with the watchdogs around each read."""

    def __init__(
        self, response: httpx2.Response, host: str, limits: Limits, deadline: float
    ) -> None:
        self._raw: AsyncIterator[bytes] = response.aiter_raw().__aiter__()
        self._body = chunked_body(response)
        self._loop = asyncio.get_running_loop()
        self._host = host
        self._limits = limits
        self._deadline = deadline
        self._bytes = 0
        # Seconds waited for the provider since it last sent content. Time that our own
        # consumer takes does not count.
        self.waited = 0.0
        self.finished = False
        # Comments, role-only and empty chunks are no content: before the first there is the
        # time that a model may think in silence, afterwards that of a stall.
        self._patience = limits.first_timeout

    def see_content(self) -> None:
        """Begin to wait anew, now for what follows content."""
        self.waited = 0.0
        self._patience = self._limits.idle_timeout

    async def read(self) -> bytes | None:
        """Read some bytes; None at the end of the response.

        Raises
        ------
        StreamBroken
            stream_stalled, took_too_long, stream_cut or answer_too_large.
        """
        loop = self._loop
        start = loop.time()
        left = self._patience - self.waited
        if self.finished:
            left = min(left, _AFTER_FINISH)
        try:
            data = await self._next(min(start + left, self._deadline))
        except StopAsyncIteration:
            return None
        except TimeoutError:
            if loop.time() >= self._deadline:
                total = self._limits.total_timeout
                raise broken(
                    "took_too_long",
                    f"The answer took longer than {total:g} s",
                    host=self._host,
                    seconds=total,
                ) from None
            idle = _AFTER_FINISH if self.finished else self._patience
            raise broken(
                "stream_stalled",
                f"{self._host} sent nothing new for {idle:g} s",
                host=self._host,
                seconds=idle,
            ) from None
        except _cuts():
            raise broken(
                "stream_cut", f"{self._host} broke the connection", host=self._host
            ) from None
        self.waited += loop.time() - start
        self._bytes += len(data)
        if self._bytes > self._limits.max_wire_bytes:
            raise too_large(self._host, self._limits.max_wire_bytes)
        return data

    async def _next(self, until: float) -> bytes:
        if self._body is not None:
            data = await self._body.read(until)
            if data is not None:
                return data
            self._body = None
        async with asyncio.timeout_at(until):
            return await anext(self._raw)

    async def drain(self) -> None:
        """Read what is there already, so that the connection can be kept."""
        until = self._loop.time() + _DRAIN
        with contextlib.suppress(TimeoutError, StopAsyncIteration, *_cuts()):
            while True:
                await self._next(until)


def _cuts() -> tuple[type[Exception], ...]:
    import httpcore2
    import httpx2

    broken = (httpcore2.NetworkError, httpcore2.ProtocolError, ChunkError)
    return (httpx2.HTTPError, httpx2.StreamError, OSError, *broken)


def too_large(host: str, limit: int) -> StreamBroken:
    """Say that an answer was cut by one of our caps; asking again would not help."""
    error = broken("answer_too_large", "The answer is too large", host=host, limit=limit)
    error.retryable = False
    return error
