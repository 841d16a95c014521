"""Turns that are not in this process's memory: ended, or running in another server."""

from __future__ import annotations

import asyncio

from ..errors import GPTError, NotFound
from ..store import conversations
from ..store.database import Database
from . import frames
from .frames import Frame, Socket

# How often a turn that runs in another server is looked at (wire.md, "resume").
WATCH_SECONDS = 1.0
# How often a full socket is tried again: a tenth of the time after which it is closed.
_ROOM_SECONDS = 1.0


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
