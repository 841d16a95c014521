"""Turns that are not in this process's memory: ended, or running in another server."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import suppress
from itertools import islice
from typing import Any

from ..errors import GPTError, NotFound, RateLimited
from ..store import conversations
from ..store.database import Database
from . import frames
from .frames import Socket
from .services import ChatServices

_log = logging.getLogger(__name__)

# How often a turn that runs in another server is looked at (wire.md, "resume").
WATCH_SECONDS = 1.0
# How long a full socket is waited for at a time; it says itself when it has room.
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
        self._rooms: dict[Socket, Room] = {}
        # One answer of the database is in memory at a time, also where ten sockets ask.
        self._reading = asyncio.Lock()

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
        room = self._rooms.setdefault(socket, Room(socket, self._reading))
        task = asyncio.create_task(
            watch(self._services.db, self._owner, room, request_id, after_seq)
        )
        tasks[request_id] = task

        def done(task: asyncio.Task[None]) -> None:
            if tasks.get(request_id) is task:
                del tasks[request_id]
            if not tasks and self._tasks.get(socket) is tasks:
                del self._tasks[socket]
                self._rooms.pop(socket, None)
            if not task.cancelled() and (error := task.exception()):
                _log.error("A turn could not be followed\n%s", self._services.described(error))

        task.add_done_callback(done)

    def leave(self, socket: Socket) -> None:
        """Forget a socket."""
        self._rooms.pop(socket, None)
        for task in self._tasks.pop(socket, {}).values():
            task.cancel()

    def drained(self, socket: Socket) -> None:
        """Hear that all has left through a socket."""
        if room := self._rooms.get(socket):
            room.free()

    def close(self) -> None:
        """Forget all."""
        for socket in list(self._tasks):
            self.leave(socket)


class Room:
    """The room that a socket has, for one answer at a time.

    An answer may have a megabyte: it is read when the socket can take it, and not before,
    so that a socket that never reads costs the same whatever it has asked for.

    Parameters
    ----------
    socket
        Whose room.
    reading
        Held from the reading of an answer until the socket has taken it, or has not.
    """

    def __init__(self, socket: Socket, reading: asyncio.Lock) -> None:
        self.socket = socket
        self.reading = reading
        self.turn = asyncio.Lock()
        self._free = asyncio.Event()

    def free(self) -> None:
        """Look again."""
        self._free.set()

    async def wait(self) -> None:
        """Wait until nothing is before us; the task is cancelled when the socket closes."""
        while not self.socket.has_room():
            self._free.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_ROOM_SECONDS):
                    await self._free.wait()


async def watch(db: Database, owner: str, room: Room, request_id: str, after_seq: int) -> None:
    """Send a socket what the database knows of a request, until it has ended.

    A turn of another server is sent as a snapshot whenever its stored text has grown.
    """
    watched = _Watched(db, owner, room, request_id, after_seq)
    while True:
        async with room.turn:
            await watched.send()
        if watched.has_ended:
            return
        await asyncio.sleep(WATCH_SECONDS)


class _Watched:
    """A request that is read from the database, as far as a socket has been told of it."""

    def __init__(
        self, db: Database, owner: str, room: Room, request_id: str, after_seq: int
    ) -> None:
        self.has_ended = False
        self._db = db
        self._owner = owner
        self._room = room
        self._request_id = request_id
        self._seq = after_seq
        self._size = -1
        self._sent = 0

    async def send(self) -> None:
        """Send what is new; the answer is read again each time that the socket was full."""
        is_told = False
        while not is_told:
            await self._room.wait()
            is_told = await self._send_some()

    async def _send_some(self) -> bool:
        """Send what there is room for; False if that was not all."""
        async with self._room.reading:
            try:
                answer = await self._db.read(self._find)
            except GPTError as error:
                self._room.socket.tell(frames.failed(self._request_id, error))
                self.has_ended = True
                return True
            size = sum(len(part.get("text") or "") for part in answer["parts"])
            self.has_ended = answer["status"] != "streaming"
            if not self.has_ended and size == self._size:
                return True
            told = frames.ended(self._request_id, answer, after_seq=self._seq)
            for text in islice(told, self._sent, None):
                if not self._room.socket.send(text):
                    return False
                self._sent += 1
            if not self.has_ended:
                self._seq, self._size, self._sent = self._seq + self._sent, size, 0
            return True

    def _find(self, conn: sqlite3.Connection) -> dict[str, Any]:
        answer = conversations.find_request(conn, self._owner, self._request_id)
        if answer is None:
            raise NotFound("No such request.", code="unknown_request")
        return answer
