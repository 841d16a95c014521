"""What a cell shows of an answer: right for a reader, and harmless whatever it says."""

from __future__ import annotations

import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_gpt.kernel.display import quiet
from jupyterlab_gpt.kernel.markdown import plain, to_html
from jupyterlab_gpt.kernel.segments import MOST, Segments

PLAIN = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "ul", "li", "pre", "code"]
PLAIN += ["table", "thead", "tbody", "tr", "br", "strong", "em", "del", "sub", "sup"]
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in PLAIN},
    "ol": {"start"},
    "th": {"style"},
    "td": {"style"},
    "span": {"style"},
    "a": {"href", "title", "target", "rel"},
}


class Inspector(HTMLParser):
    """Fails on anything that is not ours; collects the text outside code."""

    def __init__(self) -> None:
        super().__init__()
        self.code = 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            if name == "href":
                assert (value or "").lower().startswith(("http://", "https://", "mailto:"))
            if name == "style":
                assert (value or "").startswith(("text-align:", "color:var(--jp-mirror-editor-"))
        self.code += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        assert tag in ALLOWED, tag
        self.code -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def inspect(markdown: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(to_html(markdown))
    inspector.close()
    return inspector


PIECES = st.sampled_from(
    [
        *(
            "<img src=https://e/x onerror=a()>",
            "<script>",
            "</code></pre>",
            "<!--",
            "<svg/onload=a>",
        ),
        *(
            "![x](https://e/i.png)",
            "[x](javascript:a)",
            '[x](https://e/"onclick="a)',
            "&lt;img&gt;",
        ),
        *("[x](data:text/html,a)", "<https://e/<img>", 'https://e/"><img>', "[![a](b)](https://c)"),
        *("```mermaid\n", "```\n", "~~~html\n", "`", "``", "$", "$$", "\\(", "\\)", "\\href{x}{y}"),
        *(
            "\\begin{align}",
            "\\[",
            "\\]",
            "\\",
            "*",
            "**",
            "_",
            "~~",
            "|",
            "|-|\n",
            "\n|-|-|\n",
            "> ",
        ),
        *(
            "- ",
            "1. ",
            "    ",
            "\n",
            "\n\n",
            "# ",
            "<sub>",
            "</sub>",
            "<br>",
            "\0",
            "\u2028",
            "&#60;",
        ),
        *("a", "x^2", "5 and ", " ", "]", "[", "(", ")", "'", '"', "\x1b[31m", "\r"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_but_our_own_tags(markdown: str) -> None:
    inspector = inspect(markdown)
    for text in inspector.texts:
        # A formula is one whole text; what else has a sign of TeX stands alone and is none.
        if text not in ("$", "\\") and ("$" in text or "\\" in text):
            assert text.startswith(("$", "\\(", "\\["))
            assert "\\href" not in text
            assert "\\begin" not in text or "$" in text[0] or text[1] in "(["


@given(st.text(max_size=200))
def test_any_text(markdown: str) -> None:
    inspect(markdown)


@pytest.mark.parametrize("write", [quiet, plain])
def test_two_amounts_or_what_others_said_are_no_formula(write: Callable[[str], str]) -> None:
    """JupyterLab and HTMLMath typeset what stands between two signs of a text."""
    page = write("$0.0003 – $0.0085, \\(\\href{javascript:x}{y}\\) <b>")
    for sign in ("$", "\\"):
        assert sign not in page.replace(f"<span>{sign}</span>", "")
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("markdown", "page"),
    [
        ("US$5 and $10 today", "<p>US<span>$</span>5 and <span>$</span>10 today</p>"),
        ("$x^2$", "<p><span>$x^2$</span></p>"),
        ("**a `*b*` c** and *d*", "<p><strong>a <code>*b*</code> c</strong> and <em>d</em></p>"),
        ("snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>"),
        ("1. a\n2. b\n   - c", "<ol>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul></li>\n</ol>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("- a\n\n```\n<b>\n```", "<ul>\n<li>a</li>\n</ul>\n<pre><code>&lt;b&gt;</code></pre>"),
        (
            "# A #\nb\n\n---\n> c",
            "<h1>A</h1>\n<p>b</p>\n<hr>\n<blockquote>\n<p>c</p>\n</blockquote>",
        ),
        ("```nothing-known\na <b>", "<pre><code>a &lt;b&gt;</code></pre>"),
        ("H<sub>2</sub>O<br>x", "<p>H<sub>2</sub>O<br>x</p>"),
        ("![](https://a/b.png)", None),
    ],
)
def test_what_it_looks_like(markdown: str, page: str | None) -> None:
    found = to_html(markdown)
    assert page is None or found == page
    assert "<img" not in found


@pytest.mark.parametrize(
    "piece",
    [">", "[", "`a", "$a ", "\\[", "<", "_a", "~~a", "|-", "- a\n", "http://", "*a ", " - a\n "],
)
def test_a_segment_of_signs_is_read_quickly(piece: str) -> None:
    text = (piece * MOST)[:MOST]
    begin = time.process_time()
    to_html(text)
    # 0.5 s at worst here; without bounds the worst of them takes minutes.
    assert time.process_time() - begin < 10


@given(st.lists(st.sampled_from(["word ", "\n", "\n\n", "- item\n", "x" * 3000]), max_size=60))
def test_segments_keep_every_character(pieces: list[str]) -> None:
    segments = Segments()
    settled = [done for piece in pieces for done in segments.feed(piece)]
    assert "".join(settled) + segments.open == "".join(pieces)
    assert all(len(text) <= 2 * MOST for text in [*settled, segments.open])


def test_a_long_code_block_is_closed_and_opened_again() -> None:
    segments = Segments()
    lines = "".join(f"line {number}\n" for number in range(5000))
    settled = segments.feed(f"Here:\n\n```python\n{lines}```\n\nDone.\n")
    whole = [*settled, segments.open]
    assert len(whole) > 2
    for text in whole[:-1]:
        assert text.endswith("\n```\n")
    for text in whole[1:]:
        assert text.startswith("```python\n")
    assert whole[-1].endswith("```\n\nDone.\n")
    for text in whole:
        assert to_html(text).count("<pre>") == 1


def test_segments_end_between_blocks() -> None:
    segments = Segments()
    listed = "- an item of a list\n\n" * 300
    settled = segments.feed(f"{listed}A paragraph.\n\nAnother.\n")
    assert len(settled) == 1
    assert segments.open.startswith("A paragraph.")
