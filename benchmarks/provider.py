"""A deterministic provider that knows when each of its chunks left.

    python -m benchmarks.provider --port 20810 [--pages FOLDER]

prints one JSON line ``{"port": N}`` and serves on loopback until it is ended. The fake of the tests
can be broken in every way; this one can only send, so that 500 streams leave it on time.

``POST /_script`` with ``{"model", "pieces", "rate"}`` registers an answer (``rate`` in chunks a
second; 0: as fast as the reader takes them). ``GET /_times/<model>`` tells when its chunks left, in
seconds since the epoch, of the last time it was asked for. ``bench-stamp-<rate>-<n>`` needs no
script: ``n`` chunks of which each is its own time of leaving, ``@1790000000.123456``. The files of
FOLDER are served under ``/page/``, for pages that read the stream themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# What is sent between two looks at the loop where there is no rate.
BATCH = 32
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}
# Some of the peers ask from the page, which is another origin.
CORS = (
    b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\n"
    b"Access-Control-Allow-Methods: *\r\n"
)
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    b"%s\r\n" % CORS
)
# What is answered where no stream was asked for: a title, say.
WHOLE = {"index": 0, "message": {"role": "assistant", "content": "Bench"}, "finish_reason": "stop"}


def event(model: str, choices: list[Any], **more: Any) -> bytes:
    """One event of a stream, as a chunk of HTTP."""
    body = {
        "id": "chatcmpl-bench",
        "object": "chat.completion.chunk",
        "created": 1790000000,
        "model": model,
        "choices": choices,
        **more,
    }
    data = b"data: " + json.dumps(body).encode() + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


def delta(model: str, content: str) -> bytes:
    return event(model, [{"index": 0, "delta": {"content": content}, "finish_reason": None}])


class Book:
    """The scripts, and when the chunks of each left."""

    def __init__(self, pages: Path | None) -> None:
        self.pages = pages
        self.scripts: dict[str, tuple[list[bytes], float]] = {}
        self.times: dict[str, list[float]] = {}

    def add(self, model: str, pieces: list[str], rate: float) -> None:
        self.scripts[model] = ([delta(model, piece) for piece in pieces], rate)

    def find(self, model: str) -> tuple[Iterator[bytes], float] | None:
        if found := re.fullmatch(r"bench-stamp-(\d+)-(\d+)", model):
            start, end = delta(model, "@").split(b"@")
            # All stamps have 18 characters, so that the chunk's length is that of the first.
            chunk = delta(model, "@" + "0" * 17 + " ")
            length = chunk.split(b"\r\n")[0] + b"\r\n"
            start = length + start.split(b"\r\n", 1)[1]
            middle = b" " + end
            count = int(found[2])
            return (
                (start + b"@%017.6f" % time.time() + middle for _ in range(count)),
                float(found[1]),
            )
        if script := self.scripts.get(model):
            return iter(script[0]), script[1]
        return None


class Connection(asyncio.Protocol):
    """One connection; requests come one after the other."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._buffer = b""
        self._paused = False
        self._waiting: asyncio.Handle | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting:
            self._waiting.cancel()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        if self._waiting is None:
            self._go_on()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, rest = self._buffer.split(b"\r\n\r\n", 1)
            found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            length = int(found[1]) if found else 0
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            method, path = head.split(b" ", 2)[:2]
            self._answer(method.decode(), path.decode(), rest[:length])

    def _answer(self, method: str, path: str, body: bytes) -> None:
        if method == "OPTIONS":
            self._respond(b"")
        elif path.endswith("/chat/completions"):
            asked = json.loads(body)
            if asked.get("stream"):
                self._stream(asked["model"], bool(asked.get("stream_options")))
            else:
                self._respond(
                    json.dumps({"object": "chat.completion", "choices": [WHOLE]}).encode()
                )
        elif path == "/_script":
            asked = json.loads(body)
            self._book.add(asked["model"], asked["pieces"], asked["rate"])
            self._respond(b"{}")
        elif path.startswith("/_times/"):
            times = self._book.times.get(path.removeprefix("/_times/"), [])
            self._respond(json.dumps(times).encode())
        elif path.endswith("/models"):
            data = [{"id": name, "object": "model", "owned_by": "bench"} for name in self._names()]
            self._respond(json.dumps({"object": "list", "data": data}).encode())
        elif path.startswith("/page/") and self._book.pages:
            file = self._book.pages / Path(path).name
            self._respond(file.read_bytes(), TYPES[file.suffix])
        else:
            self._respond(b"{}", status=b"404 Not Found")

    def _names(self) -> list[str]:
        return ["bench", *self._book.scripts]

    def _respond(
        self, body: bytes, kind: str = "application/json", status: bytes = b"200 OK"
    ) -> None:
        head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
        self._transport.write(head % (status, kind.encode(), len(body), CORS) + body)

    # ------------------------------------------------ a stream

    def _stream(self, model: str, with_usage: bool) -> None:
        found = self._book.find(model)
        if found is None:
            self._respond(b'{"error": {"message": "no such model"}}', status=b"404 Not Found")
            return
        self._chunks, self._rate = found
        self._model, self._with_usage = model, with_usage
        self._times: list[float] = []
        self._book.times[model] = self._times
        self._start = self._loop.time()
        self._transport.write(HEAD)
        self._go_on()

    def _go_on(self) -> None:
        self._waiting = None
        for _ in range(1 if self._rate else BATCH):
            if self._paused:
                return
            chunk = next(self._chunks, None)
            if chunk is None:
                self._end()
                return
            self._times.append(time.time())
            self._transport.write(chunk)
        if self._rate:
            at = self._start + len(self._times) / self._rate
            self._waiting = self._loop.call_at(at, self._go_on)
        else:
            self._waiting = self._loop.call_soon(self._go_on)

    def _end(self) -> None:
        end = event(self._model, [{"index": 0, "delta": {}, "finish_reason": "stop"}])
        if self._with_usage:
            sent = len(self._times)
            usage = {"prompt_tokens": 10, "completion_tokens": sent, "total_tokens": 10 + sent}
            end += event(self._model, [], usage=usage)
        self._transport.write(end + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")


async def serve(port: int, pages: Path | None) -> None:
    book = Book(pages)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(book), "127.0.0.1", port, backlog=1024
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pages", type=Path)
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, arguments.pages))


if __name__ == "__main__":
    main()
