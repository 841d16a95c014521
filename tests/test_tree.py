"""What holds for the tree as a whole: sizes of files, and lock files without hosts."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The design's own limits; the generated file and the wire's one source stand apart.
MAX_LINES = 300
APART = {
    "src/protocol/frames.ts": "generated",
    "jupyterlab_gpt/protocol.py": "the one source of all frames",
    "jupyterlab_gpt/errors.py": "the one list of all codes",
}


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "jupyterlab_gpt", "src"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [
        ROOT / name
        for name in listed.stdout.split()
        if name.endswith((".py", ".ts", ".tsx"))
        and "__tests__" not in name
        and (ROOT / name).exists()
    ]


def test_files_stay_small() -> None:
    large = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if str(path.relative_to(ROOT)) not in APART
        and (lines := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert not large


@pytest.mark.parametrize("lock", ["yarn.lock", "ui-tests/yarn.lock", "requirements/dev.txt"])
def test_lock_files_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert len(text) > 1000
    assert not re.findall(r"__archiveUrl|://|index-url|find-links", text)
