"""What fits a model's context: prompt and reply share it, and who sends more is refused."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

# Counts of another vendor's tokens are off by some percent, and no chat template is known.
_MARGIN = 1.1
# Shares of what the reply leaves that history may take, tried in turn. Fixed steps: a limit that
# followed the question's length would cut elsewhere at each question, and lose the cached prefix.
_SHARES = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 8), Fraction(0))
# The least room for a reply where nobody set a limit, as a part of the context: an eighth of
# 8,192 tokens holds 100 lines of code.
_LEAST_REPLY = 8


def reply_limit(usual: int, context: int | None, prompt: int) -> int:
    """Choose the reply limit where the user set none.

    Parameters
    ----------
    usual
        The limit for a model with room enough.
    context
        Tokens that the model reads and writes; None: unknown.
    prompt
        Counted tokens of the prompt.

    Returns
    -------
    int
        At most half the context, less where the prompt leaves less, never below an eighth.
    """
    if context is None:
        return usual
    left = context - _with_margin(prompt)
    return max(1, min(usual, context // 2, max(left, context // _LEAST_REPLY)))


def fits(context: int | None, prompt: int, reply: int) -> bool:
    """Whether prompt and reply fit, as far as is known."""
    return context is None or _with_margin(prompt) + reply <= context


def history_limits(usual: int | None, context: int | None, reply: int) -> Iterator[int | None]:
    """Yield the limits of history to try, in tokens, until the prompt fits.

    Parameters
    ----------
    usual
        The limit that holds for each model; None: no limit.
    context
        Tokens of the model; None: unknown, and nothing is tried after the first.
    reply
        The reply limit.
    """
    yield usual
    if context is None:
        return
    room = max(0, context - reply)
    for share in _SHARES:
        limit = int(room * share)
        if usual is None or limit < usual:
            yield limit


def _with_margin(prompt: int) -> int:
    return int(prompt * _MARGIN)
