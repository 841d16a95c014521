# Sourced by the scripts that test in environments of their own: our wheel, as users get it.
# shellcheck shell=bash

# build_wheel FOLDER: sets `wheel`. The wheel packs what lies in jupyterlab_gpt/labextension.
build_wheel() {
  rm -rf "$1/dist"
  mkdir -p "$1"
  python -m build --wheel --no-isolation --outdir "$1/dist" . >"$1/build.log" 2>&1 ||
    { tail -20 "$1/build.log"; exit 1; }
  wheel=$(ls "$1"/dist/*.whl)
}

# build_from_sdist FOLDER: the sdist, and from it the wheel; sets `wheel`.
build_from_sdist() {
  rm -rf "$1/dist"
  mkdir -p "$1"
  python -m build --no-isolation --outdir "$1/dist" . >"$1/build.log" 2>&1 ||
    { tail -20 "$1/build.log"; exit 1; }
  wheel=$(ls "$1"/dist/*.whl)
}

# environment FOLDER REQUIREMENT…: made once for these requirements, with $PYTHON where it is set.
environment() {
  local venv=$1
  shift
  if [ ! -f "$venv/.made-for" ] || [ "$(cat "$venv/.made-for")" != "$*" ]; then
    rm -rf "$venv"
    "${PYTHON:-python}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
    printf '%s' "$*" >"$venv/.made-for"
  fi
}

# put_wheel FOLDER: our wheel anew, its dependencies with the first one.
put_wheel() {
  "$1/bin/pip" install --quiet --disable-pip-version-check "$wheel"
  "$1/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheel"
}
