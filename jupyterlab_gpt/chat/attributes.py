r"""No formula of a Markdown cell ends an attribute of a link.

JupyterLab takes formulas out of a cell before it parses it, and puts them back into the HTML with
their quotes unescaped: `[x](http://a/$" style="background: url(...)$)` fetches when the cell is
shown. The formulas are those that JupyterLab sees, which need not be those of the panel: it pairs
dollars across code that it does not take for code, and over braces. So no quote that could come to
stand in such a formula keeps its form where something near it could be a link.
"""

from __future__ import annotations

import re

from .unmasked import without_code

# No formula passes a blank line.
_BLANK = re.compile(r"(\n\s*\n)")
_LINK = re.compile(r"\]\(|\]:|://|www\.", re.I)
_DELIMITER = re.compile(r"\$|\\(?:begin|end)\{|\\\\[()\[\]]", re.I)


def disarm(markdown: str) -> str:
    """Make the quotes typographic that JupyterLab could put into an attribute."""
    if '"' not in markdown or not _LINK.search(markdown):
        return markdown
    at = 0
    out: list[str] = []
    hidden = without_code(markdown)
    for seen in _BLANK.split(hidden):
        piece = markdown[at : at + len(seen)]
        at += len(seen)
        out.append(piece.replace('"', "”") if _is_risky(piece, seen) else piece)
    return "".join(out)


def _is_risky(piece: str, seen: str) -> bool:
    if '"' not in piece or not _LINK.search(piece):
        return False
    delimiters = [found.start() for found in _DELIMITER.finditer(seen)]
    return len(delimiters) > 1 and '"' in piece[delimiters[0] : delimiters[-1]]
