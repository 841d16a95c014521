"""Base URLs: one spelling for each, and none that points at a cloud's metadata.

A link-local or metadata address would hand the machine's own credentials to whoever
can choose a base URL, so it is refused in every spelling. Loopback and private
addresses are the user's own choice: that is where local models live.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import unquote, urlsplit, urlunsplit

from ..errors import InvalidRequest

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_HOST = "api.openai.com"
# A URL longer than this breaks proxies (the 2,000 of protocol.ProviderPatch).
MAX_URL = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Metadata services that do not live in the link-local range: AWS over IPv6, Alibaba,
# Oracle's classic one, Azure's wire server.
_METADATA = {
    ipaddress.ip_address(a)
    for a in ("fd00:ec2::254", "fd00:ec2::23", "100.100.100.200", "192.0.0.192", "168.63.129.16")
}
_METADATA_NAMES = {
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
}
# What Azure's own manual and our _Add a provider_ put where a resource's name belongs; Azure
# answers for no such host, and a proxy would say something else each time.
_PLACEHOLDERS = ("your-resource.", "your-resource-name.", "your_resource.", "your_resource_name.")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def bad_url(message: str, reason: str) -> InvalidRequest:
    """Make the error for a base URL that is not taken; `reason` goes into its detail."""
    return InvalidRequest(message, code="bad_url", detail={"reason": reason, "setting": "base_url"})


def normalise(text: str) -> str:
    """Bring a base URL into its one spelling.

    Raises
    ------
    InvalidRequest
        bad_url, with a `reason` in its detail: `empty`, `too_long`, `scheme`, `host`,
        `port`, `credentials`, `query`, `placeholder` or `link_local`.
    """
    url = text.strip()
    if not url:
        raise bad_url("The base URL is empty", "empty")
    if len(url) > MAX_URL:
        raise bad_url(f"A base URL has at most {MAX_URL} characters", "too_long")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise bad_url("The base URL contains spaces or control characters", "host")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_url("The base URL cannot be read", "port") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise bad_url("A base URL begins with http:// or https://", "scheme")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise bad_url("A base URL holds no user name or password", "credentials")
    if parts.query or parts.fragment:
        raise bad_url("A base URL has no ? and no #", "query")
    host = _host(parts.hostname or "")
    if host.startswith(_PLACEHOLDERS):
        raise bad_url("The base URL still holds the manual's placeholder", "placeholder")
    address = address_of(host)
    if host in _METADATA_NAMES or (address is not None and is_forbidden(address)):
        raise bad_url("A link-local or metadata address is not taken", "link_local")
    shown = f"[{address}]" if address is not None and address.version == 6 else host
    if isinstance(address, ipaddress.IPv4Address):
        shown = str(address)
    scheme = parts.scheme.lower()
    if port is not None and port != (443 if scheme == "https" else 80):
        shown += f":{port}"
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    # What users paste from a manual: the whole address of the one call.
    path = re.sub(r"/(chat/completions|models|completions)$", "", path)
    return urlunsplit((scheme, shown, path, "", ""))


def _host(text: str) -> str:
    """Bring a host name into ASCII the way a client would: percent signs, IDNA, full width."""
    host = unquote(text)
    if not host:
        raise bad_url("The base URL names no host", "host")
    # IDNA takes these for the full stop, and some digits for ASCII ones.
    host = re.sub("[\u3002\uff0e\uff61]", ".", host)
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise bad_url("The host's name cannot be read", "host") from None
    host = host.rstrip(".").lower()
    if not host or not re.fullmatch(r"[a-z0-9_.:%-]+", host):
        raise bad_url("The host's name cannot be read", "host")
    return host


def address_of(host: str) -> Address | None:
    """Read a host as an address in any spelling that a resolver takes, else None."""
    host = host.strip("[]").split("%")[0]
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    # Decimal, hexadecimal, octal and short forms: 2852039166, 0xa9fea9fe, 169.254.43518.
    if re.fullmatch(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}", host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            raise bad_url("The host's address cannot be read", "host") from None
    return None


def is_forbidden(address: Address) -> bool:
    """Say whether an address is link-local or a metadata service, however it is wrapped."""
    if address.is_link_local or address in _METADATA:
        return True
    if not isinstance(address, ipaddress.IPv6Address):
        # 0.0.0.0 reaches this machine; multicast and broadcast reach no model.
        return address.is_multicast or address == ipaddress.IPv4Address("255.255.255.255")
    inner = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64 or int(address) >> 32 == 0:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.teredo:
        inner.append(address.teredo[1])
    own = (ipaddress.IPv6Address("::"), ipaddress.IPv6Address("::1"))
    return address.is_multicast or (
        address not in own and any(a is not None and is_forbidden(a) for a in inner)
    )


def host_of(url: str) -> str:
    """Name the host that a key is bound to: with its port, unless that is https's own.

    Plain http shows its port always, 80 too: a key that was saved for https never
    goes out in the clear because somebody changed one letter of the URL.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme == "https":
        return shown if parts.port in (None, 443) else f"{shown}:{parts.port}"
    return f"{shown}:{parts.port or 80}"


def is_loopback(url: str) -> bool:
    """Say whether a base URL stays on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = address_of(host)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


def is_openai(url: str) -> bool:
    """Say whether a base URL is OpenAI's own, a regional one included."""
    host = urlsplit(url).hostname or ""
    return host == OPENAI_HOST or host.endswith("." + OPENAI_HOST)


def has_version(url: str) -> bool:
    """Say whether the path ends in a version, such as /v1 or /v1beta/openai."""
    return re.search(r"/v\d+[a-z0-9]*(/openai)?$", urlsplit(url).path) is not None
