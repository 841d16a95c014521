"""Prompt and reply share a model's context: the reply limit, then the history, make room."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from jupyterlab_gpt.chat import fitting
from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.ledger.prices import Prices
from jupyterlab_gpt.providers.base import Stop, Text

from .conftest import World, submit

Make = Callable[..., World]
USUAL = Limits().reply_tokens_reasoning


@pytest.mark.parametrize(
    ("context", "prompt", "wanted"),
    [
        (None, 10**6, USUAL),
        (400_000, 1000, USUAL),
        (8192, 1000, 4096),
        # What the prompt leaves, and never below an eighth.
        (8192, 5000, 8192 - 5500),
        (8192, 50_000, 1024),
        (1, 0, 1),
    ],
)
def test_the_reply_leaves_room(context: int | None, prompt: int, wanted: int) -> None:
    assert fitting.reply_limit(USUAL, context, prompt) == wanted


def test_history_shrinks_in_fixed_steps() -> None:
    assert list(fitting.history_limits(32_000, None, 4096)) == [32_000]
    assert list(fitting.history_limits(32_000, 8192, 4096)) == [32_000, 2048, 1024, 512, 0]
    assert list(fitting.history_limits(1000, 8192, 4096)) == [1000, 512, 0]
    assert list(fitting.history_limits(None, 1000, 2000)) == [None, 0, 0, 0, 0]


async def ask(here: World, conversation: str, parent: str | None, text: str) -> dict[str, Any]:
    asked = submit(text, conversation_id=conversation, parent_id=parent)
    socket = here.socket()
    here.session.submit(socket, asked)
    assert (await socket.end())["type"] == "finished"
    return asked


async def quote(here: World, kind: str, **fields: Any) -> dict[str, Any]:
    frame = {**submit(**fields), "type": kind}
    socket = here.socket()
    here.session.quote(socket, frame)
    return await socket.until(f"{kind}d" if kind == "estimate" else "previewed", "failed")


async def test_a_local_server_of_8k_is_asked_for_half_of_it(world: Make) -> None:
    here = world([Text("ok"), Stop("stop")], context=8192)
    await ask(here, str(uuid.uuid4()), None, "Hello")
    assert here.provider.requests[0].max_output_tokens == 4096


async def test_the_users_own_limit_stays(world: Make) -> None:
    here = world([Text("ok"), Stop("stop")], context=8192)
    socket = here.socket()
    here.session.submit(socket, submit(params={"max_output_tokens": 7000}))
    await socket.end()
    assert here.provider.requests[0].max_output_tokens == 7000


async def test_the_oldest_history_makes_room_and_the_cut_stays(world: Make) -> None:
    """2,000 tokens of context: 1,000 for the reply, so that long talks lose their beginning."""
    here = world([Text("word " * 60), Stop("stop")], context=2000)
    conversation, parent = str(uuid.uuid4()), None
    firsts = []
    for n in range(16):
        asked = await ask(here, conversation, parent, f"question {n} " + "why " * 20)
        parent = asked["answer_id"]
        sent = here.provider.requests[-1].messages
        assert sum(len(str(m["content"]).split()) for m in sent) < 1000
        questions = [m["content"].split()[1] for m in sent if m["role"] == "user"]
        assert questions[-1] == str(n)
        firsts.append(int(questions[0]))
    # Something was left out, and not a bit more each time: the prefix is what a cache knows.
    assert firsts[-1] > 0
    assert len(set(firsts)) < len(firsts) / 2
    shown = await quote(
        here, "preview", text="and now?", conversation_id=conversation, parent_id=parent
    )
    assert "history" in {left["why"] for left in shown["left_out"]}
    assert shown["too_long_for"] is None


async def test_what_does_not_fit_is_said_before_it_is_sent(world: Make) -> None:
    here = world([Text("ok"), Stop("stop")], context=1000)
    told = await quote(here, "estimate", text="word " * 2000)
    assert told["too_long_for"] == 1000
    told = await quote(here, "estimate", text="word " * 20)
    assert told["too_long_for"] is None
    unknown = world([Text("ok"), Stop("stop")])
    told = await quote(unknown, "estimate", text="word " * 2000)
    assert told["too_long_for"] is None


def test_a_hosted_models_context_is_in_the_bundled_data() -> None:
    prices = Prices()
    assert prices.context_length("https://api.openai.com/v1", "gpt-4o") == 128_000
    assert prices.context_length("http://localhost:11434/v1", "gpt-4o") is None
    assert prices.context_length("https://api.openai.com/v1", "no-such-model") is None
