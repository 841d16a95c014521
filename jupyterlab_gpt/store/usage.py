"""Usage: one row for each call upstream, kept whatever becomes of the chat.

A row is made right before the request leaves and settled when it has ended; it is
never deleted, and holds names and numbers, never text of a prompt or an answer.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..errors import NotFound
from .values import clean_text, dumps_or_none

_TOKENS = ("input", "cached_input", "cache_write", "output", "reasoning")


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
) -> int:
    """Book a call that is about to be made.

    `server_id` is needed only for a call without an answer; else the answer's counts.

    Returns
    -------
    int
        Its id, for `settle_call`. If the server dies before that, the row is closed
        as `interrupted` together with its answer.
    """
    names = (
        "owner, request_id, conversation_id, answer_id, notebook, provider, host, model,"
        " attempt, started, status, server_id"
    )
    cursor = conn.execute(
        f"INSERT INTO calls ({names})"  # noqa: S608 (our own words)
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running',"
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
            server_id,
            answer_id,
        ),
    )
    return int(cursor.lastrowid or 0)


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
) -> None:
    """Book what a call used; once.

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

    Raises
    ------
    NotFound
        No such call that is still open.
    """
    tokens = [(usage or {}).get(name) for name in _TOKENS]
    # A call that was closed for us while this server was taken for dead may still be settled.
    cursor = conn.execute(
        "UPDATE calls SET ended = ?, status = ?, error_code = ?, input = ?, cached_input = ?,"
        " cache_write = ?, output = ?, reasoning = ?, estimated = ?, raw_usage = ?"
        " WHERE id = ? AND (ended IS NULL OR status = 'interrupted')",
        (
            ended,
            status,
            error_code,
            *tokens,
            int(estimated),
            dumps_or_none(raw_usage),
            call_id,
        ),
    )
    if not cursor.rowcount:
        raise NotFound("No such call", code="unknown_request")
