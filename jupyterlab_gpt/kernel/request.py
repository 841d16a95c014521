"""What was asked of the server and has not ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import GPTError

Frame = dict[str, Any]


class Request:
    """Something that was asked and has not ended.

    Parameters
    ----------
    frame
        What is sent.
    on_frame
        Called in the socket's thread with each frame once, in order; the last one is
        `estimated`, `previewed`, `finished` or `failed`.
    on_error
        Called instead when the server cannot be asked any more.
    on_drop
        Called when the connection has dropped and is sought again.
    """

    def __init__(
        self,
        frame: Frame,
        on_frame: Callable[[Frame], None],
        on_error: Callable[[GPTError], None],
        on_drop: Callable[[], None] = lambda: None,
    ) -> None:
        self.frame = frame
        self.id: str = frame["request_id"]
        self.on_frame = on_frame
        self.on_error = on_error
        self.on_drop = on_drop
        self.seq = 0
        self.cancelled = False

    @property
    def again(self) -> Frame:
        """What is sent on a new connection: `submit` is safe to repeat, its id is stored."""
        if self.seq:
            return {"type": "resume", "request_id": self.id, "after_seq": self.seq}
        return self.frame
