"""What an administrator may know of a turn: ids and counts, never text (events/turn.yaml)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .turn import Turn

Event = dict[str, Any]


def turn_event(turn: Turn) -> Event:
    """Describe a turn that has ended."""
    ending = turn.ending
    usage = ending.get("usage") or {}
    cost = ending.get("cost") or {}
    error = ending.get("error") or {}
    return {
        "owner": turn.owner,
        "request_id": turn.request_id,
        "conversation_id": turn.conversation_id,
        "answer_id": turn.answer_id,
        **turn.asked,
        "parts": dict(Counter(part["type"] for part in turn.submit.get("parts") or [])),
        "attempts": turn.attempts,
        "status": turn.status,
        "finish_reason": ending.get("finish_reason"),
        "error_code": error.get("code"),
        "input_tokens": usage.get("input"),
        "cached_input_tokens": usage.get("cached_input"),
        "output_tokens": usage.get("output"),
        "cost_usd": cost.get("usd"),
        "estimated": bool(usage.get("estimated", True)),
        "seconds": ending.get("seconds"),
    }


def no_audit(_event: Event) -> None:
    """Tell nobody: where no server asked to be told."""
