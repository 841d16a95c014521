#!/bin/sh
# Start JupyterLab with the demo notebook and the panel open. Everything that it writes
# (settings, layout, chats, the built-in model) lies in .cache/lab, nothing in the home folder.
# Arguments go to `jupyter lab`.
set -eu
. "$(dirname "$0")/common.sh"
cd "$ROOT"

GPT_LAB_DIR=${GPT_LAB_DIR:-$ROOT/.cache/lab}
JUPYTER_CONFIG_DIR=$GPT_LAB_DIR/config
JUPYTER_DATA_DIR=$GPT_LAB_DIR/data
JUPYTER_RUNTIME_DIR=$GPT_LAB_DIR/runtime
JUPYTERLAB_SETTINGS_DIR=$GPT_LAB_DIR/settings
JUPYTERLAB_WORKSPACES_DIR=$GPT_LAB_DIR/workspaces
IPYTHONDIR=$GPT_LAB_DIR/ipython
export GPT_LAB_DIR JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR JUPYTER_RUNTIME_DIR
export JUPYTERLAB_SETTINGS_DIR JUPYTERLAB_WORKSPACES_DIR IPYTHONDIR

mkdir -p "$GPT_LAB_DIR/work"
if [ ! -e "$GPT_LAB_DIR/work/demo.ipynb" ]; then
  python scripts/demo_notebook.py "$GPT_LAB_DIR/work/demo.ipynb"
fi
# Only the first time: afterwards the layout is the user's.
if [ ! -d "$JUPYTERLAB_WORKSPACES_DIR" ]; then
  jupyter lab workspaces import examples/workspace.json >/dev/null 2>&1 ||
    say "the layout could not be prepared: open the panel with View > GPT Chat"
fi

jupyter-gpt fetch-model ||
  say "JupyterLab starts without it. Once you have the file: JUPYTER_DATA_DIR=$JUPYTER_DATA_DIR $VENV/bin/jupyter-gpt fetch-model --from FILE"

if [ "$(id -u)" = 0 ]; then
  # Jupyter refuses to start for root unless told; in a container there is nobody else.
  set -- --allow-root "$@"
fi
exec jupyter lab --config="$ROOT/scripts/lab_config.py" "$@"
