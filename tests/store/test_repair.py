"""Damage, backups and what is left of what was deleted: real files, flipped bits."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from jupyterlab_gpt.errors import StorageError
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store import usage
from jupyterlab_gpt.store.blobs import BlobStore
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.migrations import MIGRATIONS
from jupyterlab_gpt.store.repair import is_due

from .helpers import opened, text, turn
from .test_rest import END, call_of

FLIPS = 50
SAMPLE = 10


async def ask(db, words, **changes):
    new = turn(db, parts=text(f"question {words}"), title=f"title {words}", **changes)

    def run(conn):
        store.add_turn(conn, new)
        call = usage.add_call(conn, **{**call_of(new), "notebook": None})
        usage.settle_call(conn, call, **END)
        store.finish_answer(
            conn, new.answer_id, status="complete", parts=text(f"answer {words} " * 40)
        )

    await db.write(run)
    return new


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A closed database with 300 conversations, 500 KB."""
    import asyncio

    path = tmp_path_factory.mktemp("full") / "gpt" / "gpt.sqlite"

    async def fill():
        async with opened(path) as db:
            for n in range(300):
                await ask(db, f"word{n}")

    asyncio.run(fill())
    assert path.stat().st_size > 400_000
    return path


def copied(full, path):
    path.parent.mkdir()
    shutil.copy(full, path)
    path.chmod(0o600)


async def used(db):
    """All that a panel does at first: list, search, read each, ask."""
    page = await db.read(lambda c: store.list_conversations(c, "ada", limit=200))
    await db.read(lambda c: store.list_conversations(c, "ada", q="answer wor"))
    for item in page["items"][:50]:
        await db.read(lambda c, i=item: store.get_conversation(c, "ada", i["id"]))
    await ask(db, "after")
    return len(page["items"])


def damaged_files(path):
    return sorted(path.parent.glob("gpt-damaged-*.sqlite"))


@pytest.mark.parametrize(
    "seed", [*range(SAMPLE), *(pytest.param(n, marks=pytest.mark.slow) for n in range(10, FLIPS))]
)
async def test_flipped_bytes(full, path, seed):
    """The server starts whatever byte is flipped; what SQLite reports is told and kept."""
    rng = random.Random(seed)
    copied(full, path)
    data = bytearray(path.read_bytes())
    # Every other time in the first pages, where all that matters most stands.
    at = rng.randrange(len(data) if seed % 2 else 16_384)
    data[at] ^= rng.randrange(1, 256)
    path.write_bytes(data)
    db = Database(path)
    try:
        if 60 <= at < 64:  # the number of the version: a newer one is left alone
            with pytest.raises(StorageError, match="newer version"):
                await used(db)
            return
        await used(db)
        await db.check()
        await used(db)
        kept = damaged_files(path)
        assert (db.health.state == "repaired") == bool(kept)
        if kept:
            assert kept[0].name in db.health.message
        # Whatever was told, what is there now is sound.
        result = await db.read(lambda c: c.execute("PRAGMA quick_check").fetchone())
        assert result == ("ok",)
    finally:
        await db.close()


async def test_rows_around_a_broken_page_are_saved(full, path):
    copied(full, path)
    with closing(sqlite3.connect(path)) as conn:
        size = conn.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(path.read_bytes())
    # A page in the middle that holds answers; all of it is overwritten.
    page = data.index(b"answer word150 ") // size
    data[page * size : (page + 1) * size] = b"\xff" * size
    path.write_bytes(data)
    async with opened(path) as db:
        await db.check()
        assert db.health.state == "repaired"
        (kept,) = damaged_files(path)
        assert kept.read_bytes()[page * size : (page + 1) * size] == b"\xff" * size
        assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(path.stat().st_mode) == 0o600

        def counts(conn):
            tables = ("conversations", "messages", "calls")
            return [conn.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables]

        conversations, messages, calls = await db.read(counts)
        assert conversations >= 300 - 20
        assert messages >= 600 - 20
        assert calls == 300
        # Each can be shown, and gone on with.
        assert await used(db) == 200
        found = await db.read(lambda c: store.list_conversations(c, "ada", q="word7"))
        assert found["items"][0]["hit"]
        assert not await db.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall())


async def test_two_servers_one_repair(full, path):
    """The one that did not repair goes on in the new file."""
    copied(full, path)
    async with opened(path) as one, opened(path) as two:
        await ask(one, "before")
        file = one._writing.file
        await one._ask(one._writer, lambda: one._writing.repair(file))
        await two._ask(two._writer, lambda: two._writing.repair(file))
        assert one.health.state == "repaired"
        assert len(damaged_files(path)) == 1
        await ask(two, "behind")
        found = await one.read(lambda c: store.list_conversations(c, "ada", q="behind"))
        assert len(found["items"]) == 1
        assert len(await two.read(lambda c: c.execute("SELECT id FROM servers").fetchall())) == 2
        found = await two.read(lambda c: store.list_conversations(c, "ada", q="before"))
        assert len(found["items"]) == 1


async def test_the_check_is_made_once_a_day_and_after_an_unclean_end(full, path):
    copied(full, path)
    assert is_due(path)
    async with opened(path) as db:
        await db.check()
        assert db.health.state == "ok"
        assert not is_due(path)
    stamp = path.with_name("gpt.sqlite.checked")
    assert stat.S_IMODE(stamp.stat().st_mode) == 0o600
    long_ago = stamp.stat().st_mtime - 24 * 3600
    os.utime(stamp, (long_ago, long_ago))
    assert is_due(path)
    async with opened(path) as db:
        await db.check()
    assert not is_due(path)
    before = stamp.stat().st_mtime_ns
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(
            "INSERT INTO servers SELECT 'dead', '', 1, '', opened, beat FROM"
            " (SELECT '2026-01-01T00:00:00.000Z' AS opened, '2026-01-01T00:00:00.000Z' AS beat)"
        )
        conn.commit()
    async with opened(path) as db:
        await db.check()
        assert stamp.stat().st_mtime_ns > before


