"""Usage added up: by day and model, by conversation, by notebook, and call by call.

Days are ranges of moments that the caller works out for a time zone; calls are found
through the index on their beginning. Only calls that have ended are added up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from .rows import Dict, rows
from .usage import SUMS

CALL_COLUMNS = (
    "started, ended, provider, host, model, status, error_code, input, cached_input,"
    " cache_write, output, reasoning, cost_nano, estimated, at_least, cost_source,"
    " notebook, conversation_id"
)


def by_day(
    conn: sqlite3.Connection, owner: str, days: Sequence[tuple[str, str, str]]
) -> list[Dict]:
    """Sums per day, provider and model; a day is its name, its beginning and its end."""
    values = ", ".join(["(?, ?, ?)"] * len(days))
    return rows(
        conn,
        f"WITH days (day, since, until) AS (VALUES {values})"  # noqa: S608 (our own words)
        f" SELECT day, provider, model, {SUMS} FROM days CROSS JOIN calls"
        " ON owner = ? AND started >= since AND started < until AND ended IS NOT NULL"
        " GROUP BY day, provider, model",
        [*(value for day in days for value in day), owner],
    )


def by_topic(conn: sqlite3.Connection, owner: str, since: str, until: str) -> list[Dict]:
    """Sums per conversation and notebook; None: about none.

    The conversation's title is None where it was deleted.
    """
    title = (
        "(SELECT title FROM conversations AS c WHERE c.id = calls.conversation_id"
        " AND c.owner = calls.owner AND deleted IS NULL) AS title"
    )
    return rows(
        conn,
        f"SELECT conversation_id, notebook, {title}, {SUMS} FROM calls"  # noqa: S608
        " WHERE owner = ? AND started >= ? AND started < ? AND ended IS NOT NULL"
        " GROUP BY conversation_id, notebook",
        (owner, since, until),
    )


def owners(conn: sqlite3.Connection) -> list[str]:
    """All who ever made a call."""
    return [str(row[0]) for row in conn.execute("SELECT DISTINCT owner FROM calls ORDER BY owner")]


def first_call(conn: sqlite3.Connection, owner: str) -> str | None:
    """When an owner's very first call began."""
    (started,) = conn.execute("SELECT MIN(started) FROM calls WHERE owner = ?", (owner,)).fetchone()
    return None if started is None else str(started)


def calls(
    conn: sqlite3.Connection, owner: str, since: str, until: str
) -> Iterator[tuple[Any, ...]]:
    """Each call, in the order of their beginnings, with the columns `CALL_COLUMNS`."""
    yield from conn.execute(
        f"SELECT {CALL_COLUMNS} FROM calls"  # noqa: S608
        " WHERE owner = ? AND started >= ? AND started < ? ORDER BY started, id",
        (owner, since, until),
    )
