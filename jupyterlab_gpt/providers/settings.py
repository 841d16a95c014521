"""A user's providers as stored rows over the administrator's traits, and the policy on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from ..errors import Forbidden, InvalidRequest
from .builtin import LOCAL
from .tls import ClientCert
from .urls import OPENAI_URL, host_of, is_openai, normalise

DEFAULT = "default"
# The names of wire's ProviderId.
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# Hop by hop, or made from the request itself: a wrong one breaks or splits it.
_OURS = {
    *("host", "content-length", "content-type", "transfer-encoding", "accept-encoding"),
    *("connection", "keep-alive", "te", "trailer", "upgrade", "expect", "cookie"),
    *("proxy-authorization", "proxy-connection"),
}
# Headers of one provider; gateways ask for one or two.
_MAX_HEADERS = 20
_MAX_HEADER_VALUE = 4096


@dataclass(frozen=True)
class RegistryConfig:
    """The traits that concern providers, as plain values.

    Attributes
    ----------
    base_url, model
        Of the provider `default`; empty: OpenAI's own.
    locked
        Users cannot change provider, key or base URL; what they stored is passed over.
    allowed_models
        Patterns (fnmatch); empty: all.
    allowed_base_urls
        What users may set; empty: all that `urls.normalise` takes.
    headers, client_cert
        Go to the host of `base_url` and to no other.
    """

    base_url: str = ""
    model: str = ""
    locked: bool = False
    allowed_models: tuple[str, ...] = ()
    allowed_base_urls: tuple[str, ...] = ()
    local_enabled: bool = True
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    client_cert: ClientCert | None = None

    @property
    def url(self) -> str:
        """The base URL of `default`, in its one spelling."""
        return normalise(self.base_url or OPENAI_URL)

    def check_unlocked(self) -> None:
        """Raise where users cannot change providers."""
        if self.locked:
            raise Forbidden("Providers are set by your administrator", code="locked")

    def check_url(self, url: str) -> None:
        """Raise for a base URL that users may not set; the administrator's own is fine."""
        allowed = self.allowed_base_urls
        if allowed and url != self.url and url not in {normalise(a) for a in allowed}:
            raise Forbidden(
                "This base URL is not allowed by your administrator",
                code="base_url_not_allowed",
                detail={"host": host_of(url), "setting": "base_url"},
            )

    def allows_model(self, model: str) -> bool:
        """Say whether policy lets a model be used."""
        return not self.allowed_models or any(
            fnmatchcase(model, pattern) for pattern in self.allowed_models
        )

    def check_model(self, model: str) -> None:
        """Raise for a model that policy forbids."""
        if not self.allows_model(model):
            raise Forbidden(
                f"The model {model} is not allowed by your administrator",
                code="model_not_allowed",
                detail={"model": model, "setting": "model"},
            )


@dataclass(frozen=True)
class Setting:
    """One provider as it is in force."""

    id: str
    name: str
    base_url: str
    model: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    # The administrator's: users neither see nor change them.
    fixed_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    client_cert: ClientCert | None = None

    @property
    def all_headers(self) -> dict[str, str]:
        """What goes out; names count whatever their case."""
        fixed = {name.lower() for name in self.fixed_headers}
        own = {n: v for n, v in self.headers.items() if n.lower() not in fixed}
        return {**own, **self.fixed_headers}

    @property
    def host(self) -> str:
        """What its key is bound to."""
        return host_of(self.base_url)


def settings_of(rows: list[dict[str, Any]], config: RegistryConfig) -> dict[str, Setting]:
    """Lay a user's rows over the traits."""
    stored = {} if config.locked else {row["id"]: row for row in rows if row["id"] != LOCAL}
    own = stored.pop(DEFAULT, {})
    url = own.get("base_url") or config.url
    # The trait's model belongs to the trait's address.
    model = config.model if url == config.url else ""
    default = Setting(
        id=DEFAULT,
        name=own.get("name") or name_of(url),
        base_url=url,
        model=own.get("model") or model or None,
        headers=own.get("headers") or {},
    )
    found = {DEFAULT: default}
    for row in stored.values():
        found[row["id"]] = Setting(
            row["id"], row["name"], row["base_url"], row.get("model"), row.get("headers") or {}
        )
    return {name: with_administrators(setting, config) for name, setting in found.items()}


