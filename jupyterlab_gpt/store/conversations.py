"""Conversations: read, changed, deleted.

A conversation is a tree of messages; `leaf` names the end of the branch that is
shown. All functions take a connection and the owner: what belongs to another owner
is not there (`NotFound`). The list is in `listing`, the branches of a tree in
`branches`, the writing side of a turn in `turns`; all can be imported from here too.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..errors import NotFound
from .branches import branch, delete_branch, owned, restore_branch
from .listing import list_conversations
from .rows import Dict, messages
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
    "forget_before",
    "get_conversation",
    "list_conversations",
    "patch_conversation",
    "purge_conversations",
    "restore_branch",
    "restore_conversation",
]


def get_conversation(conn: sqlite3.Connection, owner: str, conversation_id: str) -> Dict:
    """The whole tree, as the wire's `Conversation`; answers that stream as far as they are."""
    conversation = owned(conn, owner, conversation_id)
    conversation["messages"] = messages(
        conn, "WHERE conversation_id = ? AND deleted_with IS NULL ORDER BY seq", (conversation_id,)
    )
    return conversation


def patch_conversation(
    conn: sqlite3.Connection, owner: str, conversation_id: str, changes: dict[str, Any]
) -> Dict:
    """Change title, pinned, notebook or leaf; what is absent stays.

    Returns
    -------
    dict
        The conversation as it is now, as `get_conversation` gives it.
    """
    owned(conn, owner, conversation_id)
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
            "SELECT 1 FROM messages WHERE id = ? AND conversation_id = ? AND deleted_with IS NULL",
            (leaf, conversation_id),
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
    owned(conn, owner, conversation_id)
    conn.execute("UPDATE conversations SET deleted = ? WHERE id = ?", (utc_now(), conversation_id))


def restore_conversation(conn: sqlite3.Connection, owner: str, conversation_id: str) -> None:
    """Bring a deleted conversation back."""
    owned(conn, owner, conversation_id, deleted=True)
    conn.execute("UPDATE conversations SET deleted = NULL WHERE id = ?", (conversation_id,))


def purge_conversations(conn: sqlite3.Connection, owner: str) -> None:
    """Delete all conversations of an owner for good, hidden ones too; usage rows stay.

    `Database.vacuum` afterwards takes the text out of the file as well.
    """
    conn.execute("DELETE FROM conversations WHERE owner = ?", (owner,))


def forget_before(conn: sqlite3.Connection, moment: str) -> int:
    """Delete all owners' conversations that nobody changed since a moment; usage rows stay.

    Returns
    -------
    int
        How many they were.
    """
    return conn.execute(
        "DELETE FROM conversations WHERE updated < ? AND NOT EXISTS (SELECT 1 FROM messages"
        " WHERE conversation_id = conversations.id AND status = 'streaming')",
        (moment,),
    ).rowcount
