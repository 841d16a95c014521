"""Conversations into the server: our own JSON, looked at in full before anything is stored."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
import math
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidRequest, TooLarge
from ..store import imports
from ..store.blobs import BlobStore
from ..store.database import Database
from ..store.turns import MAX_TITLE
from ..store.values import clean_json
from .export import Dict

# The file is in memory as bytes, as text and as objects at once, some six times its size. A
# year of daily use (10,000 messages of 2 KB, a hundred images of 200 KB) is 47 MB of JSON.
MAX_IMPORT_BYTES = 64 * 1024 * 1024
# As for the route `blobs` (wire.md).
_MAX_BLOB_BYTES = 8 * 1024 * 1024
# As `utc_text` writes it: the list is sorted by these texts.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True)
class Archive:
    """What a file holds: conversations as on the wire, blobs by their hash."""

    conversations: list[Dict]
    blobs: dict[str, bytes]


async def import_conversations(
    owner: str, body: bytes, *, db: Database, blobs: BlobStore
) -> list[Dict]:
    """Store the conversations of a file as an owner's; all of them, or none.

    Returns
    -------
    list of dict
        The wire's `ImportedConversation`, in the order of the file.

    Raises
    ------
    TooLarge
        The file, or a blob in it.
    InvalidRequest
        It is not ours, or damaged; bad_parent where the messages are no tree.
    NotFound
        unknown_blob: one that is named is neither in the file nor the owner's.
    """
    if len(body) > MAX_IMPORT_BYTES:
        raise TooLarge(
            "An import may have at most 64 MiB.",
            detail={"bytes": len(body), "limit": MAX_IMPORT_BYTES},
        )
    archive = await asyncio.to_thread(read_archive, body)

    def add(conn: sqlite3.Connection) -> list[Dict]:
        return [imports.add_conversation(conn, owner, each) for each in archive.conversations]

    # A blob that nothing names in the end is swept like one that was never sent.
    for data in archive.blobs.values():
        await blobs.put(owner, data)
    return await db.write(add)


def read_archive(body: bytes) -> Archive:
    """Read a file, and look at all of it that can be wrong by itself."""
    from pydantic import ValidationError

    from ..protocol import ConversationExport

    data = _decoded(body)
    if not isinstance(data, dict) or data.get("format") != "jupyterlab-gpt":
        raise InvalidRequest("This is not a file of conversations of JupyterLab GPT.")
    if data.get("version") != 1:
        raise InvalidRequest("This file was written by a newer version of JupyterLab GPT.")
    try:
        read = ConversationExport.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InvalidRequest(f"{where}: {first['msg']}") from None
    plain = read.model_dump(exclude_none=True)["conversations"]
    seen: set[str] = set()
    for conversation in plain:
        _check(conversation, seen)
    return Archive(plain, {name: _blob(name, text) for name, text in read.blobs.items()})


def _decoded(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        return clean_json(json.loads(text, parse_constant=_number, parse_float=_number))
    except (ValueError, RecursionError):
        raise InvalidRequest("This is not a file of conversations: it is not JSON.") from None


def _number(text: str) -> float:
    """Read a number that can be written again: NaN and infinity are none in JSON."""
    if not math.isfinite(number := float(text)):
        raise ValueError("not a number")
    return number


def _check(conversation: Dict, seen: set[str]) -> None:
    if len(conversation["title"]) > MAX_TITLE:
        raise InvalidRequest("title: longer than 1000 characters")
    ids = [conversation["id"], *(message["id"] for message in conversation["messages"])]
    if len(set(ids)) < len(ids) or seen & set(ids):
        raise InvalidRequest("An id stands in the file twice.", code="bad_parent")
    seen.update(ids)
    times = [conversation["created"], conversation["updated"]]
    times += [message["created"] for message in conversation["messages"]]
    if not all(_TIME.fullmatch(time) for time in times):
        raise InvalidRequest("A time is not one.")


def _blob(name: str, text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise InvalidRequest(f"blobs.{name}: not base64") from None
    if len(data) > _MAX_BLOB_BYTES:
        raise TooLarge(
            "An attachment may have at most 8 MiB.",
            detail={"bytes": len(data), "limit": _MAX_BLOB_BYTES},
        )
    if hashlib.sha256(data).hexdigest() != name:
        raise InvalidRequest(f"blobs.{name}: its content has another hash")
    return data
