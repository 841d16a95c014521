"""The text of running answers reaches the disk together, and never after its answer's end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from jupyterlab_gpt.chat.keeper import TextKeeper
from jupyterlab_gpt.errors import StorageError
from jupyterlab_gpt.store import conversations
from jupyterlab_gpt.store.database import Database
from tests.store.helpers import turn

INTERVAL = 0.02


class Counting(Database):
    """Counts its writes, and refuses them when told to."""

    refusing = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writes = 0

    async def write(self, fn: Any, *, durable: bool = True) -> Any:
        self.writes += 1
        if self.refusing:
            raise StorageError("full", code="storage_full")
        return await super().write(fn, durable=durable)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Counting]:
    db = Counting(folder / "gpt.sqlite")
    try:
        yield db
    finally:
        await db.close()


async def begin(db: Database) -> str:
    """Begin an answer, and return its id."""
    new = turn(db)
    await db.write(lambda conn: conversations.add_turn(conn, new))
    return new.answer_id


async def stored(db: Database) -> dict[str, str]:
    def read(conn: sqlite3.Connection) -> dict[str, str]:
        found: dict[str, str] = {}
        for answer, text in conn.execute("SELECT message_id, text FROM pieces ORDER BY id"):
            found[answer] = found.get(answer, "") + text
        return found

    return await db.read(read)


async def until(db: Database, wanted: dict[str, str]) -> None:
    async with asyncio.timeout(20):
        while await stored(db) != wanted:
            await asyncio.sleep(0.005)


async def refused(db: Counting) -> tuple[str, TextKeeper]:
    """Begin an answer whose first text, `a`, the disk has refused."""
    answer = await begin(db)
    keeper = TextKeeper(db, INTERVAL)
    keeper.open(answer)
    db.refusing = True
    before = db.writes
    keeper.add(answer, (0, "text", "a"))
    async with asyncio.timeout(20):
        while db.writes == before:
            await asyncio.sleep(0.005)
    return answer, keeper


async def test_all_answers_share_a_transaction(tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        answers = [await begin(db) for _ in range(20)]
        keeper = TextKeeper(db, INTERVAL)
        before = db.writes
        for answer in answers:
            keeper.open(answer)
        for word in ("a", "b"):
            for answer in answers:
                keeper.add(answer, (0, "text", word))
        await until(db, dict.fromkeys(answers, "ab"))
        assert db.writes == before + 1
        keeper.add(answers[0], (0, "text", "c"))
        await until(db, {**dict.fromkeys(answers, "ab"), answers[0]: "abc"})


async def test_a_deleted_answer_takes_nothing_from_the_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        here, gone = await begin(db), await begin(db)
        keeper = TextKeeper(db, INTERVAL)
        for answer in (gone, here):
            keeper.open(answer)
            keeper.add(answer, (0, "text", "a"))
        await db.write(lambda conn: conn.execute("DELETE FROM messages WHERE id = ?", (gone,)))
        await until(db, {here: "a"})


async def test_what_the_disk_does_not_take_waits(tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        answer, keeper = await refused(db)
        keeper.add(answer, (0, "text", "b"))
        db.refusing = False
        await until(db, {answer: "ab"})


async def test_nothing_is_stored_after_the_end(tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        answer, keeper = await refused(db)
        keeper.close(answer)
        db.refusing = False
        other = await begin(db)
        keeper.open(other)
        keeper.add(other, (0, "text", "b"))
        await until(db, {other: "b"})
