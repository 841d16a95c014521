"""The built-in model's own process: serves one file of weights on a loopback port.

Run by `LocalModel` as ``python -m jupyterlab_gpt.providers.local_server``, never by
import: a native crash must not take the Jupyter server down. The settings come as one
line of JSON on standard input, so that the API key is neither on the command line nor
in the environment; the answer is one line of JSON, ``{"url": …}``, on standard output.
The process ends when its standard input closes, so that it never outlives its parent,
however that one ended.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Two streams at once were measured to work; each keeps its own prompt in the cache.
_STREAMS = 2
# The prompts of both streams stay in their slots; a second cache in memory, 8 GiB by the
# library's default, gains nothing for one user.
_EXTRA_CACHE_MIB = 0
# Streams, the list of models, and one to answer `health` while both streams run.
_HTTP_THREADS = _STREAMS + 2


def parameters(settings: Mapping[str, Any]) -> Any:
    """Make the library's parameters: loopback, a key, and nothing but the API."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["path"]
    params.model_alias = {settings["model"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_threads_http = _HTTP_THREADS
    params.api_keys = [settings["api_key"]]
    # Empty alone is not enough: unless it is marked explicit, any origin is reflected.
    params.cors_origins = ""
    params.cors_origins_explicit = True
    params.cors_credentials = False
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.endpoint_metrics = False
    params.offline = True
    params.n_ctx = settings["context"]
    params.n_parallel = _STREAMS
    # One cache for both streams, so that a single one may use the whole context.
    params.kv_unified = True
    params.cache_ram_mib = _EXTRA_CACHE_MIB
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    # Errors only: the log would otherwise hold text of the prompts.
    params.verbosity = 1
    return params


def main() -> None:
    """Serve until standard input closes."""
    settings = json.loads(sys.stdin.readline())
    # The library writes to file descriptor 1 too: keep ours for the one line of the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    import xllamacpp

    server = xllamacpp.Server(parameters(settings))
    answer.write(json.dumps({"url": server.listening_address}) + "\n")
    answer.close()
    while sys.stdin.readline():
        pass
    # Without the library's own shutdown: it would wait for streams that nobody reads.
    os._exit(0)


if __name__ == "__main__":
    main()
