#!/usr/bin/env bash
# One smoke test in the browser on the oldest JupyterLab that we support, and one on Notebook 7,
# each with the wheel as users get it, in an environment of its own under .cache/compat.
set -euo pipefail
cd "$(dirname "$0")/.."

OLDEST_LAB="jupyterlab==4.4.0"
NOTEBOOK="notebook>=7.6,<8"
cache="$PWD/.cache/compat"
mkdir -p "$cache"

# The wheel packs the production build that lies in jupyterlab_gpt/labextension.
jlpm build:prod
rm -rf "$cache/dist"
python -m build --wheel --no-isolation --outdir "$cache/dist" . >"$cache/build.log" 2>&1 ||
  { tail -20 "$cache/build.log"; exit 1; }
wheel=$(ls "$cache"/dist/*.whl)

# environment NAME REQUIREMENT: made once for each requirement, our wheel anew each time.
environment() {
  local venv="$cache/$1"
  if [ ! -f "$venv/.made-for" ] || [ "$(cat "$venv/.made-for")" != "$2" ]; then
    rm -rf "$venv"
    python -m venv "$venv"
    "$venv/bin/pip" install --quiet "$2" "$wheel"
    printf '%s' "$2" >"$venv/.made-for"
  fi
  "$venv/bin/pip" install --quiet --no-deps --force-reinstall "$wheel"
}
environment lab "$OLDEST_LAB"
environment notebook "$NOTEBOOK"

export GPT_COMPAT_LAB="$cache/lab/bin" GPT_COMPAT_NOTEBOOK="$cache/notebook/bin"
cd ui-tests
jlpm playwright test --config compat.config.js "$@"
