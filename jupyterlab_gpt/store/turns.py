"""Turns on their way into the database: the question, the answer's pieces, its end.

All functions take the writing connection and are composed in one transaction with
`Database.write`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Conflict, InvalidRequest, NotFound
from .rows import Dict, Piece, blob_names, decode_parts, merge, messages, pieces, plain_text
from .values import clean_text, dumps, dumps_or_none, utc_now

# Longest title in characters: what the wire takes for one (ConversationPatch).
MAX_TITLE = 1000
_FINAL = frozenset(("complete", "incomplete", "cancelled", "failed"))


@dataclass
class NewTurn:
    """A question, or a known one asked again, and the empty answer to it.

    `parts` is None where the question is known (Regenerate, Continue): then
    `message_id` names it and `parent_id` means nothing. `answer_parts` is what the
    answer begins with: a copy of the cut answer's parts for Continue.
    """

    owner: str
    request_id: str
    conversation_id: str
    parent_id: str | None
    message_id: str
    answer_id: str
    parts: list[Dict] | None
    answer_parts: list[Dict]
    provider: str
    model: str
    params: Dict
    notebook: str | None
    title: str
    server_id: str
    created: str


def clean_title(title: str) -> str:
    """One line that can be stored as a title."""
    return clean_text(" ".join(title.split()))[:MAX_TITLE]


def add_turn(conn: sqlite3.Connection, turn: NewTurn) -> None:
    """Store a question and its empty, streaming answer; the leaf moves to the answer.

    The conversation is made with its first turn.

    Raises
    ------
    Conflict
        duplicate_id: an id of the turn is taken, by whomever.
    InvalidRequest
        bad_parent: the parent is no answer of this conversation.
    NotFound
        unknown_conversation, unknown_message (the known question) or unknown_blob.
    """
    known = conn.execute(
        "SELECT 1 FROM conversations WHERE id = ? AND owner = ? AND deleted IS NULL",
        (turn.conversation_id, turn.owner),
    ).fetchone()
    if not known:
        _add_conversation(conn, turn)
    if turn.parts is None:
        _check_question(conn, turn)
    else:
        _add_question(conn, turn, turn.parts)
    _add_answer(conn, turn)
    conn.execute(
        "UPDATE conversations SET leaf = ?, updated = ?, notebook = COALESCE(notebook, ?)"
        " WHERE id = ?",
        (turn.answer_id, turn.created, _clean(turn.notebook), turn.conversation_id),
    )


def _clean(text: str | None) -> str | None:
    return None if text is None else clean_text(text)


def _add_conversation(conn: sqlite3.Connection, turn: NewTurn) -> None:
    taken = conn.execute(
        "SELECT 1 FROM conversations WHERE id = ?", (turn.conversation_id,)
    ).fetchone()
    # Another owner's, a deleted one, and one that never was: told apart by nothing.
    if taken or turn.parent_id is not None or turn.parts is None:
        raise NotFound("No such conversation", code="unknown_conversation")
    conn.execute(
        "INSERT INTO conversations (id, owner, title, notebook, created, updated)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            turn.conversation_id,
            turn.owner,
            clean_title(turn.title),
            _clean(turn.notebook),
            turn.created,
            turn.created,
        ),
    )


def _check_question(conn: sqlite3.Connection, turn: NewTurn) -> None:
    found = conn.execute(
        "SELECT role FROM messages WHERE id = ? AND conversation_id = ? AND deleted_with IS NULL",
        (turn.message_id, turn.conversation_id),
    ).fetchone()
    if found is None:
        raise NotFound("No such message", code="unknown_message")
    if found[0] != "user":
        raise InvalidRequest("Only a question can be asked again", code="bad_parent")


def _add_question(conn: sqlite3.Connection, turn: NewTurn, parts: list[Dict]) -> None:
    if turn.parent_id is not None:
        found = conn.execute(
            "SELECT role FROM messages WHERE id = ? AND conversation_id = ?"
            " AND deleted_with IS NULL",
            (turn.parent_id, turn.conversation_id),
        ).fetchone()
        if found is None or found[0] != "assistant":
            raise InvalidRequest(
                "The parent of a question must be an answer of its conversation",
                code="bad_parent",
            )
    _refuse_taken(conn, "id", turn.message_id)
    conn.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, role, parts, text, created, status)"
        " VALUES (?, ?, ?, 'user', ?, ?, ?, 'complete')",
        (
            turn.message_id,
            turn.conversation_id,
            turn.parent_id,
            dumps(parts),
            clean_text(plain_text(parts)),
            turn.created,
        ),
    )
    for sha256 in sorted(blob_names(parts)):
        # Within the transaction, so that no sweep takes the blob away in between.
        if not conn.execute(
            "SELECT 1 FROM blobs WHERE owner = ? AND sha256 = ?", (turn.owner, sha256)
        ).fetchone():
            raise NotFound("No such blob", code="unknown_blob")
        conn.execute(
            "INSERT INTO message_blobs (message_id, sha256) VALUES (?, ?)",
            (turn.message_id, sha256),
        )


def _add_answer(conn: sqlite3.Connection, turn: NewTurn) -> None:
    _refuse_taken(conn, "id", turn.answer_id)
    _refuse_taken(conn, "request_id", turn.request_id)
    conn.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, role, parts, text, created, status,"
        " request_id, provider, model, params, server_id)"
        " VALUES (?, ?, ?, 'assistant', ?, '', ?, 'streaming', ?, ?, ?, ?, ?)",
        (
            turn.answer_id,
            turn.conversation_id,
            turn.message_id,
            dumps(turn.answer_parts),
            turn.created,
            turn.request_id,
            clean_text(turn.provider),
            clean_text(turn.model),
            dumps(turn.params),
            turn.server_id,
        ),
    )


def _refuse_taken(conn: sqlite3.Connection, column: str, value: str) -> None:
    query = f"SELECT 1 FROM messages WHERE {column} = ?"  # noqa: S608 (a column's name)
    if conn.execute(query, (value,)).fetchone():
        raise Conflict("This id is in use", code="duplicate_id")


def find_request(conn: sqlite3.Connection, owner: str, request_id: str) -> Dict | None:
    """The answer to a request that was made before, with its `conversation_id`; else None."""
    found = conn.execute(
        "SELECT m.conversation_id FROM messages AS m JOIN conversations AS c"
        " ON c.id = m.conversation_id WHERE m.request_id = ? AND c.owner = ?",
        (request_id, owner),
    ).fetchone()
    if found is None:
        return None
    (answer,) = messages(conn, "WHERE request_id = ?", (request_id,))
    return {**answer, "conversation_id": found[0]}


def append_pieces(conn: sqlite3.Connection, answer_id: str, new: Sequence[Piece]) -> None:
    """Store new text of an answer; the work depends on what is new, not on what is there.

    Parameters
    ----------
    conn
        The writing connection.
    answer_id
        The answer.
    new
        Part index, kind (`text` or `thinking`) and text, in order.

    Raises
    ------
    NotFound
        unknown_message: the answer was deleted meanwhile.
    """
    if not conn.execute("SELECT 1 FROM messages WHERE id = ?", (answer_id,)).fetchone():
        raise NotFound("No such message", code="unknown_message")
    conn.executemany(
        "INSERT INTO pieces (message_id, part, kind, text) VALUES (?, ?, ?, ?)",
        [(answer_id, part, kind, clean_text(text)) for part, kind, text in new],
    )


def finish_answer(
    conn: sqlite3.Connection,
    answer_id: str,
    *,
    status: str,
    parts: list[Dict] | None = None,
    finish_reason: str | None = None,
    error: Dict | None = None,
    usage: Dict | None = None,
    cost: Dict | None = None,
    seconds: float | None = None,
) -> None:
    """End an answer: its parts in one row, its pieces gone.

    Parameters
    ----------
    conn
        The writing connection.
    answer_id
        The answer.
    status
        `complete`, `incomplete`, `cancelled` or `failed`.
    parts
        The whole answer; None: what the pieces hold.
    finish_reason, error, usage, cost, seconds
        In the wire's shape.

    Raises
    ------
    NotFound
        unknown_message: the answer was deleted meanwhile.
    """
    if status not in _FINAL:
        raise InvalidRequest(f"Not the status of an answer that has ended: {status}")
    found = conn.execute(
        "SELECT parts, conversation_id FROM messages WHERE id = ? AND role = 'assistant'",
        (answer_id,),
    ).fetchone()
    if found is None:
        raise NotFound("No such message", code="unknown_message")
    if parts is None:
        parts = merge(decode_parts(found[0]), pieces(conn, answer_id))
    conn.execute(
        "UPDATE messages SET status = ?, parts = ?, text = ?, finish_reason = ?, error = ?,"
        " usage = ?, cost = ?, seconds = ? WHERE id = ?",
        (
            status,
            dumps(parts),
            clean_text(plain_text(parts)),
            finish_reason,
            dumps_or_none(error),
            dumps_or_none(usage),
            dumps_or_none(cost),
            seconds,
            answer_id,
        ),
    )
    conn.execute("DELETE FROM pieces WHERE message_id = ?", (answer_id,))
    conn.execute("UPDATE conversations SET updated = ? WHERE id = ?", (utc_now(), found[1]))
