"""What cannot be: each is answered by a typed error, and nothing in the database changes."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import nbformat
import pytest

from jupyterlab_gpt.errors import GPTError
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store import usage
from tests.store.helpers import text, turn
from tests.store.test_rest import END, call_of

from .conftest import submit
from .test_owners import Named

ADA, BOB = {"X-User": "ada"}, {"X-User": "bob"}
MIB = 1024 * 1024


@pytest.fixture
def server_traits() -> dict[str, Any]:
    """Logins that name people, and Jupyter Server's own limit of a body."""
    return {"identity_provider_class": Named}


@pytest.fixture
def db(extension: Any) -> Any:
    return extension._services.db


async def told(db: Any, owner: str, **changes: Any) -> Any:
    """A conversation with a question and its answer."""
    new = turn(db, owner=owner, **changes)

    def write(conn: Any) -> None:
        store.add_turn(conn, new)
        usage.settle_call(conn, usage.add_call(conn, **call_of(new)), **END)
        store.finish_answer(conn, new.answer_id, status="complete", parts=text("An answer."))

    await db.write(write)
    return new


def dump(conn: Any) -> dict[str, list[Any]]:
    """All rows of all tables, but this server's heartbeat."""
    tables = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: sorted(conn.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for (name,) in tables
        if name != "servers"
    }


@asynccontextmanager
async def unchanged(db: Any) -> AsyncIterator[None]:
    before = await db.read(dump)
    assert before["messages"]
    yield
    assert await db.read(dump) == before


def codes() -> set[str]:
    """The closed list of errors.py."""
    from typing import get_args

    from jupyterlab_gpt.errors import ErrorCode

    return set(get_args(ErrorCode))


def typed(error: Any) -> None:
    assert error["code"] in codes()
    assert error["code"] != GPTError.code, error
    assert error["message"]


def unknown() -> str:
    return str(uuid.uuid4())


# ---------------------------------------------------------------- REST

NO_IDS = (
    "nonsense",
    "0",
    "00000000-0000-0000-0000-00000000000g",
    "..%2f..%2fetc",
    "%00",
    "x" * 5000,
    "ünïcode",
)
ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("conversations/{c}", "GET", None),
    ("conversations/{c}", "PATCH", {"title": "Mine"}),
    ("conversations/{c}", "DELETE", None),
    ("conversations/{c}/restore", "POST", None),
    ("conversations/{c}/export", "GET", None),
    ("conversations/{c}/messages/{m}", "DELETE", None),
)


@pytest.mark.parametrize(("path", "method", "body"), ROUTES)
async def test_ids_that_are_unknown_or_anothers(
    api: Any, db: Any, path: str, method: str, body: Any
) -> None:
    hers, his = await told(db, "ada"), await told(db, "bob")
    names = [(hers.conversation_id, hers.answer_id), (unknown(), unknown())]
    names += [(name, unknown()) for name in NO_IDS]
    if "{m}" in path:
        # His own conversation, with a message that is not in it.
        names += [(his.conversation_id, hers.answer_id), (his.conversation_id, unknown())]
        names += [(his.conversation_id, name) for name in NO_IDS]
    async with unchanged(db):
        for conversation, message in names:
            code, error = await api(
                path.format(c=conversation, m=message), method, body, headers=dict(BOB)
            )
            assert code == 404, (conversation, message, error)
            typed(error)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x" * 1_000_001},
        {"title": "x" * 1001},
        {"title": 7},
        {"title": ["x"]},
        {"pinned": "perhaps"},
        {"leaf": "nonsense"},
        {"notebook": 7},
        {"notebook": "x" * 100_000},
        [],
        "title",
    ],
    ids=lambda change: repr(change)[:30],
)
async def test_changes_that_cannot_be(api: Any, db: Any, change: Any) -> None:
    mine = await told(db, "bob")
    async with unchanged(db):
        code, error = await api(
            f"conversations/{mine.conversation_id}", "PATCH", change, headers=dict(BOB)
        )
        assert code in (400, 404, 413), error
        typed(error)


async def test_a_leaf_of_another_conversation(api: Any, db: Any) -> None:
    mine, other, hers = await told(db, "bob"), await told(db, "bob"), await told(db, "ada")
    async with unchanged(db):
        for leaf in (other.answer_id, hers.answer_id, unknown()):
            code, error = await api(
                f"conversations/{mine.conversation_id}", "PATCH", {"leaf": leaf}, headers=dict(BOB)
            )
            assert (code, error["code"]) == (404, "unknown_message")


