"""From stored messages to the items of a prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..ledger.tokens import image_tokens
from .frames import Part
from .items import Item, LeftOut
from .notebook import Notebooks, read_cells
from .parts import Blobs, in_order, label_of, refer_to, render_part, source_of

Message = dict[str, Any]
Count = Callable[[str], int]


@dataclass(frozen=True)
class Exchange:
    """A question and what was answered: they are sent together or not at all."""

    question: Message
    answers: tuple[Message, ...] = ()


def exchanges(messages: list[Message]) -> list[Exchange]:
    """Group the messages of a branch."""
    found: list[Exchange] = []
    for message in messages:
        if message["role"] == "user":
            found.append(Exchange(message))
        elif found:
            found[-1] = Exchange(found[-1].question, (*found[-1].answers, message))
    return found


def answer_text(parts: list[Part]) -> str:
    """Render an answer as history: its text; thinking is never sent again."""
    return "".join(part.get("text") or "" for part in parts if part["type"] == "text")


class Writer:
    """Writes items, in order.

    A question without an answer is joined to the next: some endpoints refuse two messages
    of one role in a row, and a question whose answer failed is still part of what was said.

    Parameters
    ----------
    blobs
        The bytes that `prompt.blobs_of` named.
    exclude
        Ids of the items that the user left out.
    count
        Counts tokens.
    measure
        Measures a text for `size`; None where nobody asks for it.
    """

    def __init__(
        self, blobs: Blobs, exclude: frozenset[str], count: Count, measure: Count | None = None
    ) -> None:
        self.items: list[Item] = []
        self.left_out: list[LeftOut] = []
        self.size = 0
        self._blobs = blobs
        self._exclude = exclude
        self._measure = measure
        self._notebooks = Notebooks(count)

    def add(self, exchange: Exchange) -> bool:
        """Write a question and its answers.

        Returns
        -------
        bool
            False where nothing is left of the question: then its answer goes as well, as
            no endpoint takes a conversation that begins with an answer.
        """
        before = len(self.items)
        self._question(exchange.question)
        asked = len(self.items) > before
        for answer in exchange.answers:
            self._answer(answer, asked=asked)
        return asked

    def put(self, name: str, role: str, kind: str, label: str, text: str) -> None:
        """Write a text, unless it is excluded or empty."""
        if not text:
            return
        if name in self._exclude:
            self.left_out.append(LeftOut(name, label, "excluded"))
            return
        last = self.items[-1] if self.items else None
        if last and last.role == role and last.text is not None:
            text = f"\n\n{text}"
        self.items.append(Item(name, self._place(role), role, kind, label, text=text))
        if self._measure:
            self.size += self._measure(text)

    def _place(self, role: str) -> int:
        """Find the message that an item belongs to: the last, if it has the same role."""
        if not self.items:
            return 0
        last = self.items[-1]
        return last.message if last.role == role else last.message + 1

    def _question(self, message: Message) -> None:
        parts = message["parts"]
        for index, part in in_order(parts):
            name = f"{message['id']}/{index}"
            kind, label = part["type"], label_of(part, parts)
            if name in self._exclude:
                self.left_out.append(LeftOut(name, label, "excluded"))
            elif kind == "image":
                self._image(name, label, part)
            elif kind == "notebook":
                path = part["path"]
                text, whole = self._notebooks.render(path, read_cells(part, self._blobs))
                if not whole:
                    label = f"changes of {path.rpartition('/')[2]}"
                self.put(name, "user", kind, label, text)
            elif kind == "cell":
                self.put(name, "user", kind, label, self._cell(part))
            else:
                self.put(name, "user", kind, label, render_part(part, self._blobs))

    def _cell(self, part: Part) -> str:
        """Render a cell: by its number where its whole source was sent with a notebook."""
        if not part.get("from_line"):
            source = source_of(part, self._blobs)
            number = self._notebooks.number_of(part["path"], part["cell_id"], source)
            if number is not None:
                return refer_to(part, number)
        return render_part(part, self._blobs)

    def _image(self, name: str, label: str, part: Part) -> None:
        blob, mime = part["blob"], part["mime"]
        place = self._place("user")
        self.items.append(Item(name, place, "user", "image", label, blob=blob, mime=mime))
        if self._measure:
            self.size += image_tokens(self._blobs[blob])

    def _answer(self, message: Message, *, asked: bool) -> None:
        name, text = f"{message['id']}/text", answer_text(message["parts"])
        if not text:
            return
        if not asked:
            self.left_out.append(LeftOut(name, "GPT", "excluded"))
            return
        before = len(self.items)
        self.put(name, "assistant", "answer", "GPT", text)
        if len(self.items) > before and any(p["type"] == "thinking" for p in message["parts"]):
            self.left_out.append(LeftOut(f"{message['id']}/thinking", "thinking", "thinking"))
