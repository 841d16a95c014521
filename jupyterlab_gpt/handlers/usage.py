"""What calls used and cost: as a report, and as a table in text."""

from __future__ import annotations

from ..ledger.report import Span, read_span, usage_csv, usage_report
from .base import GPTHandler, secured


class UsageHandler(GPTHandler):
    """`usage`."""

    @secured("read")
    async def get(self) -> None:
        """Add up the calls of some days, `?from=&to=&tz=`; by default the last 30.

        Both days are included; 400 at most.
        """
        owner, span = self.owner, asked(self)
        self.reply(await self.services.db.read(lambda conn: usage_report(conn, owner, span)))


class UsageCsvHandler(GPTHandler):
    """`usage.csv`."""

    @secured("read")
    async def get(self) -> None:
        """List the calls of some days, `?from=&to=&tz=`, a line for each, as a file."""
        owner, span = self.owner, asked(self)
        text = await self.services.db.read(lambda conn: usage_csv(conn, owner, span))
        name = f"gpt-usage-{span.first}-{span.last}.csv"
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(text, set_content_type="text/csv; charset=utf-8")


def asked(handler: GPTHandler) -> Span:
    """Read the days that a request asks for.

    Raises
    ------
    InvalidRequest
        They are none; bad_timezone.
    """
    first, last, tz = (handler.get_query_argument(name, "") for name in ("from", "to", "tz"))
    return read_span(first, last, tz)
