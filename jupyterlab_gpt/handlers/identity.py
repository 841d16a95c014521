"""Whose request it is: from the login, never from what was sent."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth import IdentityProvider
from jupyter_server.base.handlers import JupyterHandler

RESOURCE = "jupyterlab_gpt"
# The owner where jupyter_server's own login gives each browser a random name (wire.md, "Owner").
LOCAL_OWNER = "local"

# What a provider that names people puts in place of jupyter_server's own.
_NAMING = ("get_user", "get_user_cookie", "get_user_token", "generate_anonymous_user")


def names_people(provider: IdentityProvider) -> bool:
    """Whether the names of this identity provider mean somebody.

    Those of jupyter_server's token and password login do not: they are made up for
    each browser. An older login handler class (`LegacyIdentityProvider`) decides by itself.
    """
    if any(_foreign(getattr(type(provider), name)) for name in _NAMING):
        return True
    login = getattr(provider, "login_handler_class", None)
    if type(provider).__name__ != "LegacyIdentityProvider" or login is None:
        return False
    return _foreign(getattr(login, "get_user", login))


def _foreign(thing: Any) -> bool:
    return (getattr(thing, "__module__", "") or "").split(".")[0] != "jupyter_server"


def owner_of(handler: JupyterHandler) -> str:
    """Name the owner of all that this request makes, reads or deletes."""
    if not names_people(handler.identity_provider):
        return LOCAL_OWNER
    return str(handler.current_user.username)
