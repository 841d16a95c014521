"""What all REST handlers share: origin, owner, bodies, and errors in one place."""

from __future__ import annotations

import asyncio
import json
import re
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..chat.services import MAX_TRACEBACK
from ..errors import GPTError, InvalidRequest, NotFound, TooLarge, redact
from ..store.values import clean_json
from .identity import RESOURCE, owner_of

if TYPE_CHECKING:
    from types import ModuleType, TracebackType

    from .services import Services

Method = TypeVar("Method", bound=Callable[..., Any])

# The longest JSON body: as for a frame (wire.md, "Size"). Jupyter Server itself takes 512 MiB.
MIB = 1024 * 1024
MAX_JSON_BYTES = MIB

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PROVIDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# The codes of errors that have no `GPTError`: those of tornado and of the login.
_HTTP_CODES = {403: "locked", 404: "not_available", 413: "too_large"}


async def load_protocol() -> ModuleType:
    """Load the module `protocol`; its first import (pydantic, 100 ms) happens in a thread."""

    def load() -> ModuleType:
        from .. import protocol

        return protocol

    return await asyncio.to_thread(load)


def read_json(text: str) -> Any:
    """Read JSON from outside into values that can be stored and sent again.

    Half a surrogate pair (a string cut in the middle of an emoji) is no text.

    Raises
    ------
    ValueError
        It is not JSON, or is nested beyond all reason.
    """
    try:
        data = json.loads(text)
        return clean_json(data) if "\\u" in text else data
    except RecursionError:
        raise ValueError("nested too deeply") from None


def sentence(error: Any) -> str:
    """Put a pydantic ValidationError in words: the first thing that is wrong, and where.

    Never the value: it may be a key.
    """
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def secured(action: Literal["read", "write"]) -> Callable[[Method], Method]:
    """Let a method run only for who is logged in, and authorized to do this.

    Both, always, and with action and resource named: `authorized` without them
    remembers those of the first call. A test walks over all routes and looks.
    """

    def secure(method: Method) -> Method:
        allowed: Any = authorized(action, resource=RESOURCE)
        return cast("Method", web.authenticated(allowed(method)))

    return secure


@web.stream_request_body
class GPTHandler(APIHandler):
    """Base of the REST handlers; every method of a subclass is `secured`.

    Attributes
    ----------
    max_body
        The most bytes of a body that are kept.
    """

    auth_resource = RESOURCE
    max_body = MAX_JSON_BYTES

    def initialize(self) -> None:
        """Begin without a body; it comes in pieces."""
        self._bytes = 0
        self._kept = bytearray()

    @property
    def services(self) -> Services:
        """The services that `GPTExtension` built."""
        services: Services = self.settings["jupyterlab_gpt_services"]
        return services

    @property
    def owner(self) -> str:
        """Whose request this is."""
        return owner_of(self)

    def set_default_headers(self) -> None:
        """Keep answers out of caches: they hold prompts."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    def check_origin(self, origin_to_satisfy_tornado: str = "") -> bool:
        """Refuse a foreign origin with 403; jupyter_server's own handlers say 404."""
        if super().check_origin(origin_to_satisfy_tornado):
            return True
        raise web.HTTPError(403, "Blocking a request from a foreign origin.")

    @allow_unauthenticated
    def options(self, *args: str) -> None:
        """Answer a preflight, and say nothing."""
        super().options(*args)
        self.set_status(204)
        self.clear_header("Content-Type")

    # ------------------------------------------------------------ what comes in

    def data_received(self, chunk: bytes) -> None:
        """Keep the body as far as it may go.

        What is beyond passes by unkept (100 MB of it were 100 MB of memory): a client that is
        cut off while it sends would never read why.
        """
        told = int(self.request.headers.get("Content-Length", "0"))
        self._bytes += len(chunk)
        self._kept += chunk
        if max(told, self._bytes) > self.max_body:
            self._kept = bytearray()

    def body(self, limit: int | None = None) -> bytes:
        """Take the body.

        Parameters
        ----------
        limit
            In bytes, where it is less than `max_body`.

        Raises
        ------
        TooLarge
        """
        limit = limit or self.max_body
        if self._bytes > limit:
            raise TooLarge(
                f"The request is larger than {limit // MIB} MiB.",
                detail={"bytes": self._bytes, "limit": limit},
            )
        return bytes(self._kept)

    async def parse(self, model: str) -> Any:
        """Read the JSON body as the model with this name in `protocol`."""
        data = self.json_body()
        kind = getattr(await load_protocol(), model)
        from pydantic import ValidationError

        try:
            return kind.model_validate(data)
        except ValidationError as error:
            raise InvalidRequest(sentence(error)) from None

    def json_body(self) -> Any:
        """Read the JSON body; it is never logged, as it may hold a key."""
        body = self.body(MAX_JSON_BYTES)
        try:
            return read_json(body.decode("utf-8") or "{}")
        except ValueError:
            raise InvalidRequest("The body is not JSON.") from None

    def uuid(self, text: str, code: Any) -> str:
        """Check an id from the path; one that has not the shape of one names nothing."""
        if not _UUID.fullmatch(text):
            raise NotFound("Not an id.", code=code)
        return text

    def provider_id(self, text: str) -> str:
        """Check a provider's id from the path."""
        if not _PROVIDER.fullmatch(text):
            raise NotFound("Not a provider's id.", code="unknown_provider")
        return text

    # ------------------------------------------------------------ what goes out

    def reply(self, data: Any, status: int = 200) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.finish(json.dumps(data, ensure_ascii=False))

    def reply_nothing(self) -> None:
        """Answer that it is done."""
        self.set_status(204)
        self.finish()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write every error as ``{code, message, detail?}``, under its own status."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        body: dict[str, Any]
        if isinstance(error, GPTError):
            self.set_status(error.http_status)
            body = {"code": error.code, "message": error.message}
            if error.detail:
                body["detail"] = error.detail
            if error.retry_after is not None:
                self.set_header("Retry-After", str(max(1, round(error.retry_after))))
        elif isinstance(error, web.HTTPError):
            code = _HTTP_CODES.get(status_code, "bad_request" if status_code < 500 else "internal")
            body = {"code": code, "message": error.log_message or error.reason or self._reason}
        else:
            body = {"code": "internal", "message": "Something went wrong in the server."}
        body["message"] = redact(str(body["message"]), secrets=self.services.secrets())
        self.finish(json.dumps(body, ensure_ascii=False))

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Log what failed, without a key: texts of libraries can hold a header's value."""
        if isinstance(value, GPTError):
            self.log.warning("%s %s: %s", self.request.method, self.request.path, value.code)
        elif isinstance(value, web.HTTPError):
            super().log_exception(typ, value, tb)
        else:
            text = "".join(traceback.format_exception(typ, value, tb))
            text = redact(text, secrets=self.services.secrets(), limit=MAX_TRACEBACK)
            self.log.error("Error in %s %s\n%s", self.request.method, self.request.path, text)
