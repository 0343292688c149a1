"""What a document or a section of it tells as a whole: its headings, or its main points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus import Block, Document
from corpus.language import clause_end, clause_start, sentence_spans
from qa.answer import Answer, Citation
from qa.reading import Evidence
from qa.saying.text import Told, answered

__all__ = ["outline", "outline_parts", "outline_section", "outline_targets"]

MOST = 24  # parts; of a longer document only the outer headings are told
OF_TIME = ("年", "月", "天", "日", "钟", "小时")  # what units of time end with: no target
SURE = 3.5  # from which more than the best point of a passage is told
BODY = ("paragraph", "item")
LEADS_IN = ":："  # at the end of a line that tells nothing itself


def outline(document: Document) -> Answer | None:
    """The headings of a document as parts under the outer ones; None of an empty document."""
    told = [*_opening(document), *_headed(document)]
    if len(told) > MOST:
        outer = [b for b in document.blocks if b.kind == "heading" and not b.above]
        headed = [_told(document, (block.start, block.end)) for block in outer]
        told = [*_opening(document), *(headed or told)][:MOST]
    return answered(told, lines=True) if told else None


def outline_parts(document: Document, place: int) -> Answer | None:
    """The headings next below a heading or the title at a place of its blocks; None of one."""
    blocks = document.blocks
    above = [place] if blocks[place].kind == "heading" else []
    parts = [b for b in blocks if b.kind == "heading" and list(b.above[-1:]) == above]
    told = [_told(document, (block.start, block.end)) for block in parts[:MOST]]
    return answered(told, lines=True) if len(told) > 1 else None


def outline_targets(document: Document, years: Sequence[int]) -> Answer | None:
    """The clauses with figures that are aimed at in the years, of all years where none is named.

    None without any.
    """
    spans: dict[tuple[int, int], None] = {}
    for fact in document.facts:
        timed = fact.figure.unit.endswith(OF_TIME)
        if fact.status == "target" and (not years or fact.year in years) and not timed:
            start = clause_start(document.text, fact.figure.start)
            end = clause_end(document.text, fact.figure.end)
            spans[max(start, fact.sentence[0]), min(end, fact.sentence[1])] = None
    told = [_told(document, span) for span in spans]
    return answered(told[:MOST], lines=True) if told else None


def outline_section(document: Document, points: Sequence[Evidence]) -> Answer | None:
    """The best point of each passage, and others as sure, under headings; None without any."""
    best: dict[str, float] = defaultdict(float)
    for point in points:
        best[point.passage.id] = max(best[point.passage.id], point.score)
    chosen = [point for point in points if point.score >= min(best[point.passage.id], SURE)]
    sections = dict.fromkeys(point.passage.section for point in chosen)
    if len(chosen) > MOST:  # of each section alike
        surest = sorted(chosen, key=lambda point: -point.score)
        each = [[p for p in surest if p.passage.section == section] for section in sections]
        chosen = [point for of_one in each for point in of_one[: max(MOST // len(sections), 1)]]
    chosen.sort(key=lambda point: point.start)
    labelled = len(sections) > 1
    outer = {section[:-1] for section in sections}  # what stands at the head of them needs none
    told = [
        Told(
            point.text,
            [Citation.of(document, point.passage, *point.sentence)],
            _label("".join(point.passage.section[-1:]))
            if labelled and point.passage.section not in outer
            else "",
        )
        for point in chosen
    ]
    return answered(told[:MOST], lines=True) if told else None


def _opening(document: Document) -> Iterator[Told]:
    """What stands before the first heading: the sentence with the first figure, or the first."""
    blocks = document.blocks
    first = next((b.start for b in blocks if b.kind == "heading"), len(document.text))
    body = [b for b in blocks if b.kind in BODY and b.end <= first]
    spans = [span for b in body for span in sentence_spans(document.text, b.start, b.end)]
    figures = {fact.sentence for fact in document.facts if fact.figure.end <= first}
    chosen = next((span for span in spans if span in figures), spans[0] if spans else None)
    if chosen:
        yield _told(document, chosen)


def _headed(document: Document) -> Iterator[Told]:
    """Each innermost heading under its outer one; one with none below it, with how it begins."""
    below: dict[int, list[Block]] = defaultdict(list)
    for block in document.blocks:
        for place in block.above:
            below[place].append(block)
    for place, block in enumerate(document.blocks):
        inner = not any(b.kind == "heading" for b in below[place])
        if block.kind != "heading" or not below[place] or not inner:
            continue
        outer = document.blocks[block.above[0]] if block.above else block
        if outer.kind == "heading" and outer is not block:
            label = _label(document.text[outer.start : outer.end])
            yield _told(document, (block.start, block.end), label)
            continue
        body = (b for b in below[place] if b.kind in BODY)
        opens = next((b for b in body if document.text[b.end - 1] not in LEADS_IN), None)
        spans = sentence_spans(document.text, opens.start, opens.end) if opens else ()
        for span in islice(spans, 1):
            yield _told(document, span, _label(document.text[block.start : block.end]))


def _label(heading: str) -> str:
    return heading.rstrip("。")


def _told(document: Document, span: tuple[int, int], label: str = "") -> Told:
    return Told(document.text[slice(*span)].strip(), [Citation.of_block(document, *span)], label)
