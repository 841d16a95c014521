"""A prompt whose server is killed, and what is counted over all of them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any

from tests.handlers.conftest import Client


@dataclass
class Prompt:
    """A prompt and what was seen of its answer."""

    frame: dict[str, Any]
    rate: int
    pieces: list[str]
    client: Client
    # Pieces that the provider had sent when the server was killed, and at the very last.
    sent: int = 0

    @property
    def whole(self) -> str:
        return "".join(self.pieces)

    @property
    def types(self) -> set[str]:
        mine = self.frame["request_id"]
        return {f["type"] for f in self.client.frames if f.get("request_id") == mine}

    @property
    def seen(self) -> str:
        return self.client.text(self.frame)

    def count(self, text: str) -> int:
        """How many whole pieces a text holds."""
        length, number = 0, 0
        for piece in self.pieces:
            length += len(piece)
            if length > len(text):
                break
            number += 1
        return number


@dataclass
class Figures:
    """What is printed, and must be."""

    kills: int = 0
    corrupt: int = 0
    prompts: int = 0
    lost_prompts: int = 0
    unbooked: int = 0
    sent_again: int = 0
    text_lost: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        lost = self.text_lost or [0.0]
        return (
            f"faults: kills {self.kills}, corrupt {self.corrupt}, lost prompts {self.lost_prompts},"
            f" unbooked calls {self.unbooked}, text lost: median {statistics.median(lost):.2f} s,"
            f" max {max(lost):.2f} s"
        )
