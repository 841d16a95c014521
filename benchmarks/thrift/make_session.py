"""Write the session that the benchmark replays: `session/analysis.ipynb` and `session/turns.json`.

    python -m benchmarks.thrift.make_session

It was run once and its files are kept, so that every run replays the same bytes; run again
it writes the same. The notebook is an analysis of a bicycle hire: text, loading, a step for
each column, models, plots, with what they print, two tracebacks and one picture.
"""

from __future__ import annotations

import base64
import html
import json
import random
import struct
import zlib
from pathlib import Path
from typing import Any

from .source import COLUMNS, source_cells
from .turns import turns

SESSION = Path(__file__).parent / "session"
# Bytes of the picture: a plot with many points.
PNG_BYTES = 60_000


def frame_output(dice: random.Random, rows: int, number: int) -> dict[str, Any]:
    """A DataFrame as JupyterLab stores it: as HTML and as text."""
    names = ["start", "station", *(name for name, *_ in COLUMNS)]
    table = [
        [
            f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02} {dice.randint(0, 23):02}:15",
            f"S{dice.randint(100, 999)}",
            *(f"{dice.uniform(0, 90):.2f}" for _ in COLUMNS),
        ]
        for _ in range(rows)
    ]
    text = "\n".join(
        "  ".join(f"{value:>16}" for value in row)
        for row in [["", *names], *([str(i), *row] for i, row in enumerate(table))]
    )
    head = "".join(f"      <th>{html.escape(name)}</th>\n" for name in ["", *names])
    body = "".join(
        f"    <tr>\n      <th>{i}</th>\n"
        + "".join(f"      <td>{value}</td>\n" for value in row)
        + "    </tr>\n"
        for i, row in enumerate(table)
    )
    page = (
        "<div>\n<style scoped>\n    .dataframe tbody tr th:only-of-type {\n"
        "        vertical-align: middle;\n    }\n</style>\n"
        '<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">\n'
        f"{head}    </tr>\n  </thead>\n  <tbody>\n{body}  </tbody>\n</table>\n</div>"
    )
    return {
        "output_type": "execute_result",
        "execution_count": number,
        "metadata": {},
        "data": {
            "text/html": page.splitlines(keepends=True),
            "text/plain": text.splitlines(keepends=True),
        },
    }


def traceback_of(name: str, message: str, line: str, function: str) -> dict[str, Any]:
    """An error as IPython stores it, with its colours."""
    red, green, off = "\x1b[0;31m", "\x1b[0;32m", "\x1b[0m"
    frames = [
        f"{green}File {off}site-packages/pandas/core/{part}.py:{n}{off}, in {function}(self, key)\n"
        + "\n".join(
            f"{red if i == 2 else green}{'-->' if i == 2 else '   '} {n + i - 2}{off} {code}"
            for i, code in enumerate(
                (
                    "    if is_single_key:",
                    "        if self.columns.nlevels > 1:",
                    f"            return self.{part}_engine.{function}(casted_key)",
                    "    except KeyError as err:",
                    f"        raise {name}(key) from err",
                )
            )
        )
        for part, n in (("frame", 4102), ("indexes", 3812), ("generic", 1577))
    ]
    head = f"{red}{'-' * 75}{off}\n{red}{name}{off}  Traceback (most recent call last)"
    own = f"Cell {green}In[31]{off}, line 4\n----> 4 {line}"
    return {
        "output_type": "error",
        "ename": name,
        "evalue": message,
        "traceback": [head, own, *frames, f"{red}{name}{off}: {message}"],
    }


def picture() -> bytes:
    """A PNG of 60 kB: noise over a gradient, as a scatter plot compresses."""
    dice = random.Random(60)
    width, height = 300, 200

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    rows = b"".join(b"\0" + dice.randbytes(width) for _ in range(height))
    # Stored, not compressed, so that its size does not depend on the library's version.
    data = zlib.compress(rows, 0)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    made = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert abs(len(made) - PNG_BYTES) < 1000
    return made


def session_files() -> dict[str, str]:
    """The texts of both files, by name."""
    dice = random.Random(3)
    cells: list[dict[str, Any]] = []
    for number, (kind, source) in enumerate(source_cells()):
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": f"{random.Random(number).getrandbits(32):08x}-{number:02}",
            "metadata": {},
            "source": source.splitlines(keepends=True),
        }
        if kind == "code":
            cell |= {"execution_count": number, "outputs": outputs_of(source, dice, number)}
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    # The notebook as Jupyter writes it: one space of indent, texts as lists of lines.
    return {
        "analysis.ipynb": json.dumps(notebook, indent=1, ensure_ascii=False) + "\n",
        "turns.json": json.dumps(turns(cells), indent=2, ensure_ascii=False) + "\n",
    }


def outputs_of(source: str, dice: random.Random, number: int) -> list[dict[str, Any]]:
    if source.endswith("hires.head()"):
        return [frame_output(dice, 5, number)]
    if source.startswith("duration_by_hour"):
        return [frame_output(dice, 8, number)]
    if "scores.round" in source:
        return [frame_output(dice, 20, number)]
    if source.startswith("rain_by_hour"):
        return [traceback_of("KeyError", "'rain'", "rain_by_hour['rain'].plot()", "get_loc")]
    if source.startswith("price_by_hour"):
        line = "price_by_hour.plot(x='hour')"
        return [traceback_of("ValueError", "x must be a label or position", line, "get_item")]
    if source.startswith("worst"):
        data = {"image/png": base64.b64encode(picture()).decode(), "text/plain": "<Figure>"}
        return [{"output_type": "display_data", "metadata": {}, "data": data}]
    if source.startswith("def clean_"):
        name = source.removeprefix("def clean_").partition("(")[0]
        text = f"{name}: 1,204 of 812,377 were wrong\n"
        return [{"output_type": "stream", "name": "stdout", "text": [text]}]
    return []


def main() -> None:
    """Write both files."""
    SESSION.mkdir(exist_ok=True)
    for name, text in session_files().items():
        (SESSION / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
