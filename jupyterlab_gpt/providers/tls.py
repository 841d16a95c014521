"""Whom a connection trusts, and what it shows of itself: certificates of a corporate network."""

from __future__ import annotations

import os
import ssl
from typing import NamedTuple

from ..errors import ProviderUnreachable

# Where a private authority's certificates are named, the first that is set. `httpx` knows
# SSL_CERT_FILE and SSL_CERT_DIR only, while pip, requests and conda go by REQUESTS_CA_BUNDLE: who
# has set that one expects it to hold.
_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR")


class ClientCert(NamedTuple):
    """Files of a client certificate and its key; both may be the same."""

    cert: str
    key: str


def make_context(host: str, client_cert: ClientCert | None) -> ssl.SSLContext:
    """Make the context of one provider's connections; reads files.

    Raises
    ------
    ProviderUnreachable
        cannot_reach, with the reason `ca_bundle` or `client_cert`: a file that is named is not
        there, or is none of certificates. Nothing is then sent without it.
    """
    context = _trusting(host)
    if client_cert is not None:
        try:
            # A passphrase is never asked for: that would be at the server's terminal.
            context.load_cert_chain(client_cert.cert, client_cert.key, password="")
        except (OSError, ssl.SSLError) as error:
            raise _unusable(host, "client_cert", "client_cert", client_cert.cert, error) from None
    return context


def named_authorities() -> tuple[str, str] | None:
    """Tell which variable names authorities, and where they are; None: the system's are used."""
    return next(((name, os.environ[name]) for name in _VARIABLES if os.environ.get(name)), None)


def _trusting(host: str) -> ssl.SSLContext:
    named = named_authorities()
    if named is None:
        import httpx2

        return httpx2.create_ssl_context()
    name, path = named
    try:
        if os.path.isdir(path):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise _unusable(host, "ca_bundle", name, path, error) from None


def _unusable(
    host: str, reason: str, setting: str, path: str, error: Exception
) -> ProviderUnreachable:
    why = "no certificates in it" if isinstance(error, ssl.SSLError) else "it cannot be read"
    if isinstance(error, FileNotFoundError):
        why = "there is no such file"
    return ProviderUnreachable(
        f"{setting} names {path}: {why}",
        code="cannot_reach",
        detail={"host": host, "reason": reason, "setting": setting, "file": path},
        retryable=False,
    )
