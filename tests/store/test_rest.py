"""Usage, providers and blobs."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from jupyterlab_gpt.errors import NotFound
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store import providers, usage
from jupyterlab_gpt.store.blobs import BlobStore

from .helpers import opened, turn


def call_of(new, attempt=1):
    return {
        "owner": new.owner,
        "request_id": new.request_id,
        "conversation_id": new.conversation_id,
        "answer_id": new.answer_id,
        "notebook": "a.ipynb",
        "provider": new.provider,
        "host": "api.openai.com",
        "model": new.model,
        "attempt": attempt,
        "started": new.created,
    }


END = {
    "ended": "2026-11-22T21:00:01.000Z",
    "status": "complete",
    "usage": {"input": 10, "cached_input": 4, "output": 5, "estimated": False},
    "raw_usage": {"prompt_tokens": 10, "x": "a\ud800"},
    "estimated": False,
    "error_code": None,
}


async def test_calls_are_booked_settled_once_and_outlive_the_chat(path):
    async with opened(path) as db:
        new = turn(db)

        def begin(conn):
            store.add_turn(conn, new)
            return [usage.add_call(conn, **call_of(new, n)) for n in (1, 2)]

        first, second = await db.write(begin)
        assert first != second
        await db.write(lambda c: usage.settle_call(c, first, **END))
        with pytest.raises(NotFound):
            await db.write(lambda c: usage.settle_call(c, first, **END))
        await db.write(lambda c: store.purge_conversations(c, "ada"))
        found = await db.read(
            lambda c: c.execute(
                "SELECT status, input, cached_input, cache_write, output, cost_nano, server_id,"
                " conversation_id FROM calls ORDER BY id"
            ).fetchall()
        )
        ids = (db.server_id, new.conversation_id)
        assert found == [
            ("complete", 10, 4, None, 5, None, *ids),
            ("running", None, None, None, None, None, *ids),
        ]


async def test_a_call_closed_by_mistake_is_still_settled(path):
    async with opened(path) as db:
        new = turn(db, server_id="taken for dead")

        def run(conn):
            store.add_turn(conn, new)
            return usage.add_call(conn, **call_of(new))

        call = await db.write(run)
        await db.write(db._server.beat)
        await db.write(lambda c: usage.settle_call(c, call, **END))
        assert await db.read(lambda c: c.execute("SELECT status, input FROM calls").fetchone()) == (
            "complete",
            10,
        )


async def test_providers_belong_to_their_owner(path):
    row = {
        "id": "mine",
        "name": "Mine",
        "base_url": "http://127.0.0.1:8000/v1",
        "headers": {"X-Team": "a"},
        "model": None,
    }
    async with opened(path) as db:
        await db.write(lambda c: providers.put_provider(c, "ada", row))
        assert await db.read(lambda c: providers.list_providers(c, "ada")) == [row]
        assert await db.read(lambda c: providers.list_providers(c, "eve")) == []
        changed = {**row, "headers": {}, "model": "m"}
        await db.write(lambda c: providers.put_provider(c, "ada", changed))
        assert await db.read(lambda c: providers.list_providers(c, "ada")) == [changed]
        with pytest.raises(NotFound) as caught:
            await db.write(lambda c: providers.delete_provider(c, "eve", "mine"))
        assert caught.value.code == "unknown_provider"
        await db.write(lambda c: providers.delete_provider(c, "ada", "mine"))
        assert await db.read(lambda c: providers.list_providers(c, "ada")) == []


DATA = b"\x89PNG" + bytes(range(256)) * 100
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def folder(path):
    return path.parent / "blobs"


async def test_blobs_belong_to_their_owner(path, folder):
    async with opened(path) as db:
        blobs = BlobStore(folder, db)
        assert await blobs.put("ada", DATA) == {"sha256": SHA, "bytes": len(DATA)}
        assert await blobs.get("ada", SHA) == DATA
        for owner, sha256 in (("eve", SHA), ("ada", "0" * 64), ("ada", "../" * 20 + "x")):
            with pytest.raises(NotFound) as caught:
                await blobs.get(owner, sha256)
            assert caught.value.code == "unknown_blob"
        await asyncio.gather(*(blobs.put("eve", DATA) for _ in range(10)))
        assert await blobs.get("eve", SHA) == DATA
        files = [f for f in folder.rglob("*") if f.is_file()]
        assert [f.name for f in files] == [SHA]
        if os.name == "posix":
            assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
            assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_message_names_only_its_owners_blobs(path, folder):
    parts = [{"type": "image", "mime": "image/png", "blob": SHA}]
    async with opened(path) as db:
        blobs = BlobStore(folder, db)
        await blobs.put("eve", DATA)
        with pytest.raises(NotFound) as caught:
            await db.write(lambda c: store.add_turn(c, turn(db, parts=parts)))
        assert caught.value.code == "unknown_blob"
        assert (await db.read(lambda c: store.list_conversations(c, "ada")))["items"] == []


async def test_the_sweep_takes_old_unnamed_blobs_only(path, folder):
    later = datetime.now(UTC) + timedelta(hours=25)
    async with opened(path) as db:
        blobs = BlobStore(folder, db)
        await blobs.put("ada", DATA)
        await blobs.put("eve", DATA)
        loose = (await blobs.put("ada", b"loose"))["sha256"]
        parts = [{"type": "image", "mime": "image/png", "blob": SHA}]
        new = turn(db, parts=parts)
        await db.write(lambda c: store.add_turn(c, new))
        assert await blobs.sweep() == 0
        assert await blobs.sweep(later) == 2
        assert await blobs.get("ada", SHA) == DATA
        for owner, sha256 in (("eve", SHA), ("ada", loose)):
            with pytest.raises(NotFound):
                await blobs.get(owner, sha256)
        # A hidden conversation can come back, and needs its picture then.
        cid = new.conversation_id
        await db.write(lambda c: store.delete_conversation(c, "ada", cid))
        assert await blobs.sweep(later) == 0
        await db.write(lambda c: store.purge_conversations(c, "ada"))
        assert await blobs.sweep(later) == 1
        assert [f for f in folder.rglob("*") if f.is_file()] == []
