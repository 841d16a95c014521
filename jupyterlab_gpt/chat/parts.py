"""The parts of a question as text for a model: deterministic, the same bytes each time."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from .frames import Part

Blobs = Mapping[str, bytes]

# CSI and OSC sequences, and two-character escapes: what IPython's tracebacks are full of.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_FENCE = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)
_LANGUAGE = re.compile(r"[^\w+#.-]")
# The first line of a prompt, shortened to what a row of the list shows.
MAX_TITLE = 80


def render(parts: list[Part], blobs: Blobs) -> str | list[dict[str, Any]]:
    """Render the content of one question.

    The context comes first and the prompt last, in the order that the client gave
    within each, so that the question is what the model reads last.

    Returns
    -------
    str or list of dict
        A list of content items only where an image is among the parts.
    """
    images = [part for part in parts if part["type"] == "image"]
    context = [part for part in parts if part["type"] not in ("text", "image", "thinking")]
    prompt = [part for part in parts if part["type"] == "text"]
    texts = [text for part in (*context, *prompt) if (text := render_part(part, blobs))]
    text = "\n\n".join(texts)
    if not images:
        return text
    items = [_image(part, blobs) for part in images]
    return [*items, {"type": "text", "text": text}] if text else items


def render_part(part: Part, blobs: Blobs) -> str:
    """Render one part as Markdown."""
    kind = part["type"]
    if kind == "text":
        return _content(part, "text", blobs).strip("\n")
    if kind == "cell":
        return f"{_cell_name(part)}:\n" + fence(
            _content(part, "source", blobs), part.get("language") or ""
        )
    if kind == "output":
        return "Its output:\n" + fence(strip_ansi(_content(part, "text", blobs)))
    if kind == "error":
        return _error(part, blobs)
    if kind == "notebook":
        return _notebook(part, blobs)
    if kind == "file":
        return f"File `{part['path']}`:\n" + fence(_content(part, "text", blobs))
    if kind == "variable":
        of_type = f" ({part['var_type']})" if part.get("var_type") else ""
        return f"Variable `{part['name']}`{of_type}:\n" + fence(_content(part, "summary", blobs))
    return ""


def fence(text: str, language: str = "") -> str:
    """Put text in a fence that is longer than any fence inside it."""
    longest = max((len(found) for found in _FENCE.findall(text)), default=0)
    ticks = "`" * max(3, longest + 1)
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{ticks}{_LANGUAGE.sub('', language)}\n{text}{end}{ticks}"


def strip_ansi(text: str) -> str:
    """Take the colours of a terminal out of a text."""
    return _ANSI.sub("", text)


def has_content(parts: list[Part]) -> bool:
    """Whether a question says anything."""
    return any(
        part["type"] != "text" or part.get("blob") or (part.get("text") or "").strip()
        for part in parts
        if part["type"] != "thinking"
    )


def title_of(parts: list[Part], blobs: Blobs) -> str:
    """Name the conversation that begins with these parts: by the prompt's first line."""
    for part in parts:
        if part["type"] == "text":
            for line in _content(part, "text", blobs)[:10_000].splitlines():
                if line.strip():
                    title = " ".join(line.split())
                    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"
    labels = (part.get("label") or part.get("path") or part.get("name") for part in parts)
    return next((label for label in labels if label), "")


def _content(part: Part, field: str, blobs: Blobs) -> str:
    if part.get("blob"):
        return blobs[part["blob"]].decode("utf-8", "replace")
    return part.get(field) or ""


def _cell_name(part: Part) -> str:
    name = f"Cell {part['label']}" if part.get("label") else "Cell"
    if part.get("path"):
        name += f" of `{part['path']}`"
    if part.get("from_line") and part.get("to_line"):
        name += f", lines {part['from_line']} to {part['to_line']}"
    return name


def _error(part: Part, blobs: Blobs) -> str:
    traceback = strip_ansi(_content(part, "traceback", blobs))
    if traceback.strip():
        return f"It failed with {part['ename']}:\n" + fence(traceback)
    return "It failed with:\n" + fence(strip_ansi(f"{part['ename']}: {part['evalue']}"))


def _notebook(part: Part, blobs: Blobs) -> str:
    if part.get("blob"):
        try:
            cells = json.loads(blobs[part["blob"]])
            rendered = [_notebook_cell(cell["kind"], cell["source"]) for cell in cells]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise InvalidRequest("The blob of the notebook is not a list of cells.") from None
    else:
        rendered = [_notebook_cell(c["kind"], c["source"]) for c in part.get("cells") or []]
    return "\n\n".join([f"Notebook `{part['path']}`:", *rendered])


def _notebook_cell(kind: str, source: str) -> str:
    return fence(source, {"code": "", "markdown": "markdown"}.get(kind, "text"))


def _image(part: Part, blobs: Blobs) -> dict[str, Any]:
    data = base64.b64encode(blobs[part["blob"]]).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:{part['mime']};base64,{data}"}}
