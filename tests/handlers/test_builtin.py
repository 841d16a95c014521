"""The built-in model for real: a child process, real weights, a whole turn."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import statistics
import uuid
from pathlib import Path
from typing import Any

import pytest

from benchmarks.thrift.replay import replayed
from tests.weights import SMALL_MODEL, weights_folder

from .conftest import submit

pytestmark = [pytest.mark.weights, pytest.mark.timeout(300)]

__all__ = ["weights_folder"]  # the fixture, by its name


@pytest.fixture
def traits(weights_folder: Path) -> dict[str, Any]:
    pytest.importorskip("xllamacpp")
    return {"local_model": SMALL_MODEL, "local_model_dir": str(weights_folder)}


async def begin(client: Any, **params: Any) -> dict[str, Any]:
    asked = submit("Tell me a long story about a cat.", provider="local", params=params)
    await client.send(asked)
    while len(client.text(asked)) < 20:
        frame = await client.next(120)
        assert frame["type"] not in ("finished", "failed"), frame
    return asked


async def test_a_turn_a_stop_and_a_crash(connect: Any, api: Any, extension: Any) -> None:
    client = await connect()
    local = extension._services.local
    asked = await begin(client, max_output_tokens=24, temperature=0)
    last = await client.end(asked)
    assert (last["type"], last["finish_reason"]) == ("finished", "length")
    assert last["usage"]["output"] == 24
    _, shown = await api(f"conversations/{asked['conversation_id']}")
    answer = shown["messages"][-1]
    assert (answer["provider"], answer["model"]) == ("local", SMALL_MODEL)
    assert answer["parts"][0]["text"] == client.text(asked)

    asked = await begin(client, temperature=0)
    await client.send({"type": "cancel", "request_id": asked["request_id"]})
    last = await client.end(asked)
    assert last["finish_reason"] == "cancelled"

    asked = await begin(client, temperature=0)
    pid = local.pid
    os.kill(pid, signal.SIGKILL)
    last = await client.end(asked)
    assert (last["type"], last["code"], last["retryable"]) == ("failed", "local_model_failed", True)
    assert "signal 9" in last["message"]
    _, shown = await api(f"conversations/{asked['conversation_id']}")
    assert shown["messages"][-1]["status"] == "incomplete"

    # And the next question starts it anew.
    asked = await begin(client, max_output_tokens=8, temperature=0)
    assert (await client.end(asked))["type"] == "finished"
    assert local.pid not in (None, pid)
    await asyncio.sleep(0)


@pytest.mark.parametrize("turns", [7, pytest.param(12, marks=pytest.mark.slow)])
async def test_the_estimate_learns_the_model_s_own_tokens(connect: Any, turns: int) -> None:
    """Nobody publishes its tokens: what was billed calibrates what is told next."""
    client = await connect()
    conversation, parent, off = str(uuid.uuid4()), None, []
    params = {"max_output_tokens": 24, "temperature": 0}
    for turn in itertools.islice(replayed(), turns):
        parts = [*turn.context(), {"type": "text", "text": turn.question}]
        ids = {"conversation_id": conversation, "parent_id": parent}
        asked = submit(provider="local", params=params, parts=parts, **ids)
        mine = {k: v for k, v in asked.items() if k not in ("message_id", "answer_id")}
        await client.send({**mine, "type": "estimate", "request_id": str(uuid.uuid4())})
        told = await client.until("estimated")
        assert (told["cost_min"], told["cost_max"]) == ("0", "0")
        await client.send(asked)
        last = await client.end(asked)
        assert last["type"] == "finished", last
        assert last["cost"]["usd"] == "0"
        billed = last["usage"]["input"]
        off.append(abs(told["input_tokens"] - billed) / billed)
        parent = asked["answer_id"]
    print("estimate against billed:", [f"{part:.1%}" for part in off])
    assert statistics.median(off[3:]) <= 0.05
