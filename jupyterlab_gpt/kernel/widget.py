"""`Chat().show()`: a chat in a cell, made of ipywidgets (the extra `widgets`)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from . import words
from .conversation import GONE, Conversation, Options
from .display import quiet
from .errors import GPTError
from .exchange import Exchange
from .link import Link
from .markdown import plain
from .request import Request

# As the panel waits after a key before it asks for a price.
_ESTIMATE_SECONDS = 0.4

MISSING = (
    "Chat().show() needs ipywidgets. Install it with: "
    'pip install "jupyterlab-gpt[widgets]" and restart the kernel; '
    "%gpt works without it."
)


class Chat:
    """A chat in a cell: ``from jupyterlab_gpt import Chat; Chat().show()``.

    It asks through the Jupyter server that started the kernel, with its key, its ledger and
    its budget; only the questions that are written in it are sent, and the answers to them.
    The conversation is in the GPT panel's list too.

    The buttons work in the kernel: while a cell runs, a click waits until it has ended. An
    answer that is being written goes on meanwhile.

    Parameters
    ----------
    model
        None: the default of the panel's settings.
    provider
        Where there are several.
    """

    def __init__(self, model: str | None = None, provider: str | None = None) -> None:
        from ..magics import kernel_link

        self._widgets = _import_widgets()
        self._link: Link = kernel_link()
        self._root = self._link.server().root
        self._model = model
        self._provider = provider
        self._conversation = Conversation()
        # Clicks come in the kernel's thread, frames in the socket's.
        self._lock = threading.RLock()
        self._running: Exchange | None = None
        self._refused: str | None = None
        self._estimate: Request | None = None
        self._typed = 0
        self._build()

    def show(self) -> None:
        """Show the chat below the cell."""
        from IPython.display import display

        display(self._box)  # type: ignore[no-untyped-call,unused-ignore]

    def _ipython_display_(self) -> None:
        self.show()

    # ------------------------------------------------ the widgets

    def _build(self) -> None:
        w = self._widgets
        self._transcript = w.VBox(
            layout=w.Layout(max_height="480px", overflow="auto", display="flex", width="100%")
        )
        self._prompt = w.Textarea(
            # Its accessible name too: a label of its own would take room beside the box.
            placeholder="Message GPT",
            layout=w.Layout(width="auto", height="72px"),
        )
        self._prompt.observe(self._type, "value")
        self._send = self._button("Send", self._click_send, "primary")
        self._anyway = self._button("Send all the same", self._click_anyway)
        self._stop = self._button("Stop", self._click_stop)
        self._new = self._button("New conversation", self._click_new)
        self._anyway.layout.display = "none"
        self._stop.disabled = True
        self._cost = w.HTML()
        buttons = w.HBox(
            [self._send, self._stop, self._anyway, self._new],
            layout=w.Layout(flex_flow="row wrap"),
        )
        self._box = w.VBox(
            [self._transcript, self._prompt, self._cost, buttons],
            layout=w.Layout(width="100%", max_width="900px"),
        )

    def _button(self, name: str, click: Callable[[], None], style: str = "") -> Any:
        w = self._widgets
        button = w.Button(
            description=name, button_style=style, layout=w.Layout(width="auto", min_width="72px")
        )
        button.on_click(lambda _: click())
        return button

    def _html(self, page: str) -> Any:
        w = self._widgets
        widget = w.HTMLMath(page, layout=w.Layout(width="auto", flex="0 0 auto"))
        widget.add_class("jp-RenderedHTMLCommon")  # code, lists and tables as in a cell's output
        return widget

    # ------------------------------------------------ in the kernel's thread

    def _click_send(self) -> None:
        self._submit(self._prompt.value, accept=False)

    def _click_anyway(self) -> None:
        self._submit(self._prompt.value or self._refused or "", accept=True)

    def _click_stop(self) -> None:
        with self._lock:
            if self._running is not None:
                self._running.stop()

    def _click_new(self) -> None:
        with self._lock:
            if self._running is None:
                self._conversation = Conversation()
                self._transcript.children = ()
                self._settle()

    def _submit(self, text: str, *, accept: bool) -> None:
        with self._lock:
            if self._running is not None:
                return
            if not text.strip():
                self._cost.value = quiet("Write a question first.")
                return
            box = self._widgets.VBox(layout=self._widgets.Layout(flex="0 0 auto"))
            self._running = Exchange(self._link, self._conversation, box, self._html, self._ended)
            self._transcript.children = (*self._transcript.children, box)
            self._settle()
            self._prompt.value = ""
            submit = self._conversation.submit(text, self._options(accept), self._root)
            try:
                self._running.ask(submit)
            except GPTError as error:
                self._ended(self._running, error)

    def _options(self, accept: bool = False) -> Options:
        return Options(self._model, self._provider, accept_unpriced=accept, history=True)

    def _settle(self) -> None:
        """Set the buttons to what can be done now."""
        running = self._running is not None
        self._send.disabled = running
        self._new.disabled = running
        self._stop.disabled = not running
        self._anyway.layout.display = "none"

    def _type(self, _change: object) -> None:
        with self._lock:
            self._typed += 1
            typed = self._typed
        if self._running is None:
            later = self._link.call_later
            self._link.call(later, _ESTIMATE_SECONDS, lambda: self._ask_price(typed))

    # ------------------------------------------------ in the socket's thread

    def _ask_price(self, typed: int) -> None:
        with self._lock:
            text = self._prompt.value
            if typed != self._typed or self._running is not None:
                return
            if self._estimate is not None:
                self._link.forget(self._estimate)
            if not text.strip():
                self._cost.value = ""
                return
            frame = self._conversation.estimate(text, self._options(), self._root)
            self._estimate = Request(frame, self._show_price, self._show_error)
        try:
            self._link.send(self._estimate)
        except GPTError as error:
            self._show_error(error)

    def _show_price(self, frame: dict[str, Any]) -> None:
        self._cost.value = quiet(" · ".join(piece for piece in words.expected(frame) if piece))

    def _show_error(self, error: GPTError) -> None:
        self._cost.value = f"<div>{plain(error.sentence)}</div>"

    def _ended(self, exchange: Exchange, error: GPTError | None) -> None:
        with self._lock:
            if exchange is not self._running:
                return
            self._running = None
            self._settle()
            if error is None or exchange.has_started:
                return
            # Nothing was stored: the question is not lost, and can be sent again.
            self._refused = exchange.question
            if not self._prompt.value:
                self._prompt.value = exchange.question
            self._transcript.children = self._transcript.children[:-1]
            sentence = error.sentence.replace(" To send it all the same, add --yes.", "")
            self._cost.value = f"<div>{plain(sentence)}</div>"
            if error.code == "unpriced":
                self._anyway.layout.display = ""
            if error.code in GONE:
                self._conversation = Conversation()


def _import_widgets() -> Any:
    try:
        import ipywidgets
    except ImportError:
        raise GPTError(MISSING) from None
    return ipywidgets
