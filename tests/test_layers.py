"""Who may import whom (design.md), and what is imported when.

The front end's layers are held by a lint rule, the Python ones by this file.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "jupyterlab_gpt"

LEAVES = {"secrets", "protocol", "errors", "config", "loopback"}
# What each room may import of the package, itself and the leaves apart; leaves import no room.
ROOMS: dict[str, set[str]] = {
    "app": {"handlers", "chat", "providers", "ledger", "store"},
    "cli": {"handlers", "chat", "providers", "ledger", "store"},
    "handlers": {"chat", "providers", "ledger", "store"},
    "chat": {"providers", "ledger", "store"},
    "providers": {"store"},
    "ledger": {"store"},
    "store": set(),
    "magics": {"kernel"},
    "kernel": set(),
}
# What runs in a kernel, where only the standard library is sure to be there: no leaf either.
IN_KERNELS = {"magics", "kernel"}
WITHOUT_JUPYTER = {"chat", "providers", "ledger", "store", *LEAVES} - {"config"}
# Heavy, so imported on first use: never at the top of a module that is loaded at start.
HEAVY = {"openai", "pydantic", "httpx", "httpx2", "genai_prices", "keyring", "xllamacpp"}


def rooms() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] != "labextension":
            yield relative.parts[0].removesuffix(".py"), path


def imports(path: Path, tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Names of imported modules, absolute; relative ones are resolved."""
    package = ["jupyterlab_gpt", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            if node.module and node.level == 0:
                yield node.module, node
            for alias in node.names:
                yield f"{stem}.{alias.name}", node


def room_of(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] != "jupyterlab_gpt" or len(parts) < 2:
        return None
    return parts[1]


@pytest.mark.parametrize(("room", "path"), list(rooms()), ids=str)
def test_layers(room: str, path: Path) -> None:
    known = {name for name, _ in rooms()}
    tree = ast.parse(path.read_text())
    for module, node in imports(path, tree):
        target = room_of(module)
        where = f"{path.relative_to(ROOT)}:{node.lineno} imports {module}"
        if target in known and target != room:
            if room in LEAVES:
                assert target in LEAVES or target == "keystores", where
            elif room in ROOMS and room in IN_KERNELS:
                assert target in IN_KERNELS, where
            elif room in ROOMS:
                allowed = ROOMS[room] | LEAVES
                assert target in allowed or target.startswith("_"), where
        top = module.split(".")[0]
        if room in WITHOUT_JUPYTER:
            assert top not in ("tornado", "jupyter_server", "jupyter_core", "traitlets"), where


def run(code: str) -> set[str]:
    """The modules that are loaded after this code, in an interpreter of its own."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


IN_A_KERNEL = (
    "import jupyterlab_gpt",
    "import jupyterlab_gpt.magics",
    "from jupyterlab_gpt import Chat",
    "import jupyterlab_gpt.kernel.ask",
)


@pytest.mark.parametrize("code", IN_A_KERNEL)
def test_importing_what_a_kernel_imports_needs_only_the_standard_library(code: str) -> None:
    new = run(code) - run("")
    loaded = {name.split(".")[0] for name in new}
    assert loaded - {"jupyterlab_gpt"} <= set(sys.stdlib_module_names)
    ours = {name.split(".")[1] for name in new if name.startswith("jupyterlab_gpt.")}
    assert ours <= {*IN_KERNELS, "_version"}
    assert ours - {"_version"} == set() or code != "import jupyterlab_gpt"


def test_loading_the_extension_imports_nothing_heavy(tmp_path: Path) -> None:
    loaded = run(
        f"""
import os
os.environ.update(HOME={str(tmp_path)!r}, JUPYTER_DATA_DIR={str(tmp_path / "data")!r},
                  JUPYTER_CONFIG_DIR={str(tmp_path / "config")!r},
                  JUPYTER_RUNTIME_DIR={str(tmp_path / "runtime")!r})
from jupyter_server.serverapp import ServerApp
import asyncio
async def main():
    app = ServerApp.instance(jpserver_extensions={{"jupyterlab_gpt": True}}, open_browser=False,
                             allow_root=True, root_dir={str(tmp_path)!r})
    app.initialize(argv=[], find_extensions=False, new_httpserver=False)
    assert "jupyterlab_gpt" in app.extension_manager.extension_apps
    assert app.web_app.settings["jupyterlab_gpt_services"]
asyncio.run(main())
"""
    )
    assert "jupyterlab_gpt.handlers.stream" in loaded
    assert not {name for name in loaded if name.split(".")[0] in HEAVY}
    assert "jupyterlab_gpt.protocol" not in loaded
    assert not (tmp_path / "data" / "gpt").exists()  # and touches no disk
