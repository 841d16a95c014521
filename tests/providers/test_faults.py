"""What goes wrong at a provider, and the error that each fault becomes."""

from __future__ import annotations

import asyncio
import json
import socket
import time

import pytest

from jupyterlab_gpt.config import Limits
from jupyterlab_gpt.providers.client import warm_up
from tests.fakes.faults import SOME_TEXT
from tests.fakes.provider import FakeProvider

from .support import CANARY, Seen, ask, quick

STATUSES = {
    "fake-401": ("provider_auth", {"status": 401, "setting": "key"}, False),
    "fake-403": ("provider_forbidden", {"status": 403, "setting": "key"}, False),
    "fake-404": ("model_not_found", {"status": 404, "setting": "model"}, False),
    "fake-429": ("provider_rate_limited", {"status": 429}, True),
    "fake-quota": ("no_credit", {"status": 429, "setting": "billing"}, False),
    "fake-500": ("provider_unavailable", {"status": 500}, True),
    "fake-503-once": ("provider_unavailable", {"status": 503}, True),
    "fake-redirect": ("redirect_refused", {"status": 307}, False),
    "fake-html": ("not_a_stream", {"setting": "base_url"}, False),
}
BROKEN = {
    "fake-stall": "stream_stalled",
    "fake-cut": "stream_cut",
    "fake-end": "stream_cut",
    "fake-malformed": "malformed_stream",
    "fake-error-event": "provider_error",
}


def told(seen: Seen) -> str:
    assert seen.error is not None
    return seen.error.message + json.dumps(seen.error.detail)


@pytest.mark.parametrize("model", STATUSES)
async def test_a_refusal_names_its_setting(fake: FakeProvider, model: str) -> None:
    seen = await ask(fake.url, model)
    code, detail, retryable = STATUSES[model]
    assert seen.error is not None
    assert seen.error.code == code
    assert seen.error.retryable is retryable
    assert seen.error.detail.items() >= {**detail, "host": f"127.0.0.1:{fake.port}"}.items()
    assert CANARY not in told(seen)
    assert seen.stop() is None
    # No hidden retry: one request.
    assert len(fake.asked()) == 1


async def test_retry_after_is_passed_on(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-429")
    assert seen.error is not None
    assert seen.error.retry_after == 1


async def test_the_target_of_a_redirect_is_named(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-redirect")
    assert "elsewhere.example" in told(seen)


@pytest.mark.parametrize("model", BROKEN)
async def test_the_text_of_a_broken_stream_is_kept(fake: FakeProvider, model: str) -> None:
    seen = await ask(fake.url, model, limits=quick())
    assert seen.error is not None
    assert seen.error.code == BROKEN[model]
    assert seen.text() == SOME_TEXT
    assert seen.stop() is None


async def test_silence_ends(fake: FakeProvider) -> None:
    await warm_up()
    start = time.monotonic()
    seen = await ask(fake.url, "fake-silent", limits=quick())
    assert seen.error is not None
    assert seen.error.code == "provider_silent"
    assert not seen.error.retryable
    assert time.monotonic() - start < 5
    await asyncio.sleep(0.1)
    assert len(fake.asked()) == 1


async def test_pings_do_not_keep_a_stream_alive(fake: FakeProvider) -> None:
    start = time.monotonic()
    seen = await ask(fake.url, "fake-stall", limits=quick(idle_timeout=1.0))
    assert seen.error is not None
    assert seen.error.code == "stream_stalled"
    assert 0.9 < time.monotonic() - start < 10


async def test_an_answer_has_a_total_time(fake: FakeProvider) -> None:
    seen = await ask(fake.url, "fake-slow", limits=Limits(total_timeout=1.0))
    assert seen.error is not None
    assert seen.error.code == "took_too_long"
    assert seen.text().startswith("w0001 ")


async def test_a_slow_reader_is_no_stall(fake: FakeProvider) -> None:
    from jupyterlab_gpt.providers.openai import OpenAIProvider

    from .support import question

    limits = quick(idle_timeout=0.3)
    provider = OpenAIProvider(provider_id="default", base_url=fake.url, limits=limits)
    text = 0
    async for event in provider.stream(question("fake-code")):
        text += 1
        await asyncio.sleep(0.4)
        assert event is not None
    await provider.close()
    assert text > 4


async def test_a_refused_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.monotonic()
    seen = await ask(f"http://127.0.0.1:{port}/v1", "any")
    assert seen.error is not None
    assert seen.error.code == "cannot_reach"
    assert seen.error.detail["reason"] == "refused"
    assert seen.error.detail["host"] == f"127.0.0.1:{port}"
    assert time.monotonic() - start < 50


async def test_tls_to_a_plain_port(fake: FakeProvider) -> None:
    seen = await ask(fake.url.replace("http:", "https:"), "any")
    assert seen.error is not None
    assert seen.error.code == "cannot_reach"
    assert seen.error.detail["reason"] == "tls"


async def test_no_key_for_openai_is_said_before_any_request() -> None:
    seen = await ask("https://api.openai.com/v1", "gpt-6-luna", key=None)
    assert seen.error is not None
    assert seen.error.code == "no_key"
    assert seen.calls() == []


async def test_a_wrong_address_is_not_a_wrong_model(fake: FakeProvider) -> None:
    seen = await ask(f"{fake.origin}/other/v1", "fake-gpt")
    assert seen.error is not None
    assert seen.error.code == "provider_bad_request"
    assert seen.error.detail["setting"] == "base_url"
