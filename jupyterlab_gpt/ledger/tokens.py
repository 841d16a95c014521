"""How many tokens a text has, before anybody bills it.

Exact for the models whose encoding is published (`toktok`, tiktoken's tables compiled in,
nothing to download), the same count as a good first guess for all others, which
`estimate` corrects by what was billed. Where `toktok` is not installed, a rough rule.
"""

from __future__ import annotations

import math
import re
import struct
import threading
from collections.abc import Callable

# The encoding of all published OpenAI models since gpt-4o.
ENCODING = "o200k_base"
# What the chat format adds (OpenAI's cookbook, "How to count tokens"): to each message three
# and its role, and once for the answer that begins.
PER_MESSAGE = 4
PER_PROMPT = 3
# Models whose encoding is published. Newer ones have none (cost.md): they are calibrated.
_PUBLISHED = re.compile(r"(chatgpt-)?(gpt-4o|gpt-4\.1|gpt-5|o1|o3|o4)(-.*)?")
# Models that never think: what they wrote is all that they bill.
_PLAIN = re.compile(r"gpt-3\.5.*|gpt-4(o|\.1|-turbo)?(-.*)?")
# Bytes of UTF-8 per token of the rough rule: 4.2 for English prose, 3.3 for Python, 2.3 for
# the print of a DataFrame (o200k); a mean that rather says too much.
_ROUGH_BYTES = 3.3
# Texts whose count is remembered: a conversation of 500 messages, several times over. A text
# is remembered by its hash, so that a gigabyte of prompts does not stay in memory.
_REMEMBERED = 20_000
# Shorter texts are counted faster than they are looked up.
_SHORT = 64
# Tokens of an image at low detail, and of each tile of 512 pixels (OpenAI's guide to vision).
_IMAGE_BASE, _IMAGE_TILE = 85, 170
# Tiles of an image whose size cannot be read: the most that one has.
_MOST_TILES = 8


class Counter:
    """Counts tokens; may be used from any thread.

    Importing the encoding takes 50 ms and counting 5 ms for a megabyte: call it in a
    thread, never at start.
    """

    def __init__(self) -> None:
        self._count: Callable[[str], int] | None = None
        self._exact = False
        self._known: dict[tuple[int, int], int] = {}
        self._lock = threading.Lock()

    @property
    def is_exact(self) -> bool:
        """Whether the encoding is at hand."""
        self._ready()
        return self._exact

    def count(self, text: str) -> int:
        """Tokens of a text."""
        count = self._ready()
        if len(text) < _SHORT:
            return count(text)
        key = (len(text), hash(text))
        known = self._known.get(key)
        if known is None:
            known = count(text)
            with self._lock:
                while len(self._known) >= _REMEMBERED:
                    del self._known[next(iter(self._known))]
                self._known[key] = known
        return known

    def _ready(self) -> Callable[[str], int]:
        if self._count is None:
            self._count, self._exact = _load()
        return self._count


def _load() -> tuple[Callable[[str], int], bool]:
    try:
        from toktok import batch_count
    except ImportError:  # no wheel for this platform
        return rough, False

    def count(text: str) -> int:
        # Half a surrogate pair is no text; it is replaced before it is sent, too.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return int(batch_count([clean], ENCODING, threads=1)[0])

    return count, True


def rough(text: str) -> int:
    """Guess the tokens of a text from its bytes."""
    return math.ceil(len(text.encode("utf-8", "replace")) / _ROUGH_BYTES)


def has_published_encoding(model: str) -> bool:
    """Whether counts for this model (of OpenAI's own address) are exact."""
    return _PUBLISHED.fullmatch(model) is not None


def may_think(model: str) -> bool:
    """Whether a model may think, and bill it, without showing it; in doubt, it may."""
    return _PLAIN.fullmatch(model) is None


def image_tokens(data: bytes) -> int:
    """Tokens of an image by its size, as OpenAI's models count them; others differ."""
    size = _size_of(data)
    if size is None:
        return _IMAGE_BASE + _MOST_TILES * _IMAGE_TILE
    width, height = (max(1, side) for side in size)
    # Fitted into 2048 × 2048 with a shorter side of 768 at most, then cut into tiles.
    fit = min(1.0, 2048 / max(width, height), 768 / min(width, height))
    tiles = math.ceil(width * fit / 512) * math.ceil(height * fit / 512)
    return _IMAGE_BASE + max(1, tiles) * _IMAGE_TILE


def _size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height from the head of a PNG, GIF or JPEG."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] == b"GIF8" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        # The frame headers SOF0 to SOF15, without the tables that share their numbers.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, length)
    return None
