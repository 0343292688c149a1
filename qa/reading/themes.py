"""What clauses are told under: the headings above, and the last short sentence before them.

坚持优质均衡办好教育。 is what the sentences after it are about, up to the next of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus import Document, Passage
from corpus.language import sentence_spans

__all__ = ["Theme", "names_theme", "theme_at", "themes_of", "told_under"]

Theme = tuple[str, tuple[str, ...], int]  # a document, its headings and where a sentence starts
Span = tuple[int, int]
LONGEST = 20  # characters of a sentence that others are told under
_INSIDE = "，,；;：:"  # marks that it has not


def themes_of(passage: Passage, document: Document, ends: Sequence[int]) -> list[Theme]:
    """The theme of each clause of a passage; `ends` are the clauses', counted in the passage."""
    starts = [] if passage.pieces else list(_themes(document, passage.start))
    return [
        (
            document.id,
            passage.section,
            max((at for at in starts if at < passage.start + end), default=0),
        )
        for end in ends
    ]


def theme_at(document: Document, place: int) -> int:
    """Where the sentence starts that names the theme of a place, else the block that holds it."""
    starts = [start for start in _themes(document, place) if start <= place]
    return max(starts, default=document.block_at(place).start)


def names_theme(document: Document, place: int) -> bool:
    """Whether the sentence at a place only names what those after it are about.

    That is one that opens its paragraph, or has longer ones under it.
    """
    opens = document.block_at(place).start == place and place in _themes(document, place)
    return opens or bool(told_under(document, place))


def told_under(document: Document, place: int) -> list[Span]:
    """The sentences under the one at a place of a document, none where that names no theme."""
    starts = list(_themes(document, place))
    block = document.block_at(place)
    sentences = list(sentence_spans(document.text, block.start, block.end))
    theme = next((span for span in sentences if span[0] == place and place in starts), None)
    if theme is None:
        return []
    ends = min((start for start in starts if start > place), default=block.end)
    return [span for span in sentences if theme[1] <= span[0] < ends]


def _themes(document: Document, place: int) -> Iterator[int]:
    """Where sentences that others are told under start, in the block that holds a place."""
    block = document.block_at(place)
    for start, end in sentence_spans(document.text, block.start, block.end):
        if _is_theme(document.text[start:end]):
            yield start


def _is_theme(sentence: str) -> bool:
    """Whether a sentence is one short clause without a figure."""
    if not sentence.endswith("。") or len(sentence) > LONGEST + 1:
        return False
    return not any(c.isdigit() or c in _INSIDE for c in sentence)
