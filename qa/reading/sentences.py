"""The sentences that a stretch of a document stands in: what is cited for it."""

from __future__ import annotations

import re

from corpus import Document, Passage
from corpus.language import sentence_spans, simplify
from qa.asking import Query

__all__ = ["reply_label", "sentence_around"]

_REPLY = re.compile(
    r"(?:答|答案|回答|答复|A)[:：]\s*"
)  # before what is replied in a list of questions


def reply_label(text: str, place: int) -> int:
    """How many characters from a place on only say that a reply follows: 答：."""
    label = _REPLY.match(text, place)
    return len(label[0]) if label else 0


def sentence_around(
    document: Document, passage: Passage, place: tuple[int, int], question: Query
) -> tuple[int, int]:
    """The sentences that hold a span, as one stretch; of a table the row.

    Of a name in a heading, the sentence below it that speaks most of what is asked.
    """
    start, end = place
    if passage.start <= start < passage.end and passage.pieces:
        block = document.block_at(start)
        return block.start, min(block.end, passage.end)
    spans = list(sentence_spans(document.text, passage.start, passage.end))
    held = [(a, b) for a, b in spans if a < end and start < b]
    if held:
        return held[0][0], held[-1][1]
    if passage.pieces or not spans:  # the head of a column, a title: what is cited stands below
        block = document.block_at(passage.start)
        return block.start, min(block.end, passage.end)
    asked = set("".join(question.content))
    return max(spans, key=lambda s: len(asked & set(simplify(document.text[slice(*s)]))))
