"""Any endpoint that speaks the OpenAI chat API.

The `openai` library makes the request, we read the stream: its own objects cost ten
times the parsing of a raw line, and its stream is silent about the worst faults.
The library is imported on first use.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any, cast

from ..config import Limits
from ..errors import GPTError, ProviderRefused, ProviderUnreachable
from .base import Called, Dropped, ProviderEvent, ProviderRequest
from .catalog import chat_models, read_models, with_refusals
from .client import build
from .faults import HTTPRefused, broken
from .proxies import proxy_of
from .quirks import Quirks
from .reader import AnswerReader
from .tls import ClientCert
from .unreachable import silent, unreachable
from .urls import host_of, is_openai

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

# Requests for one answer: each parameter can be refused once (four of ours, both names of the
# reply limit, stream_options, the missing /v1).
_MAX_ATTEMPTS = 8
# The longest list of models seen is OpenRouter's, 700 kB.
_MAX_LIST_BYTES = 8 * 1024 * 1024
# Seconds for the list of models, the free call: a cold gateway takes 5.
_LIST_TIMEOUT = 15.0


class OpenAIProvider:
    """A provider behind one base URL.

    Parameters
    ----------
    provider_id
        Its id in the settings.
    base_url
        As `urls.normalise` returns it.
    key
        None: no Authorization header is sent.
    headers
        Headers that were added; they go out last, so they can replace ours.
    client_cert
        What the connection shows of itself.
    quirks
        What is known of the endpoint; shared by all its clients.
    local
        True for the built-in model.
    allow
        Raises for a model that policy forbids; a second lock behind the turn's own.
    """

    def __init__(
        self,
        *,
        provider_id: str,
        base_url: str,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        client_cert: ClientCert | None = None,
        limits: Limits | None = None,
        quirks: Quirks | None = None,
        local: bool = False,
        allow: Callable[[str], None] | None = None,
    ) -> None:
        self.id = provider_id
        self.host = host_of(base_url)
        self.base_url = base_url
        self._key = key
        self._headers = dict(headers or {})
        self._client_cert = client_cert
        self._limits = limits or Limits()
        self._quirks = quirks or Quirks(base_url)
        self._local = local
        self._allow = allow
        self._client: AsyncOpenAI | None = None
        self._secrets: tuple[str, ...] = ()
        self._building = asyncio.Lock()
        self._active = 0
        self._retired = False

    def __repr__(self) -> str:
        return f"<OpenAIProvider {self.id} at {self.host}>"

    # ------------------------------------------------ what a turn uses

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes back; see `base.Provider.stream`."""
        self._require_key()
        if self._allow is not None:
            self._allow(request.model)
        deadline = asyncio.get_running_loop().time() + self._limits.total_timeout
        self._active += 1
        try:
            async with AsyncExitStack() as stack:
                async with aclosing(self._ask(request, stack, deadline)) as asking:
                    async for step in asking:
                        if isinstance(step, AnswerReader):
                            answer = await stack.enter_async_context(aclosing(step.events()))
                        else:
                            yield step
                async for event in answer:
                    yield event
        finally:
            self._active -= 1
            if self._retired and not self._active:
                await self.close()

    async def _ask(
        self, request: ProviderRequest, stack: AsyncExitStack, deadline: float
    ) -> AsyncGenerator[Called | Dropped | AnswerReader, None]:
        """Send the request, again where a refusal taught something; the reader comes last."""
        blind: HTTPRefused | None = None
        for attempt in range(1, _MAX_ATTEMPTS + 1):
            body = self._quirks.body(request)
            if blind is not None:
                body.pop("stream_options", None)
            yield Called(attempt)
            try:
                response = await self._send(request, body, stack, deadline)
            except HTTPRefused as error:
                if blind is not None:
                    raise blind from None
                last = attempt == _MAX_ATTEMPTS
                if not last and self._quirks.try_suffix(error):
                    self._quirks.suffix = "/v1"
                    try:
                        await self._list()
                    except GPTError:
                        self._quirks.suffix = ""
                        raise error from None
                    continue
                dropped = None if last else self._quirks.adapt(error, body, request.model)
                if dropped is None:
                    if last or not self._quirks.may_be_stream_options(error, body):
                        raise
                    blind = error
                    continue
                for parameter in dropped:
                    yield Dropped(parameter)
                continue
            if blind is not None:
                self._quirks.forget_stream_options()
            self._quirks.answered(body)
            yield AnswerReader(
                response,
                host=self.host,
                limits=self._limits,
                deadline=deadline,
                secrets=self._secrets,
            )
            return

    async def _send(
        self,
        request: ProviderRequest,
        body: dict[str, Any],
        stack: AsyncExitStack,
        deadline: float,
    ) -> httpx2.Response:
        """Send one request and wait for its headers; the stack closes the response."""
        client = await self._ready()
        # The library's types are for literals; ours come from the wire, checked there.
        create = cast("Any", client.chat.completions.with_streaming_response.create)
        call = create(model=request.model, messages=request.messages, stream=True, extra_body=body)
        response = await self._enter(call, stack, deadline)
        return cast("httpx2.Response", response.http_response)

    async def _enter(self, call: Any, stack: AsyncExitStack, deadline: float) -> Any:
        import openai

        loop = asyncio.get_running_loop()
        limit = self._limits.headers_timeout
        try:
            async with asyncio.timeout_at(min(loop.time() + limit, deadline)):
                return await stack.enter_async_context(call)
        except TimeoutError:
            raise silent(self.host, limit) from None
        except openai.OpenAIError as error:
            # Nothing of the library's own may reach the user: its messages hold requests.
            raise self._unreachable(error) from None

    def _unreachable(self, error: Exception) -> ProviderUnreachable:
        return unreachable(error, host=self.host, proxy=proxy_of(self.base_url))

    # ------------------------------------------------ the free call

    async def models(self) -> list[dict[str, Any]]:
        """List the models that chat; see `base.Provider.models`."""
        listed = await self._list()
        return self.noted(chat_models(listed, provider=self.id, local=self._local))

    def noted(self, models: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add to a list of this provider's models what they have refused by now."""
        return with_refusals(models, self._quirks)

    async def check(self) -> int:
        """Make the free call and count the models that chat."""
        return len(await self.models())

    async def _list(self) -> list[dict[str, Any]]:
        self._require_key()
        try:
            return await self._list_once()
        except HTTPRefused as error:
            if not self._quirks.try_suffix(error):
                raise
            # `http://host:11434` instead of `http://host:11434/v1` (Ollama, LM Studio …).
            self._quirks.suffix = "/v1"
            try:
                return await self._list_once()
            except GPTError:
                self._quirks.suffix = ""
                raise error from None

    async def _list_once(self) -> list[dict[str, Any]]:
        client = await self._ready()
        body = bytearray()
        deadline = asyncio.get_running_loop().time() + _LIST_TIMEOUT
        try:
            async with AsyncExitStack() as stack, asyncio.timeout_at(deadline):
                call = client.models.with_streaming_response.list()
                response = await self._enter(call, stack, deadline)
                async for piece in response.http_response.aiter_raw():
                    body += piece
                    if len(body) > _MAX_LIST_BYTES:
                        break
        except TimeoutError:
            raise silent(self.host, _LIST_TIMEOUT) from None
        except GPTError:
            raise
        except Exception as error:
            raise self._unreachable(error) from None
        found = read_models(bytes(body))
        if found is None:
            wrong = broken(
                "not_a_stream",
                f"{self.host} sent no list of models",
                host=self.host,
                said=bytes(body[:4000]),
                secrets=self._secrets,
                setting="base_url",
            )
            wrong.retryable = False
            raise wrong
        return found

    # ------------------------------------------------ the client

    async def _ready(self) -> AsyncOpenAI:
        async with self._building:
            client = self._client
            if client is None:
                made, self._secrets = await asyncio.to_thread(
                    build,
                    host=self.host,
                    base_url=self.base_url,
                    key=self._key,
                    headers=self._headers,
                    client_cert=self._client_cert,
                    limits=self._limits,
                )
                client = self._client = made
        client.base_url = self.base_url + self._quirks.suffix
        return client

    def _require_key(self) -> None:
        if not self._key and is_openai(self.base_url) and not self._has_own_key():
            raise ProviderRefused(
                f"{self.host} wants a key and none is set",
                code="no_key",
                detail={"host": self.host, "setting": "key"},
            )

    def _has_own_key(self) -> bool:
        return any(name.lower() == "authorization" for name in self._headers)

    async def retire(self) -> None:
        """Close as soon as the last stream has ended: a new setting replaces this client."""
        self._retired = True
        if not self._active:
            await self.close()

    async def close(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()