# ---------------------------------------------------------------- imports


def nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


def foreign() -> dict[str, bytes]:
    """Files that are not ours, and files that no one means well with."""
    chatgpt = [
        {
            "title": "A chat",
            "create_time": 1790000000.0,
            "mapping": {
                "a": {"id": "a", "message": None, "parent": None, "children": ["b"]},
                "b": {
                    "id": "b",
                    "message": {"author": {"role": "user"}, "content": {"parts": ["Hi"]}},
                    "parent": "a",
                    "children": [],
                },
            },
            "conversation_id": unknown(),
        }
    ]
    ours = {"format": "jupyterlab-gpt", "version": 1, "conversations": [], "blobs": {}}
    return {
        "ChatGPT's export": json.dumps(chatgpt).encode(),
        "one of it": json.dumps(chatgpt[0]).encode(),
        "a list": b"[1, 2, 3]",
        "a number": b"7",
        "a notebook": nbformat.writes(nbformat.v4.new_notebook()).encode(),
        "nothing": b"",
        "spaces": b" \n ",
        "a zip": b"PK\x03\x04" + bytes(1000),
        "half a file": json.dumps(ours).encode()[:-3],
        "50 MB of one string": b'{"format": "' + b"x" * (50 * MIB) + b'"}',
        "50 MB of brackets": b"[" * (50 * MIB),
        "65 MB": b" " * (65 * MIB),
        "ours, nested": json.dumps({**ours, "x": nested(900)}).encode(),
        "ours, nested deeply": json.dumps(ours).encode()[:-1]
        + b', "x": '
        + b'{"a":' * 90_000
        + b"1"
        + b"}" * 90_000
        + b"}",
        "another version": json.dumps({**ours, "version": "1"}).encode(),
        "conversations that are none": json.dumps({**ours, "conversations": {"a": 1}}).encode(),
        "UTF-16": json.dumps(ours).encode("utf-16"),
    }


@pytest.mark.parametrize("name", foreign())
async def test_imports_that_are_not_ours(api: Any, db: Any, name: str) -> None:
    await told(db, "bob")
    async with unchanged(db):
        code, error = await api("conversations", "POST", foreign()[name], headers=dict(BOB))
        assert code in (400, 413), error
        typed(error)


TREES: dict[str, Any] = {
    "its own parent": lambda m, other: m[0].update(parent_id=m[0]["id"]),
    "a circle": lambda m, other: m[0].update(parent_id=m[1]["id"]),
    "a parent in the file's other conversation": lambda m, other: m[0].update(
        parent_id=other[1]["id"]
    ),
    "a parent in the database": lambda m, other: m[0].update(parent_id=STORED["id"]),
    "an answer to an answer": lambda m, other: m.append(
        {**m[1], "id": unknown(), "parent_id": m[1]["id"]}
    ),
    "a question to a question": lambda m, other: m.append(
        {**m[0], "id": unknown(), "parent_id": m[0]["id"]}
    ),
    "one id in two conversations": lambda m, other: m[0].update(id=other[0]["id"]),
    "a role that is none": lambda m, other: m[0].update(role="system"),
}
STORED = {"id": ""}


@pytest.mark.parametrize("name", TREES)
async def test_imports_that_are_no_tree(api: Any, db: Any, jp_fetch: Any, name: str) -> None:
    for _ in range(2):
        await told(db, "ada")
    STORED["id"] = (await told(db, "bob")).answer_id
    path = ("jupyterlab-gpt/api", "conversations", "export")
    file = await jp_fetch(*path, params={"format": "json"}, headers=dict(ADA))
    data = json.loads(file.body)
    one, other = (conversation["messages"] for conversation in data["conversations"])
    TREES[name](one, other)
    async with unchanged(db):
        code, error = await api("conversations", "POST", data, headers=dict(BOB))
        assert (code, error["code"]) in ((400, "bad_parent"), (400, "bad_request"))
        typed(error)


# ---------------------------------------------------------------- the socket


async def refused(client: Any, frame: dict[str, Any]) -> str:
    await client.send(frame)
    error = await client.until("failed", "finished", "started", "estimated", "previewed")
    assert error["type"] == "failed", error
    typed(error)
    assert error["request_id"] == frame["request_id"]
    return str(error["code"])


