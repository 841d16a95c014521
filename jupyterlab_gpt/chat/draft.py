"""A prompt as it would be sent now: for an estimate, a preview, and for sending itself.

All three make the same draft of the same frame, so that what was previewed is what is
sent. Making one stores nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from ..errors import Forbidden, InvalidRequest
from ..ledger import estimate as pricing
from ..ledger.estimate import Estimate
from ..ledger.prices import Rates
from ..ledger.tokens import has_published_encoding, image_tokens, may_think
from ..providers.base import Provider, ProviderRequest
from ..providers.builtin import LOCAL
from ..providers.urls import is_openai
from . import fitting
from .history import History, read_history
from .items import Prompt
from .parts import Blobs, has_content
from .policy import check_features
from .prompt import PromptInput, blobs_of, build, with_ids
from .services import ChatServices

# Parameters that are ours and never go upstream.
_OWN = ("system", "accept_unpriced", "one_shot", "exclude")


@dataclass(frozen=True)
class Asked:
    """What is asked, of whom.

    Attributes
    ----------
    context
        Tokens that prompt and reply may have together; None: unknown.
    """

    provider: Provider
    model: str
    params: dict[str, Any]
    history: History
    context: int | None

    def rates(self, services: ChatServices, input_tokens: int) -> Rates | None:
        """Prices of a call of this size."""
        return services.prices.rates(
            provider=self.provider.id,
            base_url=self.provider.base_url,
            model=self.model,
            overrides=self.history.overrides,
            input_tokens=input_tokens,
        )


@dataclass(frozen=True)
class Draft(Asked):
    """A prompt with its price.

    Attributes
    ----------
    tokens
        Counted tokens of each of the prompt's items.
    """

    prompt: Prompt
    blobs: Blobs
    tokens: tuple[int, ...]
    reply_limit: int
    estimate: Estimate

    @property
    def too_long_for(self) -> int | None:
        """The model's context, where prompt and reply do not fit it."""
        fits = fitting.fits(self.context, self.estimate.counted, self.reply_limit)
        return None if fits else self.context

    @property
    def sent_params(self) -> dict[str, Any]:
        """The parameters that go upstream."""
        own = {key: value for key, value in self.params.items() if key not in _OWN}
        return {**own, "max_output_tokens": self.reply_limit}

    @property
    def digest(self) -> str:
        """Fingerprint of all that goes upstream."""
        to = {"provider": self.provider.id, "base_url": self.provider.base_url}
        return self.prompt.digest(self.model, {**self.sent_params, **to})


async def make_draft(owner: str, frame: dict[str, Any], services: ChatServices) -> Draft:
    """Make the draft of a `submit`, `estimate` or `preview` frame.

    Raises
    ------
    KnownRequest
        A `submit` that was made before.
    GPTError
        It cannot be sent.
    """
    parts = frame.get("parts") or []
    if parts and not has_content(parts):
        raise InvalidRequest("The prompt is empty.", code="empty_prompt")
    provider_id = frame.get("provider") or await services.defaults.provider(owner)
    provider = await services.providers.get(owner, provider_id)
    model = frame.get("model") or await services.providers.default_model(owner, provider_id)
    check_model(model, provider_id, services)
    history = await services.db.read(lambda conn: read_history(conn, owner, frame, provider, model))
    params = dict(frame.get("params") or {})
    question = history.branch[-1]["id"]
    excluded = with_ids(frame.get("exclude") or (), question)
    given = PromptInput(
        branch=history.branch,
        cut=history.cut,
        system=params.get("system"),
        put_first=services.system_prompt,
        one_shot=bool(params.get("one_shot")),
        small_context=provider.id == LOCAL,
        exclude=history.excluded | excluded,
        history_tokens=services.history_tokens,
        count=services.counter.count,
    )
    check_features(given, services.disabled_features)
    if excluded:
        params["exclude"] = sorted(excluded)
    blobs = await read_blobs(services, owner, blobs_of(given.messages()))
    # In a thread: attachments of many megabytes become text, and are counted, here.
    context = await services.providers.context_length(owner, provider_id, model)
    if context is None:
        context = services.prices.context_length(provider.base_url, model)
    asked = Asked(provider, model, params, history, context)
    return await asyncio.to_thread(_make, asked, given, blobs, services)


