"""A turn: stored, streamed, ended, whatever the provider and the sockets do."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from typing import Any

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.errors import ProviderRefused, ProviderUnreachable, StreamBroken
from jupyterlab_gpt.providers.base import Called, Stop, Text, Thinking, UsageSeen
from jupyterlab_gpt.store import conversations

from .conftest import World, submit

Make = Callable[..., World]
USAGE = {
    "input": 10,
    "cached_input": 0,
    "cache_write": 0,
    "output": 4,
    "reasoning": 0,
    "estimated": False,
}
ANSWER = [Thinking("Hm."), Text("Hello"), Text(" you"), UsageSeen(USAGE, {"n": 1}), Stop("stop")]


def limited(**more: Any) -> Limits:
    return Limits(**{"flush_interval": 0.02, **more})


async def stored(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    found = await world.db.read(
        lambda conn: conversations.find_request(conn, "local", asked["request_id"])
    )
    assert found is not None
    return found


async def test_an_answer_is_streamed_and_stored(world: Make) -> None:
    here = world(ANSWER)
    socket, asked = here.socket(), submit("Say hello\nplease")
    here.session.submit(socket, asked)
    last = await socket.end()

    assert socket.frames[0]["type"] == "started"
    assert [frame["seq"] for frame in socket.frames] == list(range(1, len(socket.frames) + 1))
    assert (socket.text(0), socket.text(1)) == ("Hm.", "Hello you")
    assert last["finish_reason"] == "stop"
    assert last["usage"] == USAGE
    answer = await stored(here, asked)
    assert answer["status"] == "complete"
    assert answer["parts"] == [
        {"type": "thinking", "text": "Hm."},
        {"type": "text", "text": "Hello you"},
    ]
    (title,) = await here.rows("SELECT title FROM conversations")
    assert title == ("Say hello",)
    calls = await here.rows("SELECT status, input, output, attempt, error_code FROM calls")
    assert calls == [("complete", 10, 4, 1, None)]
    assert here.session.running == 0


async def test_what_goes_upstream(world: Make) -> None:
    here = world(ANSWER, system_prompt="House rules.")
    socket, first = here.socket(), submit("One", params={"temperature": 0.1})
    here.session.submit(socket, first)
    await socket.end()
    second = submit("Two", conversation_id=first["conversation_id"], parent_id=first["answer_id"])
    again = here.socket()
    here.session.submit(again, second)
    await again.end()

    one, two = here.provider.requests
    assert one.messages[0]["content"].startswith("House rules.\n\n")
    assert two.messages[: len(one.messages)] == one.messages
    assert two.messages[2:] == [
        {"role": "assistant", "content": "Hello you"},
        {"role": "user", "content": "Two"},
    ]
    assert (one.temperature, two.temperature) == (0.1, None)
    assert one.cache_key == two.cache_key == first["conversation_id"]
    assert one.model == "model-of-the-house"


async def test_one_shot_sends_no_history_but_becomes_history(world: Make) -> None:
    here = world(ANSWER)
    conversation = str(uuid.uuid4())
    parent = None
    for text, params in (("One", {}), ("Two", {"one_shot": True}), ("Three", {})):
        socket = here.socket()
        asked = submit(text, conversation_id=conversation, params=params)
        if parent:
            asked["parent_id"] = parent
        here.session.submit(socket, asked)
        await socket.end()
        parent = asked["answer_id"]
    sent = [[m["content"] for m in r.messages[1:]] for r in here.provider.requests]
    assert sent == [["One"], ["Two"], ["One", "Hello you", "Two", "Hello you", "Three"]]
    assert here.provider.requests[1].cache_key is None


async def test_stop_keeps_the_text_and_closes_the_stream(world: Make) -> None:
    here = world([Text("So far"), 3600])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")
    begun = time.monotonic()
    here.session.cancel(asked["request_id"])
    async with asyncio.timeout(5):
        await here.provider.closed.wait()
    assert time.monotonic() - begun < 5  # 10 × the stated 500 ms
    last = await socket.end()
    assert last["finish_reason"] == "cancelled"
    # The provider reports nothing of a stopped answer: counted by us, and said so.
    assert last["usage"] == {**dict.fromkeys(USAGE), "input": 95, "output": 2, "estimated": True}
    answer = await stored(here, asked)
    assert (answer["status"], answer["parts"]) == (
        "cancelled",
        [{"type": "text", "text": "So far"}],
    )
    calls = await here.rows("SELECT status, estimated, ended IS NULL FROM calls")
    assert calls == [("cancelled", 1, 0)]


async def test_stop_in_the_first_moment_still_stores_the_question(world: Make) -> None:
    here = world([3600])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    here.session.cancel(asked["request_id"])
    assert (await socket.end())["finish_reason"] == "cancelled"
    assert (await stored(here, asked))["status"] == "cancelled"


async def test_text_is_stored_while_it_streams(world: Make) -> None:
    here = world([Text("one "), Text("two"), 3600], limits=limited())
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")
    async with asyncio.timeout(10):
        while (await stored(here, asked))["parts"] != [{"type": "text", "text": "one two"}]:
            await asyncio.sleep(0.02)
    assert (await stored(here, asked))["status"] == "streaming"


async def test_the_servers_end_keeps_the_text(world: Make) -> None:
    here = world([Text("half"), 3600])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")
    await here.session.close()
    last = await socket.end()
    assert (last["type"], last["code"], last["retryable"]) == ("failed", "server_stopped", True)
    answer = await stored(here, asked)
    assert (answer["status"], answer["error"]["code"]) == ("incomplete", "server_stopped")
    assert here.provider.closed.is_set()


async def test_a_broken_stream_is_incomplete_and_an_empty_one_failed(world: Make) -> None:
    cut = StreamBroken("The connection broke.", detail={"host": "fake.test"})
    here = world(lambda call: [Text("half"), cut] if call == 1 else [cut])
    for status, text in (("incomplete", "half"), ("failed", "")):
        socket, asked = here.socket(), submit()
        here.session.submit(socket, asked)
        last = await socket.end()
        assert (last["code"], last["detail"]) == ("stream_cut", {"host": "fake.test"})
        answer = await stored(here, asked)
        assert answer["status"] == status
        assert socket.text() == text
    codes = await here.rows("SELECT status, error_code FROM calls")
    assert codes == [("incomplete", "stream_cut"), ("failed", "stream_cut")]


async def test_an_answer_without_text_is_said(world: Make) -> None:
    here = world([Thinking("long thoughts"), Stop("length")])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    last = await socket.end()
    assert (last["code"], last["detail"]["finish_reason"]) == ("empty_answer", "length")
    assert (await stored(here, asked))["parts"][0]["text"] == "long thoughts"


def busy(wait: float | None) -> ProviderRefused:
    return ProviderRefused(
        "Slow down.", code="provider_rate_limited", retryable=True, retry_after=wait
    )


async def test_a_rate_limit_is_waited_for_visibly(world: Make) -> None:
    here = world(lambda call: [busy(0.05)] if call < 3 else ANSWER)
    socket = here.socket()
    here.session.submit(socket, submit())
    assert (await socket.end())["type"] == "finished"
    waits = [frame for frame in socket.frames if frame["type"] == "retrying"]
    assert [(f["attempt"], f["wait_s"], f["code"]) for f in waits] == [
        (2, 0.05, "provider_rate_limited"),
        (3, 0.05, "provider_rate_limited"),
    ]
    calls = await here.rows("SELECT attempt, status, error_code, input FROM calls ORDER BY id")
    assert calls == [
        (1, "failed", "provider_rate_limited", None),
        (2, "failed", "provider_rate_limited", None),
        (3, "complete", None, 10),
    ]


async def test_retries_end_and_a_long_wait_is_none(world: Make) -> None:
    here = world([busy(0.01)])
    socket = here.socket()
    here.session.submit(socket, submit())
    assert (await socket.end())["code"] == "provider_rate_limited"
    assert len(here.provider.requests) == 3

    here.provider.script = lambda _: [busy(75.0)]
    other = here.socket()
    here.session.submit(other, submit())
    last = await other.end()
    assert (last["retry_after"], last["retryable"]) == (75.0, True)
    assert len(here.provider.requests) == 4


async def test_what_is_never_tried_again(world: Make) -> None:
    quota = ProviderRefused("No credit.", code="no_credit")
    silence = ProviderUnreachable("Nothing came.", code="provider_silent")
    for script in ([quota], [silence], [Text("begun"), busy(0.0)]):
        here = world(script)
        socket = here.socket()
        here.session.submit(socket, submit())
        assert (await socket.end())["type"] == "failed"
        assert len(here.provider.requests) == 1


async def test_the_wait_for_a_retry_can_be_stopped(world: Make) -> None:
    here = world([busy(30.0)])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("retrying")
    here.session.cancel(asked["request_id"])
    assert (await socket.end())["finish_reason"] == "cancelled"
    assert len(here.provider.requests) == 1


async def test_two_calls_in_one_stream_are_two_rows(world: Make) -> None:
    here = world([Called(2), *ANSWER])
    socket = here.socket()
    here.session.submit(socket, submit())
    await socket.end()
    calls = await here.rows("SELECT attempt, status, error_code FROM calls ORDER BY id")
    assert calls == [(1, "failed", "provider_bad_request"), (2, "complete", None)]


async def test_text_that_cannot_be_stored_is_made_storable(world: Make) -> None:
    here = world([Text("a\ud83d"), Text("b\x00c"), Stop("stop")])
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    assert (await socket.end())["type"] == "finished"
    assert (await stored(here, asked))["parts"] == [{"type": "text", "text": "a\ufffdb\ufffdc"}]


async def test_regenerate_makes_a_second_answer(world: Make) -> None:
    here = world(ANSWER)
    socket, asked = here.socket(), submit("One")
    here.session.submit(socket, asked)
    await socket.end()
    other = here.socket()
    again = {**submit(None), **{k: asked[k] for k in ("conversation_id", "message_id")}}
    here.session.submit(other, again)
    assert (await other.end())["type"] == "finished"
    whole = await here.db.read(
        lambda c: conversations.get_conversation(c, "local", asked["conversation_id"])
    )
    answers = [m for m in whole["messages"] if m["role"] == "assistant"]
    assert {m["parent_id"] for m in answers} == {asked["message_id"]}
    assert whole["leaf"] == again["answer_id"]
    assert here.provider.requests[0].messages == here.provider.requests[1].messages


async def test_continue_goes_on_in_the_last_text(world: Make) -> None:
    scripts = [[Thinking("T"), Text("one two"), Stop("length")], [Text(" three"), Stop("stop")]]
    here = world(lambda call: scripts[call - 1])
    socket, asked = here.socket(), submit("Count")
    here.session.submit(socket, asked)
    await socket.end()
    other = here.socket()
    on = {
        **submit(None),
        **{k: asked[k] for k in ("conversation_id", "message_id")},
        "continue_of": asked["answer_id"],
    }
    here.session.submit(other, on)
    await other.end()
    assert [frame["type"] for frame in other.frames][:2] == ["started", "snapshot"]
    assert other.text(1) == "one two three"
    assert (await stored(here, on))["parts"][1]["text"] == "one two three"
    sent = here.provider.requests[1].messages[1:]
    assert [m["role"] for m in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"] == "one two"
    assert (await stored(here, asked))["parts"][1]["text"] == "one two"
