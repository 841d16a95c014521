"""The database: one writing connection in one thread, one read-only in another.

Nothing here blocks the event loop, and nothing else in the process touches the
file. Functions of the other modules of `store` take a connection and are composed
by whoever calls `Database.write`: all that one call does is one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from ..errors import StorageError
from .disk import journal_mode, make_private_file, make_private_folder, storage_error
from .health import Health
from .migrations import migrate
from .servers import BEAT_SECONDS, ServerRow
from .transaction import transaction
from .worker import Worker

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

_log = logging.getLogger(__name__)

# Seconds that a write or read waits for a lock of another server before it fails with
# storage_locked. The longest transaction of ours (consolidating an answer of 1 MiB with
# FULL on a slow disk) takes under one; the caller decides whether to ask again.
LOCK_SECONDS = 10.0
# A heartbeat does not wait so long: the next one comes soon.
_BEAT_LOCK_SECONDS = 1.0
# The WAL is cut back to this size after a checkpoint; SQLite checkpoints at 1000 pages (4 MB).
_WAL_BYTES = 16 * 1024 * 1024


class Database:
    """The SQLite file of one user, or of all users of one server.

    It opens with the first `write` or `read`, and a failed opening is tried again
    with the next one. All methods may be called from any event loop.

    Parameters
    ----------
    path
        The file; its folder is made and closed to others (0700).
    server_id
        Names this server in turns; a new one by default.
    lock_seconds
        How long to wait for other servers' locks.
    on_orphans
        Called when dead servers' calls are closed, in that transaction (`ServerRow`).
    """

    def __init__(
        self,
        path: Path,
        *,
        server_id: str | None = None,
        lock_seconds: float = LOCK_SECONDS,
        on_orphans: Job[object] | None = None,
    ) -> None:
        self.path = Path(path)
        self.health = Health(self.path.parent)
        self.server_id = server_id or str(uuid.uuid4())
        self._lock_seconds = lock_seconds
        self._server = ServerRow(self.server_id, on_orphans)
        self._writing: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None
        self._durable = True
        self._closed = False
        self._left = False
        self._writer = Worker("gpt-database-writer", beat=self._beat, interval=BEAT_SECONDS)
        self._reader = Worker("gpt-database-reader")

    @property
    def is_open(self) -> bool:
        """Whether the file was opened, and was not closed since."""
        return self._writing is not None

    async def open(self) -> None:
        """Open the file: folder and modes, tables, journal, this server's row.

        Turns that dead servers left `streaming` become `incomplete`.

        Raises
        ------
        StorageError
            The disk does not let us; the next call tries again.
        """
        await self._ask(self._writer, self._opened)

    async def write(self, fn: Job[T], *, durable: bool = True) -> T:
        """Run `fn(conn)` in one transaction of the writing thread.

        A write that was asked for is done even if the asking task is cancelled.

        Parameters
        ----------
        fn
            Raises to undo all that it did.
        durable
            On the disk before this returns (synchronous FULL); else only safe from a
            killed process, not from a power cut in the next moment (NORMAL).

        Raises
        ------
        StorageError
            storage_full, storage_locked, storage_read_only or storage_failed.
        """
        return await self._ask(self._writer, lambda: self._write(fn, durable))

    async def read(self, fn: Job[T]) -> T:
        """Run `fn(conn)` in the reading thread, on one state of the database."""
        return await self._ask(self._reader, lambda: self._read(fn))

    async def vacuum(self) -> None:
        """Give deleted rows' space back, so that nothing of them stays in the file."""

        def run() -> None:
            conn = self._write_connection()
            conn.execute("VACUUM")
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        await self._ask(self._writer, run)

    async def close(self) -> None:
        """Do what waits, take this server's row out and close the file; the last thing."""
        if self._closed:
            return
        self._closed = True
        await asyncio.shield(asyncio.to_thread(self._close))

    # ------------------------------------------------------------ any thread

    async def _ask(self, worker: Worker, job: Callable[[], T]) -> T:
        future = self._submit(worker, job)
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except (sqlite3.Error, OSError) as error:
            raise storage_error(error, self.path.parent) from error

    def _submit(self, worker: Worker, job: Callable[[], T]) -> Future[T]:
        try:
            return worker.submit(job)
        except RuntimeError:
            raise StorageError("The database is closed", retryable=False) from None

    def _close(self) -> None:
        self._reader.end()
        if self._reading is not None:
            self._reading.close()
            self._reading = None
        try:
            self._writer.submit(self._leave).result()
        finally:
            self._writer.end()

    # ------------------------------------------------------------ the writing thread

    def _opened(self) -> sqlite3.Connection:
        return self._seen(self._write_connection)

    def _seen(self, job: Callable[[], T]) -> T:
        """Do a job, and let `health` see where the disk refuses."""
        try:
            return job()
        except (sqlite3.Error, OSError) as error:
            told = storage_error(error, self.path.parent)
            told.__cause__ = error
            self.health.failed(told)
            raise

    def _write_connection(self) -> sqlite3.Connection:
        if self._writing is not None:
            return self._writing
        if self._left:
            raise StorageError("The database is closed", retryable=False)
        self.path.parent.parent.mkdir(parents=True, exist_ok=True)
        make_private_folder(self.path.parent)
        make_private_file(self.path)
        conn = self._connect(read_only=False)
        try:
            self._set_journal(conn)
            conn.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
            conn.execute("PRAGMA foreign_keys = ON")
            conn.execute("PRAGMA synchronous = FULL")
            migrate(conn)
            transaction(conn, self._server.register, "IMMEDIATE")
        except BaseException:
            conn.close()
            raise
        self._durable = True
        self._writing = conn
        return conn

    def _set_journal(self, conn: sqlite3.Connection) -> None:
        """Set the journal mode; SQLite does not wait here when another server does the same."""
        mode = journal_mode(self.path)
        give_up = time.monotonic() + self._lock_seconds
        while True:
            try:
                if conn.execute("PRAGMA journal_mode").fetchone()[0] != mode:
                    conn.execute(f"PRAGMA journal_mode = {mode}").fetchone()
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() >= give_up:
                    raise
                time.sleep(0.02)

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        conn = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
            uri=True,
            timeout=self._lock_seconds,
            isolation_level=None,  # transactions begin where we say
            check_same_thread=False,  # closed by the thread that ends the worker
        )
        # Sorting a long list must not leave prompts in /tmp.
        conn.execute("PRAGMA temp_store = MEMORY")
        return conn

    def _write(self, fn: Job[T], durable: bool) -> T:
        conn = self._opened()
        self._set_durable(conn, durable)
        result = self._seen(lambda: transaction(conn, fn, "IMMEDIATE"))
        self.health.fine()
        return result

    def _set_durable(self, conn: sqlite3.Connection, durable: bool) -> None:
        if durable != self._durable:
            conn.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def _beat(self) -> None:
        """Say that this server lives; a beat that fails is made up for by the next."""
        try:
            if self._writing is None:
                # Opened by whoever needs it, and again here once the disk refused that.
                if self.health.state != "ok" and not self._left:
                    self._opened()
                    self.health.fine()
                return
            self._beat_once(self._writing)
        except (sqlite3.Error, OSError, StorageError) as error:
            _log.debug("Heartbeat not written: %s", type(error).__name__)

    def _beat_once(self, conn: sqlite3.Connection) -> None:
        conn.execute(f"PRAGMA busy_timeout = {int(_BEAT_LOCK_SECONDS * 1000)}")
        try:
            self._set_durable(conn, False)
            transaction(conn, self._server.beat, "IMMEDIATE")
        finally:
            conn.execute(f"PRAGMA busy_timeout = {int(self._lock_seconds * 1000)}")
        self.health.fine()

    def _leave(self) -> None:
        self._left = True
        conn, self._writing = self._writing, None
        if conn is None:
            return
        try:
            conn.execute(f"PRAGMA busy_timeout = {int(_BEAT_LOCK_SECONDS * 1000)}")
            transaction(conn, self._server.leave, "IMMEDIATE")
        except sqlite3.Error as error:
            # The next server sees that this process has ended, and does the same.
            _log.warning("The database was closed without a goodbye: %s", type(error).__name__)
        finally:
            conn.close()

    # ------------------------------------------------------------ the reading thread

    def _read(self, fn: Job[T]) -> T:
        if self._reading is None:
            if self._writing is None:  # else a long write would be waited for
                self._submit(self._writer, self._opened).result()
            conn = self._connect(read_only=True)
            conn.execute("PRAGMA query_only = ON")
            self._reading = conn
        return transaction(self._reading, fn, "DEFERRED")
