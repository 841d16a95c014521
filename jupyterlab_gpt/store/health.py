"""Whether the disk takes what must be stored, as the user is told it: the wire's `storage`.

Seen by the database's own threads with each write and each heartbeat, so that it is
known without asking the disk, and so that an idle server notices when it is over.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from ..errors import StorageError

StorageState = Literal["ok", "locked", "full", "read_only", "repaired"]

_STATES: dict[str, StorageState] = {
    "storage_locked": "locked",
    "storage_full": "full",
    "storage_read_only": "read_only",
    # An input/output error, a damaged file: for the user the same as a disk that takes nothing.
    "storage_failed": "read_only",
}
_MESSAGES: dict[StorageState, str] = {
    "ok": "History and costs are being saved again.",
    "locked": "Another program has locked the history: it is being waited for.",
    "full": "The disk is full: history and costs are not being saved.",
    "read_only": "The disk cannot be written: history and costs are not being saved.",
    "repaired": "The history was damaged and has been repaired.",
}
# SQLite's own complaints about a statement say nothing of the disk.
_OF_THE_DISK = frozenset(
    (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB)
)
# Bytes that must be free before a full disk counts as one that takes things again: a small
# write may find room in the journal's own file while an answer of 1 MiB would not.
_ROOM = 2 * 1024 * 1024


class Health:
    """The state of one database's disk; safe from any thread.

    Parameters
    ----------
    folder
        Where the database is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state: StorageState = "ok"
        self._repaired = ""
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], object]] = []

    @property
    def state(self) -> StorageState:
        """As the wire's `storage`; a repair is told as long as this server runs."""
        return "repaired" if self._state == "ok" and self._repaired else self._state

    @property
    def message(self) -> str:
        """In English, for logs and other clients."""
        state = self.state
        return self._repaired if state == "repaired" else _MESSAGES[state]

    def listen(self, changed: Callable[[], object]) -> Callable[[], None]:
        """Call `changed` in whatever thread sees a change; what is returned ends that."""
        self._listeners.append(changed)

        def end() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(changed)

        return end

    def failed(self, error: StorageError) -> None:
        """See that a write failed."""
        cause = error.__cause__
        if error.code == "storage_failed" and isinstance(cause, sqlite3.Error):
            code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
            if code not in _OF_THE_DISK:
                return
        self._become(_STATES[error.code])

    def repaired(self, message: str) -> None:
        """See that a damaged file was replaced."""
        with self._lock:
            self._state, self._repaired = "ok", message
        self._tell()

    def fine(self) -> None:
        """See that a write succeeded."""
        if self._state == "ok" or (self._state == "full" and self._free() < _ROOM):
            return
        self._become("ok")

    def _become(self, state: StorageState) -> None:
        with self._lock:
            if state == self._state:
                return
            self._state = state
        self._tell()

    def _tell(self) -> None:
        for changed in list(self._listeners):
            with contextlib.suppress(RuntimeError):  # its event loop has ended
                changed()

    def _free(self) -> int:
        if not hasattr(os, "statvfs"):
            return _ROOM  # Windows: what was written is all that is known
        try:
            disk = os.statvfs(self._folder)
        except OSError:
            return 0
        return disk.f_bavail * disk.f_frsize
