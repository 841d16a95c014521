"""Pieces leave at once when alone and together when crowded; none is lost, none changes place."""

from __future__ import annotations

import asyncio

from jupyterlab_gpt.chat.coalesce import Coalescer

Sent = list[tuple[int, str, str]]


def collect(window: float) -> tuple[Coalescer, Sent]:
    sent: Sent = []
    return Coalescer(lambda *piece: sent.append(piece), window=window), sent


async def test_a_lone_stream_never_waits() -> None:
    coalescer, sent = collect(0.01)
    for n in range(5):
        coalescer.add(0, "text", str(n))
        assert len(sent) == n + 1
        await asyncio.sleep(0.03)


async def test_a_crowd_leaves_together() -> None:
    coalescer, sent = collect(0.05)
    for n in range(100):
        coalescer.add(0, "text", f"{n} ")
    assert sent == [(0, "text", "0 ")]
    await asyncio.sleep(0.5)
    assert len(sent) == 2
    assert "".join(text for _, _, text in sent) == "".join(f"{n} " for n in range(100))


async def test_parts_keep_their_order() -> None:
    coalescer, sent = collect(60)
    coalescer.add(0, "thinking", "a")
    coalescer.add(0, "thinking", "b")
    coalescer.add(1, "text", "c")
    coalescer.add(1, "text", "d")
    coalescer.flush()
    assert sent == [(0, "thinking", "a"), (0, "thinking", "b"), (1, "text", "cd")]
    coalescer.flush()
    assert len(sent) == 3
