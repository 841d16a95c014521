"""The month, and what is reserved in it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from jupyterlab_gpt.errors import BudgetExceeded, InvalidRequest
from jupyterlab_gpt.ledger import budget
from jupyterlab_gpt.store.values import utc_text
from tests.store.helpers import new_id, opened

from .helpers import book, settle, usage

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DOLLAR = 10**9


def reserve(conn, nano=DOLLAR, **changes):
    values = {
        "owner": "ada",
        "request_id": new_id(),
        "server_id": "a server",
        "free": False,
        "accept_unpriced": False,
        "cap": None,
        "now": NOW,
    }
    budget.reserve(conn, nano=nano, **{**values, **changes})


def spend(conn, dollars, *, when=NOW, rates=True, **changes):
    call = book(conn, started=utc_text(when), **({} if rates else {"rates": None}), **changes)
    settle(conn, call, usage(1, 1), raw_usage={"cost": dollars} if rates else None)


def refused(conn, *args, **changes):
    with pytest.raises(BudgetExceeded) as caught:
        reserve(conn, *args, **changes)
    return caught.value


def month(conn, **changes):
    return budget.get(conn, "ada", **{"cap": None, "now": NOW, **changes})


async def test_a_budget_is_set_changed_and_taken_away(path):
    async with opened(path) as db:

        def run(conn):
            assert month(conn) == {
                "limit": None,
                "cap": None,
                "spent": "0",
                "reserved": "0",
                "month": "2026-11",
                "tz": "UTC",
                "level": "none",
                "unpriced": 0,
            }
            budget.put(conn, "ada", monthly_usd="12.50", tz="Europe/Berlin")
            assert (month(conn)["limit"], month(conn)["level"]) == ("12.5", "ok")
            budget.put(conn, "ada", monthly_usd="20", tz=None)
            assert (month(conn)["limit"], month(conn)["tz"]) == ("20", "Europe/Berlin")
            for amount, tz, code in (
                ("-1", None, "bad_amount"),
                ("1e9", None, "bad_amount"),
                ("1000000", None, "bad_amount"),
                ("5", "Mars/Olympus", "bad_timezone"),
            ):
                with pytest.raises(InvalidRequest) as caught:
                    budget.put(conn, "ada", monthly_usd=amount, tz=tz)
                assert caught.value.code == code
            assert (month(conn)["limit"], month(conn)["tz"]) == ("20", "Europe/Berlin")
            assert budget.get(conn, "eve", cap=None)["limit"] is None
            budget.put(conn, "ada", monthly_usd=None, tz=None)
            assert (month(conn)["limit"], month(conn)["level"]) == (None, "none")

        await db.write(run)


async def test_levels(path):
    async with opened(path) as db:

        def run(conn):
            budget.put(conn, "ada", monthly_usd="10", tz=None)
            seen = []
            for dollars in (4.999999999, 0.000000001, 2.9, 0.1, 1.9, 0.1, 5):
                spend(conn, dollars)
                seen.append(month(conn)["level"])
            assert seen == ["ok", "half", "half", "high", "high", "full", "full"]
            assert month(conn)["spent"] == "15"
            # The lower of the two counts.
            assert month(conn, cap=Decimal(1000))["level"] == "full"
            budget.put(conn, "ada", monthly_usd="1000", tz=None)
            assert month(conn, cap=Decimal(16))["level"] == "high"
            budget.put(conn, "ada", monthly_usd="0", tz=None)
            assert month(conn)["level"] == "full"

        await db.write(run)


async def test_what_counts_as_spent(path):
    async with opened(path) as db:

        def run(conn):
            spend(conn, 1, when=NOW - timedelta(days=24))  # October
            spend(conn, 2, when=NOW - timedelta(days=20))
            spend(conn, 4, owner="eve")
            spend(conn, 0, rates=False)
            # Booked before the clock was set back by two days: spent all the same.
            spend(conn, 8, when=NOW + timedelta(days=2))
            seen = month(conn)
            assert (seen["spent"], seen["unpriced"]) == ("10", 1)
            # Back by a month: all that was spent since counts, nothing is hidden.
            assert month(conn, now=NOW - timedelta(days=31))["spent"] == "11"
            assert month(conn, now=NOW + timedelta(days=31))["spent"] == "0"

        await db.write(run)


async def test_reservations(path):
    async with opened(path) as db:

        def run(conn):
            reserve(conn)  # no limit: it is held all the same, so that it is shown
            assert month(conn)["reserved"] == "1"
            budget.put(conn, "ada", monthly_usd="4", tz=None)
            spend(conn, 1)
            mine = new_id()
            reserve(conn, 2 * DOLLAR, request_id=mine)
            error = refused(conn, 1)
            assert error.code == "over_budget"
            assert error.detail == {
                "limit": "4",
                "cap": None,
                "spent": "1",
                "reserved": "3",
                "needed": "0.000000001",
                "month": "2026-11",
            }
            # The same request again does not stand in its own way.
            reserve(conn, 2 * DOLLAR, request_id=mine)
            assert month(conn)["reserved"] == "3"
            budget.release(conn, mine)
            budget.release(conn, mine)
            assert month(conn)["reserved"] == "1"
            reserve(conn, 2 * DOLLAR)
            reserve(conn, 5 * DOLLAR, owner="eve")

        await db.write(run)


async def test_the_cap(path):
    async with opened(path) as db:
        cap = Decimal("2.5")

        def run(conn):
            reserve(conn, cap=cap)
            assert refused(conn, 2 * DOLLAR, cap=cap).code == "over_cap"
            budget.put(conn, "ada", monthly_usd="2", tz=None)
            assert refused(conn, int(1.2 * DOLLAR), cap=cap).code == "over_budget"
            assert refused(conn, 2 * DOLLAR, cap=cap).code == "over_cap"
            reserve(conn, DOLLAR, cap=cap)
            assert refused(conn, 1, cap=Decimal(0)).detail["cap"] == "0"

        await db.write(run)


async def test_unknown_prices(path):
    async with opened(path) as db:

        def run(conn):
            reserve(conn, None)  # nothing is limited
            assert refused(conn, None, cap=Decimal(1)).code == "unpriced_refused"
            assert refused(conn, None, cap=Decimal(1), accept_unpriced=True).code == (
                "unpriced_refused"
            )
            budget.put(conn, "ada", monthly_usd="1", tz=None)
            assert refused(conn, None).code == "unpriced"
            reserve(conn, None, accept_unpriced=True)
            assert month(conn)["reserved"] == "0"
            spend(conn, 1)
            assert refused(conn, None, accept_unpriced=True).code == "over_budget"

        await db.write(run)


async def test_what_is_free_always_passes(path):
    async with opened(path) as db:

        def run(conn):
            budget.put(conn, "ada", monthly_usd="0", tz=None)
            reserve(conn, 0, free=True, cap=Decimal(0))
            reserve(conn, None, free=True, cap=Decimal(0))
            assert month(conn)["reserved"] == "0"

        await db.write(run)


async def test_fifty_at_once_under_a_budget_for_three(path):
    async with opened(path) as one, opened(path) as two:
        await one.write(lambda conn: budget.put(conn, "ada", monthly_usd="3.5", tz=None))
        done = await asyncio.gather(
            *(db.write(reserve) for _ in range(25) for db in (one, two)), return_exceptions=True
        )
        assert sum(result is None for result in done) == 3
        assert {r.code for r in done if r is not None} == {"over_budget"}
        assert (await two.read(month))["reserved"] == "3"


FIFTY = """
import asyncio, sys
from pathlib import Path
from jupyterlab_gpt.errors import BudgetExceeded
from jupyterlab_gpt.store.database import Database
from tests.ledger.test_budget import reserve

