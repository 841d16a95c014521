"""Markdown for a notebook's cells."""

from __future__ import annotations

import pytest

from jupyterlab_gpt.chat.celltext import for_cell

D = "<span>&#36;</span>"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It costs $5.", "It costs $5."),
        ("$5 to $10 a month", f"{D}5 to {D}10 a month"),
        (r"\$5 to \$10", f"{D}5 to {D}10"),
        ("$5 a month, with $E = mc^2$", f"{D}5 a month, with $E = mc^2$"),
        (r"\(a_1\) and \[ \sum_i i \]", r"$a_1$ and $$\sum_i i$$"),
        (r"\\(not\\) one", r"\\(not\\) one"),
        (r"\(open", r"\(open"),
        ("$$\n\\int x\n$$", "$$\n\\int x\n$$"),
        ("\\[\nx\n\n\\]", "\\[\nx\n\n\\]"),
        ("`$5` and `$6`, ``a ` $7``", "`$5` and `$6`, ``a ` $7``"),
        ("```bash\necho $HOME $PATH\n```", "```bash\necho $HOME $PATH\n```"),
        ("1. a\n\n   ```sh\n   echo $A\n   ```\n\n$5 or $6", None),
        ("> ```sh\n> echo $A\n> ```\n> $5 or $6", f"> ```sh\n> echo $A\n> ```\n> {D}5 or {D}6"),
        ("````\n```\n$1 $2\n```\n````\n$x$", "````\n```\n$1 $2\n```\n````\n$x$"),
        ("~~~ `a`\n$1 $2\n~~~", "~~~ `a`\n$1 $2\n~~~"),
        ("| $1 | $x$ |", f"| {D}1 | $x$ |"),
        ("US$5, EUR$6", f"US{D}5, EUR{D}6"),
        ("$x$ and $", f"$x$ and {D}"),
        ("$x$2 and $y$", None),
        (r"$a \$ b$", r"$a \$ b$"),
    ],
)
def test_for_cell(text: str, wanted: str | None) -> None:
    if wanted is None:
        wanted = {"1": text.replace("$5 or $6", f"{D}5 or {D}6"), "$": f"{D}x{D}2 and $y$"}[text[0]]
    assert for_cell(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<b>x</b> <img src=x>", "&lt;b>x&lt;/b> &lt;img src=x>"),
        ("a<br>b <https://a.test/> x<sup>2</sup>", "a<br>b <https://a.test/> x<sup>2</sup>"),
        ("![a](b) !![c](d)", "[a](b) [c](d)"),
        ("`vec![1]` and `<T>`", "`vec![1]` and `<T>`"),
        ("```rust\nvec![1]; f::<T>()\n```", "```rust\nvec![1]; f::<T>()\n```"),
        # Where a cell's reader may see no code, it shows at least nothing that acts.
        ("- a ` b\n- <img src=x> ` c", "- a ` b\n- < img src=x> ` c"),
        ("a | b\n--|--\n` | <img src=x> `", "a | b\n--|--\n` | < img src=x> `"),
        (
            "- x\n\n  ```\n  <img src=x> ![a](b)\n  ```",
            "- x\n\n  ```\n  < img src=x> ! [a](b)\n  ```",
        ),
        ("$a<b$ and $<img$", "$a< b$ and $< img$"),
        ("```Mermaid\na<b\n```", "```text\na<b\n```"),
    ],
)
def test_nothing_acts(text: str, wanted: str) -> None:
    assert for_cell(text) == wanted


def test_long_texts_take_no_time() -> None:
    for piece in ("$", "`", "\\(", "$5 ", "\\[ ", "``a", "$a`"):
        assert for_cell(piece * 10_000)
