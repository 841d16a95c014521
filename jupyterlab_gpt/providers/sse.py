"""A stream of bytes into lines, and lines into the data of events.

Lines end at LF, CR and CRLF and nowhere else: U+2028 may stand inside a JSON string,
and `str.splitlines` (so the HTTP library's own line iterator) would cut there.
"""

from __future__ import annotations

from collections.abc import Iterator


class LineTooLongError(Exception):
    """A line passed the cap; nothing more is kept of it."""


class LineSplitter:
    """Bytes in any pieces to whole lines.

    Parameters
    ----------
    max_line
        Most bytes of one line (`Limits.max_line_bytes`). It is checked while the line
        grows, so that an endless one is never collected.
    """

    def __init__(self, max_line: int) -> None:
        self._max = max_line
        self._tail = bytearray()
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that these bytes complete, without their ends.

        Raises
        ------
        LineTooLongError
        """
        if b"\r" in data or self._after_cr or self._tail or len(data) > self._max:
            return list(self._pieces(data))
        # Nearly always: whole lines that end with LF, at the speed of `split`.
        *lines, tail = data.split(b"\n")
        self._tail += tail
        return lines

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        if not data:
            return
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
        self._after_cr = data.endswith(b"\r")
        # bytes.splitlines knows LF, CR and CRLF only, unlike str.splitlines.
        for piece in data.splitlines(keepends=True):
            line = piece.rstrip(b"\r\n")
            if len(self._tail) + len(line) > self._max:
                raise LineTooLongError
            if len(line) == len(piece):
                self._tail += line
            elif self._tail:
                self._tail += line
                whole = bytes(self._tail)
                self._tail.clear()
                yield whole
            else:
                yield line

    def rest(self) -> bytes:
        """Take what came after the last line end."""
        whole = bytes(self._tail)
        self._tail.clear()
        return whole


_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")


def is_field(line: bytes) -> bool:
    """Say whether a line can be one of an event stream, blank lines apart."""
    return line.startswith(_FIELDS)


def data_of(line: bytes) -> bytes | None:
    """Take the data of a `data:` line, else None.

    Each data line is an event of its own: no provider of this API splits its JSON over
    several, and some leave out the blank line between two.
    """
    return line[5:].strip() if line.startswith(b"data:") else None
