"""Which proxy stands between this machine and a provider, as the environment says."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from .urls import is_loopback


def proxy_of(base_url: str) -> str | None:
    """Name the proxy's host and port, never its password; None where there is none."""
    parts = urlsplit(base_url)
    proxies = getproxies()
    url = proxies.get(parts.scheme) or proxies.get("all")
    if not url or is_loopback(base_url) or proxy_bypass(parts.hostname or ""):
        return None
    try:
        to = urlsplit(url if "://" in url else f"http://{url}")
        return f"{to.hostname}:{to.port or (443 if to.scheme == 'https' else 80)}"
    except ValueError:
        return "the proxy"
