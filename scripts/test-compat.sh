#!/usr/bin/env bash
# Browser tests on the oldest JupyterLab that we support, and on Notebook 7, each with the wheel as
# users get it, in an environment of its own under .cache/compat.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
cache="$PWD/.cache/compat"

jlpm build:prod
build_wheel "$cache"
environment "$cache/lab" "jupyterlab==4.4.0"
put_wheel "$cache/lab"
environment "$cache/notebook" "notebook>=7.6,<8"
put_wheel "$cache/notebook"

export GPT_COMPAT_LAB="$cache/lab/bin" GPT_COMPAT_NOTEBOOK="$cache/notebook/bin"
cd ui-tests
jlpm playwright test --config compat.config.js "$@"
