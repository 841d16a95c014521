"""Counting: exact where the encoding is at hand, rough and said so where it is not."""

from __future__ import annotations

import builtins
import struct
import threading
import zlib
from typing import Any

import pytest

from jupyterlab_gpt.chat.prompt import SYSTEM_PROMPT
from jupyterlab_gpt.ledger import tokens
from jupyterlab_gpt.ledger.tokens import Counter, image_tokens, may_think, rough


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + zlib.compress(b"")


def test_counts_are_those_of_the_published_encoding() -> None:
    counter = Counter()
    assert counter.is_exact
    # Known counts of o200k_base.
    assert [counter.count(text) for text in ("", "hello world", "1234567", "naïve café")] == [
        0,
        2,
        3,
        4,
    ]
    assert counter.count(SYSTEM_PROMPT) <= 150


def test_a_long_text_is_counted_once() -> None:
    counter = Counter()
    text = "import pandas as pd\n" * 5000
    first = counter.count(text)
    asked: list[str] = []
    counter._count = lambda text: asked.append(text) or 0  # type: ignore[func-returns-value]
    assert counter.count(text) == first
    assert not asked


def test_half_a_surrogate_pair_is_counted() -> None:
    assert Counter().count("cut \ud83d here" * 10) > 10


def test_the_memory_of_counts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_REMEMBERED", 10)
    counter = Counter()
    threads = [
        threading.Thread(
            target=lambda i=i: [counter.count(f"{i} {n} " * 40) for n in range(50)]  # type: ignore[misc]
        )
        for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counter._known) <= 10


def test_without_the_encoding_it_is_rough_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "toktok":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    counter = Counter()
    assert not counter.is_exact
    assert counter.count("x" * 330) == rough("x" * 330) == 100


def test_images_are_counted_by_their_size() -> None:
    # OpenAI's own examples: 1024 × 1024 has 765 tokens, 2048 × 4096 has 1105.
    assert image_tokens(png(1024, 1024)) == 765
    assert image_tokens(png(2048, 4096)) == 1105
    assert image_tokens(png(1, 1)) == image_tokens(b"GIF89a\x01\x00\x01\x00") == 255
    jpeg = (
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 1024, 1024) + b"\x03"
    )
    assert image_tokens(jpeg) == 765
    for unreadable in (b"", b"RIFF....WEBP", b"\xff\xd8\xff", png(0, 0)[:20], b"\xff\xd8" * 5):
        assert image_tokens(unreadable) == 85 + 8 * 170
    assert image_tokens(png(0, 0)) == 255


@pytest.mark.parametrize(
    ("model", "thinks"),
    [
        ("gpt-4o", False),
        ("gpt-4.1-mini", False),
        ("gpt-3.5-turbo", False),
        ("gpt-4", False),
        ("gpt-6-luna", True),
        ("o3", True),
        ("qwen-3", True),
    ],
)
def test_models_that_may_think(model: str, thinks: bool) -> None:
    assert may_think(model) == thinks
