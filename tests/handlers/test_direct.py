"""Frames that go past tornado are those that tornado would have sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tornado.iostream import IOStream

from jupyterlab_gpt.handlers.direct import send_text


@asynccontextmanager
async def ends() -> AsyncIterator[tuple[IOStream, socket.socket]]:
    """A stream, and the socket at its other end, with small buffers."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    theirs.setblocking(False)
    stream = IOStream(ours)
    try:
        yield stream, theirs
    finally:
        stream.close()
        theirs.close()


def frames(data: bytes) -> list[str]:
    """Read unmasked frames of text as RFC 6455 has them."""
    found = []
    while data:
        assert data[0] == 0x81
        size, at = data[1], 2
        if size == 126:
            size, at = int.from_bytes(data[2:4], "big"), 4
        assert size < 126 or at == 4
        found.append(data[at : at + size].decode())
        data = data[at + size :]
    return found


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 2000])
async def test_a_frame_is_whole(size: int) -> None:
    async with ends() as (stream, theirs):
        assert send_text(stream, "x" * size)
        assert send_text(stream, "ü€😀")
        assert frames(theirs.recv(65536)) == ["x" * size, "ü€😀"]


async def test_what_does_not_fit_is_sent_by_tornado_and_nothing_overtakes_it() -> None:
    async with ends() as (stream, theirs):
        taken = 0
        while send_text(stream, f"{taken} " + "x" * 3000):
            taken += 1
        assert taken
        data = b""
        async with asyncio.timeout(20):
            while len(data) < taken * 3000:
                try:
                    data += theirs.recv(65536)
                except BlockingIOError:
                    await asyncio.sleep(0.005)
        assert [int(frame.split()[0]) for frame in frames(data)] == list(range(taken))
        assert send_text(stream, "later")


async def test_what_a_short_head_cannot_hold_and_what_is_closed_are_tornados() -> None:
    async with ends() as (stream, _):
        assert not send_text(stream, "x" * 0x10000)
        stream.close()
        assert not send_text(stream, "x")
    assert not send_text(None, "x")
