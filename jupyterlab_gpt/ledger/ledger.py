"""The ledger: one row for each call upstream, booked before it leaves, settled once.

All functions take the writing connection and are composed in one transaction with
whatever else must happen or not happen together with them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..store import budget
from ..store import usage as store
from ..store.rows import Dict, rows
from ..store.values import dumps
from .money import to_nano, usd
from .prices import Rates, cost_of, provider_cost, saved_of

# Refusals, and requests that met no model: nobody bills those. Whatever else fails before
# it has reported its usage (silence, a cut stream, an empty answer) may have been billed.
FREE_FAILURES = frozenset(
    (
        "provider_bad_request",
        "provider_auth",
        "provider_forbidden",
        "model_not_found",
        "prompt_too_long",
        "provider_rate_limited",
        "no_credit",
        "provider_unavailable",
        "cannot_reach",
        "redirect_refused",
        "not_a_stream",
        "no_key",
        "no_model",
        "local_model_missing",
        "local_runtime_missing",
        "local_model_failed",
    )
)
# Bytes of UTF-8 in a token, for text that a dead server left: 4.2 in English prose, fewer in
# code and in other scripts (measured with o200k). What comes out is said to be a least.
_BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class _Bill:
    """What a settled call used and cost."""

    tokens: Mapping[str, Any] | None
    nano: int | None
    source: str | None
    estimated: bool = False
    at_least: bool = False


def book(
    conn: sqlite3.Connection,
    *,
    owner: str,
    request_id: str,
    conversation_id: str | None,
    answer_id: str | None,
    notebook: str | None,
    provider: str,
    host: str,
    model: str,
    attempt: int,
    started: str,
    counted: int | None,
    rates: Rates | None,
    base_url: str = "",
    server_id: str | None = None,
) -> int:
    """Book a call that is about to leave, with the price that holds now.

    Parameters
    ----------
    conn
        The writing connection.
    owner, request_id, conversation_id, answer_id, notebook
        Whose call, and what it is about.
    provider, host, base_url, model, attempt, started
        To whom it goes, and when.
    counted
        Tokens of the prompt, counted by us; None: unknown.
    rates
        None: unknown.
    server_id
        Needed only for a call without an answer; else the answer's counts.

    Returns
    -------
    int
        Its id, for `settle`. If the server dies before that, the row is closed as
        `interrupted` and priced by `settle_interrupted`.
    """
    return store.add_call(
        conn,
        owner=owner,
        request_id=request_id,
        conversation_id=conversation_id,
        answer_id=answer_id,
        notebook=notebook,
        provider=provider,
        host=host,
        base_url=base_url,
        model=model,
        attempt=attempt,
        started=started,
        server_id=server_id,
        counted=counted,
        rates=rates.to_json() if rates else None,
    )


def settle(
    conn: sqlite3.Connection,
    call_id: int,
    *,
    ended: str,
    status: str,
    usage: Mapping[str, Any] | None,
    raw_usage: Mapping[str, Any] | None,
    error_code: str | None,
    at_least: bool = False,
    rates: Rates | None = None,
    sent: bool = True,
) -> None:
    """Settle a call: what it used, and what that costs; once.

    Parameters
    ----------
    conn
        The writing connection.
    call_id
        From `book`.
    ended
        When.
    status
        How it ended: `complete`, `incomplete`, `cancelled` or `failed`.
    usage
        Tokens in the wire's shape. None, or without any count: nobody reported them; then
        a refusal costs nothing, and all else at least the prompt as it was counted.
    raw_usage
        What the provider said, as it said it; its own `cost` is trusted first.
    error_code
        Code of the error, where it failed.
    at_least
        More may be due, such as thinking that was never shown.
    rates
        Instead of those that were booked: prices that rise with the prompt are known
        exactly only now.
    sent
        False where the request never left: it costs nothing.

    Raises
    ------
    NotFound
        unknown_request: no such call that is still open.
    """
    known = store.booked(conn, call_id)
    if rates is None and known["rates"]:
        rates = Rates.from_json(known["rates"])
    refused = not sent or (status == "failed" and error_code in FREE_FAILURES)
    bill = _bill(usage, raw_usage, rates, counted=known["counted"], refused=refused)
    store.settle_call(
        conn,
        call_id,
        ended=ended,
        status=status,
        usage=None if bill.tokens is None else dict(bill.tokens),
        raw_usage=None if raw_usage is None else dict(raw_usage),
        estimated=bill.estimated,
        error_code=error_code,
        rates=rates.to_json() if rates else None,
        cost_nano=bill.nano,
        cost_source=bill.source,
        at_least=bill.at_least or (at_least and bool(bill.nano) and bill.source != "provider"),
        saved_nano=saved_of(bill.tokens, rates) if rates else 0,
    )


def _bill(
    tokens: Mapping[str, Any] | None,
    raw: Mapping[str, Any] | None,
    rates: Rates | None,
    *,
    counted: int | None,
    refused: bool,
) -> _Bill:
    estimated = bool(tokens and tokens.get("estimated"))
    told = provider_cost(raw)
    if told is not None:
        return _Bill(tokens, to_nano(told), "provider", estimated)
    silent = tokens is None or (tokens.get("input") is None and tokens.get("output") is None)
    if silent and refused:
        return _Bill(None, 0, None)
    if rates is None:
        return _Bill(tokens, None, None, estimated)
    if silent and not rates.is_free:
        if counted is None:
            return _Bill(None, None, None)
        nano = cost_of({"input": counted, "output": 0}, rates)
        return _Bill({"input": counted}, nano, rates.source, estimated=True, at_least=True)
    nano = cost_of(tokens, rates)
    return _Bill(tokens, nano, None if nano is None else rates.source, estimated)


def settle_interrupted(conn: sqlite3.Connection) -> int:
    """Price the calls that dead servers left, and let go what these had reserved.

    For `Database(on_orphans=…)`: runs in the transaction that closes the orphans, before
    their answers are. A call cost at least its prompt as counted, and what was stored of
    its answer.

    Returns
    -------
    int
        How many calls were priced.
    """
    left = store.to_price(conn)
    for call in left:
        rates = Rates.from_json(call["rates"])
        tokens = {"input": call["counted"], "output": -(-call["written"] // _BYTES_PER_TOKEN)}
        nano = cost_of(tokens, rates)
        cost = {"cost_nano": nano, "cost_source": rates.source, "at_least": not rates.is_free}
        store.price(conn, call["id"], {**tokens, **cost})
        conn.execute(
            "UPDATE messages SET cost = ? WHERE id = ? AND status = 'streaming'",
            (dumps(cost_of_request(conn, call["request_id"])), call["answer_id"]),
        )
    budget.drop_orphaned_reservations(conn)
    return len(left)


def cost_json(sums: Mapping[str, Any]) -> Dict:
    """Sums over calls (`store.usage.SUMS`) as the wire's `Cost`.

    Unpriced calls make of the sum of the others a lower bound; where that is nothing, the
    cost is unknown rather than 0.
    """
    unknown = not sums["calls"] or (sums["unpriced"] and not sums["nano"])
    return {
        "usd": None if unknown else usd(sums["nano"]),
        "estimated": sums["estimated_nano"] > 0,
        "at_least": bool(sums["at_least"] or sums["unpriced"]),
    }


def cost_of_request(conn: sqlite3.Connection, request_id: str) -> Dict:
    """What all calls of a request have cost, as the wire's `Cost`."""
    return cost_json(store.sums(conn, "request_id = ?", (request_id,)))


def cost_of_conversation(conn: sqlite3.Connection, owner: str, conversation_id: str) -> Dict | None:
    """What all calls of a conversation have cost, those of deleted branches too.

    Returns
    -------
    dict or None
        The wire's `Cost`; None where no call has ended.
    """
    return costs_of_conversations(conn, owner, [conversation_id]).get(conversation_id)


def costs_of_conversations(
    conn: sqlite3.Connection, owner: str, conversation_ids: Sequence[str]
) -> dict[str, Dict]:
    """What these conversations have cost; those without a call that has ended are absent."""
    marks = ", ".join("?" * len(conversation_ids))
    found = rows(
        conn,
        f"SELECT conversation_id, {store.SUMS} FROM calls"  # noqa: S608 (our own words)
        f" WHERE conversation_id IN ({marks}) AND owner = ? AND ended IS NOT NULL"
        " GROUP BY conversation_id",
        (*conversation_ids, owner),
    )
    return {row["conversation_id"]: cost_json(row) for row in found}
