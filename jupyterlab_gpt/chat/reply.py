"""The reply limit, counted here too: some endpoints pass it over, and bill all the same."""

from __future__ import annotations

from collections.abc import Callable

# Characters that are counted together: 100 tokens where the limit could be passed by them, and
# 400 elsewhere. The counter asks the system for its processors each time, which takes longer.
_STEP = 400
_FAR_STEP = 1600
# Encodings differ; only what is plainly over the limit is cut. An endpoint that keeps it
# ends by itself before this.
_MARGIN = 1.25
_SLACK = 64


class ReplyLimit:
    """Counts an answer while it grows, thinking included.

    Parameters
    ----------
    limit
        In tokens, as it was sent.
    count
        Counts the tokens of a text.
    """

    def __init__(self, limit: int, count: Callable[[str], int]) -> None:
        self._most = limit * _MARGIN + _SLACK
        self._count = count
        self._tokens = 0
        self._text = ""

    @property
    def is_passed(self) -> bool:
        """Whether the answer is plainly longer than its limit."""
        return self._tokens > self._most

    def add(self, text: str) -> None:
        """Count new text."""
        self._text += text
        # A token is no shorter than a byte, and a character at most four of them.
        far = self._tokens + 4 * len(self._text) <= self._most
        if len(self._text) >= (_FAR_STEP if far else _STEP):
            self.total()

    def total(self) -> int:
        """Tokens so far."""
        if self._text:
            self._tokens += self._count(self._text)
            self._text = ""
        return self._tokens
