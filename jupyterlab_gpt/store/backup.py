"""Copies of the database beside it: what a migration began with, and what was damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from .disk import sync_folder

# How many backups are kept: the state before this version, and before the one before, in case
# that a fault of the first shows only after the second.
KEPT = 2


def backup_path(path: Path, version: int) -> Path:
    """Where the backup of a version of the tables is."""
    return path.with_name(f"{path.stem}-backup-v{version}{path.suffix}")


def back_up(conn: sqlite3.Connection, path: Path, newest: int) -> Path | None:
    """Copy the database if a migration is about to change it.

    Parameters
    ----------
    conn
        The writing connection, outside of a transaction.
    path
        Where the database is.
    newest
        The version that it is going to have.

    Returns
    -------
    Path or None
        The copy; None where none is needed: a new database, or one that is up to date.
    """
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    if not 0 < version < newest:
        return None
    copy = path.with_name(f"{path.stem}-new-{uuid.uuid4()}.tmp")
    # SQLite takes an empty file that is there, and would make one that others can read.
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        conn.execute("VACUUM INTO ?", (str(copy),))
        with closing(sqlite3.connect(copy)) as made:
            if made.execute("PRAGMA user_version").fetchone()[0] != version:
                return None  # another server migrated meanwhile, and made the backup
        handle = os.open(copy, os.O_RDWR)
        os.fsync(handle)
        os.close(handle)
        kept = backup_path(path, version)
        copy.replace(kept)
        sync_folder(path.parent)
    finally:
        copy.unlink(missing_ok=True)
    for old in backups(path)[:-KEPT]:
        old.unlink(missing_ok=True)
    return kept


def backups(path: Path) -> list[Path]:
    """The backups that there are, the oldest first."""

    def version(file: Path) -> int:
        return int(file.stem.rpartition("-v")[2])

    found = path.parent.glob(f"{path.stem}-backup-v*{path.suffix}")
    return sorted((file for file in found if file.stem.rpartition("-v")[2].isdigit()), key=version)


def damaged(path: Path) -> list[Path]:
    """The damaged files that were moved aside, with their journals."""
    return sorted(path.parent.glob(f"{path.stem}-damaged-*"))


def delete_copies(path: Path, *, also_damaged: bool) -> None:
    """Delete the copies, once all that is in them was to be deleted."""
    for file in [*backups(path), *(damaged(path) if also_damaged else [])]:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
