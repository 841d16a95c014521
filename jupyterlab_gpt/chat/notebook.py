"""A notebook in a conversation: one snapshot, afterwards only what has changed.

What the provider has cached is never written anew, and a cell that stays as it is costs
nothing again. Cells go by short numbers, given in the order in which the conversation
first saw them: their ids would cost ten tokens each time. A snapshot::

    Notebook `a.ipynb`, 2 cells (#n numbers cells in this chat, it is not In [n]):
    #1
    ```
    import pandas
    ```
    #2
    ```markdown
    # Results
    ```

and a later question, from top to bottom of the notebook as it is then::

    Notebook `a.ipynb` has changed (other cells as before):
    Deleted: #4 #9
    #43 new after #7:
    ```
    df.plot()
    ```
    #5 #6 moved after #2
    #3 changed:
    ```
    df = df.dropna()
    ```

A cell that is asked about is then named by its number, too, instead of being sent twice.

The line break before a closing fence is never part of the source, and a fence is longer
than any in it, so that a machine can replay it: a test does.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import InvalidRequest
from ..store.values import clean_text
from .frames import Part
from .markdown import fence, quoted

# What a cell is and holds: its kind and its source.
Cell = tuple[str, str]
# By the id, and for ids that are there twice by the how-manieth it is.
_Key = tuple[str, int]
_LANGUAGES = {"code": "", "markdown": "markdown", "raw": "raw"}


@dataclass
class _Sent:
    """A notebook as the conversation knows it: its cells by their numbers, in order."""

    numbers: dict[_Key, int] = field(default_factory=dict)
    cells: dict[int, Cell] = field(default_factory=dict)
    last: int = 0
    is_new: bool = True


class Notebooks:
    """The notebooks of the messages that have been rendered so far, by path.

    Parameters
    ----------
    count
        Counts tokens: a snapshot is sent again where the changes would be longer.
    """

    def __init__(self, count: Callable[[str], int]) -> None:
        self._count = count
        self._sent: dict[str, _Sent] = {}

    def render(self, path: str, cells: Sequence[tuple[str, Cell]]) -> tuple[str, bool]:
        """Render a notebook and remember it.

        Parameters
        ----------
        cells
            Id, kind and source of each cell.

        Returns
        -------
        tuple of str and bool
            The text, and whether it is a whole snapshot.
        """
        sent = self._sent.setdefault(path, _Sent())
        now = _numbered(sent, cells)
        before, sent.cells = sent.cells, now
        if sent.is_new:
            sent.is_new = False
            return _snapshot(path, now), True
        changes = _changes(path, before, now)
        # A snapshot is dear to write and to count, and no text of a quarter of its length has
        # more tokens.
        if len(changes) * 4 > sum(len(source) for _, source in now.values()):
            whole = _snapshot(path, now)
            if self._count(changes) > self._count(whole):
                return whole, True
        return changes, False

    def number_of(self, path: str, cell_id: str, source: str) -> int | None:
        """Find the number of a cell that the model has read as it is; None if it has not."""
        sent = self._sent.get(path)
        number = sent.numbers.get((cell_id, 0)) if sent else None
        if sent is None or number is None or number not in sent.cells:
            return None
        return number if sent.cells[number][1] == source else None


def read_cells(part: Part, blobs: Mapping[str, bytes]) -> list[tuple[str, Cell]]:
    """Read the cells of a `notebook` part.

    Raises
    ------
    InvalidRequest
        Its blob is not a list of cells.
    """
    if not part.get("blob"):
        return [(c["id"], (c["kind"], c["source"])) for c in part.get("cells") or []]
    try:
        return [_read_cell(cell) for cell in json.loads(blobs[part["blob"]])]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InvalidRequest("The blob of the notebook is not a list of cells.") from None


def _read_cell(cell: dict[str, object]) -> tuple[str, Cell]:
    kind, source = cell["kind"], cell["source"]
    if kind not in _LANGUAGES or not isinstance(kind, str) or not isinstance(source, str):
        raise ValueError
    # A blob comes past the wire's own cleaning.
    source = clean_text(source)
    return str(cell.get("id", "")), (kind, source)


# ---------------------------------------------------------------- numbers


def _numbered(sent: _Sent, cells: Sequence[tuple[str, Cell]]) -> dict[int, Cell]:
    """Give each cell its number: the one that it has, or that its text had, or a new one.

    By its text, because ids change when a notebook of an older format is loaded again,
    and when a cell is cut and pasted.
    """
    seen: dict[str, int] = defaultdict(int)
    keys: list[_Key] = []
    for name, _ in cells:
        keys.append((name, seen[name]))
        seen[name] += 1
    numbers: list[int | None] = []
    taken: set[int] = set()
    for key in keys:
        known = sent.numbers.get(key)
        numbers.append(None if known in taken else known)
        if known is not None:
            taken.add(known)
    lost: dict[Cell, deque[int]] = defaultdict(deque)
    for number, cell in sent.cells.items():
        if number not in taken:
            lost[cell].append(number)
    now: dict[int, Cell] = {}
    for key, known, (_, cell) in zip(keys, numbers, cells, strict=True):
        if known is not None:
            number = known
        else:
            number = lost[cell].popleft() if lost.get(cell) else sent.last + 1
        sent.last = max(sent.last, number)
        sent.numbers[key] = number
        now[number] = cell
    return now


# ---------------------------------------------------------------- texts


def _snapshot(path: str, cells: Mapping[int, Cell]) -> str:
    head = f"Notebook {quoted(path)}, {len(cells)} {'cell' if len(cells) == 1 else 'cells'}"
    if not cells:
        return f"{head}."
    head += " (#n numbers cells in this chat, it is not In [n]):"
    return "\n".join([head, *(f"#{n}\n{_fenced(cell)}" for n, cell in cells.items())])


def _changes(path: str, before: Mapping[int, Cell], now: Mapping[int, Cell]) -> str:
    lines: list[str] = []
    deleted = [n for n in before if n not in now]
    if deleted:
        lines.append(f"Deleted: {_named(deleted)}")
    lines += _placed(before, now)
    lines += [
        f"#{n} changed:\n{_fenced(cell)}"
        for n, cell in now.items()
        if n in before and before[n] != cell
    ]
    if not lines:
        return f"Notebook {quoted(path)} has not changed."
    return "\n".join([f"Notebook {quoted(path)} has changed (other cells as before):", *lines])


def _placed(before: Mapping[int, Cell], now: Mapping[int, Cell]) -> list[str]:
    """Say where new and moved cells are, each after one that is in its place already."""
    staying = _longest_in_order([n for n in now if n in before], list(before))
    lines: list[str] = []
    run: list[int] = []
    previous: int | None = None
    place = ""

    def end_run() -> None:
        if run:
            lines.append(f"{_named(run)} moved {place}")
            run.clear()

    for n, cell in now.items():
        if n in before and n not in staying:
            if not run:
                place = "to the top" if previous is None else f"after #{previous}"
            run.append(n)
        else:
            end_run()
            if n not in before:
                where = "at the top" if previous is None else f"after #{previous}"
                lines.append(f"#{n} new {where}:\n{_fenced(cell)}")
        previous = n
    end_run()
    return lines


def _longest_in_order(kept: list[int], before: list[int]) -> set[int]:
    """Find the most cells that are still in their old order: the others have moved."""
    positions = {n: i for i, n in enumerate(before)}
    ends: list[int] = []  # the smallest last position of an ordered run of each length
    last: list[int] = []  # the cell there
    previous: dict[int, int | None] = {}
    for n in kept:
        length = bisect_left(ends, positions[n])
        previous[n] = last[length - 1] if length else None
        ends[length : length + 1] = [positions[n]]
        last[length : length + 1] = [n]
    staying: set[int] = set()
    cell = last[-1] if last else None
    while cell is not None:
        staying.add(cell)
        cell = previous[cell]
    return staying


def _named(numbers: list[int]) -> str:
    return " ".join(f"#{n}" for n in numbers)


def _fenced(cell: Cell) -> str:
    # A line break of the source's own stays beside ours.
    kind, source = cell
    return fence(f"{source}\n", _LANGUAGES[kind])
