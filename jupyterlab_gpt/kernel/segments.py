"""A growing text in pieces that settle, so that work per token does not grow with the answer.

An output of a cell can only be replaced as a whole. A long answer is therefore several
outputs: those that are settled are never sent again, the open one is short.
"""

from __future__ import annotations

import re

# Characters after which a segment ends at the next good place: most answers are one
# segment, and 10 updates a second of 4 kB are nothing for a browser.
SETTLE = 4000
# In a list or a table that goes on, at the next line; in a code block that goes on, the
# block is closed and opened again; a line without end is cut.
MOST = 4 * SETTLE

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([^`]*)$")
# What belongs to the block before it, though a blank line stands between.
_GOES_ON = re.compile(r"[ \t]|[-*+>|]|\d+[.)]\s")


class Segments:
    """Text in, segments out."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0
        self._line = ""
        self._fence: tuple[str, str] | None = None

    @property
    def open(self) -> str:
        """The segment that still grows."""
        return "".join(self._lines) + self._line

    def feed(self, text: str) -> list[str]:
        """Take text; return the segments that have settled."""
        settled: list[str] = []
        first, *more = text.split("\n")
        self._line += first
        for line in more:
            settled += self._end_line()
            self._line = line
        while len(self._line) > MOST:
            cut, self._line = self._line[:MOST], self._line[MOST:]
            settled.append(self._settle(cut))
        return settled

    def _end_line(self) -> list[str]:
        line = self._line + "\n"
        settled = []
        blank_before = not self._lines or not self._lines[-1].strip()
        good = blank_before and self._fence is None and bool(line.strip())
        if self._size >= SETTLE and good and not _GOES_ON.match(line):
            settled.append(self._settle())
        self._lines.append(line)
        self._size += len(line)
        self._follow(line)
        if self._size >= MOST:
            settled.append(self._settle())
        return settled

    def _follow(self, line: str) -> None:
        found = _FENCE.match(line.rstrip("\n"))
        if self._fence is None:
            self._fence = (found[1], line) if found else None
        elif found and not found[2].strip() and found[1].startswith(self._fence[0]):
            self._fence = None

    def _settle(self, part: str = "") -> str:
        text = "".join(self._lines) + part
        self._lines, self._size = [], 0
        if self._fence is not None:
            text += f"{'' if text.endswith(chr(10)) else chr(10)}{self._fence[0]}\n"
            self._lines = [self._fence[1]]
        return text
