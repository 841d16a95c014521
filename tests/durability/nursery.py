"""Real `jupyter server` processes that start quickly: forked from one that has imported all.

Most of a start is imports (two seconds, of which 1.4 s are one grammar of jsonschema's), so
that 200 of them would take ten minutes of nothing. The nursery imports, and starts neither
thread nor loop; each server is a fork of it, that is a process of its own with its own pid,
loop, sockets and connections, and it ends by the same ``kill -9`` as any other.

    python -m tests.durability.nursery

reads one JSON line for each thing to do: ``{"argv", "env", "cwd", "log"}`` starts a server
and prints its pid, ``{"reap": pid}`` waits until that process has ended and prints how.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any


def become_server(asked: dict[str, Any]) -> None:
    """Be the server that was asked for; in the child."""
    nothing = os.open(os.devnull, os.O_RDWR)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream, target in ((0, nothing), (1, nothing), (2, log)):
        os.dup2(target, stream)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    from jupyter_server.serverapp import main

    sys.argv = ["jupyter-server", *asked["argv"]]
    main()


def import_all() -> None:
    """Import what a server has imported once its panel is in use."""
    import jupyter_server.serverapp
    import jupyter_server.services.kernels.websocket  # noqa: F401

    import jupyterlab_gpt.app
    from jupyterlab_gpt.handlers.services import _import_heavy
    from jupyterlab_gpt.ledger.tokens import Counter

    jupyterlab_gpt.app.routes()
    _import_heavy()
    Counter().count("the table of tokens")


def main() -> None:
    """Serve until the input ends; servers that still run end with it."""
    import_all()
    print(json.dumps(os.getpid()), flush=True)
    children: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if "reap" in asked:
            _, how = os.waitpid(asked["reap"], 0)
            children.discard(asked["reap"])
            print(json.dumps(how), flush=True)
            continue
        pid = os.fork()
        if not pid:
            try:
                become_server(asked)
            finally:
                os._exit(1)
        children.add(pid)
        print(json.dumps(pid), flush=True)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
