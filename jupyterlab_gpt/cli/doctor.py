"""`jupyter-gpt doctor`: looks at all that must be right, and says what to do."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .saying import FAILED, OK

if TYPE_CHECKING:
    from .configuration import Configured

_MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD "}


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes
    ----------
    state
        `ok`, `note` (works, but look at it) or `bad`.
    about
        What was looked at, in a word.
    text
        What was found.
    todo
        What to do about it.
    """

    state: str
    about: str
    text: str
    todo: str = ""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        help="check key, endpoint, model, price, database, disk, proxy and certificates",
        description="Check what JupyterLab GPT needs, as a server started here would find it, and "
        "say what to do. Asks the endpoint for its list of models, which costs nothing; sends no "
        "prompt and changes nothing. Ends with 1 if anything is bad.",
    )
    parser.add_argument(
        "--user",
        default=os.environ.get("JUPYTERHUB_USER") or "local",
        help="whose providers and keys (default: the hub's user, else who uses this machine)",
    )
    parser.set_defaults(run=doctor)


def doctor(options: argparse.Namespace) -> int:
    """Look at everything."""
    from .configuration import configured

    found = configured()
    bad = 0
    for finding in _look(found, options.user):
        print(f"{_MARKS[finding.state]} {finding.about:13} {finding.text}", flush=True)
        if finding.todo:
            print(f"     {'':13} → {finding.todo}", flush=True)
        bad += finding.state == "bad"
    print(
        f"\n{bad} of these must be mended." if bad else "\nEverything that must work does.",
        flush=True,
    )
    return FAILED if bad else OK


def _look(found: Configured, owner: str) -> Iterator[Finding]:
    from . import disk, network

    yield from _configuration(found)
    yield from disk.look(found.traits)
    yield from network.look(found.traits, owner)


def _configuration(found: Configured) -> Iterator[Finding]:
    for problem in found.problems:
        yield Finding(
            "bad", "configuration", problem, "The server leaves it out, or does not start: mend it."
        )
    if not found.problems:
        files = ", ".join(found.files) or "no files: all traits have their defaults"
        yield Finding("ok", "configuration", files)
    if getpass.getuser() == "root":
        yield Finding("note", "user", "root: what a server of another user finds may differ")
