"""What a turn costs: reserved, settled, told; estimates and previews that hold."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jupyterlab_gpt.errors import ProviderError, StreamBroken
from jupyterlab_gpt.ledger import budget
from jupyterlab_gpt.ledger.prices import Prices
from jupyterlab_gpt.ledger.tokens import Counter
from jupyterlab_gpt.providers.base import Stop, Text, Thinking, UsageSeen
from tests.chat.conftest import World, submit
from tests.chat.pricing import PRICE, ask, priced, quote, used

Make = Callable[..., World]


async def test_an_answer_has_its_price(world: Make) -> None:
    here = world([Text("Hello"), used(100, 20), Stop("stop")])
    await priced(here, limit="5")
    last = await ask(here)
    assert last["cost"] == {"usd": "0.0003", "estimated": False, "at_least": False}
    assert last["budget"]["spent"] == "0.0003"
    assert last["budget"]["reserved"] == "0"
    (row,) = await here.rows("SELECT cost_nano, cost_source, input, output FROM calls")
    assert row == (300_000, "override", 100, 20)
    assert await here.rows("SELECT count(*) FROM reservations") == [(0,)]


async def test_while_it_runs_the_most_is_reserved(world: Make) -> None:
    here = world([Text("Hello"), 3600])
    await priced(here, limit="5")
    socket, asked = here.socket(), submit(params={"max_output_tokens": 1000})
    here.session.submit(socket, asked)
    started = await socket.until("started")
    assert started["estimate"]["usd"] is not None
    # 1,000 tokens of answer at ten dollars per million, and the prompt with a tenth on top.
    assert Decimal("0.01") < Decimal(started["budget"]["reserved"]) < Decimal("0.011")
    here.session.cancel(asked["request_id"])
    last = await socket.end()
    assert last["budget"]["reserved"] == "0"


async def test_a_model_that_nobody_knows(world: Make) -> None:
    here = world([Text("Hello"), used(100, 20), Stop("stop")])
    last = await ask(here)
    assert last["cost"] == {"usd": None, "estimated": False, "at_least": True}
    assert last["budget"]["unpriced"] == 1
    found = await quote(here, "estimate")
    assert (found["priced"], found["cost_min"], found["cost_max"]) == (False, None, None)
    shown = await quote(here, "preview")
    assert {item["cost"] for item in shown["items"]} == {None}


async def test_stopped_after_100_tokens(world: Make) -> None:
    pieces = [Text(f" word{i}") for i in range(50)]
    here = world([*pieces, 3600])
    await priced(here)
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    async with asyncio.timeout(20):
        while "word49" not in socket.text():
            await asyncio.sleep(0.01)
    here.session.cancel(asked["request_id"])
    last = await socket.end()
    counted = Counter().count("".join(p.text for p in pieces))
    assert counted >= 100
    assert abs(last["usage"]["output"] - counted) <= counted * 0.05
    assert last["usage"]["estimated"]
    # What a model thought and never showed may be billed as well.
    assert (last["cost"]["estimated"], last["cost"]["at_least"]) == (True, True)
    ((status, estimated, nano),) = await here.rows("SELECT status, estimated, cost_nano FROM calls")
    assert (status, estimated) == ("cancelled", 1)
    usage = last["usage"]
    assert nano == usage["input"] * 1000 + usage["output"] * 10_000


async def test_a_cut_answer_is_counted_with_its_thinking(world: Make) -> None:
    steps = [Thinking("Let me think. " * 40), Text("So"), StreamBroken("cut")]
    here = world(steps)
    await priced(here)
    last = await ask(here)
    assert last["type"] == "failed"
    assert last["usage"]["output"] > 100
    assert last["cost"]["usd"] is not None


async def test_a_refused_call_costs_nothing_and_a_retry_has_a_row(world: Make) -> None:
    busy = ProviderError("busy", code="provider_rate_limited", retry_after=0.01)
    here = world(lambda n: [busy] if n == 1 else [Text("x"), used(10, 1), Stop("stop")])
    await priced(here)
    last = await ask(here)
    assert last["cost"] == {"usd": "0.00002", "estimated": False, "at_least": False}
    rows = await here.rows("SELECT attempt, status, cost_nano FROM calls ORDER BY id")
    assert rows == [(1, "failed", 0), (2, "complete", 20_000)]


async def test_the_provider_s_own_cost_comes_first(world: Make) -> None:
    seen = used(10, 1)
    told = UsageSeen(seen.usage, {**seen.raw, "cost": 0.00042})
    here = world([Text("x"), told, Stop("stop")])
    await priced(here)
    assert (await ask(here))["cost"]["usd"] == "0.00042"
    assert await here.rows("SELECT cost_source FROM calls") == [("provider",)]


async def test_over_the_budget_nothing_is_sent(world: Make) -> None:
    here = world([Text("x"), used(10, 1), Stop("stop")])
    await priced(here, limit="0.001")
    last = await ask(here, params={"max_output_tokens": 1000})
    assert (last["code"], last["seq"]) == ("over_budget", 0)
    assert last["detail"]["limit"] == "0.001"
    assert last["detail"]["spent"] == "0"
    assert Decimal(last["detail"]["needed"]) > Decimal("0.01")
    assert last["detail"]["model"] == "model-of-the-house"
    assert not here.provider.requests
    assert await here.rows("SELECT count(*) FROM messages") == [(0,)]
    assert await here.rows("SELECT count(*) FROM reservations") == [(0,)]
    # Less of an answer fits.
    assert (await ask(here, params={"max_output_tokens": 50}))["type"] == "finished"


async def test_a_cheaper_model_is_offered_with_its_price(world: Make, monkeypatch: Any) -> None:
    here = world([Text("x"), Stop("stop")])
    await priced(
        here,
        {**PRICE, "pattern": "model-of-*"},
        {**PRICE, "pattern": "tiny", "input": "0.001", "output": "0.001"},
        {**PRICE, "pattern": "small", "input": "0.01", "output": "0.1"},
        limit="0.001",
    )
    listed = [
        {"provider": "default", "id": name, "label": name.title(), "available": True}
        for name in ("model-of-the-house", "unknown", "small", "tiny")
    ]

    async def models(_: str) -> dict[str, Any]:
        return {"models": listed, "errors": {}}

    monkeypatch.setattr(here.services.providers, "models", models)
    detail = (await ask(here, params={"max_output_tokens": 1000}))["detail"]
    # The dearest of those that fit: it is the one nearest to what was wanted.
    assert (detail["cheaper_model"], detail["cheaper_label"]) == ("small", "Small")
    assert Decimal("0.0001") < Decimal(detail["cheaper_cost"]) < Decimal("0.00011")


async def test_unknown_prices_under_a_budget_and_under_a_cap(world: Make) -> None:
    here = world([Text("x"), used(10, 1), Stop("stop")], monthly_cap=None)
    await here.db.write(lambda conn: budget.put(conn, "local", monthly_usd="1", tz=None))
    assert (await ask(here))["code"] == "unpriced"
    assert (await ask(here, params={"accept_unpriced": True}))["type"] == "finished"
    capped = world([Text("x"), used(10, 1), Stop("stop")], monthly_cap=Decimal(1))
    assert (await ask(capped, params={"accept_unpriced": True}))["code"] == "unpriced_refused"


async def test_the_cap_cannot_be_passed(world: Make) -> None:
    here = world([Text("x"), used(10, 1), Stop("stop")], monthly_cap=Decimal("0.0001"))
    await priced(here, limit="100")
    assert (await ask(here))["code"] == "over_cap"


async def test_an_endpoint_that_passes_the_reply_limit_over_is_closed(world: Make) -> None:
    here = world([Text(" word" * 100)] * 1000)
    await priced(here)
    last = await ask(here, params={"max_output_tokens": 500})
    assert (last["type"], last["finish_reason"]) == ("finished", "length")
    assert last["usage"]["output"] < 1000
    assert last["usage"]["estimated"]


async def test_what_was_previewed_is_what_is_sent(world: Make) -> None:
    here = world([Text("Hi"), used(10, 1), Stop("stop")])
    await priced(here)
    first = submit("First")
    socket = here.socket()
    here.session.submit(socket, first)
    await socket.end()
    follow = {"conversation_id": first["conversation_id"], "parent_id": first["answer_id"]}
    parts = [
        {
            "type": "cell",
            "cell_id": "c",
            "path": "a.ipynb",
            "source": "x = 1",
            "language": "python",
        },
        {"type": "text", "text": "Why?"},
    ]
    shown = await quote(here, "preview", parts=parts, **follow)
    texts: dict[int, str] = {}
    for item in shown["items"]:
        texts[item["message"]] = texts.get(item["message"], "") + item["text"]
        assert item["tokens"] > 0
        assert item["cost"] is not None
    await ask(here, parts=parts, digest=shown["digest"], **follow)
    sent = here.provider.requests[-1].messages
    assert [message["content"] for message in sent] == list(texts.values())
    assert shown["params"]["max_output_tokens"] == here.provider.requests[-1].max_output_tokens
    # Anything else, and it is not sent.
    changed = await ask(here, text="Other", digest=shown["digest"], **follow)
    assert (changed["code"], changed["seq"]) == ("preview_changed", 0)
    assert len(here.provider.requests) == 2


async def test_what_was_left_out_stays_out(world: Make) -> None:
    here = world([Text("Hi"), used(10, 1), Stop("stop")])
    parts = [
        {"type": "variable", "name": "secret", "summary": "42"},
        {"type": "text", "text": "Why?"},
    ]
    shown = await quote(here, "preview", parts=parts, exclude=["new/0"])
    assert not any("secret" in (item["text"] or "") for item in shown["items"])
    assert [(left["id"], left["why"]) for left in shown["left_out"]] == [("new/0", "excluded")]
    first = submit(parts=parts, exclude=["new/0"], digest=shown["digest"])
    socket = here.socket()
    here.session.submit(socket, first)
    assert (await socket.end())["type"] == "finished"
    await ask(here, conversation_id=first["conversation_id"], parent_id=first["answer_id"])
    known = {"conversation_id": first["conversation_id"], "message_id": first["message_id"]}
    await ask(here, text=None, **known)  # Regenerate
    assert len(here.provider.requests) == 3
    for request in here.provider.requests:
        assert "secret" not in str(request.messages)
    assert "Why?" in str(here.provider.requests[1].messages)


async def test_an_estimate_stores_nothing_and_the_newest_wins(world: Make) -> None:
    here = world([Text("Hi"), Stop("stop")])
    await priced(here)
    socket = here.socket()
    frames = []
    for text in ("a", "ab", "abc " * 1000):
        frame = {k: v for k, v in submit(text).items() if k not in ("answer_id", "message_id")}
        frames.append({**frame, "type": "estimate"})
        here.session.quote(socket, frames[-1])
    found = await socket.until("estimated")
    assert found["request_id"] == frames[-1]["request_id"]
    assert found["input_tokens"] > 1000
    assert (found["method"], found["priced"]) == ("rough", True)
    assert Decimal(found["cost_min"]) < Decimal(found["cost_max"])
    assert await here.rows("SELECT count(*) FROM messages") == [(0,)]
    assert await here.rows("SELECT count(*) FROM reservations") == [(0,)]


async def test_an_estimate_learns_from_what_was_billed(world: Make) -> None:
    here = world([Text("Hi"), used(500, 1), Stop("stop")])
    first = submit("First")
    socket = here.socket()
    here.session.submit(socket, first)
    await socket.end()
    follow = {"conversation_id": first["conversation_id"], "parent_id": first["answer_id"]}
    found = await quote(here, "estimate", text="Second", **follow)
    assert found["method"] == "calibrated"
    assert 500 < found["input_tokens"] < 560


async def test_the_same_question_again(world: Make) -> None:
    here = world([Text("Hi"), used(10, 1), Stop("stop")])
    first = submit("The same", params={"temperature": 0.5})
    socket = here.socket()
    here.session.submit(socket, first)
    await socket.end()
    follow = {
        "conversation_id": first["conversation_id"],
        "parent_id": first["answer_id"],
        "text": "The same",
    }
    found = await quote(here, "estimate", params={"temperature": 0.5}, **follow)
    assert found["same"]["answer_id"] == first["answer_id"]
    assert (await quote(here, "estimate", **follow))["same"] is None
    other = {**follow, "text": "Another"}
    assert (await quote(here, "estimate", params={"temperature": 0.5}, **other))["same"] is None


async def test_a_bad_quote_is_answered(world: Make) -> None:
    here = world([])
    assert (await quote(here, "estimate", text=None))["code"] == "empty_prompt"
    assert (await quote(here, "preview", provider="nobody"))["code"] == "unknown_provider"


async def test_the_built_in_model_is_free(world: Make) -> None:
    assert Prices().rates(provider="local", base_url="", model="any").is_free  # type: ignore[union-attr]


async def test_a_locked_database_is_waited_for_and_nothing_is_sent_before(world: Make) -> None:
    here = world([Text("x"), used(10, 1), Stop("stop")])
    await priced(here, limit="5")
    other = sqlite3.connect(here.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    socket = here.socket()
    here.session.submit(socket, submit())
    await asyncio.sleep(5)
    assert not here.provider.requests
    other.execute("COMMIT")
    other.close()
    last = await socket.end()
    assert (last["type"], last["cost"]["usd"]) == ("finished", "0.00002")


async def test_a_database_that_stays_locked_is_told(world: Make, monkeypatch: Any) -> None:
    here = world([Text("x"), used(10, 1), Stop("stop")])
    await priced(here, limit="5")
    await here.db.write(lambda conn: conn.execute("SELECT 1"))
    monkeypatch.setattr(here.db, "_lock_seconds", 0.2)
    conn = here.db._writing.opened()
    assert conn is not None
    await here.db._ask(here.db._writer, lambda: conn.execute("PRAGMA busy_timeout = 200"))
    other = sqlite3.connect(here.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    last = await ask(here)
    assert (last["code"], last["seq"]) == ("storage_locked", 0)
    assert not here.provider.requests
    other.execute("COMMIT")
    other.close()
    assert (await ask(here))["type"] == "finished"
