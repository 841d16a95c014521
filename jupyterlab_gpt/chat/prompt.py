"""The `messages` that a model gets: stable prefix first, the same bytes each time.

A provider's cache hits as far as the prefix is byte for byte the same, so there
is no clock, no path of the machine and no id in it, and a question is rendered
in history exactly as it was when it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .frames import Part
from .parts import Blobs, render

Message = dict[str, Any]

# About 80 tokens: peers send 3,300 and more with every call.
SYSTEM_PROMPT = (
    "You are GPT in JupyterLab, a programming and data analysis assistant beside a notebook. "
    "Answer in concise Markdown. Put each piece of code into a fenced block that names its "
    "language and runs as one notebook cell as it stands; prefer one block. Do not repeat code "
    "that stays as it is. When something fails, say why in a sentence before the corrected code. "
    "If you are not sure, say so."
)
CONTINUE = "Your answer was cut off. Go on exactly where it stopped, without repeating anything."

# The built-in model reads about 100 tokens a second, so its prompt stays near 700
# tokens (local-model.md); code and prose have about 3.5 characters a token.
LOCAL_HISTORY_CHARS = 2400


@dataclass(frozen=True)
class PromptInput:
    """What a prompt is made of.

    Attributes
    ----------
    branch
        The messages from the root to the question, both roles, in the wire's shape.
    cut
        The answer that Continue goes on with.
    system
        The user's own system prompt; None for ours.
    put_first
        The administrator's, which stands before it.
    one_shot
        Send no history.
    small_context
        Trim the history to what the built-in model can read in time.
    """

    branch: list[Message]
    cut: Message | None = None
    system: str | None = None
    put_first: str = ""
    one_shot: bool = False
    small_context: bool = False

    def messages(self) -> list[Message]:
        """Choose the stored messages that will be sent."""
        chosen = self.branch[-1:] if self.one_shot else list(self.branch)
        return [*chosen, self.cut] if self.cut else chosen


def blobs_of(messages: list[Message]) -> set[str]:
    """Hashes of the blobs that must be at hand to render these messages."""
    return {
        part["blob"]
        for message in messages
        if message["role"] == "user"
        for part in message["parts"]
        if part.get("blob")
    }


def build(given: PromptInput, blobs: Blobs) -> list[dict[str, Any]]:
    """Make the `messages` array.

    Parameters
    ----------
    given
        Branch, system prompts and what kind of question it is.
    blobs
        The bytes of the blobs that `blobs_of` named.
    """
    system = given.system if given.system is not None else SYSTEM_PROMPT
    first = "\n\n".join(text for text in (given.put_first.strip(), system.strip()) if text)
    asked = _sendable(given.messages(), blobs)
    if given.small_context:
        asked = trim(asked, LOCAL_HISTORY_CHARS)
    if given.cut:
        asked.append({"role": "user", "content": CONTINUE})
    return [{"role": "system", "content": first}, *asked] if first else asked


def answer_text(parts: list[Part]) -> str:
    """Render an answer as history: its text; thinking is never sent again."""
    return "".join(part.get("text") or "" for part in parts if part["type"] == "text")


def _sendable(messages: list[Message], blobs: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Render the messages; a question without an answer is joined to the next.

    Some endpoints refuse two messages of one role in a row, and a question whose
    answer failed is still part of what was said.
    """
    sent: list[dict[str, Any]] = []
    for message in messages:
        if message["role"] == "assistant":
            text = answer_text(message["parts"])
            if text:
                sent.append({"role": "assistant", "content": text})
            continue
        content = render(message["parts"], blobs)
        if sent and sent[-1]["role"] == "user":
            sent[-1] = {"role": "user", "content": _joined(sent[-1]["content"], content)}
        else:
            sent.append({"role": "user", "content": content})
    return sent


def _joined(first: Any, second: Any) -> Any:
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}\n\n{second}"
    return [*_as_list(first), *_as_list(second)]


def _as_list(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def trim(messages: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Leave out the oldest exchanges, so that history fits a limit.

    What is cut is found by walking from the start: each time the window is full, its
    older half goes. So the cut stays where it is for many turns, and with it the
    prefix that a cache knows. The last message is never cut.
    """
    *history, last = messages
    window: list[dict[str, Any]] = []
    for message in history:
        window.append(message)
        while window and _size(window) > limit:
            window = window[len(window) // 2 + 1 :] if len(window) > 1 else []
            # A window must not begin with an answer to a question that is gone.
            if window and window[0]["role"] == "assistant":
                window = window[1:]
    return [*window, last]


def _size(messages: list[dict[str, Any]]) -> int:
    total = 0
    for message in messages:
        content = message["content"]
        if isinstance(content, str):
            total += len(content)
        else:
            total += sum(len(item.get("text", "")) for item in content)
    return total
