"""The parts of a question as text for a model: deterministic, the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping

from .frames import Part
from .markdown import fence, quoted
from .outputs import output_text, strip_ansi, traceback_text

Blobs = Mapping[str, bytes]

# Characters of a notebook's path beside each of its cells: about 12 tokens, of which a cell may
# add 30 beside its own.
MAX_PATH = 40
# The first line of a prompt, shortened to what a row of the list shows.
MAX_TITLE = 80


def in_order(parts: list[Part]) -> list[tuple[int, Part]]:
    """Put the parts of a question into the order in which they are sent, with their indices.

    Images first, then notebooks, so that cells can be named by their numbers, then the other
    context, and the prompt last, so that the question is what the model reads last; in the
    order that the client gave within each.
    """
    order = {"image": 0, "notebook": 1, "text": 3}
    numbered = [(i, part) for i, part in enumerate(parts) if part["type"] != "thinking"]
    return sorted(numbered, key=lambda each: order.get(each[1]["type"], 2))


def render_part(part: Part, blobs: Blobs) -> str:
    """Render one part as Markdown; a notebook and an image are more than their part."""
    kind = part["type"]
    if kind == "text":
        return _content(part, "text", blobs).strip("\n")
    if kind == "cell":
        return f"{_cell_name(part)}:\n" + fence(source_of(part, blobs), part.get("language") or "")
    if kind == "output":
        return "Its output:\n" + fence(output_text(_content(part, "text", blobs)))
    if kind == "error":
        return _error(part, blobs)
    if kind == "file":
        return f"File {quoted(part['path'])}:\n" + fence(_content(part, "text", blobs))
    if kind == "variable":
        of_type = f" ({part['var_type']})" if part.get("var_type") else ""
        return f"Variable `{part['name']}`{of_type}:\n" + fence(_content(part, "summary", blobs))
    return ""


def refer_to(part: Part, number: int) -> str:
    """Name a cell whose source the model has read already, as part of its notebook."""
    return f"{_cell_name(part)} is #{number}."


def source_of(part: Part, blobs: Blobs) -> str:
    """Read the source of a `cell` part."""
    return _content(part, "source", blobs)


def label_of(part: Part, parts: list[Part]) -> str:
    """Name a part in a few English words.

    Parameters
    ----------
    parts
        All parts of its question: an output is named by its cell.
    """
    kind = part["type"]
    if kind in ("output", "error"):
        cell = _label_of_cell(part["cell_id"], parts)
        return f"{kind} of {cell}" if cell else str(kind)
    if kind in ("notebook", "file"):
        name = part["path"].rpartition("/")[2]
        return f"notebook {name}" if kind == "notebook" else str(name)
    if kind == "variable":
        return f"variable {part['name']}"
    if kind == "cell":
        return str(part.get("label") or "cell")
    return "You" if kind == "text" else str(kind)


def _label_of_cell(cell_id: str, parts: list[Part]) -> str:
    cells = (p for p in parts if p["type"] == "cell" and p["cell_id"] == cell_id)
    return next((cell["label"] for cell in cells if cell.get("label")), "")


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
        name += f" of {quoted(_short_path(part['path']))}"
    if part.get("from_line") and part.get("to_line"):
        name += f", lines {part['from_line']} to {part['to_line']}"
    return name


def _short_path(path: str) -> str:
    """Name a notebook so that a cell's frame stays under 30 tokens, whatever folder it lies in."""
    if len(path) <= MAX_PATH:
        return path
    name = str(path.rpartition("/")[2])
    return name if len(name) <= MAX_PATH else f"…{name[1 - MAX_PATH :]}"


def _error(part: Part, blobs: Blobs) -> str:
    traceback = traceback_text(_content(part, "traceback", blobs))
    if traceback.strip():
        return f"It failed with {part['ename']}:\n" + fence(traceback)
    return "It failed with:\n" + fence(strip_ansi(f"{part['ename']}: {part['evalue']}"))
