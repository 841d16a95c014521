"""The routes: thin, each one finds its owner, asks a service and answers."""

from __future__ import annotations

from typing import Any

from tornado.web import RequestHandler

from .audit import audit_to
from .blobs import BlobHandler, BlobsHandler
from .budget import BudgetHandler
from .conversations import (
    BranchHandler,
    BranchRestoreHandler,
    ConversationHandler,
    ConversationsHandler,
    RestoreHandler,
)
from .discover import DiscoverHandler
from .export import ExportAllHandler, ExportHandler
from .local_model import LocalModelHandler
from .models import ModelsHandler
from .prices import PricesHandler
from .providers import CheckHandler, KeyHandler, ProviderHandler, ProvidersHandler
from .services import Services
from .status import StatusHandler
from .stream import StreamHandler
from .usage import UsageCsvHandler, UsageHandler

# One segment of a path; its shape is looked at after the login.
_ID = r"([^/]+)"

__all__ = ["Services", "audit_to", "routes"]


def routes() -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """All routes below the server's base URL."""
    api = "/jupyterlab-gpt/api"
    table: list[tuple[str, type[RequestHandler]]] = [
        ("/jupyterlab-gpt/stream", StreamHandler),
        (f"{api}/status", StatusHandler),
        (f"{api}/providers", ProvidersHandler),
        (f"{api}/providers/{_ID}", ProviderHandler),
        (f"{api}/providers/{_ID}/key", KeyHandler),
        (f"{api}/providers/{_ID}/check", CheckHandler),
        (f"{api}/models", ModelsHandler),
        (f"{api}/local-model", LocalModelHandler),
        (f"{api}/discover", DiscoverHandler),
        (f"{api}/budget", BudgetHandler),
        (f"{api}/prices", PricesHandler),
        (f"{api}/usage", UsageHandler),
        (f"{api}/usage.csv", UsageCsvHandler),
        (f"{api}/conversations", ConversationsHandler),
        (f"{api}/conversations/export", ExportAllHandler),
        (f"{api}/conversations/{_ID}", ConversationHandler),
        (f"{api}/conversations/{_ID}/restore", RestoreHandler),
        (f"{api}/conversations/{_ID}/export", ExportHandler),
        (f"{api}/conversations/{_ID}/messages/{_ID}", BranchHandler),
        (f"{api}/conversations/{_ID}/messages/{_ID}/restore", BranchRestoreHandler),
        (f"{api}/blobs", BlobsHandler),
        (f"{api}/blobs/{_ID}", BlobHandler),
    ]
    return [(path, handler, {}) for path, handler in table]
