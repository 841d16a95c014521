"""Questions end with a question mark, and IPython takes a line's last one as a call for help.

`%gpt what is a DataFrame?` would show the help of `DataFrame` and ask nothing. So such a
line is turned into the call that IPython would make of it, before IPython looks for help;
`%gpt?` alone still shows ours.
"""

from __future__ import annotations

import re

_ASKS = re.compile(r"(\s*)%gpt[ \t]+(\S.*\?\s*)$")


def keep_question_mark(lines: list[str]) -> list[str]:
    """Rewrite the lines of a cell that ask with `%gpt` and end in a question mark.

    Parameters
    ----------
    lines
        Of the cell, with their ends: this is one of IPython's `input_transformers_cleanup`.
    """
    if not any(_ASKS.match(line) for line in lines) or lines[0].startswith("%%"):
        return lines
    begins = _statements(lines)
    return [_as_call(line) if number in begins else line for number, line in enumerate(lines, 1)]


def _as_call(line: str) -> str:
    found = _ASKS.match(line)
    if found is None:
        return line
    return f"{found[1]}get_ipython().run_line_magic('gpt', {found[2].rstrip()!r})\n"


def _statements(lines: list[str]) -> set[int]:
    """Numbers of the lines that begin with `%`: those within a string do not."""
    from IPython.core.inputtransformer2 import make_tokens_by_line

    begins = set()
    for tokens in make_tokens_by_line(lines):
        # The line's indentation is tokens too, of no width.
        first = next((token for token in tokens if token.string.strip()), None)
        if first is not None and first.string == "%":
            begins.add(first.start[0])
    return begins
