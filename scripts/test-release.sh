#!/usr/bin/env bash
# The release as users get it: the sdist, the wheel made of it, and both installed into the oldest
# and the newest JupyterLab 4 and into Notebook 7, on each Python from 3.11 to 3.14 that is here,
# all without Node. The panel is opened in a browser on the oldest and on the newest pair.
# Environments under .cache/release, 350 MB each; GPT_PYTHONS="3.11 3.13" takes only these.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environments.sh
cache="$PWD/.cache/release"
declare -A APPS=([lab-4.4.0]="jupyterlab==4.4.0" [lab-4]="jupyterlab>=4.4,<5" [notebook-7]="notebook>=7.4,<8")

# python_of VERSION: an interpreter that runs, pyenv's own place first: its shims may be of another.
python_of() {
  local candidate
  for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python "/usr/bin/python$1" \
    "/usr/local/bin/python$1" "$(command -v "python$1" || true)"; do
    if [ -x "$candidate" ] && "$candidate" -c "import ensurepip, sqlite3, ssl" 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

# A `node` that says who called it: with it first on the PATH, Node is as good as not there.
mkdir -p "$cache/without-node"
for name in node npm npx jlpm yarn corepack; do
  printf '#!/bin/sh\necho "$0 $*" >>"%s/node-was-called"\nexit 127\n' "$cache" >"$cache/without-node/$name"
  chmod +x "$cache/without-node/$name"
done
rm -f "$cache/node-was-called"
without_node() { PATH="$cache/without-node:$PATH" "$@"; }

# say FOLDER COMMAND…: what it prints, to be searched; its place is a home of its own.
say() {
  local venv=$1
  shift
  HOME="$cache/home" JUPYTER_DATA_DIR="$cache/home/data" JUPYTER_CONFIG_DIR="$cache/home/config" \
    PATH="$venv/bin:$PATH" without_node "$venv/bin/$1" "${@:2}" 2>&1 || true
}

# check FOLDER: what must be true of an environment with our wheel in it; prints what is not.
check() {
  say "$1" jupyter labextension list | grep -q "jupyterlab-gpt v.*enabled.*OK" || echo -n "labextension "
  say "$1" jupyter server extension list | grep -q "jupyterlab_gpt .*OK" || echo -n "server-extension "
  say "$1" jupyter-gpt doctor >"$cache/doctor.txt"
  grep -q "^ok *database" "$cache/doctor.txt" && grep -q "^[a-zA-Z]* *model" "$cache/doctor.txt" ||
    echo -n "doctor "
}

jlpm build:prod
without_node build_from_sdist "$cache"
sdist=$(ls "$cache"/dist/*.tar.gz)

table=""
first="" last=""
failed=0
for version in ${GPT_PYTHONS:-3.11 3.12 3.13 3.14}; do
  python=$(python_of "$version")
  if [ -z "$python" ]; then
    table+="$version  no such interpreter on this machine: not tested"$'\n'
    continue
  fi
  for app in lab-4.4.0 lab-4 notebook-7; do
    venv="$cache/$version-$app"
    PYTHON=$python without_node environment "$venv" "${APPS[$app]}"
    without_node put_wheel "$venv"
    name=${APPS[$app]%%[=>]*}
    wrong=$(check "$venv")
    [ -z "$wrong" ] || failed=1
    table+="$("$venv/bin/python" -V | cut -d' ' -f2)  $name $("$venv/bin/pip" show "$name" | sed -n 's/^Version: //p')  ${wrong:-ok}"$'\n'
  done
  first=${first:-$version}
  last=$version
done
[ -n "$first" ] || { echo "No Python from 3.11 to 3.14 was found."; exit 1; }

# The sdist by itself: no Node either, the built front end is in it.
without_node "$cache/$last-lab-4/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  --force-reinstall "$sdist"
wrong=$(check "$cache/$last-lab-4")
[ -z "$wrong" ] || failed=1
table+="$last  from the sdist  ${wrong:-ok}"$'\n'

echo "$table"
# JupyterLab itself asks its yarn for its configuration, if there is a Node, when it lists extensions.
calls=$(grep -v "/yarn.js config --json$" "$cache/node-was-called" 2>/dev/null || true)
if [ -n "$calls" ]; then
  echo "Node was called:"
  echo "$calls"
  exit 1
fi
[ "$failed" = 0 ] || exit 1

cd ui-tests
for pair in "$first-lab-4.4.0 $first-notebook-7" "$last-lab-4 $last-notebook-7"; do
  echo "The panel on $pair"
  read -r lab notebook <<<"$pair"
  GPT_COMPAT_LAB="$cache/$lab/bin" GPT_COMPAT_NOTEBOOK="$cache/$notebook/bin" \
    jlpm playwright test --config compat.config.js smoke.spec.ts "$@"
done
