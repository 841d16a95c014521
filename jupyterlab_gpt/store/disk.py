"""The disk under the database: private files, the file system's kind, what its errors mean."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from pathlib import Path

from ..errors import ErrorCode, StorageError

# File systems on which a WAL is not safe (its index is shared memory, which machines do not
# share) or whose locks are not to be trusted: there the journal mode is DELETE.
_NETWORK = frozenset(
    (
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse", "fuseblk", "gfs"),
        *("gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs"),
        *("panfs", "pvfs2", "smb2", "smb3", "smbfs", "virtiofs", "wekafs"),
    )
)
# Bytes; SQLite cannot even grow its shared-memory file by one page of 32 KiB then.
_NO_SPACE = 64 * 1024


def open_to_read(path: Path, *, timeout: float = 5.0) -> sqlite3.Connection:
    """Open a database that nothing is written to; it is not made where there is none.

    Parameters
    ----------
    timeout
        Seconds to wait for one that is locked; SQLite's own default.
    """
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its user can enter (0700), whatever the umask is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def make_private_file(path: Path) -> None:
    """Make an empty file that only its user can read (0600), if there is none.

    SQLite gives -wal, -shm and -journal the mode of the database, so it must be
    there with the right mode before SQLite opens it. A file that is there is never
    opened here: closing it would drop all locks that this process holds on it
    (POSIX), also those of another connection to it.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))):
        # Another server may close at this moment, which deletes these.
        with contextlib.suppress(FileNotFoundError):
            if name.stat().st_mode & 0o077:
                name.chmod(0o600)


def sync_folder(folder: Path) -> None:
    """Make the names of new files in a folder durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # a system that cannot open folders
    try:
        os.fsync(handle)
    except OSError:
        pass  # a file system that cannot sync them
    finally:
        os.close(handle)


def journal_mode(path: Path, mounts: str | None = None) -> str:
    """The journal mode for a database at `path`: DELETE on a network file system, else WAL.

    Parameters
    ----------
    path
        Where the database is, or will be.
    mounts
        The table of mounts, as in ``/proc/mounts``; read from there when left out.
        Without one (not on Linux) the file system is taken for a local one.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(errors="replace")
        except OSError:
            return "wal"
    real = path.resolve()
    longest, kind = -1, ""
    for line in mounts.splitlines():
        words = line.split()
        if len(words) < 3:
            continue
        point = Path(words[1].replace("\\040", " ").replace("\\011", "\t"))
        # Of two mounts at one place the later covers the earlier.
        if real.is_relative_to(point) and len(point.parts) >= longest:
            longest, kind = len(point.parts), words[2].lower()
    return "delete" if kind in _NETWORK or kind.startswith("fuse.") else "wal"


def set_journal(conn: sqlite3.Connection, mode: str, seconds: float) -> None:
    """Set the journal mode; SQLite does not wait here when another server does the same."""
    give_up = time.monotonic() + seconds
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


# What reading a damaged file raises: the second is Python's, where SQLite's message quotes a
# name in the schema that is no text any more.
READING_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that what is in the file cannot be right."""
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def inode(path: Path) -> tuple[int, int] | None:
    """Which file is at a path; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def was_replaced(path: Path, opened: tuple[int, int] | None) -> bool:
    """Whether another file is at a path than the one that was opened (another server's repair)."""
    try:
        return inode(path) != opened
    except OSError:
        return False  # a home that is away for a moment


def storage_error(error: Exception, folder: Path) -> StorageError:
    """What the user is told when the disk or SQLite refuses.

    Parameters
    ----------
    error
        A `sqlite3.Error` or an `OSError`.
    folder
        Where it happened: an input/output error on a full disk means that it is full.
    """
    code: ErrorCode = "storage_failed"
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            code = "storage_full"
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            code = "storage_read_only"
    else:
        code = _of_sqlite(getattr(error, "sqlite_errorcode", 0) & 0xFF, folder)
    return StorageError(
        f"The history could not be stored: {code.replace('_', ' ')} ({type(error).__name__}:"
        f" {error})",
        code=code,
    )


def _of_sqlite(primary: int, folder: Path) -> ErrorCode:
    if primary == sqlite3.SQLITE_FULL:
        return "storage_full"
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "storage_locked"
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return "storage_read_only"
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        try:
            if hasattr(os, "statvfs"):
                disk = os.statvfs(folder)
                if disk.f_flag & getattr(os, "ST_RDONLY", 0):
                    return "storage_read_only"
                if disk.f_bavail * disk.f_frsize < _NO_SPACE:
                    return "storage_full"
            if not os.access(folder, os.W_OK):
                return "storage_read_only"
        except OSError:
            pass
    return "storage_failed"
