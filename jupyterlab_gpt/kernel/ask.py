"""Asking in a cell: what it will cost, the answer as it arrives, what it did cost."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from typing import Any

from . import words
from .conversation import GONE, Answer, Conversation, Options, ended_early
from .display import AnswerOutput, LineOutput, exact
from .errors import GPTError, Stopped, failure
from .link import Link
from .request import Request

Frame = dict[str, Any]

# The main thread looks up as often: for an interrupt (Windows delivers one between two
# waits only), and to show what has come.
_TICK_SECONDS = 0.05
# How long the end of a stopped answer is waited for, which says what it cost.
_STOP_SECONDS = 5.0


class Waiting:
    """The frames of one request, for the thread that waits for them."""

    def __init__(self, link: Link, frame: Frame) -> None:
        self._link = link
        self._queue: queue.SimpleQueue[Frame | GPTError] = queue.SimpleQueue()
        put = self._queue.put
        lost: Frame = {"type": "lost"}
        self.request = Request(frame, put, put, lambda: put(lost))
        link.send(self.request)

    def __iter__(self) -> Iterator[Frame | None]:
        """Each frame, and None at each tick; ends with the last frame."""
        while True:
            try:
                frame = self._queue.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                yield None
                continue
            if isinstance(frame, GPTError):
                raise frame from None
            yield frame
            if frame["type"] in ("estimated", "previewed", "finished", "failed"):
                return

    def last(self) -> Frame:
        """Wait for the end; an interrupt ends the waiting."""
        try:
            *_, end = (frame for frame in self if frame is not None)
        except KeyboardInterrupt:
            self._link.forget(self.request)
            raise Stopped("Stopped: nothing was sent.") from None
        return end


def ask(link: Link, conversation: Conversation, text: str, options: Options) -> None:
    """Ask, show the answer while it arrives, and what it cost.

    Raises
    ------
    GPTError
        Nothing was sent, or the answer is not whole.
    Stopped
        The user interrupted.
    """
    root = link.server().root
    head = LineOutput()
    estimated = Waiting(link, conversation.estimate(text, options, root)).last()
    price = words.expected(estimated)
    head.line([*price, "waiting for the answer…"])
    try:
        # Only now is it certain which server it is, and so which folder it shows.
        root = link.server().root
        _Asking(link, conversation, head, price).run(conversation.submit(text, options, root))
    finally:
        head.line(price)


def ask_one(link: Link, conversation: Conversation, text: str, options: Options) -> None:
    """Ask a question; where the conversation was deleted meanwhile, it begins anew."""
    try:
        ask(link, conversation, text, options)
    except GPTError as error:
        if error.code not in GONE:
            raise
        conversation.renew()
        if options.history:
            raise
        ask(link, conversation, text, options)


class _Asking:
    """One turn, from sending to its last line."""

    def __init__(
        self, link: Link, conversation: Conversation, head: LineOutput, price: list[str]
    ) -> None:
        self._link = link
        self._conversation = conversation
        self._head = head
        self._price = price
        self._answer = Answer()
        self._output = AnswerOutput()

    def run(self, submit: Frame) -> None:
        waiting = Waiting(self._link, submit)
        try:
            for frame in waiting:
                self._take(frame)
            stopped = False
        except KeyboardInterrupt:
            stopped = True
            self._stop(waiting)
        except GPTError:
            self._output.end()
            raise
        self._output.end()
        self._foot(stopped)

    def _take(self, frame: Frame | None) -> None:
        if frame is not None:
            self._output.feed(self._answer.apply(frame))
            self._say(frame)
        self._output.tick()

    def _say(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "started":
            self._conversation.started(frame)
        elif kind == "delta":
            thinks = frame["kind"] == "thinking"
            self._head.line([*self._price, "thinking…"] if thinks else self._price)
        elif kind == "retrying":
            wait = words.seconds(frame["wait_s"])
            self._head.line([*self._price, f"the provider asked to wait: again in {wait}…"])
        elif kind == "lost":
            self._head.line([*self._price, "the connection dropped, connecting again…"])
        elif kind == "snapshot":
            self._head.line(self._price)

    def _stop(self, waiting: Waiting) -> None:
        """Stop the answer, and wait a moment for what it cost; a second interrupt ends that."""
        self._link.cancel(waiting.request)
        until = time.monotonic() + _STOP_SECONDS
        try:
            for frame in waiting:
                self._take(frame)
                if time.monotonic() > until:
                    break
        except (GPTError, KeyboardInterrupt):
            pass
        self._link.forget(waiting.request)

    def _foot(self, stopped: bool) -> None:
        end = self._answer.end or {}
        pieces = words.facts(self._answer.model, end)
        early = ended_early(end)
        # The provider refused at once: the sentence says all, and nothing was used.
        said_nothing = self._output.is_empty and not (end.get("usage") or {}).get("output")
        if pieces and not (end.get("type") == "failed" and said_nothing):
            LineOutput().line([*pieces, early or ""], exact(end.get("cost")))
        if stopped:
            known = "What had arrived is kept." if not self._output.is_empty else ""
            raise Stopped(f"Stopped. {known}".strip())
        if end.get("type") == "failed":
            raise failure(end, self._answer.model)
        if early == "stopped":
            raise GPTError("The answer was stopped in another place. What had arrived is kept.")


def show_preview(link: Link, conversation: Conversation, text: str, options: Options) -> None:
    """Show the literal messages that would be sent, and what that would cost; sends nothing."""
    frame = conversation.preview(text, options, link.server().root)
    previewed = Waiting(link, frame).last()
    messages: dict[int, list[str]] = {}
    for item in previewed["items"]:
        whole = item.get("text")
        found = messages.setdefault(item["message"], [f"[{item['role']}]\n"])
        found.append(whole if whole is not None else f"[{item['label']}]")
    for number in sorted(messages):
        print("".join(messages[number]), end="\n\n")  # noqa: T201
    LineOutput().line([*words.expected(previewed), "nothing was sent"])
