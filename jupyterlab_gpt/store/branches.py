"""The branches of a conversation's tree: read, deleted, brought back.

A deleted branch stays in its table, as a deleted conversation does, until all of an owner's
conversations are purged; each of its messages names the top of the branch with which it went
(`deleted_with`).
"""

from __future__ import annotations

import sqlite3

from ..errors import NotFound
from .rows import Dict, messages, rows


def owned(
    conn: sqlite3.Connection, owner: str, conversation_id: str, *, deleted: bool = False
) -> Dict:
    """The row of a conversation of the owner's; one that was deleted only where asked for."""
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
    owned(conn, owner, conversation_id)
    found = messages(
        conn,
        "WHERE seq IN (WITH RECURSIVE up (id) AS"
        " (SELECT id FROM messages WHERE id = ? AND conversation_id = ? AND deleted_with IS NULL"
        "  UNION SELECT m.parent_id FROM messages AS m JOIN up ON m.id = up.id"
        "  WHERE m.parent_id IS NOT NULL)"
        " SELECT m.seq FROM messages AS m JOIN up ON m.id = up.id) ORDER BY seq",
        (message_id, conversation_id),
    )
    if not found:
        raise NotFound("No such message", code="unknown_message")
    return found


def delete_branch(
    conn: sqlite3.Connection, owner: str, conversation_id: str, message_id: str
) -> None:
    """Hide a message and all that is under it; `restore_branch` brings them back.

    If the leaf was there, it moves to the end of the latest branch beside it, else
    to the message above.
    """
    conversation = owned(conn, owner, conversation_id)
    top = _message(conn, conversation_id, message_id)
    if top is None or top["deleted_with"] is not None:
        raise NotFound("No such message", code="unknown_message")
    conn.execute(
        "UPDATE messages SET deleted_with = ? WHERE deleted_with IS NULL AND id IN"
        " (WITH RECURSIVE down (id) AS"
        " (SELECT ? UNION SELECT m.id FROM messages AS m JOIN down ON m.parent_id = down.id)"
        " SELECT id FROM down)",
        (message_id, message_id),
    )
    leaf = _message(conn, conversation_id, conversation["leaf"])
    if leaf is None or leaf["deleted_with"] is not None:
        _show(conn, conversation_id, _end_below(conn, conversation_id, top["parent_id"]))


def restore_branch(
    conn: sqlite3.Connection, owner: str, conversation_id: str, message_id: str
) -> None:
    """Bring back what was deleted with a message, and show it; what is there stays.

    Raises
    ------
    NotFound
        unknown_conversation; unknown_message: also where the message was deleted with one
        above it, or that one is deleted by now.
    """
    owned(conn, owner, conversation_id)
    top = _message(conn, conversation_id, message_id)
    above = top and _message(conn, conversation_id, top["parent_id"])
    if (
        top is None
        or top["deleted_with"] not in (None, message_id)
        or (above is not None and above["deleted_with"] is not None)
    ):
        raise NotFound("No such message", code="unknown_message")
    if top["deleted_with"] is None:
        return  # another tab was faster
    conn.execute(
        "UPDATE messages SET deleted_with = NULL WHERE conversation_id = ? AND deleted_with = ?",
        (conversation_id, message_id),
    )
    _show(conn, conversation_id, _end_below(conn, conversation_id, message_id))


def _message(conn: sqlite3.Connection, conversation_id: str, message_id: str | None) -> Dict | None:
    found = rows(
        conn,
        "SELECT parent_id, deleted_with FROM messages WHERE id = ? AND conversation_id = ?",
        (message_id, conversation_id),
    )
    return found[0] if found else None


def _show(conn: sqlite3.Connection, conversation_id: str, leaf: str | None) -> None:
    conn.execute("UPDATE conversations SET leaf = ? WHERE id = ?", (leaf, conversation_id))


def _end_below(
    conn: sqlite3.Connection, conversation_id: str, message_id: str | None
) -> str | None:
    """The end of the latest branch under a message; the message itself if there is none."""
    while True:
        child = conn.execute(
            "SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ?"
            " AND deleted_with IS NULL ORDER BY seq DESC LIMIT 1",
            (conversation_id, message_id),
        ).fetchone()
        if child is None:
            return message_id
        message_id = child[0]
