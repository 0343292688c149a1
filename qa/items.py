"""第二个, 最后一块: an item of what was told before, told as it stands or asked about by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus import Block, Document, enumerations_of, split
from corpus.language import sentence_spans
from index import ScoredPassage
from qa.answer import Answer, Citation
from qa.asking import ask, asks_only_of_item, split_item
from qa.pipeline import Pipeline
from qa.saying import Item, Told, answered, items_of, outline_section

__all__ = ["answer_item", "tell_section"]

LOOKED_BACK = 3  # turns in which a list is looked for that 第二个 is of
SECTION_PASSAGES = 30  # read of a section that is outlined
LONGEST_ITEM = 600  # characters of an item told as it stands

Turns = Sequence[tuple[str, str]]


def answer_item(
    pipeline: Pipeline, text: str, turns: Turns, answer: Callable[[str, Turns], Answer]
) -> Answer | str:
    """What a question asks of the second of what was told, or the question with its name.

    An item is told as it stands where nothing else is asked of it (第二条具体怎么说的). A question
    of no item comes back as it is; `answer` answers the turn in which the list was told.
    """
    found = split_item(text)
    if not found or not turns:
        return text
    before, number, after = found
    if pipeline.index.catalogue.holds(text[len(before) : len(text) - len(after)]):
        return text  # 第二条 of a law
    item = _item(number, turns, answer)
    if not item:
        return text
    if asks_only_of_item(text):
        told = _tell(pipeline, item)
        if told:
            return told
    return f"{before}{item.name}{after}"


def tell_section(pipeline: Pipeline, document: Document, heading: int, text: str) -> Answer | None:
    """The main points below a heading, given by its block's place; None without any."""
    below = {block.start for block in document.blocks if heading in block.above}
    passages = [p for p in split(document) if document.block_at(p.start).start in below]
    hits = [ScoredPassage(passage, 0.0) for passage in passages[:SECTION_PASSAGES]]
    query = replace(ask(text), fully=True)
    points = pipeline.reader.read(query, hits, {document.id: document}).points
    return outline_section(document, points)


def _item(number: int, turns: Turns, answer: Callable[[str, Turns], Answer]) -> Item | None:
    """The item of a number, the last for -1, of the last list told; None if there is none."""
    looked_at = 0
    for place in range(len(turns) - 1, -1, -1):
        if split_item(turns[place][0]):
            continue  # it told an item
        looked_at += 1
        items = items_of(answer(turns[place][0], turns[:place]))
        if max(number, 2) <= len(items):
            return items[number - 1 if number > 0 else number]
        if looked_at == LOOKED_BACK:
            break
    return None


def _tell(pipeline: Pipeline, item: Item) -> Answer | None:
    """What an item says: the points below it where it is a heading, else its own words."""
    document = pipeline.index.document(item.citation.document_id)
    heading = _heading_of(document, item)
    if heading is not None:
        name = document.text[document.blocks[heading].start : document.blocks[heading].end]
        return tell_section(pipeline, document, heading, f"{name}有哪些内容")
    if item.text not in item.citation.quote:
        return None  # a label of ours
    start, end = _stretch(document, item.citation, item.text)
    if end - start > LONGEST_ITEM:
        return None
    return answered(list(_lines(document, start, end)), lines=True)


def _heading_of(document: Document, item: Item) -> int | None:
    """The place of the heading that an item is, or whose label it stands under."""
    at, blocks = document.block_at(item.citation.start), document.blocks
    places = [*at.above, *([blocks.index(at)] if at.kind == "heading" else [])]
    texts = ((p, document.text[blocks[p].start : blocks[p].end]) for p in places)
    return next((p for p, text in texts if text.rstrip("。") == item.text.rstrip("。")), None)


def _stretch(document: Document, cited: Citation, text: str) -> tuple[int, int]:
    """Where the item of a list stands that holds what was told of it, else what was told."""
    start = cited.start + cited.quote.index(text)
    end = min(start + len(text), cited.end)
    holding = [
        span
        for listed in enumerations_of(document)
        for span in listed.items
        if span[0] < end and start < span[1]
    ]
    first, last = min(holding, key=lambda span: span[1] - span[0], default=(start, end))
    return min(first, start), max(last, end)


def _lines(document: Document, start: int, end: int) -> Iterator[Told]:
    """The sentences of a stretch, each of its block."""
    for block in _blocks(document, start, end):
        first, last = max(start, block.start), min(end, block.end)
        spans = sentence_spans(document.text, first, last) or [(first, last)]
        for span in spans:
            text = document.text[slice(*span)].strip()
            if text:
                yield Told(text, [Citation.of_block(document, *span)])


def _blocks(document: Document, start: int, end: int) -> Iterator[Block]:
    return (block for block in document.blocks if block.start < end and start < block.end)
