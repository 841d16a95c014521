r"""Markdown as a notebook's Markdown cell needs it: the stock renderer shows what the panel showed.

The panel sets ``$x$``, ``$$x$$``, ``\(x\)`` and ``\[x\]``, and leaves amounts alone. JupyterLab
sets the first two only, and takes any two dollars in a cell for a formula: ``$5 to $10`` too,
also where a backslash stands before them, since its typesetter looks at the finished page. What
it does not look into is text on both sides of a tag, so a dollar that is one stands in a `span`,
which other readers of notebooks show as a dollar too.

A cell is rendered as soon as its notebook is opened. So no image, no HTML and no Mermaid of an
answer comes into it: tags become text, images links. Code stays as it was written, but only
where every reader sees that it is code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .attributes import disarm
from .fences import are_certain, language_of

# A fence's first or last line, in whatever list or quote.
_FENCE = re.compile(r"[ \t>*+\d.)-]*?(`{3,}|~{3,})(.*)")
# What matters in a line of prose, the first that matches wins: a span of code (of a length that
# real ones have), an escaped dollar, another escaped character, the start of a formula.
_INLINE = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`)[\s\S]{1,1000}?(?<!`)(?P=ticks)(?!`)"
    r"|(?P<dollar>\\\$)|\\[!-'*-/:-@\\\]-`{-~]|(?P<formula>\$\$?|\\[(\[])"
)
_BLANK = re.compile(r"\n\s*\n")
# As `math.ts` in the panel: the longest formula, the longest between single dollars, and what
# makes money of "5 and 10".
_LONGEST, _LONGEST_INLINE = 8192, 500
_TEX = re.compile(r"[\\^_={}<>]")
_WORDS = re.compile(r"(?:^|[^\\A-Za-z])[A-Za-z]{2,}")
# `<` that could begin a tag: links, and the tags that load nothing, stay.
_TAG = re.compile(r"<(?!https?://[^\s<>]*>|/?(?:br|sub|sup)\s*/?>)(?=[A-Za-z/!?])")
_IMAGE = re.compile(r"!+(?=\[)")
# The start of a fence's line, and what may follow: a language's name. JupyterLab's parser writes
# all of it into an attribute, unescaped, and runs Mermaid.
_OPENING = re.compile(r"(?m)^([ \t>*+\d.)-]*(?:`{3,}(?=[^`\n]*$)|~{3,}(?!~))[ \t]*)(\S.*)$")
_NAME = re.compile(r"[\w+#.-]*")
_DOLLAR = "<span>&#36;</span>"


def for_cell(text: str) -> str:
    """Write Markdown so that JupyterLab shows what the panel shows, and nothing in it acts."""
    cell = _Cell(are_certain(text))
    mark = ""
    prose: list[str] = []
    for line in text.split("\n"):
        fence = _FENCE.fullmatch(line)
        if mark:
            if fence and fence[1].startswith(mark) and not fence[2].strip():
                mark = ""
            cell.keep(line)
        elif fence and (fence[1][0] == "~" or "`" not in fence[2]):
            cell.read(prose)
            mark = fence[1]
            cell.keep(_OPENING.sub(_named, line))
        elif line.strip(" \t>"):
            prose.append(line)
        else:
            cell.read(prose)
            cell.keep(line)
    cell.read(prose)
    return disarm(cell.text)


@dataclass
class _Cell:
    """What was written so far: pieces, of which None is a dollar.

    Attributes
    ----------
    certain
        Whether every reader sees the same code in it.
    """

    certain: bool
    lines: list[list[str | None]] = field(default_factory=list)
    has_formulas: bool = False

    @property
    def text(self) -> str:
        """All of it; a dollar that has no other beside it can stay what it is."""
        alone = not self.has_formulas and sum(line.count(None) for line in self.lines) < 2
        dollar = "$" if alone else _DOLLAR
        return "\n".join(
            "".join(dollar if piece is None else piece for piece in line) for line in self.lines
        )

    def keep(self, line: str) -> None:
        """Take a line of code, or a blank one."""
        self.lines.append([line if self.certain else _spaced(line)])

    def read(self, prose: list[str]) -> None:
        """Take the lines of a paragraph, and forget them."""
        if prose:
            self.lines.append(self._pieces("\n".join(prose)))
            prose.clear()

    def _pieces(self, text: str) -> list[str | None]:
        pieces: list[str | None] = []
        at = 0
        while found := _INLINE.search(text, at):
            pieces.append(_as_text(text[at : found.start()]))
            at = found.end()
            if found["dollar"]:
                pieces.append(None)
                continue
            if not found["formula"]:
                pieces.append(self._code(found[0]) if found["ticks"] else found[0])
                continue
            raw = _formula_at(text, found.start())
            if raw is None:
                at = found.start() + 1
                pieces.append(None if text[found.start()] == "$" else "\\")
                continue
            at = found.start() + len(raw)
            pieces.append(_with_dollars(raw))
            self.has_formulas = True
        return [*pieces, _as_text(text[at:])]

    def _code(self, span: str) -> str:
        # A span over two lines, or over the cells of a table, may be none.
        return span if self.certain and not re.search(r"[\n|]", span) else _spaced(span)


def _as_text(prose: str) -> str:
    return _IMAGE.sub("", _TAG.sub("&lt;", prose))


def _spaced(code: str) -> str:
    """Part what could be a tag or an image, where an entity would be seen as such."""
    return _IMAGE.sub("! ", _TAG.sub("< ", _OPENING.sub(_named, code)))


def _named(opening: re.Match[str]) -> str:
    """Leave a fence the name of its language, which its reader highlights by, and no more."""
    info = opening[2].rstrip()
    if "mermaid" in info.lower():
        return f"{opening[1]}text"
    if not _NAME.fullmatch(info):
        name = _NAME.match(language_of(info))
        info = name[0] if name else ""
    return f"{opening[1]}{info}".rstrip()


def _with_dollars(raw: str) -> str:
    sign = {"\\(": "$", "\\[": "$$"}.get(raw[:2])
    return _spaced(raw if sign is None else f"{sign}{raw[2:-2].strip()}{sign}")


def _formula_at(text: str, at: int) -> str | None:
    """Find the formula that begins here, with its delimiters (`formulaAt` in `math.ts`)."""
    two = text[at : at + 2]
    if two in ("$$", "\\(", "\\["):
        closer = {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}[two]
        end = text.find(closer, at + 2, at + _LONGEST)
        body = text[at + 2 : end] if end >= 0 else ""
        blank = not body.strip() or _BLANK.search(body)
        return None if blank else text[at : end + 2]
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    if before.isalnum() or before in ("$", "\\") or not after.strip():
        return None
    end = at + 1
    while end < min(len(text), at + _LONGEST_INLINE) and text[end] not in "$`":
        end += 2 if text[end] == "\\" else 1
    body = text[at + 1 : end]
    if text[end : end + 1] != "$" or body[-1:].isspace() or re.match(r"[\d$]", text[end + 1 :]):
        return None
    return None if _is_money(body) else text[at : end + 1]


def _is_money(body: str) -> bool:
    """Tell `5 and 10`, `3.50 per call, `: an amount and prose, not a formula."""
    return bool(re.match(r"\d", body) and _WORDS.search(body) and not _TEX.search(body))
