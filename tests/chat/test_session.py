"""Sockets come and go: the final text is the same in each, and nothing runs twice."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

from jupyterlab_gpt.chat.kept import MAX_FRAMES
from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.providers.base import Stop, Text
from jupyterlab_gpt.store import conversations
from jupyterlab_gpt.store.database import Database

from .conftest import World, submit

Make = Callable[..., World]
SLOW = [Text(f"w{i} ") if j else 0.02 for i in range(20) for j in (0, 1)]
WHOLE = "".join(f"w{i} " for i in range(20))


async def test_a_socket_that_comes_back_gets_what_it_missed(world: Make) -> None:
    here = world([*SLOW, Stop("stop")])
    first, asked = here.socket(), submit()
    here.session.submit(first, asked)
    await first.until("delta")
    here.session.detach(first)
    seen = list(first.frames)
    await asyncio.sleep(0.1)
    assert first.frames == seen  # nothing goes to a socket that has gone

    back = here.socket()
    back.frames = seen
    here.session.resume(back, asked["request_id"], seen[-1]["seq"])
    await back.end()
    assert back.text() == WHOLE
    assert not [frame for frame in back.frames if frame["type"] == "snapshot"]


async def test_a_second_browser_joins_by_live(world: Make) -> None:
    here = world([*SLOW, Stop("stop")])
    first, asked = here.socket(), submit()
    here.session.submit(first, asked)
    await first.until("delta")
    await asyncio.sleep(0.1)
    second = here.socket()
    stored = await here.db.read(
        lambda c: conversations.get_conversation(c, "local", asked["conversation_id"])
    )
    answer = here.session.with_live(stored)["messages"][-1]
    live = answer["live"]
    assert live["request_id"] == asked["request_id"]
    here.session.resume(second, asked["request_id"], live["seq"])
    await second.end()
    assert answer["parts"][0]["text"] + second.text() == WHOLE == first.text()


async def test_old_frames_are_told_by_one_snapshot(world: Make) -> None:
    steps = [step for _ in range(MAX_FRAMES + 40) for step in (Text("x"), 0.017)]
    here = world([*steps, 3600])
    first, asked = here.socket(), submit()
    here.session.submit(first, asked)
    async with asyncio.timeout(60):
        while len(first.text()) < MAX_FRAMES + 40:
            await asyncio.sleep(0.1)
    late = here.socket()
    here.session.resume(late, asked["request_id"], 0)
    assert [frame["type"] for frame in late.frames] == ["snapshot"]
    assert late.text() == first.text()
    here.session.cancel(asked["request_id"])
    await late.end()


async def test_a_full_socket_falls_behind_and_catches_up(world: Make) -> None:
    here = world([*SLOW, Stop("stop")])
    full, free, asked = here.socket(), here.socket(), submit()
    full.room = 3
    here.session.submit(full, asked)
    here.session.resume(free, asked["request_id"], 0)
    await free.end()
    assert len(full.frames) == 3
    full.room = 10**6
    here.session.drained(full)
    await full.end()
    assert full.text() == free.text() == WHOLE
    assert full.frames[-1]["type"] == "finished"


async def test_the_same_request_runs_once(world: Make) -> None:
    here = world([*SLOW, Stop("stop")])
    first, second, asked = here.socket(), here.socket(), submit()
    here.session.submit(first, asked)
    await first.until("delta")
    here.session.submit(second, asked)
    await second.end()
    assert first.text() == second.text() == WHOLE
    third = here.socket()
    here.session.submit(third, asked)
    await third.end()
    assert [frame["type"] for frame in third.frames] == ["snapshot", "finished"]
    assert third.text() == WHOLE
    assert len(here.provider.requests) == 1


async def test_a_request_of_before_the_restart_is_answered_from_the_disk(world: Make) -> None:
    here = world([Text("kept"), Stop("length")])
    first, asked = here.socket(), submit()
    here.session.submit(first, asked)
    await first.end()
    await here.close()

    after = world([Text("must not run")])
    for call in ("submit", "resume"):
        socket = after.socket()
        if call == "submit":
            after.session.submit(socket, asked)
        else:
            after.session.resume(socket, asked["request_id"], 7)
        last = await socket.end()
        assert socket.text() == "kept"
        assert (last["type"], last["finish_reason"]) == ("finished", "length")
        assert last["seq"] > (0 if call == "submit" else 7)
    assert not after.provider.requests


async def test_an_unknown_request_and_a_foreign_one_are_the_same(world: Make) -> None:
    here = world([Text("mine"), Stop("stop")])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.end()
    from jupyterlab_gpt.chat.session import ChatSession

    stranger = ChatSession("stranger", here.services)
    for request in (asked["request_id"], str(uuid.uuid4())):
        other = here.socket()
        stranger.resume(other, request, 0)
        last = await other.end()
        assert (last["code"], last["seq"]) == ("unknown_request", 0)
    await stranger.close()


async def test_a_turn_of_another_server_is_followed(world: Make) -> None:
    here = world([*SLOW, 2.0, Text("end"), Stop("stop")], limits=Limits(flush_interval=0.02))
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")

    from dataclasses import replace

    from jupyterlab_gpt.chat.session import ChatSession

    database = Database(here.path)
    there = ChatSession("local", replace(here.services, db=database))
    far = here.socket()
    there.attach(far)
    there.resume(far, asked["request_id"], 0)
    last = await far.end()
    assert last["type"] == "finished"
    assert far.text() == WHOLE + "end"
    assert len([f for f in far.frames if f["type"] == "snapshot"]) >= 2
    await there.close()
    await database.close()


async def test_other_sockets_hear_of_it(world: Make) -> None:
    here = world([Text("x"), Stop("stop")])
    asking, other, asked = here.socket(), here.socket(), submit()
    here.session.submit(asking, asked)
    await asking.end()
    await asyncio.sleep(0)
    changed = {"type": "changed", "conversation_id": asked["conversation_id"]}
    told = [frame for frame in other.told if frame["type"] != "budget"]
    assert told == [changed, changed]  # begun, ended
    assert not other.frames
    assert {frame["type"] for frame in asking.told} == {"budget"}


async def test_what_is_refused_stores_nothing(world: Make) -> None:
    here = world([Text("x"), Stop("stop")], allowed_models=("gpt-*", "model-*"))
    known = submit()
    socket = here.socket()
    here.session.submit(socket, known)
    await socket.end()
    before = await here.rows("SELECT count(*) FROM messages")
    conversation = known["conversation_id"]
    cases = {
        "empty_prompt": submit("  \n"),
        "model_not_allowed": submit(model="evil-1"),
        "unknown_provider": submit(provider="nobody"),
        "bad_parent": submit(conversation_id=conversation, parent_id=str(uuid.uuid4())),
        "duplicate_id": submit(conversation_id=conversation, message_id=known["message_id"]),
        "unknown_conversation": submit(parent_id=str(uuid.uuid4())),
        "unknown_blob": submit(parts=[{"type": "text", "blob": "0" * 64}]),
        "unknown_message": {
            **submit(None, conversation_id=conversation),
            "continue_of": str(uuid.uuid4()),
        },
    }
    for code, frame in cases.items():
        asking = here.socket()
        here.session.submit(asking, frame)
        last = await asking.end()
        assert (last["code"], last["seq"]) == (code, 0)
    nothing = here.socket()
    here.session.submit(nothing, submit(None))
    assert (await nothing.end())["code"] == "empty_prompt"
    assert await here.rows("SELECT count(*) FROM messages") == before


async def test_turns_per_minute(world: Make) -> None:
    here = world([Text("x"), Stop("stop")], turns_per_minute=2)
    frames = [submit() for _ in range(3)]
    ends = []
    for frame in frames:
        socket = here.socket()
        here.session.submit(socket, frame)
        ends.append(await socket.end())
    assert [end["type"] for end in ends] == ["finished", "finished", "failed"]
    assert (ends[2]["code"], ends[2]["detail"]) == ("rate_limited", {"limit": 2})
    assert 0 < ends[2]["retry_after"] <= 60
    # A repeat is no new turn.
    again = here.socket()
    here.session.submit(again, frames[0])
    assert (await again.end())["type"] == "finished"
