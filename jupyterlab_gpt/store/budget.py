"""Budgets, and what turns that run may still cost: amounts in nano-dollars, per owner.

All functions take a connection; a check and what follows from it belong in one
transaction (`Database.write`).
"""

from __future__ import annotations

import sqlite3

from .values import clean_text, utc_now

DEFAULT_TZ = "UTC"


def get_limit(conn: sqlite3.Connection, owner: str) -> tuple[int | None, str]:
    """The amount that an owner may spend in a month (None: no limit), and the time zone."""
    found: tuple[int | None, str] | None = conn.execute(
        "SELECT limit_nano, tz FROM budgets WHERE owner = ?", (owner,)
    ).fetchone()
    return found or (None, DEFAULT_TZ)


def put_limit(conn: sqlite3.Connection, owner: str, limit: int | None, tz: str) -> None:
    """Store it."""
    conn.execute(
        "INSERT OR REPLACE INTO budgets (owner, limit_nano, tz) VALUES (?, ?, ?)",
        (owner, limit, clean_text(tz)),
    )


def spent_since(conn: sqlite3.Connection, owner: str, since: str) -> tuple[int, int]:
    """What calls that began since then have cost, and how many of them have no price.

    There is no upper bound: a clock that was set back does not hide what was spent.
    """
    found: tuple[int, int] = conn.execute(
        "SELECT COALESCE(SUM(cost_nano), 0), COALESCE(SUM(cost_nano IS NULL), 0) FROM calls"
        " WHERE owner = ? AND started >= ? AND ended IS NOT NULL",
        (owner, since),
    ).fetchone()
    return found


def reserved(conn: sqlite3.Connection, owner: str, *, but: str = "") -> int:
    """What an owner's turns may still cost, all but this request."""
    (nano,) = conn.execute(
        "SELECT COALESCE(SUM(nano), 0) FROM reservations WHERE owner = ? AND request_id <> ?",
        (owner, but),
    ).fetchone()
    return int(nano)


def add_reservation(
    conn: sqlite3.Connection, *, request_id: str, owner: str, server_id: str, nano: int
) -> None:
    """Hold an amount for a request, instead of what was held for it before."""
    conn.execute(
        "INSERT OR REPLACE INTO reservations (request_id, owner, server_id, nano, made)"
        " VALUES (?, ?, ?, ?, ?)",
        (request_id, owner, server_id, nano, utc_now()),
    )


def drop_reservation(conn: sqlite3.Connection, request_id: str) -> None:
    """Let go what is held for a request; nothing where nothing is."""
    conn.execute("DELETE FROM reservations WHERE request_id = ?", (request_id,))


def drop_orphaned_reservations(conn: sqlite3.Connection) -> None:
    """Let go what is held by servers that have no row."""
    conn.execute("DELETE FROM reservations WHERE server_id NOT IN (SELECT id FROM servers)")
