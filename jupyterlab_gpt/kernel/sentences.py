"""A code as a sentence, for who asks in a cell (the panel's are in src/model/*sentences.ts)."""

from __future__ import annotations

import math
from typing import Any

from .words import dollars, is_zero

_KEPT = "What had arrived is kept; run the cell again for a whole answer."
_SENTENCES = {
    "internal": "Something went wrong in the Jupyter server. Try again; its log says more.",
    "empty_prompt": "There is no question. Write one after %gpt, or below %%gpt.",
    "unknown_conversation": "This conversation is no longer there. Ask again to begin a new one.",
    "unknown_message": "This conversation was changed in another place. Ask again with --new.",
    "bad_parent": "This conversation was changed in another place. Ask again with --new.",
    "unknown_request": "The server knows nothing of this question any more. Ask again.",
    "unknown_provider": "There is no provider of this name. Look it up in the settings of GPT.",
    "too_large": "The question is too large for the server. Ask about a part of it.",
    "model_not_allowed": (
        "The administrator does not allow {model}. Choose another one with --model."
    ),
    "base_url_not_allowed": "The administrator does not allow the address of this provider.",
    "feature_disabled": "The administrator has switched this off on this server.",
    "storage_full": "The disk of the server is full. Free some space, then try again.",
    "storage_locked": "The database of the server is busy. Try again in a moment.",
    "storage_read_only": (
        "The server cannot write its database. Make its folder writable, then try again."
    ),
    "storage_failed": "The server could not store this. Try again; its log says more.",
    "local_model_missing": (
        "The built-in model is not on this computer yet. Fetch it in the GPT panel, "
        "or run: jupyter-gpt fetch-model"
    ),
    "local_runtime_missing": (
        "What runs the built-in model is not installed. Run "
        'pip install "jupyterlab-gpt[local]", then restart JupyterLab.'
    ),
    "local_model_failed": "The built-in model did not start, or ended. Try again.",
    "server_stopped": f"The server stopped while this answer was being written. {_KEPT}",
    "no_model": "No model is chosen. Choose one with --model, or in the settings of GPT.",
    "no_key": "{host} needs a key. Enter it in the GPT panel.",
    "provider_bad_request": "{host} refused the request. Check model and settings.",
    "provider_auth": "{host} does not accept the key. Check it in the settings of GPT.",
    "provider_forbidden": "{host} does not allow this with your key. Choose another model.",
    "model_not_found": "{host} does not have {model}. Choose another one with --model.",
    "prompt_too_long": "This is longer than the model can read. Shorten it, or use --new.",
    "no_credit": "There is no credit left on your account at {host}. Add some there.",
    "provider_unavailable": "{host} has a problem of its own. Try again in a moment.",
    "cannot_reach": "Cannot reach {host}. Check the base URL and your network, then try again.",
    "provider_silent": (
        "{host} did not answer in time. It may have counted the question all the same. Try again."
    ),
    "redirect_refused": "{host} points to another address. Check the base URL in the settings.",
    "stream_cut": f"The connection to {{host}} broke before the answer was whole. {_KEPT}",
    "stream_stalled": f"{{host}} stopped sending in the middle of the answer. {_KEPT}",
    "not_a_stream": "{host} did not answer like a model. Check the base URL in the settings.",
    "malformed_stream": f"{{host}} sent something that cannot be read. {_KEPT}",
    "provider_error": "{host} reported an error. Try again.",
    "answer_too_large": "The answer is too large and was cut here. Ask for a part of it.",
    "took_too_long": "The answer took too long and was cut here. Ask for less.",
    "empty_answer": "The model answered nothing. Ask again, or in other words.",
    "unpriced": (
        "The price of {model} is not known, so it would not count in your budget. "
        "Nothing was sent. To send it all the same, add --yes."
    ),
    "unpriced_refused": (
        "The price of {model} is not known, and the administrator has set a limit for the month. "
        "Choose a model whose price is known with --model."
    ),
}
# Codes where the other side's own words help.
_QUOTED = ("provider_bad_request", "provider_forbidden", "not_a_stream", "provider_error")


def sentence_of(frame: dict[str, Any], model: str | None = None) -> str:
    """Make the sentence of a `failed` frame; an unknown code has the server's English one.

    Parameters
    ----------
    frame
        The frame.
    model
        Which model was asked, where the frame does not say.
    """
    code, detail = str(frame.get("code")), dict(frame.get("detail") or {})
    if code in ("over_budget", "over_cap"):
        return _over(code, detail)
    if code in ("rate_limited", "provider_rate_limited"):
        who = str(detail.get("host") or "The server")
        wait = frame.get("retry_after")
        when = f"in {math.ceil(wait)} s" if wait else "in a minute"
        return f"{who} takes no more questions for now. Try again {when}."
    template = _SENTENCES.get(code)
    if template is None:
        return str(frame.get("message") or "Something went wrong.")
    model = str(detail.get("model") or model or "")
    sentence = template.format(
        host=detail.get("host") or "The provider",
        model=f"the model {model}" if model else "this model",
    )
    said = detail.get("said") if code in _QUOTED else None
    return f"{sentence} (It said: “{said}”)" if said else sentence


def _over(code: str, detail: dict[str, Any]) -> str:
    limit = detail.get("limit") if code == "over_budget" else detail.get("cap")
    whose = "budget" if code == "over_budget" else "limit that the administrator has set"
    spent, needed = detail.get("spent"), detail.get("needed")
    if not spent or not limit:
        return f"This would pass your {whose} for the month, so nothing was sent."
    gone = f"{dollars(str(spent))} of your {dollars(str(limit))} {whose} for the month is spent"
    held = str(detail.get("reserved") or "0")
    if not is_zero(held):
        gone += f", {dollars(held)} more is held for answers that are being written"
    up_to = f"This would cost up to {dollars(str(needed))}; " if needed else ""
    sentence = f"{up_to}{gone}. Nothing was sent."
    if code == "over_budget":
        sentence += " Raise the budget in the GPT usage view, or choose a cheaper model."
    if cheaper := detail.get("cheaper_model"):
        sentence += f" Cheaper: --model {cheaper}"
    return sentence
