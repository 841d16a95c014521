"""Days and months in a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jupyterlab_gpt.errors import InvalidRequest
from jupyterlab_gpt.ledger.days import bounds, midnight, month_start, read_day, zone

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tz", "name", "since"),
    [
        ("UTC", "2026-11", "2026-11-01T00:00:00.000Z"),
        ("Europe/Berlin", "2026-11", "2026-10-31T23:00:00.000Z"),
        ("America/New_York", "2026-11", "2026-11-01T04:00:00.000Z"),  # summer time until that day
        ("Pacific/Kiritimati", "2026-11", "2026-10-31T10:00:00.000Z"),
    ],
)
def test_month(tz, name, since):
    assert month_start(NOW, tz) == (name, since)


def test_month_of_a_moment_that_is_in_two():
    eve = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert month_start(eve, "UTC")[0] == "2026-11"
    assert month_start(eve, "Europe/Berlin")[0] == "2026-12"


@pytest.mark.parametrize(
    "name",
    [
        *("", "Mars/Olympus", "America", "Europe/Berlin ", "x" * 5000),
        *("../../etc/passwd", "/etc/localtime", "UTC\x00", "\ud800"),
    ],
)
def test_time_zones_that_are_none(name):
    with pytest.raises(InvalidRequest) as caught:
        zone(name)
    assert caught.value.code == "bad_timezone"


def test_days_when_the_clock_changes():
    first, last = read_day("2026-03-28", "from"), read_day("2026-03-30", "to")
    hours = [
        (datetime.fromisoformat(end) - datetime.fromisoformat(begin)) / timedelta(hours=1)
        for _, begin, end in bounds(first, last, zone("Europe/Berlin"))
    ]
    assert hours == [24, 23, 24]
    # Where there is no midnight (Beirut), and where there are two (Havana).
    assert midnight(read_day("2026-03-29", ""), zone("Asia/Beirut")) == "2026-03-28T22:00:00.000Z"
    assert (
        midnight(read_day("2026-11-01", ""), zone("America/Havana")) == "2026-11-01T04:00:00.000Z"
    )
    # A day that never was.
    (day,) = bounds(read_day("2011-12-30", ""), read_day("2011-12-30", ""), zone("Pacific/Apia"))
    assert day[1] == day[2]


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-02-29", "20261124", "2026-W48-2", "1999-01-01", "9999-12-31"]
)
def test_what_is_no_day(text):
    with pytest.raises(InvalidRequest):
        read_day(text, "from")
