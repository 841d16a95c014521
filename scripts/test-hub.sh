#!/usr/bin/env bash
# Two users on a real JupyterHub behind its real proxy, with our wheel and our hub's configuration,
# in an environment of its own under .cache/hub.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
cache="$PWD/.cache/hub"

build_wheel "$cache"
environment "$cache/venv" "jupyterhub==6.1.1" "jupyterlab==4.6.6"
put_wheel "$cache/venv"
if [ ! -x "$cache/chp/node_modules/.bin/configurable-http-proxy" ]; then
  npm install --silent --no-audit --no-fund --prefix "$cache/chp" configurable-http-proxy@5.3.0
fi
export GPT_HUB="$cache"
exec pytest -s -q tests/hub "$@"
