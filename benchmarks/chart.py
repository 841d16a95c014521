"""A bar chart as SVG, in the style of the Usage view's: no library, legible on light and dark."""

from __future__ import annotations

import math
from html import escape

COLOURS = ("#1976d2", "#8e6bbf", "#8a8f98")
STYLE = """text { font: 12px sans-serif; fill: #222; } .grid { stroke: #8884; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } }"""
LABEL, WIDTH, BAR, GAP, HEAD = 170, 720, 10, 10, 58
# Of the numbers behind the bars.
ROOM = 130


def nice(most: float) -> float:
    """A round step of which four or five cover `most`."""
    step = 10.0 ** math.floor(math.log10(max(most, 1e-9) / 4))
    return next(step * n for n in (1.0, 2.0, 2.5, 5.0, 10.0) if step * n * 5 >= most)


def bars(
    title: str,
    unit: str,
    names: list[str],
    series: dict[str, list[float]],
    whiskers: dict[str, list[float]] | None = None,
) -> str:
    """Horizontal bars, a group for each name; a whisker is a second, larger value of the same."""
    most = max(max(values) for values in (whiskers or series).values())
    step = nice(most)
    scale = (WIDTH - LABEL - ROOM) / max(most, step)
    group = len(series) * BAR + GAP
    height = HEAD + len(names) * group + 24
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>',
    ]
    x = 0.0
    for name, colour in zip(series, COLOURS, strict=False):
        out.append(f'<rect x="{x:.0f}" y="28" width="10" height="10" fill="{colour}"/>')
        out.append(f'<text x="{x + 15:.0f}" y="37">{escape(name)}</text>')
        x += 40 + 7 * len(name)
    for n in range(int(most / step) + 1):
        at = LABEL + n * step * scale
        out.append(
            f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{HEAD - 8}" y2="{height - 20}"/>'
        )
        out.append(
            f'<text x="{at:.1f}" y="{height - 6}" text-anchor="middle">{n * step:g} {unit}</text>'
        )
    for row, name in enumerate(names):
        top = HEAD + row * group
        middle = top + len(series) * BAR / 2 + 4
        out.append(
            f'<text x="{LABEL - 8}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>'
        )
        for number, (key, values) in enumerate(series.items()):
            y = top + number * BAR
            value, end = values[row], values[row]
            out.append(
                f'<rect x="{LABEL}" y="{y}" width="{value * scale:.1f}" height="{BAR - 2}" '
                f'fill="{COLOURS[number]}"/>'
            )
            if whiskers:
                end = whiskers[key][row]
                line = f'y1="{y + 4}" y2="{y + 4}" stroke="{COLOURS[number]}"'
                out.append(f'<line x1="{LABEL}" x2="{LABEL + end * scale:.1f}" {line}/>')
            if number == 0:
                told = f"{value:.3g} (p95 {end:.3g}) {unit}" if whiskers else f"{value:.3g} {unit}"
                at = LABEL + max(value, end) * scale + 6
                out.append(f'<text x="{at:.1f}" y="{y + 8}">{told}</text>')
    return "\n".join([*out, "</svg>", ""])
