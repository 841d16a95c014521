"""Our routes as the server has them registered, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tornado.routing import RuleRouter
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
UUID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
_GROUP = re.compile(r"([^/]+)/\(\[\^/\]\+\)")


def registered(
    app: Any, id_of: Callable[[str], str] = lambda _: UUID
) -> Iterator[tuple[str, type[RequestHandler]]]:
    """Our routes, with paths that they match.

    Parameters
    ----------
    id_of
        An id to put into the path, by the name of the segment before it.
    """
    todo = list(app.web_app.default_router.rules)
    while todo:
        rule = todo.pop(0)
        if isinstance(rule.target, RuleRouter):
            todo += rule.target.rules
        elif getattr(rule.target, "__module__", "").startswith("jupyterlab_gpt."):
            pattern = rule.matcher.regex.pattern.rstrip("$").replace("\\", "")
            path = _GROUP.sub(lambda found: f"{found[1]}/{id_of(found[1])}", pattern)
            assert "(" not in path, f"no id for {pattern}"
            yield path, rule.target


def implemented(handler: type[RequestHandler]) -> list[str]:
    """The methods that a handler has of its own, OPTIONS apart."""
    return [
        name
        for name in METHODS
        if getattr(handler, name.lower()) is not getattr(RequestHandler, name.lower())
    ]


def is_socket(handler: type[RequestHandler]) -> bool:
    return issubclass(handler, WebSocketHandler)
