"""The session as it is replayed: what the notebook is at each turn, and what is attached."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SESSION = Path(__file__).parent / "session"
PATH = "analysis.ipynb"


@dataclass(frozen=True)
class Turn:
    """One turn.

    Attributes
    ----------
    notebook
        The whole .ipynb as it is when the question is asked, outputs included.
    about
        The cell that is attached.
    """

    kind: str
    question: str
    answer: str
    notebook: dict[str, Any]
    about: dict[str, Any]

    def context(self) -> list[dict[str, Any]]:
        """The parts that go along besides the notebook: the cell, and what it says."""
        cell = self.about
        label = f"In [{cell['execution_count']}]"
        parts: list[dict[str, Any]] = [
            {
                "type": "cell",
                "cell_id": cell["id"],
                "path": PATH,
                "source": source_of(cell),
                "language": "python",
                "label": label,
            }
        ]
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                parts.append(
                    {
                        "type": "error",
                        "cell_id": cell["id"],
                        "ename": output["ename"],
                        "evalue": output["evalue"],
                        "traceback": "\n".join(output["traceback"]),
                    }
                )
            elif "text/plain" in output.get("data", {}):
                text = "".join(output["data"]["text/plain"])
                parts.append({"type": "output", "cell_id": cell["id"], "text": text})
        return parts

    def notebook_part(self) -> dict[str, Any]:
        """The whole-notebook chip: sources, no outputs."""
        cells = [
            {"id": cell["id"], "kind": cell["cell_type"], "source": source_of(cell)}
            for cell in self.notebook["cells"]
        ]
        return {"type": "notebook", "path": PATH, "cells": cells}


def source_of(cell: dict[str, Any]) -> str:
    """A cell's source, which the file has as lines."""
    return "".join(cell["source"])


def lines_of(source: str) -> list[str]:
    """A source as the file has it."""
    return source.splitlines(keepends=True)


def replayed() -> Iterator[Turn]:
    """The twenty turns, with the notebook as it grows."""
    notebook = json.loads((SESSION / PATH).read_text(encoding="utf-8"))
    for told in json.loads((SESSION / "turns.json").read_text(encoding="utf-8")):
        cells = notebook["cells"]
        at = next(i for i, cell in enumerate(cells) if cell["id"] == told["about"])
        yield Turn(
            told["kind"],
            told["question"],
            told["answer"],
            copy.deepcopy(notebook),
            copy.deepcopy(cells[at]),
        )
        new = told["insert"]
        made = {"cell_type": new["kind"], "id": new["id"], "metadata": {}}
        made |= {"source": lines_of(new["source"]), "execution_count": len(cells), "outputs": []}
        cells.insert(at + 1, made)
        _edit(cells, told["edit"])


def _edit(cells: list[dict[str, Any]], edit: dict[str, str]) -> None:
    for cell in cells:
        before, found, after = source_of(cell).partition(edit["find"])
        if found:
            cell["source"] = lines_of(f"{before}{found}{edit['add']}{after}")
            return
    raise ValueError(edit["find"])
