"""What one endpoint takes and what it does not, learned from its refusals and remembered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from .base import ProviderRequest
from .faults import HTTPRefused
from .urls import has_version, is_openai

# The two names of the reply limit. Old servers and most local ones know the first; OpenAI's
# reasoning models take only the second. Ollama passes over the second in silence, which would
# mean no limit at all: so the second comes first only where it is known to be right.
OLD_LIMIT, NEW_LIMIT = "max_tokens", "max_completion_tokens"
_UNKNOWN = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|not permitted|forbidden"
    r"|not allowed|invalid (field|argument|parameter)|extra",
    re.IGNORECASE,
)
# What nobody asked for by name, so that leaving it out is not said.
_QUIET = ("prompt_cache_key", "prompt_cache_options")
# What may be left out; the reply limit and `stream_options` have rules of their own.
_DROPPABLE = ("temperature", "reasoning_effort", "verbosity", *_QUIET)
# Models whose cache costs for writing, 1.25 times the input (cost.md): they can be told to
# write nothing. Others do not know the option.
_WRITES_CACHE = re.compile(r"gpt-(5\.[6-9]|[6-9]).*")
# The names that the user knows these by.
_SHOWN = {"reasoning_effort": "effort"}
# Models whose refusals are remembered, per endpoint; more than any user tries.
_MAX_MODELS = 1000


class Quirks:
    """The memory of one base URL; it outlives the client, so nothing is learned twice.

    Attributes
    ----------
    suffix
        `/v1` where the user's base URL turned out to lack it.

    Parameters
    ----------
    base_url
        As `urls.normalise` returns it.
    on_refusal
        Told of a model and the parameter that it was learned to refuse.
    """

    def __init__(self, base_url: str, on_refusal: Callable[[str, str], None] | None = None) -> None:
        self._on_refusal = on_refusal
        self._openai = is_openai(base_url)
        newer = self._openai or ".openai.azure.com" in base_url
        self._limit = NEW_LIMIT if newer else OLD_LIMIT
        self._limits: dict[str, str | None] = {}
        self._refused_limits: dict[str, set[str]] = {}
        self._stream_options = True
        self._stream_options_known = False
        self._dropped: dict[str, set[str]] = {}
        self._versioned = has_version(base_url)
        self.suffix = ""

    def body(self, request: ProviderRequest) -> dict[str, Any]:
        """Build the body of a request, without `model` and `messages`."""
        limit = self._limits.get(request.model, self._limit)
        wanted: dict[str, Any] = {
            "temperature": request.temperature,
            "reasoning_effort": request.effort,
            "verbosity": request.verbosity,
            # Nobody asked for this one by name, so only those who know it get it.
            "prompt_cache_key": request.cache_key if self._openai else None,
        }
        if request.one_shot and self._openai and _WRITES_CACHE.fullmatch(request.model):
            wanted["prompt_cache_options"] = {"mode": "explicit"}
        if limit is not None:
            wanted[limit] = request.max_output_tokens
        if self._stream_options:
            options: dict[str, Any] = {"include_usage": True}
            if self._openai:
                # Padding against an eavesdropper who counts bytes: 30 % of the wire.
                options["include_obfuscation"] = False
            wanted["stream_options"] = options
        dropped = self._dropped.get(request.model, ())
        return {k: v for k, v in wanted.items() if v is not None and k not in dropped}

    def adapt(self, error: HTTPRefused, body: dict[str, Any], model: str) -> list[str] | None:
        """Learn from a refusal.

        Returns
        -------
        list of str or None
            The parameters that the user asked for and that are now left out (often
            none); None when asking again would change nothing.
        """
        if error.status not in (400, 422) or error.code != "provider_bad_request":
            return None
        for name in (NEW_LIMIT, OLD_LIMIT):
            if _names(error, name, body) and _UNKNOWN.search(error.words):
                return self._other_limit(name, model)
        for name in _DROPPABLE:
            if _names(error, name, body):
                self.recall([(model, name)])
                if self._on_refusal is not None:
                    self._on_refusal(model, name)
                return [] if name in _QUIET else [_SHOWN.get(name, name)]
        if _names(error, "stream_options", body) or _names(error, "include_usage", body):
            self._stream_options = False
            return []
        return None

    def may_be_stream_options(self, error: HTTPRefused, body: dict[str, Any]) -> bool:
        """Say whether a refusal that names nothing may mean the option `stream_options`."""
        return (
            error.status in (400, 422)
            and error.code == "provider_bad_request"
            and "stream_options" in body
            and error.param is None
            and not self._openai
            and not self._stream_options_known
        )

    def answered(self, body: dict[str, Any]) -> None:
        """Remember that this endpoint takes the option: a later refusal means something else."""
        self._stream_options_known |= "stream_options" in body

    def forget_stream_options(self) -> None:
        """Remember that this endpoint answers only without the option."""
        self._stream_options = False

    def try_suffix(self, error: HTTPRefused) -> bool:
        """Say whether the base URL may lack its /v1, as `http://host:11434` does."""
        lacks = error.detail.get("setting") == "base_url" and error.status == 404
        return lacks and not self._versioned and not self.suffix

    def recall(self, refusals: Iterable[tuple[str, str]]) -> None:
        """Take over what was learned before: models and the parameters that they refuse."""
        for model, name in refusals:
            known = len(self._dropped) < _MAX_MODELS or model in self._dropped
            if known and name in _DROPPABLE:
                self._dropped.setdefault(model, set()).add(name)

    def refused(self, model: str) -> list[str]:
        """Name the parameters that a model is known to refuse, as the user knows them."""
        dropped = self._dropped.get(model, ())
        return [
            _SHOWN.get(name, name) for name in _DROPPABLE if name in dropped and name not in _QUIET
        ]

    def _other_limit(self, name: str, model: str) -> list[str]:
        refused = self._refused_limits.setdefault(model, set())
        refused.add(name)
        if refused >= {OLD_LIMIT, NEW_LIMIT}:
            self._limits[model] = None
            return ["max_output_tokens"]
        self._limits[model] = OLD_LIMIT if name == NEW_LIMIT else NEW_LIMIT
        return []


def _names(error: HTTPRefused, name: str, body: dict[str, Any]) -> bool:
    """Say whether a refusal means this parameter, and it was sent."""
    if name not in body and name != "include_usage":
        return False
    if error.param:
        return error.param.split(".")[0] == name
    # Not a part of a longer name: max_tokens stands inside no other one, but be sure.
    return re.search(rf"(?<![\w]){name}(?![\w])", error.words) is not None
