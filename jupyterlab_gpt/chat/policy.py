"""What the administrator switched off, held against what a prompt would send."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Forbidden
from .prompt import PromptInput
from .writer import Message

# Which feature a part of a question belongs to.
_FEATURES = {"variable": "variables", "image": "images", "file": "files"}


def switched_off(feature: str) -> Forbidden:
    """Make the error for a feature that is switched off."""
    return Forbidden(
        f"Your administrator has switched {feature} off.",
        code="feature_disabled",
        detail={"feature": feature},
    )


def check_features(given: PromptInput, disabled: frozenset[str]) -> None:
    """Raise for a part that may not leave: the question's, or one of its history.

    What the user leaves out in the preview is not sent, and so not refused.
    """
    for message in given.messages():
        for feature in _features(message, given.exclude):
            if feature in disabled:
                raise switched_off(feature)


def _features(message: Message, exclude: frozenset[str]) -> Iterable[str]:
    if message["role"] != "user":
        return
    for index, part in enumerate(message["parts"]):
        feature = _FEATURES.get(part["type"])
        if feature is not None and f"{message['id']}/{index}" not in exclude:
            yield feature
