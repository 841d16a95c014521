"""A question and its answer in the widget, while it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import words
from .conversation import Answer, Conversation, ended_early
from .display import exact, pause, quiet
from .errors import GPTError, failure
from .inline import escape
from .link import Link
from .markdown import plain, to_html
from .request import Request
from .segments import Segments

Frame = dict[str, Any]


class Exchange:
    """One turn. Its functions are called in the socket's thread, `stop` in any.

    Parameters
    ----------
    link
        The kernel's connection.
    conversation
        Goes on after this answer.
    box
        A new VBox of the transcript.
    html_widget
        Makes a widget that shows HTML.
    ended
        Called once: with None, or with why there is no whole answer.
    """

    def __init__(
        self,
        link: Link,
        conversation: Conversation,
        box: Any,
        html_widget: Callable[[str], Any],
        ended: Callable[[Exchange, GPTError | None], None],
    ) -> None:
        self._link = link
        self._conversation = conversation
        self._box = box
        self._html = html_widget
        self._ended = ended
        self._answer = Answer()
        self._segments = Segments()
        self._status = html_widget(quiet("Waiting for the answer…"))
        self._open: Any = None
        self._is_due = False
        self._request: Request | None = None
        self.question = ""
        self.has_started = False

    def ask(self, submit: Frame) -> None:
        """Send the question."""
        self.question = submit["parts"][0]["text"]
        self._request = Request(submit, self._take, self._fail, self._lost)
        asked = (
            '<div style="white-space:pre-wrap;overflow-wrap:anywhere;margin-top:8px">'
            f"<strong>You</strong><br>{escape(self.question)}</div>"
        )
        self._box.children = (self._html(asked), self._status)
        self._link.send(self._request)

    def stop(self) -> None:
        """Stop the answer; its end comes as a frame."""
        if self._request is not None:
            self._link.cancel(self._request)

    def _take(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "started":
            self.has_started = True
            self._conversation.started(frame)
        elif kind == "delta" and frame["kind"] == "thinking":
            self._say("Thinking…")
        elif kind == "retrying":
            self._say(f"The provider asked to wait: again in {words.seconds(frame['wait_s'])}…")
        for text in self._segments.feed(self._answer.apply(frame)):
            self._show(text)
            self._open = None
        if self._answer.end is not None:
            self._end(self._answer.end)
        elif self._segments.open and not self._is_due:
            # The first piece at once, those after it together.
            self._is_due = True
            self._flush() if self._open is None else self._later()

    def _later(self) -> None:
        self._link.call_later(pause(self._segments.open), self._flush)

    def _flush(self) -> None:
        self._is_due = False
        if self._answer.end is None:
            self._show(self._segments.open)

    def _show(self, text: str) -> None:
        if not text.strip():
            return
        if self._open is None:
            self._open = self._html("")
            self._box.children = (*self._box.children[:-1], self._open, self._status)
        self._open.value = to_html(text)
        self._say("…")

    def _say(self, text: str) -> None:
        line = quiet(text)
        if self._status.value != line:
            self._status.value = line

    def _lost(self) -> None:
        self._say("The connection dropped, connecting again…")

    def _end(self, end: Frame) -> None:
        self._show(self._segments.open)
        pieces = [*words.facts(self._answer.model, end), ended_early(end) or ""]
        line = quiet(" · ".join(piece for piece in pieces if piece), exact(end.get("cost")))
        error = failure(end, self._answer.model) if end["type"] == "failed" else None
        self._status.value = line + (f"<div>{plain(error.sentence)}</div>" if error else "")
        self._ended(self, error)

    def _fail(self, error: GPTError) -> None:
        self._status.value = f"<div>{plain(error.sentence)}</div>"
        self._ended(self, error)
