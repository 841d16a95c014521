"""The text of running answers on its way to the disk: all answers together, every now and then."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from itertools import groupby

from ..errors import GPTError, NotFound
from ..store import conversations
from ..store.database import Database

_log = logging.getLogger(__name__)

# Seconds until text that the disk did not take is tried again.
_AGAIN = 1.0

Piece = tuple[int, str, str]


class TextKeeper:
    """Stores new text, so that a killed server loses no more than the last moment of it.

    One transaction holds the text of all answers: one for each was a quarter of what a
    streamed token cost at 50 streams. Text that the disk does not take stays in memory,
    and the answers go on.

    Parameters
    ----------
    db
        Where it is stored.
    interval
        Seconds between two transactions (`Limits.flush_interval`): what a kill may lose.
    """

    def __init__(self, db: Database, interval: float) -> None:
        self._db = db
        self._interval = interval
        self._new: dict[str, list[Piece]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._storing: asyncio.Task[None] | None = None
        self._failing = False

    def open(self, answer_id: str) -> None:
        """Begin to keep an answer."""
        self._new[answer_id] = []

    def add(self, answer_id: str, piece: Piece) -> None:
        """Keep new text of one part: its index, its kind and the text."""
        self._new[answer_id].append(piece)
        if self._timer is None and self._storing is None:
            self._wait()

    def close(self, answer_id: str) -> None:
        """Forget what is not stored of an answer: it is stored whole, or never."""
        self._new.pop(answer_id, None)

    def _wait(self) -> None:
        wait = max(self._interval, _AGAIN) if self._failing else self._interval
        self._timer = asyncio.get_running_loop().call_later(wait, self._start)

    def _start(self) -> None:
        self._timer = None
        # Cleared and not removed: an answer is open until it is closed.
        taken = {answer: _joined(pieces) for answer, pieces in self._new.items() if pieces}
        self._new.update((answer, []) for answer in taken)
        if taken:
            self._storing = asyncio.create_task(self._store(taken))

    async def _store(self, taken: dict[str, list[Piece]]) -> None:
        def write(conn: sqlite3.Connection) -> None:
            for answer, pieces in taken.items():
                try:
                    conversations.append_pieces(conn, answer, pieces)
                except NotFound:
                    continue  # deleted meanwhile

        try:
            await self._db.write(write, durable=False)
            self._failing = False
        except GPTError as error:
            if not self._failing:
                _log.warning("The text so far could not be stored: %s", error.code)
            self._failing = True
            for answer, pieces in taken.items():
                if answer in self._new:
                    self._new[answer][:0] = pieces
        finally:
            self._storing = None
        if any(self._new.values()):
            self._wait()


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Join what follows one another in a part: a row for each token is a dozen where one does."""
    return [
        (part, kind, "".join(text for _, _, text in run))
        for (part, kind), run in groupby(pieces, key=lambda piece: piece[:2])
    ]
