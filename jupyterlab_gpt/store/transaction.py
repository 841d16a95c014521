"""One transaction: all of it, or nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_log = logging.getLogger(__name__)


def transaction(conn: sqlite3.Connection, fn: Callable[[sqlite3.Connection], T], kind: str) -> T:
    """Run `fn(conn)` in a transaction of a kind (`IMMEDIATE`, `DEFERRED`)."""
    conn.execute(f"BEGIN {kind}")
    try:
        result = fn(conn)
        conn.execute("COMMIT")
    except BaseException:
        _roll_back(conn)
        raise
    return result


def _roll_back(conn: sqlite3.Connection) -> None:
    """Undo; SQLite has done so by itself after some errors (a full disk)."""
    if conn.in_transaction:
        try:
            conn.execute("ROLLBACK")
        except sqlite3.Error as error:
            _log.debug("Nothing to undo: %s", type(error).__name__)
