"""An answer's Markdown as HTML for a cell's output; see `inline` for why it is safe.

JupyterLab's own renderer fetches images and runs Mermaid as soon as it sees them, and an
output of a cell that was just run is not sanitized: so what is shown is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .highlight import highlight
from .inline import escape, inline

# Lists within quotes within lists: deeper ones are shown as they were written.
_DEPTH = 8

_FENCE = re.compile(r"( *)(`{3,}|~{3,})[ \t]*([^`\n]*)$")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"( *)([-*+]|(\d{1,9})[.)])( +|$)")
_DELIMITERS = re.compile(r" *\|?( *:?-+:? *\|)*( *:?-+:? *)\|? *$")
_UNDER = re.compile(r" {0,3}(=+|-+) *$")


def to_html(text: str) -> str:
    """Render Markdown.

    Returns
    -------
    str
        HTML of our own tags only: nothing in it loads or runs, and links wait for a click.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join(_blocks(lines, 0))


def _blocks(lines: list[str], depth: int) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif fence := _FENCE.match(line):
            at, block = _code(lines, at, fence)
            yield block
        elif heading := _HEADING.match(line):
            level = len(heading[1])
            yield f"<h{level}>{inline(heading[2])}</h{level}>"
            at += 1
        elif _RULE.match(line):
            yield "<hr>"
            at += 1
        elif depth < _DEPTH and _QUOTE.match(line):
            end = _while(lines, at, lambda text: bool(_QUOTE.match(text)))
            inner = [_QUOTE.sub("", text, count=1) for text in lines[at:end]]
            yield "<blockquote>\n" + "\n".join(_blocks(inner, depth + 1)) + "\n</blockquote>"
            at = end
        elif depth < _DEPTH and _ITEM.match(line):
            at, block = _list(lines, at, depth)
            yield block
        elif _is_table(lines, at):
            at, block = _table(lines, at)
            yield block
        elif line.startswith("    "):
            end = _while(lines, at, lambda text: text.startswith("    ") or not text.strip())
            yield _pre("\n".join(text[4:] for text in lines[at:end]).rstrip("\n"), "")
            at = end
        else:
            at, block = _paragraph(lines, at)
            yield block


def _while(lines: list[str], at: int, goes_on: object) -> int:
    end = at + 1
    while end < len(lines) and goes_on(lines[end]):  # type: ignore[operator]
        end += 1
    return end


def _code(lines: list[str], at: int, fence: re.Match[str]) -> tuple[int, str]:
    indent, marks = len(fence[1]), fence[2]
    body: list[str] = []
    at += 1
    while at < len(lines):
        end = _FENCE.match(lines[at])
        at += 1
        if end and not end[3].strip() and end[2].startswith(marks):
            break
        line = lines[at - 1]
        body.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
    words = fence[3].split()
    return at, _pre("\n".join(body), words[0] if words else "")


def _pre(code: str, language: str) -> str:
    return f"<pre><code>{highlight(code, language)}</code></pre>"


def _list(lines: list[str], at: int, depth: int) -> tuple[int, str]:
    """Render the items from here on that are of one kind and indentation."""
    first = _ITEM.match(lines[at])
    assert first is not None
    ordered, base = first[3] is not None, len(first[1])
    items: list[str] = []
    while at < len(lines):
        found = _ITEM.match(lines[at])
        if not found or (found[3] is not None) != ordered or len(found[1]) != base:
            break
        width = len(found[1]) + len(found[2]) + (len(found[4]) if len(found[4]) <= 4 else 1)
        body, at = _item(lines, at, width, base)
        items.append(f"<li>{_tight(body, depth)}</li>")
    tag = "ol" if ordered else "ul"
    start = f' start="{int(first[3])}"' if ordered and int(first[3]) != 1 else ""
    return at, f"<{tag}{start}>\n" + "\n".join(items) + f"\n</{tag}>"


def _item(lines: list[str], at: int, width: int, base: int) -> tuple[list[str], int]:
    body = [lines[at][width:]]
    at += 1
    while at < len(lines):
        line = lines[at]
        indent = len(line) - len(line.lstrip(" "))
        blank_before = not lines[at - 1].strip()
        if not line.strip():
            body.append("")
        elif indent > base:
            body.append(line[min(indent, width) :])
        elif blank_before or _ITEM.match(line) or _FENCE.match(line) or _HEADING.match(line):
            break
        else:
            body.append(line)
        at += 1
    return body, at


def _tight(body: list[str], depth: int) -> str:
    blocks = list(_blocks(body, depth + 1))
    if blocks and blocks[0].startswith("<p>"):
        blocks[0] = blocks[0].removeprefix("<p>").removesuffix("</p>")
    return "\n".join(blocks)


def _is_table(lines: list[str], at: int) -> bool:
    if "|" not in lines[at] or at + 1 >= len(lines):
        return False
    under = lines[at + 1]
    # The delimiters' line is short: a long one would be tried in too many ways.
    return "-" in under and len(under) < 1000 and bool(_DELIMITERS.match(under))


def _table(lines: list[str], at: int) -> tuple[int, str]:
    head, marks = _cells(lines[at]), _cells(lines[at + 1])
    sides = [_side(mark) for mark in marks] + [""] * len(head)
    end = _while(lines, at + 1, lambda text: "|" in text and bool(text.strip()))
    rows = [_row("th", head, sides)]
    rows += [_row("td", _cells(text)[: len(head)], sides) for text in lines[at + 2 : end]]
    body = "\n".join(rows[1:])
    return end, f"<table>\n<thead>{rows[0]}</thead>\n<tbody>{body}</tbody>\n</table>"


def _cells(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|"))
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _side(mark: str) -> str:
    if mark.endswith(":"):
        return "center" if mark.startswith(":") else "right"
    return "left" if mark.startswith(":") else ""


def _row(tag: str, cells: list[str], sides: list[str]) -> str:
    styled = [f' style="text-align:{side}"' if side else "" for side in sides]
    return (
        "<tr>"
        + "".join(
            f"<{tag}{style}>{inline(cell)}</{tag}>"
            for cell, style in zip(cells, styled, strict=False)
        )
        + "</tr>"
    )


def _paragraph(lines: list[str], at: int) -> tuple[int, str]:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _interrupts(lines, end):
        if under := _UNDER.match(lines[end]):
            level = 1 if under[1].startswith("=") else 2
            return end + 1, f"<h{level}>{inline(' '.join(lines[at:end]))}</h{level}>"
        end += 1
    text = "\n".join(line.lstrip(" ") for line in lines[at:end]).rstrip()
    return end, f"<p>{inline(text)}</p>"


def _interrupts(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _UNDER.match(line):
        return False
    item = _ITEM.match(line)
    return bool(
        _FENCE.match(line)
        or _HEADING.match(line)
        or _RULE.match(line)
        or _QUOTE.match(line)
        or (item and item[4] and item[3] in (None, "1"))
        or _is_table(lines, at)
    )


def plain(text: str) -> str:
    """Text with its line breaks, as HTML; what looks like a formula stays as it is written."""
    return escape(text).replace("\n", "<br>")
