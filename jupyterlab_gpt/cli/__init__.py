"""The command ``jupyter-gpt``.

::

    fetch.py          fetch-model: the weights of the built-in model
    doctor.py         doctor: what is wrong, and what to do about it
    network.py        the doctor's look at endpoint, proxy, certificates and key
    disk.py           the doctor's look at database and file system
    usage.py          usage: what was spent, by day, model and user
    configuration.py  our traits as a server would read them

Standard library only until a command runs, so that it answers at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .. import __version__
from . import doctor, fetch, usage
from .saying import FAILED, OK, STOPPED

__all__ = ["FAILED", "OK", "STOPPED", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Instead of the command line's.

    Returns
    -------
    int
        0 done, 1 failed, 130 stopped.
    """
    parser = argparse.ArgumentParser(
        prog="jupyter-gpt", description="JupyterLab GPT from the command line."
    )
    parser.add_argument("--version", action="version", version=f"jupyter-gpt {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in (fetch, doctor, usage):
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return STOPPED
