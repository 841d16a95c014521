"""A conversation as Markdown and as a notebook: the branch that is shown, question by question.

The whole tree, with what its parts name, is `archive`.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..errors import NotFound
from . import fences
from .celltext import for_cell
from .parts import Blobs, in_order, render_part

Dict = dict[str, Any]

# Languages of fences that are no notebook's.
_NO_KERNELS = frozenset(
    (
        *("markdown", "json", "yaml", "toml", "html", "css", "xml", "diff", "mermaid", "csv"),
        *("ini", "http", "bash", "sql", "dockerfile", "makefile", "latex", "tex"),
    )
)
# Image types that a Markdown cell shows from an attachment.
_SHOWN = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
_MARKUP = re.compile(r"([\\`*_\[\]<>#|$~!])")
_ENDINGS = {
    "incomplete": "This answer is incomplete.",
    "cancelled": "This answer was stopped.",
    "failed": "There was no answer.",
    "streaming": "This answer was still being written.",
}


def shown_branch(conversation: Dict, leaf: str | None = None) -> list[Dict]:
    """The messages from the root to a leaf: the one given, the stored one, or the last.

    Raises
    ------
    NotFound
        unknown_message: no such message in this conversation.
    """
    messages: list[Dict] = conversation["messages"]
    by_id = {message["id"]: message for message in messages}
    if leaf is not None and leaf not in by_id:
        raise NotFound("No such message", code="unknown_message")
    at = leaf or conversation.get("leaf") or (messages[-1]["id"] if messages else None)
    found: list[Dict] = []
    while at in by_id:
        found.append(by_id.pop(at))
        at = found[-1]["parent_id"]
    return found[::-1]


def to_markdown(conversation: Dict, branch: list[Dict], blobs: Blobs) -> str:
    """Write a branch as Markdown: questions as quotes, answers as they are."""
    blocks = [_heading(conversation)]
    if conversation.get("notebook"):
        blocks.append(f"About the notebook {_code(conversation['notebook'])}.")
    for message in branch:
        if message["role"] == "user":
            blocks.append(_quote(_asked(message, blobs)))
        else:
            text = fences.closed(answer_text(message)).strip("\n")
            blocks += [block for block in (text, f"*{_footer(message)}*") if block]
    return "\n\n".join(blocks) + "\n"


def to_notebook(conversation: Dict, branch: list[Dict], blobs: Blobs) -> str:
    """Write a branch as a notebook (nbformat 4.5), as JSON.

    Prose becomes Markdown cells, a question is a quote. A notebook has one kernel, so only code
    in the language that most of the code is in becomes code cells: a cell of another language
    would fail when it is run, and as a fence in the prose it keeps its colours. What a list or a
    quote holds stays there, for it reads as a part of it.
    """
    language = _main_language(branch)
    cells: list[Dict] = []
    for message in branch:
        about = _about(message)
        sources = _cells_of(message, language, blobs)
        for number, (kind, source, attachments) in enumerate(sources):
            cell: Dict = {
                "cell_type": kind,
                # An id has at most 64 characters; a UUID has 36.
                "id": f"{message['id']}-{number}",
                "metadata": {"jupyterlab_gpt": about if number == 0 else {"id": message["id"]}},
                "source": source.splitlines(keepends=True),
            }
            if kind == "code":
                cell |= {"execution_count": None, "outputs": []}
            elif attachments:
                cell["attachments"] = attachments
            cells.append(cell)
    title = {
        "cell_type": "markdown",
        "id": conversation["id"],
        "metadata": {},
        "source": [for_cell(_heading(conversation))],
    }
    metadata: Dict = {"language_info": {"name": language}, "jupyterlab_gpt": _all(conversation)}
    if branch:
        metadata["jupyterlab_gpt"]["leaf"] = branch[-1]["id"]
    if language == "python":
        metadata["kernelspec"] = {
            **{"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        }
    notebook = {"cells": [title, *cells], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def answer_text(message: Dict) -> str:
    """Read the prose of an answer: not its thinking."""
    texts = (part.get("text") or "" for part in message["parts"] if part["type"] == "text")
    return "\n\n".join(text for text in texts if text)


def _heading(conversation: Dict) -> str:
    title = _MARKUP.sub(r"\\\1", conversation["title"]).strip()
    return f"# {title or 'Conversation'}"


def _asked(message: Dict, blobs: Blobs) -> str:
    sections = ["**You**"]
    for _, part in in_order(message["parts"]):
        sections.append(_part(part, blobs))
    return fences.closed("\n\n".join(section for section in sections if section.strip()))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _part(part: Dict, blobs: Blobs) -> str:
    if part["type"] == "notebook":
        return f"Notebook {_code(part['path'])}"
    if part["type"] == "image":
        return f"Image ({part['mime']}, {len(blobs.get(part['blob'], b'')):,} bytes)"
    if part.get("blob") and part["blob"] not in blobs:
        return f"({part['type']}: its content is no longer there)"
    return render_part(part, blobs)


def _cells_of(
    message: Dict, language: str, blobs: Blobs
) -> Iterator[tuple[str, str, dict[str, Dict]]]:
    """Tell kind, source and attachments of each cell of a message."""
    if message["role"] == "user":
        yield "markdown", *_question_cell(message, blobs)
        return
    prose: list[str] = []
    for piece in fences.split(answer_text(message)):
        if piece.language == language and piece.code.strip():
            if before := "\n".join(prose).strip("\n"):
                yield "markdown", for_cell(before), {}
            prose = []
            yield "code", piece.code.strip("\n"), {}
        else:
            prose.append(piece.raw)
    if message["status"] in _ENDINGS or message.get("finish_reason") == "length":
        prose += ["", f"*{_footer(message)}*"]
    if rest := "\n".join(prose).strip("\n"):
        yield "markdown", for_cell(rest), {}


def _question_cell(message: Dict, blobs: Blobs) -> tuple[str, dict[str, Dict]]:
    lines = [_quote(for_cell(_asked(message, blobs)))]
    attachments: dict[str, Dict] = {}
    for part in message["parts"]:
        if part["type"] == "image" and part["mime"] in _SHOWN and part["blob"] in blobs:
            name = f"{part['blob'][:16]}.{part['mime'].partition('/')[2]}"
            data = base64.b64encode(blobs[part["blob"]]).decode("ascii")
            attachments[name] = {part["mime"]: data}
            lines += [">", f"> ![image](attachment:{name})"]
    return "\n".join(lines), attachments


def _main_language(branch: list[Dict]) -> str:
    """Name the language that most fences have; Python where there is none."""
    counted: Counter[str] = Counter()
    for message in branch:
        if message["role"] == "assistant":
            languages = (piece.language for piece in fences.split(answer_text(message)))
            counted.update(
                name for name in languages if name and name not in fences.PLAIN | _NO_KERNELS
            )
    return max(counted, key=lambda name: (counted[name], name == "python"), default="python")


def _footer(message: Dict) -> str:
    """Say what an answer was and cost, in one line."""
    words = ["GPT", message.get("model") or ""]
    usage, cost = message.get("usage") or {}, message.get("cost") or {}
    for name in ("input", "output"):
        if usage.get(name) is not None:
            words.append(f"{usage[name]:,} tokens {name}")
    if cost.get("usd") is not None:
        # Never in dollars and a sign: two of them would be a formula.
        words.append(f"{Decimal(cost['usd']).normalize():f} USD")
    line = " · ".join(word for word in words if word)
    if message.get("finish_reason") == "length":
        line += ". It ended at the limit of its length."
    if message["status"] in _ENDINGS:
        line += f". {_ENDINGS[message['status']]}"
    error = message.get("error")
    return line + (f" {error['code']}: {_MARKUP.sub(' ', error['message'])}" if error else "")


def _about(message: Dict) -> Dict:
    names = ("id", "role", "created", "status", "provider", "model", "finish_reason")
    more = ("usage", "cost", "seconds")
    return {name: message[name] for name in (*names, *more) if message.get(name) is not None}


def _all(conversation: Dict) -> Dict:
    names = ("id", "title", "notebook", "created", "updated", "cost")
    return {name: conversation[name] for name in names if conversation.get(name) is not None}


def _code(name: str) -> str:
    return "`" + re.sub(r"[`\x00-\x1f]", " ", name) + "`"
