"""Usage by day, model, conversation and notebook; and call by call."""

from __future__ import annotations

import csv
import io
import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from jupyterlab_gpt import protocol
from jupyterlab_gpt.errors import InvalidRequest
from jupyterlab_gpt.ledger.report import MAX_DAYS, read_span, usage_csv, usage_report
from jupyterlab_gpt.store import conversations
from jupyterlab_gpt.store.values import utc_text
from tests.store.helpers import new_id, opened, turn

from .helpers import book, settle, usage

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def random_calls(conn, count, *, days, seed=1, owner="ada"):
    """Calls of all kinds: priced and not, estimated, refused, cached, about this and that."""
    rng = random.Random(seed)
    chats = [*(new_id() for _ in range(max(2, count // 20))), None]
    made = []
    for _ in range(count):
        when = NOW - timedelta(seconds=rng.randrange(days * 86_400))
        known = {} if rng.random() < 0.9 else {"rates": None}
        call = book(
            conn,
            owner=owner,
            started=utc_text(when),
            model=rng.choice(["gpt-6-luna", "gpt-6.1-sol", "llama"]),
            provider=rng.choice(["default", "lab"]),
            conversation_id=rng.choice(chats),
            notebook=rng.choice(["a.ipynb", "b/c.ipynb", None]),
            **known,
        )
        kind = rng.random()
        if kind < 0.05:
            settle(conn, call, None, status="failed", error_code="provider_rate_limited")
        elif kind < 0.1:
            settle(conn, call, None, status="cancelled")
        else:
            prompt = rng.randrange(20_000)
            tokens = usage(prompt, rng.randrange(2000), rng.randrange(prompt + 1) if prompt else 0)
            settle(conn, call, tokens)
        made.append((call, when))
    return made


def costs(rows):
    return sum((Decimal(row["cost"]["usd"] or 0) for row in rows), Decimal(0))


def added(rows, name):
    return sum(row[name] for row in rows)


async def test_any_partition_adds_up_to_the_total(path):
    async with opened(path) as db:

        def run(conn):
            random_calls(conn, 2000, days=90)
            random_calls(conn, 50, days=90, owner="eve")
            book(conn, started=utc_text(NOW))  # one that runs is in no sum
            return conn.execute(
                "SELECT SUM(cost_nano), SUM(CASE WHEN estimated THEN cost_nano END),"
                " SUM(saved_nano), COUNT(*), SUM(cost_nano IS NULL), SUM(input),"
                " SUM(cached_input), SUM(output) FROM calls"
                " WHERE owner = 'ada' AND ended IS NOT NULL"
            ).fetchone()

        nano, estimated, saved, calls, unpriced, *tokens = await db.write(run)
        for tz in ("UTC", "Asia/Kolkata", "America/St_Johns"):
            span = read_span("2026-08-01", "2026-11-25", tz)
            report = await db.read(lambda conn, span=span: usage_report(conn, "ada", span))
            protocol.UsageReport.model_validate(report)
            totals = report["totals"]
            assert Decimal(totals["cost"]["usd"]) * 10**9 == nano
            assert Decimal(totals["estimated_usd"]) * 10**9 == estimated
            assert Decimal(totals["saved_usd"]) * 10**9 == saved
            assert (totals["calls"], totals["unpriced"]) == (calls, unpriced)
            assert [totals[name] for name in ("input", "cached_input", "output")] == tokens
            assert totals["cost"]["at_least"]
            for part in (
                report["models"],
                report["conversations"],
                report["notebooks"],
                [model for day in report["days"] for model in day["models"]],
            ):
                assert costs(part) * 10**9 == nano
                assert sum(Decimal(row["saved_usd"]) for row in part) * 10**9 == saved
                assert sum(Decimal(row["estimated_usd"]) for row in part) * 10**9 == estimated
                for name in ("calls", "unpriced", "input", "cached_input", "output"):
                    assert added(part, name) == totals[name]
            for part in (report["models"], report["conversations"], report["notebooks"]):
                amounts = [Decimal(row["cost"]["usd"] or 0) for row in part]
                assert amounts == sorted(amounts, reverse=True)
            text = await db.read(lambda conn, span=span: usage_csv(conn, "ada", span))
            lines = list(csv.DictReader(io.StringIO(text)))
            assert len(lines) == calls + 1
            assert sum(Decimal(line["cost_usd"] or 0) for line in lines) * 10**9 == nano


@pytest.mark.parametrize("tz", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Havana"])
async def test_each_call_is_in_its_own_day(path, tz):
    async with opened(path) as db:
        made = await db.write(lambda conn: random_calls(conn, 500, days=250))
        span = read_span("2026-01-01", "2026-11-30", tz)
        report = await db.read(lambda conn: usage_report(conn, "ada", span))
        wanted: dict[str, int] = {}
        for _, when in made:
            day = when.astimezone(ZoneInfo(tz)).date().isoformat()
            wanted[day] = wanted.get(day, 0) + 1
        assert {d["day"]: added(d["models"], "calls") for d in report["days"]} == wanted
        assert [d["day"] for d in report["days"]] == sorted(wanted)
        assert report["since"] == min(wanted)


async def test_the_borders_of_the_span(path):
    async with opened(path) as db:

        def run(conn):
            for moment in (
                "2026-11-22T22:59:59.999Z",
                "2026-11-22T23:00:00.000Z",
                "2026-11-23T22:59:59.999Z",
                "2026-11-23T23:00:00.000Z",
            ):
                settle(conn, book(conn, started=moment), usage(1, 1))

        await db.write(run)
        span = read_span("2026-11-23", "2026-11-23", "Europe/Berlin")
        report = await db.read(lambda conn: usage_report(conn, "ada", span))
        assert [(day["day"], added(day["models"], "calls")) for day in report["days"]] == [
            ("2026-11-23", 2)
        ]
        assert report["totals"]["calls"] == added(report["conversations"], "calls") == 2
        assert report["since"] == "2026-11-22"


async def test_titles_are_those_of_chats_that_are_there(path):
    async with opened(path) as db:
        kept, hidden, foreign = turn(db), turn(db), turn(db, owner="eve")

        def run(conn):
            for new in (kept, hidden, foreign):
                conversations.add_turn(conn, new)
                settle(conn, book(conn, conversation_id=new.conversation_id), usage(1, 1))
            settle(conn, book(conn, conversation_id=None, notebook=None), usage(1, 1))
            conversations.delete_conversation(conn, "ada", hidden.conversation_id)

        await db.write(run)
        report = await db.read(lambda conn: usage_report(conn, "ada", read_span("", "", "")))
        titles = {row["conversation_id"]: row["title"] for row in report["conversations"]}
        assert titles == {
            kept.conversation_id: "A title",
            hidden.conversation_id: None,
            foreign.conversation_id: None,
            None: None,
        }
        assert {row["notebook"] for row in report["notebooks"]} == {"a.ipynb", None}


async def test_nothing_yet_and_nothing_priced(path):
    async with opened(path) as db:
        span = read_span("", "", "Europe/Berlin")
        report = await db.read(lambda conn: usage_report(conn, "ada", span))
        protocol.UsageReport.model_validate(report)
        assert (report["since"], report["days"], report["totals"]["calls"]) == (None, [], 0)
        assert report["totals"]["cost"]["usd"] is None
        await db.write(lambda conn: settle(conn, book(conn, rates=None), usage(5, 5)))
        report = await db.read(lambda conn: usage_report(conn, "ada", span))
        (model,) = report["models"]
        assert model["cost"] == {"usd": None, "estimated": False, "at_least": True}
        assert report["totals"]["unpriced"] == 1


async def test_no_cell_of_the_table_is_a_formula(path):
    async with opened(path) as db:

        def run(conn):
            for name in (
                "=1+1",
                "+1",
                "-1",
                "@SUM(A1)",
                "\t=1",
                '=HYPERLINK("x";"y")',
                'a,"b\n.ipynb',
            ):
                settle(conn, book(conn, notebook=name, model=name), usage(10, 1))

        await db.write(run)
        span = read_span("", "", "UTC")
        text = await db.read(lambda conn: usage_csv(conn, "ada", span))
        lines = list(csv.DictReader(io.StringIO(text)))
        assert len(lines) == 7
        for line in lines:
            assert all(not cell.startswith(("=", "+", "-", "@", "\t")) for cell in line.values())
        assert lines[-1]["notebook"] == 'a,"b\n.ipynb'
        assert lines[0]["cost_usd"] == "0.0000015"
        assert lines[0]["model"] == "'=1+1"


@pytest.mark.parametrize(
    ("first", "last", "tz", "code"),
    [
        ("2026-11-25", "2026-11-24", "", "bad_request"),
        ("yesterday", "", "", "bad_request"),
        ("", "2026-11-31", "", "bad_request"),
        ("2020-01-01", "2026-11-24", "", "bad_request"),
        ("", "", "Mars/Olympus", "bad_timezone"),
    ],
)
def test_spans_that_are_none(first, last, tz, code):
    with pytest.raises(InvalidRequest) as caught:
        read_span(first, last, tz)
    assert caught.value.code == code


def test_spans():
    usual = read_span("", "", "", now=NOW)
    assert (usual.first, usual.last, usual.tz, len(usual.days)) == (
        "2026-10-26",
        "2026-11-24",
        "UTC",
        30,
    )
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert read_span("", "", "Europe/Berlin", now=late).last == "2026-11-25"
    assert len(read_span("2025-10-22", "2026-11-25", "").days) == MAX_DAYS
    with pytest.raises(InvalidRequest):
        read_span("2025-10-21", "2026-11-25", "")


async def test_a_tenth_of_a_heavy_year(path):
    """`benchmarks/usage.py` has the whole: 50,000 calls in under 300 ms."""
    async with opened(path) as db:
        await db.write(lambda conn: random_calls(conn, 5000, days=365))
        span = read_span("2025-11-25", "2026-11-24", "Europe/Berlin")
        start = time.perf_counter()
        report = await db.read(lambda conn: usage_report(conn, "ada", span))
        seconds = time.perf_counter() - start
        print(f"5,000 calls: {seconds * 1000:.0f} ms")
        assert report["totals"]["calls"] > 4900
        assert seconds < 3
