"""The doctor's look at the way to the model: address, proxy, certificates, key, model, price."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..config import GPTTraits
from ..errors import GPTError
from ..handlers.services import DATABASE
from ..handlers.traits import config_of, host_of_trait, prices_of
from ..ledger.prices import Prices
from ..providers.catalog import OPENAI_DEFAULT
from ..providers.openai import OpenAIProvider
from ..providers.proxies import proxy_of
from ..providers.settings import DEFAULT, Setting, settings_of
from ..providers.tls import make_context, named_authorities
from ..providers.urls import is_openai
from ..secrets import KeyStore
from ..store.disk import open_to_read
from ..store.prices import list_overrides
from ..store.providers import list_providers
from .advice import advice
from .doctor import Finding

_CONNECT_SECONDS = 5.0


def look(traits: GPTTraits, owner: str) -> Iterator[Finding]:
    """Look at the provider that answers by default."""
    config = config_of(traits)
    rows, overrides = _stored(traits, owner)
    try:
        setting = settings_of(rows, config)[DEFAULT]
        config.check_url(setting.base_url)
    except GPTError as error:
        yield Finding("bad", "address", error.message, advice(error))
        return
    yield Finding("ok", "address", setting.base_url)
    yield from _proxy(setting)
    wrong = yield from _certificates(setting)
    key = yield from _key(traits, owner, setting)
    models: list[str] | None = None
    if not wrong:
        models = yield from _endpoint(setting, key, traits)
    yield from _model(traits, setting, models, overrides)


def _stored(traits: GPTTraits, owner: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the user set; nothing where the database cannot be read, which is told elsewhere."""
    path = Path(traits.data_dir).expanduser() / DATABASE
    try:
        with closing(open_to_read(path)) as conn:
            return list_providers(conn, owner), list_overrides(conn, owner)
    except sqlite3.Error:
        return [], []


def _proxy(setting: Setting) -> Iterator[Finding]:
    parts = urlsplit(setting.base_url)
    proxy = proxy_of(setting.base_url)
    if proxy is None:
        yield Finding("ok", "proxy", f"none for {parts.hostname}")
        return
    try:
        host, _, port = proxy.rpartition(":")
        socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        yield Finding(
            "bad",
            "proxy",
            f"{proxy} cannot be reached: {error}",
            f"Mend {parts.scheme.upper()}_PROXY, or name {parts.hostname} in NO_PROXY.",
        )
        return
    yield Finding("ok", "proxy", f"{proxy} for {parts.hostname}")


def _certificates(setting: Setting) -> Iterator[Finding] | Any:
    """Look at the files of certificates; returns whether they cannot be used."""
    named = named_authorities()
    trusted = "=".join(named) if named else "the system's"
    try:
        make_context(setting.host, setting.client_cert)
    except GPTError as error:
        yield Finding("bad", "certificates", error.message, advice(error))
        return True
    shown = f", shows {setting.client_cert.cert}" if setting.client_cert else ""
    yield Finding("ok", "certificates", f"trusts {trusted}{shown}")
    return False


def _key(traits: GPTTraits, owner: str, setting: Setting) -> Iterator[Finding] | Any:
    """Look for the key; returns it."""
    store = KeyStore(
        Path(traits.data_dir).expanduser(),
        administrator=os.environ.get(traits.api_key_env) if traits.api_key_env else None,
        administrator_host=host_of_trait(traits.base_url),
        environment=os.environ.get("OPENAI_API_KEY"),
    )
    info = store.info(owner, setting.id, setting.host)
    sources = {
        "administrator": f"the environment's {traits.api_key_env}",
        "keyring": "the keyring",
        "file": "the key file",
        "environment": "the environment's OPENAI_API_KEY",
    }
    if info["set"]:
        ending = f", ends in …{info['last4']}" if info["last4"] else ""
        yield Finding("ok", "key", f"from {sources[info['source']]}{ending}")
    else:
        state = "bad" if is_openai(setting.base_url) else "note"
        yield Finding(
            state,
            "key",
            f"none for {setting.host}",
            f"Paste one in the panel, or set {traits.api_key_env or 'OPENAI_API_KEY'}"
            " in the server's environment.",
        )
    return store.get(owner, setting.id, setting.host)


