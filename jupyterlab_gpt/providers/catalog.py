"""Lists of models: read from any of the shapes that endpoints send, kept if they chat.

No model is named here to be offered: the endpoint's own list is what there is. Names
are only used to leave out what plainly does not chat.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .quirks import Quirks

# What OpenAI's own address gets when nobody chose: the cheapest that stays (cost.md, "Models").
OPENAI_DEFAULT = "gpt-6-luna"

_NOT_CHAT = re.compile(
    r"embed|whisper|dall-?e|moderation|realtime|transcri|rerank|stable-diffusion"
    r"|(^|[-_/.:])(tts|image|images|audio|sora|bge|clip|flux|vad|ocr)([-_/.:\d]|$)"
    r"|(^|/)(babbage-002|davinci-002|gpt-3\.5-turbo-instruct.*)$",
    re.IGNORECASE,
)
_NOT_CHAT_TYPES = {"embedding", "embeddings", "image", "audio", "moderation", "rerank", "video"}
# More than any endpoint lists (OpenRouter: 600); the picker shows them all.
_MAX_MODELS = 5000


def read_models(body: bytes) -> list[dict[str, Any]] | None:
    """Read the endpoint's list; None when this is no list of models."""
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict):
        data = data.get("data", data.get("models"))
    if not isinstance(data, list):
        return None
    models = [{"id": m} if isinstance(m, str) else m for m in data[:_MAX_MODELS]]
    return [m for m in models if isinstance(m, dict) and _id(m)]


def _id(model: dict[str, Any]) -> str:
    for name in ("id", "model", "name"):
        value = model.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip().removeprefix("models/")[:256]
    return ""


def chats(model: dict[str, Any]) -> bool:
    """Say whether a model may be talked to; in doubt, it may."""
    kind = model.get("type")
    if isinstance(kind, str) and kind.lower() in _NOT_CHAT_TYPES:
        return False
    architecture = model.get("architecture")
    if isinstance(architecture, dict) and isinstance(architecture.get("output_modalities"), list):
        return "text" in architecture["output_modalities"]
    return _NOT_CHAT.search(_id(model)) is None


def with_refusals(models: list[dict[str, Any]], quirks: Quirks) -> list[dict[str, Any]]:
    """Add what the models have refused by now: that changes between two lists."""
    return [{**model, "refused": quirks.refused(model["id"])} for model in models]


def chat_models(
    models: list[dict[str, Any]], *, provider: str, local: bool
) -> list[dict[str, Any]]:
    """Turn the endpoint's list into `protocol.ModelInfo`, in the endpoint's order.

    A list in which nothing seems to chat is kept whole: our rule is wrong then.
    """
    kept = [m for m in models if chats(m)] or models
    seen: dict[str, dict[str, Any]] = {}
    for model in kept:
        info = _info(model, provider=provider, local=local)
        seen.setdefault(info["id"], info)
    return list(seen.values())


def _info(model: dict[str, Any], *, provider: str, local: bool) -> dict[str, Any]:
    name = _id(model)
    label = model.get("name") or model.get("display_name")
    takes = model.get("supported_parameters")
    effort: list[str] | None = None
    verbosity: bool | None = None
    temperature: bool | None = None
    if isinstance(takes, list):
        named = set(filter(_is_text, takes))
        temperature = "temperature" in named
        verbosity = "verbosity" in named
        effort = ["low", "medium", "high"] if {"reasoning_effort", "reasoning"} & named else []
    architecture = model.get("architecture")
    inputs = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    return {
        "provider": provider,
        "id": name,
        "label": label[:200] if isinstance(label, str) and label.strip() else name,
        "input_price": None,
        "cached_price": None,
        "output_price": None,
        "context_length": _context_length(model),
        "local": local,
        "images": "image" in inputs if isinstance(inputs, list) else None,
        "effort": effort,
        "verbosity": verbosity,
        "temperature": temperature,
        "available": True,
    }


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _context_length(model: dict[str, Any]) -> int | None:
    meta = model.get("meta")
    for source in (model, meta if isinstance(meta, dict) else {}):
        for name in (
            "context_length",
            "context_window",
            "max_model_len",
            "max_context_length",
            "n_ctx",
            "n_ctx_train",
        ):
            value = source.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
    return None
