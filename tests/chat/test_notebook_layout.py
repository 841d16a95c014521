"""A notebook in a conversation: snapshot and changes, replayed, are the notebook."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from jupyterlab_gpt.chat.notebook import Notebooks
from jupyterlab_gpt.chat.prompt import PromptInput, build
from jupyterlab_gpt.errors import InvalidRequest
from jupyterlab_gpt.ledger.tokens import Counter

COUNT = Counter().count
PATH = "d/a.ipynb"
Cell = dict[str, str]

HEAD = re.compile(r"Notebook `(?P<path>[^`]+)`(?P<rest>.*)")
PLACE = r"(?:(?:at|to) the top|after #(?P<after>\d+))"
NEW = re.compile(rf"#(?P<n>\d+) new {PLACE}:")
MOVED = re.compile(rf"(?P<names>#\d+(?: #\d+)*) moved {PLACE}")
KINDS = {"": "code", "markdown": "markdown", "raw": "raw"}


def replay(texts: list[str]) -> list[tuple[str, str]]:
    """What a reader of the messages knows of the notebook: kind and source of each cell."""
    order: list[int] = []
    cells: dict[int, tuple[str, str]] = {}
    for text in texts:
        head, *lines = text.split("\n")
        found = HEAD.fullmatch(head)
        assert found
        if "has not changed" in found["rest"]:
            assert not lines
            continue
        if "has changed" not in found["rest"]:
            order, cells = [], {}
            size = int(found["rest"].split()[1])
        _read(lines, order, cells)
        if "has changed" not in found["rest"]:
            assert len(order) == size
    return [cells[n] for n in order]


def _read(lines: list[str], order: list[int], cells: dict[int, tuple[str, str]]) -> None:
    while lines:
        line = lines.pop(0)
        if line.startswith("Deleted: "):
            for n in _numbers(line):
                order.remove(n)
                del cells[n]
        elif found := MOVED.fullmatch(line):
            names = _numbers(found["names"])
            for n in names:
                order.remove(n)
            _insert(order, found["after"], names)
        elif found := NEW.fullmatch(line):
            n = int(found["n"])
            _insert(order, found["after"], [n])
            cells[n] = _fenced(lines)
        elif line.endswith(" changed:"):
            (n,) = _numbers(line)
            assert n in cells
            cells[n] = _fenced(lines)
        else:
            assert re.fullmatch(r"#\d+", line)
            (n,) = _numbers(line)
            order.append(n)
            cells[n] = _fenced(lines)


def _numbers(line: str) -> list[int]:
    return [int(n) for n in re.findall(r"#(\d+)", line)]


def _insert(order: list[int], after: str | None, names: list[int]) -> None:
    at = 0 if after is None else order.index(int(after)) + 1
    order[at:at] = names


def _fenced(lines: list[str]) -> tuple[str, str]:
    opening = lines.pop(0)
    ticks = "`" * (len(opening) - len(opening.lstrip("`")))
    assert len(ticks) >= 3
    end = lines.index(ticks)
    source = "\n".join(lines[:end])
    del lines[: end + 1]
    return KINDS[opening[len(ticks) :]], source


# ---------------------------------------------------------------- histories of edits

SOURCES = (
    "",
    "\n",
    "x = 1",
    "x = 1\n",
    "import pandas as pd\n\ndf = pd.read_csv('a.csv')\ndf.head()",
    "```python\nx\n```",
    "````\n```\n",
    "  ```\n#3 changed:\n```\nevil\n```\n",
    "#1",
    "#2 new after #1:\n```\nx\n```",
    "Deleted: #1 #2",
    "Notebook `d/a.ipynb`, 1 cell (#n …):\n#1\n```\n",
    "#1 #2 moved to the top",
    "Größe = '😀'\n\u2028\r\n\x0c# ünï",
    "# Ergebnisse\n\n- a\n- b",
)

EDITS = (
    *("insert", "insert", "delete", "move", "move many", "split", "merge", "edit", "edit"),
    *("retype", "cut and paste", "new ids", "undo"),
)


class Edits:
    """A notebook under random hands."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made = 0
        self.cells: list[Cell] = [self.cell() for _ in range(self.random.randrange(12))]

    def cell(self, kind: str | None = None, source: str | None = None) -> Cell:
        self.made += 1
        return {
            "id": f"id-{self.made}" if self.random.random() < 0.95 else "twice",
            "kind": kind or self.random.choice(("code", "code", "markdown", "raw")),
            "source": self.random.choice(SOURCES) if source is None else source,
        }

    def step(self) -> None:
        """One edit; each kind that the panel's user can make."""
        cells, pick = self.cells, self.random
        i = pick.randrange(len(cells)) if cells else 0
        what = pick.choice(EDITS)
        if what == "insert" or not cells:
            cells.insert(i, self.cell())
        elif what == "delete":
            self.gone = cells.pop(i)
        elif what == "move":
            cells.insert(pick.randrange(len(cells)), cells.pop(i))
        elif what == "move many":
            j = pick.randrange(i, len(cells))
            block = cells[i:j]
            del cells[i:j]
            at = pick.randrange(len(cells) + 1)
            cells[at:at] = block
        elif what == "split":
            old = cells[i]
            at = pick.randrange(len(old["source"]) + 1)
            cells[i : i + 1] = [
                {**old, "source": old["source"][:at]},
                self.cell(old["kind"], old["source"][at:]),
            ]
        elif what == "merge" and i + 1 < len(cells):
            below = cells.pop(i + 1)
            cells[i] = {**cells[i], "source": f"{cells[i]['source']}\n{below['source']}"}
        elif what == "edit":
            cells[i] = {**cells[i], "source": pick.choice(SOURCES) + pick.choice(SOURCES)}
        elif what == "retype":
            cells[i] = {**cells[i], "kind": pick.choice(("code", "markdown", "raw"))}
        elif what == "cut and paste":
            cut = cells.pop(i)
            pasted = self.cell(cut["kind"], cut["source"])
            cells.insert(pick.randrange(len(cells) + 1), pasted)
        elif what == "new ids" and pick.random() < 0.2:
            self.cells = [self.cell(c["kind"], c["source"]) for c in cells]
        elif what == "undo" and getattr(self, "gone", None):
            cells.insert(i, self.gone)


