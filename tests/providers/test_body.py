"""A body that is read past the HTTP library is the body that the library would have read."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import cast

import h11
import pytest

from jupyterlab_gpt.providers.body import ChunkedBody, Chunks
from jupyterlab_gpt.providers.openai import OpenAIProvider
from tests.fakes.behaviours import delta_event

from .support import ask, question, read

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


def pieces(data: bytes, random_: random.Random) -> list[bytes]:
    cuts = sorted(random_.sample(range(1, len(data)), min(len(data) - 1, random_.randint(0, 9))))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def of_h11(body: bytes) -> bytes:
    """What the library's own parser makes of it."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(HEAD + body)
    found = b""
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Data):
            found += event.data
    return found


@pytest.mark.parametrize("seed", range(200))
def test_chunks_are_what_h11_makes_of_them(seed: int) -> None:
    random_ = random.Random(seed)
    lines = (b"data: {}\r\n\r\n", b"\r\n", b"0\r\n\r\n", bytes(range(256)), b"x" * 70_000)
    extensions = (b"", b"", b";a=b", b" ", b"; a  ")
    body = b"".join(
        chunk(random_.choice(lines), random_.choice(extensions))
        for _ in range(random_.randint(0, 8))
    )
    end = random_.choice((b"0\r\n\r\n", b"000\r\nExpires: never\r\n\r\n"))
    chunks, found = Chunks(), b""
    for piece in pieces(body + end, random_):
        if chunks.rest is None:
            found += chunks.feed(piece)
        else:
            chunks.rest += piece
    assert found == of_h11(body + end)
    assert chunks.rest == end


@pytest.mark.parametrize(
    "body",
    [
        b"xyz\r\ndata",
        b"-1\r\n\r\n",
        b"0x3\r\nabc\r\n",
        b"\r\nabc",
        b"3\r\nabcd\r\n",
        b"1" * 17 + b"\r\n",
        b"3" + b";" * 20_000,
    ],
)
def test_what_is_not_chunked_is_refused(body: bytes) -> None:
    chunks = Chunks()
    assert chunks.feed(chunk(b"before") + body).startswith(b"before")
    assert chunks.error is not None


@asynccontextmanager
async def serving(
    *answers: Sequence[bytes], keep: bool = False
) -> AsyncGenerator[tuple[str, list[int]], None]:
    """Answer requests with these bytes, piece by piece; tells how often it was connected to."""
    left = list(answers)
    connected: list[int] = []
    tasks: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(0)
        tasks.append(cast("asyncio.Task[None]", asyncio.current_task()))
        while left:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            # Who has read [DONE] may go before the rest is sent.
            with suppress(OSError):
                for piece in left.pop(0):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.01)
            if not keep:
                break
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", connected
    finally:
        server.close()
        await asyncio.gather(*tasks)


def words(*said: str) -> bytes:
    body = b"".join(chunk(delta_event("m", {"content": word})) for word in said)
    return body + chunk(delta_event("m", {}, "stop")) + chunk(b"data: [DONE]\n\n")


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many reads went past the library."""
    found: list[int] = []
    real = ChunkedBody.read

    async def read_(self: ChunkedBody, until: float) -> bytes | None:
        found.append(1)
        return await real(self, until)

    monkeypatch.setattr(ChunkedBody, "read", read_)
    return found


WHOLE = HEAD + words("a", "b") + b"0\r\n\r\n"
LF_HEAD = HEAD.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    "answer",
    [
        [WHOLE],
        [HEAD, words("a", "b"), b"0\r\n\r\n"],
        [HEAD[:-1], HEAD[-1:] + words("a", "b"), b"0\r\n\r\n"],
        [HEAD[:-3], HEAD[-3:-1], HEAD[-1:], words("a", "b"), b"0\r\n\r\n"],
        [HEAD[:-2], HEAD[-2:] + words("a"), words("b")[:20], words("b")[20:], b"0\r\n\r\n"],
        [WHOLE[n : n + 3] for n in range(0, len(WHOLE), 3)],
        [LF_HEAD + words("a", "b") + b"0\r\n\r\n"],
    ],
)
async def test_a_head_may_end_anywhere(answer: list[bytes], taken: list[int]) -> None:
    # A word that comes after its finish reason is read, too; what is compared is the text.
    async with serving(answer) as (url, _):
        seen = await ask(url, "m")
    assert seen.error is None
    assert seen.text().startswith("a")
    assert seen.stop() == "stop"
    assert taken


async def test_an_interim_answer_goes_through_the_library(taken: list[int]) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    async with serving([early + WHOLE]) as (url, _):
        seen = await ask(url, "m")
    assert (seen.text(), seen.stop(), taken) == ("ab", "stop", [])


async def test_a_body_of_known_length_goes_through_the_library(taken: list[int]) -> None:
    body = delta_event("m", {"content": "ab"}) + delta_event("m", {}, "stop")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with serving([head + body]) as (url, _):
        seen = await ask(url, "m")
    assert (seen.text(), seen.stop(), taken) == ("ab", "stop", [])


@pytest.mark.parametrize("end", [b"0\r\n\r\n", b"0\r\nExpires: never\r\n\r\n"])
async def test_the_connection_is_used_again(end: bytes, taken: list[int]) -> None:
    answers = ([HEAD + words("a") + end], [HEAD, words("b"), end[:3], end[3:]])
    async with serving(*answers, keep=True) as (url, connected):
        provider = OpenAIProvider(provider_id="default", base_url=url, key="k")
        first = await read(provider.stream(question("m")))
        second = await read(provider.stream(question("m")))
        await provider.close()
    assert (first.text(), second.text()) == ("a", "b")
    assert len(connected) == 1
    assert taken


@pytest.mark.parametrize(
    "answer",
    [
        [HEAD + chunk(delta_event("m", {"content": "ab"}))],
        [HEAD + chunk(delta_event("m", {"content": "ab"})) + b"ff\r\ndata: {"],
        [HEAD + chunk(delta_event("m", {"content": "ab"})) + b"no size\r\n"],
    ],
)
async def test_a_body_that_breaks_off_is_a_cut_answer(answer: list[bytes]) -> None:
    async with serving(answer) as (url, _):
        seen = await ask(url, "m")
    assert seen.text() == "ab"
    assert seen.error is not None
    assert seen.error.code == "stream_cut"
