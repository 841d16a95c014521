"""`jupyter-gpt usage`: amounts by day, model and user, and never a word."""

from __future__ import annotations

import csv
import io
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt import cli
from jupyterlab_gpt.store.database import Database

_CALLS = [
    ("ada", "2026-11-01T10:00:00.000Z", "gpt-6-luna", 1_234_567),
    ("ada", "2026-11-01T23:30:00.000Z", "gpt-6-luna", 1_000_000),
    ("bob", "2026-11-02T10:00:00.000Z", "=cmd()", 5),
    ("bob", "2026-11-02T11:00:00.000Z", "mystery", None),
]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jp_asyncio_loop: Any) -> Path:
    """A database with four calls."""
    folder = tmp_path / "config"
    folder.mkdir()
    path = tmp_path / "data" / "gpt.sqlite"
    monkeypatch.setattr(
        "jupyterlab_gpt.cli.configuration.jupyter_config_path", lambda: [str(folder)]
    )
    (folder / "jupyter_server_config.py").write_text(
        f"c.GPTExtension.data_dir = {str(path.parent)!r}\n"
    )

    async def make() -> None:
        db = Database(path)
        await db.read(lambda conn: conn.execute("SELECT 1").fetchone())
        await db.close()

    jp_asyncio_loop.run_until_complete(make())
    with sqlite3.connect(path) as conn:
        needed = [
            row[1] for row in conn.execute("PRAGMA table_info(calls)") if row[3] and row[4] is None
        ]
        for number, (owner, when, model, nano) in enumerate(_CALLS):
            row = dict.fromkeys(needed, "x")
            row |= {"id": number + 1, "owner": owner, "started": when, "ended": when}
            row |= {"model": model, "provider": "default", "host": "h", "status": "complete"}
            row |= {"cost_nano": nano, "input": 100, "output": 10}
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            conn.execute(f"INSERT INTO calls ({names}) VALUES ({marks})", list(row.values()))
    conn.close()
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["usage", "--from", "2026-11-01", "--to", "2026-11-30", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_by_day_model_and_user(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(r["day"], r["user"], r["model"], r["calls"]) for r in rows] == [
        ("2026-11-01", "ada", "gpt-6-luna", "2"),
        ("2026-11-02", "bob", "'=cmd()", "1"),
        ("2026-11-02", "bob", "mystery", "1"),
    ]
    assert Decimal(rows[0]["usd"]) == Decimal("0.002234567")
    assert rows[2]["unpriced"] == "1"


def test_as_a_table(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys)
    assert code == 0
    assert "$0.002234572 for 4 calls from 2026-11-01 to 2026-11-30." in out
    assert "At least: the price of 1 calls is not known." in out


def test_of_one_user_and_one_day(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "for 2 calls" in run(capsys, "--user", "bob")[1]
    # In Tokyo the second call of the 1st is one of the 2nd.
    out = run(capsys, "--user", "ada", "--to", "2026-11-01", "--tz", "Asia/Tokyo")[1]
    assert "for 1 calls" in out
    assert "Nothing was asked" in run(capsys, "--user", "eve")[1]


@pytest.mark.parametrize("wrong", [("--from", "yesterday"), ("--tz", "Mars/Olympus")])
def test_days_that_are_none(
    data: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, str]
) -> None:
    code, out, err = run(capsys, *wrong)
    assert (code, out) == (1, "")
    assert err


def test_without_a_database(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.unlink()
    code, _, err = run(capsys)
    assert code == 1
    assert "There is no database yet" in err
