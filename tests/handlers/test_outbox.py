"""The writer of a socket: bounded, in order, and rid of readers that do not read."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyterlab_gpt.handlers.outbox import MAX_BYTES, MAX_FRAMES, TOO_SLOW, Outbox


class Reader:
    """The other end of an outbox: reads when it is told to."""

    def __init__(self, **more: Any) -> None:
        self.read: list[dict[str, Any]] = []
        self.closed: list[tuple[int, str]] = []
        self.drained = 0
        self.busy = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.box = Outbox(
            write=self._write,
            is_full=lambda: not self.gate.is_set(),
            close=lambda code, reason: self.closed.append((code, reason)),
            drained=self._drain,
            is_busy=lambda: self.busy,
            **more,
        )

    async def _write(self, text: str) -> None:
        await self.gate.wait()
        self.read.append(json.loads(text))

    def _drain(self) -> None:
        self.drained += 1

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.read) < count:
                await asyncio.sleep(0.005)


async def test_frames_leave_in_order() -> None:
    reader = Reader()
    assert all(reader.box.send(json.dumps({"n": n})) for n in range(50))
    await reader.until(50)
    assert [frame["n"] for frame in reader.read] == list(range(50))
    assert reader.drained == 0
    reader.box.end()


async def test_a_full_queue_takes_no_more_and_says_when_it_has_room() -> None:
    reader = Reader()
    reader.gate.clear()
    taken = sum(reader.box.send(json.dumps({"n": n})) for n in range(1000))
    assert MAX_FRAMES <= taken <= MAX_FRAMES + 1
    blocked = asyncio.create_task(reader.box.room())
    await asyncio.sleep(0.01)
    assert not blocked.done()
    reader.gate.set()
    await reader.until(taken)
    await asyncio.wait_for(blocked, 20)
    await asyncio.sleep(0.01)
    assert reader.drained == 1
    reader.box.end()


async def test_bytes_are_bounded_too_but_one_large_frame_passes() -> None:
    reader = Reader()
    reader.gate.clear()
    large = {"text": "x" * (2 * MAX_BYTES)}
    assert reader.box.send(json.dumps(large))
    assert not reader.box.send(json.dumps({"n": 1}))
    reader.gate.set()
    await reader.until(1)
    assert reader.read == [large]
    reader.box.end()


async def test_a_reader_that_does_not_read_is_let_go() -> None:
    reader = Reader(slow=0.05)
    reader.gate.clear()
    reader.box.send(json.dumps({"n": 1}))
    async with asyncio.timeout(20):
        while not reader.closed:
            await asyncio.sleep(0.005)
    assert reader.closed == [(TOO_SLOW, "too slow")]
    assert not reader.box.send(json.dumps({"n": 2}))


async def test_what_is_told_has_a_bound_as_well() -> None:
    reader = Reader()
    reader.gate.clear()
    for n in range(5 * MAX_FRAMES):
        reader.box.tell({"n": n})
    assert reader.closed == [(TOO_SLOW, "too slow")]


async def test_heartbeats_come_often_while_a_turn_runs() -> None:
    reader = Reader(idle_beat=3600, busy_beat=0.02)
    await asyncio.sleep(0.1)
    assert reader.read == []
    reader.busy = True
    reader.box.poke()
    await reader.until(3)
    # A stream of frames does not hold them up.
    for n in range(20):
        reader.box.send(json.dumps({"n": n}))
        await asyncio.sleep(0.005)
    beats = [frame for frame in reader.read if frame == {"type": "heartbeat"}]
    assert len(beats) >= 5
    reader.box.end()


async def test_one_large_frame_and_what_is_told_behind_it_pass() -> None:
    """A preview of megabytes is no reader that does not read."""
    reader = Reader()
    reader.gate.clear()
    reader.box.tell({"preview": "x" * 3 * MAX_BYTES})
    await asyncio.sleep(0.01)
    for n in range(5):
        reader.box.tell({"n": n})
    reader.box.tell({"preview": "x" * 3 * MAX_BYTES})
    reader.gate.set()
    await reader.until(7)
    assert not reader.closed
    reader.box.end()