def with_administrators(setting: Setting, config: RegistryConfig) -> Setting:
    """Add the administrator's headers and certificate where the setting's host is theirs."""
    if not (config.headers or config.client_cert) or setting.host != host_of(config.url):
        return replace(setting, fixed_headers={}, client_cert=None)
    fixed = {_checked(name, value): value.strip() for name, value in config.headers.items()}
    return replace(setting, fixed_headers=fixed, client_cert=config.client_cert)


def name_of(url: str) -> str:
    """Name a provider that nobody named."""
    return "OpenAI" if is_openai(url) else host_of(url)


def new_id(patch: Mapping[str, Any], taken: Mapping[str, Any]) -> str:
    """Make an id out of a name or a host."""
    text = patch.get("name") or urlsplit(patch.get("base_url") or "").hostname or "provider"
    base = re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-")[:50] or "provider"
    name, number = base, 2
    while name in taken or name in (DEFAULT, LOCAL):
        name, number = f"{base}-{number}", number + 1
    return name


def check_id(provider_id: str) -> None:
    """Raise for what cannot be the id of a user's provider."""
    if provider_id == LOCAL:
        raise InvalidRequest("The built-in model has no settings here", detail={"id": LOCAL})
    if not _ID.fullmatch(provider_id):
        raise InvalidRequest("A provider's id is made of a-z, 0-9, - and _")


def patched(
    row: dict[str, Any] | None, provider_id: str, patch: Mapping[str, Any], config: RegistryConfig
) -> dict[str, Any]:
    """Change a row, or make one, as PATCH and POST say.

    Headers are bound to their host like a key: another host does not inherit them.
    """
    old = row or {"name": "", "base_url": "", "headers": {}, "model": None}
    url = old["base_url"]
    if patch.get("base_url") is not None:
        text = patch["base_url"].strip()
        url = normalise(text) if text or provider_id != DEFAULT else ""
        if url:
            config.check_url(url)
    if not url and provider_id != DEFAULT:
        url = normalise("")
    same_host = host_of(url or config.url) == host_of(old["base_url"] or config.url)
    headers = _merged(old["headers"] or {} if same_host else {}, patch.get("headers"))
    name = patch.get("name")
    shown = (name if name is not None else old["name"]).strip()
    if not shown and provider_id != DEFAULT:
        shown = name_of(url)
    model = patch.get("model", old.get("model"))
    return {
        "id": provider_id,
        "name": shown,
        "base_url": url,
        "headers": headers,
        "model": model or None,
    }


def tried(
    setting: Setting,
    base_url: str | None,
    headers: Mapping[str, str | None] | None,
    config: RegistryConfig,
) -> Setting:
    """Make of a setting what it would be with this address and these changes of its headers."""
    url = setting.base_url
    if base_url is not None and base_url.strip():
        url = normalise(base_url)
        config.check_url(url)
    own = setting.headers if host_of(url) == setting.host else {}
    setting = replace(setting, base_url=url, headers=_merged(own, headers))
    return with_administrators(setting, config)


def _merged(old: Mapping[str, str], changes: Mapping[str, str | None] | None) -> dict[str, str]:
    """Change headers, whose names count whatever their case; None removes one."""
    headers = dict(old)
    for name, value in (changes or {}).items():
        for known in [h for h in headers if h.lower() == name.lower()]:
            del headers[known]
        if value is not None:
            headers[_checked(name, value)] = value.strip()
    if len(headers) > _MAX_HEADERS:
        raise InvalidRequest(f"A provider has at most {_MAX_HEADERS} headers")
    return headers


def _checked(name: str, value: str) -> str:
    """Raise for a header that could split the request, or is ours to set."""
    if not _HEADER.fullmatch(name) or name.lower() in _OURS:
        raise InvalidRequest(
            "This header cannot be set", detail={"header": name[:100], "setting": "headers"}
        )
    text = value.strip()
    if len(text) > _MAX_HEADER_VALUE or not re.fullmatch(r"[\x20-\x7e]*", text):
        raise InvalidRequest(
            "A header's value has only ASCII characters, on one line",
            detail={"header": name, "setting": "headers"},
        )
    return name
