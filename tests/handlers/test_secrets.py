"""Promise 5: the key goes in, and is found nowhere but where it is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import submit

CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture
def records(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Everything that is logged, at DEBUG, by whomever, as text."""
    texts: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            texts.append(self.format(record))

    caplog.set_level(logging.DEBUG)
    keep, root = Keep(level=logging.DEBUG), logging.getLogger()
    root.addHandler(keep)
    for name in ("openai", "httpx2", "httpcore2", "tornado", "jupyterlab_gpt"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield texts
    root.removeHandler(keep)


async def test_the_canary_is_found_nowhere(
    api: Any, connect: Any, fake: Any, data_dir: Path, records: list[str]
) -> None:
    answers = [await api("providers/default/key", "PUT", {"key": f"  Bearer {CANARY}\n"})]
    client = await connect()
    for model in ("fake-key", "fake-gpt", "fake-401", "fake-500", "fake-cut", "fake-html"):
        asked = submit(model=model)
        await client.send(asked)
        await client.end(asked)
    await client.send(f"not a frame {CANARY[:-4]}")
    await client.until("failed")
    broken = f'{{"key": "{CANARY}"'.encode()
    answers += [
        await api("providers/default/key", "PUT", broken),
        await api("providers/default/key", "PUT", {"key": CANARY, "extra": 1}),
        await api("providers/default/key", "PUT", {"key": [CANARY]}),
        await api("providers/default/key", "PUT", {"key": f"{CANARY} {CANARY}"}),
        await api("providers/default/check", "POST", {"key": CANARY}),
        await api(
            "providers/default/check",
            "POST",
            {"key": CANARY, "base_url": "http://127.0.0.1:9/v1"},
        ),
        await api("providers/default/check", "POST", {"base_url": f"http://{CANARY}@x/"}),
        await api("providers"),
        await api("status"),
        await api("models", params={"refresh": "1"}),
        await api("conversations"),
        await api(f"conversations/{asked['conversation_id']}"),
    ]
    # The provider got it: so it was in use all the time.
    sent = [str(entry["headers"]) for entry in fake.journal()]
    assert any(CANARY in headers for headers in sent)
    finished = [f["type"] for f in client.frames if f["type"] in ("finished", "failed")]
    assert finished.count("finished") >= 2

    assert CANARY not in str(client.frames)
    assert CANARY not in str(answers)
    assert len(records) > 50
    assert not [text for text in records if CANARY in text]
    kept = [path for path in data_dir.rglob("*") if path.is_file()]
    holding = [path.name for path in kept if CANARY.encode() in path.read_bytes()]
    assert len(kept) >= 2
    assert holding == ["keys.json"]
    (key_file,) = [path for path in kept if path.name == "keys.json"]
    assert key_file.stat().st_mode & 0o777 == 0o600


async def test_a_saved_key_does_not_follow_to_another_host(api: Any, fake: Any) -> None:
    from tests.fakes.provider import FakeProvider

    await api("providers/default/key", "PUT", {"key": CANARY})
    with FakeProvider() as other:
        await api("providers/default/check", "POST", {"base_url": other.url})
        await api("providers/default", "PATCH", {"base_url": other.url})
        await api("models", params={"refresh": "1"})
        assert other.journal()
        assert CANARY not in str(other.journal())
