"""A damaged database: noticed, moved aside with a date, its readable rows in a new file."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from .disk import (
    READING_ERRORS,
    inode,
    is_damage,
    make_private_file,
    open_to_read,
    sync_folder,
)
from .migrations import migrate
from .salvage import salvage
from .transaction import transaction

_log = logging.getLogger(__name__)

# Hours between two checks of a file that ended cleanly: once a day, also where the server is
# started every morning.
CHECK_HOURS = 20.0
# Seconds between two looks at the lock of another server's repair.
_WAIT = 0.1


def is_due(path: Path) -> bool:
    """Whether the last check of the file was long ago."""
    try:
        return time.time() - _stamp(path).stat().st_mtime > CHECK_HOURS * 3600
    except OSError:
        return True


def is_sound(path: Path) -> bool:
    """Let SQLite look at the whole file, through a connection of its own; takes seconds.

    Raises
    ------
    sqlite3.Error
        It could not be looked at, which says nothing of the file.
    """
    try:
        with closing(open_to_read(path)) as conn:
            conn.execute("PRAGMA query_only = ON")
            found = conn.execute("PRAGMA quick_check (1)").fetchone()[0]
    except READING_ERRORS as error:
        if not is_damage(error):
            raise
        return False
    with contextlib.suppress(OSError):
        make_private_file(_stamp(path))
        os.utime(_stamp(path))
    return bool(found == "ok")


def replace_damaged(path: Path, opened: tuple[int, int] | None) -> str | None:
    """Put a new file with the readable rows in the place of a damaged one, which is kept.

    Parameters
    ----------
    path
        The database; this process has no connection to it any more.
    opened
        Which file was found to be damaged (`inode`).

    Returns
    -------
    str or None
        What was done, for the user; None where another server has done it meanwhile.
    """
    with _alone(path):
        if opened is not None and inode(path) != opened:
            return None
        new = path.with_name(f"{path.stem}-new-{uuid.uuid4()}.tmp")
        make_private_file(new)
        try:
            saved = _rescue(path, new)
            kept = _move_aside(path)
            new.replace(path)
            sync_folder(path.parent)
        finally:
            new.unlink(missing_ok=True)
    message = (
        f"The history was damaged. {saved.get('conversations', 0)} conversations with"
        f" {saved.get('messages', 0)} messages and {saved.get('calls', 0)} entries of costs were"
        f" saved; the damaged file is kept as {kept.name}."
    )
    _log.error("%s", message)
    return message


def _rescue(path: Path, new: Path) -> dict[str, int]:
    with closing(sqlite3.connect(new, isolation_level=None)) as made:
        made.execute("PRAGMA temp_store = MEMORY")
        migrate(made)
        try:
            with closing(open_to_read(path)) as old:
                return transaction(made, lambda conn: salvage(old, conn), "IMMEDIATE")
        except READING_ERRORS as error:
            if not is_damage(error):
                raise
            return {}  # nothing of it can be read


def _move_aside(path: Path) -> Path:
    """Rename the file and its journals; together they can still be looked at."""
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%f")
    kept = path.with_name(f"{path.stem}-damaged-{when}{path.suffix}")
    # The journals first: a WAL beside a new file would be taken for its own.
    for end in ("-wal", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    path.rename(kept)
    return kept


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one server at a time repair, where the system can tell."""
    try:
        import fcntl
    except ImportError:  # Windows, which does not rename a file that another server has open
        yield
        return
    lock = path.with_name(path.name + ".repair")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_WAIT)
            except OSError:
                break  # a file system without such locks
        yield
    finally:
        os.close(handle)


def _stamp(path: Path) -> Path:
    return path.with_name(path.name + ".checked")
