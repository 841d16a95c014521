"""Turns and the tree that they make."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyterlab_gpt.errors import Conflict, InvalidRequest, NotFound
from jupyterlab_gpt.protocol import ConversationList, Message
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store.database import Database

from .helpers import ask, finish, new_id, opened, text, tree, turn


async def test_a_turn_from_question_to_end(path):
    async with opened(path) as db:
        new = await ask(db, parts=text("why?"), notebook="a.ipynb", title=" Why? \n now ")
        found = await tree(db, new.conversation_id)
        assert (found["title"], found["leaf"]) == ("Why? now", new.answer_id)
        question, answer = found["messages"]
        assert (question["role"], question["parts"]) == ("user", text("why?"))
        assert (answer["status"], answer["parts"]) == ("streaming", [])
        assert (answer["parent_id"], answer["request_id"]) == (question["id"], new.request_id)
        for pieces in ([(0, "thinking", "hm")], [(0, "thinking", "m"), (1, "text", "be")]):
            await db.write(
                lambda c, p=pieces: store.append_pieces(c, new.answer_id, p), durable=False
            )
        await db.write(lambda c: store.append_pieces(c, new.answer_id, [(1, "text", "cause")]))
        parts = [{"type": "thinking", "text": "hmm"}, {"type": "text", "text": "because"}]
        assert (await tree(db, new.conversation_id))["messages"][1]["parts"] == parts
        usage = {"input": 3, "output": 2, "estimated": False}
        await finish(db, new, parts=parts, usage=usage, seconds=1.5, cost=None)
        answer = (await tree(db, new.conversation_id))["messages"][1]
        assert (answer["status"], answer["parts"]) == ("complete", parts)
        assert (answer["usage"], answer["seconds"], answer["error"]) == (usage, 1.5, None)
        assert await db.read(lambda c: c.execute("SELECT count(*) FROM pieces").fetchone()) == (0,)


async def test_a_failed_answer_keeps_its_pieces_and_its_error(path):
    async with opened(path) as db:
        new = await ask(db)
        await db.write(lambda c: store.append_pieces(c, new.answer_id, [(0, "text", "half")]))
        error = {"code": "stream_cut", "message": "cut", "detail": {"host": "h"}}
        await finish(db, new, status="incomplete", parts=None, error=error, finish_reason=None)
        answer = (await tree(db, new.conversation_id))["messages"][1]
        assert (answer["parts"], answer["error"]) == (text("half"), error)
        with pytest.raises(InvalidRequest):
            await finish(db, new, status="streaming")


async def test_edit_regenerate_and_continue_are_branches(path):
    async with opened(path) as db:
        first = await ask(db)
        await finish(db, first, "cut", status="incomplete")
        cid = first.conversation_id
        second = await ask(db, conversation_id=cid, parent_id=first.answer_id)
        edit = await ask(db, conversation_id=cid, parent_id=first.answer_id)
        again = await ask(db, conversation_id=cid, message_id=second.message_id, parts=None)
        more = await ask(
            db,
            conversation_id=cid,
            message_id=first.message_id,
            parts=None,
            answer_parts=text("cut"),
        )
        await db.write(lambda c: store.append_pieces(c, more.answer_id, [(0, "text", " on")]))
        found = await tree(db, cid)
        assert found["leaf"] == more.answer_id
        parents = {m["id"]: m["parent_id"] for m in found["messages"]}
        assert parents[second.message_id] == parents[edit.message_id] == first.answer_id
        assert parents[again.answer_id] == parents[second.answer_id] == second.message_id
        chain = await db.read(lambda c: store.branch(c, "ada", cid, more.answer_id))
        assert [m["id"] for m in chain] == [first.message_id, more.answer_id]
        assert chain[1]["parts"] == text("cut on")
        chain = await db.read(lambda c: store.branch(c, "ada", cid, again.answer_id))
        assert [m["role"] for m in chain] == ["user", "assistant", "user", "assistant"]
        for message in chain:
            Message.model_validate(message)


async def test_parents_must_fit(path):
    async with opened(path) as db:
        here, there = await ask(db), await ask(db)
        cid = here.conversation_id
        for parent in (here.message_id, there.answer_id, new_id()):
            with pytest.raises(InvalidRequest) as caught:
                await ask(db, conversation_id=cid, parent_id=parent)
            assert caught.value.code == "bad_parent"
        with pytest.raises(InvalidRequest):
            await ask(db, conversation_id=cid, message_id=here.answer_id, parts=None)
        for changes in (
            {"message_id": there.message_id, "conversation_id": cid, "parts": None},
            {"message_id": here.message_id, "conversation_id": new_id(), "parts": None},
            {"parent_id": here.answer_id, "conversation_id": new_id()},
        ):
            with pytest.raises(NotFound):
                await ask(db, **changes)
        assert len((await tree(db, cid))["messages"]) == 2


async def test_ids_in_use_are_refused_whoever_has_them(path):
    async with opened(path) as db:
        first = await ask(db)
        for owner in ("ada", "eve"):
            for name in ("message_id", "answer_id", "request_id"):
                with pytest.raises(Conflict) as caught:
                    await ask(db, owner=owner, **{name: getattr(first, name)})
                assert caught.value.code == "duplicate_id"
                assert "ada" not in caught.value.message
                assert not caught.value.detail
        same = new_id()
        with pytest.raises(Conflict):
            await ask(db, message_id=same, answer_id=same)
        page = await db.read(lambda c: store.list_conversations(c, "eve"))
        assert page == {"items": [], "next": None}


async def test_nothing_of_anothers(path):
    async with opened(path) as db:
        new = await ask(db)
        cid = new.conversation_id
        for call in (
            lambda c: store.get_conversation(c, "eve", cid),
            lambda c: store.branch(c, "eve", cid, new.answer_id),
            lambda c: store.patch_conversation(c, "eve", cid, {"title": "mine"}),
            lambda c: store.delete_conversation(c, "eve", cid),
            lambda c: store.restore_conversation(c, "eve", cid),
            lambda c: store.delete_branch(c, "eve", cid, new.message_id),
            lambda c: store.restore_branch(c, "eve", cid, new.message_id),
            lambda c: store.add_turn(
                c, turn(db, owner="eve", conversation_id=cid, parent_id=new.answer_id)
            ),
            lambda c: store.add_turn(c, turn(db, owner="eve", conversation_id=cid)),
        ):
            with pytest.raises(NotFound):
                await db.write(call)
        assert await db.read(lambda c: store.find_request(c, "eve", new.request_id)) is None
        await db.write(lambda c: store.purge_conversations(c, "eve"))
        assert (await tree(db, cid))["title"] == "A title"


async def test_a_known_request(path):
    async with opened(path) as db:
        new = await ask(db)
        await finish(db, new, "done")
        found = await db.read(lambda c: store.find_request(c, "ada", new.request_id))
        assert (found["id"], found["conversation_id"]) == (new.answer_id, new.conversation_id)
        assert found["parts"] == text("done")
        assert await db.read(lambda c: store.find_request(c, "ada", new_id())) is None


async def test_list_in_pages_pinned_first(path):
    async with opened(path) as db:
        turns = [await ask(db, created=f"2026-11-22T21:00:0{i}.000Z") for i in range(7)]
        ids = [t.conversation_id for t in turns]
        await db.write(lambda c: store.patch_conversation(c, "ada", ids[2], {"pinned": True}))
        await finish(db, turns[0], "done")
        seen, before, pages = [], None, 0
        while before or not pages:
            page = await db.read(
                lambda c, b=before: store.list_conversations(c, "ada", limit=3, before=b)
            )
            ConversationList.model_validate(page)
            seen += page["items"]
            before, pages = page["next"], pages + 1
        assert [i["id"] for i in seen] == [ids[n] for n in (2, 0, 6, 5, 4, 3, 1)]
        assert pages == 3
        assert [i["streaming"] for i in seen] == [True, False, True, True, True, True, True]
        assert seen[0]["model"] == "fake-gpt"
        with pytest.raises(InvalidRequest):
            await db.read(lambda c: store.list_conversations(c, "ada", before="' OR 1"))


async def test_search_in_titles_and_texts(path):
    async with opened(path) as db:
        a = await ask(db, title="Über Größen", parts=text("plain"))
        b = await ask(db, title="other", parts=text("before 100% _GRÖSSE_ after"))
        await finish(db, b, "the grösse twice: grösse")

        async def search(q):
            page = await db.read(lambda c: store.list_conversations(c, "ada", q=q))
            ConversationList.model_validate(page)
            return {i["id"]: i["hit"] for i in page["items"]}

        assert await search("über") == {a.conversation_id: None}
        (hit,) = (await search("grösse")).values()
        assert hit["message_id"] == b.message_id
        assert [hit["text"][x:y] for x, y in hit["ranges"]] == ["GRÖSSE"]
        assert set(await search("100%")) == {b.conversation_id}
        assert await search("_x") == {}
        assert await search(".*") == {}


async def test_change_delete_restore_and_purge(path):
    async with opened(path) as db:
        new = await ask(db, notebook="a.ipynb")
        cid = new.conversation_id

        async def patch(**changes):
            return await db.write(lambda c: store.patch_conversation(c, "ada", cid, changes))

        changed = await patch(title="New\x00 name", pinned=True, leaf=new.message_id)
        assert (changed["title"], changed["pinned"]) == ("New\ufffd name", True)
        assert changed["leaf"] == new.message_id
        assert changed["notebook"] == "a.ipynb"
        assert (await patch(notebook=None, title=None, leaf=None))["title"] == changed["title"]
        assert (await tree(db, cid))["notebook"] is None
        with pytest.raises(NotFound):
            await patch(leaf=new_id())
        await db.write(lambda c: store.delete_conversation(c, "ada", cid))
        for action in (lambda: tree(db, cid), lambda: ask(db, conversation_id=cid)):
            with pytest.raises(NotFound):
                await action()
        assert (await db.read(lambda c: store.list_conversations(c, "ada")))["items"] == []
        await db.write(lambda c: store.restore_conversation(c, "ada", cid))
        await tree(db, cid)
        await db.write(lambda c: store.purge_conversations(c, "ada"))
        assert await db.read(lambda c: c.execute("SELECT count(*) FROM messages").fetchone()) == (
            0,
        )
        with pytest.raises(NotFound):
            await db.write(lambda c: store.append_pieces(c, new.answer_id, [(0, "text", "x")]))
        with pytest.raises(NotFound):
            await finish(db, new)


async def test_delete_a_branch(path):
    async with opened(path) as db:
        first = await ask(db)
        cid = first.conversation_id
        left = await ask(db, conversation_id=cid, parent_id=first.answer_id)
        right = await ask(db, conversation_id=cid, parent_id=first.answer_id)

        async def delete(message_id):
            await db.write(lambda c: store.delete_branch(c, "ada", cid, message_id))
            return await tree(db, cid)

        assert (await delete(right.message_id))["leaf"] == left.answer_id
        assert (await delete(left.answer_id))["leaf"] == left.message_id
        found = await delete(first.message_id)
        assert (found["leaf"], found["messages"]) == (None, [])
        with pytest.raises(NotFound):
            await delete(first.message_id)


NASTY = "a\x00b\ud800c\udc00d \ud83d\ude00 \u202e fin"


async def test_text_that_nobody_can_store(path):
    async with opened(path) as db:
        new = await ask(db, title=NASTY, parts=text(NASTY), notebook=NASTY, model="m\ud800")
        await db.write(lambda c: store.append_pieces(c, new.answer_id, [(0, "text", NASTY)]))
        clean = "a\ufffdb\ufffdc\ufffdd \U0001f600 \u202e fin"
        found = await tree(db, new.conversation_id)
        assert found["title"] == found["notebook"] == clean
        assert [m["parts"] for m in found["messages"]] == [text(clean)] * 2
        await finish(db, new, NASTY, error={"code": "internal", "message": NASTY})
        found = await tree(db, new.conversation_id)
        assert found["messages"][1]["parts"] == text(clean)
        await db.read(lambda c: store.list_conversations(c, "ada", q=NASTY))


async def test_appending_does_not_depend_on_what_is_there(path):
    async with opened(path) as db:
        new = await ask(db)

        def append(conn):
            store.append_pieces(conn, new.answer_id, [(0, "text", "word " * 10)] * 100)

        async def fastest():
            times = []
            for _ in range(20):
                started = time.perf_counter()
                await db.write(append, durable=False)
                times.append(time.perf_counter() - started)
            return min(times)

        few = await fastest()
        for _ in range(10):
            await db.write(lambda conn: [append(conn) for _ in range(20)], durable=False)
        # 1.2 MB are there now; a store that rewrote the answer would be a hundred times slower.
        assert await fastest() < 10 * few + 0.05


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from("qrdul"), st.integers(0, 1000)), max_size=25))
def test_the_tree_stays_a_tree(tmp_path_factory, steps):
    """Whatever is asked, asked again and deleted: one tree, alternating roles, a leaf in it."""
    db = Database(tmp_path_factory.mktemp("tree") / "gpt" / "gpt.sqlite")
    cid = new_id()
    deleted = []

    def run(conn):
        store.add_turn(conn, turn(db, conversation_id=cid))
        for step, number in steps:
            found = store.get_conversation(conn, "ada", cid)["messages"]
            if not found:
                store.add_turn(conn, turn(db, conversation_id=cid))
                continue
            chosen = found[number % len(found)]
            answers = [m["id"] for m in found if m["role"] == "assistant"] + [None]
            questions = [m["id"] for m in found if m["role"] == "user"]
            if step == "q":
                parent = answers[number % len(answers)]
                store.add_turn(conn, turn(db, conversation_id=cid, parent_id=parent))
            elif step == "r":
                again = questions[number % len(questions)]
                store.add_turn(conn, turn(db, conversation_id=cid, message_id=again, parts=None))
            elif step == "d":
                store.delete_branch(conn, "ada", cid, chosen["id"])
                deleted.append(chosen["id"])
            elif step == "u" and deleted:
                with contextlib.suppress(NotFound):  # one above it is deleted
                    store.restore_branch(conn, "ada", cid, deleted.pop(number % len(deleted)))
            else:
                store.patch_conversation(conn, "ada", cid, {"leaf": chosen["id"]})
            check(conn)

    def check(conn):
        found = store.get_conversation(conn, "ada", cid)
        by_id = {m["id"]: m for m in found["messages"]}
        assert (found["leaf"] in by_id) if by_id else found["leaf"] is None
        for message in found["messages"]:
            chain = store.branch(conn, "ada", cid, message["id"])
            assert chain[-1] == message
            assert [m["role"] for m in chain] == (["user", "assistant"] * len(chain))[: len(chain)]
            assert [m["parent_id"] for m in chain] == [None] + [m["id"] for m in chain[:-1]]

    async def main():
        try:
            await db.write(run, durable=False)
        finally:
            await db.close()

    asyncio.run(main())
