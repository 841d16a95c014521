"""The doctor's look at what lies on the disk: folder, database, room."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..config import GPTTraits
from ..handlers.services import DATABASE
from ..store.disk import READING_ERRORS, journal_mode, open_to_read
from ..store.migrations import MIGRATIONS
from .doctor import Finding

# Below this a month of conversations may not fit (a long one has 2 MB).
_LITTLE = 200 * 10**6
# Another server may hold the file for a moment.
_WAIT_SECONDS = 5.0


def look(traits: GPTTraits) -> Iterator[Finding]:
    """Look at folder and database."""
    folder = Path(traits.data_dir).expanduser()
    yield from _folder(folder)
    path = folder / DATABASE
    if not path.is_file():
        yield Finding("ok", "database", f"{path} is made at first use")
        return
    try:
        yield from _database(path)
    except READING_ERRORS as error:
        yield Finding(
            "bad",
            "database",
            f"{path} cannot be read: {error}",
            "Start JupyterLab: it moves a damaged file aside and saves what can be read of it.",
        )


def _folder(folder: Path) -> Iterator[Finding]:
    there = folder
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding(
            "bad",
            "folder",
            f"{there} cannot be written to",
            "Give it to this user, or name another folder in GPTExtension.data_dir.",
        )
        return
    mode = folder.stat().st_mode & 0o777 if folder.exists() else 0o700
    if mode & 0o077 and os.name == "posix":
        yield Finding(
            "bad",
            "folder",
            f"{folder} is open to others ({mode:o}), and holds keys and prompts",
            f"chmod 700 {folder}",
        )
    free = shutil.disk_usage(there).free
    room = f"{free / 1e9:.1f} GB free"
    if free < _LITTLE:
        yield Finding("bad", "disk", room, "Make room: with a full disk no history is kept.")
    else:
        yield Finding("ok", "disk", f"{folder}, {room}")


def _database(path: Path) -> Iterator[Finding]:
    wanted = journal_mode(path)
    with closing(open_to_read(path, timeout=_WAIT_SECONDS)) as conn:
        (said,) = conn.execute("PRAGMA quick_check(1)").fetchone()
        (mode,) = conn.execute("PRAGMA journal_mode").fetchone()
        (version,) = conn.execute("PRAGMA user_version").fetchone()
    size = f"{path.stat().st_size / 1e6:.1f} MB, journal mode {mode}"
    if said != "ok":
        yield Finding(
            "bad",
            "database",
            f"{path} is damaged: {said}",
            "Start JupyterLab: it moves the file aside and saves what can be read of it.",
        )
    elif version > len(MIGRATIONS):
        yield Finding(
            "bad",
            "database",
            f"{path} was written by a newer version ({version}, this one knows {len(MIGRATIONS)})",
            "Install that version again: pip install --upgrade jupyterlab-gpt",
        )
    elif mode != wanted:
        yield Finding(
            "note",
            "database",
            f"{size}; this file system wants {wanted}",
            "It changes by itself when no other server has the file open.",
        )
    else:
        yield Finding("ok", "database", f"{path}, {size}, no damage")