def question(cells: list[Cell], n: int, path: str = PATH) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [
        {"type": "text", "text": "And now?"},
        {"type": "notebook", "path": path, "cells": [dict(cell) for cell in cells]},
    ]
    return {"id": f"q{n}", "role": "user", "parts": parts}


def answer(n: int) -> dict[str, Any]:
    return {"id": f"a{n}", "role": "assistant", "parts": [{"type": "text", "text": "So."}]}


def texts_of(branch: list[dict[str, Any]], **more: Any) -> list[str]:
    """The notebook's texts as they stand in the messages."""
    prompt = build(PromptInput(branch, count=COUNT, **more), {})
    return [(i.text or "").removeprefix("\n\n") for i in prompt.items if i.kind == "notebook"]


def plain(cells: list[Cell]) -> list[tuple[str, str]]:
    return [(cell["kind"], cell["source"]) for cell in cells]


def history(seed: int) -> tuple[list[dict[str, Any]], list[list[Cell]]]:
    """The questions and answers of twelve turns, and the notebook as it was in each."""
    edits = Edits(seed)
    branch: list[dict[str, Any]] = []
    states: list[list[Cell]] = []
    for turn in range(12):
        branch += [question(edits.cells, turn), answer(turn)]
        states.append(list(edits.cells))
        for _ in range(edits.random.randrange(5)):
            edits.step()
    return branch, states


