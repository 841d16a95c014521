"""Conversations from a file into the database, under ids that are free."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable

from ..errors import InvalidRequest, NotFound
from .rows import Dict, blob_names, plain_text
from .turns import clean_title
from .values import clean_text, dumps, dumps_or_none


def add_conversation(conn: sqlite3.Connection, owner: str, conversation: Dict) -> Dict:
    """Store a conversation of a file as the owner's; an id that is taken becomes a new one.

    Parameters
    ----------
    conn
        The writing connection.
    owner
        Whose it will be.
    conversation
        The wire's `Conversation`.

    Returns
    -------
    dict
        The wire's `ImportedConversation`.

    Raises
    ------
    InvalidRequest
        bad_parent: the messages are no tree of questions and answers.
    NotFound
        unknown_blob: a message names one that this owner has not.
    """
    messages = _in_tree_order(conversation["messages"])
    ids = {message["id"]: _free(conn, "messages", "id", message["id"]) for message in messages}
    leaf = conversation.get("leaf")
    if leaf is not None and leaf not in ids:
        raise InvalidRequest("leaf: no message of its conversation", code="bad_parent")
    new = _free(conn, "conversations", "id", conversation["id"])
    title = clean_title(conversation["title"])
    notebook = conversation.get("notebook")
    conn.execute(
        "INSERT INTO conversations (id, owner, title, notebook, created, updated, pinned)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(new, owner, title, None if notebook is None else clean_text(notebook)),
            *(conversation["created"], conversation["updated"]),
            int(bool(conversation.get("pinned"))),
        ),
    )
    for message in messages:
        _add_message(conn, owner, new, ids, message)
    conn.execute(
        "UPDATE conversations SET leaf = ? WHERE id = ?",
        (ids[leaf] if leaf else next(reversed(ids.values()), None), new),
    )
    return {"id": new, "was": conversation["id"], "title": title}


def _in_tree_order(messages: list[Dict]) -> list[Dict]:
    """Put parents before their children, level by level; siblings stay in order."""
    by_id = {message["id"]: message for message in messages}
    if len(by_id) < len(messages):
        raise InvalidRequest("Two messages have one id", code="bad_parent")
    under: dict[str | None, list[Dict]] = {}
    for message in messages:
        parent = by_id.get(message.get("parent_id") or "")
        above = parent["role"] if parent else "assistant"
        # A question stands at the root or under an answer, an answer under a question.
        if above == message["role"] or (message.get("parent_id") and parent is None):
            raise InvalidRequest("A message's parent does not fit", code="bad_parent")
        under.setdefault(message.get("parent_id"), []).append(message)
    found: list[Dict] = []
    level = under.get(None, [])
    while level:
        found += level
        level = [child for message in level for child in under.get(message["id"], [])]
    if len(found) < len(messages):
        raise InvalidRequest("The messages' parents go in a circle", code="bad_parent")
    return found


def _free(conn: sqlite3.Connection, table: str, column: str, value: str) -> str:
    query = f"SELECT 1 FROM {table} WHERE {column} = ?"  # noqa: S608 (our own words)
    return str(uuid.uuid4()) if conn.execute(query, (value,)).fetchone() else value


def _add_message(
    conn: sqlite3.Connection, owner: str, conversation: str, ids: dict[str, str], message: Dict
) -> None:
    answers = message["role"] == "assistant"
    status = message["status"] if answers else "complete"
    request = message.get("request_id") if answers else None
    conn.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, role, parts, text, created, status,"
        " request_id, provider, model, params, finish_reason, error, usage, cost, seconds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(ids[message["id"]], conversation, ids.get(message.get("parent_id") or "")),
            *(message["role"], dumps(message["parts"])),
            *(clean_text(plain_text(message["parts"])), message["created"]),
            # Nobody writes it here.
            "incomplete" if status == "streaming" else status,
            _free(conn, "messages", "request_id", request) if request else None,
            *(message.get("provider"), message.get("model"), "{}" if answers else None),
            message.get("finish_reason"),
            *(dumps_or_none(message.get(name)) for name in ("error", "usage", "cost")),
            message.get("seconds"),
        ),
    )
    _name_blobs(conn, owner, ids[message["id"]], blob_names(message["parts"]))


def _name_blobs(conn: sqlite3.Connection, owner: str, message: str, names: Iterable[str]) -> None:
    for sha256 in sorted(names):
        if not conn.execute(
            "SELECT 1 FROM blobs WHERE owner = ? AND sha256 = ?", (owner, sha256)
        ).fetchone():
            raise NotFound("No such blob", code="unknown_blob", detail={"sha256": sha256})
        conn.execute(
            "INSERT INTO message_blobs (message_id, sha256) VALUES (?, ?)", (message, sha256)
        )
