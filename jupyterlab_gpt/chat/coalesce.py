"""Pieces of text on their way to the sockets: at once when alone, together when crowded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

# One frame of a screen at 120 Hz: two pieces within it could not be seen apart. With two of them
# a chunk of 200 a second waited 7 ms here, on its way to a page that has frames of its own.
WINDOW = 0.008


class Coalescer:
    """Sends a piece at once, and those that follow within a frame time together.

    There is no fixed window: a piece that comes after a pause never waits, so
    a lone stream at 50 tokens a second is not delayed at all, and one at 5,000
    costs 120 frames a second.

    Parameters
    ----------
    send
        Called with part, kind and text, in the order of the text.
    window
        Seconds between two sendings.
    """

    def __init__(self, send: Callable[[int, str, str], None], *, window: float = WINDOW) -> None:
        self._send = send
        self._window = window
        self._loop = asyncio.get_running_loop()
        self._next = 0.0
        self._waiting: list[tuple[int, str, list[str]]] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, part: int, kind: str, text: str) -> None:
        """Take one piece."""
        if self._waiting and self._waiting[-1][0] == part:
            self._waiting[-1][2].append(text)
        else:
            self._waiting.append((part, kind, [text]))
        if self._timer is None:
            now = self._loop.time()
            if now >= self._next:
                self.flush()
            else:
                self._timer = self._loop.call_at(self._next, self.flush)

    def flush(self) -> None:
        """Send what waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._next = self._loop.time() + self._window
        for part, kind, pieces in waiting:
            self._send(part, kind, "".join(pieces))