@pytest.mark.parametrize("seed", range(200))
def test_snapshot_and_changes_are_the_notebook(seed: int) -> None:
    branch, states = history(seed)
    before: list[str] = []
    for turn, cells in enumerate(states):
        texts = texts_of(branch[: 2 * turn + 1])
        assert texts[:-1] == before
        assert replay(texts) == plain(cells)
        before = texts
    # After a cut too, and where the user left one out, the rest is enough.
    assert replay(texts_of(branch[:-1], history_tokens=400)) == plain(states[-1])
    without = frozenset((f"q{seed % 11}/1", f"q{seed % 7}/1"))
    assert replay(texts_of(branch[:-1], exclude=without)) == plain(states[-1])


def test_the_histories_hold_all_that_can_be_said() -> None:
    texts = [text for seed in range(30) for text in texts_of(history(seed)[0])]
    for said in (
        "cells (#n",
        "has not changed.",
        "\nDeleted: #",
        " changed:\n",
        " new at the top:",
    ):
        assert sum(said in text for text in texts) >= 3, said
    for said in (
        r" new after #\d+:\n",
        r"\n#\d+ moved after #",
        r"\n#\d+ #\d+.* moved ",
        "to the top",
    ):
        assert sum(bool(re.search(said, text)) for text in texts) >= 3, said
    assert sum("has changed" in text for text in texts) > len(texts) / 3


def test_what_is_written() -> None:
    cells = [{"id": f"c{i}", "kind": "code", "source": f"x{i} = {i}\n" * 9} for i in range(1, 7)]
    cells[1] = {"id": "c2", "kind": "markdown", "source": "# T"}
    branch = [question(cells[:2], 0), answer(0)]
    assert texts_of(branch[:1]) == [
        "Notebook `d/a.ipynb`, 2 cells (#n numbers cells in this chat, it is not In [n]):\n"
        f"#1\n```\n{cells[0]['source']}\n```\n#2\n```markdown\n# T\n```"
    ]
    branch = [question(cells, 0), answer(0)]
    now = [cells[2], cells[0], {"id": "n", "kind": "code", "source": "new()"}]
    now += [{**cells[4], "source": "changed()"}, cells[5]]
    branch += [question(now, 1), answer(1), question(now, 2)]
    assert texts_of(branch)[1:] == [
        "Notebook `d/a.ipynb` has changed (other cells as before):\n"
        "Deleted: #2 #4\n"
        "#3 moved to the top\n"
        "#7 new after #1:\n```\nnew()\n```\n"
        "#5 changed:\n```\nchanged()\n```",
        "Notebook `d/a.ipynb` has not changed.",
    ]


def test_ids_never_leave_and_cost_nothing() -> None:
    cells = [{"id": f"9f8e7d6c-{i}", "kind": "code", "source": "pass"} for i in range(5)]
    branch = [question(cells, 0), answer(0), question(cells[1:], 1)]
    assert "9f8e7d6c" not in json.dumps(build(PromptInput(branch), {}).messages({}))
    # All ids are others after an old notebook was loaded again: the cells are the same.
    again = [{**cell, "id": f"other-{i}"} for i, cell in enumerate(cells)]
    assert texts_of([question(cells, 0), answer(0), question(again, 1)])[1] == (
        "Notebook `d/a.ipynb` has not changed."
    )


