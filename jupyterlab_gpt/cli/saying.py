"""How the commands end, and where they speak."""

from __future__ import annotations

import sys

# Exit codes: argparse itself uses 2 for a wrong command line, shells 128 + 2 for Ctrl-C.
OK, FAILED, STOPPED = 0, 1, 130


def say(text: str) -> None:
    """Tell the user something that is no output."""
    print(text, file=sys.stderr, flush=True)
