"""Markdown for a notebook's cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyterlab_gpt.chat.celltext import for_cell

# The panel writes the same when it inserts an answer; its tests read these cases too, and give
# what is wanted of the second list to JupyterLab's own renderer.
CASES = json.loads((Path(__file__).parents[1] / "celltext.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "wanted"), CASES["shown"])
def test_for_cell(text: str, wanted: str) -> None:
    assert for_cell(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), CASES["disarmed"])
def test_nothing_acts(text: str, wanted: str) -> None:
    assert for_cell(text) == wanted


def test_long_texts_take_no_time() -> None:
    for piece in ("$", "`", "\\(", "$5 ", "\\[ ", "``a", "$a`", "```a\n", '"$ ://"'):
        assert for_cell(piece * 10_000)
