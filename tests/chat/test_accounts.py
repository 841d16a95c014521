"""Every call is accounted for, on every way that a turn can end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from jupyterlab_gpt.errors import ProviderError, StorageError, StreamBroken
from jupyterlab_gpt.ledger import ledger
from jupyterlab_gpt.providers.base import Stop, Text, UsageSeen
from tests.chat.conftest import World, submit
from tests.chat.pricing import PRICE, ask, priced, quote, used

Make = Callable[..., World]
GOOD = [Text("Hi"), used(10, 1), Stop("stop")]


async def rows(here: World, columns: str = "status, cost_nano") -> list[tuple[Any, ...]]:
    return await here.rows(f"SELECT {columns} FROM calls ORDER BY id")


async def reservations(here: World) -> int:
    return int((await here.rows("SELECT count(*) FROM reservations"))[0][0])


async def test_a_usage_that_no_database_takes(world: Make) -> None:
    deep: Any = []
    for _ in range(600):
        deep = [deep]
    seen = used(100, 20)
    here = world([Text("Hi"), replace(seen, raw={**seen.raw, "x": deep}), Stop("stop")])
    await priced(here)
    last = await ask(here)
    assert (last["type"], last["cost"]["usd"]) == ("finished", "0.0003")
    assert await rows(here) == [("complete", 300_000)]
    assert await reservations(here) == 0
    huge = replace(seen, raw={"cost": 0.5, "x": "y" * 100_000})
    here.provider.script = lambda _: [Text("Hi"), huge, Stop("stop")]
    assert (await ask(here))["cost"]["usd"] == "0.5"
    assert (await rows(here, "raw_usage"))[-1] == ('{"cost":0.5}',)


async def test_an_answer_that_cannot_be_stored_is_still_paid(
    world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jupyterlab_gpt.store import conversations

    here = world(GOOD)
    await priced(here)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(conversations, "finish_answer", broken)
    await ask(here)
    assert await rows(here) == [("complete", 20_000)]
    assert await reservations(here) == 0


async def test_a_refused_continue_costs_nothing(world: Make) -> None:
    refused = ProviderError("no", code="provider_auth")
    cut = [Text("Half"), StreamBroken("cut")]
    here = world(lambda n: cut if n == 1 else [refused])
    await priced(here)
    first = submit("Long")
    socket = here.socket()
    here.session.submit(socket, first)
    await socket.end()
    last = await ask(
        here,
        text=None,
        conversation_id=first["conversation_id"],
        message_id=first["message_id"],
        continue_of=first["answer_id"],
    )
    assert (last["code"], last["cost"]["usd"]) == ("provider_auth", "0")
    assert (await rows(here))[-1] == ("failed", 0)


async def test_stopped_before_it_left(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(GOOD)
    await priced(here)
    booking = asyncio.Event()
    real, loop = ledger.book, asyncio.get_running_loop()

    def slow(*args: Any, **more: Any) -> int:
        import time

        loop.call_soon_threadsafe(booking.set)
        time.sleep(0.3)
        return real(*args, **more)

    monkeypatch.setattr(ledger, "book", slow)
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await booking.wait()
    here.session.cancel(asked["request_id"])
    last = await socket.end()
    assert (last["finish_reason"], last["usage"]) == ("cancelled", None)
    assert last["cost"] == {"usd": "0", "estimated": False, "at_least": False}
    assert await rows(here) == [("cancelled", 0)]


async def test_stopped_between_two_attempts(world: Make) -> None:
    busy = ProviderError("busy", code="provider_rate_limited", retry_after=30)
    here = world([busy])
    await priced(here)
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("retrying")
    here.session.cancel(asked["request_id"])
    last = await socket.end()
    assert (last["usage"], last["cost"]["usd"]) == (None, "0")
    assert await reservations(here) == 0


async def test_a_usage_in_mid_stream_is_not_the_bill(world: Make) -> None:
    words = [Text(f" word{i}") for i in range(100)]
    early = replace(used(100, 0), raw={"cost": 0.000001})
    here = world([early, *words, 3600])
    await priced(here)
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    async with asyncio.timeout(20):
        while "word99" not in socket.text():
            await asyncio.sleep(0.01)
    here.session.cancel(asked["request_id"])
    last = await socket.end()
    assert last["usage"]["input"] == 100
    assert last["usage"]["output"] >= 200
    assert last["usage"]["estimated"]
    assert last["cost"]["usd"] == f"{(100 + last['usage']['output'] * 10) / 1e6:.6f}".rstrip("0")


async def test_a_chat_deleted_while_it_runs(world: Make) -> None:
    here = world([Text("Hi"), 0.3, used(10, 1), Stop("stop")])
    await priced(here)
    socket, asked = here.socket(), submit()
    here.session.submit(socket, asked)
    await socket.until("delta")
    await here.db.write(lambda conn: conn.execute("DELETE FROM conversations"))
    await socket.end()
    assert await rows(here) == [("complete", 20_000)]
    assert await reservations(here) == 0


async def test_what_the_disk_took_late_is_told(
    world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = world(GOOD)
    await priced(here, limit="5")
    socket = here.socket()
    await socket.until("budget")
    real = here.db.write
    away = True

    async def write(fn: Any, **more: Any) -> Any:
        if away and fn.__name__ == "settle":
            raise StorageError("full", code="storage_full")
        return await real(fn, **more)

    monkeypatch.setattr(here.db, "write", write)
    here.session.submit(socket, submit())
    await socket.end()
    away = False
    async with asyncio.timeout(20):
        while not any(f["type"] == "budget" and f["spent"] == "0.00002" for f in socket.told):
            await asyncio.sleep(0.05)


async def test_a_zone_that_is_gone_costs_no_bill(world: Make) -> None:
    here = world([Text("Hi"), 0.2, used(10, 1), Stop("stop")])
    await priced(here, limit="5")
    socket = here.socket()
    here.session.submit(socket, submit())
    await socket.until("delta")
    await here.db.write(lambda conn: conn.execute("UPDATE budgets SET tz = 'Gone/Zone'"))
    last = await socket.end()
    assert (last["budget"]["tz"], last["budget"]["spent"]) == ("UTC", "0.00002")
    assert await rows(here) == [("complete", 20_000)]


async def test_a_new_socket_hears_of_another_server_s_budget(world: Make) -> None:
    here = world(GOOD)
    await priced(here, limit="5")
    assert (await here.socket().until("budget"))["limit"] == "5"
    await priced(here, limit="1")
    late = here.socket()
    async with asyncio.timeout(20):
        while late.told[-1:] == [] or late.told[-1].get("limit") != "1":
            await asyncio.sleep(0.01)


async def test_what_was_left_out_made_another_question(world: Make) -> None:
    here = world(GOOD)
    parts = [{"type": "output", "cell_id": "c", "text": "x"}, {"type": "text", "text": "Why?"}]
    first = submit(parts=parts, exclude=["new/0"])
    socket = here.socket()
    here.session.submit(socket, first)
    await socket.end()
    follow = {"conversation_id": first["conversation_id"], "parent_id": first["answer_id"]}
    assert (await quote(here, "estimate", parts=parts, **follow))["same"] is None


async def test_half_an_emoji_in_a_notebook_is_sent_as_a_mark(world: Make) -> None:
    here = world(GOOD)
    cells = '[{"id": "a", "kind": "code", "source": "print(\\"\\ud83d\\")"}]'
    blob = await here.services.blobs.put("local", cells.encode())
    part = {"type": "notebook", "path": "a.ipynb", "blob": blob["sha256"]}
    parts = [part, {"type": "text", "text": "Why?"}]
    shown = await quote(here, "preview", parts=parts)
    json.dumps(shown, ensure_ascii=False).encode()
    assert (await ask(here, parts=parts))["type"] == "finished"
    assert "\ufffd" in str(here.provider.requests[0].messages)


@pytest.mark.parametrize("seen", [{}, {"input": None, "output": None}])
async def test_no_usage_is_counted(world: Make, seen: dict[str, Any]) -> None:
    nothing = dict.fromkeys(("input", "cached_input", "cache_write", "output", "reasoning"))
    events = [UsageSeen({**nothing, **seen, "estimated": False}, {})] if seen else []
    here = world([Text("Hello there"), *events, Stop("stop")])
    await priced(here, PRICE)
    last = await ask(here)
    assert last["usage"]["estimated"]
    assert (last["usage"]["output"], last["cost"]["estimated"]) == (2, True)
