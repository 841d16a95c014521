"""Write the figures of the last run as tables and charts: docs/performance.md.

    python -m benchmarks.report

Reads the JSON of benchmarks/results (or BENCH_RESULTS, and then writes beside it). A part that was
not run is left out.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

from benchmarks.chart import bars
from benchmarks.processes import ROOT

Row = dict[str, Any]

INTRO = """# Performance

Written by `make bench`; [how it is measured](../benchmarks/README.md). All of it ran on loopback:
a provider that notes when each chunk leaves it, JupyterLab with our wheel, headless Chromium
without a GPU. Medians; how many runs of each is said. Compare the columns of a row, which were
measured in turns on one machine: {machine}.
"""
STREAM = """## A streamed answer

From the moment a chunk leaves the provider until the frame that shows it was painted, in the panel
and in two bare pages without JupyterLab or a server between: _marked_ renders settled blocks once a
frame, _text_ only appends. _Once_ is one complete rendering of the finished text with `marked`.
_Main_ is the time that the page's main thread was busy, in wall time. Chunks are words;
`prose-500@50` are 500 of them at 50 a second, `@0` is as fast as they go, `+40` comes after 40 long
messages.

![Lag of a chunk](images/performance-lag.svg)

![Main-thread time](images/performance-main.svg)
"""
GROWTH = """### How it grows

Main-thread time from 1,000 to 50,000 chunks, as fast as they go; an exponent of 1 is linear.
"""
PEERS = """### Beside other assistants

The same answers in JupyterLab with [other assistants](comparison.md), in turns with ours. A page
that has not shown the last chunk a minute after it was sent is left; its lag is that of the chunks
which it had shown, whose number stands behind. _Timer_ is how late the page's worst timer was: for
so long it took neither a key nor a click.
"""
# Those of `stream/peers.mjs`.
PEER_NAMES = ("jupyterlite-ai", "notebook-intelligence")
SERVER = """## The server

Streams of 50 chunks a second, each with a socket and a question of its own. The server has one
core, provider and readers have the other: _direct_ reads the provider with nothing between, and
shows what of the lag is theirs; _forward_ is a proxy that only copies bytes. Medians of {repeats}.
"""
START = """## The start

