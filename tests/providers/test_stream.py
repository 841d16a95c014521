"""Answers: what arrives, how it ends, and what is sent for it."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.providers.base import ProviderEvent, Text
from jupyterlab_gpt.providers.client import warm_up
from jupyterlab_gpt.providers.openai import OpenAIProvider
from jupyterlab_gpt.providers.quirks import NEW_LIMIT, Quirks
from tests.fakes.behaviours import long_pieces, markdown_answer
from tests.fakes.provider import FakeProvider

from .support import CANARY, ask, question, read, until


async def test_an_answer_arrives_whole(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-gpt", text="What is this?")
    assert seen.error is None
    assert seen.text() == markdown_answer("What is this?")
    assert seen.stop() == "stop"
    assert seen.calls() == [1]
    usage = seen.usage()
    assert usage is not None
    assert usage["output"] > 10
    assert usage["estimated"] is False


async def test_a_fast_long_answer_arrives_whole(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-long-20000")
    assert seen.error is None
    assert seen.text() == "".join(long_pieces(20000))


async def test_only_what_the_user_set_is_sent(fake: FakeProvider) -> None:
    await ask(fake.url, "fake-echo", text="snow\u2028\u00e4\U0001f600")
    (sent,) = fake.asked()
    assert sent["body"] == {
        "model": "fake-echo",
        "messages": [{"role": "user", "content": "snow\u2028\u00e4\U0001f600"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_a_line_separator_inside_json_is_text(fake: FakeProvider) -> None:
    text = "a\u2028b\u2029c\x85d"
    seen = await ask(fake.url, "fake-echo", text=text)
    assert seen.text() == "a\u2028b\u2029c\ufffdd"


async def test_thinking_is_never_mixed_into_the_answer(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-thinking")
    assert seen.thinking() == "Let me think about it."
    assert seen.text() == "The answer is 42."
    assert seen.usage()["reasoning"] == 3  # type: ignore[index]


async def test_odd_chunks_are_tolerated(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-odd")
    assert seen.error is None
    assert seen.text() == "Still fine. "
    assert seen.stop() == "stop"


async def test_a_completion_that_was_not_streamed_is_the_answer(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-json", text="Whole")
    assert seen.text() == markdown_answer("Whole")
    assert seen.stop() == "stop"
    assert seen.usage() is not None


async def test_length_is_said(fake: FakeProvider) -> None:
    assert (await ask(fake.url, "fake-length")).stop() == "length"


@pytest.mark.parametrize("how", ["close", "cancel"])
async def test_stop_closes_the_connection(fake: FakeProvider, how: str) -> None:
    provider = OpenAIProvider(provider_id="default", base_url=fake.url, key=CANARY)
    started = asyncio.Event()
    before = 0.0

    async def run() -> None:
        nonlocal before
        async with aclosing(provider.stream(question("fake-slow"))) as events:
            count = 0
            async for event in events:
                count += isinstance(event, Text)
                if count == 3:
                    before = time.time()
                    started.set()
                    if how == "close":
                        return

    task = asyncio.create_task(run())
    await asyncio.wait_for(started.wait(), 10)
    if how == "cancel":
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await until(lambda: fake.asked()[0]["ended"] is not None)
    (sent,) = fake.asked()
    await provider.close()
    took = sent["ended"] - before
    print(f"{how}: the provider saw the client gone after {took * 1000:.1f} ms")
    assert sent["closed_by"] == "client"
    assert sent["sent_pieces"] < 10
    # The promise is 500 ms.
    assert took < 5.0


async def test_the_connection_is_used_again(fake: FakeProvider) -> None:
    provider = OpenAIProvider(provider_id="default", base_url=fake.url)
    for _ in range(3):
        assert (await read(provider.stream(question("fake-echo")))).error is None
    assert provider._client is not None
    pool = provider._client._client._transport._pool  # type: ignore[attr-defined]
    assert len(pool.connections) == 1
    await provider.close()


async def test_nothing_of_the_environment_is_sent(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
    for name in names:
        monkeypatch.setenv(name, "sk-foreign-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS",
        "X-Foreign: sk-foreign\nHost: foreign\nContent-Length: 3\nAuthorization: sk-foreign",
    )
    caplog.set_level(logging.DEBUG)
    for key in (None, CANARY):
        seen = await ask(fake.url, "fake-echo", key=key, headers={"X-Ours": "yes"})
        assert seen.error is None
    provider = OpenAIProvider(provider_id="default", base_url=fake.url, key=None)
    assert await provider.check() > 10
    await provider.close()
    without, with_key, models = fake.journal()
    assert "foreign" not in str(fake.journal())
    ours = {
        *("host", "user-agent", "content-type", "content-length", "accept", "accept-encoding"),
        *("connection", "x-ours"),
    }
    assert set(without["headers"]) == ours
    assert set(with_key["headers"]) == ours | {"authorization"}
    assert set(models["headers"]) == ours - {"x-ours", "content-type", "content-length"}
    assert with_key["headers"]["authorization"] == f"Bearer {CANARY}"
    assert with_key["headers"]["accept-encoding"] == "identity"
    assert with_key["headers"]["host"] == f"127.0.0.1:{fake.port}"
    assert CANARY not in caplog.text
    assert "sk-foreign" not in caplog.text


async def test_loopback_is_reached_without_the_proxy(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert (await ask(fake.url, "fake-echo")).text() == "Hello"
    named = fake.url.replace("127.0.0.1", "localhost")
    assert (await ask(named, "fake-echo")).text() == "Hello"


async def test_stream_options_are_left_out_where_refused(fake: FakeProvider) -> None:
    quirks = Quirks(fake.url)
    first = await ask(fake.url, "fake-no-stream-options", quirks=quirks)
    assert (first.text(), first.calls(), first.dropped()) == ("Without usage.", [1, 2], [])
    again = await ask(fake.url, "fake-no-stream-options", quirks=quirks)
    assert again.calls() == [1]


async def test_the_other_name_of_the_reply_limit_is_remembered(fake: FakeProvider) -> None:
    quirks = Quirks(fake.url)
    first = await ask(fake.url, "fake-strict", quirks=quirks, max_output_tokens=7)
    again = await ask(fake.url, "fake-strict", quirks=quirks, max_output_tokens=7)
    assert (first.calls(), again.calls()) == ([1, 2], [1])
    assert first.dropped() == []
    assert [e["body"].get(NEW_LIMIT) for e in fake.asked()] == [None, 7, 7]
    quirks._limits["fake-old"] = NEW_LIMIT
    old = await ask(fake.url, "fake-old", quirks=quirks, max_output_tokens=7)
    assert (old.text(), old.calls()) == ("An old server.", [1, 2])
    assert fake.asked()[-1]["body"]["max_tokens"] == 7


async def test_a_refused_temperature_is_dropped_once(fake: FakeProvider) -> None:
    quirks = Quirks(fake.url)
    first = await ask(fake.url, "fake-strict", quirks=quirks, temperature=0.2)
    again = await ask(fake.url, "fake-strict", quirks=quirks, temperature=0.2)
    assert (first.dropped(), first.calls()) == (["temperature"], [1, 2])
    assert (again.dropped(), again.calls()) == ([], [1])
    other = await ask(fake.url, "fake-echo", quirks=quirks, temperature=0.2)
    assert other.error is None
    assert fake.asked()[-1]["body"]["temperature"] == 0.2


async def test_a_base_url_without_v1_is_found_out(fake: FakeProvider) -> None:
    quirks = Quirks(fake.origin)
    seen = await ask(fake.origin, "fake-echo", quirks=quirks)
    assert seen.text() == "Hello"
    assert seen.calls() == [1, 2]
    assert (await ask(fake.origin, "fake-echo", quirks=quirks)).calls() == [1]


async def test_the_list_leaves_out_what_does_not_chat(fake: FakeProvider) -> None:
    provider = OpenAIProvider(provider_id="default", base_url=fake.url)
    names = [m["id"] for m in await provider.models()]
    await provider.close()
    assert names[0] == "fake-gpt"
    assert not {"text-embedding-3-small", "whisper-1", "tts-1"} & set(names)


async def test_warm_up_imports_in_a_thread() -> None:
    await warm_up()
    assert "openai" in sys.modules


async def test_an_answer_is_cut_at_its_cap(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-endless", limits=Limits(max_answer_bytes=5005))
    assert seen.error is not None
    assert seen.error.code == "answer_too_large"
    assert len(seen.text()) == 5005
    wire = await ask(fake.url, "fake-endless", limits=Limits(max_wire_bytes=100_000))
    assert wire.error is not None
    assert wire.error.code == "answer_too_large"
    line = await ask(fake.url, "fake-huge-line", limits=Limits(max_line_bytes=200_000))
    assert line.error is not None
    assert line.error.code == "answer_too_large"
    assert line.text().startswith("The first words")


async def test_streams_do_not_wait_for_one_another(fake: FakeProvider) -> None:
    """The library by itself has 100 connections; whoever comes after them would fail."""
    provider = OpenAIProvider(
        provider_id="default", base_url=fake.url, key=CANARY, limits=Limits(connect_timeout=2)
    )
    # Of 120 answers none ends before all have begun.
    asked = [provider.stream(question("fake-rate-2-100")) for _ in range(120)]
    try:
        async with asyncio.timeout(60):
            begun = await asyncio.gather(*(first_text(stream) for stream in asked))
    finally:
        for stream in asked:
            await stream.aclose()
        await provider.close()
    assert len(begun) == 120


async def first_text(stream: AsyncGenerator[ProviderEvent, None]) -> str:
    async for event in stream:
        if isinstance(event, Text):
            return event.text
    raise AssertionError("nothing came")
