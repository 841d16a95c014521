# Sourced by the tests that run the wheel as users get it, each in an environment of its own
# under .cache/compat.
# shellcheck shell=bash
cache="$PWD/.cache/compat"
mkdir -p "$cache"

# The wheel packs the production build that lies in jupyterlab_gpt/labextension.
jlpm build:prod
rm -rf "$cache/dist"
python -m build --wheel --no-isolation --outdir "$cache/dist" . >"$cache/build.log" 2>&1 ||
  { tail -20 "$cache/build.log"; exit 1; }
wheel=$(ls "$cache"/dist/*.whl)

# environment NAME REQUIREMENT…: made once for each requirement, our wheel anew each time.
environment() {
  local venv="$cache/$1"
  shift
  if [ ! -f "$venv/.made-for" ] || [ "$(cat "$venv/.made-for")" != "$*" ]; then
    rm -rf "$venv"
    python -m venv "$venv"
    "$venv/bin/pip" install --quiet "$@" "$wheel"
    printf '%s' "$*" >"$venv/.made-for"
  fi
  "$venv/bin/pip" install --quiet --no-deps --force-reinstall "$wheel"
}