# ---------------------------------------------------------------- migrations


def old_database(path, version):
    """A database as a version of ours left it, with rows in each table."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as conn:
        for _, statements in MIGRATIONS[:version]:
            for statement in statements:
                conn.execute(statement)
        conn.execute(f"PRAGMA user_version = {version}")
        when = "2026-11-22T21:00:00.000Z"
        for n in range(20):
            conn.execute(
                "INSERT INTO conversations (id, owner, title, created, updated, leaf)"
                " VALUES (?, 'ada', ?, ?, ?, ?)",
                (f"c{n}", f"title {n}", when, when, f"a{n}"),
            )
            for name, role, parent in ((f"q{n}", "user", None), (f"a{n}", "assistant", f"q{n}")):
                conn.execute(
                    "INSERT INTO messages (id, conversation_id, parent_id, role, parts, text,"
                    " created, status) VALUES (?, ?, ?, ?, '[]', ?, ?, 'complete')",
                    (name, f"c{n}", parent, role, f"needle{n} of {name}", when),
                )
            conn.execute(
                "INSERT INTO calls (owner, request_id, provider, host, model, attempt, started,"
                " status, ended) VALUES ('ada', ?, 'p', 'h', 'm', 1, ?, 'complete', ?)",
                (f"r{n}", when, when),
            )
        conn.execute("INSERT INTO blobs VALUES ('ada', 'x', 1, ?)", (when,))
        conn.execute("INSERT INTO message_blobs VALUES ('q1', 'x')")
        conn.execute("INSERT INTO providers VALUES ('ada', 'p', 'n', 'u', '{}', NULL)")
        conn.commit()


def rows_of(path):
    """All rows of the tables of version 1, with the columns that it had."""
    with closing(sqlite3.connect(":memory:")) as first:
        for statement in MIGRATIONS[0][1]:
            first.execute(statement)
        tables = {
            name: [row[1] for row in first.execute(f"PRAGMA table_info ({name})")]
            for (name,) in first.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
        }
    del tables["servers"]
    with closing(sqlite3.connect(path)) as conn:
        return {
            name: sorted(
                conn.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall(), key=repr
            )
            for name, columns in tables.items()
        }


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_older_tables_migrate_with_a_backup_before(path, version):
    old_database(path, version)
    before = rows_of(path)
    async with opened(path) as db:
        found = await db.read(lambda c: store.list_conversations(c, "ada", q="needle7 of a"))
        assert [item["id"] for item in found["items"]] == ["c7"]
        assert found["items"][0]["hit"]["message_id"] == "a7"
    assert rows_of(path) == before
    backup = path.with_name(f"gpt-backup-v{version}.sqlite")
    assert rows_of(backup) == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (version,)
    assert not list(path.parent.glob("*.tmp"))


async def test_the_last_two_backups_are_kept(path):
    old_database(path, 2)
    for version in (0, 1):
        path.with_name(f"gpt-backup-v{version}.sqlite").write_bytes(b"old")
    async with opened(path):
        pass
    names = sorted(file.name for file in path.parent.glob("gpt-backup-*"))
    assert names == ["gpt-backup-v1.sqlite", "gpt-backup-v2.sqlite"]
    async with opened(path):  # up to date: nothing to back up
        pass
    assert sorted(file.name for file in path.parent.glob("gpt-backup-*")) == names


# ---------------------------------------------------------------- delete everything


CANARY = "zanzibarcanary"


async def test_purged_text_is_nowhere(path):
    old_database(path, 2)
    folder = path.parent / "blobs"
    async with opened(path) as db:
        blobs = BlobStore(folder, db)
        sha256 = (await blobs.put("ada", CANARY.encode() * 100))["sha256"]
        shared = (await blobs.put("ada", b"shared"))["sha256"]
        await blobs.put("eve", b"shared")
        for n in range(30):
            new = await ask(db, f"{CANARY}{n} {CANARY}")
        await ask(db, "others", owner="eve")
        parts = [{"type": "file", "path": CANARY, "blob": sha256}]
        again = turn(db, conversation_id=new.conversation_id, parent_id=new.answer_id, parts=parts)
        await db.write(lambda c: store.add_turn(c, again))
        await db.write(lambda c: store.append_pieces(c, again.answer_id, [(0, "text", CANARY)]))
        spent = await db.read(lambda c: c.execute("SELECT * FROM calls ORDER BY id").fetchall())
        await db.write(lambda c: store.purge_conversations(c, "ada"))
        await blobs.purge("ada")
        await db.vacuum()
        for file in path.parent.rglob("*"):
            if file.is_file():
                data = file.read_bytes()
                assert CANARY.encode() not in data, file
                assert b"needle" not in data, file
        # FTS5 stores words by what they share: ask it too.
        await db.write(
            lambda c: (
                c.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, found, row)")
                and None
            )
        )
        words = await db.write(lambda c: [w for (w,) in c.execute("SELECT term FROM words")])
        assert "others" in words
        assert not [word for word in words if word.startswith(("zan", "needle"))]
        assert spent == await db.read(
            lambda c: c.execute("SELECT * FROM calls ORDER BY id").fetchall()
        )
        assert await blobs.get("eve", shared) == b"shared"
        assert not list(path.parent.glob("gpt-backup-*"))
        assert len((await db.read(lambda c: store.list_conversations(c, "eve")))["items"]) == 1
