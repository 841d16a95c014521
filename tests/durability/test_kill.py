"""A plain `python -m jupyter_server`, ended in the middle of an answer (more: `kills.py`)."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.conftest import submit

from .server import Server

# A machine that does much else takes twenty times as long as an idle one.
pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGKILL, id="kill -9"),
        # The same end is tested without a process of its own in test_stream.
        pytest.param(signal.SIGTERM, id="asked to end", marks=pytest.mark.slow),
    ],
)
async def test_what_had_arrived_is_there_again(home: Path, fake: Any, how: signal.Signals) -> None:
    server = Server(home, fake.url)
    await server.start()
    client, asked = await server.connect(), submit("What is lost?")
    await client.send(asked)
    while len(client.text(asked)) < 300:
        await client.next()
    seen = client.text(asked)
    server.end(how)

    await server.start()
    conversation = await server.get(f"conversations/{asked['conversation_id']}")
    question, answer = conversation["messages"]
    assert question["parts"] == asked["parts"]
    assert answer["status"] == "incomplete"
    text = answer["parts"][0]["text"]
    assert text.startswith("w0001 w0002")
    # 20 words a second of 6 characters; 1 s is stated, a busy machine gets twice that.
    assert len(seen) - len(text) <= 2 * 20 * 6
    back = await server.connect()
    await back.send({"type": "resume", "request_id": asked["request_id"], "after_seq": 5})
    last = await back.end(asked)
    assert (last["type"], last["code"]) == ("failed", "server_stopped")
    assert back.text(asked) == text
    server.close()
