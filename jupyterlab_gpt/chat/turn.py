"""A turn: one request, its answer, and the sockets that watch it.

A turn belongs to its user and not to a socket. It numbers its frames, keeps the
last of them for sockets that come back, and serves each socket at its own pace:
one that is full falls behind and catches up, by frames or by one snapshot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from . import frames
from .answer import Answer
from .frames import Frame, Socket
from .kept import KeptFrames


def nothing() -> None:
    """Stands where nothing is to be done."""


StopReason = Literal["cancelled", "server_stopped"]


class Turn:
    """One request that runs.

    Parameters
    ----------
    owner
        Whose turn it is.
    submit
        The `submit` frame as a dict.
    """

    def __init__(self, owner: str, submit: dict[str, Any]) -> None:
        self.owner = owner
        self.submit = submit
        self.request_id: str = submit["request_id"]
        self.conversation_id: str = submit["conversation_id"]
        self.answer_id: str = submit["answer_id"]
        self.answer: Answer
        self._kept: KeptFrames
        self.begin_with(Answer())
        self.status = "streaming"
        self.seq = 0
        self.stop_reason: StopReason | None = None
        # Sends text that still waits to leave together: a snapshot must not hold what
        # the next delta would bring again.
        self.flush: Callable[[], None] = nothing
        # Tells the session that the question is stored.
        self.on_started: Callable[[], None] = nothing
        # Stores the answer's end, where the disk did not take it: memory is all there is.
        self.store: Callable[[], Awaitable[None]] | None = None
        # The database has the whole answer: what a socket missed can be read there.
        self.is_stored = False
        # The month's budget after the turn, as `protocol.Budget`.
        self.budget: dict[str, Any] | None = None
        # Whom it asks (`provider`, `host`, `model`), and how often it has: for the audit.
        self.asked: dict[str, str] = {}
        self.attempts = 0
        # How the turn ended, as the fields of the wire's `Message`.
        self.ending: dict[str, Any] = {}
        self._sockets: dict[Socket, int] = {}
        self._work: asyncio.Task[None] | None = None

    @property
    def sockets(self) -> frozenset[Socket]:
        """The sockets that submitted or resumed this turn."""
        return frozenset(self._sockets)

    @property
    def has_ended(self) -> bool:
        """Whether the last frame was sent."""
        return self.status != "streaming"

    @property
    def is_settled(self) -> bool:
        """Whether the turn may be forgotten: it is stored, or each socket has its last frame."""
        return self.store is None and (self.is_stored or not self.behind())

    def behind(self) -> dict[Socket, int]:
        """The sockets that do not have the last frame, and the last that each has."""
        return {socket: seen for socket, seen in self._sockets.items() if seen != self.seq}

    def begin_with(self, answer: Answer) -> None:
        """Take the answer that grows, before its first frame."""
        self.answer = answer
        self._kept = KeptFrames(self.request_id, answer)

    # ------------------------------------------------------------ frames

    def emit(self, frame: Frame) -> None:
        """Number a frame, keep it and send it to each socket that is up to date."""
        frame["seq"] = self.seq + 1
        text = frames.encode(frame)
        self._kept.add(text)
        self._send(text)

    def emit_text(self, part: int, kind: str, text: str) -> None:
        """Send new text of one part, as `emit` does."""
        self._kept.add_text(part, len(text))
        self._send(frames.delta(self.request_id, self.seq + 1, part, kind, text))

    def _send(self, text: str) -> None:
        self.seq += 1
        for socket, seen in self._sockets.items():
            if seen == self.seq - 1 and socket.send(text):
                self._sockets[socket] = self.seq

    def refuse(self, frame: Frame) -> None:
        """Tell the sockets that nothing was stored; such a frame has no number."""
        for socket in self._sockets:
            socket.tell(frame)

    def join(self, socket: Socket, after_seq: int = 0) -> None:
        """Send a socket what it has not seen, and all that follows."""
        self.flush()
        self._sockets[socket] = after_seq
        self.catch_up(socket)

    def leave(self, socket: Socket) -> None:
        """Forget a socket; the turn goes on."""
        self._sockets.pop(socket, None)

    def catch_up(self, socket: Socket) -> None:
        """Send a socket that fell behind what it missed."""
        self.flush()
        seen = self._sockets.get(socket)
        if seen is None or seen == self.seq:
            return
        if seen > self.seq or seen < self._kept.first - 1:
            if not socket.has_room():
                return  # a megabyte would be joined and written for nothing
            frame = self.snapshot()
            if self.has_ended:
                frame["seq"] -= 1  # the last frame follows
            if not socket.send(frames.encode(frame)):
                return
            self._sockets[socket] = seen = frame["seq"]
        for seq, text in self._kept.after(seen):
            if not socket.send(text):
                return
            self._sockets[socket] = seq

    def snapshot(self) -> Frame:
        """Everything so far, under the number of the last frame."""
        self.flush()
        return frames.snapshot(
            self.request_id, seq=self.seq, parts=self.answer.parts(), status=self.status
        )

    # ------------------------------------------------------------ life

    def stop(self, reason: StopReason) -> None:
        """End the turn: its text stays, the provider's connection is closed at once."""
        if self.stop_reason is None and self.status == "streaming":
            self.stop_reason = reason
            if self._work is not None:
                self._work.cancel()

    async def work(self, task: asyncio.Task[None]) -> None:
        """Run the part of the turn that `stop` may end."""
        self._work = task
        try:
            if self.stop_reason is not None:
                task.cancel()
            await task
        finally:
            self._work = None
