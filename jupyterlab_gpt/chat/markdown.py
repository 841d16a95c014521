"""Foreign text in Markdown, so that nothing in it can end its place."""

from __future__ import annotations

import json
import re

_FENCE = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)
_LANGUAGE = re.compile(r"[^\w+#.-]")
# What would end a span of code, or its line.
_UNQUOTABLE = re.compile(r"[`\x00-\x1f\x7f\x85\u2028\u2029]")


def fence(text: str, language: str = "") -> str:
    """Put text in a fence that is longer than any fence inside it."""
    longest = max((len(found) for found in _FENCE.findall(text)), default=0)
    ticks = "`" * max(3, longest + 1)
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{ticks}{_LANGUAGE.sub('', language)}\n{text}{end}{ticks}"


def quoted(name: str) -> str:
    """Quote a path or a name as code."""
    return json.dumps(name) if _UNQUOTABLE.search(name) else f"`{name}`"
