"""An answer while it grows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .frames import Part

# Characters up to which a string takes the next piece: a string of a few letters takes fifty
# bytes more than they, and to copy so many is the same work at any length of the answer.
_TOGETHER = 1024
# What no database column and no UTF-8 frame takes: lone surrogates and NUL.
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")


class Answer:
    """The parts of an answer, kept in pieces so that a piece costs the same at any length.

    Parameters
    ----------
    parts
        What the answer begins with: a copy of the cut answer's parts for Continue.
        Text then goes on in the last text part of these.
    """

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self._parts: list[tuple[Part, list[str]]] = []
        for part in parts:
            pieces = [part["text"]] if part.get("text") else []
            self._parts.append((dict(part), pieces))
        texts = [i for i, (part, _) in enumerate(self._parts) if part["type"] == "text"]
        self._goes_on = texts[-1] if texts else None
        self._current = len(self._parts) - 1

    def append(self, kind: str, text: str) -> tuple[int, str]:
        """Add text of a kind.

        Returns
        -------
        tuple of int and str
            Index of the part that it went to, and the text as it was taken.
        """
        text = _UNSTORABLE.sub("\ufffd", text)
        if self._current < 0 or self._parts[self._current][0]["type"] != kind:
            if kind == "text" and self._goes_on is not None:
                self._current = self._goes_on
            else:
                self._parts.append(({"type": kind}, []))
                self._current = len(self._parts) - 1
        pieces = self._parts[self._current][1]
        if pieces and len(pieces[-1]) < _TOGETHER:
            pieces[-1] += text
        else:
            pieces.append(text)
        return self._current, text

    @property
    def has_text(self) -> bool:
        """Whether any text of the answer itself is there; thinking does not count."""
        return any(part["type"] == "text" and pieces for part, pieces in self._parts)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all has arrived."""
        return not any(pieces for _, pieces in self._parts)

    def lengths(self) -> list[int]:
        """Characters of each part so far."""
        return [sum(map(len, pieces)) for _, pieces in self._parts]

    def text(self, index: int) -> tuple[str, str]:
        """Make one part's kind and its text so far."""
        part, pieces = self._parts[index]
        return part["type"], "".join(pieces)

    def parts(self) -> list[Part]:
        """Make the parts so far, in the wire's shape."""
        return [
            {**part, "text": "".join(pieces)} if part["type"] in ("text", "thinking") else part
            for part, pieces in self._parts
        ]
