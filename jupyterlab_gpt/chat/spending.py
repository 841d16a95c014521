"""An owner's budget as its sockets hear of it: at once from memory, anew after each turn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from ..errors import GPTError
from ..ledger import budget
from . import frames
from .frames import Frame, Socket
from .services import ChatServices

_log = logging.getLogger(__name__)


class Spending:
    """The month's budget, as it was last read.

    Parameters
    ----------
    owner, services
        Of the session.
    tell
        Tells all of the session's sockets.
    """

    def __init__(self, owner: str, services: ChatServices, tell: Callable[[Frame], None]) -> None:
        self._owner = owner
        self._services = services
        self._tell = tell
        # As `protocol.Budget`; None before it was read.
        self.state: dict[str, Any] | None = None
        self._changes = 0
        self._reading: asyncio.Task[None] | None = None

    def attach(self, socket: Socket) -> None:
        """Tell a new socket at once, and all if another server, or a new month, changed it."""
        if self.state is not None:
            socket.tell(frames.budget(self.state))
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())

    def changed(self, state: dict[str, Any]) -> None:
        """Tell all sockets of a budget that was spent of, or set."""
        self._changes += 1
        self.state = state
        self._tell(frames.budget(state))

    def close(self) -> None:
        """Read no more."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self) -> None:
        owner, cap = self._owner, self._services.monthly_cap
        changes = self._changes
        try:
            state = await self._services.db.read(lambda conn: budget.get(conn, owner, cap=cap))
        except GPTError as error:
            _log.info("The budget could not be read: %s", error.code)
        else:
            # A turn that ended meanwhile knows better.
            if changes == self._changes and state != self.state:
                self.changed(state)
        finally:
            self._reading = None
