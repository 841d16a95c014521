"""The month's budget."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..ledger import budget
from .base import GPTHandler, secured


class BudgetHandler(GPTHandler):
    """`budget`."""

    @secured("read")
    async def get(self) -> None:
        """Tell it, and what of it is spent."""
        owner, cap = self.owner, self.services.monthly_cap
        self.reply(await self.services.db.read(lambda conn: budget.get(conn, owner, cap=cap)))

    @secured("write")
    async def put(self) -> None:
        """Set it, or take it away; all tabs hear of it."""
        owner, cap = self.owner, self.services.monthly_cap
        asked = await self.parse("BudgetPut")

        def change(conn: sqlite3.Connection) -> dict[str, Any]:
            budget.put(conn, owner, monthly_usd=asked.monthly_usd, tz=asked.tz)
            return budget.get(conn, owner, cap=cap)

        changed = await self.services.db.write(change)
        self.services.sessions.get(owner).tell_budget(changed)
        self.reply(changed)
