"""Prices, usages and quotes for the tests of money."""

from __future__ import annotations

from typing import Any

from jupyterlab_gpt.ledger import budget
from jupyterlab_gpt.providers.base import UsageSeen
from jupyterlab_gpt.store import prices
from tests.chat.conftest import World, submit

# One dollar per million in, ten out: a token is 1,000 and 10,000 nano-dollars.
PRICE = {"base_url": "", "pattern": "model-*", "input": "1", "output": "10"}


def used(input_: int, output: int, **more: Any) -> UsageSeen:
    usage = dict.fromkeys(("cached_input", "cache_write", "reasoning"))
    return UsageSeen(
        {**usage, "input": input_, "output": output, "estimated": False, **more},
        {"prompt_tokens": input_, "completion_tokens": output},
    )


async def priced(here: World, *overrides: dict[str, str], limit: str | None = None) -> None:
    def put(conn: Any) -> None:
        prices.put_overrides(conn, "local", list(overrides or [PRICE]))
        budget.put(conn, "local", monthly_usd=limit, tz="UTC")

    await here.db.write(put)


async def ask(here: World, **fields: Any) -> dict[str, Any]:
    socket = here.socket()
    here.session.submit(socket, submit(**fields))
    return await socket.end()


async def quote(here: World, kind: str, **fields: Any) -> dict[str, Any]:
    socket = here.socket()
    frame = {k: v for k, v in submit(**fields).items() if k not in ("answer_id", "message_id")}
    here.session.quote(socket, {**frame, "type": kind})
    return await socket.until("estimated", "previewed", "failed")
