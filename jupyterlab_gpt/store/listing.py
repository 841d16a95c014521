"""The list of conversations, a page at a time, and what a search leaves of it."""

from __future__ import annotations

import re
import sqlite3

from ..errors import InvalidRequest
from .rows import Dict, rows
from .search import hit, search_for

# Most rows in one page: ten screens of the list.
MAX_PAGE = 200

# The page first, from the index alone; what a row shows is looked up for those of the page.
_PAGE = (
    "WITH {found} page AS MATERIALIZED (SELECT c.rowid AS row FROM {source}"
    " WHERE owner = ? AND deleted IS NULL {after}"
    " ORDER BY pinned DESC, updated DESC, c.id DESC LIMIT ?)"
    " SELECT c.id, title, notebook, updated, pinned, number,"
    " (SELECT model FROM messages AS m WHERE m.conversation_id = c.id"
    "  AND role = 'assistant' AND deleted_with IS NULL ORDER BY m.seq DESC LIMIT 1) AS model,"
    " EXISTS (SELECT 1 FROM messages AS m WHERE m.conversation_id = c.id"
    "  AND status = 'streaming' AND deleted_with IS NULL) AS streaming"
    " FROM page JOIN conversations AS c ON c.rowid = page.row"
    " ORDER BY pinned DESC, updated DESC, c.id DESC"
)
# What `before` holds: the place of the last row in the order of the list.
_CURSOR = re.compile(r"([01])~([^~]*)~([^~]*)")


def list_conversations(
    conn: sqlite3.Connection,
    owner: str,
    *,
    q: str | None = None,
    limit: int = 50,
    before: str | None = None,
) -> Dict:
    """One page of the owner's conversations: pinned ones first, then the latest.

    Parameters
    ----------
    conn
        Any connection.
    owner
        Whose.
    q
        Only those with these words in the title or in one message (`search`).
    limit
        Rows in this page.
    before
        `next` of the page before.

    Returns
    -------
    dict
        The wire's `ConversationList`.
    """
    search = search_for(q or "")
    after, values = "", [owner]
    if before:
        place = _CURSOR.fullmatch(before)
        if place is None:
            raise InvalidRequest("Not a place in the list of conversations")
        after = "AND (pinned, updated, c.id) < (?, ?, ?)"
        values += [place[1], place[2], place[3]]
    limit = max(1, min(limit, MAX_PAGE))
    query = _PAGE.format(
        found=f"hits AS MATERIALIZED ({search.sql})," if search else "",
        source="hits CROSS JOIN conversations AS c ON c.number = hits.n"
        if search
        else "conversations AS c",
        after=after.replace("(?,", "(CAST(? AS INTEGER),"),
    )
    found = rows(conn, query, [*([search.value] if search else []), *values, limit + 1])
    items = found[:limit]
    following = None
    if len(found) > limit:
        last = items[-1]
        following = f"{last['pinned']}~{last['updated']}~{last['id']}"
    seqs = search.first_messages(conn, [item["number"] for item in items]) if search else {}
    for item in items:
        seq = seqs.get(item.pop("number"))
        item["pinned"], item["streaming"] = bool(item["pinned"]), bool(item["streaming"])
        item["cost"] = None  # what it costs is another room's business
        item["hit"] = hit(conn, search, seq) if search else None
    return {"items": items, "next": following}


def conversation_ids(conn: sqlite3.Connection, owner: str) -> list[str]:
    """All of an owner's conversations, the latest first."""
    return [
        name
        for (name,) in conn.execute(
            "SELECT id FROM conversations WHERE owner = ? AND deleted IS NULL"
            " ORDER BY updated DESC, id DESC",
            (owner,),
        )
    ]
