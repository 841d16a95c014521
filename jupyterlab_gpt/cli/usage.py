"""`jupyter-gpt usage`: what was spent, by day, model and user."""

from __future__ import annotations

import argparse
import csv
import sys
from typing import Any

from .saying import FAILED, OK, say

_COLUMNS = ("day", "user", "provider", "model", "calls", "input", "output", "usd", "unpriced")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "usage",
        help="what was spent, by day, model and user",
        description="What the calls in this server's database cost, by day, model and user. "
        "Amounts only: never a word of a conversation. A day begins in the time zone given.",
    )
    parser.add_argument("--from", dest="first", default="", metavar="DAY", help="2026-11-01")
    parser.add_argument(
        "--to", dest="last", default="", metavar="DAY", help="the last day, included"
    )
    parser.add_argument("--tz", default="UTC", help="IANA time zone of the days (default: UTC)")
    parser.add_argument("--user", default=None, help="of this user only (default: of all)")
    parser.add_argument("--csv", action="store_true", help="as CSV, exact amounts")
    parser.set_defaults(run=usage)


def usage(options: argparse.Namespace) -> int:
    """Add up and print."""
    import sqlite3
    from contextlib import closing
    from pathlib import Path

    from ..errors import GPTError
    from ..handlers.services import DATABASE
    from ..ledger.report import read_span
    from ..store.disk import open_to_read
    from .configuration import configured

    path = Path(configured().told().traits.data_dir).expanduser() / DATABASE
    if not path.is_file():
        say(f"There is no database yet: {path}")
        return FAILED
    try:
        span = read_span(options.first, options.last, options.tz)
        with closing(open_to_read(path)) as conn:
            rows = _rows(conn, span, options.user)
    except GPTError as error:
        say(error.message)
        return FAILED
    except sqlite3.Error as error:
        say(f"{path} cannot be read: {error}. `jupyter-gpt doctor` says more.")
        return FAILED
    _write_csv(rows) if options.csv else _write_table(rows, f"{span.first} to {span.last}")
    return OK


def _rows(conn: Any, span: Any, user: str | None) -> list[dict[str, Any]]:
    from ..ledger.money import usd
    from ..store.report import by_day, owners

    rows = []
    for owner in owners(conn) if user is None else [user]:
        for row in by_day(conn, owner, span.days):
            amounts = {"usd": usd(row["nano"]), "user": owner}
            rows.append({**{name: row.get(name) for name in _COLUMNS}, **amounts})
    return sorted(rows, key=lambda r: (r["day"], r["user"], r["provider"], r["model"]))


def _write_csv(rows: list[dict[str, Any]]) -> None:
    from ..ledger.report import csv_cell

    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    writer.writerows([csv_cell(row[name]) for name in _COLUMNS] for row in rows)


def _write_table(rows: list[dict[str, Any]], when: str) -> None:
    from decimal import Decimal

    if not rows:
        print(f"Nothing was asked from {when}.")
        return
    total = sum((Decimal(row["usd"]) for row in rows), Decimal())
    lines = [list(_COLUMNS), *([str(row[name]) for name in _COLUMNS] for row in rows)]
    # What others wrote (a model's name) must not move the cursor.
    lines = [["".join(c if c.isprintable() else "?" for c in cell) for cell in ln] for ln in lines]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_COLUMNS))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
    calls, unpriced = (sum(row[name] for row in rows) for name in ("calls", "unpriced"))
    print(f"\n${total:f} for {calls} calls from {when}.")
    if unpriced:
        print(f"At least: the price of {unpriced} calls is not known.")
