"""The file, its threads and its faults: real files, real threads, real processes."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.errors import NotFound, StorageError
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.disk import journal_mode, make_private_file
from jupyterlab_gpt.store.migrations import MIGRATIONS

from .helpers import opened


def count(conn, table="providers"):
    return conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def add(conn, name="a"):
    conn.execute("INSERT INTO providers VALUES ('ada', ?, 'n', 'http://h', '{}', NULL)", (name,))


async def test_opens_itself_and_keeps_what_was_written(path):
    async with opened(path) as db:
        await db.write(add)
    db = Database(path)
    assert not db.is_open
    assert await db.read(count) == 1
    assert db.is_open
    await db.close()
    assert not db.is_open


async def test_two_threads_and_never_the_callers(path):
    async with opened(path) as db:
        writer = await db.write(lambda _: threading.current_thread().name)
        reader = await db.read(lambda _: threading.current_thread().name)
        assert await db.write(lambda _: threading.current_thread().name, durable=False) == writer
        assert len({writer, reader, threading.current_thread().name}) == 3


async def test_the_reader_cannot_write(path):
    async with opened(path) as db:
        with pytest.raises(StorageError) as caught:
            await db.read(add)
        assert caught.value.code == "storage_read_only"
        assert await db.read(count) == 0


async def test_a_transaction_is_all_or_nothing(path):
    async with opened(path) as db:

        def half(conn):
            add(conn)
            raise NotFound("no", code="unknown_blob")

        with pytest.raises(NotFound):
            await db.write(half)
        assert await db.read(count) == 0
        with pytest.raises(StorageError):
            await db.write(lambda conn: (add(conn), add(conn)))
        assert await db.read(count) == 0
        await db.write(add)
        assert await db.read(count) == 1


async def test_durable_is_full_and_the_rest_normal(path):
    async with opened(path) as db:

        def synchronous(conn):
            return conn.execute("PRAGMA synchronous").fetchone()[0]

        assert await db.write(synchronous) == 2
        assert await db.write(synchronous, durable=False) == 1
        assert await db.write(synchronous) == 2


async def test_a_write_is_done_though_its_task_is_cancelled(path):
    async with opened(path) as db:
        hold = threading.Event()
        first = asyncio.create_task(db.write(lambda _: hold.wait(30)))
        second = asyncio.create_task(db.write(add))
        await asyncio.sleep(0.05)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        hold.set()
        await first
        assert await db.write(count) == 1


async def test_the_event_loop_is_free_while_the_disk_is_busy(path):
    async with opened(path) as db:
        hold = threading.Event()
        task = asyncio.create_task(db.write(lambda _: hold.wait(30)))
        started = time.monotonic()
        assert await db.read(count) == 0  # the reader does not wait for the writer
        assert time.monotonic() - started < 5
        hold.set()
        await task


async def test_closing_does_what_waits_then_refuses(path):
    db = Database(path)
    tasks = [asyncio.create_task(db.write(lambda c, i=i: add(c, str(i)))) for i in range(20)]
    await asyncio.sleep(0)
    await db.close()
    await db.close()
    await asyncio.gather(*tasks)
    with pytest.raises(StorageError):
        await db.write(add)
    with closing(sqlite3.connect(path)) as conn:
        assert count(conn) == 20
        assert count(conn, "servers") == 0


def test_usable_from_any_loop(path):
    db = Database(path)
    asyncio.run(db.write(add))
    assert asyncio.run(db.read(count)) == 1
    asyncio.run(db.close())


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_files_are_private_even_under_umask_000(path):
    before = os.umask(0)
    try:
        async with opened(path) as db:
            await db.write(add)
            files = sorted(path.parent.iterdir())
            assert {f.name for f in files} == {path.name + end for end in ("", "-wal", "-shm")}
            assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_modes_that_were_too_open_are_mended(path):
    path.parent.mkdir(mode=0o755)
    path.touch(0o644)
    async with opened(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("ext4", "wal"),
        ("overlay", "wal"),
        ("somethingnew", "wal"),
        ("nfs4", "delete"),
        ("cifs", "delete"),
        ("fuse.sshfs", "delete"),
        ("lustre", "delete"),
    ],
)
def test_journal_by_file_system(tmp_path, kind, mode):
    here = str(tmp_path.resolve()).replace(" ", "\\040")
    table = f"/dev/a / ext4 rw 0 0\nserver:/x {here} {kind} rw 0 0\nnone {here}/x nfs rw 0 0\n"
    assert journal_mode(tmp_path / "gpt.sqlite", table) == mode


async def test_works_with_journal_mode_delete(path, monkeypatch):
    monkeypatch.setattr("jupyterlab_gpt.store.writing.journal_mode", lambda _: "delete")
    async with opened(path) as db, opened(path) as other:
        await db.write(add)
        assert await other.read(count) == 1
        await other.write(lambda conn: add(conn, "b"))
        assert await db.read(count) == 2
        assert not path.with_name(path.name + "-wal").exists()


async def test_tables_are_made_once_and_newer_ones_left_alone(path):
    dbs = [Database(path) for _ in range(4)]
    await asyncio.gather(*(db.open() for db in dbs))
    for db in dbs:
        await db.close()
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        conn.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db = Database(path)
    with pytest.raises(StorageError, match="newer version"):
        await db.open()
    await db.close()


async def test_a_file_that_is_no_database(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 1000)
    async with opened(path) as db:
        assert await db.read(count) == 0
        assert db.health.state == "repaired"
        (kept,) = path.parent.glob("gpt-damaged-*.sqlite")
        assert kept.name in db.health.message
        assert kept.read_bytes().startswith(b"not a database")


LOCKER = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
conn.execute("COMMIT")
"""


