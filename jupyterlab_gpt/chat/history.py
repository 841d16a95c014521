"""What the database knows for a prompt that is about to be made; reads only."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidRequest, NotFound
from ..ledger.estimate import Billed, read_billed
from ..providers.base import Provider
from ..store import conversations, prices
from ..store.values import dumps
from .writer import Message

# Id of a question that is not stored yet; `exclude` knows it by this name (`prompt.with_ids`).
NEW = "new"
# Parameters that make no other question of it.
_NOT_ASKED = ("accept_unpriced",)


class KnownRequest(Exception):
    """The request was made before; nothing runs again.

    Parameters
    ----------
    answer
        The stored answer as the wire's `Message`.
    """

    def __init__(self, answer: Message) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True)
class History:
    """What the database knows for a draft.

    Attributes
    ----------
    branch
        The messages from the root to the question, both roles.
    cut
        The answer that Continue goes on with.
    excluded
        Ids of items that were left out by earlier answers to the branch's questions.
    billed
        What earlier calls to this model were billed.
    overrides
        The user's own prices.
    same
        A complete answer to the identical question, `{answer_id, asked_at}`.
    """

    branch: list[Message]
    cut: Message | None
    excluded: frozenset[str]
    billed: Billed
    overrides: list[dict[str, Any]]
    same: dict[str, Any] | None


def read_history(
    conn: sqlite3.Connection, owner: str, frame: dict[str, Any], provider: Provider, model: str
) -> History:
    """Read all of it on one state of the database.

    Raises
    ------
    KnownRequest
        A `submit` that was made before.
    NotFound, InvalidRequest
        It does not fit what is stored.
    """
    if frame["type"] == "submit":
        known = conversations.find_request(conn, owner, frame["request_id"])
        if known is not None:
            raise KnownRequest(known)
    branch, cut = _branch(conn, owner, frame)
    conversation_id = frame["conversation_id"]
    return History(
        branch=branch,
        cut=cut,
        excluded=_excluded(conn, branch),
        billed=read_billed(
            conn, owner, host=provider.host, model=model, conversation_id=conversation_id
        ),
        overrides=prices.list_overrides(conn, owner),
        same=_same(conn, owner, frame, provider.id, model),
    )


def _branch(
    conn: sqlite3.Connection, owner: str, frame: dict[str, Any]
) -> tuple[list[Message], Message | None]:
    conversation_id = frame["conversation_id"]
    parts = frame.get("parts") or []
    if continue_of := frame.get("continue_of"):
        *branch, cut = conversations.branch(conn, owner, conversation_id, continue_of)
        if cut["role"] != "assistant" or cut["parent_id"] != frame.get("message_id"):
            raise InvalidRequest(
                "Only an answer to this question can be continued.", code="bad_parent"
            )
        if cut["status"] == "streaming":
            raise InvalidRequest("This answer is still being written.", code="turn_running")
        return branch, cut
    if parts:
        before = _until(conn, owner, conversation_id, frame.get("parent_id"))
        question = {"id": frame.get("message_id") or NEW, "role": "user", "parts": parts}
        return [*before, question], None
    if not frame.get("message_id"):
        raise InvalidRequest("The prompt is empty.", code="empty_prompt")
    try:
        branch = conversations.branch(conn, owner, conversation_id, frame["message_id"])
    except NotFound:
        # Without parts this is a Regenerate of a known question, or an empty prompt.
        raise InvalidRequest("The prompt is empty.", code="empty_prompt") from None
    if branch[-1]["role"] != "user":
        raise InvalidRequest("Only a question can be asked again.", code="bad_parent")
    return branch, None


def _until(
    conn: sqlite3.Connection, owner: str, conversation_id: str, parent: str | None
) -> list[Message]:
    if parent is None:
        return []
    branch: list[Message] = []
    try:
        branch = conversations.branch(conn, owner, conversation_id, parent)
    except NotFound as error:
        if error.code != "unknown_message":
            raise
    if not branch or branch[-1]["role"] != "assistant":
        raise InvalidRequest(
            "The parent of a question must be an answer of its conversation.", code="bad_parent"
        )
    return branch


def _excluded(conn: sqlite3.Connection, branch: list[Message]) -> frozenset[str]:
    """What any answer to these questions was made without: a Regenerate sends it no more."""
    questions = [message["id"] for message in branch if message["role"] == "user"]
    marks = ",".join("?" * len(questions))
    query = f"SELECT params FROM messages WHERE parent_id IN ({marks})"  # noqa: S608 (only ?)
    found: set[str] = set()
    for (params,) in conn.execute(query, questions):
        found.update(json.loads(params or "{}").get("exclude") or ())
    return frozenset(found)


def _same(
    conn: sqlite3.Connection, owner: str, frame: dict[str, Any], provider: str, model: str
) -> dict[str, Any] | None:
    """Find a complete answer to the identical question in this conversation."""
    parts = frame.get("parts")
    if not parts or frame.get("continue_of") or frame.get("exclude"):
        return None
    asked = _asked(frame.get("params") or {})
    for answer_id, created, params in conn.execute(
        "SELECT a.id, a.created, a.params FROM messages AS q"
        " JOIN messages AS a ON a.parent_id = q.id"
        " JOIN conversations AS c ON c.id = q.conversation_id"
        " WHERE q.conversation_id = ? AND c.owner = ? AND c.deleted IS NULL AND q.role = 'user'"
        " AND q.deleted_with IS NULL AND a.deleted_with IS NULL"
        " AND q.parts = ? AND a.status = 'complete' AND a.provider = ? AND a.model = ?"
        " ORDER BY a.seq DESC",
        (frame["conversation_id"], owner, dumps(parts), provider, model),
    ):
        if _asked(json.loads(params or "{}")) == asked:
            return {"answer_id": answer_id, "asked_at": created}
    return None


def _asked(params: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key not in _NOT_ASKED}
