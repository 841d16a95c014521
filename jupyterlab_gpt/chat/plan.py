"""From a `submit` frame to a stored question: all that can be refused before it costs anything."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from typing import Any

from ..errors import BudgetExceeded, Conflict, InvalidRequest
from ..ledger import budget
from ..store import conversations
from ..store.values import utc_now
from .cheaper import find_cheaper
from .draft import Draft, make_draft
from .history import KnownRequest
from .parts import title_of
from .services import ChatServices
from .turn import Turn


@dataclass(frozen=True)
class Plan:
    """A turn that is stored and may be sent.

    Attributes
    ----------
    draft
        What goes upstream.
    budget
        The month's budget with this turn's reservation in it, as `protocol.Budget`.
    """

    draft: Draft
    budget: dict[str, Any]


async def plan_turn(turn: Turn, services: ChatServices) -> Plan:
    """Check a turn, reserve what it may cost and store its question, in one transaction.

    Raises
    ------
    KnownRequest
        It was made before.
    GPTError
        It cannot be sent; nothing is stored.
    """
    submit = turn.submit
    draft = await make_draft(turn.owner, submit, services)
    if not draft.prompt.asks:
        raise InvalidRequest("The prompt is empty.", code="empty_prompt")
    shown = submit.get("digest")
    if shown is not None and shown != await asyncio.to_thread(lambda: draft.digest):
        raise Conflict(
            "What would be sent is no longer what the preview showed.", code="preview_changed"
        )
    cut = draft.history.cut
    # A Regenerate and a Continue name a question that is stored.
    parts = None if cut is not None else submit.get("parts") or None
    new = conversations.NewTurn(
        owner=turn.owner,
        request_id=turn.request_id,
        conversation_id=turn.conversation_id,
        parent_id=submit.get("parent_id"),
        message_id=submit["message_id"],
        answer_id=turn.answer_id,
        parts=parts,
        answer_parts=cut["parts"] if cut is not None else [],
        provider=draft.provider.id,
        model=draft.model,
        params=draft.params,
        notebook=submit.get("notebook"),
        title=title_of(parts or [], draft.blobs),
        server_id=services.db.server_id,
        created=utc_now(),
    )
    try:
        held = await services.db.write(lambda conn: _store(conn, new, draft, services))
    except BudgetExceeded as error:
        error.detail["model"] = draft.model
        error.detail["provider"] = draft.provider.id
        error.detail.update(await find_cheaper(turn.owner, draft, error, services))
        raise
    return Plan(draft, held)


def _store(
    conn: sqlite3.Connection, new: conversations.NewTurn, draft: Draft, services: ChatServices
) -> dict[str, Any]:
    """Transaction 1: reserved and stored, or the request is known, or nothing happened."""
    known = conversations.find_request(conn, new.owner, new.request_id)
    if known is not None:
        raise KnownRequest(known)
    budget.reserve(
        conn,
        owner=new.owner,
        request_id=new.request_id,
        server_id=new.server_id,
        nano=draft.estimate.reserve,
        free=draft.estimate.is_free,
        accept_unpriced=bool(draft.params.get("accept_unpriced")),
        cap=services.monthly_cap,
    )
    conversations.add_turn(conn, new)
    return budget.get(conn, new.owner, cap=services.monthly_cap)
