"""The users' own prices, per owner and in their order."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from .rows import Dict, rows
from .values import clean_text

_COLUMNS = ("base_url", "pattern", "input", "output", "cached_input", "cache_write")


def list_overrides(conn: sqlite3.Connection, owner: str) -> list[Dict]:
    """An owner's prices, as `protocol.PriceOverride`."""
    return rows(
        conn,
        f"SELECT {', '.join(_COLUMNS)} FROM price_overrides WHERE owner = ? ORDER BY place",  # noqa: S608
        (owner,),
    )


def put_overrides(
    conn: sqlite3.Connection, owner: str, overrides: Sequence[Mapping[str, Any]]
) -> None:
    """Replace all of an owner's prices."""
    conn.execute("DELETE FROM price_overrides WHERE owner = ?", (owner,))
    conn.executemany(
        f"INSERT INTO price_overrides (owner, place, {', '.join(_COLUMNS)})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (owner, place, *(_clean(override.get(name)) for name in _COLUMNS))
            for place, override in enumerate(overrides)
        ],
    )


def _clean(text: str | None) -> str | None:
    return None if text is None else clean_text(text)
