"""What a provider did wrong, as one of our errors.

`detail` carries what the user's sentence needs: `host`, `status`, `setting` (`key`,
`model`, `base_url`, `billing`, or a parameter's name), `reason`, and `said`: the
provider's own words, or the first 200 bytes of a page, always redacted.
"""

from __future__ import annotations

import email.utils
import json
import math
import re
import time
from collections.abc import Mapping
from typing import Any

from ..errors import (
    ErrorCode,
    GPTError,
    ProviderError,
    ProviderRefused,
    StreamBroken,
    redact,
)

# What is shown of a page that is not an answer (faults.md: the first 200 bytes).
SHOWN = 200

_TOO_LONG = re.compile(
    r"context[ _]?(length|window|size)|maximum context|too many tokens|prompt is too long"
    r"|input is too long|reduce the length",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"insufficient[_ ](quota|credit|balance|funds)|billing_(hard_limit|not_active)"
    r"|exceeded your current quota|out of credits|credit balance is too low",
    re.IGNORECASE,
)

# What an error inside a stream means, by the codes that providers give it; gateways put the
# HTTP status of the provider behind them there. Code and setting as for a status.
_MEANT: tuple[tuple[re.Pattern[str], ErrorCode, str | None], ...] = (
    (_NO_CREDIT, "no_credit", "billing"),
    (_TOO_LONG, "prompt_too_long", None),
    (
        re.compile(
            r"invalid_api_key|incorrect api key|invalid_authentication|authentication_error"
            r"|\bunauthorized\b|account_deactivated| 401\b",
            re.IGNORECASE,
        ),
        "provider_auth",
        "key",
    ),
    (
        re.compile(r"permission_(denied|error)|\bforbidden\b| 403\b", re.IGNORECASE),
        "provider_forbidden",
        "key",
    ),
    (re.compile(r"model_not_found", re.IGNORECASE), "model_not_found", "model"),
    (re.compile(r"rate_limit| 429\b", re.IGNORECASE), "provider_rate_limited", None),
)


class HTTPRefused(ProviderRefused):
    """An error status, with what the fallbacks need to know of it; never shown.

    Attributes
    ----------
    status
        The HTTP status.
    words
        Message and code as the provider sent them, not redacted.
    param
        The parameter that the provider named.
    """

    status: int = 0
    words: str = ""
    param: str | None = None


def parse_error(body: bytes) -> tuple[str, str, str | None]:
    """Read an error body.

    Returns
    -------
    tuple
        The message (empty where there is none), the code or type, the parameter named.
    """
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        return "", "", None
    return read_error(data)


def read_error(data: Any) -> tuple[str, str, str | None]:
    """Read message, code and parameter from any of the shapes that errors come in."""
    if isinstance(data, list) and data:
        data = data[0]
    if isinstance(data, dict) and data.get("error"):
        data = data["error"]
    if isinstance(data, str):
        return data, "", None
    if not isinstance(data, dict):
        return "", "", None
    message = data.get("message") or data.get("detail") or data.get("error_description") or ""
    if not isinstance(message, str):
        # FastAPI's and pydantic's lists of what was wrong.
        message = json.dumps(message)
    code = " ".join(str(data[k]) for k in ("code", "type", "status") if data.get(k))
    param = data.get("param")
    return message, code, param if isinstance(param, str) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how long the provider asks to wait, in seconds."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            seconds = float(milliseconds) / 1000
        else:
            seconds = float(headers["retry-after"])
    except KeyError:
        return None
    except ValueError:
        try:
            when = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
        except (TypeError, ValueError):
            return None
        seconds = when.timestamp() - time.time()
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def refused(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    *,
    host: str,
    secrets: tuple[str, ...] = (),
) -> HTTPRefused:
    """Turn an error status into an error."""
    message, code, param = parse_error(body)
    is_json = bool(message or code)
    said = redact(message or body.decode("utf-8", "replace"), secrets=secrets, limit=SHOWN)
    words = f"{message} {code}"
    kind, setting, retryable = _kind(status, words, is_json=is_json)
    if kind == "provider_bad_request" and param and setting is None:
        setting = param
    detail: dict[str, str | int | None] = {
        "host": host,
        "status": status,
        "setting": setting,
        "said": said,
    }
    error = HTTPRefused(
        f"{host} answered {status}: {said}" if said else f"{host} answered {status}",
        code=kind,
        detail={k: v for k, v in detail.items() if v not in (None, "")},
        retryable=retryable,
        retry_after=retry_after(headers) if retryable else None,
    )
    error.status, error.words, error.param = status, words, param
    return error


def _kind(status: int, words: str, *, is_json: bool) -> tuple[ErrorCode, str | None, bool]:
    """Code, setting and whether to try again, for a status and the provider's words."""
    if status == 402 or (status in (400, 403, 429) and _NO_CREDIT.search(words)):
        return "no_credit", "billing", False
    if status == 413 or (status in (400, 422) and _TOO_LONG.search(words)):
        return "prompt_too_long", None, False
    if status == 401:
        return "provider_auth", "key", False
    if status == 403:
        return "provider_forbidden", "key", False
    if status == 404 and is_json and "model" in words.lower():
        return "model_not_found", "model", False
    if status in (404, 405):
        # Nothing there knows this API: the address is wrong, not the model.
        return "provider_bad_request", "base_url", False
    if status == 429:
        return "provider_rate_limited", None, True
    if status >= 500 or status in (408, 409, 425):
        return "provider_unavailable", None, True
    return "provider_bad_request", None, False


def broken(
    code: ErrorCode,
    message: str,
    *,
    host: str,
    said: bytes | str = "",
    secrets: tuple[str, ...] = (),
    **detail: str | int | float | None,
) -> StreamBroken:
    """Make the error for a stream that did not end as one."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    shown = redact(text[:4000], secrets=secrets, limit=SHOWN)
    full: dict[str, str | int | float | None] = {"host": host, **detail}
    if shown:
        full["said"] = shown
    return StreamBroken(f"{message}: {shown}" if shown else message, code=code, detail=full)


def stream_error(said: Any, host: str, secrets: tuple[str, ...]) -> ProviderError:
    """Turn an error inside a stream into an error: there it has no status, only words."""
    message, code, _ = read_error(said)
    words = f"{message} {code}"
    kind: ErrorCode = "provider_error"
    setting = None
    for pattern, meant, wrong in _MEANT:
        if pattern.search(words):
            kind, setting = meant, wrong
            break
    given = {"setting": setting} if setting else {}
    error = broken(
        kind, f"{host} reported an error", host=host, said=message, secrets=secrets, **given
    )
    error.retryable = kind in ("provider_error", "provider_rate_limited")
    return error


def as_info(error: GPTError) -> dict[str, Any]:
    """Turn an error into `protocol.ErrorInfo`."""
    return {
        "code": error.code,
        "message": error.message,
        "detail": dict(error.detail) or None,
        "retryable": error.retryable,
        "retry_after": error.retry_after,
    }
