"""JupyterLab GPT: talk to a GPT model from JupyterLab, paid by the token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import GPTExtension
    from .kernel.widget import Chat

try:
    from ._version import __version__  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    # Written by the build: a source tree that was never built has none.
    __version__ = "0.0.0"

__all__ = ["Chat", "__version__"]


def __getattr__(name: str) -> Any:
    """Import `Chat` when it is asked for: the server and a bare import need none of it."""
    if name == "Chat":
        from .kernel.widget import Chat

        return Chat
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """Register `%gpt` and `%%gpt`: ``%load_ext jupyterlab_gpt`` in a cell."""
    from .magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take `%gpt` and `%%gpt` away: ``%unload_ext jupyterlab_gpt``."""
    from .magics import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the built front end."""
    return [{"src": "labextension", "dest": "jupyterlab-gpt"}]


def _jupyter_server_extension_points() -> list[dict[str, str | type[GPTExtension]]]:
    """Where Jupyter Server finds the extension; imported here, so that a kernel need not."""
    from .app import GPTExtension

    return [{"module": "jupyterlab_gpt.app", "app": GPTExtension}]