def test_a_cell_that_was_read_with_its_notebook_is_named_by_its_number() -> None:
    cells = [{"id": f"c{i}", "kind": "code", "source": f"x = {i}"} for i in range(3)]
    base = {"type": "cell", "path": PATH, "language": "python", "label": "In [9]"}
    cell = {**base, "cell_id": "c1", "source": "x = 1"}

    def said(*parts: dict[str, Any], before: list[dict[str, Any]] | None = None) -> str:
        asked = {"id": "now", "role": "user", "parts": list(parts)}
        items = build(PromptInput([*(before or []), asked]), {}).items
        return next(
            (i.text or "").strip() for i in items if i.id.startswith("now/") and i.kind == "cell"
        )

    notebook = question(cells, 0)["parts"][1]
    assert said(cell, notebook) == "Cell In [9] of `d/a.ipynb` is #2."
    assert said(cell, before=[question(cells, 0), answer(0)]).endswith("is #2.")
    whole = "Cell In [9] of `d/a.ipynb`:\n```python\nx = 1\n```"
    assert said(cell) == whole
    other = {**notebook, "path": "b.ipynb"}
    edited = {**notebook, "cells": [{**c, "source": "y"} for c in cells]}
    for sent in (other, edited, {**notebook, "cells": cells[:1]}):
        assert said(cell, sent) == whole
    assert said(cell, before=[question(cells, 0), answer(0), question(cells[:1], 1)]) == whole
    lines = {**cell, "from_line": 1, "to_line": 1}
    assert "x = 1" in said(lines, notebook)


def test_two_paths_are_two_notebooks() -> None:
    cells = [{"id": f"c{i}", "kind": "code", "source": f"x = {i}"} for i in range(9)]
    branch = [question(cells, 0), answer(0), question(cells, 1, "b.ipynb"), answer(1)]
    texts = texts_of([*branch, question(cells[:-1], 2)])
    assert [text.split("\n")[0].split("`")[1] for text in texts] == [PATH, "b.ipynb", PATH]
    assert replay(texts[1:2]) == plain(cells)
    assert "Deleted: #9" in texts[2]


def test_changes_that_are_longer_than_the_notebook_are_sent_as_a_snapshot() -> None:
    cells = [{"id": f"c{i}", "kind": "code", "source": f"x = {i}"} for i in range(30)]
    branch = [question(cells, 0), answer(0), question(list(reversed(cells)), 1)]
    assert "29 cells" not in texts_of(branch)[1]
    anew = [{**cell, "source": f"y = {i}"} for i, cell in enumerate(cells)]
    texts = texts_of([*branch, answer(1), question(anew, 2)])
    assert texts[2].startswith("Notebook `d/a.ipynb`, 30 cells")
    assert replay(texts) == plain(anew)
    # The numbers stay.
    assert "\n#30\n" in texts[2]
    assert all(COUNT(text) <= COUNT(texts[0]) * 1.1 for text in texts)


def test_a_blob_is_read_with_care() -> None:
    sha = "0" * 64
    part = {"type": "notebook", "path": PATH, "blob": sha}
    branch = [{"id": "q", "role": "user", "parts": [part]}]
    for bad in (
        b"no JSON",
        b"{}x",
        b"[1]",
        b'{"a": 1}',
        b'[{"kind": "code"}]',
        b'[{"kind": "code", "source": 1}]',
        b'[{"kind": ["code"], "source": ""}]',
        b"[" * 100_000,
        "[…]".encode("latin-1", "replace"),
        b"\xff\xfe",
    ):
        with pytest.raises(InvalidRequest):
            build(PromptInput(branch), {sha: bad})
    good = json.dumps([{"kind": "code", "source": "x"}]).encode()
    assert replay(texts_with(branch, {sha: good})) == [("code", "x")]


def texts_with(branch: list[dict[str, Any]], blobs: dict[str, bytes]) -> list[str]:
    return [i.text or "" for i in build(PromptInput(branch), blobs).items if i.kind == "notebook"]


def test_an_empty_notebook() -> None:
    notebooks = Notebooks(COUNT)
    assert notebooks.render(PATH, []) == ("Notebook `d/a.ipynb`, 0 cells.", True)
    text, _ = notebooks.render(PATH, [("c", ("code", "x"))])
    assert replay(["Notebook `d/a.ipynb`, 0 cells.", text]) == [("code", "x")]
    text, whole = notebooks.render(PATH, [])
    assert whole
    assert text == "Notebook `d/a.ipynb`, 0 cells."
