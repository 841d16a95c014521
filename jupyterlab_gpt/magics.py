"""`%gpt` and `%%gpt`: ask in a cell, through the Jupyter server that started the kernel.

The key stays there, and so do ledger and budget: a question from a cell costs and counts
like one from the panel. The work is done in `kernel`; only the standard library is imported
when this module is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .kernel.conversation import Conversation, Options
from .kernel.errors import GPTError
from .kernel.link import Link

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

HELP = """Ask GPT in a cell; the answer appears below while it is written.

    %gpt [options] question          a question of one line

    %%gpt [options] [question]
    more of the question, as many lines as you like

What it will cost stands above the answer, what it did cost below. The question goes
through the Jupyter server, with its key, its ledger and its budget. It is sent as it is
written here and alone: no variable, no cell and no earlier question goes with it, unless
an option says so. Interrupt the kernel to stop the answer. It is shown, and returns
nothing; the conversation is in the GPT panel's list too.

Options, before the question:
    -m, --model NAME      the model; otherwise the default of the panel's settings
    -p, --provider NAME   the provider, where there are several
    -y, --yes             send although the price of the model is not known
    -c, --history         send this kernel's earlier questions and answers too
    -n, --new             begin a new conversation
    -x, --expand          put in the values of {name} and $name, as other magics do
    --preview             show the literal messages and the price, and send nothing
    --                    the question begins here
"""

_SHORT = {
    "-m": "--model",
    "-p": "--provider",
    "-y": "--yes",
    "-c": "--history",
    "-n": "--new",
    "-x": "--expand",
}
_WITH_VALUE = ("--model", "--provider")
_FLAGS = ("--yes", "--history", "--new", "--expand", "--preview")
# One word at the start of a line, with the blanks behind it.
_WORD = re.compile(r"\s*(\S+)\s*")


@dataclass
class Line:
    """What a line asks for: options first, and the rest word for word."""

    question: str = ""
    values: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    @property
    def options(self) -> Options:
        """How it is asked."""
        return Options(
            model=self.values.get("--model"),
            provider=self.values.get("--provider"),
            accept_unpriced="--yes" in self.flags,
            history="--history" in self.flags,
        )


def parse(line: str) -> Line:
    """Read options up to the first word that is none; what follows is never touched.

    Not by a shell's rules, as other magics: those have no place for the apostrophe
    in "what's this".

    Raises
    ------
    ValueError
        Says which option is wrong, and which there are.
    """
    parsed = Line()
    rest = line
    while found := _WORD.match(rest):
        word = found[1]
        if not re.match(r"-{1,2}[A-Za-z]|--$", word):
            break
        rest = rest[found.end() :]
        if word == "--":
            break
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name)
        if name in _FLAGS and not equals:
            parsed.flags.add(name)
        elif name in _WITH_VALUE:
            if not equals and (found := _WORD.match(rest)):
                value, rest = found[1], rest[found.end() :]
            if not value:
                raise ValueError(f"{name} needs a name after it.")
            parsed.values[name] = value
        else:
            known = ", ".join((*_WITH_VALUE, *_FLAGS))
            raise ValueError(
                f"There is no option {word}. There are: {known}. "
                "A question that begins with a dash goes after --"
            )
    parsed.question = rest.strip()
    return parsed


def expand(text: str, names: dict[str, Any]) -> str:
    """Put the values of `{name}` and `$name` into a text, by IPython's own rules.

    Raises
    ------
    GPTError
        Something in it has no value: half a question is not sent.
    """
    from IPython.utils.text import DollarFormatter

    try:
        return str(DollarFormatter().vformat(text, (), names))
    except Exception as error:
        raise GPTError(
            f"The question cannot be filled in ({type(error).__name__}: {error}), so nothing was "
            "sent. Write {{ and }} for braces that stand for themselves."
        ) from None


class Magic:
    """`%gpt` and `%%gpt` of one kernel."""

    def __init__(self, shell: InteractiveShell, link: Link) -> None:
        self._shell = shell
        self._link = link
        self._conversation = Conversation()

    def __call__(self, line: str, cell: str | None = None) -> None:
        """Run a line, or a cell."""
        from IPython.core.error import UsageError

        from .kernel.ask import ask_one, show_preview

        try:
            parsed = parse(line)
        except ValueError as error:
            raise UsageError(str(error)) from None
        question = "\n\n".join(text for text in (parsed.question, (cell or "").strip("\n")) if text)
        if not question.strip():
            if "--new" in parsed.flags:
                self._conversation.renew()
                return
            raise UsageError("There is no question. Write one after %gpt, or below %%gpt.")
        if "--expand" in parsed.flags:
            question = expand(question, self._shell.user_ns)
        if "--new" in parsed.flags:
            self._conversation.renew()
        run = show_preview if "--preview" in parsed.flags else ask_one
        run(self._link, self._conversation, question, parsed.options)


_link: Link | None = None


def kernel_link() -> Link:
    """Give the kernel's one connection, which is opened when something is asked."""
    global _link  # noqa: PLW0603 (one kernel, one server)
    if _link is None:
        _link = Link()
    return _link


def load(shell: Any) -> None:
    """Register the magics: `%load_ext jupyterlab_gpt`."""
    from IPython.core.magic import no_var_expand

    from .kernel.questionmark import keep_question_mark

    magic = Magic(shell, kernel_link())

    # A question is sent as it is written: `$5` and `{}` in it are not variables.
    @no_var_expand  # type: ignore[untyped-decorator,unused-ignore]
    def gpt(line: str, cell: str | None = None) -> None:
        magic(line, cell)

    gpt.__doc__ = HELP
    shell.register_magic_function(gpt, magic_kind="line_cell", magic_name="gpt")
    if keep_question_mark not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(keep_question_mark)


def unload(shell: Any) -> None:
    """Take them away again: `%unload_ext jupyterlab_gpt`, `%reload_ext jupyterlab_gpt`."""
    from .kernel.questionmark import keep_question_mark

    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("gpt", None)
    if keep_question_mark in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(keep_question_mark)
