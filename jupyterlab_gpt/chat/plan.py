"""From a `submit` frame to a stored question: all that can be refused before it costs anything."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..errors import Forbidden, InvalidRequest, NotFound
from ..providers.base import Provider, ProviderRequest
from ..store import conversations
from ..store.values import utc_now
from .parts import Blobs, has_content, title_of
from .prompt import Message, PromptInput, blobs_of, build
from .services import ChatServices
from .turn import Turn

# The provider that runs on this computer (design.md: there are two from the first day).
LOCAL = "local"


class KnownRequest(Exception):
    """The request was made before; nothing runs again.

    Parameters
    ----------
    answer
        The stored answer as the wire's `Message`.
    """

    def __init__(self, answer: Message) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True)
class Plan:
    """A turn that is stored and may be sent.

    Attributes
    ----------
    branch
        The messages from the root to the question.
    cut
        The answer that Continue goes on with.
    """

    provider: Provider
    model: str
    params: dict[str, Any]
    branch: list[Message]
    cut: Message | None


async def plan_turn(turn: Turn, services: ChatServices) -> Plan:
    """Check a turn and store its question.

    Raises
    ------
    KnownRequest
        It was made before.
    GPTError
        It cannot be sent; nothing is stored.
    """
    submit = turn.submit
    parts = submit.get("parts") or []
    if parts and not has_content(parts):
        raise InvalidRequest("The prompt is empty.", code="empty_prompt")
    own = [{"role": "user", "parts": parts}]
    blobs = await read_blobs(services, turn.owner, blobs_of(own))
    provider_id = submit.get("provider") or await services.defaults.provider(turn.owner)
    provider = await services.providers.get(turn.owner, provider_id)
    model = submit.get("model") or await services.providers.default_model(turn.owner, provider_id)
    _check_model(model, provider_id, services)
    new = conversations.NewTurn(
        owner=turn.owner,
        request_id=turn.request_id,
        conversation_id=turn.conversation_id,
        parent_id=submit.get("parent_id"),
        message_id=submit["message_id"],
        answer_id=turn.answer_id,
        parts=parts or None,
        answer_parts=[],
        provider=provider_id,
        model=model,
        params=submit.get("params") or {},
        notebook=submit.get("notebook"),
        title=title_of(parts, blobs),
        server_id=services.db.server_id,
        created=utc_now(),
    )
    branch, cut = await services.db.write(lambda conn: _store(conn, new, submit.get("continue_of")))
    return Plan(provider, model, new.params, branch, cut)


def _check_model(model: str, provider_id: str, services: ChatServices) -> None:
    allowed = services.allowed_models
    if allowed and not any(fnmatchcase(model, pattern) for pattern in allowed):
        raise Forbidden(
            f"The model {model} is not among those that your administrator allows.",
            code="model_not_allowed",
            detail={"model": model, "provider": provider_id},
        )


def _store(
    conn: sqlite3.Connection, new: conversations.NewTurn, continue_of: str | None
) -> tuple[list[Message], Message | None]:
    """Transaction 1: the question stands, or the request is known, or nothing happened."""
    known = conversations.find_request(conn, new.owner, new.request_id)
    if known is not None:
        raise KnownRequest(known)
    cut = _cut_answer(conn, new, continue_of) if continue_of else None
    if cut is not None:
        new.parts = None
        new.answer_parts = cut["parts"]
    try:
        conversations.add_turn(conn, new)
    except NotFound as error:
        if new.parts is None and not continue_of and error.code != "unknown_blob":
            # Without parts this is a Regenerate of a known question, or an empty prompt.
            raise InvalidRequest("The prompt is empty.", code="empty_prompt") from None
        raise
    branch = conversations.branch(conn, new.owner, new.conversation_id, new.message_id)
    return branch, cut


def _cut_answer(conn: sqlite3.Connection, new: conversations.NewTurn, continue_of: str) -> Message:
    cut = conversations.branch(conn, new.owner, new.conversation_id, continue_of)[-1]
    if cut["role"] != "assistant" or cut["parent_id"] != new.message_id:
        raise InvalidRequest("Only an answer to this question can be continued.", code="bad_parent")
    if cut["status"] == "streaming":
        raise InvalidRequest("This answer is still being written.", code="turn_running")
    return cut


async def read_blobs(services: ChatServices, owner: str, names: set[str]) -> Blobs:
    """Read the bytes of these blobs.

    Raises
    ------
    NotFound
        unknown_blob: one of them is not this owner's.
    """
    return {name: await services.blobs.get(owner, name) for name in sorted(names)}


async def make_request(turn: Turn, plan: Plan, services: ChatServices) -> ProviderRequest:
    """Make the request that goes upstream."""
    one_shot = bool(plan.params.get("one_shot"))
    given = PromptInput(
        branch=plan.branch,
        cut=plan.cut,
        system=plan.params.get("system"),
        put_first=services.system_prompt,
        one_shot=one_shot,
        small_context=plan.provider.id == LOCAL,
    )
    blobs = await read_blobs(services, turn.owner, blobs_of(given.messages()))
    return ProviderRequest(
        model=plan.model,
        # In a thread: attachments of many megabytes become text here.
        messages=await asyncio.to_thread(build, given, blobs),
        temperature=plan.params.get("temperature"),
        max_output_tokens=plan.params.get("max_output_tokens") or _reply_limit(plan, services),
        effort=plan.params.get("effort"),
        verbosity=plan.params.get("verbosity"),
        cache_key=None if one_shot else turn.conversation_id,
    )


def _reply_limit(plan: Plan, services: ChatServices) -> int:
    """Choose the limit where the user set none: a model that may think needs room for it."""
    if plan.provider.id == LOCAL:
        return services.limits.reply_tokens
    return services.limits.reply_tokens_reasoning
