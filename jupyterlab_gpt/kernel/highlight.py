"""Code in colours, by Pygments (which IPython brings) and JupyterLab's own theme."""

from __future__ import annotations

import html
from typing import Any

# What is longer is shown without colours: Pygments takes 20 ms for it.
_LONGEST = 20_000

# Pygments' kinds, the nearest first, as the variables that the editor of a cell has.
_COLOURS = {
    "Keyword": "keyword",
    "Operator.Word": "keyword",
    "Operator": "operator",
    "Name.Builtin": "builtin",
    "Name.Function": "def",
    "Name.Class": "def",
    "Name.Decorator": "meta",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Comment": "comment",
}


def highlight(code: str, language: str) -> str:
    """Escape code, with its words in colours where the language is known."""
    if not language or len(code) > _LONGEST:
        return html.escape(code)
    try:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        return html.escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return html.escape(code)
    return "".join(_coloured(kind, word) for kind, word in lexer.get_tokens(code))


def _coloured(kind: Any, word: str) -> str:
    name, text = str(kind).removeprefix("Token."), html.escape(word)
    for prefix, colour in _COLOURS.items():
        if name == prefix or name.startswith(f"{prefix}."):
            return f'<span style="color:var(--jp-mirror-editor-{colour}-color)">{text}</span>'
    return text
