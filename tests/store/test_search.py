"""What a search finds, and what it may be asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.conversations import LIST_MS, SEARCH_MS, fill, p95, page, queries
from jupyterlab_gpt.protocol import ConversationList
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.search import folded, search_for

from .helpers import opened, text, turn


def check_index(conn):
    """The index holds the texts that are there, and nothing else: SQLite compares them."""
    conn.execute("INSERT INTO found (found, rank) VALUES ('integrity-check', 1)")


async def ask(db, answer=None, **changes):
    new = turn(db, **changes)
    await db.write(lambda c: store.add_turn(c, new))
    if answer is not None:
        await db.write(
            lambda c: store.finish_answer(c, new.answer_id, status="complete", parts=text(answer))
        )
    return new


async def search(db, q, owner="ada", **more):
    found = await db.read(lambda c: store.list_conversations(c, owner, q=q, **more))
    ConversationList.model_validate(found)
    return {item["id"]: item["hit"] for item in found["items"]}


def marked(hit):
    """The marked places, as a browser cuts them."""
    units = hit["text"].encode("utf-16-le")
    return [units[2 * a : 2 * b].decode("utf-16-le") for a, b in hit["ranges"]]


@pytest.mark.parametrize(
    ("q", "stored", "marks"),
    [
        ("gro", "How to GroupBy and grow", ["Gro", "gro"]),
        ("how grow", "How to GroupBy and growth", ["How", "grow"]),
        ("read_csv", "use pd.read_csv(path)", ["read_csv"]),
        ("read_c", "use pd.read_csv(path)", ["read_c"]),
        ("csv", "use pd.read_csv(path)", ["csv"]),
        ("df.groupby('a", 'df.groupby("a")', ['df.groupby("a']),
        ("GROSSE", "Größe nein, grosse ja", ["grosse"]),
        ("cafe", "un caf\u00e9 et un cafe\u0301", ["caf\u00e9", "cafe\u0301"]),
        ("naïve", "a naive approach", ["naive"]),
        ("data", "\U0001f600\U0001f600 the data", ["data"]),
        ("\U0001f600", "so \U0001f600 happy", ["\U0001f600"]),
        ("東京", "私は東京に住む", ["東京"]),
        (".*", "a .* b", [".*"]),
        ("100%", "at 100% of", ["100"]),
        ("привет", "ну Привет мир", ["Привет"]),
        ('a "quoted" wo', 'a "quoted" word', ["a", "quoted", "wo"]),
        ("not a", "not: a OR b", ["not", "a"]),
    ],
)
async def test_finds(path, q, stored, marks):
    async with opened(path) as db:
        new = await ask(db, parts=text("nothing"), answer=stored)
        hit = (await search(db, q))[new.conversation_id]
        assert hit["message_id"] == new.answer_id
        assert marked(hit) == marks
        assert hit["text"] in stored


@pytest.mark.parametrize("q", ["roup", "how nothing", "zzz", "()", "%", "_", "\\", "a\x00b"])
async def test_finds_not(path, q):
    async with opened(path) as db:
        await ask(db, parts=text("How to GroupBy"), answer="nothing here")
        assert await search(db, q) == {}


async def test_a_snippet_is_some_text_around_the_place(path):
    async with opened(path) as db:
        long = "begin " * 5000 + "the \U0001f600 needle here " + "end " * 5000
        new = await ask(db, parts=text("q"), answer=long)
        hit = (await search(db, "needl"))[new.conversation_id]
        assert marked(hit) == ["needl"]
        assert len(hit["text"]) < 150
        assert hit["text"].startswith("begin")
        assert hit["text"].endswith("end")


async def test_the_index_follows_what_is_stored(path):
    async with opened(path) as db:
        new = await ask(db, title="apple", parts=text("banana"))
        cid = new.conversation_id
        assert await search(db, "appl") == {cid: None}
        await db.write(lambda c: store.append_pieces(c, new.answer_id, [(0, "text", "cherry")]))
        assert await search(db, "cherry") == {}  # once it has ended
        await db.write(lambda c: store.finish_answer(c, new.answer_id, status="incomplete"))
        assert (await search(db, "cherry"))[cid]["message_id"] == new.answer_id
        await db.write(lambda c: store.patch_conversation(c, "ada", cid, {"title": "damson"}))
        assert await search(db, "apple") == {}
        assert await search(db, "dams") == {cid: None}
        assert await search(db, "dams", "eve") == {}
        more = await ask(
            db, "elder", conversation_id=cid, parent_id=new.answer_id, parts=text("fig banana")
        )
        assert (await search(db, "banana"))[cid]["message_id"] == new.message_id
        await db.write(lambda c: store.delete_branch(c, "ada", cid, more.message_id))
        assert await search(db, "elder") == await search(db, "fig") == {}
        await db.write(check_index)
        await db.write(lambda c: store.restore_branch(c, "ada", cid, more.message_id))
        assert (await search(db, "fig"))[cid]["message_id"] == more.message_id
        await db.write(lambda c: store.delete_branch(c, "ada", cid, more.message_id))
        await db.write(lambda c: store.delete_conversation(c, "ada", cid))
        assert await search(db, "banana") == {}
        await db.write(lambda c: store.restore_conversation(c, "ada", cid))
        assert list(await search(db, "banana")) == [cid]
        await db.write(check_index)
        other = await ask(db, "banana", owner="eve")
        await db.write(lambda c: store.purge_conversations(c, "ada"))
        await db.vacuum()
        await db.write(check_index)
        assert await search(db, "banana") == {}
        assert list(await search(db, "banana", "eve")) == [other.conversation_id]
        again = await ask(db, title="grape")
        assert await search(db, "grap") == {again.conversation_id: None}
        await db.write(check_index)


async def test_an_answer_of_a_dead_server_is_found(path):
    async with opened(path) as db:
        new = await ask(db)
        await db.write(lambda c: store.append_pieces(c, new.answer_id, [(0, "text", "orphan")]))
    async with opened(path) as db:
        assert list(await search(db, "orphan")) == [new.conversation_id]
        await db.write(check_index)


async def test_found_ones_come_in_pages_pinned_first(path):
    async with opened(path) as db:
        turns = [await ask(db, created=f"2026-11-22T21:00:0{i}.000Z") for i in range(7)]
        other = await ask(db, parts=text("other"), title="other")
        ids = [t.conversation_id for t in turns]
        await db.write(lambda c: store.patch_conversation(c, "ada", ids[2], {"pinned": True}))
        seen, before = [], None
        while before or not seen:
            found = await db.read(
                lambda c, b=before: store.list_conversations(c, "ada", q="quest", limit=3, before=b)
            )
            seen += [item["id"] for item in found["items"]]
            before = found["next"]
        assert seen == [ids[n] for n in (2, 6, 5, 4, 3, 1, 0)]
        assert other.conversation_id not in seen


@settings(max_examples=150)
@given(st.text(max_size=40), st.text(max_size=200))
def test_folding_keeps_places(one, other):
    assert len(folded(one + other)) == len(one + other)


def test_any_text_is_safe(tmp_path_factory):
    """Quotes, operators, columns, brackets, NUL, emoji: found or not, never an error."""
    words = ['"', "'", "AND", "OR", "NOT", "NEAR(", ")", "text:", "*", "^", "-", "+", "{", "}"]
    words += ["\x00", "\ud83d", "\U0001f600", "\u0301", "\u200b", "²", "a", "ﬁ", "İ", "%", "東"]
    strategy = st.lists(st.sampled_from([*words, " "]), max_size=12).map("".join) | st.text()
    import asyncio

    async def main():
        db = Database(tmp_path_factory.mktemp("safe") / "gpt" / "gpt.sqlite")
        await ask(db, parts=text(" ".join(words[:19])), answer="".join(words[20:]))

        @settings(max_examples=200)
        @given(strategy)
        def check(q):
            db._reader.submit(
                lambda: db._read(lambda c: store.list_conversations(c, "ada", q=q))
            ).result()

        try:
            await db.read(lambda c: None)
            await asyncio.to_thread(check)
        finally:
            await db.close()

    asyncio.run(main())
    assert search_for("  ") is None
    assert search_for("x " * 10_000) is not None


async def test_quick_with_many_conversations(path):
    """A tenth of the benchmark within ten times its limits: what is quadratic takes longer."""
    async with opened(path) as db:
        await db.write(lambda conn: fill(conn, 1000, 20_000), durable=False)
        assert min([(await page(db))[0] for _ in range(3)]) < LIST_MS * 10
        times = [(await page(db, q))[0] for q in queries()]
        assert p95(times) < SEARCH_MS * 10
