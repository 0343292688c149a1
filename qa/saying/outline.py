"""What a whole document tells: its headings, each with those below it or how it begins."""

from __future__ import annotations

from collections.abc import Iterator

from corpus import Block, Document
from corpus.language import sentence_spans
from qa.answer import Answer, Citation
from qa.saying.text import Told, answered

__all__ = ["outline"]

MOST = 24  # parts; of a longer document only the outer headings are told
BODY = ("paragraph", "item")


def outline(document: Document) -> Answer | None:
    """The headings of a document as parts under the outer ones; None of an empty document."""
    told = [*_opening(document), *_headed(document)]
    if len(told) > MOST:
        told = [part for part in told if not part.label] or told[:MOST]
    return answered(told, lines=True) if told else None


def _opening(document: Document) -> Iterator[Told]:
    """What stands before the first heading: the sentence with the first figure, or the first."""
    blocks = document.blocks
    first = next((b.start for b in blocks if b.kind == "heading"), len(document.text))
    body = [b for b in blocks if b.kind in BODY and b.end <= first]
    spans = [(b, span) for b in body for span in sentence_spans(document.text, b.start, b.end)]
    figures = [fact.sentence for fact in document.facts if fact.figure.end <= first]
    chosen = next((one for one in spans if one[1] in figures), spans[0] if spans else None)
    if chosen:
        yield _told(document, *chosen)


def _headed(document: Document) -> Iterator[Told]:
    """Each innermost heading under its outer one; one with none below it, with how it begins."""
    blocks = document.blocks
    headings = [place for place, block in enumerate(blocks) if block.kind == "heading"]
    for place in headings:
        block = blocks[place]
        below = [b for b in blocks if place in b.above]
        if any(b.kind == "heading" for b in below):
            continue
        label = document.text[slice(*_span(blocks[block.above[0]]))] if block.above else ""
        if block.above and blocks[block.above[0]].kind == "heading":
            yield _told(document, block, _span(block), label)
            continue
        opens = next((b for b in below if b.kind in BODY), None)
        sentence = (
            next(sentence_spans(document.text, opens.start, opens.end), None) if opens else None
        )
        if opens and sentence:
            yield _told(document, opens, sentence, document.text[slice(*_span(block))])


def _span(block: Block) -> tuple[int, int]:
    return block.start, block.end


def _told(document: Document, block: Block, span: tuple[int, int], label: str = "") -> Told:
    text = document.text[slice(*span)].strip()
    cited = Citation(
        document.text[slice(*span)],
        document.text[block.start : block.end],
        document.source,
        document.title,
        " / ".join(block.section),
        *span,
        document.id,
        block.year,
    )
    return Told(text, (cited,), label)
