"""What the administrator's traits say to the services."""

from __future__ import annotations

import logging
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..config import GPTTraits
from ..errors import GPTError
from ..providers.registry import RegistryConfig
from ..providers.tls import ClientCert
from ..providers.urls import OPENAI_URL, host_of, normalise

_log = logging.getLogger(__name__)


def config_of(traits: GPTTraits) -> RegistryConfig:
    """Take from the traits what concerns providers."""
    return RegistryConfig(
        base_url=traits.base_url,
        model=traits.model,
        locked=traits.locked,
        allowed_models=tuple(traits.allowed_models),
        allowed_base_urls=tuple(traits.allowed_base_urls),
        local_enabled="local" not in traits.disabled_features,
        headers=dict(traits.headers),
        client_cert=_certificate_of(traits),
    )


def prices_of(traits: GPTTraits) -> list[dict[str, str]]:
    """Take the administrator's prices as overrides (`protocol.PriceOverride`)."""
    url = traits.base_url or OPENAI_URL
    return [
        {"base_url": url, "pattern": pattern, **{name: str(rate) for name, rate in rates.items()}}
        for pattern, rates in traits.prices.items()
    ]


def _certificate_of(traits: GPTTraits) -> ClientCert | None:
    if not traits.client_cert:
        return None
    files = (traits.client_cert, traits.client_key or traits.client_cert)
    return ClientCert(*(str(Path(name).expanduser()) for name in files))


def host_of_trait(base_url: str) -> str | None:
    """Name the host that the administrator's key may go to; None for OpenAI's own."""
    if not base_url:
        return None
    try:
        return host_of(normalise(base_url))
    except GPTError as error:
        # Each use of the provider says so too; until it is mended the key goes nowhere.
        _log.error("GPTExtension.base_url: %s", error.message)
        return "invalid."


def cap_of(traits: GPTTraits) -> Decimal | None:
    """Take the cap as the decimal number that was written."""
    return None if traits.monthly_cap_usd is None else Decimal(str(traits.monthly_cap_usd))


# What users are told of, where it differs from what holds without an administrator.
_TOLD = (
    *("base_url", "model", "system_prompt", "locked", "allowed_models", "allowed_base_urls"),
    *("monthly_cap_usd", "prices", "disabled_features", "local_servers"),
    *("retention_days", "turns_per_minute"),
)


def policy_of(traits: GPTTraits) -> dict[str, Any]:
    """Tell what the administrator set, as `protocol.Policy`."""
    cap = cap_of(traits)
    usual = type(traits).class_traits()
    return {
        "locked": traits.locked,
        "monthly_cap_usd": None if cap is None else f"{cap:f}",
        "allowed_models": list(traits.allowed_models),
        "allowed_base_urls": list(traits.allowed_base_urls),
        "disabled_features": list(traits.disabled_features),
        "system_prompt": traits.system_prompt,
        "retention_days": traits.retention_days,
        "turns_per_minute": traits.turns_per_minute,
        "set_by_administrator": [
            name for name in _TOLD if getattr(traits, name) != usual[name].default()
        ],
    }
