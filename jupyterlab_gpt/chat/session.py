"""A user's session: the sockets that are open and the turns that run, neither tied to the other."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

from ..errors import GPTError, TurnInterrupted
from ..ledger import ledger
from ..store import conversations
from . import frames
from .audit import turn_event
from .elsewhere import Watches
from .frames import Socket
from .history import KnownRequest
from .late import LateStore
from .quotes import Quotes
from .rate import TurnRate
from .run import run_turn
from .services import ChatServices
from .spending import Spending
from .turn import StopReason, Turn, nothing

_log = logging.getLogger(__name__)

# How long the end of a turn is waited for: closing a stream and one commit take
# milliseconds; service managers kill a server 10 to 90 s after they told it to end.
STOP_SECONDS = 5.0


class ChatSession:
    """One owner's session.

    Parameters
    ----------
    owner
        Whose.
    services
        What all sessions share.
    """

    def __init__(self, owner: str, services: ChatServices) -> None:
        self.owner = owner
        self._services = services
        self._sockets: set[Socket] = set()
        self._turns: dict[str, Turn] = {}
        # Turns that have ended and whose end the disk did not take.
        self._late: dict[str, Turn] = {}
        self._tasks: dict[Turn, asyncio.Task[None]] = {}
        self._watches = Watches(owner, services)
        self._quotes = Quotes(owner, services)
        self._spending = Spending(owner, services, self._tell)
        self._rate = TurnRate(owner, services)
        self._late_store = LateStore(self._stored_late)
        self._closing = False
        self._deaf: Callable[[], None] | None = None

    # ------------------------------------------------------------ sockets

    def attach(self, socket: Socket) -> None:
        """Take a socket in: it hears of changes, and of a disk that takes nothing."""
        self._sockets.add(socket)
        health = self._services.db.health
        if self._deaf is None:
            loop = asyncio.get_running_loop()
            self._deaf = health.listen(lambda: loop.call_soon_threadsafe(self._tell_storage))
        if health.state != "ok":
            socket.tell(frames.storage(health.state, health.message))
        self._spending.attach(socket)

    def detach(self, socket: Socket) -> None:
        """Forget a socket; its turns go on."""
        self._sockets.discard(socket)
        for turn in (*self._turns.values(), *self._late.values()):
            turn.leave(socket)
        self._forget_settled()
        self._watches.leave(socket)
        self._quotes.leave(socket)

    def drained(self, socket: Socket) -> None:
        """Send a socket that has room again what it missed."""
        for turn in (*self._turns.values(), *self._late.values()):
            turn.catch_up(socket)
        self._forget_settled()
        self._watches.drained(socket)

    def is_busy(self, socket: Socket) -> bool:
        """Whether a turn runs that this socket watches."""
        return self._watches.has(socket) or any(
            socket in turn.sockets for turn in self._turns.values()
        )

    @property
    def running(self) -> int:
        """How many turns run."""
        return len(self._turns)

    def tell_changed(self, conversation_id: str, *, but: frozenset[Socket] = frozenset()) -> None:
        """Tell the sockets (all but these) that a conversation was changed."""
        for socket in self._sockets - but:
            socket.tell(frames.changed(conversation_id))

    @property
    def budget(self) -> dict[str, Any] | None:
        """The month's budget from memory, as `protocol.Budget`; None before it was read."""
        return self._spending.state

    def tell_budget(self, state: dict[str, Any]) -> None:
        """Tell all sockets what of the month's budget is spent."""
        self._spending.changed(state)

    def _tell(self, frame: frames.Frame) -> None:
        for socket in self._sockets:
            socket.tell(frame)

    # ------------------------------------------------------------ turns

    def quote(self, socket: Socket, frame: dict[str, Any]) -> None:
        """Answer an `estimate` or a `preview`; it stores nothing."""
        self._quotes.ask(socket, frame)

    def submit(self, socket: Socket, submit: dict[str, Any]) -> None:
        """Start a turn; a request that runs or ran already is joined instead.

        Parameters
        ----------
        socket
            Gets the turn's frames.
        submit
            The `submit` frame as a dict.
        """
        turn = self._known(submit["request_id"])
        if turn is None and self._closing:
            stopped = TurnInterrupted("The server is stopping: nothing was sent.")
            socket.tell(frames.failed(submit["request_id"], stopped))
            return
        if turn is None:
            turn = Turn(self.owner, submit)
            self._turns[turn.request_id] = turn
            self._tasks[turn] = asyncio.create_task(self._run(turn))
        elif socket in turn.sockets:
            return  # it gets the frames already
        turn.join(socket)

    def cancel(self, request_id: str) -> None:
        """Stop a turn; where it has ended, or never was, there is nothing to stop."""
        turn = self._turns.get(request_id)
        if turn is not None:
            turn.stop("cancelled")

    def resume(self, socket: Socket, request_id: str, after_seq: int) -> None:
        """Send a socket a turn's frames after `after_seq`, and those to come."""
        turn = self._known(request_id)
        if turn is not None:
            turn.join(socket, after_seq)
        else:
            self._watches.add(socket, request_id, after_seq)

    async def stop_turns(self, reason: StopReason, conversation_id: str | None = None) -> None:
        """Stop the turns of a conversation, or all, and wait until they are stored."""
        await self._stop(
            reason,
            [t for t in self._tasks if conversation_id in (None, t.conversation_id)],
        )

    async def stop_below(self, conversation_id: str, message_id: str) -> None:
        """Stop the turns that write at or under a message, and wait until they are stored."""
        below = []
        for turn in [t for t in self._tasks if t.conversation_id == conversation_id]:
            path = await self._services.db.read(
                lambda conn, leaf=turn.answer_id: conversations.branch(  # type: ignore[misc]
                    conn, self.owner, conversation_id, leaf
                )
            )
            if any(message["id"] == message_id for message in path):
                below.append(turn)
        await self._stop("cancelled", below)

    async def close(self) -> None:
        """End all turns as interrupted, and all watching; nothing starts any more."""
        self._closing = True
        if self._deaf is not None:
            self._deaf()
        await self.stop_turns("server_stopped")
        await self._late_store.close(STOP_SECONDS)
        self._watches.close()
        self._quotes.close()
        self._spending.close()

    async def conversation(self, conversation_id: str) -> dict[str, Any]:
        """Read a conversation with what its turns hold in memory.

        A turn may end between the reading and the look at the turns: then the
        stored answer is read once more, as nobody would ever say that it ended.
        """
        for _ in range(2):
            found = self.with_live(
                await self._services.db.read(lambda conn: self._stored(conn, conversation_id))
            )
            if not any(m["status"] == "streaming" and not m["live"] for m in found["messages"]):
                break
        return found

    def with_live(self, conversation: dict[str, Any]) -> dict[str, Any]:
        """Complete a stored conversation with what its turns hold in memory.

        Text and number of the last frame are taken in the same moment, so that a
        `resume` after that number brings each character once.
        """
        turns = {turn.answer_id: turn for turn in (*self._late.values(), *self._turns.values())}
        for message in conversation["messages"]:
            message.setdefault("live", None)
            turn = turns.get(message["id"])
            if turn is not None and message["status"] == "streaming":
                now = turn.snapshot()
                message["parts"] = now["parts"]
                if turn.has_ended:
                    message.update(turn.ending)
                else:
                    message["live"] = {"request_id": turn.request_id, "seq": now["seq"]}
        return conversation

    # ------------------------------------------------------------ private

    def _stored(self, conn: sqlite3.Connection, conversation_id: str) -> dict[str, Any]:
        found = conversations.get_conversation(conn, self.owner, conversation_id)
        return {**found, "cost": ledger.cost_of_conversation(conn, self.owner, conversation_id)}

    async def _stop(self, reason: StopReason, turns: list[Turn]) -> None:
        tasks = [self._tasks[turn] for turn in turns if turn in self._tasks]
        for turn in turns:
            turn.stop(reason)
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)

    def _known(self, request_id: str) -> Turn | None:
        return self._turns.get(request_id) or self._late.get(request_id)

    async def _run(self, turn: Turn) -> None:
        turn.on_started = lambda: self.tell_changed(turn.conversation_id, but=turn.sockets)
        try:
            await self._rate.check(turn.request_id)
            await run_turn(turn, self._services)
        except KnownRequest:
            for socket in turn.sockets:
                self._watches.add(socket, turn.request_id, 0)
        except Exception as error:
            if not isinstance(error, GPTError):
                _log.error("Unexpected error in a turn\n%s", self._services.described(error))
                error = GPTError("Something went wrong in the server; its log says more.")
            turn.status = "failed"
            turn.refuse(frames.failed(turn.request_id, error))
        finally:
            # It names the turn: a circle, which keeps a megabyte until the collector comes by.
            turn.on_started = nothing
            self._tasks.pop(turn, None)
            self._turns.pop(turn.request_id, None)
            if turn.seq:
                self._services.audit(turn_event(turn))
                self.tell_changed(turn.conversation_id, but=turn.sockets)
                if turn.budget is not None:
                    self.tell_budget(turn.budget)
                self._late[turn.request_id] = turn
                if turn.store is not None:
                    self._late_store.take(turn)
                self._forget_settled()

    def _stored_late(self, turn: Turn) -> None:
        self._forget_settled()
        self.tell_changed(turn.conversation_id)
        if turn.budget is not None:
            self.tell_budget(turn.budget)

    def _tell_storage(self) -> None:
        health = self._services.db.health
        for socket in list(self._sockets):
            socket.tell(frames.storage(health.state, health.message))

    def _forget_settled(self) -> None:
        """Forget turns that are over; a socket that is behind gets the rest from the database.

        Kept in memory for it, answers of 1 MiB grew the server by 2 MiB each.
        """
        settled = [turn for turn in self._late.values() if turn.is_settled]
        for turn in settled:
            del self._late[turn.request_id]
            for socket, seen in turn.behind().items():
                self._watches.add(socket, turn.request_id, seen)
