"""From the bytes of one response to the events of one answer, within all limits."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from ..config import Limits
from ..errors import ProviderError, StreamBroken
from .base import ProviderEvent, Stop, Text, Thinking
from .chunks import ChunkReader
from .faults import broken
from .sse import LineSplitter, LineTooLongError, data_of, is_field
from .wire import Wire, too_large

if TYPE_CHECKING:
    import httpx2

_BOM = b"\xef\xbb\xbf"


_scan = json.JSONDecoder().raw_decode


def _decode(text: str) -> Any:
    """Decode JSON without white space around it, in half the time of `json.loads`."""
    value, end = _scan(text)
    if end != len(text):
        raise ValueError("more than one value")
    return value


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
        self._wire = Wire(response, host, limits, deadline)
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
            while not self._done:
                events: list[ProviderEvent] = []
                failure = self._feed(data or b"", events, last=data is None)
                for event in events:
                    yield event
                if failure is not None:
                    raise failure
                if data is None:
                    break
                if not self._done:
                    data = await self._wire.read()
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

    def _feed(
        self, data: bytes, events: list[ProviderEvent], *, last: bool
    ) -> ProviderError | None:
        """Add what these bytes hold to the events, and return the error that they end in."""
        try:
            for line in self._splitter.feed(data):
                self._line(line, events)
                if self._done:
                    return None
            if last:
                self._line(self._splitter.rest(), events, last=True)
        except LineTooLongError:
            return too_large(self._host, self._limits.max_line_bytes)
        except ProviderError as error:
            return error
        return None

    def _line(self, line: bytes, events: list[ProviderEvent], *, last: bool = False) -> None:
        """Read one line, and add what it holds to the events."""
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
            chunk = _decode(data.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            code = "stream_cut" if last else "malformed_stream"
            text = "The answer was cut" if last else "The answer holds a line that is no JSON"
            raise self._broken(code, text, said=data[:4000]) from None
        if self._event_name == b"error" and not (isinstance(chunk, dict) and chunk.get("error")):
            chunk = {"error": chunk or "error"}
        self._pass_on(self._chunks.feed(chunk), events)
        if self._chunks.finish is not None:
            self._wire.finished = True

    def _pass_on(self, found: list[ProviderEvent], events: list[ProviderEvent]) -> None:
        """Let events through as long as the answer is within its cap, then cut it there.

        Text joins what is before it: all that one read brought is one piece.
        """
        for event in found:
            if isinstance(event, Text | Thinking):
                self._wire.see_content()
                if self._too_much():
                    over = self._chunks.bytes_seen - self._limits.max_answer_bytes
                    kept = event.text.encode()[: -over or None].decode("utf-8", "ignore")
                    if kept and over < len(event.text.encode()):
                        events.append(type(event)(kept))
                    raise too_large(self._host, self._limits.max_answer_bytes)
                before = events[-1] if events else None
                if isinstance(before, Text | Thinking) and type(before) is type(event):
                    events[-1] = type(event)(before.text + event.text)
                    continue
            events.append(event)

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
        events: list[ProviderEvent] = []
        self._pass_on(self._chunks.feed(whole), events)
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
