"""The errors of JupyterLab GPT: what can go wrong, under one closed list of codes.

::

    GPTError                     internal
    ├── InvalidRequest           bad_request, empty_prompt, bad_parent, bad_key, bad_url, …
    ├── NotFound                 unknown_conversation, unknown_message, unknown_request, …
    ├── TooLarge                 too_large
    ├── Conflict                 duplicate_id, preview_changed, turn_running
    ├── Forbidden                locked, model_not_allowed, base_url_not_allowed, feature_disabled
    ├── RateLimited              rate_limited
    ├── BudgetExceeded           over_budget, over_cap, unpriced, unpriced_refused
    ├── StorageError             storage_full, storage_locked, storage_read_only, storage_failed
    ├── LocalModelError          local_model_missing, local_runtime_missing, fetch_failed, …
    ├── TurnInterrupted          server_stopped
    └── ProviderError            what the model's endpoint did, or did not do
        ├── ProviderRefused      provider_auth, model_not_found, provider_rate_limited, no_credit, …
        ├── ProviderUnreachable  cannot_reach, provider_silent, redirect_refused
        └── StreamBroken         stream_cut, stream_stalled, not_a_stream, malformed_stream, …

An error carries a code (the front end makes its translated sentence from it),
an English message (for logs and other clients) and details such as a host or
an amount. It never carries a key: whoever raises one passes text that came
from outside through `redact` first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

ErrorCode = Literal[
    "internal",
    "bad_request",
    "bad_frame",
    "empty_prompt",
    "bad_parent",
    "bad_key",
    "bad_url",
    "bad_amount",
    "bad_timezone",
    "unknown_conversation",
    "unknown_message",
    "unknown_request",
    "unknown_provider",
    "unknown_blob",
    "unknown_file",
    "too_large",
    "duplicate_id",
    "preview_changed",
    "turn_running",
    "locked",
    "model_not_allowed",
    "base_url_not_allowed",
    "feature_disabled",
    "not_available",
    "rate_limited",
    "over_budget",
    "over_cap",
    "unpriced",
    "unpriced_refused",
    "storage_full",
    "storage_locked",
    "storage_read_only",
    "storage_failed",
    "local_model_missing",
    "local_runtime_missing",
    "local_model_failed",
    "fetch_failed",
    "fetch_stopped",
    "server_stopped",
    "no_model",
    "no_key",
    "provider_bad_request",
    "provider_auth",
    "provider_forbidden",
    "model_not_found",
    "prompt_too_long",
    "provider_rate_limited",
    "no_credit",
    "provider_unavailable",
    "cannot_reach",
    "provider_silent",
    "redirect_refused",
    "stream_cut",
    "stream_stalled",
    "not_a_stream",
    "malformed_stream",
    "provider_error",
    "answer_too_large",
    "took_too_long",
    "empty_answer",
]

ERROR_CODES: tuple[str, ...] = get_args(ErrorCode)

Detail = Mapping[str, "str | int | float | bool | None"]

# What a key looks like in a text that came back from a provider: the header's own form,
# and the prefixed forms that providers hand out (sk-…, gsk_…, hf_…, key-…).
_KEYLIKE = re.compile(
    r"(?i)(bearer\s+|api[-_ ]?key[\"']?\s*[:=]\s*[\"']?)[^\s\"',;<>]{6,}"
    r"|\b(?:sk|pk|rk|gsk|hf|key|xai)[-_][A-Za-z0-9_\-]{8,}"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def redact(text: str, *, secrets: tuple[str, ...] = (), limit: int = 500) -> str:
    """Text from outside made fit for a log, a frame or a message.

    Parameters
    ----------
    text
        What a provider or a library said.
    secrets
        Keys in use; each is replaced wherever it stands, whatever it looks like.
    limit
        Longest result in characters; 500 holds the longest error sentence seen
        from a provider (OpenAI's quota message is 270).

    Returns
    -------
    str
        The text without keys, without control characters, at most `limit` long.
    """
    for secret in secrets:
        # A local server's key may be one letter: to take that out would say nothing more.
        if len(secret) > 3:
            text = text.replace(secret, "•••")
    text = _KEYLIKE.sub(lambda m: (m.group(1) or "") + "•••", text)
    text = _CONTROL.sub(" ", text).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


class GPTError(Exception):
    """An error that has a place in the user's world.

    Parameters
    ----------
    message
        English, one sentence, for logs and for clients without translations.
    code
        One of `ErrorCode`; the class's own when left out.
    detail
        What the user's sentence needs: host, setting, limit, spent …
    retryable
        Whether the same request may succeed later without a change.
    retry_after
        Seconds that the other side asked to wait, where it did.
    """

    code: ErrorCode = "internal"
    http_status: int = 500
    retryable: bool = False

    def __init__(
        self,
        message: str = "",
        *,
        code: ErrorCode | None = None,
        detail: Detail | None = None,
        retryable: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message or (code or self.code).replace("_", " "))
        if code is not None:
            self.code = code
        if retryable is not None:
            self.retryable = retryable
        self.detail: dict[str, str | int | float | bool | None] = dict(detail or {})
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        """The English sentence."""
        return str(self.args[0])


class InvalidRequest(GPTError):
    """What came in cannot be meant: a wrong shape, an empty prompt, a foreign parent."""

    code: ErrorCode = "bad_request"
    http_status = 400


class NotFound(GPTError):
    """No such thing, or not this owner's: the two are never told apart."""

    code: ErrorCode = "unknown_conversation"
    http_status = 404


class TooLarge(GPTError):
    """More bytes than a limit takes."""

    code: ErrorCode = "too_large"
    http_status = 413


class Conflict(GPTError):
    """What is there does not fit what was sent."""

    code: ErrorCode = "duplicate_id"
    http_status = 409


class Forbidden(GPTError):
    """A policy of the administrator forbids it."""

    code: ErrorCode = "locked"
    http_status = 403


class RateLimited(GPTError):
    """More turns in a minute than the administrator allows."""

    code: ErrorCode = "rate_limited"
    http_status = 429
    retryable = True


class BudgetExceeded(GPTError):
    """Sending would pass the user's budget or the administrator's cap."""

    code: ErrorCode = "over_budget"
    http_status = 402


class StorageError(GPTError):
    """The disk does not take what must be stored."""

    code: ErrorCode = "storage_failed"
    http_status = 507
    retryable = True


class LocalModelError(GPTError):
    """The built-in model is not there, or did not start."""

    code: ErrorCode = "local_model_missing"
    http_status = 409


class TurnInterrupted(GPTError):
    """The server that ran the turn has ended."""

    code: ErrorCode = "server_stopped"
    http_status = 503
    retryable = True


class ProviderError(GPTError):
    """The model's endpoint failed."""

    code: ErrorCode = "provider_error"
    http_status = 502
    retryable = True


class ProviderRefused(ProviderError):
    """The endpoint answered, with an error status."""

    code: ErrorCode = "provider_bad_request"
    retryable = False


class ProviderUnreachable(ProviderError):
    """The endpoint did not answer, or pointed somewhere else."""

    code: ErrorCode = "cannot_reach"


class StreamBroken(ProviderError):
    """The stream began, or should have, and did not end as one."""

    code: ErrorCode = "stream_cut"
