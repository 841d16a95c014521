"""Write `src/notebook/inspection.ts`: the source that reads a kernel's variables, as a text.

The bundler knows no Python files, and a text in TypeScript would be tested and checked by
nobody; so it is written here as Python and carried over, like the types of the wire.
"""

from __future__ import annotations

import json
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "notebook" / "inspection.py"
TARGET = SOURCE.with_suffix(".ts")
HEAD = """\
// Generated from inspection.py by scripts/inspection.py: do not edit.

/** The Python source that describes the variables of a kernel. */
export const INSPECTION = [
"""


def generated() -> str:
    """Make the TypeScript."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    written = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in lines)
    return f"{HEAD}{written}\n].join('\\n');\n"


def expression(request: object) -> str:
    """Make the expression that a kernel evaluates, as `src/notebook/variables.ts` does."""
    source = SOURCE.read_text(encoding="utf-8")
    text = json.dumps(json.dumps(request))
    return (
        f"(lambda b, g: (b.exec({json.dumps(source)}, g), "
        f'g["answer"](b.globals(), g["json"].loads({text})))[1])'
        '(__import__("builtins"), {"__name__": "jupyterlab_gpt"})'
    )


if __name__ == "__main__":
    TARGET.write_text(generated(), encoding="utf-8")
