"""Where a key lives, and for which host it may be used.

The administrator's environment comes first, then the user's keyring (a real one
only), then a file that only the user can read, then the user's own
``OPENAI_API_KEY``. A key is bound to the host it was saved for: for another host it
does not exist. Nothing here shows a key by accident: not in a repr, an error, a log.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .errors import InvalidRequest
from .keystores import KeyFile, Keyring, one_host

# The host that OPENAI_API_KEY, and an administrator's key without a base URL, are for.
OPENAI_HOST = "api.openai.com"
# The longest keys seen (JSON web tokens of gateways) have 2,500 characters.
MAX_KEY = 8192
# A shorter key's last four characters would be a good part of it.
_LAST4_FROM = 12

# Around a pasted key: spaces of all kinds, zero-width marks, quotes.
_AROUND = (
    " \t\r\n\f\v\u00a0\u2007\u202f\u3000\ufeff\u200b\u200c\u200d\u2060'\"`\u2018\u2019\u201c\u201d"
)
_PREFIX = re.compile(
    r"(?i)^(?:export\s+)?(?:authorization\s*:\s*|[A-Z][A-Z0-9_]*_(?:API_)?KEY\s*=\s*)"
)
_BEARER = re.compile(r"(?i)^bearer(?:\s+|$)")


def clean_key(text: str) -> str:
    """Take a pasted key out of its wrapping.

    Spaces, line breaks, quotes, ``Bearer``, ``Authorization:`` and ``NAME_KEY=`` are
    taken off.

    Returns
    -------
    str
        The key; empty for a server that wants none.

    Raises
    ------
    InvalidRequest
        bad_key, with a `reason` in its detail: `spaces`, `url`, `masked`,
        `characters` or `too_long`. The text itself is never in the message.
    """
    key = text.strip(_AROUND)
    key = _PREFIX.sub("", key).strip(_AROUND)
    key = _BEARER.sub("", key).strip(_AROUND)
    # A terminal breaks a long key into lines, and so does a mail.
    key = re.sub(r"\s*[\r\n]+\s*", "", key)
    reasons = (
        ("too_long", len(key) > MAX_KEY, f"A key has at most {MAX_KEY} characters"),
        ("url", "://" in key, "This is an address, not a key"),
        ("masked", bool(re.search(r"[•●*…]{3}|\.\.\.", key)), "This key is masked: copy it whole"),
        ("spaces", bool(re.search(r"\s", key)), "A key has no spaces in it"),
        ("characters", not re.fullmatch(r"[!-~]*", key), "A key has only ASCII characters"),
    )
    for reason, wrong, message in reasons:
        if wrong:
            raise InvalidRequest(message, code="bad_key", detail={"reason": reason})
    return key


class _Secret:
    """A string that does not show itself."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "•••"


class KeyStore:
    """The keys of all owners. All methods may block: call them in a thread.

    Parameters
    ----------
    folder
        Where the file with keys is, if it is needed; closed to others (0700).
    administrator
        The key from the administrator's environment variable.
    administrator_host
        Host of the trait `base_url`; None for OpenAI's own.
    environment
        The user's ``OPENAI_API_KEY``.
    use_keyring
        False: never ask the keyring.
    """

    def __init__(
        self,
        folder: Path,
        *,
        administrator: str | None,
        administrator_host: str | None,
        environment: str | None,
        use_keyring: bool = True,
    ) -> None:
        self._administrator = _Secret((administrator or "").strip())
        self._administrator_host = one_host(administrator_host or OPENAI_HOST)
        self._environment = _Secret((environment or "").strip())
        self._environment_hosts = {OPENAI_HOST, self._administrator_host}
        self._file = KeyFile(Path(folder) / "keys.json")
        self._keyring = Keyring() if use_keyring else None
        # All keys seen by this process, old ones too: what a redaction takes out.
        self._seen: dict[str, None] = {}
        self._see(self._administrator.value, self._environment.value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def get(self, owner: str, provider: str, host: str) -> str | None:
        """Look up the key for a provider at a host; None if there is none for that host."""
        return self._find(owner, provider, host)[0]

    def info(self, owner: str, provider: str, host: str) -> dict[str, Any]:
        """Describe the key without telling it: the wire's ``{set, last4, source}``."""
        key, source = self._find(owner, provider, host)
        last4 = key[-4:] if key is not None and len(key) >= _LAST4_FROM else None
        return {"set": key is not None, "last4": last4, "source": source}

    def set(self, owner: str, provider: str, host: str, key: str) -> None:
        """Save a key for a host, instead of the one before.

        Raises
        ------
        StorageError
            Neither the keyring nor the file takes it.
        """
        self._see(key)
        entry = {"host": one_host(host), "key": key}
        if self._keyring is not None and self._keyring.set(owner, provider, entry):
            self._file.delete(owner, provider)
            return
        self._file.set(owner, provider, entry)

    def delete(self, owner: str, provider: str) -> None:
        """Forget a saved key; what the environment holds stays."""
        if self._keyring is not None:
            self._keyring.delete(owner, provider)
        self._file.delete(owner, provider)

    def all_secrets(self) -> tuple[str, ...]:
        """All keys that this process has seen, for redaction; never blocks."""
        return tuple(self._seen)

    def _find(self, owner: str, provider: str, host: str) -> tuple[str | None, str | None]:
        host = one_host(host)
        if self._administrator.value and host == self._administrator_host:
            return self._administrator.value, "administrator"
        stores: list[tuple[str, Keyring | KeyFile]] = [("file", self._file)]
        if self._keyring is not None:
            stores.insert(0, ("keyring", self._keyring))
        for source, store in stores:
            entry = store.get(owner, provider)
            if entry is not None and entry["key"]:
                self._see(entry["key"])
                if entry["host"] == host:
                    return entry["key"], source
        if self._environment.value and host in self._environment_hosts:
            return self._environment.value, "environment"
        return None, None

    def _see(self, *keys: str) -> None:
        self._seen.update(dict.fromkeys(key for key in keys if key))
