"""The way of the audit event to Jupyter Server's event log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..chat.audit import no_audit

if TYPE_CHECKING:
    from jupyter_events import EventLogger

TURN = "https://events.jupyter.org/jupyterlab_gpt/turn/v1"
_log = logging.getLogger(__name__)


_SCHEMA = Path(__file__).parents[1] / "events" / "turn.yaml"


def audit_to(logger: EventLogger | None) -> Callable[[dict[str, Any]], None]:
    """Register our schema; what is returned emits an event and never fails."""
    if logger is None:
        return no_audit
    logger.register_event_schema(_SCHEMA)

    def audit(event: dict[str, Any]) -> None:
        try:
            logger.emit(schema_id=TURN, data=event)
        except Exception as error:
            # A handler of the administrator's, or a value that the schema does not know: the
            # answer is whole and stored, and its end must reach the user all the same.
            _log.error("The event of a turn was not recorded: %s", type(error).__name__)

    return audit
