"""Blobs: content too large for a frame, in files named by their hash beside the database.

A file is shared by all who put the same bytes; whose they are says a row. Rows and
files change together, under the database's lock: a sweep can never take a file that
another server is just putting.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..errors import NotFound
from .database import Database
from .disk import make_private_folder, storage_error, sync_folder
from .values import utc_now, utc_text

# How long a blob that no message names is kept (wire.md): a draft with a chip survives the night.
UNNAMED_HOURS = 24


class BlobStore:
    """The blobs of all owners.

    Parameters
    ----------
    folder
        Where the files are; made on first use, closed to others (0700).
    db
        The database with the rows.
    """

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder = Path(folder)
        self._db = db

    async def put(self, owner: str, data: bytes) -> dict[str, Any]:
        """Store bytes for an owner.

        Returns
        -------
        dict
            The wire's `BlobInfo`: ``{sha256, bytes}``.
        """
        sha256 = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        written = await asyncio.to_thread(self._write, data)
        try:
            await self._db.write(lambda conn: self._enter(conn, owner, sha256, len(data), written))
        finally:
            await asyncio.to_thread(written.unlink, missing_ok=True)
        return {"sha256": sha256, "bytes": len(data)}

    async def get(self, owner: str, sha256: str) -> bytes:
        """The bytes of an owner's blob.

        Raises
        ------
        NotFound
            unknown_blob: no such blob, or only another owner's.
        """
        owned = await self._db.read(
            lambda conn: conn.execute(
                "SELECT 1 FROM blobs WHERE owner = ? AND sha256 = ?", (owner, sha256)
            ).fetchone()
        )
        if owned:
            try:
                return await asyncio.to_thread(self._path(sha256).read_bytes)
            except FileNotFoundError:
                pass
            except OSError as error:
                raise storage_error(error, self._folder) from error
        raise NotFound("No such blob", code="unknown_blob")

    async def purge(self, owner: str) -> None:
        """Delete all that an owner ever put."""

        def run(conn: sqlite3.Connection) -> None:
            for (sha256,) in conn.execute(
                "SELECT sha256 FROM blobs WHERE owner = ?", (owner,)
            ).fetchall():
                self._delete(conn, owner, sha256)

        await self._db.write(run)

    async def sweep(self, now: datetime | None = None) -> int:
        """Delete blobs that no message names and that nobody put for a day.

        Returns
        -------
        int
            How many rows were deleted.
        """
        limit = utc_text((now or datetime.now(UTC)) - timedelta(hours=UNNAMED_HOURS))
        swept = await self._db.write(lambda conn: self._sweep(conn, limit), durable=False)
        await asyncio.to_thread(self._sweep_unfinished)
        return swept

    def _path(self, sha256: str) -> Path:
        # Two levels would be for millions of files; 256 folders hold what a user attaches.
        return self._folder / sha256[:2] / sha256

    def _write(self, data: bytes) -> Path:
        """Write the bytes under a name of their own, durably."""
        path = self._folder / f"new-{uuid.uuid4()}"
        try:
            make_private_folder(self._folder)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            path.unlink(missing_ok=True)
            raise storage_error(error, self._folder) from error
        return path

    def _enter(
        self, conn: sqlite3.Connection, owner: str, sha256: str, size: int, written: Path
    ) -> None:
        path = self._path(sha256)
        make_private_folder(path.parent)
        written.replace(path)
        sync_folder(path.parent)
        conn.execute(
            "INSERT INTO blobs (owner, sha256, bytes, put) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (owner, sha256) DO UPDATE SET put = excluded.put",
            (owner, sha256, size, utc_now()),
        )

    def _sweep(self, conn: sqlite3.Connection, limit: str) -> int:
        old = conn.execute(
            "SELECT owner, sha256 FROM blobs AS b WHERE put < ? AND NOT EXISTS"
            " (SELECT 1 FROM message_blobs AS n JOIN messages AS m ON m.id = n.message_id"
            "  JOIN conversations AS c ON c.id = m.conversation_id"
            "  WHERE n.sha256 = b.sha256 AND c.owner = b.owner)",
            (limit,),
        ).fetchall()
        for owner, sha256 in old:
            self._delete(conn, owner, sha256)
        return len(old)

    def _delete(self, conn: sqlite3.Connection, owner: str, sha256: str) -> None:
        conn.execute("DELETE FROM blobs WHERE owner = ? AND sha256 = ?", (owner, sha256))
        if not conn.execute("SELECT 1 FROM blobs WHERE sha256 = ?", (sha256,)).fetchone():
            self._path(sha256).unlink(missing_ok=True)

    def _sweep_unfinished(self) -> None:
        """Delete what a killed server had not finished putting."""
        limit = datetime.now(UTC).timestamp() - UNNAMED_HOURS * 3600
        for path in self._folder.glob("new-*"):
            try:
                if path.stat().st_mtime < limit:
                    path.unlink()
            except OSError:
                continue  # another server was faster
