"""The two places where `secrets` saves a key: the desktop's keyring, and a private file.

Both keep entries ``{host, key}`` by owner and provider, and both block.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import ErrorCode, StorageError

_log = logging.getLogger(__name__)

SERVICE = "jupyterlab-gpt"

# Backends that keep nothing, or keep it readable; keyring's own measure for the rest is a
# priority of 1 ("recommended").
_UNREAL = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
_REAL_PRIORITY = 1


def one_host(host: str) -> str:
    """Reduce a host to one spelling."""
    return host.strip().rstrip(".").lower()


def read_entry(value: Any) -> dict[str, str] | None:
    """Check what a store held: ``{host, key}``, or nothing that we wrote."""
    if isinstance(value, dict) and isinstance(value.get("host"), str):
        key = value.get("key")
        if isinstance(key, str):
            return {"host": value["host"], "key": key}
    return None


class Keyring:
    """The desktop's keyring, where there is a real one; imported on first use.

    Whatever goes wrong in it (locked, no session bus, a broken backend) means that it
    is not there. Its exceptions are never shown: some put their arguments, so the key,
    into the message.
    """

    def __init__(self) -> None:
        self._checked = False
        self._backend: Any = None
        self._lock = threading.Lock()

    def get(self, owner: str, provider: str) -> dict[str, str] | None:
        """Look up what was saved for a provider."""
        backend = self._real()
        if backend is None:
            return None
        try:
            text = backend.get_password(SERVICE, f"{owner}/{provider}")
            return read_entry(json.loads(text)) if text else None
        except Exception as error:
            self._complain(error)
            return None

    def set(self, owner: str, provider: str, entry: dict[str, str]) -> bool:
        """Save, and look whether it is there."""
        backend = self._real()
        if backend is None:
            return False
        try:
            backend.set_password(SERVICE, f"{owner}/{provider}", json.dumps(entry))
        except Exception as error:
            self._complain(error)
            # What stood there before must not win over the file that is written now.
            self.delete(owner, provider)
            return False
        return self.get(owner, provider) == entry

    def delete(self, owner: str, provider: str) -> None:
        """Forget what was saved for a provider."""
        backend = self._real()
        if backend is None:
            return
        # A backend raises too when there is nothing to delete, each in its own way.
        with contextlib.suppress(Exception):
            backend.delete_password(SERVICE, f"{owner}/{provider}")

    def _real(self) -> Any:
        with self._lock:
            if not self._checked:
                self._checked = True
                try:
                    import keyring

                    self._backend = _real_backend(keyring.get_keyring())
                except Exception as error:
                    self._complain(error)
            return self._backend

    def _complain(self, error: Exception) -> None:
        _log.info("The keyring cannot be used (%s); keys go to a file", type(error).__name__)


def _real_backend(backend: Any) -> Any:
    """Return the backend if it keeps secrets; of a chain, its first that does; else None."""
    module = type(backend).__module__
    if module == "keyring.backends.chainer":
        for member in backend.backends:
            found = _real_backend(member)
            if found is not None:
                return found
        return None
    if module.startswith(_UNREAL) or backend.priority < _REAL_PRIORITY:
        return None
    return backend


class KeyFile:
    """A JSON file that only its user can read, replaced as a whole.

    Parameters
    ----------
    path
        The file; it is made with the first key.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, owner: str, provider: str) -> dict[str, str] | None:
        """Look up what was saved for a provider."""
        owned = self._load().get(owner)
        return read_entry(owned.get(provider)) if isinstance(owned, dict) else None

    def set(self, owner: str, provider: str, entry: dict[str, str]) -> None:
        """Save."""
        with self._locked():
            keys = self._load(move_damaged=True)
            keys.setdefault(owner, {})[provider] = entry
            self._save(keys)

    def delete(self, owner: str, provider: str) -> None:
        """Forget what was saved for a provider."""
        if not self._path.exists():
            return
        with self._locked():
            keys = self._load()
            if keys.get(owner, {}).pop(provider, None) is not None:
                if not keys[owner]:
                    del keys[owner]
                self._save(keys)

    def _load(self, *, move_damaged: bool = False) -> dict[str, Any]:
        try:
            if self._path.stat().st_mode & 0o077:
                self._path.chmod(0o600)
            data = json.loads(self._path.read_text(encoding="utf-8"))
            keys = data["keys"]
            if isinstance(keys, dict) and all(isinstance(v, dict) for v in keys.values()):
                return keys
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError):
            pass
        except OSError as error:
            raise _storage_error(error) from None
        _log.warning("The file with keys is damaged: %s", self._path.name)
        if move_damaged:
            # Nothing is deleted: a human may still read a key out of it.
            date = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
            self._path.rename(self._path.with_name(f"{self._path.name}.damaged-{date}"))
        return {}

    def _save(self, keys: dict[str, Any]) -> None:
        text = json.dumps({"version": 1, "keys": keys}, indent=1)
        new = self._path.with_name(f"{self._path.name}.new-{os.getpid()}")
        try:
            new.unlink(missing_ok=True)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise _storage_error(error) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold off the other threads and servers between reading and replacing the file."""
        with self._lock:
            try:
                folder = self._path.parent
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if folder.stat().st_mode & 0o077:
                    folder.chmod(0o700)
                name = self._path.with_name(f"{self._path.name}.lock")
                handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError as error:
                raise _storage_error(error) from None
            try:
                _lock_file(handle)
                yield
            finally:
                os.close(handle)  # releases the lock


def _lock_file(handle: int) -> None:
    """Lock an open file where the system can; else two servers' changes may cross."""
    try:
        import fcntl
    except ImportError:
        return  # Windows
    with contextlib.suppress(OSError):  # a network file system without locks
        fcntl.flock(handle, fcntl.LOCK_EX)


def _storage_error(error: OSError) -> StorageError:
    code: ErrorCode = "storage_failed"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        code = "storage_full"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        code = "storage_read_only"
    return StorageError(f"The key could not be stored: {os.strerror(error.errno or 0)}", code=code)
