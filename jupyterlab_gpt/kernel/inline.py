"""Inline Markdown as HTML that can neither load, run nor link anywhere unseen.

Safe by how it is made, not by what is taken out: every character of the answer goes through
`escape`, the tags are ours, and a link's address is http, https or mailto. JupyterLab
typesets TeX in an output's text, so a `$` or a backslash that is not part of a formula that
we let through stands in an element of its own, which ends a formula for MathJax.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

# Characters of a code span, a link's text and the like: real ones are far shorter, and
# without a bound a page of lone brackets would be searched to its end for each of them.
_SPAN = 1000
# Emphasis within emphasis; a reader sees no difference after two.
_DEPTH = 6

# As in src/markdown/math.ts: commands that make a link, a style or an id, or that define
# something for the formulas after. A formula with one of them stays as it was written.
_FORBIDDEN = re.compile(
    r"\\(?:href|url|style|class|cssId|data|require|texttip|mathtip|toggle|action|mmlToken|"
    r"includegraphics|csname|[egx]?def|let|futurelet|newcommand|renewcommand|providecommand|"
    r"newenvironment|renewenvironment|DeclareMathOperator|DeclarePairedDelimiters?\w*|"
    r"Newextarrow|label|ref|eqref|begingroup|endgroup|unicode|verb|bbox|fcolorbox|colorbox|"
    r"color|pagecolor|definecolor)(?![A-Za-z])"
)
# Pandoc's rule for `$…$`: no blank inside next to the signs, no digit after.
_FORMULA = (
    rf"\$\$[^$]{{1,{_SPAN}}}\$\$"
    rf"|(?<![\w$])\$(?![\s$])[^$\n`]{{0,{_SPAN}}}?(?<![\s\\])\$(?![\d$])"
    rf"|\\\([^\n]{{1,{_SPAN}}}?\\\)"
    rf"|\\\[[\s\S]{{1,{_SPAN}}}?\\\]"
)
# `$5 and 10 per call$` is an amount and prose.
_MONEY = re.compile(r"\$\d(?=.*(?:^|[^\\A-Za-z])[A-Za-z]{2,})[^\\^_={}<>]*$")

_TOKEN = re.compile(
    rf"(?P<math>{_FORMULA})"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    rf"|(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<inner>[\s\S]{{0,{_SPAN}}}?[^`])(?P=ticks)(?!`))"
    rf"|!?\[(?P<label>[^\[\]\n]{{0,{_SPAN}}})\]\((?P<target>[^\s()<>]{{1,2000}})"
    r"(?:[ \t]+\"[^\"\n]{0,200}\")?\)"
    r"|<(?P<auto>https?://[^\s<>]{1,2000})>"
    r"|(?<![\w/])(?P<bare>https?://[^\s<>()\[\]\"'`]{1,2000}[^\s<>()\[\]\"'`.,;:!?*_])"
    r"|(?P<br><br ?/?>|(?:  |\\)\n)"
    rf"|(?P<strong>(?:\*\*|(?<!\w)__)(?=\S)(?P<bold>[^\n]{{1,{_SPAN}}}?)(?<=\S)(?:\*\*|__(?!\w)))"
    rf"|(?P<em>\*(?=[^\s*])(?P<star>[^*\n]{{1,{_SPAN}}})(?<=\S)\*"
    rf"|(?<!\w)_(?=[^\s_])(?P<bar>[^_\n]{{1,{_SPAN}}})(?<=\S)_(?!\w))"
    rf"|~~(?=\S)(?P<gone>[^~\n]{{1,{_SPAN}}})~~"
    rf"|<(?P<tag>su[bp])>(?P<raised>[^<>\n]{{1,200}})</(?P=tag)>"
)
_SCHEME = re.compile(r"(?:https?://|mailto:)[^\s\"'<>]+$", re.IGNORECASE)


def escape(text: str) -> str:
    """Text as text: no tag, no entity, no attribute's end, and no formula."""
    plain = html.escape(text, quote=True)
    return plain.replace("$", "<span>$</span>").replace("\\", "<span>\\</span>")


def inline(text: str, depth: int = 0) -> str:
    """Render a paragraph's text."""
    out: list[str] = []
    at = 0
    for found in _TOKEN.finditer(text):
        out.append(escape(text[at : found.start()]))
        out.append(_token(found, depth))
        at = found.end()
    out.append(escape(text[at:]))
    return "".join(out)


def _token(found: re.Match[str], depth: int) -> str:
    def within(body: str) -> str:
        return inline(body, depth + 1) if depth < _DEPTH else escape(body)

    return _RENDER[found.lastgroup or ""](found, within) if found.lastgroup else escape(found[0])


_Within = Callable[[str], str]


def _math(found: re.Match[str], _: _Within) -> str:
    source = found["math"]
    if _FORBIDDEN.search(source) or (source[:2] != "$$" and _MONEY.match(source[:-1])):
        return escape(source)
    return f"<span>{html.escape(source)}</span>"


def _link(text: str, target: str) -> str:
    if not _SCHEME.match(target):
        return escape(text)
    where = html.escape(target, quote=True)
    return f'<a href="{where}" title="{where}" target="_blank" rel="noopener noreferrer">{text}</a>'


def _named(found: re.Match[str], within: _Within) -> str:
    # An image is a link to it: it would be fetched without a click.
    label, target = found["label"], found["target"]
    if not _SCHEME.match(target):
        return escape(found[0])
    return _link(within(label) if label.strip() else escape(target), target)


def _code(found: re.Match[str], _: _Within) -> str:
    return f"<code>{html.escape(found['inner'].strip())}</code>"


def _around(tag: str, *groups: str) -> Callable[[re.Match[str], _Within], str]:
    def render(found: re.Match[str], within: _Within) -> str:
        body = next(found[name] for name in groups if found[name] is not None)
        return f"<{tag}>{within(body)}</{tag}>"

    return render


def _raised(found: re.Match[str], _: _Within) -> str:
    return f"<{found['tag']}>{escape(found['raised'])}</{found['tag']}>"


# By the last group that matched, which is the outermost that closed last.
_RENDER: dict[str, Callable[[re.Match[str], _Within], str]] = {
    "math": _math,
    "escaped": lambda found, _: escape(found["escaped"]),
    "code": _code,
    "target": _named,
    "auto": lambda found, _: _link(escape(found["auto"]), found["auto"]),
    "bare": lambda found, _: _link(escape(found["bare"]), found["bare"]),
    "br": lambda _found, _: "<br>",
    "strong": _around("strong", "bold"),
    "em": _around("em", "star", "bar"),
    "gone": _around("del", "gone"),
    "raised": _raised,
}
