"""What a cell shows when something went wrong: one sentence, no traceback."""

from __future__ import annotations

from typing import Any


class GPTError(Exception):
    """One sentence that says what happened and what to do now.

    IPython asks an exception for `_render_traceback_` before it makes a traceback of its
    own: so the cell has failed (Run All stops, as it should) and shows only the sentence.

    Parameters
    ----------
    sentence
        For the user.
    code
        The server's code, where it was the server that refused.
    """

    def __init__(self, sentence: str, *, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def _render_traceback_(self) -> list[str]:
        return [self.sentence]


class ServerGone(GPTError):
    """The kernel's Jupyter server cannot be found, or takes no connection."""


class Stopped(KeyboardInterrupt):
    """The user interrupted the kernel while it asked; the cells after it do not run."""

    def __init__(self, sentence: str = "Stopped.") -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def _render_traceback_(self) -> list[str]:
        return [self.sentence]


def failure(frame: dict[str, Any], model: str | None = None) -> GPTError:
    """Make the error of a `failed` frame; `model` is the one that was asked."""
    from .sentences import sentence_of

    return GPTError(sentence_of(frame, model), code=str(frame.get("code") or ""))
