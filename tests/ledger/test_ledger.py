"""Rows that are booked, settled once and kept; what they cost, alone and added up."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from jupyterlab_gpt.errors import NotFound, StorageError
from jupyterlab_gpt.ledger import budget, ledger
from jupyterlab_gpt.ledger.prices import Rates
from jupyterlab_gpt.store import conversations
from jupyterlab_gpt.store import usage as store
from tests.store.helpers import new_id, opened, turn

from .helpers import FREE, book, row, settle, usage

COST = ("cost_nano", "cost_source", "estimated", "at_least")


async def settled(path, tokens=None, *, booked=None, **changes):
    """Cost, source and flags of one call."""
    async with opened(path) as db:

        def run(conn):
            call = book(conn, **(booked or {}))
            settle(conn, call, tokens, **changes)
            return row(conn, call, *COST)

        return await db.write(run)


@pytest.mark.parametrize(
    ("tokens", "booked", "changes", "cost"),
    [
        (usage(1000, 100), {}, {}, (150_000, "table", 0, 0)),
        # The provider's own word counts more than any price of ours.
        (usage(1000, 100), {}, {"raw_usage": {"cost": 0.5}}, (500_000_000, "provider", 0, 0)),
        (
            usage(1000, 100),
            {"rates": None},
            {"raw_usage": {"cost": "0.5"}, "at_least": True},
            (500_000_000, "provider", 0, 0),
        ),
        (usage(1000, 100), {}, {"raw_usage": {"cost": -1}}, (150_000, "table", 0, 0)),
        # Nobody knows: never 0.
        (usage(1000, 100), {"rates": None}, {}, (None, None, 0, 0)),
        (usage(1000, None), {}, {}, (None, None, 0, 0)),
        (None, {"counted": None}, {"status": "cancelled"}, (None, None, 0, 0)),
        (None, {"rates": None}, {"status": "cancelled"}, (None, None, 0, 0)),
        # Counted by us, and thinking may have been billed too.
        (
            usage(1000, 100, estimated=True),
            {},
            {"status": "cancelled", "at_least": True},
            (150_000, "table", 1, 1),
        ),
        # Nothing was reported: at least the prompt.
        (None, {}, {"status": "cancelled"}, (100_000, "table", 1, 1)),
        (
            usage(None, None, estimated=True),
            {},
            {"status": "cancelled"},
            (100_000, "table", 1, 1),
        ),
        (None, {}, {"status": "failed", "error_code": "provider_silent"}, (100_000, "table", 1, 1)),
        (None, {}, {"status": "incomplete", "error_code": "no_credit"}, (100_000, "table", 1, 1)),
        # Refused: nobody bills that.
        (None, {}, {"status": "failed", "error_code": "no_credit"}, (0, None, 0, 0)),
        (
            None,
            {"rates": None},
            {"status": "failed", "error_code": "provider_bad_request"},
            (0, None, 0, 0),
        ),
        # Free by construction, whatever is known.
        (None, {"rates": FREE, "counted": None}, {}, (0, "local", 0, 0)),
        (
            usage(10, 5, estimated=True),
            {"rates": FREE},
            {"status": "cancelled", "at_least": True},
            (0, "local", 1, 0),
        ),
    ],
)
async def test_cost_of_a_call(path, tokens, booked, changes, cost):
    assert await settled(path, tokens, booked=booked, **changes) == cost


async def test_rates_that_are_known_exactly_only_afterwards(path):
    dear = Rates(Decimal(1), Decimal(1), Decimal(1), Decimal(2), "override")
    async with opened(path) as db:

        def run(conn):
            call = book(conn)
            settle(conn, call, usage(1000, 100, cached=500), rates=dear)
            return row(conn, call, "cost_nano", "cost_source", "rates", "saved_nano")

        cost, source, rates, saved = await db.write(run)
        assert (cost, source, saved) == (1_200_000, "override", 0)
        assert '"input":"1"' in rates


async def test_what_the_cache_saved_is_stored(path):
    async with opened(path) as db:

        def run(conn):
            call = book(conn)
            settle(conn, call, usage(1000, 100, cached=900))
            return row(conn, call, "saved_nano")

        assert await db.write(run) == 81_000


async def test_a_settled_call_is_never_changed_and_none_is_deleted(path):
    async with opened(path) as db:

        def run(conn):
            call = book(conn)
            settle(conn, call, usage(1000, 100))
            return call

        call = await db.write(run)
        with pytest.raises(NotFound) as caught:
            await db.write(lambda conn: settle(conn, call, usage(1, 1)))
        assert caught.value.code == "unknown_request"
        for sql in (
            "UPDATE calls SET cost_nano = 0",
            "UPDATE calls SET ended = NULL",
            "UPDATE calls SET model = 'cheaper'",
            "DELETE FROM calls",
        ):
            with pytest.raises(StorageError) as stopped:
                await db.write(lambda conn, sql=sql: conn.execute(sql) and None)
            assert isinstance(stopped.value.__cause__, sqlite3.IntegrityError)
        running = await db.write(book)
        for sql in ("UPDATE calls SET counted = 1 WHERE id = ?", "DELETE FROM calls WHERE id = ?"):
            with pytest.raises(StorageError):
                await db.write(lambda conn, sql=sql: conn.execute(sql, (running,)) and None)
        assert await db.read(lambda conn: row(conn, call, "cost_nano", "model")) == (
            150_000,
            "gpt-6-luna",
        )


async def test_costs_added_up(path):
    async with opened(path) as db:
        request, chat = new_id(), new_id()
        ids = {"request_id": request, "conversation_id": chat}

        def add(conn, tokens, booked=None, **changes):
            settle(conn, book(conn, **ids, **(booked or {})), tokens, **changes)
            both = ledger.cost_of_request(conn, request)
            assert both == ledger.cost_of_conversation(conn, "ada", chat)
            return both

        def run(conn):
            assert ledger.cost_of_conversation(conn, "ada", chat) is None
            assert ledger.cost_of_request(conn, request)["usd"] is None
            book(conn, **ids)  # a call that runs adds nothing
            assert ledger.cost_of_conversation(conn, "ada", chat) is None
            known = add(conn, usage(1000, 100))
            assert known == {"usd": "0.00015", "estimated": False, "at_least": False}
            refused = add(conn, None, status="failed", error_code="no_credit")
            assert refused == known
            guessed = add(conn, usage(1000, 100, estimated=True))
            assert guessed == {"usd": "0.0003", "estimated": True, "at_least": False}
            unpriced = add(conn, usage(1, 1), {"rates": None})
            assert unpriced == {"usd": "0.0003", "estimated": True, "at_least": True}
            assert ledger.cost_of_conversation(conn, "eve", chat) is None
            costs = ledger.costs_of_conversations(conn, "ada", [chat, new_id()])
            assert costs == {chat: unpriced}
            assert ledger.costs_of_conversations(conn, "ada", []) == {}

        await db.write(run)


async def test_unknown_is_never_nothing(path):
    """A model nobody knows, whose first attempt was refused: no "$0" anywhere."""
    async with opened(path) as db:
        ids = {"request_id": new_id(), "conversation_id": new_id(), "rates": None}

        def run(conn):
            refused = {"status": "failed", "error_code": "provider_bad_request"}
            settle(conn, book(conn, **ids), None, **refused)
            settle(conn, book(conn, **ids, attempt=2), usage(10, 10))
            return ledger.cost_of_request(conn, ids["request_id"])

        assert (await db.write(run))["usd"] is None


async def test_a_dead_servers_calls_are_priced_and_its_reservations_let_go(path):
    async with opened(path, on_orphans=ledger.settle_interrupted) as db:
        new = turn(db, server_id="dead")
        going_on = turn(db, server_id="dead", answer_parts=[{"type": "text", "text": "x" * 999}])

        def run(conn):
            for one in (new, going_on):
                conversations.add_turn(conn, one)
                budget.reserve(
                    conn,
                    owner="ada",
                    request_id=one.request_id,
                    server_id="dead",
                    nano=10**9,
                    free=False,
                    accept_unpriced=False,
                    cap=None,
                )
                ids = {"request_id": one.request_id, "answer_id": one.answer_id}
                book(conn, **ids, conversation_id=one.conversation_id, server_id=None)
                piece = [(0, "text", "ü" * 200)]  # 400 bytes
                conversations.append_pieces(conn, one.answer_id, piece)
            budget.reserve(
                conn,
                owner="ada",
                request_id=new_id(),
                server_id=db.server_id,
                nano=5,
                free=False,
                accept_unpriced=False,
                cap=None,
            )
            lives = book(conn, server_id=db.server_id)
            unknown = book(conn, server_id="dead", rates=None)
            return lives, unknown

        lives, unknown = await db.write(run)
        assert await db.read(lambda c: budget.get(c, "ada", cap=None)["reserved"]) == "2.000000005"
        await db.write(db._server.beat)
        assert await db.read(lambda c: budget.get(c, "ada", cap=None)["reserved"]) == "0.000000005"
        for one in (new, going_on):
            tree = await db.read(
                lambda c, one=one: conversations.get_conversation(c, "ada", one.conversation_id)
            )
            answer = tree["messages"][-1]
            assert answer["status"] == "incomplete"
            # 1,000 tokens of prompt, and 100 of what was new in the answer.
            assert answer["cost"] == {"usd": "0.00015", "estimated": True, "at_least": True}
        assert await db.read(lambda c: row(c, lives, "status", "cost_nano")) == ("running", None)
        assert await db.read(lambda c: row(c, unknown, "status", "cost_nano")) == (
            "interrupted",
            None,
        )
        assert await db.write(ledger.settle_interrupted) == 0


async def test_a_server_that_was_taken_for_dead_has_the_last_word(path):
    async with opened(path, on_orphans=ledger.settle_interrupted) as db:
        call = await db.write(lambda conn: book(conn, server_id="slept"))
        await db.write(db._server.beat)
        assert await db.read(lambda c: row(c, call, *COST)) == (100_000, "table", 1, 1)
        await db.write(lambda conn: settle(conn, call, usage(1000, 100)))
        assert await db.read(lambda c: row(c, call, "status", *COST)) == (
            "complete",
            *(150_000, "table", 0, 0),
        )


async def test_calls_of_the_first_version_stay_unknown(path):
    """A row from before there were prices: unpriced, and not priced afterwards."""
    async with opened(path) as db:
        ids = {"request_id": new_id(), "conversation_id": new_id()}

        def run(conn):
            call = store.add_call(
                conn,
                owner="ada",
                answer_id=None,
                notebook=None,
                provider="default",
                host="h",
                model="m",
                attempt=1,
                started="2026-11-01T00:00:00.000Z",
                **ids,
            )
            settle(conn, call, usage(10, 10))
            return ledger.cost_of_request(conn, ids["request_id"])

        assert await db.write(run) == {"usd": None, "estimated": False, "at_least": True}
