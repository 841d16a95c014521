"""Branches that are deleted and brought back."""

from __future__ import annotations

import pytest

from jupyterlab_gpt.errors import Conflict, InvalidRequest, NotFound
from jupyterlab_gpt.store import conversations as store

from .helpers import ask, finish, new_id, opened, text, tree, turn


async def test_a_deleted_branch_is_nowhere_until_it_is_restored(path):
    async with opened(path) as db:
        first = await ask(db, parts=text("root"))
        await finish(db, first, "trunk")
        cid = first.conversation_id
        left = await ask(db, conversation_id=cid, parent_id=first.answer_id)
        await finish(db, left)
        right = await ask(db, conversation_id=cid, parent_id=first.answer_id, model="other")
        await finish(db, right, "needle here")
        deep = await ask(db, conversation_id=cid, parent_id=right.answer_id)
        before = await tree(db, cid)

        async def do(work, message_id):
            await db.write(lambda c: work(c, "ada", cid, message_id))
            return await tree(db, cid)

        gone = await do(store.delete_branch, right.message_id)
        kept = {first.message_id, first.answer_id, left.message_id, left.answer_id}
        assert {m["id"] for m in gone["messages"]} == kept
        assert gone["leaf"] == left.answer_id
        (row,) = (await db.read(lambda c: store.list_conversations(c, "ada")))["items"]
        assert (row["model"], row["streaming"]) == ("fake-gpt", False)
        found = await db.read(lambda c: store.list_conversations(c, "ada", q="needle"))
        assert found["items"] == []
        for call in (
            lambda c: store.branch(c, "ada", cid, deep.answer_id),
            lambda c: store.patch_conversation(c, "ada", cid, {"leaf": right.answer_id}),
            lambda c: store.delete_branch(c, "ada", cid, right.message_id),
            # What went with a branch comes back with it only.
            lambda c: store.restore_branch(c, "ada", cid, right.answer_id),
            lambda c: store.restore_branch(c, "ada", cid, new_id()),
            lambda c: store.add_turn(
                c, turn(db, conversation_id=cid, message_id=right.message_id, parts=None)
            ),
        ):
            with pytest.raises(NotFound):
                await db.write(call)
        with pytest.raises(InvalidRequest):
            await ask(db, conversation_id=cid, parent_id=right.answer_id)
        # An id is never given twice, and a request that was made never runs again.
        with pytest.raises(Conflict):
            await ask(db, message_id=right.message_id)
        known = await db.read(lambda c: store.find_request(c, "ada", right.request_id))
        assert known["id"] == right.answer_id
        # What another server still writes there is kept.
        await finish(db, deep, "needle at the end")
        found = await db.read(lambda c: store.list_conversations(c, "ada", q="needle"))
        assert found["items"] == []
        back = await do(store.restore_branch, right.message_id)
        assert [m["id"] for m in back["messages"]] == [m["id"] for m in before["messages"]]
        assert back["leaf"] == deep.answer_id
        found = await db.read(lambda c: store.list_conversations(c, "ada", q="needle end"))
        assert found["items"][0]["hit"]["message_id"] == deep.answer_id
        assert await do(store.restore_branch, right.message_id) == back  # once more: nothing


async def test_branches_within_branches_come_back_as_they_went(path):
    async with opened(path) as db:
        first = await ask(db)
        cid = first.conversation_id
        below = await ask(db, conversation_id=cid, parent_id=first.answer_id)

        async def do(work, message_id):
            await db.write(lambda c: work(c, "ada", cid, message_id))
            return [m["id"] for m in (await tree(db, cid))["messages"]]

        await do(store.delete_branch, below.message_id)
        assert await do(store.delete_branch, first.message_id) == []
        with pytest.raises(NotFound):  # what it stood under is not there
            await do(store.restore_branch, below.message_id)
        upper = [first.message_id, first.answer_id]
        assert await do(store.restore_branch, first.message_id) == upper
        lower = [below.message_id, below.answer_id]
        assert await do(store.restore_branch, below.message_id) == upper + lower
        await do(store.delete_branch, below.message_id)
        await db.write(lambda c: store.purge_conversations(c, "ada"))
        assert await db.read(lambda c: c.execute("SELECT count(*) FROM messages").fetchone()) == (
            0,
        )
