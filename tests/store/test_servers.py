"""Several servers on one database, and what a killed one leaves behind."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store import servers
from jupyterlab_gpt.store.usage import add_call
from jupyterlab_gpt.store.values import utc_now

from .helpers import opened, turn


async def answer_of(db, new):
    found = await db.read(lambda c: store.get_conversation(c, "ada", new.conversation_id))
    return found["messages"][-1]


async def start(db, **changes):
    new = turn(db, **changes)

    def run(conn):
        store.add_turn(conn, new)
        add_call(
            conn,
            owner=new.owner,
            request_id=new.request_id,
            conversation_id=new.conversation_id,
            answer_id=new.answer_id,
            notebook=None,
            provider="default",
            host="h",
            model=new.model,
            attempt=1,
            started=new.created,
        )
        store.append_pieces(conn, new.answer_id, [(0, "text", "so far")])

    await db.write(run)
    return new


async def test_servers_share_one_database(path):
    async with opened(path) as one, opened(path) as two:
        assert one.server_id != two.server_id
        turns = await asyncio.gather(*(start(db) for db in (one, two) * 10))
        for new in turns:
            assert (await answer_of(two, new))["status"] == "streaming"
        # A third that starts leaves the living alone.
        async with opened(path) as three:
            assert (await answer_of(three, turns[0]))["status"] == "streaming"
        await one.write(
            lambda c: store.finish_answer(c, turns[0].answer_id, status="complete", parts=None)
        )
        assert (await answer_of(two, turns[0]))["status"] == "complete"


async def test_a_server_that_leaves_closes_its_own_turns_only(path):
    async with opened(path) as stays:
        async with opened(path) as leaves:
            gone, alive = await start(leaves), await start(stays)
        answer = await answer_of(stays, gone)
        assert (answer["status"], answer["error"]["code"]) == ("incomplete", "server_stopped")
        assert answer["parts"] == [{"type": "text", "text": "so far"}]
        assert (await answer_of(stays, alive))["status"] == "streaming"
        calls = await stays.read(
            lambda c: c.execute("SELECT status FROM calls ORDER BY id").fetchall()
        )
        assert calls == [("interrupted",), ("running",)]


def enter(conn, id_, *, host, pid=1, process="1", beat=None):
    now = utc_now()
    conn.execute(
        "INSERT INTO servers VALUES (?, ?, ?, ?, ?, ?)", (id_, host, pid, process, now, beat or now)
    )


async def test_another_machines_server_expires_by_its_heartbeat(path, monkeypatch):
    async with opened(path) as db:
        await db.write(lambda c: enter(c, "far", host="far"))
        await db.write(lambda c: enter(c, "older", host="far", beat="2020-01-01T00:00:00.000Z"))
        new, old = await start(db, server_id="far"), await start(db, server_id="older")
        row = servers.ServerRow("me")
        await db.write(row.beat)
        assert (await answer_of(db, new))["status"] == "streaming"
        assert (await answer_of(db, old))["status"] == "incomplete"
        clock = time.monotonic()
        monkeypatch.setattr(servers.time, "monotonic", lambda: clock)
        clock += servers.EXPIRY_SECONDS - 1
        await db.write(row.beat)
        await db.write(lambda c: c.execute("UPDATE servers SET beat = beat || '1'") and None)
        clock += servers.EXPIRY_SECONDS - 1
        await db.write(row.beat)
        clock += servers.EXPIRY_SECONDS - 1
        await db.write(row.beat)
        assert (await answer_of(db, new))["status"] == "streaming"
        clock += 2
        await db.write(row.beat)
        assert (await answer_of(db, new))["status"] == "incomplete"


async def test_a_pid_that_another_process_has_by_now_is_dead(path):
    me = servers.this_process()
    if not me.process:
        pytest.skip("start times of processes are not known here")
    async with opened(path) as db:
        await db.write(lambda c: enter(c, "reused", host=me.host, pid=me.pid, process="12345"))
        await db.write(
            lambda c: enter(
                c, "slept", host=me.host, pid=me.pid, process=me.process, beat="2020-01-01"
            )
        )
        reused, slept = await start(db, server_id="reused"), await start(db, server_id="slept")
        await db.write(servers.ServerRow("me").beat)
        assert (await answer_of(db, reused))["status"] == "incomplete"
        # It lives, however old its heartbeat: a laptop that slept.
        assert (await answer_of(db, slept))["status"] == "streaming"


async def test_the_heartbeat_beats(path, monkeypatch):
    monkeypatch.setattr("jupyterlab_gpt.store.database.BEAT_SECONDS", 0.05)
    async with opened(path) as db:

        def beat(conn):
            return conn.execute("SELECT beat FROM servers").fetchone()[0]

        first, give_up = await db.read(beat), time.monotonic() + 20
        while await db.read(beat) == first:
            assert time.monotonic() < give_up
            await asyncio.sleep(0.02)
        # Taken for dead by another, it enters itself again.
        await db.write(lambda c: c.execute("DELETE FROM servers") and None)
        while not await db.read(lambda c: c.execute("SELECT count(*) FROM servers").fetchone()[0]):
            assert time.monotonic() < give_up
            await asyncio.sleep(0.02)


STREAM = """
import asyncio, json, sys, time
from pathlib import Path
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store.database import Database
from tests.store.helpers import turn

async def main():
    db = Database(Path(sys.argv[1]))
    new = turn(db, parts=[{"type": "text", "text": "the prompt"}])
    await db.write(lambda c: store.add_turn(c, new))
    print(json.dumps([new.conversation_id, new.answer_id]), flush=True)
    number, pieces, flushed = 0, [], time.monotonic()
    while True:
        pieces.append((0, "text", f"w{number:06d} "))
        print(number, time.monotonic(), flush=True)
        number += 1
        if time.monotonic() - flushed >= 0.25:
            new_pieces, pieces, flushed = pieces, [], time.monotonic()
            await db.write(
                lambda c: store.append_pieces(c, new.answer_id, new_pieces), durable=False
            )
        await asyncio.sleep(0.002)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.55, 0.8, 1.1])
async def test_kill_9_in_the_middle_of_an_answer(path, seconds):
    with subprocess.Popen(
        [sys.executable, "-c", STREAM, str(path)], stdout=subprocess.PIPE, text=True
    ) as server:
        first = await asyncio.to_thread(server.stdout.readline)
        conversation_id, answer_id = json.loads(first)
        await asyncio.sleep(seconds)
        server.send_signal(signal.SIGKILL)
        printed = server.stdout.read().splitlines()
    said = [float(line.split()[1]) for line in printed if len(line.split()) == 2]
    async with opened(path) as db:  # at once: no heartbeat to wait for
        found = await db.read(lambda c: store.get_conversation(c, "ada", conversation_id))
        question, answer = found["messages"]
        assert question["parts"] == [{"type": "text", "text": "the prompt"}]
        assert (answer["id"], answer["status"]) == (answer_id, "incomplete")
        words = "".join(part["text"] for part in answer["parts"]).split()
        assert words == [f"w{number:06d}" for number in range(len(words))]
        if len(words) < len(said):
            assert said[-1] - said[len(words)] <= 1.0  # what is missing is its last second
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
