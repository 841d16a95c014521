"""What the tests of the store share."""

from __future__ import annotations

import itertools
import uuid
from contextlib import asynccontextmanager

from jupyterlab_gpt.protocol import Conversation
from jupyterlab_gpt.store import conversations as store
from jupyterlab_gpt.store.conversations import NewTurn
from jupyterlab_gpt.store.database import Database
from jupyterlab_gpt.store.values import utc_now

_numbers = itertools.count()


def new_id() -> str:
    return str(uuid.uuid4())


def text(words: str) -> list[dict]:
    return [{"type": "text", "text": words}]


def turn(db: Database | None = None, **changes) -> NewTurn:
    values = {
        "owner": "ada",
        "request_id": new_id(),
        "conversation_id": new_id(),
        "parent_id": None,
        "message_id": new_id(),
        "answer_id": new_id(),
        "parts": text(f"question {next(_numbers)}"),
        "answer_parts": [],
        "provider": "default",
        "model": "fake-gpt",
        "params": {},
        "notebook": None,
        "title": "A title",
        "server_id": db.server_id if db else "",
        "created": utc_now(),
    }
    return NewTurn(**{**values, **changes})


@asynccontextmanager
async def opened(path, **options):
    db = Database(path, **options)
    try:
        await db.open()
        yield db
    finally:
        await db.close()


async def tree(db, conversation_id, owner="ada"):
    found = await db.read(lambda c: store.get_conversation(c, owner, conversation_id))
    Conversation.model_validate(found)
    return found


async def ask(db, **changes):
    new = turn(db, **changes)
    await db.write(lambda c: store.add_turn(c, new))
    return new


async def finish(db, new, words="answer", **changes):
    values = {"status": "complete", "parts": text(words), "finish_reason": "stop", **changes}
    await db.write(lambda c: store.finish_answer(c, new.answer_id, **values))
