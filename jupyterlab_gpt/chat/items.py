"""A prompt as a list of items: what is shown in the preview is what is sent."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

Why = Literal["history", "one_shot", "excluded", "thinking"]
Content = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One part of one message.

    The texts of one message's items, joined without a separator, are its content: an
    item that follows another one begins with the blank line between them.

    Attributes
    ----------
    id
        The same from one prompt to the next: `system`, `<message>/<index of the part>`,
        `<answer>/text` or `continue`.
    message
        Index in the `messages` array.
    kind
        The part's type, or `system`, `answer`, `continue`.
    label
        A few English words.
    text
        None for an image.
    blob
        An image's hash, and its type in `mime`.
    """

    id: str
    message: int
    role: str
    kind: str
    label: str
    text: str | None = None
    blob: str | None = None
    mime: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """What is not sent, and why.

    Attributes
    ----------
    id
        An item's id, or a message's where all of it is left out.
    why
        As `protocol.LeftOut`.
    """

    id: str
    label: str
    why: Why


@dataclass(frozen=True)
class Prompt:
    """All that a model gets to read, in order.

    Attributes
    ----------
    asks
        False where nothing is left of the question.
    """

    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...]
    asks: bool = True

    def messages(self, blobs: Mapping[str, bytes]) -> list[dict[str, Any]]:
        """Make the `messages` array of the OpenAI chat API.

        Parameters
        ----------
        blobs
            The bytes of the images.
        """

        def image(item: Item) -> Content:
            data = base64.b64encode(blobs[item.blob or ""]).decode("ascii")
            return {
                "type": "image_url",
                "image_url": {"url": f"data:{item.mime};base64,{data}"},
            }

        return list(self._messages(image))

    def digest(self, model: str, params: Mapping[str, Any]) -> str:
        """Name what is sent by its content, so that what was shown can be compared with it.

        Ids are no part of it: they never leave, and a question gets its own when it is sent.
        """
        sent = {
            "model": model,
            "params": dict(params),
            "messages": list(
                self._messages(
                    lambda item: {"type": "image", "sha256": item.blob, "mime": item.mime}
                )
            ),
        }
        written = json.dumps(sent, sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(written.encode()).hexdigest()}"

    def _messages(self, image: Callable[[Item], Content]) -> Iterator[dict[str, Any]]:
        for _, grouped in groupby(self.items, key=lambda item: item.message):
            items = list(grouped)
            yield {"role": items[0].role, "content": _content(items, image)}


def _content(items: list[Item], image: Callable[[Item], Content]) -> str | list[Content]:
    """Make the content of one message; a list only where an image is among the items."""
    if not any(item.blob for item in items):
        return "".join(item.text or "" for item in items)
    content: list[Content] = []
    for is_image, run in groupby(items, key=lambda item: bool(item.blob)):
        if is_image:
            content.extend(image(item) for item in run)
        else:
            content.append({"type": "text", "text": "".join(item.text or "" for item in run)})
    return content
