"""The socket to the server: one for the kernel, in a thread and an event loop of its own.

A cell that runs holds the kernel's main thread, so the socket lives beside it. What was
asked is kept until it has ended: after a dropped connection each turn is resumed after the
last frame that came, and nothing comes twice. Tornado comes with ipykernel and is imported
with the first connection.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

from .errors import GPTError, ServerGone, failure
from .handshake import CERTIFICATE, CONNECT_SECONDS, SUBPROTOCOL, choose, is_certificate, refusal
from .request import Frame, Request
from .server import LOCKED_OUT, Server, find_servers

# wire.md: while a turn runs, something comes at least every 2 s.
SILENCE_SECONDS = 5.0
# An estimate is answered within milliseconds, but the first one loads prices and tokens.
QUOTE_SECONDS = 30.0
# A socket that nobody uses is closed: most kernels ask rarely, and some servers have hundreds.
IDLE_SECONDS = 60.0
# How long a connection that was there is sought again: a server that restarts takes
# 10 to 30 s, and its kernels mostly go with it.
PATIENCE_SECONDS = 60.0
# And one that never was: the server has just started this kernel, so it is there.
FIRST_SECONDS = 3.0
# wire.md, "Size". Larger frames close the socket.
MAX_FRAME_BYTES = 1024 * 1024
# A snapshot holds a whole answer: 8 MiB of text by default (GPTExtension.max_answer_bytes),
# and an administrator may allow more.
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_ENDS = ("estimated", "previewed", "finished", "failed")

UNREACHABLE = "The Jupyter server does not answer. Is it still running?"
STOPPED = (
    "The Jupyter server does not answer any more. What had arrived is kept; the rest of the "
    "answer is in the GPT panel, if the server still runs."
)
TOO_LARGE = "The question is longer than 1 MB, the most that can be sent. Ask about a part of it."


class Link:
    """The kernel's connection to its server; made once, connects when something is asked."""

    def __init__(self, find: Callable[[], Sequence[Server]] = find_servers) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0
        # All below belongs to the loop's thread.
        self._pending: dict[str, Request] = {}
        self._task: asyncio.Task[None] | None = None
        self._socket: Any = None
        self._checked: Server | None = None
        self._heard = 0.0

    # ------------------------------------------------ from any thread

    def send(self, request: Request) -> None:
        """Ask; what comes is given to the request's own functions."""
        if len(json.dumps(request.frame).encode()) > MAX_FRAME_BYTES:
            raise GPTError(TOO_LARGE, code="frame_too_large")
        self.call(self._take, request)

    def server(self) -> Server:
        """Find the server, or raise the sentence that says why there is none."""
        found, checked = self._find(), self._checked
        return checked if checked is not None and checked in found else found[0]

    def cancel(self, request: Request) -> None:
        """Stop a turn; its end comes as a frame."""
        self.call(self._cancel, request)

    def forget(self, request: Request) -> None:
        """Listen no longer; a turn goes on in the server."""
        self.call(self._pending.pop, request.id, None)

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Call a function in the socket's thread."""
        self._running().call_soon_threadsafe(function, *args)

    def call_later(self, seconds: float, function: Callable[[], object]) -> None:
        """Call a function in the socket's thread, later; to be called from there."""
        self._running().call_later(seconds, function)

    def drop(self) -> None:
        """Drop the connection as a network would; what was asked is resumed."""
        self.call(self._abort)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            # A forked process has the loop, and no thread that runs it.
            if self._loop is None or self._pid != os.getpid():
                self._loop = asyncio.new_event_loop()
                self._pid = os.getpid()
                self._pending, self._task, self._socket = {}, None, None
                threading.Thread(target=self._run, name="jupyterlab-gpt", daemon=True).start()
            return self._loop

    def _run(self) -> None:
        loop = self._loop
        assert loop is not None
        asyncio.set_event_loop(loop)
        loop.run_forever()

    # ------------------------------------------------ in the loop's thread

    def _take(self, request: Request) -> None:
        self._pending[request.id] = request
        self._heard = asyncio.get_running_loop().time()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._serve())
        elif self._socket is not None:
            self._write(request.frame)

    def _cancel(self, request: Request) -> None:
        request.cancelled = True
        if self._socket is not None:
            self._write({"type": "cancel", "request_id": request.id})

    def _write(self, frame: Frame) -> None:
        from tornado.websocket import WebSocketClosedError

        try:
            self._socket.write_message(json.dumps(frame))
        except WebSocketClosedError:
            self._socket = None  # sent again on the next connection

    def _abort(self) -> None:
        if self._socket is not None and self._socket.protocol is not None:
            self._socket.protocol._abort()

    async def _serve(self) -> None:
        """Connect, and again, until nothing is asked any more."""
        loop = asyncio.get_running_loop()
        since, patience, attempt = loop.time(), FIRST_SECONDS, 0
        while True:
            try:
                await self._connect_and_listen()
                since, patience, attempt = loop.time(), PATIENCE_SECONDS, 0
            except GPTError as error:
                was_there = patience == PATIENCE_SECONDS and isinstance(error, ServerGone)
                self._fail(ServerGone(STOPPED) if was_there else error)
                return
            except (OSError, TimeoutError) as error:
                if is_certificate(error):
                    self._fail(ServerGone(CERTIFICATE))
                    return
            if not self._pending:
                return
            if loop.time() - since > patience:
                never = patience == FIRST_SECONDS
                self._fail(ServerGone(UNREACHABLE if never else STOPPED))
                return
            for request in list(self._pending.values()):
                request.on_drop()
            # 0.25 s to 4 s, never in step with others.
            await asyncio.sleep(min(4.0, 0.25 * 2**attempt) * random.uniform(0.75, 1.25))  # noqa: S311
            attempt += 1

    async def _connect_and_listen(self) -> None:
        from tornado.httpclient import HTTPClientError

        # Found anew each time: a server that has ended took its file with it.
        found = self._find()
        try:
            server = self._checked
            if server is None or server not in found:
                server = self._checked = await choose(found)
            closed = await self._connect(server)
        except HTTPClientError as error:
            raise refusal(error) from None
        loop = asyncio.get_running_loop()
        self._heard = loop.time()
        for request in list(self._pending.values()):
            self._write(request.again)
            if request.cancelled:
                self._write({"type": "cancel", "request_id": request.id})
        try:
            while not closed.is_set():
                try:
                    await asyncio.wait_for(closed.wait(), 1.0)
                except TimeoutError:
                    if loop.time() - self._heard > self._longest_silence:
                        return
        finally:
            socket, self._socket = self._socket, None
            if socket is not None:
                socket.close()

    @property
    def _longest_silence(self) -> float:
        """Seconds after which a socket that says nothing is dead, or not needed any more."""
        kinds = {request.frame["type"] for request in self._pending.values()}
        if "submit" in kinds:
            return SILENCE_SECONDS
        return QUOTE_SECONDS if kinds else IDLE_SECONDS

    async def _connect(self, server: Server) -> asyncio.Event:
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import WebSocketError, websocket_connect

        closed = asyncio.Event()

        def hear(message: str | bytes | None) -> None:
            if message is None:
                closed.set()
            else:
                self._heard = asyncio.get_running_loop().time()
                self._receive(json.loads(message))

        try:
            self._socket = await websocket_connect(
                HTTPRequest(
                    f"ws{server.url.removeprefix('http')}jupyterlab-gpt/stream",
                    headers=server.headers,
                    connect_timeout=CONNECT_SECONDS,
                    request_timeout=CONNECT_SECONDS,
                    follow_redirects=False,  # the token is for this server
                ),
                on_message_callback=hear,
                subprotocols=[SUBPROTOCOL],
                max_message_size=_MAX_MESSAGE_BYTES,
            )
        except WebSocketError:
            raise ServerGone(LOCKED_OUT) from None
        return closed

    def _receive(self, frame: Frame) -> None:
        request = self._pending.get(str(frame.get("request_id")))
        if request is None:
            return
        kind, seq = frame.get("type"), frame.get("seq") or 0
        if kind in _ENDS:
            del self._pending[request.id]
        elif kind == "snapshot":
            request.seq = seq
        elif seq and seq <= request.seq:
            return  # came before the connection dropped
        elif seq > request.seq + 1:
            self._write(request.again)  # a frame was missed
            return
        request.seq = max(request.seq, seq)
        if kind == "failed":
            request.on_error(failure(frame)) if not request.seq else request.on_frame(frame)
        else:
            request.on_frame(frame)

    def _fail(self, error: GPTError) -> None:
        pending, self._pending = self._pending, {}
        for request in pending.values():
            request.on_error(error)
