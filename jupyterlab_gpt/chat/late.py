"""Answers that ended while the disk took nothing: kept, and stored as soon as it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from ..errors import GPTError
from .turn import Turn

_log = logging.getLogger(__name__)

# Seconds between two tries: a user who made room sees the banner go at once.
AGAIN_SECONDS = 1.0


class LateStore:
    """Tries to store the ends of turns until it succeeds.

    Parameters
    ----------
    stored
        Called with each turn that is stored now.
    """

    def __init__(self, stored: Callable[[Turn], None]) -> None:
        self._stored = stored
        self._tasks: dict[Turn, asyncio.Task[None]] = {}

    def take(self, turn: Turn) -> None:
        """Care for a turn whose end was not stored."""
        self._tasks[turn] = asyncio.create_task(self._until_stored(turn))

    async def close(self, seconds: float) -> None:
        """Try each a last time; what the disk does not take then is lost with the process."""
        turns = list(self._tasks)
        for task in self._tasks.values():
            task.cancel()
        if turns:
            tries = [asyncio.create_task(self._try(turn)) for turn in turns]
            await asyncio.wait(tries, timeout=seconds)
        if lost := sum(turn.store is not None for turn in turns):
            _log.error("%d answers could not be stored", lost)

    async def _until_stored(self, turn: Turn) -> None:
        try:
            while turn.store is not None:
                await asyncio.sleep(AGAIN_SECONDS)
                await self._try(turn)
        finally:
            self._tasks.pop(turn, None)

    async def _try(self, turn: Turn) -> None:
        if turn.store is None:
            return
        try:
            await turn.store()
        except GPTError:
            return
        turn.store = None
        self._stored(turn)
