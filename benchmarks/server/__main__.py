"""What our server adds to each chunk, beside a proxy that only forwards bytes.

    scripts/bench.sh server      # or: python -m benchmarks.server [--streams 1,50]

Streams of 50 chunks a second, each with its own socket and question. The server under test has one
core, the provider and the readers have the other; "direct" reads the provider without any proxy,
and so shows what of the lag is theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import (
    cpu_seconds,
    end_with_us,
    machine,
    medians,
    pin,
    rss_bytes,
    save,
    serving,
)
from benchmarks.server.reader import PanelReader, StreamReader, open_all
from tests.durability.server import Server

RATE = 50
SERVER_CPU, LOAD_CPU = 0, 1
# Longer than any run; the readers go away before.
CHUNKS = 20_000
MODEL = f"bench-stamp-{RATE}-{CHUNKS}"


def quantile(values: list[float], part: float) -> float:
    """In milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(len(values) * part))]


@asynccontextmanager
async def ours(provider: int) -> AsyncIterator[tuple[int, int]]:
    with tempfile.TemporaryDirectory(prefix="jupyterlab-gpt-bench-") as home:
        traits = {"turns_per_minute": 0, "reply_tokens_reasoning": 1_000_000}
        server = Server(Path(home), f"http://127.0.0.1:{provider}/v1", traits=traits)
        await server.start()
        try:
            # What is loaded with the first answer is not a stream's: the tokens of its first
            # 1,600 characters are counted by a second thread, which takes 17 MB once.
            _, opened = await open_all(PanelReader, server.port, "bench-stamp-50-150", 1, 0)
            await asyncio.sleep(4)
            opened[0].close()
            yield server.pid, server.port
        finally:
            server.close()


@asynccontextmanager
async def forward(provider: int) -> AsyncIterator[tuple[int, int]]:
    with serving("benchmarks.server.forward", str(provider)) as found:
        yield found


@asynccontextmanager
async def direct(provider: int) -> AsyncIterator[tuple[int, int]]:
    yield 0, provider


TARGETS = {"direct": direct, "forward": forward, "panel": ours}


async def measure(target: str, streams: int, seconds: float) -> dict[str, float]:
    with serving("benchmarks.provider") as (provider_pid, provider_port):
        pin(provider_pid, LOAD_CPU)
        async with TARGETS[target](provider_port) as (pid, port):
            if pid:
                pin(pid, SERVER_CPU)
            idle = rss_bytes(pid) if pid else 0
            kind = PanelReader if target == "panel" else StreamReader
            readings, opened = await open_all(kind, port, MODEL, streams, 0.0107)
            await asyncio.sleep(1)
            before = [cpu_seconds(one) if one else 0 for one in (pid, provider_pid, os.getpid())]
            readings.keeping = True
            await asyncio.sleep(seconds)
            readings.keeping = False
            after = [cpu_seconds(one) if one else 0 for one in (pid, provider_pid, os.getpid())]
            grown = rss_bytes(pid) - idle if pid else 0
            for transport in opened:
                transport.abort()
    used, sent, read = (b - a for a, b in zip(before, after, strict=True))
    return {
        "lagP50Ms": quantile(readings.lags, 0.5),
        "lagP99Ms": quantile(readings.lags, 0.99),
        "chunksPerSecond": len(readings.lags) / seconds,
        "cpuPerChunkUs": 1e6 * used / len(readings.lags),
        "cpuPercent": 100 * used / seconds,
        "loadPercent": 100 * (sent + read) / seconds,
        "memoryPerStreamKB": grown / 1000 / streams,
    }


async def main() -> None:
    end_with_us()
    quick = bool(os.environ.get("BENCH_QUICK"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", default="1,10" if quick else "1,50,75,200,500")
    parser.add_argument("--seconds", type=float, default=2 if quick else 10)
    parser.add_argument("--repeats", type=int, default=int(os.environ.get("BENCH_REPEATS", "5")))
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    counts = [int(count) for count in arguments.streams.split(",")]
    pin(os.getpid(), LOAD_CPU)
    runs: dict[tuple[int, str], list[dict[str, float]]] = {}
    for repeat in range(arguments.repeats):
        for streams in counts:
            for target in TARGETS:
                result = await measure(target, streams, arguments.seconds)
                runs.setdefault((streams, target), []).append(result)
                print(repeat + 1, streams, target, result, file=sys.stderr, flush=True)
    rows: list[dict[str, Any]] = [
        {"streams": n, **{target: medians(runs[n, target]) for target in TARGETS}} for n in counts
    ]
    save("server", {"machine": machine(), "repeats": arguments.repeats, "rows": rows})


if __name__ == "__main__":
    asyncio.run(main())
