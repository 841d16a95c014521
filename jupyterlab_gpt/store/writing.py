"""The writing connection, from its opening to its end; only the writing thread uses it.

It opens with the first use, and again when another server has put a new file in the place
of a damaged one. Damage that SQLite reports is repaired here, and the work is done again.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..errors import StorageError
from .backup import back_up, delete_copies
from .disk import (
    READING_ERRORS,
    inode,
    is_damage,
    journal_mode,
    make_private_file,
    make_private_folder,
    set_journal,
    storage_error,
    was_replaced,
)
from .health import Health
from .migrations import MIGRATIONS, migrate
from .repair import replace_damaged
from .servers import ServerRow
from .transaction import transaction

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

_log = logging.getLogger(__name__)

# A heartbeat does not wait as long as a write for a lock: the next one comes soon.
_BEAT_LOCK_SECONDS = 1.0
# The WAL is cut back to this size after a checkpoint; SQLite checkpoints at 1000 pages (4 MB).
_WAL_BYTES = 16 * 1024 * 1024


def connect(path: Path, *, read_only: bool, lock_seconds: float) -> sqlite3.Connection:
    """Connect to a file that is there."""
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
        uri=True,
        timeout=lock_seconds,
        isolation_level=None,  # transactions begin where we say
        check_same_thread=False,  # closed by the thread that ends the worker
    )
    # Sorting a long list must not leave prompts in /tmp.
    conn.execute("PRAGMA temp_store = MEMORY")
    # One wrong byte on the disk is one wrong letter, not a conversation that cannot be read.
    conn.text_factory = lambda data: data.decode("utf-8", "replace")
    return conn


class WriteConnection:
    """The one connection that writes.

    Parameters
    ----------
    path
        The file; its folder is made and closed to others (0700).
    server
        The row of this server.
    health
        Sees where the disk refuses, and what was repaired.
    lock_seconds
        How long to wait for other servers' locks.
    """

    def __init__(self, path: Path, server: ServerRow, health: Health, lock_seconds: float) -> None:
        self._path = path
        self._server = server
        self._health = health
        self._lock_seconds = lock_seconds
        self._conn: sqlite3.Connection | None = None
        self._durable = True
        self._left = False
        # Which file is open, or was last.
        self.file: tuple[int, int] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the file was opened, and was not closed since."""
        return self._conn is not None

    def opened(self) -> sqlite3.Connection:
        """The connection."""
        return self._seen(self._open)

    def write(self, fn: Job[T], durable: bool) -> T:
        """Run `fn(conn)` in one transaction; where the file is damaged, once more after repair."""
        try:
            result = self._write(fn, durable)
        except READING_ERRORS as error:
            if not is_damage(error):
                raise
            self.repair(self.file)
            result = self._write(fn, durable)
        self._health.fine()
        return result

    def repair(self, file: tuple[int, int] | None) -> None:
        """Replace the file that was found to be damaged, unless that was done already."""
        self._close()
        message = self._seen(lambda: replace_damaged(self._path, file))
        if message is not None:
            self._health.repaired(message)

    def beat(self) -> None:
        """Say that this server lives; a beat that fails is made up for by the next."""
        try:
            if self._conn is not None:
                self._beat(self._open())
            elif self._health.state not in ("ok", "repaired") and not self._left:
                # Opened by whoever needs it, and again here once the disk refused that.
                self.opened()
                self._health.fine()
        except (*READING_ERRORS, OSError, StorageError) as error:
            _log.debug("Heartbeat not written: %s", type(error).__name__)

    def vacuum(self) -> None:
        """Leave nothing of what was deleted in the file, its journal and its backups."""
        conn = self.opened()
        # The index keeps words of deleted texts until its parts are merged.
        conn.execute("INSERT INTO found (found) VALUES ('optimize')")
        conn.execute("VACUUM")
        give_up = time.monotonic() + self._lock_seconds
        # A reader of another server may still need the WAL for a moment.
        while conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() >= give_up:
                raise StorageError("Another server reads the history", code="storage_locked")
            time.sleep(0.02)
        empty = not conn.execute("SELECT EXISTS (SELECT 1 FROM conversations)").fetchone()[0]
        delete_copies(self._path, also_damaged=empty)

    def leave(self) -> None:
        """Take this server out and close; the last thing."""
        self._left = True
        conn, self._conn = self._conn, None
        if conn is None:
            return
        try:
            conn.execute(f"PRAGMA busy_timeout = {int(_BEAT_LOCK_SECONDS * 1000)}")
            transaction(conn, self._server.leave, "IMMEDIATE")
        except READING_ERRORS as error:
            # The next server sees that this process has ended, and does the same.
            _log.warning("The database was closed without a goodbye: %s", type(error).__name__)
        finally:
            conn.close()

    def _open(self) -> sqlite3.Connection:
        if self._conn is not None:
            if not was_replaced(self._path, self.file):
                return self._conn
            self._close()
        if self._left:
            raise StorageError("The database is closed", retryable=False)
        self._path.parent.parent.mkdir(parents=True, exist_ok=True)
        make_private_folder(self._path.parent)
        make_private_file(self._path)
        file = inode(self._path)
        try:
            conn = self._prepared()
        except READING_ERRORS as error:
            if not is_damage(error):
                raise
            self.repair(file)
            file = inode(self._path)
            conn = self._prepared()
        self._durable = True
        self._conn, self.file = conn, file
        return conn

    def _prepared(self) -> sqlite3.Connection:
        conn = connect(self._path, read_only=False, lock_seconds=self._lock_seconds)
        try:
            set_journal(conn, journal_mode(self._path), self._lock_seconds)
            conn.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
            conn.execute("PRAGMA foreign_keys = ON")
            conn.execute("PRAGMA synchronous = FULL")
            back_up(conn, self._path, len(MIGRATIONS))
            migrate(conn)
            transaction(conn, self._server.register, "IMMEDIATE")
        except BaseException:
            conn.close()
            raise
        return conn

    def _close(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()

    def _write(self, fn: Job[T], durable: bool) -> T:
        conn = self.opened()
        self._set_durable(conn, durable)
        return self._seen(lambda: transaction(conn, fn, "IMMEDIATE"))

    def _set_durable(self, conn: sqlite3.Connection, durable: bool) -> None:
        if durable != self._durable:
            conn.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def _beat(self, conn: sqlite3.Connection) -> None:
        conn.execute(f"PRAGMA busy_timeout = {int(_BEAT_LOCK_SECONDS * 1000)}")
        try:
            self._set_durable(conn, False)
            transaction(conn, self._server.beat, "IMMEDIATE")
        finally:
            conn.execute(f"PRAGMA busy_timeout = {int(self._lock_seconds * 1000)}")
        self._health.fine()

    def _seen(self, job: Callable[[], T]) -> T:
        """Do a job, and let `health` see where the disk refuses."""
        try:
            return job()
        except (sqlite3.Error, OSError) as error:
            told = storage_error(error, self._path.parent)
            told.__cause__ = error
            self._health.failed(told)
            raise
