"""One chunk of a chat completion into events, whatever its provider makes of the format.

Everything here tolerates: null where a list should be, content as a list of parts,
several choices (only the first is read), usage under other names or as nonsense.
What a provider says went wrong is raised, never passed over.
"""

from __future__ import annotations

import re
from typing import Any

from ..errors import ProviderError
from .base import ProviderEvent, Text, Thinking, UsageSeen
from .faults import stream_error

_FINISH = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "max_output_tokens": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "refusal": "content_filter",
    # No tool was offered, so none runs; the user is told that the model wanted one.
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
}
# Tabs and line ends are text; other control characters could act in a terminal or a log.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# More tokens than any context holds; beyond it a count is nonsense.
_MAX_TOKENS = 10**9


class ChunkReader:
    """Reads the chunks of one answer, and remembers how it ended.

    Attributes
    ----------
    finish
        `stop`, `length`, `content_filter` or `tool_calls` once the provider said so.
    bytes_seen
        Bytes of text and thinking so far, for the cap.
    """

    def __init__(self, host: str, secrets: tuple[str, ...]) -> None:
        self.finish: str | None = None
        self.bytes_seen = 0
        self.seen_chunk = False
        self._host = host
        self._secrets = secrets
        self._usage: dict[str, Any] | None = None
        self._high = {"text": "", "thinking": ""}
        self._refused = False

    def feed(self, chunk: Any) -> list[ProviderEvent]:
        """Read one decoded chunk.

        Raises
        ------
        ProviderError
            The chunk is an error.
        """
        if not isinstance(chunk, dict):
            return []
        if (said := error_in(chunk)) is not None:
            raise self._error(said)
        events: list[ProviderEvent] = []
        choice = first_choice(chunk.get("choices"))
        if choice is not None:
            self.seen_chunk = True
            self._read_choice(choice, events)
        usage = chunk.get("usage")
        if usage is None and isinstance(chunk.get("x_groq"), dict):
            usage = chunk["x_groq"].get("usage")
        if isinstance(usage, dict) and usage != self._usage:
            self._usage = usage
            if (counted := read_usage(usage)) is not None:
                events.append(UsageSeen(counted, usage))
        return events

    def _read_choice(self, choice: dict[str, Any], events: list[ProviderEvent]) -> None:
        delta = choice.get("delta")
        if not isinstance(delta, dict) or not delta:
            message = choice.get("message")
            delta = message if isinstance(message, dict) else {}
        thinking = text_in(delta.get("reasoning_content")) or text_in(delta.get("reasoning"))
        content = delta.get("content", choice.get("text"))
        text = content if isinstance(content, str) else text_in(content)
        if isinstance(content, list):
            thinking += text_in(content, "thinking")
        if refusal := text_in(delta.get("refusal")):
            self._refused = True
            text += refusal
        if thinking and (clean := self._clean(thinking, "thinking")):
            events.append(Thinking(clean))
        if text and (clean := self._clean(text, "text")):
            events.append(Text(clean))
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            if reason == "error":
                raise self._error("The provider ended the answer with an error.")
            self.finish = _FINISH.get(reason.lower(), "stop")
            if self._refused:
                self.finish = "content_filter"

    def _clean(self, text: str, kind: str) -> str:
        """Make text that a database, a log and a cell can hold."""
        text = self._high[kind] + text
        self._high[kind] = ""
        if text.isascii():
            self.bytes_seen += len(text)
        else:
            # Half of a surrogate pair: its other half may come with the next chunk.
            if "\ud800" <= text[-1] <= "\udbff":
                text, self._high[kind] = text[:-1], text[-1]
            try:
                self.bytes_seen += len(text.encode())
            except UnicodeEncodeError:
                text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                self.bytes_seen += len(text.encode())
        return _CONTROL.sub("\ufffd", text)

    def _error(self, said: Any) -> ProviderError:
        return stream_error(said, self._host, self._secrets)


def first_choice(choices: Any) -> dict[str, Any] | None:
    """Take choice 0: nobody asked for the others."""
    if not isinstance(choices, list):
        return None
    for choice in choices:
        if isinstance(choice, dict) and choice.get("index", 0) in (0, None):
            return choice
    return None


def text_in(content: Any, kind: str = "text") -> str:
    """Take the text of a string, or of a list of parts of one kind."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    found = []
    for part in content:
        if isinstance(part, str) and kind == "text":
            found.append(part)
        elif isinstance(part, dict) and part.get("type", "text") == kind:
            found.append(text_in(part.get(kind)))
    return "".join(found)


def error_in(chunk: dict[str, Any]) -> Any | None:
    """Find what a chunk says went wrong: an object, a string, or `{"object": "error"}`."""
    error = chunk.get("error")
    if error:
        return error
    if chunk.get("object") == "error" or chunk.get("type") == "error":
        return chunk
    return None


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The comparison is false for NaN too.
    return int(value) if 0 <= value < _MAX_TOKENS and value == int(value) else None


def read_usage(raw: dict[str, Any]) -> dict[str, Any] | None:
    """Read the provider's own count, under any of the names in use; nonsense is None."""
    inside = raw.get("prompt_tokens_details") or raw.get("input_tokens_details")
    given = inside if isinstance(inside, dict) else {}
    inside = raw.get("completion_tokens_details") or raw.get("output_tokens_details")
    made = inside if isinstance(inside, dict) else {}
    prompt = _count(raw.get("prompt_tokens", raw.get("input_tokens")))
    completion = _count(raw.get("completion_tokens", raw.get("output_tokens")))
    if prompt is None and completion is None:
        return None
    cached = _count(given.get("cached_tokens", raw.get("prompt_cache_hit_tokens")))
    written = _count(given.get("cache_write_tokens", given.get("cache_creation_tokens")))
    reasoning = _count(made.get("reasoning_tokens"))
    # A part that is larger than its whole counts as unknown.
    if prompt is None or (cached or 0) + (written or 0) > prompt:
        cached = written = None
    if completion is None or (reasoning or 0) > completion:
        reasoning = None
    return {
        "input": prompt,
        "cached_input": cached,
        "cache_write": written,
        "output": completion,
        "reasoning": reasoning,
        "estimated": False,
    }
