"""Why a provider was not reached, as one of our errors; `detail` as in `faults`."""

from __future__ import annotations

import socket
import ssl

from ..errors import ProviderUnreachable, redact
from .faults import SHOWN


def redirected(status: int, location: str, *, host: str) -> ProviderUnreachable:
    """Refuse a redirect, also to the same host: it would carry the prompt elsewhere."""
    # The target's query may hold a token.
    target = redact(location.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0], limit=SHOWN)
    return ProviderUnreachable(
        f"{host} points to {target or 'another address'}; redirects are not followed",
        code="redirect_refused",
        detail={"host": host, "status": status, "target": target, "setting": "base_url"},
        retryable=False,
    )


def _reason_of(error: BaseException) -> tuple[str, str]:
    """Find out why a connection failed, and what was said of it; the libraries wrap it deeply."""
    reason, seen, said = "failed", 0, ""
    found: BaseException | None = error
    while found is not None and seen < 10:
        name = type(found).__name__
        if isinstance(found, ssl.SSLCertVerificationError):
            reason, said = "certificate", found.verify_message
        elif isinstance(found, ssl.SSLError) and "ALERT" in (found.reason or ""):
            # The other side ends the handshake: mostly it wants a client certificate.
            reason = "client_cert"
        elif isinstance(found, ssl.SSLError):
            reason = "tls"
        elif isinstance(found, socket.gaierror):
            reason = "dns"
        elif isinstance(found, ConnectionRefusedError):
            reason = "refused"
        elif name in ("ConnectTimeout", "PoolTimeout") or isinstance(found, TimeoutError):
            reason = "timeout"
        elif name == "ProxyError":
            # "407 Proxy Authentication Required": the proxy's own words.
            reason, said = "proxy", str(found)
        elif name in ("RemoteProtocolError", "ReadError", "WriteError") and reason == "failed":
            reason = "closed"
        if reason not in ("failed", "closed"):
            break
        inner = getattr(found, "exceptions", None)
        found = inner[0] if inner else (found.__cause__ or found.__context__)
        seen += 1
    if reason == "failed" and "refused" in str(error).lower():
        reason = "refused"
    return reason, said


def unreachable(
    error: BaseException, *, host: str, proxy: str | None = None
) -> ProviderUnreachable:
    """Turn a failure to connect into an error that says which kind it was.

    Parameters
    ----------
    proxy
        The one on the way: what cannot be reached is it, and not the host behind it.
    """
    reason, said = _reason_of(error)
    if proxy is not None and reason in ("refused", "dns", "timeout"):
        reason, said = "proxy", f"{proxy}: {reason}"
    return ProviderUnreachable(
        f"Cannot reach {host} ({reason})",
        code="cannot_reach",
        detail={
            "host": host,
            "reason": reason,
            "setting": "base_url",
            **({"said": redact(said, limit=SHOWN)} if said else {}),
        },
    )


def silent(host: str, seconds: float) -> ProviderUnreachable:
    """Say that no headers came; not retried: the silent call may have been billed."""
    return ProviderUnreachable(
        f"{host} did not answer within {seconds:g} s",
        code="provider_silent",
        detail={"host": host, "seconds": seconds},
        retryable=False,
    )
