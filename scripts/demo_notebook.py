"""Copy the demo notebook, with what JupyterLab would write into it of the kernel.

JupyterLab notes the kernel's language when it opens a notebook. Written beforehand, the
notebook opens unchanged, and an insert that is undone and saved leaves the file as it was.
"""

import json
import sys
from pathlib import Path

from ipykernel.ipkernel import IPythonKernel


def main(target: Path) -> None:
    """Write the notebook to `target`, byte for byte as Jupyter saves one."""
    source = Path(__file__).parent.parent / "examples" / "demo.ipynb"
    notebook = json.loads(source.read_text(encoding="utf-8"))
    notebook["metadata"]["language_info"] = dict(IPythonKernel.language_info)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