def _endpoint(setting: Setting, key: str | None, traits: GPTTraits) -> Iterator[Finding] | Any:
    """Ask for the list of models, as the panel does; returns their names, None if not to be had."""
    limits = traits.limits()

    async def ask() -> list[dict[str, Any]]:
        provider = OpenAIProvider(
            provider_id=setting.id,
            base_url=setting.base_url,
            key=key,
            headers=setting.all_headers,
            client_cert=setting.client_cert,
            limits=limits,
        )
        try:
            return await provider.models()
        finally:
            await provider.close()

    try:
        names = [str(model["id"]) for model in asyncio.run(ask())]
    except GPTError as error:
        if error.code == "no_key":
            return None  # told already
        about = {"provider_auth": "key", "provider_forbidden": "key"}.get(error.code, "endpoint")
        said = error.detail.get("said")
        text = error.message if not said or str(said) in error.message else f"{error}: {said}"
        if error.detail.get("reason") == "closed" and (alert := _alert(setting)):
            yield Finding("bad", "certificates", alert, "Set GPTExtension.client_cert.")
        else:
            yield Finding("bad", about, text, advice(error))
        return None
    yield Finding("ok", "endpoint", f"{setting.host} answers and lists {len(names)} models")
    return names


def _alert(setting: Setting) -> str | None:
    """What the other side says when it ends the connection (TLS 1.3 says it after the handshake).

    Only where no proxy stands between; asyncio drops it, a plain socket tells it.
    """
    parts = urlsplit(setting.base_url)
    if parts.scheme != "https":
        return None
    context = make_context(setting.host, setting.client_cert)
    at = (parts.hostname or "", parts.port or 443)
    wants = f"{setting.host} ends the connection after the handshake: it wants a client certificate"
    try:
        with (
            socket.create_connection(at, _CONNECT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
        ):
            secure.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
            return None if secure.recv(1) else wants
    except ConnectionResetError:
        return wants
    except ssl.SSLError as error:
        return wants if "ALERT" in (error.reason or "") else None
    except OSError:
        return None


def _model(
    traits: GPTTraits,
    setting: Setting,
    models: list[str] | None,
    overrides: list[dict[str, Any]],
) -> Iterator[Finding]:
    config = config_of(traits)
    usual = OPENAI_DEFAULT if is_openai(setting.base_url) else None
    model = setting.model or usual or next(iter(models or ()), None)
    if model is None:
        yield Finding(
            "note", "model", "none is chosen", "Set GPTExtension.model, or choose one in the panel."
        )
        return
    if not config.allows_model(model):
        yield Finding(
            "bad",
            "model",
            f"{model} is not among GPTExtension.allowed_models",
            "Allow it there, or set another in GPTExtension.model.",
        )
    elif models is not None and model not in models:
        yield Finding(
            "bad",
            "model",
            f"{setting.host} does not list {model}",
            f"Choose another, such as {', '.join(models[:3]) or 'one that it has'}.",
        )
    else:
        yield Finding("ok", "model", model)
    yield _price(traits, setting, model, overrides)


def _price(
    traits: GPTTraits, setting: Setting, model: str, overrides: list[dict[str, Any]]
) -> Finding:
    rates = Prices(prices_of(traits)).rates(
        provider=setting.id, base_url=setting.base_url, model=model, overrides=overrides
    )
    if rates is not None:
        text = f"${rates.input:f} in, ${rates.output:f} out per million tokens ({rates.source})"
        return Finding("ok", "price", text)
    todo = "Set one under Prices of your own in the settings."
    if traits.monthly_cap_usd is None:
        return Finding("note", "price", f"not known for {model}: users are asked first", todo)
    return Finding(
        "bad", "price", f"not known for {model}: with monthly_cap_usd nothing is sent", todo
    )
