"""Rows as the wire's dicts: a message, and the text so far of an answer that streams."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from .values import loads_or_none

Dict = dict[str, Any]
Piece = tuple[int, str, str]

MESSAGE_COLUMNS = (
    "id, parent_id, role, parts, created, status, request_id, provider, model,"
    " finish_reason, error, usage, cost, seconds"
)
_JSON_COLUMNS = ("parts", "error", "usage", "cost")


def rows(conn: sqlite3.Connection, sql: str, values: Iterable[Any] = ()) -> list[Dict]:
    """The rows of a query as dicts, whatever row factory the connection has."""
    cursor = conn.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def messages(conn: sqlite3.Connection, tail: str, values: Iterable[Any]) -> list[Dict]:
    """Messages as the wire's `Message`; those that stream include their text so far.

    `tail` is the rest of a query after ``SELECT … FROM messages``.
    """
    found = rows(conn, f"SELECT {MESSAGE_COLUMNS} FROM messages {tail}", values)  # noqa: S608
    for message in found:
        for name in _JSON_COLUMNS:
            message[name] = _decode(name, message[name])
        if message["status"] == "streaming":
            message["parts"] = merge(message["parts"], pieces(conn, message["id"]))
    return found


def pieces(conn: sqlite3.Connection, answer_id: str) -> list[Piece]:
    """The pieces of an answer, in the order of their arrival."""
    return conn.execute(
        "SELECT part, kind, text FROM pieces WHERE message_id = ? ORDER BY id", (answer_id,)
    ).fetchall()


def merge(parts: list[Dict], found: Iterable[Piece]) -> list[Dict]:
    """Parts with pieces put at their ends: a piece whose part is new begins it."""
    merged = [dict(part) for part in parts]
    texts: dict[int, list[str]] = {}
    places: dict[tuple[int, str], int] = {}
    for index, kind, text in found:
        place = places.get((index, kind))
        if place is None:
            known = index < len(merged) and merged[index].get("type") == kind
            place = index if known else len(merged)
            places[index, kind] = place
            if not known:
                merged.append({"type": kind, "text": ""})
            texts[place] = [merged[place].get("text") or ""]
        texts[place].append(text)
    # Joined once: adding piece after piece to a string would be quadratic for a long answer.
    for place, collected in texts.items():
        merged[place]["text"] = "".join(collected)
    return merged


def plain_text(parts: Iterable[Dict]) -> str:
    """What a search looks at: the prose of a message, not its thinking and its attachments."""
    return "\n".join(
        part["text"] for part in parts if part.get("type") == "text" and part.get("text")
    )


def blob_names(parts: Iterable[Dict]) -> set[str]:
    """The blobs that parts name."""
    return {str(part["blob"]) for part in parts if part.get("blob")}


def decode_parts(text: str) -> list[Dict]:
    """Stored parts; those that the disk has changed are shown as they stand there."""
    try:
        parts: list[Dict] = json.loads(text)
    except ValueError:
        return [{"type": "text", "text": text}]
    return parts


def _decode(name: str, text: str | None) -> Any:
    if name == "parts":
        return decode_parts(text or "[]")
    try:
        return loads_or_none(text)
    except ValueError:
        return None