JupyterLab with our wheel and the same JupyterLab without it. Medians of {repeats}.
"""


def table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def number(value: float, digits: int = 1) -> str:
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"


def pair(low: float, high: float) -> str:
    return f"{number(low)} / {number(high)}"


# ------------------------------------------------ the parts


def lag_table(rows: list[Row]) -> str:
    paced = [row for row in rows if row["rate"]]
    return table(
        [
            "lag p50 / p95, ms",
            "runs",
            "panel",
            "marked",
            "text",
            "client",
            "worst timer",
            "longest task",
        ],
        [
            [
                f"`{row['name']}`",
                row["repeats"],
                *(
                    pair(row[one]["lagP50Ms"], row[one]["lagP95Ms"])
                    for one in ("panel", "marked", "text", "client")
                ),
                pair(row["panel"]["worstTimerMs"], row["text"]["worstTimerMs"]),
                pair(row["panel"]["longestTaskMs"], row["text"]["longestTaskMs"]),
            ]
            for row in paced
        ],
    )


def main_table(rows: list[Row]) -> str:
    lines = []
    for row in rows:
        floor = row["text"]["mainMs"] + row["once"]["mainMs"]
        lines.append(
            [
                f"`{row['name']}`",
                row["repeats"],
                number(row["panel"]["mainMs"], 0),
                number(row["marked"]["mainMs"], 0),
                number(row["text"]["mainMs"], 0),
                number(row["once"]["mainMs"], 0),
                number(row["panel"]["mainMs"] / floor, 2),
                number(row["panel"]["lagLastMs"], 0),
                number(row["panel"]["heapMB"]),
                number(row["panel"]["nodes"], 0),
            ]
        )
    head = ["main, ms", "runs", "panel", "marked", "text", "once", "panel / (text + once)"]
    return table([*head, "last chunk, ms", "heap, MB", "nodes"], lines)


def growth_table(rows: list[Row]) -> str:
    """Tell the exponent of main-thread time over the length, of the panel and the text page."""
    lines = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        fast = [row for row in rows if row["kind"] == kind and not row["rate"]]
        fast.sort(key=lambda row: row["tokens"])
        if len(fast) < 2:
            continue
        first, last = fast[0], fast[-1]
        grown = math.log(last["tokens"] / first["tokens"])
        exponents = [
            math.log(last[one]["mainMs"] / first[one]["mainMs"]) / grown
            for one in ("panel", "text")
        ]
        times = " → ".join(number(row["panel"]["mainMs"], 0) for row in fast)
        sizes = " → ".join(f"{row['tokens']:,}" for row in fast)
        lines.append([kind, sizes, times, *(number(one, 2) for one in exponents)])
    return table(["", "chunks", "main, ms", "panel's exponent", "text's"], lines)


def peer_table(rows: list[Row]) -> str:
    lines = []
    for row in rows:
        for name in ("panel", *PEER_NAMES):
            if (one := row.get(name)) is None:
                continue
            lines.append(
                [
                    f"`{row['name']}` {name.replace('panel', 'JupyterLab GPT')}",
                    pair(one["lagP50Ms"], one["lagP95Ms"]),
                    number(one["lagP50Ms"] / row["panel"]["lagP50Ms"]),
                    f"{one['chunksSeen']:,.0f} of {one['chunksMarked']:,.0f}",
                    number(one["lagLastMs"], 0),
                    number(one["mainMs"], 0),
                    number(one["worstTimerMs"], 0),
                ]
            )
    head = ["", "lag p50 / p95, ms", "× the panel's", "shown", "last chunk, ms", "main, ms"]
    return table([*head, "timer, ms"], lines)


def stream(data: Row) -> str:
    rows = data["rows"]
    note = (
        "In the last two columns: the panel, and after the stroke the text page. The client is a "
        "bare Python program that reads the stream.\n"
    )
    parts = [STREAM, lag_table(rows), note, main_table(rows)]
    parts += [GROWTH, growth_table(rows)]
    if beside := [row for row in rows if any(name in row for name in PEER_NAMES)]:
        parts += [PEERS, peer_table(beside)]
    return "\n".join(parts)


def server(data: Row) -> str:
    lines = []
    for row in data["rows"]:
        ours, forward, direct = row["panel"], row["forward"], row["direct"]
        lines.append(
            [
                row["streams"],
                *(pair(one["lagP50Ms"], one["lagP99Ms"]) for one in (ours, forward, direct)),
                pair(ours["cpuPerChunkUs"], forward["cpuPerChunkUs"]),
                number(ours["cpuPerChunkUs"] / forward["cpuPerChunkUs"]),
                number(ours["cpuPercent"], 0),
                number(ours["loadPercent"], 0),
                number(ours["memoryPerStreamKB"], 0),
            ]
        )
    head = ["streams", "ours p50 / p99, ms", "forward", "direct", "CPU a chunk, µs: ours / forward"]
    more = ["ratio", "server's core, %", "load's core, %", "kB a stream"]
    told = SERVER.format(repeats=data["repeats"])
    return "\n".join([told, table([*head, *more], lines)])


def start(data: Row, page: Row | None) -> str:
    told = START.format(repeats=data["repeats"])
    lines = [
        ["server ready, ms", *(number(data[one]["readyMs"], 0) for one in ("plain", "panel"))],
        ["CPU until then, ms", *(number(data[one]["cpuMs"], 0) for one in ("plain", "panel"))],
        ["server's memory, MB", *(number(data[one]["memoryMB"]) for one in ("plain", "panel"))],
    ]
    if page is None:
        return "\n".join([told, table(["", "without", "with"], lines)])
    plain, ours = page["plain"], page["panel"]
    for label, key in (
        ("page loaded, ms", "loadMs"),
        ("page's main thread, ms", "mainMs"),
        ("page's heap, MB", "heapMB"),
        ("server's memory with the page, MB", "serverMemoryMB"),
    ):
        lines.append([label, number(plain[key]), number(ours[key])])
    for label, key, unit in (
        ("JavaScript before the panel opens, kB gzipped", "gzipBefore", 1000),
        ("JavaScript with the panel open, kB gzipped", "gzipAfter", 1000),
        ("click → one can type, ms", "clickMs", 1),
        ("first prompt after a cold start → first word painted, ms", "firstTokenMs", 1),
        ("of this until the provider had sent it, ms", "beforeProviderMs", 1),
        ("server's memory with the panel open, MB", "serverMemoryOpenMB", 1),
    ):
        lines.append([label, "", number(ours[key] / unit)])
    return "\n".join([told, table(["", "without", "with"], lines)])


# ------------------------------------------------ all of it


def write_charts(rows: list[Row], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    targets = ("panel", "marked", "text")
    paced = [row for row in rows if row["rate"]]
    names = [row["name"] for row in paced]
    middle, high = (
        {one: [row[one][key] for row in paced] for one in targets}
        for key in ("lagP50Ms", "lagP95Ms")
    )
    title = "From the provider to the painted frame: median, and p95 as a line"
    (folder / "performance-lag.svg").write_text(bars(title, "ms", names, middle, high))
    # The other lengths are in the table of how it grows.
    rows = [row for row in rows if row["rate"] or row["tokens"] == 20_000]
    seconds = {one: [row[one]["mainMs"] / 1000 for row in rows] for one in targets}
    title = "Time that the page's main thread was busy"
    names = [row["name"] for row in rows]
    (folder / "performance-main.svg").write_text(bars(title, "s", names, seconds))


def main() -> None:
    committed = ROOT / "benchmarks" / "results"
    results = Path(os.environ.get("BENCH_RESULTS", committed))
    docs = ROOT / "docs" if results == committed else results
    data = {file.stem: json.loads(file.read_text()) for file in results.glob("*.json")}
    if not data:
        raise SystemExit(f"no results in {results}: run `make bench`")
    machine: Row = {}
    for part in data.values():
        machine |= part["machine"]
    told = f"{machine['cpus']} cores ({machine['cpu']})"
    for key, name in (("browser", "Chromium"), ("python", "Python"), ("node", "Node")):
        if key in machine:
            told += f", {name} {machine[key]}"
    parts = [INTRO.format(machine=told)]
    if "stream" in data:
        write_charts(data["stream"]["rows"], docs / "images")
        parts.append(stream(data["stream"]))
    if "server" in data:
        parts.append(server(data["server"]))
    if "start-server" in data:
        parts.append(start(data["start-server"], data.get("start-page")))
    (docs / "performance.md").write_text("\n".join(parts))
    print(f"written: {docs / 'performance.md'}")


if __name__ == "__main__":
    main()
