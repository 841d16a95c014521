"""Usage: one row for each call upstream, kept whatever becomes of the chat.

A row is made right before the request leaves and settled when it has ended; triggers see
to it that it is settled once and never deleted. It holds names and numbers, never text of
a prompt or an answer. What a call costs is decided by `ledger`.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..errors import NotFound
from .rows import Dict, rows
from .values import clean_text, dumps_or_none, loads_or_none

_TOKENS = ("input", "cached_input", "cache_write", "output", "reasoning")

# Sums over calls that have ended. An amount that is NULL is unknown and adds nothing.
SUMS = (
    "COUNT(*) AS calls, COALESCE(SUM(cost_nano), 0) AS nano,"
    " COALESCE(SUM(cost_nano IS NULL), 0) AS unpriced,"
    " COALESCE(SUM(CASE WHEN estimated THEN cost_nano END), 0) AS estimated_nano,"
    " COALESCE(MAX(at_least), 0) AS at_least, COALESCE(SUM(saved_nano), 0) AS saved_nano,"
    " COALESCE(SUM(input), 0) AS input, COALESCE(SUM(cached_input), 0) AS cached_input,"
    " COALESCE(SUM(output), 0) AS output"
)


def add_call(
    conn: sqlite3.Connection,
    *,
    owner: str,
    request_id: str,
    conversation_id: str | None,
    answer_id: str | None,
    notebook: str | None,
    provider: str,
    host: str,
    model: str,
    attempt: int,
    started: str,
    server_id: str | None = None,
    base_url: str = "",
    counted: int | None = None,
    rates: dict[str, str] | None = None,
) -> int:
    """Book a call that is about to be made.

    `server_id` is needed only for a call without an answer; else the answer's counts.
    `counted` are the tokens of the prompt, `rates` the price that holds now.

    Returns
    -------
    int
        Its id, for `settle_call`. If the server dies before that, the row is closed
        as `interrupted` together with its answer.
    """
    names = (
        "owner, request_id, conversation_id, answer_id, notebook, provider, host, model,"
        " attempt, started, base_url, counted, rates, status, server_id"
    )
    cursor = conn.execute(
        f"INSERT INTO calls ({names})"  # noqa: S608 (our own words)
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running',"
        " COALESCE(?, (SELECT server_id FROM messages WHERE id = ?)))",
        (
            owner,
            request_id,
            conversation_id,
            answer_id,
            None if notebook is None else clean_text(notebook),
            provider,
            clean_text(host),
            clean_text(model),
            attempt,
            started,
            clean_text(base_url),
            counted,
            dumps_or_none(rates),
            server_id,
            answer_id,
        ),
    )
    return int(cursor.lastrowid or 0)


def booked(conn: sqlite3.Connection, call_id: int) -> Dict:
    """What was booked of a call that may be settled: ``{counted, rates}``.

    Raises
    ------
    NotFound
        No such call that is still open.
    """
    found = rows(
        conn,
        "SELECT counted, rates FROM calls"
        " WHERE id = ? AND (ended IS NULL OR status = 'interrupted')",
        (call_id,),
    )
    if not found:
        raise NotFound("No such call", code="unknown_request")
    return {**found[0], "rates": loads_or_none(found[0]["rates"])}


def settle_call(
    conn: sqlite3.Connection,
    call_id: int,
    *,
    ended: str,
    status: str,
    usage: dict[str, Any] | None,
    raw_usage: dict[str, Any] | None,
    estimated: bool,
    error_code: str | None,
    rates: dict[str, str] | None = None,
    cost_nano: int | None = None,
    cost_source: str | None = None,
    at_least: bool = False,
    saved_nano: int = 0,
) -> None:
    """Book what a call used and cost; once.

    Parameters
    ----------
    conn
        The writing connection.
    call_id
        From `add_call`.
    ended
        When.
    status
        How the call ended: `complete`, `incomplete`, `cancelled` or `failed`.
    usage
        Tokens in the wire's shape; None where nobody knows.
    raw_usage
        What the provider said, as it said it.
    estimated
        The tokens were counted by us.
    error_code
        Code of the error, where it failed.
    rates
        The price that held; None: the one that was booked.
    cost_nano
        None where nobody knows.
    cost_source
        Who says so: `provider`, `override`, `table` or `local`.
    at_least
        More may be due.
    saved_nano
        What reading from the provider's cache saved.

    Raises
    ------
    NotFound
        No such call that is still open.
    """
    tokens = [(usage or {}).get(name) for name in _TOKENS]
    # A call that was closed for us while this server was taken for dead may still be settled.
    cursor = conn.execute(
        "UPDATE calls SET ended = ?, status = ?, error_code = ?, input = ?, cached_input = ?,"
        " cache_write = ?, output = ?, reasoning = ?, estimated = ?, raw_usage = ?,"
        " rates = COALESCE(?, rates), cost_nano = ?, cost_source = ?, at_least = ?,"
        " saved_nano = ?"
        " WHERE id = ? AND (ended IS NULL OR status = 'interrupted')",
        (
            ended,
            status,
            error_code,
            *tokens,
            int(estimated),
            dumps_or_none(raw_usage),
            dumps_or_none(rates),
            cost_nano,
            cost_source,
            int(at_least),
            saved_nano,
            call_id,
        ),
    )
    if not cursor.rowcount:
        raise NotFound("No such call", code="unknown_request")


def sums(conn: sqlite3.Connection, where: str, values: tuple[str, ...]) -> Dict:
    """Add up the calls that have ended and match; names are those of `SUMS`."""
    (found,) = rows(
        conn,
        f"SELECT {SUMS} FROM calls WHERE {where} AND ended IS NOT NULL",  # noqa: S608
        values,
    )
    return found


def to_price(conn: sqlite3.Connection) -> list[Dict]:
    """Calls of dead servers that have a price and no cost yet.

    `written` is the size in bytes of what of their answer has been stored and not yet
    been merged into it.
    """
    found = rows(
        conn,
        "SELECT id, request_id, answer_id, counted, rates,"
        " (SELECT COALESCE(SUM(LENGTH(CAST(text AS BLOB))), 0) FROM pieces"
        "  WHERE message_id = answer_id) AS written"
        " FROM calls WHERE status = 'interrupted' AND cost_nano IS NULL"
        " AND rates IS NOT NULL AND counted IS NOT NULL",
    )
    for row in found:
        row["rates"] = loads_or_none(row["rates"])
    return found


def price(conn: sqlite3.Connection, call_id: int, cost: Dict) -> None:
    """Book what a call of a dead server has cost at least; `cost` is column by column."""
    columns = ("input", "output", "cost_nano", "cost_source", "at_least")
    conn.execute(
        f"UPDATE calls SET estimated = 1, {', '.join(f'{name} = ?' for name in columns)}"  # noqa: S608
        " WHERE id = ? AND status = 'interrupted'",
        (*(cost[name] for name in columns), call_id),
    )
