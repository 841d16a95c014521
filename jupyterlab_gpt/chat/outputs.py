"""What a kernel printed, as it is sent: no colours, no base64, the middle of long texts gone."""

from __future__ import annotations

import re

# Lines kept of the beginning and of the end: what the panel keeps of an output (40) and of a
# traceback (60) too, so nothing is cut twice. 40 lines of a table are about 1,500 tokens.
OUTPUT_LINES = 40
TRACEBACK_LINES = 60
# Characters kept of one line: the panel cuts at 1,000; a table of 200 columns has 4,000.
LINE_CHARACTERS = 4000

# CSI and OSC sequences, and two-character escapes: what IPython's tracebacks are full of.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
# The smallest image there is, a GIF of one pixel, has 56 characters.
_DATA_URI = re.compile(r"data:([\w.+-]+)/[\w.+-]+(?:;[\w=.+-]+)*;base64,[A-Za-z0-9+/=_-]{48,}")
# A line that is nothing but base64. Encoders break lines at 76 or not at all; a hash has at
# most 128, and only one case, as have sequences of DNA.
_BASE64_LINE = re.compile(
    r"^(?=[^a-z\n]*[a-z])(?=[^A-Z\n]*[A-Z])(?=[^0-9\n]*[0-9])[A-Za-z0-9+/]{200,}={0,2}$",
    re.MULTILINE,
)


def output_text(text: str) -> str:
    """Prepare the text of an output."""
    return _head_and_tail(_without_base64(strip_ansi(text)), OUTPUT_LINES)


def traceback_text(text: str) -> str:
    """Prepare a traceback."""
    return _head_and_tail(_without_base64(strip_ansi(text)), TRACEBACK_LINES)


def strip_ansi(text: str) -> str:
    """Take the colours of a terminal out of a text."""
    return _ANSI.sub("", text)


def _without_base64(text: str) -> str:
    text = _DATA_URI.sub(lambda found: _left_out(found[1]), text)
    return _BASE64_LINE.sub(_left_out("data"), text)


def _left_out(kind: str) -> str:
    return "[image left out]" if kind == "image" else "[base64 left out]"


def _head_and_tail(text: str, keep: int) -> str:
    end = "\n" if text.endswith("\n") else ""
    lines = text.removesuffix("\n").split("\n")
    # One line more is left alone: the panel has put its own "lines left out" there.
    if len(lines) > 2 * keep + 1:
        missing = f"… {len(lines) - 2 * keep:,} lines left out …"
        lines = [*lines[:keep], missing, *lines[-keep:]]
    return "\n".join(_shortened(line) for line in lines) + end


def _shortened(line: str) -> str:
    if len(line) <= LINE_CHARACTERS:
        return line
    return f"{line[:LINE_CHARACTERS]}… [{len(line) - LINE_CHARACTERS:,} more characters]"
