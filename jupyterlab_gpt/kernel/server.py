"""Where the kernel's own Jupyter server is, and the token that opens it.

A server writes `jpserver-PID.json` into Jupyter's runtime directory, readable by its user
only; the kernel's parent is that process, or there is a shell or a launcher between the
two. A server that was killed leaves its file, and its process id may be another's later:
so a server says in its status which process it is, and nothing is asked of one that is
another than the file's. JupyterHub gives its servers no token of their own: there the hub's
token opens it, which a single-user server leaves in the environment for exactly this
(JUPYTERHUB_API_TOKEN), and it is sent to nobody but the server under
JUPYTERHUB_SERVICE_PREFIX.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from .errors import ServerGone

# Processes between the kernel and its server: a venv's launcher on Windows, `conda run`
# and a shell are three. Eight is more than any that was seen.
_LEVELS = 8
_ANY_ADDRESS = ("", "*", "0.0.0.0", "::", "[::]")  # noqa: S104 (compared with, not listened on)

NOT_FOUND = (
    "No Jupyter server was found that started this kernel, so there is nobody to ask. "
    "%gpt works in kernels that were started by JupyterLab or Notebook on the same machine; "
    "if this is one, check that JUPYTER_RUNTIME_DIR is the same for both."
)
LOCKED_OUT = (
    "The Jupyter server does not let its kernel in: with a password, or a login of its own, it "
    "gives kernels no token. Start it with a token beside the password "
    "(--IdentityProvider.token=…), or ask in the GPT panel."
)
UNIX_SOCKET = (
    "The Jupyter server listens on a unix socket, which %gpt does not support. "
    "Ask in the GPT panel."
)


@dataclass(frozen=True)
class Server:
    """A server to connect to.

    Attributes
    ----------
    url
        With the base URL, ends with a slash.
    token
        Never in a URL, a log, an output or the repr.
    root
        The folder that the server shows; None where that is not known.
    pid
        The process that it must be; None where no file names it.
    """

    url: str
    token: str = field(repr=False)
    root: str | None = None
    pid: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What opens the server."""
        return {"Authorization": f"token {self.token}"} if self.token else {}


def find_servers(environ: Mapping[str, str] | None = None) -> list[Server]:
    """Find the servers that may have started this kernel, the likeliest first.

    Raises
    ------
    ServerGone
        There is none, or the likeliest cannot be opened from here.
    """
    environ = os.environ if environ is None else environ
    found: list[Server] = []
    for info in _runtime_infos():
        try:
            found.append(_of_file(info, environ))
        except ServerGone:
            if not found:
                raise
    try:
        found.append(_of_hub(environ))
    except ServerGone:
        if not found:
            raise
    return found


def _of_file(info: dict[str, Any], environ: Mapping[str, str]) -> Server:
    if info.get("sock"):
        raise ServerGone(UNIX_SOCKET)
    token = str(info.get("token") or "")
    if not token and _slashed(info.get("base_url")) == _slashed(
        environ.get("JUPYTERHUB_SERVICE_PREFIX")
    ):
        token = environ.get("JUPYTERHUB_API_TOKEN", "")
    if not token and info.get("password"):
        raise ServerGone(LOCKED_OUT)
    return Server(_url_of(info), token, info.get("root_dir"), info["pid"])


def notebook_path(root: str | None) -> str | None:
    """Path of this kernel's notebook as the server knows it; None where that is not clear.

    Jupyter Server names the notebook when it starts a kernel. After a rename the name is
    the old one: a file that is not there any more is not named.
    """
    name = os.environ.get("JPY_SESSION_NAME")
    if not name or not root:
        return None
    with contextlib.suppress(OSError, ValueError):
        file = Path(name).resolve(strict=True)
        return file.relative_to(Path(root).resolve()).as_posix()
    return None


def _url_of(info: dict[str, Any]) -> str:
    """Give the address to connect to; a server that listens everywhere listens here too."""
    url = str(info.get("url") or "")
    if info.get("hostname") in _ANY_ADDRESS and not info.get("secure"):
        return _slashed(f"http://localhost:{info.get('port')}{info.get('base_url') or '/'}")
    return _slashed(url)


def _of_hub(environ: Mapping[str, str]) -> Server:
    prefix = environ.get("JUPYTERHUB_SERVICE_PREFIX")
    token = environ.get("JUPYTERHUB_API_TOKEN")
    listens = urlsplit(environ.get("JUPYTERHUB_SERVICE_URL") or "")
    if not prefix or not token or not listens.scheme:
        raise ServerGone(NOT_FOUND)
    netloc = listens.netloc
    if (listens.hostname or "") in _ANY_ADDRESS:
        netloc = f"localhost:{listens.port}" if listens.port else "localhost"
    return Server(_slashed(urlunsplit((listens.scheme, netloc, prefix, "", ""))), token)


def _slashed(url: str | None) -> str:
    return f"{(url or '').rstrip('/')}/"


def _runtime_infos() -> Iterator[dict[str, Any]]:
    for pid in parents():
        for folder in _runtime_dirs():
            with contextlib.suppress(OSError, ValueError):
                info = json.loads((folder / f"jpserver-{pid}.json").read_text(encoding="utf-8"))
                if isinstance(info, dict) and info.get("pid") == pid:
                    yield info
                    break


def _runtime_dirs() -> Iterator[Path]:
    with contextlib.suppress(ImportError):
        from jupyter_core.paths import jupyter_runtime_dir

        yield Path(jupyter_runtime_dir())
    # A server with a runtime directory of its own puts its kernels' connection files there.
    app = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
    if app is not None and app.initialized():
        yield Path(app.instance().abs_connection_file).parent


def parents() -> Iterator[int]:
    """Process ids above this process, the nearest first."""
    pid: int | None = os.getppid()
    for _ in range(_LEVELS):
        if not pid:
            return
        yield pid
        pid = _parent_of(pid)


def _parent_of(pid: int) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        # The program's name, in brackets, may hold anything.
        return int(stat.rpartition(")")[2].split()[1])
    with contextlib.suppress(Exception):  # ipykernel brings psutil, which knows other systems
        import psutil

        found = psutil.Process(pid).ppid()
        return int(found)
    return None
