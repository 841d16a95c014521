"""kill -9 while answers stream, again and again (issue 4, "Shows"); prints its figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.provider import FakeProvider

from .kills import Kills
from .server import Nursery, Server

# A machine that does much else takes twenty times as long as an idle one.
pytestmark = pytest.mark.timeout(900)

SEED = int(os.environ.get("GPT_FAULTS_SEED", "4"))
# The text that a kill may cost: 1 s is stated; tests run on busy machines.
MOST_LOST = 10.0


@pytest.mark.parametrize(
    "kills",
    [10, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])],
)
async def test_kills_lose_nothing(
    nursery: Nursery, home: Path, fake: FakeProvider, tmp_path: Path, kills: int
) -> None:
    server = Server(home, fake.url, nursery=nursery)
    run = Kills(server, fake, tmp_path, SEED)
    try:
        await run.prepare()
        for _ in range(kills):
            await run.kill_one()
            if not run.figures.kills % 50:
                print(f"\n  so far: {run.figures}", flush=True)
        await server.start()
        await run.look_for_all()
        await run.go_on()
    finally:
        server.close()
        figures = run.figures
        print(f"\n{figures}")
        print(f"  seed {SEED}: {figures.prompts} prompts, {figures.sent_again} sent again")
    assert figures.kills == kills
    assert (figures.corrupt, figures.lost_prompts, figures.unbooked) == (0, 0, 0)
    assert len(figures.text_lost) >= kills // 3
    assert max(figures.text_lost) <= MOST_LOST
    assert "Traceback" not in server.log.read_text()
