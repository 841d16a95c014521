"""What waits to leave through one socket: bounded, and written by one task.

Writes that nobody awaits grew a server from 27 to 287 MB with one tab that did
not read. Here a socket that is full takes no more of a turn's frames; it gets
what it missed when it has room again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from ..chat.frames import Frame, encode

_log = logging.getLogger(__name__)

# 256 frames are 4 s of a stream at full speed, and 256 KiB are ten times the text of those.
# With 1 MiB (faults.md) ten readers that do not read cost 10 MiB, before any snapshot.
MAX_FRAMES = 256
MAX_BYTES = 256 * 1024
# Characters of a frame that is written without waiting: the system's own buffer has room for many.
SMALL = 4096
# A reader that takes nothing for so long is let go; it resumes when it comes back.
SLOW_SECONDS = 10.0
IDLE_BEAT = 20.0
# Under half of the 5 s after which a client drops a silent socket while a turn runs.
BUSY_BEAT = 2.0
TOO_SLOW = 1013
_HEARTBEAT = '{"type": "heartbeat"}'


class Outbox:
    """The queue and the writer of one socket.

    Parameters
    ----------
    write
        Sends one text frame, and does not keep it; what it returns is done when the reader
        has room for more.
    write_now
        Sends a small one if that can be done at once, and says whether it was; None where each
        frame needs `write`, which compresses.
    is_full
        Whether something of what was written waits for the reader.
    close
        Closes the socket with a code and a reason.
    drained
        Called when all has left, after something did not fit or `has_room` was asked.
    is_busy
        Whether a turn runs that this socket watches.
    slow
        Seconds that one write may take.
    """

    def __init__(
        self,
        *,
        write: Callable[[str], Awaitable[None]],
        write_now: Callable[[str], bool] | None = None,
        is_full: Callable[[], bool],
        close: Callable[[int, str], None],
        drained: Callable[[], None],
        is_busy: Callable[[], bool],
        slow: float = SLOW_SECONDS,
        idle_beat: float = IDLE_BEAT,
        busy_beat: float = BUSY_BEAT,
    ) -> None:
        self._write = write
        self._write_now = write_now
        self._is_full = is_full
        self._close = close
        self._drained = drained
        self._is_busy = is_busy
        self._slow = slow
        self._idle_beat = idle_beat
        self._busy_beat = busy_beat
        self._queue: deque[str] = deque()
        self._bytes = 0
        # Of the frame that is being written: until the reader takes it, it is in memory.
        self._leaving = 0
        self._missed = False
        self._closed = False
        # Futures and no events: those keep 700 bytes each, of a hundred kilobytes a stream.
        self._sleeping: asyncio.Future[None] | None = None
        self._full: asyncio.Future[None] | None = None
        self._task = asyncio.create_task(self._run())

    def send(self, text: str) -> bool:
        """Queue a frame, encoded; False where there is no room for it."""
        if self._closed:
            return False
        held = self._bytes + self._leaving
        if held and (len(self._queue) >= MAX_FRAMES or held + len(text) > MAX_BYTES):
            self._missed = True
            return False
        self._put(text)
        return True

    def tell(self, frame: Frame) -> None:
        """Queue a frame that nobody sends again.

        It may pass the bounds, up to twice; a reader that is further behind is let go.
        """
        if self._closed:
            return
        text = encode(frame)
        # One frame of any size passes, as in `send`.
        full = self._bytes > 2 * MAX_BYTES and len(self._queue) > 1
        if full or len(self._queue) >= 2 * MAX_FRAMES:
            self._let_go()
            return
        self._put(text)

    def has_room(self) -> bool:
        """Whether nothing waits to leave; if something does, `drained` is called when it left."""
        if self._queue or self._leaving:
            self._missed = True
            return False
        return not self._closed

    async def room(self) -> None:
        """Wait until the queue is within its bounds: who does not read may not ask either."""
        while self._full is not None:
            await asyncio.shield(self._full)

    def poke(self) -> None:
        """Look again whether a turn runs: the next heartbeat may be due sooner."""
        _done(self._sleeping)

    def end(self) -> None:
        """Forget what waits; the socket is gone."""
        self._closed = True
        self._queue.clear()
        self._make_room()
        self._task.cancel()

    def _put(self, text: str) -> None:
        is_free = not self._queue and not self._leaving
        if is_free and len(text) < SMALL:
            if self._write_now is not None and self._write_now(text):
                return
            if not self._is_full():
                self._write_soon(text)
                return
        self._queue.append(text)
        # Characters, not bytes: to count bytes would encode each frame twice.
        self._bytes += len(text)
        if self._full is None and (len(self._queue) >= MAX_FRAMES or self._bytes > MAX_BYTES):
            self._full = asyncio.get_running_loop().create_future()
        _done(self._sleeping)

    def _make_room(self) -> None:
        _done(self._full)
        self._full = None

    def _write_soon(self, text: str) -> None:
        """Write without the task: nearly always the system takes a frame at once.

        What it does not take is waited for by the next frame's write.
        """
        try:
            writing = asyncio.ensure_future(self._write(text))
        except (WebSocketClosedError, StreamClosedError):
            self._closed = True
            return
        writing.add_done_callback(_heard)

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        beat = clock()
        try:
            while not self._closed:
                wait = beat + (self._busy_beat if self._is_busy() else self._idle_beat) - clock()
                if wait <= 0:
                    beat = clock()
                    await self._written(self._write(_HEARTBEAT))
                elif self._queue:
                    await self._send_first()
                    self._sent()
                else:
                    await self._sleep(wait)
        except TimeoutError:
            self._let_go()
        except (WebSocketClosedError, StreamClosedError):
            self._closed = True

    def _sent(self) -> None:
        if not self._queue:
            self._make_room()
            if self._missed:
                self._missed = False
                self._drained()

    async def _send_first(self) -> None:
        self._leaving = len(self._queue[0])
        self._bytes -= self._leaving
        try:
            # No name for the text: the connection has its bytes, and one copy is enough.
            await self._written(self._write(self._queue.popleft()))
        finally:
            self._leaving = 0

    async def _written(self, write: Awaitable[None]) -> None:
        """Wait for a write, not for ever; it is tornado's, which logs one that is cancelled."""
        writing = asyncio.ensure_future(write)
        writing.add_done_callback(_heard)
        async with asyncio.timeout(self._slow):
            await asyncio.shield(writing)

    async def _sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._sleeping = loop.create_future()
        timer = loop.call_later(seconds, _done, self._sleeping)
        try:
            await self._sleeping
        finally:
            timer.cancel()
            self._sleeping = None

    def _let_go(self) -> None:
        _log.info("A socket that does not read is closed")
        self._closed = True
        self._queue.clear()
        self._make_room()
        self._close(TOO_SLOW, "too slow")


def _heard(writing: asyncio.Future[None]) -> None:
    """Take what became of a write that nobody waits for any more: the socket is gone."""
    if not writing.cancelled():
        writing.exception()


def _done(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
