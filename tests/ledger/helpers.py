"""What the tests of the ledger share."""

from __future__ import annotations

from decimal import Decimal

from jupyterlab_gpt.ledger import ledger
from jupyterlab_gpt.ledger.prices import Rates
from jupyterlab_gpt.store.values import utc_now
from tests.store.helpers import new_id

OPENAI = "https://api.openai.com/v1"
# gpt-6-luna, as cost.md has it.
LUNA = Rates(Decimal("0.1"), Decimal("0.01"), Decimal("0.125"), Decimal("0.5"), "table")
FREE = Rates(Decimal(0), Decimal(0), Decimal(0), Decimal(0), "local")


def usage(input_, output, cached=None, written=None, estimated=False):
    return {
        "input": input_,
        "cached_input": cached,
        "cache_write": written,
        "output": output,
        "reasoning": None,
        "estimated": estimated,
    }


def book(conn, **changes):
    values = {
        "owner": "ada",
        "request_id": new_id(),
        "conversation_id": new_id(),
        "answer_id": new_id(),
        "notebook": "a.ipynb",
        "provider": "default",
        "host": "api.openai.com",
        "base_url": OPENAI,
        "model": "gpt-6-luna",
        "attempt": 1,
        "started": utc_now(),
        "counted": 1000,
        "rates": LUNA,
        "server_id": "a server",
    }
    return ledger.book(conn, **{**values, **changes})


def settle(conn, call, tokens=None, **changes):
    values = {
        "ended": utc_now(),
        "status": "complete",
        "usage": tokens,
        "raw_usage": None,
        "error_code": None,
    }
    ledger.settle(conn, call, **{**values, **changes})


def row(conn, call, *names):
    found = conn.execute(f"SELECT {', '.join(names)} FROM calls WHERE id = ?", (call,)).fetchone()
    return found if len(names) > 1 else found[0]
