"""The providers that users set up themselves, per owner; keys are never among them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ..errors import NotFound
from .rows import Dict, rows
from .values import clean_text, dumps


def list_providers(conn: sqlite3.Connection, owner: str) -> list[Dict]:
    """An owner's providers, by id: ``{id, name, base_url, headers, model}``."""
    found = rows(
        conn,
        "SELECT id, name, base_url, headers, model FROM providers WHERE owner = ? ORDER BY id",
        (owner,),
    )
    for row in found:
        row["headers"] = json.loads(row["headers"])
    return found


def put_provider(conn: sqlite3.Connection, owner: str, row: dict[str, Any]) -> None:
    """Store a provider, new or instead of the one with its id."""
    model = row.get("model")
    conn.execute(
        "INSERT OR REPLACE INTO providers (owner, id, name, base_url, headers, model)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            owner,
            row["id"],
            clean_text(row["name"]),
            clean_text(row["base_url"]),
            dumps(row.get("headers") or {}),
            None if model is None else clean_text(model),
        ),
    )


def delete_provider(conn: sqlite3.Connection, owner: str, provider_id: str) -> None:
    """Forget a provider.

    Raises
    ------
    NotFound
        unknown_provider.
    """
    cursor = conn.execute("DELETE FROM providers WHERE owner = ? AND id = ?", (owner, provider_id))
    if not cursor.rowcount:
        raise NotFound("No such provider", code="unknown_provider")
