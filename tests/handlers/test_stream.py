"""The way of a prompt from socket to provider and back."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_gpt.handlers.stream import SUBPROTOCOL

from .conftest import PATIENCE, submit


async def test_a_prompt_is_answered(connect: Any, api: Any, fake: Any) -> None:
    client = await connect()
    assert client.socket.selected_subprotocol == SUBPROTOCOL
    asked = submit("Say something\nabout frames")
    await client.send(asked)
    last = await client.end(asked)
    assert (last["type"], last["finish_reason"]) == ("finished", "stop")
    assert last["usage"]["output"] > 0
    text = client.text(asked)
    assert "about frames" in text

    code, conversation = await api(f"conversations/{asked['conversation_id']}")
    assert code == 200
    question, answer = conversation["messages"]
    assert question["parts"] == asked["parts"]
    assert (answer["parts"], answer["status"]) == ([{"type": "text", "text": text}], "complete")
    assert answer["live"] is None
    code, listed = await api("conversations")
    assert [(i["title"], i["model"]) for i in listed["items"]] == [("Say something", "fake-gpt")]
    (request,) = [entry for entry in fake.journal() if "chat" in entry["path"]]
    assert [m["role"] for m in request["body"]["messages"]] == ["system", "user"]


async def test_stop_closes_the_providers_connection(connect: Any, api: Any, fake: Any) -> None:
    client, asked = await connect(), submit(model="fake-slow")
    await client.send(asked)
    while len(client.text(asked)) < 20:
        await client.next()
    begun = time.time()
    await client.send({"type": "cancel", "request_id": asked["request_id"]})
    last = await client.end(asked)
    assert last["finish_reason"] == "cancelled"
    async with asyncio.timeout(PATIENCE):
        while not (entry := fake.journal()[-1])["ended"]:
            await asyncio.sleep(0.01)
    assert entry["closed_by"] == "client"
    assert time.time() - begun < 5  # 10 × the stated 500 ms
    _, conversation = await api(f"conversations/{asked['conversation_id']}")
    answer = conversation["messages"][-1]
    assert answer["status"] == "cancelled"
    assert answer["parts"][0]["text"] == client.text(asked)
    assert answer["parts"][0]["text"].startswith("w0001 w0002")


async def test_a_reload_in_the_middle_of_an_answer(connect: Any, api: Any) -> None:
    asked = submit(model="fake-rate-400-300")
    first = await connect()
    await first.send(asked)
    while len(first.text(asked)) < 100:
        await first.next()
    first.close()

    # The page comes back: it reads the conversation and joins by `live`.
    back = await connect()
    _, conversation = await api(f"conversations/{asked['conversation_id']}")
    answer = conversation["messages"][-1]
    assert answer["status"] == "streaming"
    so_far = answer["parts"][0]["text"]
    live = answer["live"]
    await back.send({"type": "resume", "request_id": live["request_id"], "after_seq": live["seq"]})
    # And so does one that only knows the number of its last frame.
    other = await connect()
    other.frames = list(first.frames)
    seen = max(f["seq"] for f in first.frames if f.get("request_id") == asked["request_id"])
    await other.send({"type": "resume", "request_id": asked["request_id"], "after_seq": seen})

    await back.end(asked)
    await other.end(asked)
    _, conversation = await api(f"conversations/{asked['conversation_id']}")
    whole = conversation["messages"][-1]["parts"][0]["text"]
    assert so_far + back.text(asked) == whole == other.text(asked)
    assert whole.count("w0150") <= 1


async def test_a_repeat_runs_nothing(connect: Any, fake: Any) -> None:
    client, asked = await connect(), submit()
    for _ in range(3):
        await client.send(asked)
    await client.end(asked)
    second = await connect()
    await second.send(asked)
    assert (await second.end(asked))["finish_reason"] == "stop"
    assert second.text(asked) == client.text(asked)
    assert len([entry for entry in fake.journal() if "chat" in entry["path"]]) == 1


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("fake-401", "provider_auth"),
        ("fake-404", "model_not_found"),
        ("fake-429-always", "provider_rate_limited"),
        ("fake-quota", "no_credit"),
        ("fake-500", "provider_unavailable"),
        ("fake-cut", "stream_cut"),
        ("fake-end", "stream_cut"),
        ("fake-html", "not_a_stream"),
    ],
)
async def test_a_providers_error_is_told(connect: Any, api: Any, model: str, code: str) -> None:
    client, asked = await connect(), submit("My question", model=model)
    await client.send(asked)
    last = await client.end(asked)
    assert (last["type"], last["code"]) == ("failed", code)
    assert last["message"]
    _, conversation = await api(f"conversations/{asked['conversation_id']}")
    question, answer = conversation["messages"]
    assert question["parts"][0]["text"] == "My question"
    text = client.text(asked)
    assert answer["status"] == ("incomplete" if text else "failed")
    assert answer["error"]["code"] == code
    assert "".join(part["text"] for part in answer["parts"]) == text


async def test_a_rate_limit_counts_down(connect: Any) -> None:
    client, asked = await connect(), submit(model="fake-429")
    await client.send(asked)
    assert (await client.end(asked))["type"] == "finished"
    waits = [frame for frame in client.frames if frame["type"] == "retrying"]
    assert [(f["attempt"], f["wait_s"]) for f in waits] == [(2, 1.0), (3, 1.0)]


async def test_a_provider_that_is_not_there(connect: Any, api: Any, fake: Any) -> None:
    await api("providers/default", "PATCH", {"base_url": "http://127.0.0.1:9/v1"})
    client, asked = await connect(), submit()
    await client.send(asked)
    assert (await client.end(asked))["code"] == "cannot_reach"


async def test_bad_frames_are_answered(connect: Any, fake: Any) -> None:
    client = await connect()
    good = submit()
    broken: list[str | bytes] = [
        "{",
        "[]",
        "7",
        b"\x00\x01",
        json.dumps({"no": "type"}),
        json.dumps({**good, "parts": "text"}),
        json.dumps({**good, "answer_id": "nonsense"}),
        json.dumps({**good, "params": {"temperature": "hot"}}),
        "[" * 100_000,
    ]
    for frame in broken:
        await client.send(frame)
        answer = await client.until("failed")
        assert (answer["code"], answer["seq"]) == ("bad_frame", 0)
    for ignored in ({"type": "confetti"}, {"type": "cancel", "request_id": good["request_id"]}):
        await client.send(ignored)
    for later in ("estimate", "preview"):
        asked = {
            key: value for key, value in good.items() if key not in ("message_id", "answer_id")
        }
        await client.send({**asked, "type": later, "parts": []})
        answer = await client.until("failed")
        assert (answer["code"], answer["request_id"]) == ("empty_prompt", good["request_id"])
    await client.send({**good, "new_field": 1, "parts": [*good["parts"], {"type": "hologram"}]})
    assert (await client.end(good))["type"] == "finished"
    assert len([entry for entry in fake.journal() if "chat" in entry["path"]]) == 1


async def test_half_an_emoji_is_no_reason_to_fail(connect: Any) -> None:
    client, asked = await connect(), submit(model="fake-echo")
    text = json.dumps(asked).replace("Hello", "cut \\ud83d here")
    await client.send(text)
    assert (await client.end(asked))["type"] == "finished"
    assert client.text(asked) == "cut \ufffd here"


async def test_a_frame_over_the_limit_closes_with_1009(connect: Any) -> None:
    client = await connect()
    asked = submit("x" * (1024 * 1024 - 2000))
    await client.send(asked)
    assert (await client.end(asked))["type"] == "finished"
    await client.send(submit("x" * (1024 * 1024)))
    while await client.next() is not None:
        pass
    assert client.socket.close_code == 1009


@pytest.mark.parametrize("offered", [None, "v2.jupyterlab-gpt", "kernel.v1"])
async def test_another_subprotocol_is_refused(connect: Any, offered: str | None) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await connect(subprotocol=offered)
    assert refused.value.code == 400


async def test_the_other_tab_hears_of_it(connect: Any) -> None:
    asking, other, asked = await connect(), await connect(), submit()
    await asking.send(asked)
    changed = await other.until("changed")
    assert changed["conversation_id"] == asked["conversation_id"]
    await asking.end(asked)


async def test_the_servers_end_keeps_the_text(
    connect: Any, extension: Any, fake: Any, data_dir: Any
) -> None:
    client, asked = await connect(), submit(model="fake-slow")
    await client.send(asked)
    await client.until("delta")
    assert extension.current_activity() == {"turns": 1}
    await extension.stop_extension()
    last = await client.end(asked)
    assert last["code"] == "server_stopped"
    assert extension.current_activity() is None
    import sqlite3

    with sqlite3.connect(data_dir / "gpt.sqlite") as db:
        (row,) = db.execute("SELECT status, text FROM messages WHERE role = 'assistant'")
    assert row == ("incomplete", client.text(asked))
    assert fake.journal()[-1]["closed_by"] == "client"
