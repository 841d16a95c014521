"""Values on their way into the database and out of it: text, JSON, times."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

# What SQLite or UTF-8 cannot take: NUL ends a string for many readers, and a lone surrogate
# (half of a character that a provider cut in two) cannot be encoded at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def clean_text(text: str) -> str:
    """Text that can be stored and sent: lone surrogates and NULs become U+FFFD.

    A surrogate pair that came as two characters becomes the one that it means.
    """
    if not _UNSTORABLE.search(text):
        return text
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSTORABLE.sub(_REPLACEMENT, joined)


def clean_json(value: Any) -> Any:
    """A JSON value with every string in it cleaned, keys included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_json(item) for item in value]
    return value


def dumps(value: Any) -> str:
    """A JSON value as it is stored: cleaned, compact, readable."""
    return json.dumps(clean_json(value), ensure_ascii=False, separators=(",", ":"))


def dumps_or_none(value: Any) -> str | None:
    """As `dumps`; None stays NULL."""
    return None if value is None else dumps(value)


def loads_or_none(text: str | None) -> Any:
    """A stored JSON value; NULL stays None."""
    return None if text is None else json.loads(text)


def utc_now() -> str:
    """The time as it is stored and sent: ``2026-11-22T21:00:00.123Z``."""
    return utc_text(datetime.now(UTC))


def utc_text(moment: datetime) -> str:
    """A moment as it is stored and sent."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
