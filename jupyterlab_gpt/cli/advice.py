"""What to do about an error, for whoever sits at the command line."""

from __future__ import annotations

from ..errors import GPTError

_BY_REASON = {
    "refused": "Nothing listens there: start the server, or mend GPTExtension.base_url.",
    "dns": "There is no such name: mend GPTExtension.base_url, or the network's DNS.",
    "tls": "No secure connection came about: is it http in place of https?",
    "timeout": "Something on the way drops the connection: a firewall, or a proxy that is not set.",
    "proxy": "The proxy refuses: mend HTTPS_PROXY (http://user:password@host:port), or ask for "
    "access to this host.",
    "certificate": "Set SSL_CERT_FILE to your authority's certificates (PEM), or let the server's "
    "certificate name this host.",
    "client_cert": "Set GPTExtension.client_cert and client_key to PEM files that this user can "
    "read.",
    "ca_bundle": "Let the variable name a file of certificates (PEM), or unset it.",
    "closed": "It ended the connection without an answer: look into its log.",
}
_BY_CODE = {
    "bad_url": "Mend GPTExtension.base_url: https://host/v1.",
    "base_url_not_allowed": "Add it to GPTExtension.allowed_base_urls, or choose another.",
    "provider_auth": "The key is refused: it was revoked, or is for another address.",
    "provider_forbidden": "The key has no right to this: look at its rights at the provider.",
    "provider_silent": "It does not answer: look into its log.",
    "provider_rate_limited": "Too many requests at the moment: try again later.",
    "no_credit": "No credit is left on this account.",
    "redirect_refused": "Set GPTExtension.base_url to the address that it points to.",
    "provider_bad_request": "This is no OpenAI-compatible address: it mostly ends in /v1.",
    "not_a_stream": "This is no OpenAI-compatible address: it mostly ends in /v1.",
    "provider_unavailable": "The endpoint is in trouble: look into its log, or try again later.",
}


def advice(error: GPTError) -> str:
    """Say what to do."""
    reason = error.detail.get("reason") if error.code == "cannot_reach" else None
    return _BY_REASON.get(str(reason)) or _BY_CODE.get(error.code, "")
