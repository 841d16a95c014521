"""What must not get in, and what must not get out, at the client of a provider."""

from __future__ import annotations

import logging

import pytest

from jupyterlab_gpt.providers import client
from tests.fakes.provider import FakeProvider

from .support import ask


async def test_nothing_comes_from_a_forbidden_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that passed the look-up and then led elsewhere: its answer is not read."""
    with FakeProvider() as fake:
        monkeypatch.setattr(client, "is_forbidden", lambda address: address.is_loopback)
        seen = await ask(fake.url, "fake-gpt")
    assert seen.error is not None
    assert (seen.error.code, seen.error.detail["reason"]) == ("bad_url", "link_local")
    assert seen.text() == ""


async def test_a_server_at_debug_logs_no_prompt(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeProvider() as fake:
        seen = await ask(fake.url, "fake-echo", text="a secret plan")
    assert "a secret plan" in seen.text()
    assert caplog.records
    assert "secret plan" not in caplog.text
