"""What can still be read of a damaged database, put into a new one.

Rows are read in their order; where that fails, reading goes on behind the gap, and from the
end. A row that is not whole (its conversation, its question) gets what it needs to be shown.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from .disk import READING_ERRORS
from .rows import Dict
from .values import dumps, utc_now

_log = logging.getLogger(__name__)

# Parents first. `servers` is not worth it: the dead ones' turns are closed at the next start;
# nor is `refusals`: they are learned again.
_TABLES = (
    *("conversations", "messages", "pieces", "calls", "providers", "blobs", "message_blobs"),
    *("budgets", "reservations", "price_overrides"),
)
_WITHOUT_ROWID = frozenset(("message_blobs", "price_overrides"))
# Assigned anew by a trigger.
_NOT_COPIED = frozenset((("conversations", "number"),))
_JSON = ("parts", "params", "error", "usage", "cost")
# Steps over a gap double from 1: 64 of them pass any rowid.
_MAX_STEPS = 64


def salvage(damaged: sqlite3.Connection, new: sqlite3.Connection) -> dict[str, int]:
    """Copy the rows that can be read into a new database with all its tables.

    Parameters
    ----------
    damaged
        Read only; anything in it may be wrong.
    new
        In a transaction of the caller's.

    Returns
    -------
    dict
        How many rows of each table were saved.
    """
    damaged.text_factory = lambda data: data.decode("utf-8", "replace")
    saved = {}
    for table in _TABLES:
        saved[table] = sum(_put(new, table, row) for row in _rows(damaged, table))
    _mend(new)
    return saved


def _rows(conn: sqlite3.Connection, table: str) -> Iterator[Dict]:
    try:
        names = [row[1] for row in conn.execute(f"PRAGMA table_info ({table})")]
    except READING_ERRORS:
        return  # not even the table's name can be read
    names = [name for name in names if (table, name) not in _NOT_COPIED]
    if not names:
        return
    key = "rowid" if table not in _WITHOUT_ROWID else names[0]
    columns = ", ".join(f'"{name}"' for name in names)
    query = f"SELECT {key} AS salvage_key, {columns} FROM {table} NOT INDEXED"  # noqa: S608

    def read(tail: str, values: tuple[Any, ...]) -> tuple[list[tuple[Any, ...]], bool]:
        """Read as far as it goes: the rows, and whether that was the end."""
        found = []
        try:
            for row in conn.execute(f"{query} {tail}", values):
                found.append(row)  # what was read before an error counts
        except READING_ERRORS:
            return found, False
        return found, True

    found, whole = read(f"ORDER BY {key}", ())
    if not whole and table in _WITHOUT_ROWID:
        found += read(f"ORDER BY {key} DESC", ())[0]
    elif not whole:
        found += _behind_gaps(read, found)
    for row in found:
        yield dict(zip(names, row[1:], strict=True))


_Read = Callable[[str, tuple[Any, ...]], tuple[list[tuple[Any, ...]], bool]]


def _behind_gaps(read: _Read, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Read on behind each place that cannot be read."""
    more: list[tuple[Any, ...]] = []
    last = int(found[-1][0]) if found else 0
    end, _ = read("ORDER BY rowid DESC", ())
    top = int(end[-1][0]) if end else None
    step, steps = 1, 0
    while top is not None and last + step < top and steps < _MAX_STEPS:
        some, whole = read("WHERE rowid > ? AND rowid < ? ORDER BY rowid", (last + step, top))
        more += some
        if whole:
            break
        if some:
            last, step, steps = int(some[-1][0]), 1, 0
        else:
            step, steps = step * 2, steps + 1
    return [*more, *reversed(end)]


def _put(new: sqlite3.Connection, table: str, row: Dict) -> bool:
    known = {r[1] for r in new.execute(f"PRAGMA table_info ({table})")}
    if table == "messages":
        _mend_json(row)
    names = [name for name in row if name in known]
    marks = ", ".join("?" * len(names))
    try:
        done = new.execute(
            f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
            [row[name] for name in names],
        )
    except sqlite3.Error as error:
        _log.debug("A row of %s could not be saved: %s", table, type(error).__name__)
        return False
    return done.rowcount > 0


def _mend_json(row: Dict) -> None:
    for name in _JSON:
        try:
            json.loads(row[name]) if row.get(name) is not None else None
        except (ValueError, TypeError, RecursionError):
            row[name] = dumps([{"type": "text", "text": str(row.get("text") or "")}])
            if name != "parts":
                row[name] = "{}" if name == "params" else None


def _mend(new: sqlite3.Connection) -> None:
    """Make trees of what was saved again."""
    owners = [
        row[0]
        for row in new.execute(
            "SELECT owner FROM conversations UNION SELECT owner FROM calls UNION SELECT owner"
            " FROM blobs UNION SELECT owner FROM providers"
        )
    ]
    lost = "conversation_id NOT IN (SELECT id FROM conversations)"
    if len(owners) == 1:  # else nobody knows whose they are
        now = utc_now()
        for (name,) in new.execute(f"SELECT DISTINCT conversation_id FROM messages WHERE {lost}"):  # noqa: S608
            new.execute(
                "INSERT INTO conversations (id, owner, title, created, updated)"
                " VALUES (?, ?, 'Recovered', ?, ?)",
                (name, owners[0], now, now),
            )
    new.execute(f"DELETE FROM messages WHERE {lost}")  # noqa: S608
    parent_lost = "parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages)"
    new.execute(f"UPDATE messages SET parent_id = NULL WHERE role = 'user' AND {parent_lost}")  # noqa: S608
    stub = "(This question could not be read.)"
    orphans = new.execute(
        "SELECT id, conversation_id, created FROM messages WHERE role = 'assistant'"  # noqa: S608
        f" AND (parent_id IS NULL OR {parent_lost})"
    ).fetchall()
    for name, conversation, created in orphans:
        question = str(uuid.uuid4())
        new.execute(
            "INSERT INTO messages (id, conversation_id, role, parts, text, created, status)"
            " VALUES (?, ?, 'user', ?, ?, ?, 'complete')",
            (question, conversation, dumps([{"type": "text", "text": stub}]), stub, created),
        )
        new.execute("UPDATE messages SET parent_id = ? WHERE id = ?", (question, name))
    new.execute(
        "UPDATE conversations SET leaf = (SELECT id FROM messages AS m WHERE"
        " m.conversation_id = conversations.id AND m.deleted_with IS NULL"
        " ORDER BY m.seq DESC LIMIT 1)"
        " WHERE leaf IS NULL OR leaf NOT IN (SELECT id FROM messages WHERE deleted_with IS NULL)"
    )
    for table in ("pieces", "message_blobs"):
        new.execute(f"DELETE FROM {table} WHERE message_id NOT IN (SELECT id FROM messages)")  # noqa: S608
    new.execute("INSERT INTO found (found) VALUES ('rebuild')")
