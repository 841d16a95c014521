"""An answer in the output of a cell, while it arrives."""

from __future__ import annotations

import html
import time
import uuid
from typing import Any

from .inline import escape
from .markdown import to_html
from .segments import Segments

# Ten times a second reads as flowing text, and a browser keeps up with it.
UPDATE_SECONDS = 0.1
# A segment of more characters (a long list, a long line) is sent less often: so that a second's
# updates stay below 80 kB, whatever the answer is.
_USUAL = 8000

_QUIET = "color:var(--jp-ui-font-color2,#757575);font-size:var(--jp-ui-font-size1,13px)"


def quiet(text: str, title: str = "") -> str:
    """A line that stands back, as HTML; two amounts in it are no formula."""
    hint = f' title="{html.escape(title)}"' if title else ""
    return f'<div style="{_QUIET}"{hint}>{escape(text)}</div>'


def pause(text: str) -> float:
    """Give the seconds between two updates of an open segment."""
    return UPDATE_SECONDS * max(1.0, len(text) / _USUAL)


class Output:
    """One output of the running cell, which can be replaced."""

    def __init__(self) -> None:
        self._id = str(uuid.uuid4())
        self._shown: str | None = None

    def show(self, page: str, plain: str) -> None:
        """Show HTML, and text where there is no HTML; the same once more does nothing."""
        from IPython.display import publish_display_data

        if page == self._shown:
            return
        publish_display_data(  # type: ignore[no-untyped-call,unused-ignore]
            {"text/html": page, "text/plain": plain},
            transient={"display_id": self._id},
            update=self._shown is not None,
        )
        self._shown = page


class LineOutput(Output):
    """A line about an answer: what it will cost, or did."""

    def line(self, pieces: list[str], title: str = "") -> None:
        """Show a line."""
        text = " · ".join(piece for piece in pieces if piece)
        self.show(quiet(text, title), text)


class AnswerOutput:
    """The outputs of an answer: each settled segment once, the open one as it grows."""

    def __init__(self) -> None:
        self._segments = Segments()
        self._open = Output()
        self._due = 0.0
        self.is_empty = True

    def feed(self, text: str) -> None:
        """Take new text; what is settled is shown at once."""
        self.is_empty = self.is_empty and not text.strip()
        for settled in self._segments.feed(text):
            self._show(settled)
            self._open = Output()

    def tick(self) -> None:
        """Show the open segment when it is time."""
        now = time.monotonic()
        if not self.is_empty and now >= self._due:
            text = self._segments.open
            self._show(text)
            self._due = now + pause(text)

    def end(self) -> None:
        """Show what has not been shown."""
        if not self.is_empty:
            self._show(self._segments.open)

    def _show(self, text: str) -> None:
        if text.strip():
            self._open.show(to_html(text), text.strip("\n"))


def exact(cost: dict[str, Any] | None) -> str:
    """The exact amount, for a tooltip."""
    usd = (cost or {}).get("usd")
    return f"${usd}" if usd is not None else ""
