"""From the bytes of one response to the events of one answer, within all limits."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from ..config import Limits
from ..errors import StreamBroken
from .base import ProviderEvent, Stop, Text, Thinking
from .chunks import ChunkReader
from .faults import broken
from .sse import LineSplitter, LineTooLongError, data_of, is_field

if TYPE_CHECKING:
    import httpx2

# Seconds that a stream may stay open after its finish reason: the usage comes within one.
_AFTER_FINISH = 5.0
# Seconds to read a response's end after [DONE]; it is nearly always there already, and a
# connection that was read to its end can be used again.
_DRAIN = 0.02
_BOM = b"\xef\xbb\xbf"


class _Wire:
    """The response's bytes, with the watchdogs around each read."""

    def __init__(
        self, response: httpx2.Response, host: str, limits: Limits, deadline: float
    ) -> None:
        self._raw: AsyncIterator[bytes] = response.aiter_raw().__aiter__()
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
        loop = asyncio.get_running_loop()
        start = loop.time()
        left = self._patience - self.waited
        if self.finished:
            left = min(left, _AFTER_FINISH)
        try:
            async with asyncio.timeout_at(min(start + left, self._deadline)):
                data = await anext(self._raw)
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

    async def drain(self) -> None:
        """Read what is there already, so that the connection can be kept."""
        with contextlib.suppress(TimeoutError, StopAsyncIteration, *_cuts()):
            async with asyncio.timeout(_DRAIN):
                while True:
                    await anext(self._raw)


def _cuts() -> tuple[type[Exception], ...]:
    import httpx2

    return (httpx2.HTTPError, httpx2.StreamError, OSError)


def too_large(host: str, limit: int) -> StreamBroken:
    """Say that an answer was cut by one of our caps; asking again would not help."""
    error = broken("answer_too_large", "The answer is too large", host=host, limit=limit)
    error.retryable = False
    return error


class AnswerReader:
    """Reads one answer off one response.

    Parameters
    ----------
    deadline
        Loop time at which the whole answer must have come.
    """

    def __init__(
        self,
        response: httpx2.Response,
        *,
        host: str,
        limits: Limits,
        deadline: float,
        secrets: tuple[str, ...],
    ) -> None:
        self._response = response
        self._host = host
        self._limits = limits
        self._secrets = secrets
        self._wire = _Wire(response, host, limits, deadline)
        self._chunks = ChunkReader(host, secrets)
        self._splitter = LineSplitter(limits.max_line_bytes)
        self._event_name = b""
        self._done = False

    async def events(self) -> AsyncGenerator[ProviderEvent, None]:
        """Yield the events, `Stop` last.

        Raises
        ------
        ProviderError
            What came first is yielded before.
        """
        encoding = self._response.headers.get("content-encoding", "identity").lower()
        if encoding not in ("", "identity"):
            raise self._broken("not_a_stream", f"It sent {encoding}, which nobody asked for")
        head = await self._read_head()
        if not is_field(head):
            for event in await self._read_whole(head):
                yield event
            yield Stop(self._chunks.finish or "stop")
            return
        data: bytes | None = head
        try:
            while data is not None and not self._done:
                for event in self._feed(data):
                    yield event
                if not self._done:
                    data = await self._wire.read()
            if not self._done:
                for event in self._line(self._splitter.rest(), last=True):
                    yield event
        except StreamBroken:
            # Everything was said: only the usage or the end of the response is missing.
            if self._chunks.finish is None or self._too_much():
                raise
        if self._chunks.finish is None:
            raise self._broken("stream_cut", "The answer ended without a finish reason")
        if self._done:
            await self._wire.drain()
        yield Stop(self._chunks.finish)

    async def _read_head(self) -> bytes:
        """Read until it shows what this is: six bytes hold `data:` and `event`."""
        head = b""
        while len(head) < 6:
            data = await self._wire.read()
            if data is None:
                break
            head = (head + data).removeprefix(_BOM).lstrip()
        return head

    def _feed(self, data: bytes) -> Iterator[ProviderEvent]:
        try:
            for line in self._splitter.feed(data):
                yield from self._line(line)
                if self._done:
                    return
        except LineTooLongError:
            raise too_large(self._host, self._limits.max_line_bytes) from None

    def _line(self, line: bytes, *, last: bool = False) -> Iterator[ProviderEvent]:
        data = data_of(line)
        if data is None:
            if line.startswith(b"event:"):
                self._event_name = line[6:].strip()
            elif not line:
                self._event_name = b""
            return
        if data == b"[DONE]":
            self._done = True
            return
        if not data:
            return
        try:
            chunk = json.loads(data.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            code = "stream_cut" if last else "malformed_stream"
            text = "The answer was cut" if last else "The answer holds a line that is no JSON"
            raise self._broken(code, text, said=data[:4000]) from None
        if self._event_name == b"error" and not (isinstance(chunk, dict) and chunk.get("error")):
            chunk = {"error": chunk or "error"}
        yield from self._pass_on(self._chunks.feed(chunk))
        if self._chunks.finish is not None:
            self._wire.finished = True

    def _pass_on(self, events: list[ProviderEvent]) -> Iterator[ProviderEvent]:
        """Let events through as long as the answer is within its cap, then cut it there."""
        for event in events:
            if isinstance(event, Text | Thinking):
                self._wire.see_content()
                if self._too_much():
                    over = self._chunks.bytes_seen - self._limits.max_answer_bytes
                    kept = event.text.encode()[: -over or None].decode("utf-8", "ignore")
                    if kept and over < len(event.text.encode()):
                        yield type(event)(kept)
                    raise too_large(self._host, self._limits.max_answer_bytes)
            yield event

    def _too_much(self) -> bool:
        return self._chunks.bytes_seen > self._limits.max_answer_bytes

    async def _read_whole(self, head: bytes) -> list[ProviderEvent]:
        """Read a completion that was not streamed; anything else is no answer."""
        body = bytearray(head)
        # JSON escapes can double a text; of a page only the beginning is shown.
        cap = 2 * self._limits.max_answer_bytes if head[:1] in b"{[" else 4096
        while len(body) <= cap:
            data = await self._wire.read()
            if data is None:
                break
            self._wire.see_content()
            body += data
        try:
            whole: Any = json.loads(body.decode("utf-8", "replace")) if body else None
        except (ValueError, RecursionError):
            whole = None
        events = list(self._pass_on(self._chunks.feed(whole)))
        if not self._chunks.seen_chunk:
            kind = self._response.headers.get("content-type", "")[:80]
            raise self._broken(
                "not_a_stream",
                f"{self._host} sent no answer but {kind or 'something else'}",
                said=bytes(body[:4000]),
                content_type=kind,
            )
        return events

    def _broken(
        self, code: Any, message: str, *, said: bytes = b"", **detail: str | int | None
    ) -> StreamBroken:
        error = broken(code, message, host=self._host, said=said, secrets=self._secrets, **detail)
        if code == "not_a_stream":
            error.retryable = False
            error.detail["setting"] = "base_url"
        return error