async def test_locked_by_another_process_is_waited_for(path):
    async with opened(path, lock_seconds=0.3) as short, opened(path, lock_seconds=60) as patient:
        with subprocess.Popen(
            [sys.executable, "-c", LOCKER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as locker:
            assert await asyncio.to_thread(locker.stdout.readline) == "locked\n"
            with pytest.raises(StorageError) as caught:
                await short.write(add)
            assert caught.value.code == "storage_locked"
            assert caught.value.retryable
            waiting = asyncio.create_task(patient.write(lambda conn: add(conn, "b")))
            await asyncio.sleep(0.2)
            assert not waiting.done()
            locker.stdin.write("\n")
            locker.stdin.flush()
            await waiting
        await short.write(add)
        assert await short.read(count) == 2


def mount(kind_options, target):
    target.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", kind_options, "tmpfs", str(target)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("mounting needs rights that are not here")


@pytest.fixture
def small_disk(tmp_path):
    if not sys.platform.startswith("linux"):
        pytest.skip("mounts a tmpfs")
    target = tmp_path / "disk"
    mount("size=2m", target)
    yield target
    subprocess.run(["umount", "-l", str(target)], check=True)


async def test_a_full_disk_and_one_that_is_read_only(small_disk):
    async with opened(small_disk / "gpt" / "gpt.sqlite") as db:
        await db.write(add)

        def fill(conn):
            for i in range(1000):
                conn.execute(
                    "INSERT INTO providers VALUES ('ada', ?, ?, 'u', '{}', NULL)", (i, "x" * 9000)
                )

        with pytest.raises(StorageError) as caught:
            await db.write(fill)
        assert caught.value.code == "storage_full"
        assert await db.read(count) == 1  # what was there is still there
        await db.write(lambda conn: add(conn, "b"))  # and there is room again
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    db = Database(small_disk / "gpt" / "gpt.sqlite")
    with pytest.raises(StorageError) as caught:
        await db.write(add)
    assert caught.value.code == "storage_read_only"
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    await db.write(lambda conn: add(conn, "c"))  # the same object, without a restart
    await db.close()


async def test_vacuum_leaves_nothing_of_what_was_deleted(path):
    async with opened(path) as db:
        await db.write(lambda conn: add(conn, "canary-" * 50))
        await db.write(lambda conn: conn.execute("DELETE FROM providers") and None)
        await db.vacuum()
    assert all(b"canary-canary" not in f.read_bytes() for f in path.parent.iterdir())


def test_a_journal_may_vanish_while_modes_are_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server that closes at this moment deletes it."""
    path = tmp_path / "gpt.sqlite"
    journal = tmp_path / "gpt.sqlite-journal"
    journal.touch(0o644)
    real = Path.stat

    def vanishing(self: Path, **more: Any) -> Any:
        found = real(self, **more)
        if self == journal:
            journal.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "stat", vanishing)
    make_private_file(path)
    assert path.exists()
    assert not journal.exists()
