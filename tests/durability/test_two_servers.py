"""Two real servers on one home: each leaves the other's turns alone, and follows them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.behaviours import long_pieces
from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import submit

from .server import Nursery, Server

# A machine that does much else takes twenty times as long as an idle one.
pytestmark = pytest.mark.timeout(900)

RATE, NUMBER = 100, 300
WHOLE = "".join(long_pieces(NUMBER))


async def answer_of(server: Server, asked: dict[str, Any]) -> dict[str, Any]:
    found = await server.get(f"conversations/{asked['conversation_id']}")
    return dict(found["messages"][-1])


async def test_two_servers_on_one_home(nursery: Nursery, home: Path, fake: FakeProvider) -> None:
    one, two = (Server(home, fake.url, nursery=nursery) for _ in range(2))
    try:
        await one.start()
        client, asked = await one.connect(), submit(model=f"fake-rate-{RATE}-{NUMBER}")
        await client.send(asked)
        await client.until("delta")
        # The start of the other, and all that it does first, end no turn of the first.
        await two.start()
        assert (await answer_of(two, asked))["status"] == "streaming"
        other = await two.connect()
        mine = submit(model=f"fake-rate-{RATE}-{NUMBER * 3}")
        await other.send(mine)
        await other.until("delta", request=mine["request_id"])
        assert (await answer_of(one, mine))["status"] == "streaming"
        # Who asks the other server for the first one's turn sees it grow, and end.
        watching = await two.connect()
        await watching.send({"type": "resume", "request_id": asked["request_id"]})
        assert (await watching.end(asked))["type"] == "finished"
        assert watching.text(asked) == WHOLE
        assert (await client.end(asked))["type"] == "finished"
        assert client.text(asked) == WHOLE
        assert (await answer_of(two, asked))["status"] == "complete"
        # One is killed: the other goes on, and nobody's answer but the dead one's is cut.
        late = submit(model=f"fake-rate-{RATE}-{NUMBER}")
        await client.send(late)
        await client.until("delta", request=late["request_id"])
        assert (await answer_of(two, mine))["status"] == "streaming"
        one.end()
        async with asyncio.timeout(60):  # with the heartbeat of the one that lives
            while (await answer_of(two, late))["status"] == "streaming":
                await asyncio.sleep(0.1)
        assert (await answer_of(two, late))["error"]["code"] == "server_stopped"
        last = await other.end(mine)
        assert last["type"] == "finished"
        assert other.text(mine) == "".join(long_pieces(NUMBER * 3))
        assert len(fake.asked()) == 3
    finally:
        one.close()
        two.close()
