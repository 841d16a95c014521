"""The conversation of a kernel, and an answer as it grows; no thread, no display."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from .server import notebook_path

Frame = dict[str, Any]

# What the server says when the conversation, or its last answer, was deleted meanwhile.
GONE = ("unknown_conversation", "unknown_message", "bad_parent")


@dataclass(frozen=True)
class Options:
    """How something is asked.

    Attributes
    ----------
    model, provider
        None: the server's defaults.
    accept_unpriced
        Send although nobody knows the price.
    history
        Send the conversation's earlier questions and answers too.
    """

    model: str | None = None
    provider: str | None = None
    accept_unpriced: bool = False
    history: bool = False


class Conversation:
    """Where the questions of a kernel stand: the panel's list shows it as any other."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew; what was asked stays in the panel's list."""
        self.id = str(uuid.uuid4())
        self.leaf: str | None = None

    def estimate(self, text: str, options: Options, root: str | None) -> Frame:
        """Make the frame that asks what this would cost."""
        return self._frame("estimate", text, options, root)

    def preview(self, text: str, options: Options, root: str | None) -> Frame:
        """Make the frame that asks what exactly would be sent."""
        return self._frame("preview", text, options, root)

    def submit(self, text: str, options: Options, root: str | None) -> Frame:
        """Make the frame that asks."""
        ids = {"message_id": str(uuid.uuid4()), "answer_id": str(uuid.uuid4())}
        return {**self._frame("submit", text, options, root), **ids}

    def started(self, frame: Frame) -> None:
        """Go on after this answer: its question is stored now."""
        self.leaf = frame["answer_id"]

    def _frame(self, kind: str, text: str, options: Options, root: str | None) -> Frame:
        params: Frame = {}
        if not options.history:
            params["one_shot"] = True
        if options.accept_unpriced:
            params["accept_unpriced"] = True
        return {
            "type": kind,
            "request_id": str(uuid.uuid4()),
            "conversation_id": self.id,
            "parent_id": self.leaf,
            "provider": options.provider,
            "model": options.model,
            "params": params,
            "notebook": notebook_path(root),
            "parts": [{"type": "text", "text": text}],
        }


class Answer:
    """An answer as it arrives; thinking is not kept.

    Attributes
    ----------
    model
        Known when it has started.
    text
        Everything so far.
    end
        The `finished` or `failed` frame, when there is one.
    """

    def __init__(self) -> None:
        self.model: str | None = None
        self.end: Frame | None = None
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """Everything so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def is_whole(self) -> bool:
        """Whether it ended by itself."""
        return self.end is not None and self.end.get("finish_reason") == "stop"

    def apply(self, frame: Frame) -> str:
        """Take a frame in.

        Returns
        -------
        str
            The text that is new.
        """
        kind = frame["type"]
        if kind == "started":
            self.model = frame["model"]
        elif kind in ("finished", "failed"):
            self.end = frame
        elif kind == "delta" and frame["kind"] == "text":
            self._pieces.append(frame["text"])
            return str(frame["text"])
        elif kind == "snapshot":
            texts = [p.get("text") or "" for p in frame["parts"] if p.get("type") == "text"]
            whole, had = "".join(texts), self.text
            self._pieces = [whole]
            # A snapshot of the same turn begins with all that came before it.
            return whole[len(had) :]
        return ""


def ended_early(end: Frame) -> str | None:
    """Say why an answer that did not fail is not whole."""
    reason = end.get("finish_reason")
    if reason == "length":
        return "cut at the longest length that was allowed"
    if reason == "content_filter":
        return "cut by the provider’s content filter"
    if reason == "tool_calls":
        return "ended with a call of a tool, which nobody offered and nothing ran"
    return "stopped" if reason == "cancelled" else None
