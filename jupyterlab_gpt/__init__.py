"""JupyterLab GPT: talk to a GPT model from JupyterLab, paid by the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import GPTExtension

try:
    from ._version import __version__  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    # Written by the build: a source tree that was never built has none.
    __version__ = "0.0.0"

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the built front end."""
    return [{"src": "labextension", "dest": "jupyterlab-gpt"}]


def _jupyter_server_extension_points() -> list[dict[str, str | type[GPTExtension]]]:
    """Where Jupyter Server finds the extension; imported here, so that a kernel need not."""
    from .app import GPTExtension

    return [{"module": "jupyterlab_gpt.app", "app": GPTExtension}]