async def main():
    db = Database(Path(sys.argv[1]))
    await db.open()
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    done = await asyncio.gather(
        *(db.write(lambda c: reserve(c, server_id=db.server_id)) for _ in range(25)),
        return_exceptions=True,
    )
    for error in done:
        assert error is None or isinstance(error, BudgetExceeded), error
    print(sum(error is None for error in done), flush=True)
    await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


@pytest.mark.slow
async def test_fifty_at_once_from_two_processes(path):
    async with opened(path) as db:
        await db.write(lambda conn: budget.put(conn, "ada", monthly_usd="3", tz=None))
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", FIFTY, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        assert [server.stdout.readline() for server in servers] == ["open\n"] * 2
        for server in servers:
            server.stdin.write("\n")
            server.stdin.flush()
        passed = [int(server.stdout.readline()) for server in servers]
        assert sum(passed) == 3
        # kill -9 changes nothing: what is held is held until the servers are known to be gone.
        for server in servers:
            server.kill()
            server.wait()
    finally:
        for server in servers:
            server.kill()
            server.communicate()
    from jupyterlab_gpt.ledger import ledger

    async with opened(path, on_orphans=ledger.settle_interrupted) as db:
        assert (await db.read(month))["reserved"] == "0"


async def test_a_month_of_many_calls_is_read_at_once(path):
    async with opened(path) as db:

        def run(conn):
            for n in range(5000):
                spend(conn, 0.001, when=NOW - timedelta(minutes=n))
            start = time.perf_counter()
            assert month(conn)["spent"] == "5"
            return time.perf_counter() - start

        seconds = await db.write(run)
        print(f"5,000 calls of the month: {seconds * 1000:.1f} ms")
        assert seconds < 0.5