def _make(asked: Asked, given: PromptInput, blobs: Blobs, services: ChatServices) -> Draft:
    count = services.counter.count
    chosen = asked.params.get("max_output_tokens")
    usual = _reply_limit(asked, services)
    aim = chosen or fitting.reply_limit(usual, asked.context, 0)
    for history in fitting.history_limits(given.history_tokens, asked.context, aim):
        prompt = build(replace(given, history_tokens=history), blobs)
        tokens = tuple(
            image_tokens(blobs[item.blob]) if item.blob else count(item.text or "")
            for item in prompt.items
        )
        counted = pricing.prompt_tokens(tokens, len({item.message for item in prompt.items}))
        if fitting.fits(asked.context, counted, aim):
            break
    limit = chosen or fitting.reply_limit(usual, asked.context, counted)
    estimate = _priced(asked, prompt, tokens, limit, services)
    return Draft(
        **vars(asked),
        prompt=prompt,
        blobs=blobs,
        tokens=tokens,
        reply_limit=limit,
        estimate=estimate,
    )


def _priced(
    asked: Asked, prompt: Prompt, tokens: tuple[int, ...], limit: int, services: ChatServices
) -> Estimate:
    billed, model = asked.history.billed, asked.model
    counted = pricing.prompt_tokens(tokens, len({item.message for item in prompt.items}))
    openai = is_openai(asked.provider.base_url)
    images = any(item.blob for item in prompt.items)
    exact = openai and has_published_encoding(model) and services.counter.is_exact
    input_tokens, method = pricing.calibrated(counted, billed, exact=exact and not images)
    # What was sent with the last call: all before the answer that it brought.
    answers = [item.message for item in prompt.items if item.role == "assistant"]
    until = answers[-1] if answers else 0
    sent = sum(n for item, n in zip(prompt.items, tokens, strict=True) if item.message < until)
    prefix = min(sent, billed.last[1] if billed.last else 0)
    return pricing.estimate(
        counted=counted,
        input_tokens=input_tokens,
        method=method,
        cached_tokens=pricing.expect_cached(prefix, billed, model=model, known_to_cache=openai),
        reply_limit=limit,
        rates=asked.rates(services, input_tokens),
    )


def check_model(model: str, provider_id: str, services: ChatServices) -> None:
    """Raise for a model that policy forbids."""
    allowed = services.allowed_models
    if allowed and not any(fnmatchcase(model, pattern) for pattern in allowed):
        raise Forbidden(
            f"The model {model} is not among those that your administrator allows.",
            code="model_not_allowed",
            detail={"model": model, "provider": provider_id},
        )


async def read_blobs(services: ChatServices, owner: str, names: set[str]) -> Blobs:
    """Read the bytes of these blobs.

    Raises
    ------
    NotFound
        unknown_blob: one of them is not this owner's.
    """
    return {name: await services.blobs.get(owner, name) for name in sorted(names)}


def make_request(draft: Draft, conversation_id: str) -> ProviderRequest:
    """Make the request that goes upstream."""
    one_shot = bool(draft.params.get("one_shot"))
    return ProviderRequest(
        model=draft.model,
        messages=draft.prompt.messages(draft.blobs),
        temperature=draft.params.get("temperature"),
        max_output_tokens=draft.reply_limit,
        effort=draft.params.get("effort"),
        verbosity=draft.params.get("verbosity"),
        cache_key=None if one_shot else conversation_id,
        one_shot=one_shot,
    )


def _reply_limit(asked: Asked, services: ChatServices) -> int:
    """Choose the limit where the user set none: a model that may think needs room for it."""
    if asked.provider.id == LOCAL or not may_think(asked.model):
        return services.limits.reply_tokens
    return services.limits.reply_tokens_reasoning
