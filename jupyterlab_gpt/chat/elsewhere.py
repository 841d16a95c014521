"""Turns that are not in this process's memory: ended, or running in another server."""

from __future__ import annotations

import asyncio
import logging

from ..errors import GPTError, NotFound, RateLimited
from ..store import conversations
from ..store.database import Database
from . import frames
from .frames import Frame, Socket
from .services import ChatServices

_log = logging.getLogger(__name__)

# How often a turn that runs in another server is looked at (wire.md, "resume").
WATCH_SECONDS = 1.0
# How often a full socket is tried again: a tenth of the time after which it is closed.
_ROOM_SECONDS = 1.0
# Requests that one socket may have answered from the database at once; a page that comes back
# asks for those of one conversation.
_MAX_WATCHES = 64


class Watches:
    """The requests that an owner's sockets have answered from the database.

    Parameters
    ----------
    owner, services
        Of the session.
    """

    def __init__(self, owner: str, services: ChatServices) -> None:
        self._owner = owner
        self._services = services
        self._tasks: dict[Socket, dict[str, asyncio.Task[None]]] = {}

    def has(self, socket: Socket) -> bool:
        """Whether a socket waits for an answer."""
        return bool(self._tasks.get(socket))

    def add(self, socket: Socket, request_id: str, after_seq: int) -> None:
        """Answer a socket; that may take as long as the turn runs elsewhere."""
        tasks = self._tasks.setdefault(socket, {})
        if old := tasks.pop(request_id, None):
            old.cancel()  # asked again: one answer is enough
        elif len(tasks) >= _MAX_WATCHES:
            error = RateLimited("Too many requests are resumed at once.")
            socket.tell(frames.failed(request_id, error))
            return
        task = asyncio.create_task(
            watch(self._services.db, self._owner, socket, request_id, after_seq)
        )
        tasks[request_id] = task

        def done(task: asyncio.Task[None]) -> None:
            if tasks.get(request_id) is task:
                del tasks[request_id]
            if not tasks and self._tasks.get(socket) is tasks:
                del self._tasks[socket]
            if not task.cancelled() and (error := task.exception()):
                _log.error("A turn could not be followed\n%s", self._services.described(error))

        task.add_done_callback(done)

    def leave(self, socket: Socket) -> None:
        """Forget a socket."""
        for task in self._tasks.pop(socket, {}).values():
            task.cancel()

    def close(self) -> None:
        """Forget all."""
        for socket in list(self._tasks):
            self.leave(socket)


async def watch(db: Database, owner: str, socket: Socket, request_id: str, after_seq: int) -> None:
    """Send a socket what the database knows of a request, until it has ended.

    A turn of another server is sent as a snapshot whenever its stored text has grown.
    """
    seen = -1
    seq = after_seq
    while True:
        try:
            answer = await db.read(lambda conn: conversations.find_request(conn, owner, request_id))
            if answer is None:
                raise NotFound("No such request.", code="unknown_request")
        except GPTError as error:
            socket.tell(frames.failed(request_id, error))
            return
        streaming = answer["status"] == "streaming"
        size = sum(len(part.get("text") or "") for part in answer["parts"])
        if not streaming or size != seen:
            for frame in frames.ended(request_id, answer, after_seq=seq):
                await _send(socket, frame)
            seen = size
            seq += 1
        if not streaming:
            return
        await asyncio.sleep(WATCH_SECONDS)


async def _send(socket: Socket, frame: Frame) -> None:
    """Send once the socket has room; its task is cancelled when it closes."""
    # The socket is another layer's: what it offers is to try.
    while not socket.send(frame):  # noqa: ASYNC110
        await asyncio.sleep(_ROOM_SECONDS)
