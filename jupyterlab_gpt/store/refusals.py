"""Which parameters an endpoint's models refused, so that none is tried again after a restart."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from .values import clean_text, utc_now, utc_text

# An endpoint is upgraded, a name gets another model: after a month a parameter is tried again,
# which costs one refused request and no tokens.
_LASTS = timedelta(days=30)


def list_refusals(conn: sqlite3.Connection, base_url: str) -> list[tuple[str, str]]:
    """Model and parameter of each refusal at an address."""
    return [
        (str(model), str(parameter))
        for model, parameter in conn.execute(
            "SELECT model, parameter FROM refusals WHERE base_url = ? AND learned > ?",
            (clean_text(base_url), _oldest()),
        )
    ]


def put_refusal(conn: sqlite3.Connection, base_url: str, model: str, parameter: str) -> None:
    """Remember a refusal; those that are too old to count go."""
    conn.execute("DELETE FROM refusals WHERE learned <= ?", (_oldest(),))
    conn.execute(
        "INSERT OR REPLACE INTO refusals (base_url, model, parameter, learned) VALUES (?, ?, ?, ?)",
        (clean_text(base_url), clean_text(model), parameter, utc_now()),
    )


def _oldest() -> str:
    return utc_text(datetime.now(UTC) - _LASTS)
