"""What the extension adds to the start of `jupyter lab`: time and memory, until a page comes.

    scripts/bench.sh start       # BENCH_LAB and BENCH_PLAIN name the environments' bin folders

The same JupyterLab with our wheel and without it, in turns: from the start of the process until the
server answers, and its memory a moment later.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.processes import (
    ROOT,
    cpu_seconds,
    end_with_us,
    free_port,
    machine,
    medians,
    rss_bytes,
    save,
)

PATIENCE = 120.0


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("jupyter lab ended") from None
            time.sleep(0.005)
    raise RuntimeError(f"nothing answers at {url}")


def start(bin_folder: Path) -> dict[str, float]:
    """Start a server once, and end it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="jupyterlab-gpt-bench-") as home:
        env = {**os.environ, "HOME": home, "PATH": f"{bin_folder}:{os.environ['PATH']}"}
        for name in ("DATA", "CONFIG", "RUNTIME"):
            env[f"JUPYTER_{name}_DIR"] = str(Path(home, name.lower()))
        options = ("--no-browser", "--allow-root", f"--ServerApp.port={port}")
        extra = ("--ServerApp.port_retries=0", "--IdentityProvider.token=")
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(bin_folder / "python"), "-m", "jupyterlab", *options, *extra],
            env=env,
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status", process)
            ready = time.monotonic() - begun
            cpu = cpu_seconds(process.pid)
            time.sleep(1)
            return {
                "readyMs": 1000 * ready,
                "cpuMs": 1000 * cpu,
                "memoryMB": rss_bytes(process.pid) / 1e6,
            }
        finally:
            process.kill()
            process.wait()


def main() -> None:
    end_with_us()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=int(os.environ.get("BENCH_REPEATS", "5")))
    arguments = parser.parse_args()
    folders = {
        "plain": Path(os.environ["BENCH_PLAIN"]),
        "panel": Path(os.environ.get("BENCH_LAB", ROOT / ".venv" / "bin")),
    }
    for folder in folders.values():
        # The first start compiles what was installed.
        start(folder)
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
    for repeat in range(arguments.repeats):
        for name, folder in folders.items():
            runs[name].append(start(folder))
            print(repeat + 1, name, runs[name][-1], file=sys.stderr, flush=True)
    result = {name: medians(list_) for name, list_ in runs.items()}
    result["added"] = {key: result["panel"][key] - result["plain"][key] for key in result["panel"]}
    save("start-server", {"machine": machine(), "repeats": arguments.repeats, **result})


if __name__ == "__main__":
    main()
