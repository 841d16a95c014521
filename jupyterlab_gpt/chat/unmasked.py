"""Where JupyterLab looks for formulas: everywhere, but in what it takes for code.

It does so before it parses the Markdown, with two expressions of its own (`removeMath` in
@jupyterlab/rendermime), which are followed here to the letter, in time that grows with the text.
"""

from __future__ import annotations

import re

_OPENING = re.compile(r"(`{3,}|~{3,})[^`]*")
_SPAN = re.compile(r"(^|[^\\])(`+)([^\n]*?[^`\n])\2(?!`)")
# Of a longer line no code is looked for, which takes the square of its length; lines of prose in
# answers have a few hundred characters.
_LONGEST_LINE = 2000
_OTHER_ENDS = re.compile("[\r\u2028\u2029]")


def without_code(markdown: str) -> str:
    """Hide the dollars of code as JupyterLab does; the length stays."""
    if "`" not in markdown and "~~~" not in markdown:
        return markdown
    if _OTHER_ENDS.search(markdown):
        return markdown  # ends of lines for some readers only: hide nothing
    lines = markdown.split("\n")
    _hide_fences(lines)
    return "\n".join(
        line if len(line) > _LONGEST_LINE else _SPAN.sub(_hidden, line) for line in lines
    )


def _hide_fences(lines: list[str]) -> None:
    unclosed: set[str] = set()
    at = 0
    while at < len(lines):
        opening = _OPENING.fullmatch(lines[at])
        at += 1
        if opening is None or opening[1] in unclosed:
            continue
        mark = opening[1]
        end = next((i for i in range(at, len(lines)) if _ends(lines[i], mark)), None)
        if end is None and mark[0] == "~":
            return  # JupyterLab would now look for a shorter one
        if end is None:
            unclosed.add(mark)
            continue
        for i in range(at - 1, end + 1):
            lines[i] = lines[i].replace("$", "\0")
        at = end + 1


def _ends(line: str, mark: str) -> bool:
    return line.startswith(mark) and not line[len(mark) :].strip("`")


def _hidden(found: re.Match[str]) -> str:
    return found[0].replace("$", "\0")
