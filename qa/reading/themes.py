"""What clauses are told under: the headings above, and the last short sentence before them.

坚持优质均衡办好教育。 is what the sentences after it are about, up to the next of its kind.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus import Document, Passage
from corpus.language import sentence_spans

__all__ = ["Theme", "names_theme", "theme_at", "themes_of", "told_under"]

Theme = tuple[str, tuple[str, ...], int]  # a document, its headings and where a sentence starts
Span = tuple[int, int]
LONGEST = 20  # characters of a sentence that others are told under
MOST_UNDER = 6  # sentences told under one
_INSIDE = "，,；;：:"  # marks that it has not


class _Sentences(NamedTuple):
    """The sentences of a block, and where those start that others are told under."""

    spans: tuple[Span, ...]
    themes: tuple[int, ...]


def themes_of(passage: Passage, document: Document, ends: Sequence[int]) -> list[Theme]:
    """The theme of each clause of a passage; `ends` are the clauses', counted in the passage."""
    themes = () if passage.pieces else _sentences_at(document, passage.start).themes
    places = (bisect_left(themes, passage.start + end) for end in ends)
    return [(document.id, passage.section, themes[i - 1] if i else 0) for i in places]


def theme_at(document: Document, place: int) -> int:
    """Where the sentence starts that names the theme of a place, else the block that holds it."""
    themes = _sentences_at(document, place).themes
    before = bisect_right(themes, place)
    return themes[before - 1] if before else document.block_at(place).start


def names_theme(document: Document, place: int) -> bool:
    """Whether the sentence at a place only names what those after it are about.

    That is one that opens its paragraph, or has longer ones under it.
    """
    opens = _sentences_at(document, place).themes[:1] == (document.block_at(place).start,)
    return (opens and document.block_at(place).start == place) or bool(told_under(document, place))


def told_under(document: Document, place: int) -> list[Span]:
    """The first sentences under the one at a place, none where that names no theme."""
    spans, themes = _sentences_at(document, place)
    at = bisect_left(themes, place)
    if themes[at : at + 1] != (place,):
        return []
    first = bisect_right(spans, (place + 1, 0))
    last = bisect_left(spans, (themes[at + 1], 0)) if at + 1 < len(themes) else len(spans)
    return list(spans[first:last][:MOST_UNDER])


def _sentences_at(document: Document, place: int) -> _Sentences:
    return _read_block(document, document.block_at(place).start)


@lru_cache(maxsize=64)  # blocks that were read lately
def _read_block(document: Document, start: int) -> _Sentences:
    spans = tuple(sentence_spans(document.text, start, document.block_at(start).end))
    return _Sentences(spans, tuple(a for a, b in spans if _is_theme(document.text[a:b])))


def _is_theme(sentence: str) -> bool:
    """Whether a sentence is one short clause without a figure."""
    if not sentence.endswith("。") or len(sentence) > LONGEST + 1:
        return False
    return not any(c.isdigit() or c in _INSIDE for c in sentence)
