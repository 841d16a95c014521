"""The bundled price data: which model of which provider is meant, and what it costs now.

The provider is found by the endpoint's URL and never guessed from the model's name: a
tag of a server of the user's own is not billed as the hosted namesake. The data come
with `genai-prices`; nothing is fetched.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

# What we count and are billed for, by the table's own names.
_INPUT, _OUTPUT = "input_mtok", "output_mtok"
_CACHED, _WRITTEN = "cache_read_mtok", "cache_write_mtok"
_COUNTED = frozenset((_INPUT, _OUTPUT, _CACHED, _WRITTEN))
# Prices of what we never send and never ask for: sound, film, searches by the provider,
# caches that live for an hour. Any other price that we cannot compute (per request, per
# image, for thinking) makes the whole unknown.
_NEVER_USED = frozenset(
    (
        "input_audio_mtok",
        "cache_audio_read_mtok",
        "output_audio_mtok",
        "input_video_mtok",
        "web_searches_kcount",
        "storage_searches_kcount",
        "cache_write_1h_mtok",
    )
)
# Models whose place in the table is remembered: five lists as long as OpenRouter's.
_REMEMBERED = 5000


@dataclass
class _Provider:
    """A provider of the table, with its models by the names that they equal."""

    entry: Any
    equal: dict[str, int] = field(default_factory=dict)
    # The clauses that must be tried one by one, with their model's place.
    others: list[tuple[int, Any]] = field(default_factory=list)

    def find(self, model: str) -> Any | None:
        """Find the first model that matches, as the table itself would, but at once."""
        place = self.equal.get(model)
        for index, clause in self.others:
            if place is not None and index >= place:
                break
            if clause.is_match(model):
                place = index
                break
        return None if place is None else self.entry.models[place]


class PriceTable:
    """Looks prices up in the bundled data; safe from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._providers: dict[str, _Provider | None] = {}
        self._models: dict[tuple[str, str], Any | None] = {}

    def prices(
        self, base_url: str, model: str, *, input_tokens: int, when: datetime
    ) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
        """Tell the price per million: input, cached input, cache write, output.

        Parameters
        ----------
        base_url
            Of the endpoint.
        model
            As the endpoint names it.
        input_tokens
            Of the whole prompt: some prices rise with it, for all of its tokens.
        when
            Some prices depend on the day, or on the hour.

        Returns
        -------
        tuple of Decimal, or None
            None where the endpoint or the model is not in the table, or is billed by what
            we cannot count.
        """
        with self._lock:
            found = self._model(base_url, model)
        if found is None:
            return None
        given = {k: v for k, v in vars(found.get_prices(when)).items() if v is not None}
        if _INPUT not in given or _OUTPUT not in given or given.keys() - _COUNTED - _NEVER_USED:
            return None
        rate = {key: _at(given[key], input_tokens) for key in given.keys() & _COUNTED}
        return (
            rate[_INPUT],
            rate.get(_CACHED, rate[_INPUT]),
            rate.get(_WRITTEN, rate[_INPUT]),
            rate[_OUTPUT],
        )

    def context_length(self, base_url: str, model: str) -> int | None:
        """Tokens that a hosted model reads and writes; None: unknown."""
        with self._lock:
            found = self._model(base_url, model)
        window: int | None = None if found is None else found.context_window
        return window

    def _model(self, base_url: str, model: str) -> Any | None:
        key = (base_url, model)
        if key not in self._models:
            if len(self._models) >= _REMEMBERED:
                self._models.clear()
            self._models[key] = self._look_up(base_url, model.lower())
        return self._models[key]

    def _look_up(self, base_url: str, model: str) -> Any | None:
        provider = self._provider(base_url)
        if provider is None:
            return None
        found = provider.find(model)
        # The table's own, slow way also knows compact dates and what some providers resell.
        resells = provider.entry.fallback_model_providers
        if found is None and (resells or re.search(r"\d{8}", model)):
            from genai_prices.data_snapshot import get_snapshot

            found = provider.entry.find_model(model, all_providers=get_snapshot().providers)
        return found

    def _provider(self, base_url: str) -> _Provider | None:
        if base_url not in self._providers:
            if len(self._providers) >= _REMEMBERED:
                self._providers.clear()
            self._providers[base_url] = _read_provider(base_url)
        return self._providers[base_url]


def _read_provider(base_url: str) -> _Provider | None:
    from genai_prices.data_snapshot import get_snapshot
    from genai_prices.types import ClauseEquals, ClauseOr

    try:
        entry = get_snapshot().find_provider(None, None, base_url)
    except LookupError:
        return None
    match = re.match(entry.api_pattern, base_url)
    # The patterns are prefixes: `https://api.openai.com.evil.org` is another host.
    if match is None or not _ends_a_name(match[0], base_url[match.end() :]):
        return None
    provider = _Provider(entry)
    for index, model in enumerate(entry.models):
        clauses = model.match.or_ if isinstance(model.match, ClauseOr) else [model.match]
        for clause in clauses:
            if isinstance(clause, ClauseEquals):
                provider.equal.setdefault(clause.equals.lower(), index)
            else:
                provider.others.append((index, clause))
    return provider


def _ends_a_name(matched: str, rest: str) -> bool:
    return not rest or rest[0] in "/:" or matched[-1] in "/."


def _at(price: Any, input_tokens: int) -> Decimal:
    """Take the price of the tier that a prompt of this size is in, for all of its tokens."""
    if isinstance(price, Decimal):
        return price
    rate: Decimal = price.base
    for tier in price.tiers:  # in ascending order
        if input_tokens > tier.start:
            rate = tier.price
    return rate
