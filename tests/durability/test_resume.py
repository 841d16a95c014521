"""A client that comes back at any point of an answer: each character once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fakes.behaviours import long_pieces
from tests.fakes.provider import FakeProvider
from tests.handlers.conftest import submit

from .server import Nursery, Server

# A machine that does much else takes twenty times as long as an idle one.
pytestmark = pytest.mark.timeout(900)

TOKENS = 5000
RESUMES = 200


async def test_resumes_at_random_points(nursery: Nursery, home: Path, fake: FakeProvider) -> None:
    """Cut off 200 times in one answer, it goes on from the last frame that it has read."""
    whole = "".join(long_pieces(TOKENS))
    server = Server(home, fake.url, nursery=nursery)
    rng = random.Random(4)
    try:
        await server.start()
        asked = submit(model=f"fake-rate-1500-{TOKENS}", params={"max_output_tokens": 100_000})
        client = await server.connect()
        await client.send(asked)
        await client.until("started")
        frames, resumes, done = client.frames, 0, False
        while not done or resumes < RESUMES:
            seq = max((f["seq"] for f in frames if "seq" in f), default=0)
            if done:
                # From any earlier point too: the rest is told, and nothing before it.
                frames = frames[: rng.randrange(1, len(frames))]
                seq = max((f["seq"] for f in frames if "seq" in f), default=0)
            # On a socket of its own: what was still on its way through the last one is gone.
            client.close()
            client = await server.connect()
            client.frames = frames
            await client.send(
                {"type": "resume", "request_id": asked["request_id"], "after_seq": seq}
            )
            resumes += 1
            for _ in range(rng.randrange(1, 8)):
                frame = await client.next()
                assert frame is not None
                if frame["type"] == "finished":
                    done = True
                    break
            if done:
                while client.frames[-1]["type"] != "finished":
                    await client.next()
                assert client.text(asked) == whole
            frames = client.frames
        print(f"\nfaults: resumes {resumes}, missing or duplicated characters 0")
    finally:
        server.close()
    assert len(fake.asked()) == 1
