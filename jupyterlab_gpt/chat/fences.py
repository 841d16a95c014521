"""An answer's Markdown taken apart into prose and code, as the panel does when it inserts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .unmasked import without_code

_OPENING = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*(.*)")
_UNCERTAIN = re.compile(r"(?m)^[ \t>*+\d.)-]+(?:```|~~~)|\$|\\[\[(]|\\begin")
_LINES = re.compile(r"\r\n|\r|\n")
# The names that answers give a language, where they differ from a kernel's.
_ALIASES = {
    **dict.fromkeys(("py", "python3", "py3", "ipython", "ipython3"), "python"),
    **dict.fromkeys(("sh", "shell", "zsh", "console", "terminal"), "bash"),
    **{"jl": "julia", "rscript": "r", "js": "javascript", "rs": "rust", "rb": "ruby"},
    **{"cpp": "c++", "cxx": "c++", "ts": "typescript", "md": "markdown"},
}
# Fences that show what a program printed: never code to run.
PLAIN = frozenset(("", "text", "txt", "plain", "plaintext", "output", "none"))


@dataclass(frozen=True)
class Piece:
    """Some lines of an answer: prose (`language` is None), or what one fence holds.

    `raw` is the text as it stands, the fence's own lines included; a fence that the end of
    a cut answer left open is closed there.
    """

    raw: str
    language: str | None = None
    code: str = ""


def split(text: str) -> Iterator[Piece]:
    """Take Markdown apart; together the `raw` texts are the whole, joined by newlines.

    Only a fence at the margin is code of its own: one inside a list or a quote belongs to it,
    and taken out would leave a list of two halves, the second of which counts from 1 again.
    """
    prose: list[str] = []
    raw: list[str] = []
    mark = indent = info = ""
    for line in _LINES.split(text):
        if not mark:
            opening = _OPENING.fullmatch(line)
            # A backtick in the info string makes the line inline code.
            if opening is None or (opening[2][0] == "`" and "`" in opening[3]):
                prose.append(line)
                continue
            indent, mark, info = opening.groups()
            raw = [line]
            continue
        raw.append(line)
        if _closes(line, mark, indent):
            yield from _fence(prose, raw, indent, info)
            prose, mark = (prose if indent else []), ""
    if mark:
        if not raw[-1]:
            raw.pop()  # the text ended with its last line
        yield from _fence(prose, [*raw, indent + mark], indent, info)
        prose = prose if indent else []
    if prose:
        yield Piece("\n".join(prose))


def _closes(line: str, mark: str, indent: str) -> bool:
    text = line.strip()
    if len(text) < len(mark) or text != mark[0] * len(text):
        return False
    # At the margin, four spaces make it a line of the code (CommonMark).
    return bool(indent) or not re.match(r" {4}| *\t", line)


def _fence(prose: list[str], raw: list[str], indent: str, info: str) -> Iterator[Piece]:
    if indent:
        prose += raw
        return
    if prose:
        yield Piece("\n".join(prose))
    yield Piece("\n".join(raw), language_of(info), "\n".join(raw[1:-1]))


def language_of(info: str) -> str:
    """Name the language of a fence's info string as its kernel would."""
    words = [word for word in re.sub("[{}]", " ", info).split() if word != "code-cell"]
    name = re.split("[:=,]", words[0].removeprefix("."))[0].lower() if words else ""
    return _ALIASES.get(name, name)


def closed(text: str) -> str:
    """Close the fence that the end of a cut answer left open."""
    return "\n".join(piece.raw for piece in split(text))


def are_certain(text: str) -> bool:
    """Whether every reader sees the same fences in a text as `split` does.

    In lists, quotes and formulas readers differ: what is a fence for one is prose for another.
    """
    return not _UNCERTAIN.search(without_code(text))
