"""Processes that are measured, as Linux tells of them."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TICK = os.sysconf("SC_CLK_TCK")


def end_with_us() -> None:
    """Let a SIGTERM end what was started too: without this only Ctrl-C runs the `finally`s."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def rss_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def pin(pid: int, cpu: int) -> None:
    """Keep all threads of a process on one core, where there is more than one."""
    cpus = sorted(os.sched_getaffinity(0)) if pid == os.getpid() else range(os.cpu_count() or 1)
    if len(cpus) < 2:
        return
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            os.sched_setaffinity(int(task.name), {cpu})


@contextlib.contextmanager
def serving(module: str, *arguments: str) -> Iterator[tuple[int, int]]:
    """A module of ours that prints its port: yields pid and port."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.pid, json.loads(process.stdout.readline())["port"]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def medians(runs: list[dict[str, Any]]) -> dict[str, float]:
    return {key: round(statistics.median(run[key] for run in runs), 3) for key in runs[0]}


def machine() -> dict[str, Any]:
    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpus": os.cpu_count(),
        "cpu": names[0] if names else "unknown",
        "load": round(os.getloadavg()[0], 1),
        "python": sys.version.split()[0],
    }


def save(part: str, result: dict[str, Any]) -> None:
    folder = Path(os.environ.get("BENCH_RESULTS", ROOT / ".cache" / "bench" / "results"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps(result, indent=1) + "\n")
