"""The price of a model, and what a usage costs at it.

Order of trust: what the provider itself says a call cost, the user's own price, the
bundled table. Where none of them knows, the price is unknown: None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation, localcontext
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from .money import EXACT, MAX_USD, parse_usd, to_nano
from .table import PriceTable

# The provider that runs on this computer: free by construction.
LOCAL = "local"

_MILLION = 10**6
# Longest amount that a provider's `usage.cost` is read from, as for those that users type
# (protocol.PriceOverride).
_MAX_AMOUNT = 40


@dataclass(frozen=True)
class Rates:
    """USD per million tokens, and who says so: `override`, `table` or `local`."""

    input: Decimal
    cached_input: Decimal
    cache_write: Decimal
    output: Decimal
    source: str

    @property
    def is_free(self) -> bool:
        """Whether nothing costs anything."""
        return not (self.input or self.cached_input or self.cache_write or self.output)

    def to_json(self) -> dict[str, str]:
        """The rates as they are stored."""
        return {name: str(value) for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> Rates:
        """Read what `to_json` made."""
        rates = {name: Decimal(text) for name, text in stored.items() if name != "source"}
        return cls(**rates, source=stored["source"])


_FREE = Rates(Decimal(0), Decimal(0), Decimal(0), Decimal(0), source="local")


class Prices:
    """Finds rates; safe from all threads. The table is imported with the first question."""

    def __init__(self, administrators: Sequence[Mapping[str, Any]] = ()) -> None:
        self._administrators = administrators
        self._table = PriceTable()

    def rates(
        self,
        *,
        provider: str,
        base_url: str,
        model: str,
        overrides: Sequence[Mapping[str, Any]] = (),
        input_tokens: int = 0,
        when: datetime | None = None,
    ) -> Rates | None:
        """Tell what a call costs per million tokens.

        Parameters
        ----------
        provider
            Its id.
        base_url
            Of its endpoint.
        model
            As the endpoint names it.
        overrides
            The user's own prices (`protocol.PriceOverride`); the first that matches counts.
        input_tokens
            Of the whole prompt: some models' prices rise with it.
        when
            The time of the call; now by default.

        Returns
        -------
        Rates or None
            None: unknown.
        """
        if provider == LOCAL:
            return _FREE
        # The administrator's first: else a user's price of 0 would open the cap.
        for override in (*self._administrators, *overrides):
            if _matches(override, base_url, model):
                return _of_override(override)
        found = self._table.prices(
            base_url, model, input_tokens=input_tokens, when=when or datetime.now(UTC)
        )
        return None if found is None else Rates(*found, source="table")

    def context_length(self, base_url: str, model: str) -> int | None:
        """Tokens that a model of this endpoint reads and writes, by the bundled data."""
        return self._table.context_length(base_url, model)


def _matches(override: Mapping[str, Any], base_url: str, model: str) -> bool:
    url = override.get("base_url") or ""
    return (not url or _spelled(url) == _spelled(base_url)) and fnmatchcase(
        model, str(override["pattern"])
    )


def _spelled(url: str) -> tuple[str, str, int | None, str]:
    """A base URL in parts that can be compared."""
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    try:
        port = parts.port
    except ValueError:
        port = None
    default = {"https": 443, "http": 80}.get(scheme)
    return scheme, parts.hostname or "", port or default, parts.path.rstrip("/")


def _of_override(override: Mapping[str, Any]) -> Rates:
    def amount(name: str) -> Decimal | None:
        text = override.get(name)
        return None if text is None else parse_usd(text, name)

    price, output = parse_usd(override["input"], "input"), parse_usd(override["output"], "output")
    cached, written = amount("cached_input"), amount("cache_write")
    return Rates(
        input=price,
        cached_input=price if cached is None else cached,
        cache_write=price if written is None else written,
        output=output,
        source="override",
    )


def cost_of(usage: Mapping[str, Any] | None, rates: Rates) -> int | None:
    """Tell what a usage costs, in nano-dollars; rounded once.

    Parameters
    ----------
    usage
        Tokens in the wire's shape: `input` includes `cached_input` and `cache_write`,
        `output` includes `reasoning`. A detail that is None is 0.
    rates
        What the call costs per million.

    Returns
    -------
    int or None
        None where input or output is not known, or the count is beyond all reason: half
        a bill is not a bill. Where nothing costs anything it is 0, whatever was used.
    """
    if rates.is_free:
        return 0
    if usage is None or usage.get("input") is None or usage.get("output") is None:
        return None
    cached, written = _details(usage)
    with localcontext(EXACT):
        total = (
            (usage["input"] - cached - written) * rates.input
            + cached * rates.cached_input
            + written * rates.cache_write
            + usage["output"] * rates.output
        ) / _MILLION
    return to_nano(total) if total < MAX_USD else None


def saved_of(usage: Mapping[str, Any] | None, rates: Rates) -> int:
    """Tell what reading from the provider's cache saved against the price of input."""
    if usage is None or usage.get("input") is None:
        return 0
    cached, _ = _details(usage)
    with localcontext(EXACT):
        saved = cached * (rates.input - rates.cached_input) / _MILLION
    return to_nano(saved) if 0 < saved < MAX_USD else 0


def _details(usage: Mapping[str, Any]) -> tuple[int, int]:
    """Cached and written tokens; both unknown where they are more than the whole."""
    cached, written = usage.get("cached_input") or 0, usage.get("cache_write") or 0
    return (cached, written) if cached + written <= usage["input"] else (0, 0)


def provider_cost(raw_usage: Mapping[str, Any] | None) -> Decimal | None:
    """Read what the provider itself says a call cost (`usage.cost`, in USD; OpenRouter).

    Returns
    -------
    Decimal or None
        None where it says nothing, or nonsense: a sign, no number, more than `MAX_USD`.
    """
    said = (raw_usage or {}).get("cost")
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    text = str(said).strip()  # of a float: the shortest text that means it
    if not text.isascii() or "_" in text or len(text) > _MAX_AMOUNT:
        return None
    try:
        cost = Decimal(text)
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and not cost.is_signed() and cost < MAX_USD else None
