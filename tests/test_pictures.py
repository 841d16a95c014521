"""Each picture of the documentation is taken by one browser test, and is shown somewhere.

The charts of `make bench` are drawn by it, and only have to be shown.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SPECS = sorted((ROOT / "ui-tests" / "tests").glob("*.spec.ts"))
# `docPicture(page, 'name', …)` and `new Film(page, 'name')`; the names are spelled out so that
# they can be read here.
CALL = re.compile(r"\b(?:docPicture|new Film)\(")
TAKEN = re.compile(r"\b(?:docPicture|new Film)\(\s*[\w.]+,\s*'([^']+)'")
CHARTS = {"performance-lag.svg", "performance-main.svg"}
SHOWN = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)\s]+)\)")


def taken() -> Counter[str]:
    return Counter(name for spec in SPECS for name in TAKEN.findall(spec.read_text()))


def shown() -> dict[Path, str]:
    """Each file that is shown, with the words for those who do not see it."""
    return {
        (page.parent / target).resolve(): words
        for page in PAGES
        for words, target in SHOWN.findall(page.read_text())
    }


def test_names_of_pictures_are_spelled_out() -> None:
    text = "".join(spec.read_text() for spec in SPECS)
    assert len(CALL.findall(text)) == len(TAKEN.findall(text)) > 0


def test_each_picture_is_taken_by_one_test() -> None:
    assert {name: times for name, times in taken().items() if times > 1} == {}
    assert {path.name for path in shown()} - CHARTS == set(taken())


def test_each_picture_is_there_and_is_shown() -> None:
    assert set(shown()) == {path.resolve() for path in IMAGES.iterdir()}


def test_each_picture_has_words() -> None:
    assert [path.name for path, words in shown().items() if len(words) < 10] == []
