"""Search in titles, questions and answers, word by word, as one types.

The index (FTS5, tokenizer `unicode61`) holds words, not trigrams: it answers from the first
letter typed on, where trigrams need three; it is smaller than the text instead of three times
as large; and ``read_csv`` finds ``pd.read_csv(…)``, as a word ends at each `_`, `.` and `(`.
Case and accents do not count, all words must be in one text, and the last one may be a
beginning. What has no words for it (signs, emoji, scripts that write no spaces) is looked
for in the texts themselves, which takes longer.

Triggers keep the index (`migrations`); an answer is found once it has ended.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .rows import Dict
from .values import clean_text

# A place in the index is the conversation's number and, below these bits, the message's `seq`
# (0: the title), so that all places of a conversation are neighbours.
SEQ_BITS = 40
SEQ_MASK = (1 << SEQ_BITS) - 1
# What is looked at of a query: longer ones are pasted by mistake, and FTS5 itself takes an
# expression of at most 256 terms.
_MAX_QUERY = 500
_MAX_WORDS = 32
# Characters of text shown around what a search found: two lines of a side panel.
_AROUND = 60
# Thai to Khmer, kana, Han: words without spaces between them, which are one word for FTS5.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_WORDS = re.compile(r"[^\W_]+")
_MARK = "\u0301"


@dataclass(frozen=True)
class Search:
    """What is looked for.

    Attributes
    ----------
    source
        Where, as a FROM clause with its WHERE; what is found is a `place`.
    value
        Its only parameter.
    pattern
        What to highlight, in a text that was `folded`.
    """

    source: str
    value: str
    pattern: re.Pattern[str]

    @property
    def sql(self) -> str:
        """A query for `n`, the numbers of the conversations, each once."""
        return f"SELECT DISTINCT place >> {SEQ_BITS} AS n FROM {self.source}"  # noqa: S608

    def first_messages(
        self, conn: sqlite3.Connection, numbers: Sequence[int]
    ) -> dict[int, int | None]:
        """The first message (its `seq`) of each conversation; None: only the title has it.

        A second look for one page only: grouping all that is found takes three times as long.
        """
        marks = ", ".join("?" * len(numbers))
        return dict(
            conn.execute(
                f"SELECT place >> {SEQ_BITS} AS n, MIN(NULLIF(place & {SEQ_MASK}, 0))"  # noqa: S608
                f" FROM {self.source} AND place >> {SEQ_BITS} IN ({marks}) GROUP BY n",
                (self.value, *numbers),
            )
        )


_INDEXED = "(SELECT rowid AS place FROM found WHERE found MATCH ?) WHERE 1"
_SCANNED = "searchable WHERE text LIKE ? ESCAPE '\\'"


def search_for(typed: str) -> Search | None:
    """Understand what was typed, whatever it is; None where that is nothing."""
    typed = clean_text(typed).strip()[:_MAX_QUERY]
    if not typed:
        return None
    words = [word for word in typed.split() if _WORDS.search(folded(word))][:_MAX_WORDS]
    if not words or _UNSPACED.search(typed):
        escaped = re.sub(r"([\\%_])", r"\\\1", typed)
        return Search(_SCANNED, f"%{escaped}%", re.compile(_spelled(folded(typed))))
    # A word in quotes is no operator, and FTS5 takes it apart as it took the text.
    terms = ['"' + word.replace('"', '""') + '"' for word in words]
    return Search(_INDEXED, " ".join(terms) + " *", _highlighted(words))


def hit(conn: sqlite3.Connection, search: Search, seq: int | None) -> Dict | None:
    """Show a message with a hit: some text around the first place, and the places in that."""
    if seq is None:
        return None
    message_id, text = conn.execute(
        "SELECT id, text FROM messages WHERE seq = ?", (seq,)
    ).fetchone()
    plain = folded(text)
    first = search.pattern.search(plain)
    begin, end = first.span() if first else (0, 0)
    start, stop = _whole_words(text, begin - _AROUND, end + _AROUND)
    shown = text[start:stop]
    # In the whole text, so that a word that the snippet cuts is no other word.
    spans = [m.span() for m in search.pattern.finditer(plain, start, stop)]
    return {
        "message_id": message_id,
        "text": shown,
        "ranges": [[_units(shown, a - start), _units(shown, b - start)] for a, b in spans],
    }


class _Folding(dict[int, str]):
    """Each character as its plain lower-case letter, one for one, so that places stay."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.combining(char):
            plain = _MARK
        else:
            base = unicodedata.normalize("NFD", char)[0].lower()
            plain = base if len(base) == 1 else char
        self[code] = plain
        return plain


_FOLDING = _Folding()


def folded(text: str) -> str:
    """A text without case and accents, as long as it was."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def _spelled(word: str) -> str:
    """A pattern for a folded word, accents written as characters of their own included."""
    return "".join(f"{re.escape(char)}{_MARK}*" for char in word if char != _MARK)


def _highlighted(words: list[str]) -> re.Pattern[str]:
    parts = [[_spelled(part) for part in _WORDS.findall(folded(word))] for word in words]
    whole = [r"(?<![^\W_])" + r"[\W_]+".join(part) for part in parts]
    ends = [*([r"(?![^\W_])"] * (len(whole) - 1)), ""]  # the last may go on
    # The longest first: of two words that begin alike, the whole one is marked.
    both = sorted((w + e for w, e in zip(whole, ends, strict=True)), key=len, reverse=True)
    return re.compile("|".join(both))


def _whole_words(text: str, start: int, stop: int) -> tuple[int, int]:
    """Move the borders of a snippet to spaces close by, inwards."""
    start, stop = max(0, start), min(len(text), stop)
    if start:
        space = text.find(" ", start, start + _AROUND // 3)
        start = space + 1 if space >= 0 else start
    if stop < len(text):
        space = text.rfind(" ", stop - _AROUND // 3, stop)
        stop = space if space >= 0 else stop
    return start, stop


def _units(text: str, place: int) -> int:
    """Count up to a place as browsers do: in UTF-16."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le")) // 2
