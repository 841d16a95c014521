"""The month's budget: what a prompt may cost is reserved before it is sent.

Reserving is one transaction with all that is written before a prompt leaves: of fifty
prompts at once, from several servers, those pass that the budget has room for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import NoReturn

from ..errors import BudgetExceeded, ErrorCode, InvalidRequest
from ..store import budget as store
from ..store.rows import Dict
from .days import month_start, zone
from .money import parse_usd, to_nano, usd

# From which share of the budget, in percent, which level is shown.
_LEVELS = ((100, "full"), (80, "high"), (50, "half"))


@dataclass(frozen=True)
class _Month:
    """An owner's month, in nano-dollars."""

    limit: int | None
    cap: int | None
    spent: int
    unpriced: int
    reserved: int
    name: str
    tz: str

    @property
    def bound(self) -> int | None:
        """The lower of limit and cap."""
        return min((b for b in (self.limit, self.cap) if b is not None), default=None)

    @property
    def taken(self) -> int:
        """What is spent, or may still be."""
        return self.spent + self.reserved


def get(
    conn: sqlite3.Connection, owner: str, *, cap: Decimal | None, now: datetime | None = None
) -> Dict:
    """The month's budget, as the wire's `Budget`.

    Parameters
    ----------
    conn
        Any connection.
    owner
        Whose.
    cap
        The administrator's, in USD.
    now
        In which month.
    """
    month = _read(conn, owner, cap, now)
    return {
        "limit": _text(month.limit),
        "cap": _text(month.cap),
        "spent": usd(month.spent),
        "reserved": usd(month.reserved),
        "month": month.name,
        "tz": month.tz,
        "level": _level(month),
        "unpriced": month.unpriced,
    }


def put(conn: sqlite3.Connection, owner: str, *, monthly_usd: str | None, tz: str | None) -> None:
    """Set the budget (None takes it away) and the time zone of its month (None: it stays).

    Raises
    ------
    InvalidRequest
        bad_amount or bad_timezone; nothing is changed.
    """
    limit = None if monthly_usd is None else to_nano(parse_usd(monthly_usd, "monthly_usd"))
    if tz is None:
        tz = store.get_limit(conn, owner)[1]
    else:
        zone(tz)
    store.put_limit(conn, owner, limit, tz)


def reserve(
    conn: sqlite3.Connection,
    *,
    owner: str,
    request_id: str,
    server_id: str,
    nano: int | None,
    free: bool,
    accept_unpriced: bool,
    cap: Decimal | None,
    now: datetime | None = None,
) -> None:
    """Hold what a request may cost, or refuse it; within a transaction that writes.

    Parameters
    ----------
    conn
        The writing connection.
    owner, request_id, server_id
        Whose; where it runs.
    nano
        The most that it may cost; None: its price is unknown.
    free
        It costs nothing: it always passes.
    accept_unpriced
        The user said that a model without a price may be asked.
    cap
        The administrator's, in USD.
    now
        In which month.

    Raises
    ------
    BudgetExceeded
        over_cap or over_budget, with the amounts; unpriced: the user must say that a
        model without a price may be asked; unpriced_refused: under a cap nobody can.
    """
    needed = 0 if free or nano is None else nano
    if not free:
        month = _read(conn, owner, cap, now, but=request_id)
        if nano is None:
            _check_unpriced(month, accept_unpriced)
        else:
            _check(month, needed)
    store.add_reservation(
        conn, request_id=request_id, owner=owner, server_id=server_id, nano=needed
    )


def release(conn: sqlite3.Connection, request_id: str) -> None:
    """Let go what is held for a request; nothing where nothing is."""
    store.drop_reservation(conn, request_id)


def _read(
    conn: sqlite3.Connection,
    owner: str,
    cap: Decimal | None,
    now: datetime | None,
    *,
    but: str = "",
) -> _Month:
    limit, tz = store.get_limit(conn, owner)
    moment = now or datetime.now(UTC)
    try:
        name, since = month_start(moment, tz)
    except InvalidRequest:
        # Stored where it was known; here it is not, and a bill must not fail for that.
        tz = "UTC"
        name, since = month_start(moment, tz)
    spent, unpriced = store.spent_since(conn, owner, since)
    return _Month(
        limit=limit,
        cap=None if cap is None else to_nano(cap),
        spent=spent,
        unpriced=unpriced,
        reserved=store.reserved(conn, owner, but=but),
        name=name,
        tz=tz,
    )


def _check(month: _Month, needed: int) -> None:
    # The cap first: where both are passed, raising the limit would not help.
    if month.cap is not None and month.taken + needed > month.cap:
        _refuse(month, needed, "over_cap", "This would pass your administrator's cap.")
    if month.limit is not None and month.taken + needed > month.limit:
        _refuse(month, needed, "over_budget", "This would pass your budget.")


def _check_unpriced(month: _Month, accepted: bool) -> None:
    if month.cap is not None:
        _refuse(
            month,
            None,
            "unpriced_refused",
            "The price of this model is not known, and your administrator has set a cap.",
        )
    if month.limit is None:
        return
    if not accepted:
        _refuse(
            month, None, "unpriced", "The price of this model is not known, and you have a budget."
        )
    if month.taken >= month.limit:  # at the limit nothing is sent
        _refuse(month, None, "over_budget", "Your budget is spent.")


def _refuse(month: _Month, needed: int | None, code: ErrorCode, message: str) -> NoReturn:
    detail: Mapping[str, str | None] = {
        "limit": _text(month.limit),
        "cap": _text(month.cap),
        "spent": usd(month.spent),
        "reserved": usd(month.reserved),
        "needed": _text(needed),
        "month": month.name,
    }
    raise BudgetExceeded(message, code=code, detail=detail)


def _level(month: _Month) -> str:
    if month.bound is None:
        return "none"
    for percent, level in _LEVELS:
        if month.spent * 100 >= month.bound * percent:
            return level
    return "ok"


def _text(nano: int | None) -> str | None:
    return None if nano is None else usd(nano)
