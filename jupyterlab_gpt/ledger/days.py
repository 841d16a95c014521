"""Days and months in the time zone of who asks, as moments in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from ..errors import InvalidRequest
from ..store.values import utc_text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Before the first of these years there was no call, and near the end of the calendar the
# midnight of a zone would fall out of it.
_YEARS = range(2000, 9000)


def zone(name: str) -> tzinfo:
    """Find a time zone.

    Raises
    ------
    InvalidRequest
        bad_timezone: nobody knows it.
    """
    if name == "UTC":
        return UTC  # also where the system has no time zones
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    # OSError: the name of a folder ("America"); ValueError: a path.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidRequest(
            "No such time zone", code="bad_timezone", detail={"setting": "tz"}
        ) from None


def midnight(day: date, where: tzinfo) -> str:
    """The moment at which a day begins there, as it is stored.

    Where the clock jumps over midnight that is the jump; where midnight comes twice,
    the first.
    """
    return utc_text(datetime(day.year, day.month, day.day, tzinfo=where))


def month_start(now: datetime, tz: str) -> tuple[str, str]:
    """The calendar month of a moment there, and when it began, as it is stored.

    Raises
    ------
    InvalidRequest
        bad_timezone.
    """
    where = zone(tz)
    today = now.astimezone(where).date()
    return f"{today:%Y-%m}", midnight(today.replace(day=1), where)


def read_day(text: str, setting: str) -> date:
    """Read a day, ``2026-11-24``.

    Raises
    ------
    InvalidRequest
        It is none, or in no year of interest.
    """
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise InvalidRequest(f"{setting}: must be a day, such as 2026-11-24")
    return day


def bounds(first: date, last: date, where: tzinfo) -> list[tuple[str, str, str]]:
    """Each day from `first` to `last`: its name, when it begins, when the next one does."""
    days = [first + timedelta(n) for n in range((last - first).days + 2)]
    moments = [midnight(day, where) for day in days]
    return [
        (day.isoformat(), moments[i], moments[i + 1]) for i, day in enumerate(days) if day <= last
    ]
