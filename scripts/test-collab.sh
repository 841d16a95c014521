#!/usr/bin/env bash
# Browser tests with jupyter-collaboration. It runs in an environment of its own: with it every
# document of a server is a shared one, which the other tests are not about.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
cache="$PWD/.cache/compat"

jlpm build:prod
build_wheel "$cache"
environment "$cache/collab" "jupyterlab>=4.6,<5" "jupyter-collaboration>=5,<6"
put_wheel "$cache/collab"

export GPT_COLLAB_BIN="$cache/collab/bin"
cd ui-tests
jlpm playwright test --config collab.config.js "$@"
