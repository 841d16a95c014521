"""How Sphinx builds the documentation: `make docs`.

The source is the whole folder, so that a link to a file means the same here and on GitHub.
"""

import json
from pathlib import Path

ROOT = Path(__file__).parent.parent

project = "JupyterLab GPT"
author = "The JupyterLab GPT developers"
copyright = f"2026, {author}"  # noqa: A001 (Sphinx's name)
# The version stands in one place.
release = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]

extensions = ["myst_parser"]
myst_heading_anchors = 3
# `%gpt what?` is a cell of a notebook and no Python; other warnings end the build (`-W`).
suppress_warnings = ["misc.highlighting_failure"]
root_doc = "docs/index"
include_patterns = [
    "docs/*.md",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "PRIVACY.md",
    "RELEASE.md",
    "SECURITY.md",
    "benchmarks/README.md",
    "benchmarks/thrift/README.md",
]
# Not walked through: what is installed and what is built.
exclude_patterns = ["**/node_modules", ".*", "ui-tests", "jupyterlab_gpt", "lib", "src", "tests"]
# The theme of Jupyter's own documentation.
html_theme = "pydata_sphinx_theme"
html_title = project
# The pages have no pages below them that a bar at the side could list.
html_sidebars: dict[str, list[str]] = {"**": []}
html_show_sourcelink = False