def frames_of(mine: Any, other: Any, hers: Any) -> list[tuple[dict[str, Any], set[str]]]:
    """Prompts that do not fit what is stored, and the codes that they may be answered by."""
    here = {"conversation_id": mine.conversation_id}
    parent, message, continued = {"bad_parent"}, {"empty_prompt", "unknown_message"}, "continue_of"
    cases: list[tuple[dict[str, Any], set[str]]] = [
        # Under a parent that is not there, is elsewhere, or is no answer.
        (submit(**here, parent_id=unknown()), parent),
        (submit(**here, parent_id=other.answer_id), parent),
        (submit(**here, parent_id=hers.answer_id), parent),
        (submit(**here, parent_id=mine.message_id), parent),
        # In a conversation that is not there, or is another's.
        (submit(parent_id=mine.answer_id), {"unknown_conversation"}),
        (submit(conversation_id=hers.conversation_id), {"unknown_conversation"}),
        (
            submit(conversation_id=hers.conversation_id, parent_id=hers.answer_id),
            {"unknown_conversation"},
        ),
        # Ids that are taken.
        (submit(**here, message_id=mine.message_id), {"duplicate_id"}),
        (submit(**here, message_id=hers.message_id), {"duplicate_id"}),
        (submit(**here, answer_id=hers.answer_id), {"duplicate_id"}),
        (submit(**here, request_id=hers.request_id), {"duplicate_id"}),
        # Asked again: a question that is not there, is elsewhere, or is an answer.
        (submit(**here, parts=[], message_id=unknown()), message),
        (submit(**here, parts=[], message_id=other.message_id), message),
        (submit(**here, parts=[], message_id=hers.message_id), message),
        (submit(**here, parts=[], message_id=mine.answer_id), parent),
    ]
    for cut in (unknown(), other.answer_id, hers.answer_id):
        frame = submit(**here, parts=[], message_id=mine.message_id, **{continued: cut})
        cases.append((frame, {"unknown_message"}))
    own = submit(**here, parts=[], message_id=mine.message_id, **{continued: mine.message_id})
    elsewhere = submit(**here, parts=[], message_id=unknown(), **{continued: mine.answer_id})
    cases += [(own, parent), (elsewhere, parent)]
    # Circles that a client could make of its own new ids.
    new = unknown()
    cases.append((submit(**here, message_id=new, parent_id=new), parent))
    cases.append((submit(message_id=new, parent_id=new), {"unknown_conversation"}))
    cases.append((submit(**here, message_id=new, answer_id=new), {"duplicate_id"}))
    cases.append((submit(**here, answer_id=new, parent_id=new), parent))
    return cases


async def test_prompts_that_do_not_fit(connect: Any, db: Any, fake: Any) -> None:
    mine, other, hers = await told(db, "bob"), await told(db, "bob"), await told(db, "ada")
    client = await connect(dict(BOB))
    async with unchanged(db):
        for frame, wanted in frames_of(mine, other, hers):
            assert await refused(client, frame) in wanted, frame
    assert not fake.asked()


@pytest.mark.parametrize("kind", ["estimate", "preview"])
async def test_quotes_that_do_not_fit(connect: Any, db: Any, fake: Any, kind: str) -> None:
    mine, other, hers = await told(db, "bob"), await told(db, "bob"), await told(db, "ada")
    client = await connect(dict(BOB))
    async with unchanged(db):
        for frame, wanted in frames_of(mine, other, hers):
            del frame["answer_id"]
            if wanted == {"duplicate_id"}:
                continue  # they store nothing: no id can be taken twice
            if wanted == {"unknown_conversation"} and "parent_id" not in frame:
                continue  # nothing of that conversation is looked at
            await refused(client, {**frame, "type": kind})
    assert not fake.asked()


async def test_requests_that_are_unknown_or_anothers(connect: Any, db: Any) -> None:
    hers = await told(db, "ada")
    client = await connect(dict(BOB))
    async with unchanged(db):
        for request in (unknown(), hers.request_id):
            assert await refused(client, {"type": "resume", "request_id": request}) == (
                "unknown_request"
            )
            await client.send({"type": "cancel", "request_id": request})
        await asyncio.sleep(0.05)
