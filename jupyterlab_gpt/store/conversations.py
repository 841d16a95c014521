"""Conversations: read, changed, deleted.

A conversation is a tree of messages; `leaf` names the end of the branch that is
shown. All functions take a connection and the owner: what belongs to another owner
is not there (`NotFound`). The list is in `listing`, the writing side of a turn in
`turns`; both can be imported from here too.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..errors import NotFound
from .listing import list_conversations
from .rows import Dict, messages, rows
from .turns import NewTurn, add_turn, append_pieces, clean_title, find_request, finish_answer
from .values import clean_text, utc_now

__all__ = [
    "NewTurn",
    "add_turn",
    "append_pieces",
    "branch",
    "delete_branch",
    "delete_conversation",
    "find_request",
    "finish_answer",
    "get_conversation",
    "list_conversations",
    "patch_conversation",
    "purge_conversations",
    "restore_conversation",
]


def get_conversation(conn: sqlite3.Connection, owner: str, conversation_id: str) -> Dict:
    """The whole tree, as the wire's `Conversation`; answers that stream as far as they are."""
    conversation = _owned(conn, owner, conversation_id)
    conversation["messages"] = messages(
        conn, "WHERE conversation_id = ? ORDER BY seq", (conversation_id,)
    )
    return conversation


def _owned(
    conn: sqlite3.Connection, owner: str, conversation_id: str, *, deleted: bool = False
) -> Dict:
    found = rows(
        conn,
        "SELECT id, title, notebook, created, updated, pinned, leaf FROM conversations"
        " WHERE id = ? AND owner = ? AND (? OR deleted IS NULL)",
        (conversation_id, owner, deleted),
    )
    if not found:
        raise NotFound("No such conversation", code="unknown_conversation")
    found[0]["pinned"] = bool(found[0]["pinned"])
    return found[0]


def branch(
    conn: sqlite3.Connection, owner: str, conversation_id: str, message_id: str
) -> list[Dict]:
    """The messages from the root to `message_id`, as the wire's `Message`."""
    _owned(conn, owner, conversation_id)
    found = messages(
        conn,
        "WHERE seq IN (WITH RECURSIVE up (id) AS"
        " (SELECT id FROM messages WHERE id = ? AND conversation_id = ?"
        "  UNION SELECT m.parent_id FROM messages AS m JOIN up ON m.id = up.id"
        "  WHERE m.parent_id IS NOT NULL)"
        " SELECT m.seq FROM messages AS m JOIN up ON m.id = up.id) ORDER BY seq",
        (message_id, conversation_id),
    )
    if not found:
        raise NotFound("No such message", code="unknown_message")
    return found


def patch_conversation(
    conn: sqlite3.Connection, owner: str, conversation_id: str, changes: dict[str, Any]
) -> Dict:
    """Change title, pinned, notebook or leaf; what is absent stays.

    Returns
    -------
    dict
        The conversation as it is now, as `get_conversation` gives it.
    """
    _owned(conn, owner, conversation_id)
    values: dict[str, Any] = {}
    title = clean_title(str(changes.get("title") or ""))
    if title:  # an empty title would leave a row that cannot be clicked
        values["title"] = title
    if changes.get("pinned") is not None:
        values["pinned"] = int(bool(changes["pinned"]))
    if "notebook" in changes:
        values["notebook"] = clean_text(changes["notebook"]) if changes["notebook"] else None
    leaf = changes.get("leaf")
    if leaf is not None:
        if not conn.execute(
            "SELECT 1 FROM messages WHERE id = ? AND conversation_id = ?", (leaf, conversation_id)
        ).fetchone():
            raise NotFound("No such message", code="unknown_message")
        values["leaf"] = leaf
    for name, value in values.items():
        conn.execute(
            f"UPDATE conversations SET {name} = ? WHERE id = ?",  # noqa: S608 (our own words)
            (value, conversation_id),
        )
    return get_conversation(conn, owner, conversation_id)


def delete_conversation(conn: sqlite3.Connection, owner: str, conversation_id: str) -> None:
    """Hide a conversation; `restore_conversation` brings it back."""
    _owned(conn, owner, conversation_id)
    conn.execute("UPDATE conversations SET deleted = ? WHERE id = ?", (utc_now(), conversation_id))


def restore_conversation(conn: sqlite3.Connection, owner: str, conversation_id: str) -> None:
    """Bring a deleted conversation back."""
    _owned(conn, owner, conversation_id, deleted=True)
    conn.execute("UPDATE conversations SET deleted = NULL WHERE id = ?", (conversation_id,))


def purge_conversations(conn: sqlite3.Connection, owner: str) -> None:
    """Delete all conversations of an owner for good, hidden ones too; usage rows stay.

    `Database.vacuum` afterwards takes the text out of the file as well.
    """
    conn.execute("DELETE FROM conversations WHERE owner = ?", (owner,))


def delete_branch(
    conn: sqlite3.Connection, owner: str, conversation_id: str, message_id: str
) -> None:
    """Delete a message and all that is under it.

    If the leaf was there, it moves to the end of the latest branch beside it, else
    to the message above.
    """
    conversation = _owned(conn, owner, conversation_id)
    found = conn.execute(
        "SELECT parent_id FROM messages WHERE id = ? AND conversation_id = ?",
        (message_id, conversation_id),
    ).fetchone()
    if found is None:
        raise NotFound("No such message", code="unknown_message")
    conn.execute("DELETE FROM messages WHERE id = ?", (message_id,))
    leaf = conversation["leaf"]
    if not conn.execute("SELECT 1 FROM messages WHERE id = ?", (leaf,)).fetchone():
        conn.execute(
            "UPDATE conversations SET leaf = ? WHERE id = ?",
            (_end_below(conn, conversation_id, found[0]), conversation_id),
        )


def _end_below(
    conn: sqlite3.Connection, conversation_id: str, message_id: str | None
) -> str | None:
    """The end of the latest branch under a message; the message itself if there is none."""
    while True:
        child = conn.execute(
            "SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ?"
            " ORDER BY seq DESC LIMIT 1",
            (conversation_id, message_id),
        ).fetchone()
        if child is None:
            return message_id
        message_id = child[0]
