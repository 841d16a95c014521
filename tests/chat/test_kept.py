"""A socket that comes back gets, from what is kept, the very frames that it missed."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from jupyterlab_gpt.chat.answer import Answer
from jupyterlab_gpt.chat.kept import MAX_FRAMES
from jupyterlab_gpt.chat.turn import Turn

from .conftest import submit


class Reader:
    """A socket that takes all, or so many frames."""

    def __init__(self, room: int = 10**9) -> None:
        self.texts: list[str] = []
        self.room = room

    def send(self, text: str) -> bool:
        if not self.room:
            return False
        self.room -= 1
        self.texts.append(text)
        return True

    def tell(self, frame: dict[str, Any]) -> None:
        raise AssertionError(frame)

    def has_room(self) -> bool:
        return True


def grown(seed: int, frames: int, reader: Reader) -> Turn:
    """A Continue: it begins with parts, and goes on in two kinds and with frames between."""
    rng = random.Random(seed)
    turn = Turn("someone", submit("Hello"))
    begun = [{"type": "thinking", "text": "Hm."}, {"type": "text", "text": "Begun"}]
    turn.begin_with(Answer(begun if seed % 2 else ()))
    turn.join(reader)
    while turn.seq < frames:
        if rng.random() < 0.05:
            turn.emit({"type": "retrying", "request_id": turn.request_id, "attempt": turn.seq})
        else:
            kind = rng.choice(("text", "text", "text", "thinking"))
            letters = "".join(rng.choices('aé"\\\n\ud800😀', k=rng.randint(1, 9)))
            part, text = turn.answer.append(kind, letters)
            turn.emit_text(part, kind, text)
    return turn


@pytest.mark.parametrize("seed", range(8))
def test_what_is_kept_is_what_was_sent(seed: int) -> None:
    first = Reader()
    turn = grown(seed, MAX_FRAMES + 57, first)
    for after in (57, 58, MAX_FRAMES, MAX_FRAMES + 56):
        again = Reader()
        turn.join(again, after_seq=after)
        assert again.texts == first.texts[after:]


def test_what_is_no_longer_kept_is_a_snapshot() -> None:
    turn = grown(1, MAX_FRAMES + 57, Reader())
    again = Reader()
    turn.join(again, after_seq=56)
    (frame,) = map(json.loads, again.texts)
    assert (frame["type"], frame["seq"]) == ("snapshot", turn.seq)
    assert frame["parts"] == turn.answer.parts()


def test_a_slow_reader_goes_on_where_it_was_full() -> None:
    first, slow = Reader(), Reader(room=0)
    turn = grown(2, MAX_FRAMES, first)
    turn.join(slow, after_seq=3)
    for _ in range(MAX_FRAMES // 10):
        slow.room = 10
        turn.catch_up(slow)
    assert slow.texts == first.texts[3:]
