"""The WebSocket: bytes to typed frames and back; all that they mean is the session's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketHandler

from ..chat import frames
from ..chat.frames import Frame
from ..chat.session import ChatSession
from ..errors import GPTError, InvalidRequest
from .base import load_protocol, read_json, sentence
from .direct import send_text
from .identity import RESOURCE, owner_of
from .outbox import SLOW_SECONDS, Outbox

if TYPE_CHECKING:
    from .services import Services

# wire.md; `protocol` has both, but is not imported before the first socket opens.
SUBPROTOCOL = "v1.jupyterlab-gpt"
MAX_FRAME_BYTES = 1024 * 1024


class StreamHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """`stream`. The order of the bases matters: it is that of the kernels' socket."""

    auth_resource = RESOURCE
    slow_seconds = SLOW_SECONDS
    _session: ChatSession | None = None
    _outbox: Outbox | None = None
    _protocol: Any = None

    @property
    def services(self) -> Services:
        """The services that `GPTExtension` built."""
        services: Services = self.settings["jupyterlab_gpt_services"]
        return services

    def set_default_headers(self) -> None:
        """Set none: an upgrade has no page to protect."""

    def get_compression_options(self) -> dict[str, Any] | None:
        """Compress where the administrator turned it on for the server."""
        options: dict[str, Any] | None = self.settings.get("websocket_compression_options")
        return options

    @property
    def max_message_size(self) -> int:
        """The largest frame: for this handler only, the server's own limit is 10 MiB."""
        return MAX_FRAME_BYTES

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the socket for who is logged in, authorized, and speaks our protocol."""
        allowed = await ensure_async(
            self.authorizer.is_authorized(self, self.current_user, "execute", RESOURCE)
        )
        if not allowed:
            raise web.HTTPError(403)
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if SUBPROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPError(400, f"The subprotocol {SUBPROTOCOL} must be offered.")
        self._protocol = await load_protocol()
        await super().get(*args, **kwargs)

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Answer the one that we speak, else a browser drops the connection."""
        return SUBPROTOCOL if SUBPROTOCOL in subprotocols else None

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Join the owner's session."""
        super().open(*args, **kwargs)  # starts the pings
        self.set_nodelay(True)  # a token must not wait for the one before to be acknowledged
        session = self.services.sessions.get(owner_of(self))
        self._session = session
        self._outbox = Outbox(
            write=self._write_text,
            write_now=self._write_now if self.get_compression_options() is None else None,
            is_full=self._is_full,
            close=self._let_go,
            drained=lambda: session.drained(self),
            is_busy=lambda: session.is_busy(self),
            slow=self.slow_seconds,
        )
        session.attach(self)
        self.services.warm_up()

    def _write_text(self, text: str) -> Awaitable[None]:
        return self.write_message(text)

    def _write_now(self, text: str) -> bool:
        connection = self.ws_connection
        return connection is not None and send_text(connection.stream, text)

    def _is_full(self) -> bool:
        """Whether something of what was written waits for the reader."""
        if self.ws_connection is None:
            return True
        stream = self.ws_connection.stream
        return stream is None or stream.writing()

    def _let_go(self, code: int, reason: str) -> None:
        """Close the socket of a reader that does not read; it has left before it notices."""
        if self._session is not None:
            # Soon, and not now: the session may be telling all of its sockets something.
            asyncio.get_running_loop().call_soon(self._session.detach, self)
        self.close(code, reason)

    def send(self, text: str) -> bool:
        """Queue a frame of a turn, encoded; False when there is no room for it."""
        return self._outbox is not None and self._outbox.send(text)

    def tell(self, frame: Frame) -> None:
        """Queue a frame that nobody sends again."""
        if self._outbox is not None:
            self._outbox.tell(frame)

    def has_room(self) -> bool:
        """Whether nothing waits to leave."""
        return self._outbox is not None and self._outbox.has_room()

    async def on_message(self, message: str | bytes) -> None:
        """Take a frame; one that cannot be read is answered and never ends the socket."""
        if self._outbox is None or self._session is None:
            return
        await self._outbox.room()
        request_id = frames.NO_REQUEST
        try:
            data = _decode(message)
            if isinstance(data, dict):
                request_id = _request_id(data)
            self._take(data)
        except GPTError as error:
            self.tell(frames.failed(request_id, error))

    def _take(self, data: Any) -> None:
        from pydantic import ValidationError

        try:
            frame = self._protocol.parse_client_frame(data)
        except ValidationError as error:
            raise InvalidRequest(sentence(error), code="bad_frame") from None
        except RecursionError:
            raise InvalidRequest("The frame is nested too deeply.", code="bad_frame") from None
        session = self._session
        if frame is None or session is None or self._outbox is None:
            return
        if frame.type == "submit":
            session.submit(self, _plain(frame))
        elif frame.type == "resume":
            session.resume(self, frame.request_id, frame.after_seq)
        elif frame.type == "cancel":
            session.cancel(frame.request_id)
        else:
            session.quote(self, _plain(frame))
        self._outbox.poke()

    def on_close(self) -> None:
        """Leave the session; its turns go on."""
        super().on_close()
        if self._session is not None:
            self._session.detach(self)
        if self._outbox is not None:
            self._outbox.end()


def _plain(frame: Any) -> dict[str, Any]:
    """Make a prompt's frame plain data: parameters and fields that were not sent stay absent."""
    plain: dict[str, Any] = frame.model_dump(exclude_none=True)
    return plain


def _decode(message: str | bytes) -> Any:
    if isinstance(message, bytes):
        raise InvalidRequest("A frame is text.", code="bad_frame")
    try:
        return read_json(message)
    except ValueError:
        raise InvalidRequest("The frame is not JSON.", code="bad_frame") from None


def _request_id(data: dict[str, Any]) -> str:
    found = data.get("request_id")
    if isinstance(found, str) and len(found) == len(frames.NO_REQUEST):
        return found
    return frames.NO_REQUEST
