"""The server extension: traits in, services built once, handed to the handlers, closed."""

from __future__ import annotations

from typing import Any

from jupyter_server.extension.application import ExtensionApp

from . import __version__
from .config import GPTTraits
from .handlers import Services, audit_to, routes


class GPTExtension(GPTTraits, ExtensionApp):
    """JupyterLab GPT: a panel that talks to a GPT model, paid by the token."""

    name = "jupyterlab_gpt"
    description = __doc__ or ""
    # The panel is in JupyterLab: there is no page of ours to open.
    extension_url = "/lab"
    load_other_extensions = True

    _services: Services | None = None

    def initialize_settings(self) -> None:
        """Build the services: they open neither file nor connection before they are asked."""
        audit = audit_to(self.serverapp.event_logger if self.serverapp else None)
        self._services = Services.build(self, __version__, self.take_keys(), audit)
        self.settings["jupyterlab_gpt_services"] = self._services

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(routes())

    def current_activity(self) -> dict[str, Any] | None:
        """Tell Jupyter Server that turns run, so that it does not end itself as idle."""
        running = self._services.sessions.running if self._services else 0
        return {"turns": running} if running else None

    async def stop_extension(self) -> None:
        """End the turns with their text stored, then close all that they use."""
        if self._services is not None:
            await self._services.close()
