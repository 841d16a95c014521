"""Where servers of this machine listen, and what is plainly an address of this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

# Whose documented default a port is: Ollama's, LM Studio's, that of llama.cpp's llama-server, and
# vLLM's. Others may listen there too (LocalAI at llama.cpp's): a name is only one to begin with.
PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
LOCAL_SERVERS = [f"http://127.0.0.1:{port}/v1" for port in PORTS]
# A look asks all of them at once; twice the kinds of local servers that we know of.
MAX_LOCAL_SERVERS = 16


def is_plainly_local(address: str) -> bool:
    """Say whether this is a base URL on loopback; odd spellings of one are not taken."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        named = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    return named and plain and parts.scheme in ("http", "https")
