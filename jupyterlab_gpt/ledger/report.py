"""What the calls of some days used and cost: as the wire's `UsageReport`, and as CSV."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..errors import InvalidRequest
from ..store import report as store
from ..store.rows import Dict
from .days import bounds, read_day, zone
from .ledger import cost_json
from .money import usd

# Days in one report: a year and a month beside it, to compare. It bounds the work: each day
# is one look into the index.
MAX_DAYS = 400
# Days of a report where the client does not say: a month of bars.
_USUAL_DAYS = 30

_ADDED = ("calls", "nano", "unpriced", "estimated_nano", "saved_nano")
_TOKENS = ("input", "cached_input", "output")

# Columns of the CSV that hold what others wrote: a spreadsheet would take a cell that begins
# so for a formula, and run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Span:
    """Some days in a time zone: their names, and when each begins and ends."""

    tz: str
    days: list[tuple[str, str, str]]

    @property
    def first(self) -> str:
        """The first day."""
        return self.days[0][0]

    @property
    def last(self) -> str:
        """The last day, included."""
        return self.days[-1][0]

    @property
    def moments(self) -> tuple[str, str]:
        """When the first day begins, and when the last one has ended."""
        return self.days[0][1], self.days[-1][2]


def read_span(first: str, last: str, tz: str, *, now: datetime | None = None) -> Span:
    """Read which days are asked for.

    Parameters
    ----------
    first, last
        ``2026-11-24``; empty: the last 30 days.
    tz
        IANA name of the time zone in which the days begin; empty: UTC.
    now
        What today is.

    Raises
    ------
    InvalidRequest
        They are no days, or in the wrong order, or too many; bad_timezone.
    """
    where = zone(tz or "UTC")
    end = read_day(last, "to") if last else (now or datetime.now(UTC)).astimezone(where).date()
    begin: date = read_day(first, "from") if first else end - timedelta(_USUAL_DAYS - 1)
    if begin > end:
        raise InvalidRequest("from: must not be after `to`")
    if (end - begin).days >= MAX_DAYS:
        raise InvalidRequest(f"A report has at most {MAX_DAYS} days")
    return Span(tz or "UTC", bounds(begin, end, where))


def usage_report(conn: sqlite3.Connection, owner: str, span: Span) -> Dict:
    """Make the wire's `UsageReport`; its parts add up to one another.

    Parameters
    ----------
    conn
        Any connection.
    owner
        Whose calls.
    span
        Of which days.
    """
    days = store.by_day(conn, owner, span.days)
    models = _merged(days, "provider", "model")
    topics = store.by_topic(conn, owner, *span.moments)
    since = store.first_call(conn, owner)
    return {
        "first": span.first,
        "last": span.last,
        "tz": span.tz,
        "since": None if since is None else _day_of(since, span.tz),
        "totals": _sums(_added(models)),
        "days": [
            {"day": name, "models": _sorted(found, "provider", "model")}
            for name, found in _grouped(days).items()
        ],
        "models": _sorted(models, "provider", "model"),
        "conversations": _sorted(_merged(topics, "conversation_id"), "conversation_id", "title"),
        "notebooks": _sorted(_merged(topics, "notebook"), "notebook"),
    }


def _day_of(moment: str, tz: str) -> str:
    return datetime.fromisoformat(moment).astimezone(zone(tz)).date().isoformat()


def _grouped(days: Iterable[Dict]) -> dict[str, list[Dict]]:
    grouped: dict[str, list[Dict]] = {}
    for row in days:
        grouped.setdefault(row["day"], []).append(row)
    return dict(sorted(grouped.items()))


def _merged(found: Iterable[Dict], *names: str) -> list[Dict]:
    """Add up the rows that have these names in common."""
    groups: dict[tuple[Any, ...], list[Dict]] = {}
    for row in found:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return [{**rows[0], **_added(rows)} for rows in groups.values()]


def _added(found: Iterable[Dict]) -> Dict:
    total: Dict = dict.fromkeys((*_ADDED, *_TOKENS, "at_least"), 0)
    for row in found:
        for name in (*_ADDED, *_TOKENS):
            total[name] += row[name]
        total["at_least"] |= row["at_least"]
    return total


def _sorted(found: Iterable[Dict], *names: str) -> list[Dict]:
    """The rows with their names and sums as the wire has them, the dearest first."""
    ordered = sorted(found, key=lambda r: (-r["nano"], -r["calls"], *(r[n] or "" for n in names)))
    return [{**{name: row[name] for name in names}, **_sums(row)} for row in ordered]


def _sums(row: Mapping[str, Any]) -> Dict:
    return {
        "cost": cost_json(row),
        "estimated_usd": usd(row["estimated_nano"]),
        "saved_usd": usd(row["saved_nano"]),
        "calls": row["calls"],
        "unpriced": row["unpriced"],
        **{name: row[name] for name in _TOKENS},
    }


def usage_csv(conn: sqlite3.Connection, owner: str, span: Span) -> str:
    """Make the table of all calls, one per line; calls that run are in it, without an end.

    Parameters
    ----------
    conn
        Any connection.
    owner
        Whose calls.
    span
        Of which days.
    """
    names = [name.strip() for name in store.CALL_COLUMNS.split(",")]
    cost = names.index("cost_nano")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["cost_usd" if name == "cost_nano" else name for name in names])
    for row in store.calls(conn, owner, *span.moments):
        cells = [csv_cell(value) for value in row]
        cells[cost] = "" if row[cost] is None else usd(row[cost])
        writer.writerow(cells)
    return out.getvalue()


def csv_cell(value: Any) -> Any:
    """Make a value safe for a spreadsheet."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
