"""The database: one writing connection in one thread, one read-only in another.

Nothing here blocks the event loop, and nothing else in the process touches the
file. Functions of the other modules of `store` take a connection and are composed
by whoever calls `Database.write`: all that one call does is one transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from ..errors import StorageError
from .disk import READING_ERRORS, inode, is_damage, storage_error, was_replaced
from .health import Health
from .repair import is_due, is_sound
from .servers import BEAT_SECONDS, ServerRow
from .transaction import transaction
from .worker import Worker
from .writing import WriteConnection, connect

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

# Seconds that a write or read waits for a lock of another server before it fails with
# storage_locked. The longest transaction of ours (consolidating an answer of 1 MiB with
# FULL on a slow disk) takes under one; the caller decides whether to ask again.
LOCK_SECONDS = 10.0


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
        self._writing = WriteConnection(self.path, self._server, self.health, lock_seconds)
        self._reading: sqlite3.Connection | None = None
        # Another server may replace a damaged file.
        self._read_file: tuple[int, int] | None = None
        self._closed = False
        self._writer = Worker("gpt-database-writer", beat=self._writing.beat, interval=BEAT_SECONDS)
        self._reader = Worker("gpt-database-reader")

    @property
    def is_open(self) -> bool:
        """Whether the file was opened, and was not closed since."""
        return self._writing.is_open

    async def open(self) -> None:
        """Open the file: folder and modes, tables, journal, this server's row.

        Turns that dead servers left `streaming` become `incomplete`.

        Raises
        ------
        StorageError
            The disk does not let us; the next call tries again.
        """
        await self._ask(self._writer, self._writing.opened)

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
        return await self._ask(self._writer, lambda: self._writing.write(fn, durable))

    async def read(self, fn: Job[T]) -> T:
        """Run `fn(conn)` in the reading thread, on one state of the database."""
        return await self._ask(self._reader, lambda: self._read(fn))

    async def vacuum(self) -> None:
        """Give deleted rows' space back, so that nothing of them stays in any file.

        Backups go too, and where nothing is left, damaged files that were kept.
        """
        await self._ask(self._writer, self._writing.vacuum)

    async def check(self) -> None:
        """Have SQLite look at the whole file, if that is due; no read or write waits for it.

        Due after an unclean end, and once a day. A damaged file is replaced (`repair`).
        """
        file = self._writing.file
        if file is None or not (self._server.found_dead or is_due(self.path)):
            return
        try:
            sound = await asyncio.to_thread(is_sound, self.path)
        except (sqlite3.Error, OSError) as error:
            raise storage_error(error, self.path.parent) from error
        self._server.found_dead = False
        if not sound:
            await self._ask(self._writer, lambda: self._writing.repair(file))

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
            self._writer.submit(self._writing.leave).result()
        finally:
            self._writer.end()

    # ------------------------------------------------------------ the reading thread

    def _read(self, fn: Job[T]) -> T:
        try:
            return self._read_once(fn)
        except READING_ERRORS as error:
            if not is_damage(error):
                raise
            file = self._read_file
            repair = self._submit(self._writer, lambda: self._writing.repair(file))
            repair.result()
            return self._read_once(fn)

    def _read_once(self, fn: Job[T]) -> T:
        if self._reading is not None and was_replaced(self.path, self._read_file):
            self._reading.close()
            self._reading = None
        if self._reading is None:
            if not self._writing.is_open:  # else a long write would be waited for
                self._submit(self._writer, self._writing.opened).result()
            self._read_file = inode(self.path)
            conn = connect(self.path, read_only=True, lock_seconds=self._lock_seconds)
            conn.execute("PRAGMA query_only = ON")
            self._reading = conn
        return transaction(self._reading, fn, "DEFERRED")
