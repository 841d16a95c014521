"""A database of the first version, and one that another server holds locked."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from jupyterlab_gpt.errors import StorageError
from jupyterlab_gpt.ledger import budget, ledger
from jupyterlab_gpt.store.migrations import MIGRATIONS
from tests.store.helpers import opened

from .helpers import book, settle, usage
from .test_budget import DOLLAR, month, reserve

LOCKER = """
import sqlite3, sys, time
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
conn.execute("COMMIT")
"""


async def test_a_database_of_the_first_version_is_taken_over(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as conn:
        for statement in MIGRATIONS[0][1]:
            conn.execute(statement)
        conn.execute("PRAGMA user_version = 1")
        for ended, status in (("2026-11-02T00:00:01.000Z", "complete"), (None, "running")):
            conn.execute(
                "INSERT INTO calls (owner, request_id, conversation_id, provider, host, model,"
                " attempt, server_id, started, ended, status, input, output)"
                " VALUES ('ada', 'r', 'c', 'default', 'h', 'm', 1, 'dead',"
                " '2026-11-02T00:00:00.000Z', ?, ?, 5, 5)",
                (ended, status),
            )
        conn.commit()
    async with opened(path, on_orphans=ledger.settle_interrupted) as db:
        found = await db.read(
            lambda c: c.execute(
                "SELECT status, cost_nano, counted, at_least, base_url FROM calls ORDER BY id"
            ).fetchall()
        )
        assert found == [("complete", None, None, 0, ""), ("interrupted", None, None, 0, "")]
        cost = await db.read(lambda c: ledger.cost_of_conversation(c, "ada", "c"))
        assert cost == {"usd": None, "estimated": False, "at_least": True}
        await db.write(lambda c: settle(c, book(c), usage(1000, 100)))
        assert (await db.read(month))["unpriced"] == 2


async def test_a_locked_database_reserves_later_or_refuses(path):
    async with opened(path) as patient, opened(path, lock_seconds=0.1) as short:
        await patient.write(lambda c: budget.put(c, "ada", monthly_usd="1", tz=None))
        with subprocess.Popen(
            [sys.executable, "-c", LOCKER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as locker:
            assert locker.stdout.readline() == "locked\n"
            with pytest.raises(StorageError) as caught:
                await short.write(reserve)
            assert caught.value.code == "storage_locked"
            waiting = asyncio.create_task(patient.write(reserve))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            locker.stdin.write("\n")
            locker.stdin.flush()
            await waiting
        assert (await short.read(month))["reserved"] == "1"
        with pytest.raises(Exception, match="budget"):
            await short.write(lambda c: reserve(c, DOLLAR))
