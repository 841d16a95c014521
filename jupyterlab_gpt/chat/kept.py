"""The last frames of a turn, for sockets that come back."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from . import frames
from .answer import Answer

# Frames kept for `resume`: 2 s of a stream of 50 a second, and a cut socket is back in half a
# second; what is older is said shorter by one snapshot.
MAX_FRAMES = 100
# In the place of a part's index: a frame that is not new text.
_WHOLE = -1


class KeptFrames:
    """Remembers where each piece of text began, and not the piece: the answer has it.

    The frames themselves were a fifth of the memory that a streamed answer takes.

    Parameters
    ----------
    request_id
        Whose frames they are.
    answer
        Holds all text that leaves, in the order in which it leaves.
    """

    def __init__(self, request_id: str, answer: Answer) -> None:
        self._request_id = request_id
        self._answer = answer
        self._parts = array("i")
        # Characters of the part before the piece, and with it.
        self._starts = array("I")
        self._ends = array("I")
        self._whole: dict[int, str] = {}
        # Characters of each part that have left, or that the answer began with.
        self._left = answer.lengths()
        self._last = 0

    @property
    def first(self) -> int:
        """Number of the oldest frame that is kept."""
        return self._last - len(self._parts) + 1

    def add(self, text: str) -> None:
        """Keep the next frame, encoded."""
        self._add(_WHOLE, 0, 0)
        self._whole[self._last] = text

    def add_text(self, part: int, chars: int) -> None:
        """Keep the next frame: so many more characters of a part."""
        self._left.extend([0] * (part + 1 - len(self._left)))
        start = self._left[part]
        self._left[part] = end = start + chars
        self._add(part, start, end)

    def _add(self, part: int, start: int, end: int) -> None:
        self._last += 1
        if len(self._parts) == MAX_FRAMES:
            self._whole.pop(self.first - 1, None)
            del self._parts[0], self._starts[0], self._ends[0]
        self._parts.append(part)
        self._starts.append(start)
        self._ends.append(end)

    def after(self, seq: int) -> Iterator[tuple[int, str]]:
        """Make the kept frames behind one again: number and frame, encoded."""
        texts: dict[int, tuple[str, str]] = {}
        first, last = self.first, self._last
        for number in range(max(first, seq + 1), last + 1):
            at = number - first
            part = self._parts[at]
            if part == _WHOLE:
                yield number, self._whole[number]
                continue
            if part not in texts:
                texts[part] = self._answer.text(part)
            kind, text = texts[part]
            piece = text[self._starts[at] : self._ends[at]]
            yield number, frames.delta(self._request_id, number, part, kind, piece)
