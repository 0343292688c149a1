"""A turn of a conversation: what is said, asked for more, of the whole, or in one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus import split
from index import Index, ScoredPassage
from qa.answer import Answer
from qa.asking import (
    QUESTION_LIMIT,
    History,
    ask,
    asks_more,
    asks_overview,
    content_pairs,
    is_english,
    named_section,
    prepare,
    pushes,
    read_conversation,
    read_query,
    recall,
    refer,
    resolve,
    settle,
    split_item,
)
from qa.pipeline import Pipeline
from qa.reading import Reader
from qa.saying import in_english, items_of, outline, outline_section, reply, tell_more
from qa.several import answer_all

__all__ = ["answer_over"]

LOOKED_BACK = 2  # turns in which a list is looked for that 第二个 is of
SECTION_PASSAGES = 30  # read of a section that is outlined


def answer_over(index: Index, text: str, history: History, reader: Reader) -> Answer:
    """Answer a question from an index; raises ValueError for an empty or overlong one."""
    pipeline, asked = Pipeline(index, reader), read_query(text).text
    answer = _answer_turn(pipeline, asked, settle(history))
    return in_english(answer, pipeline.worded(asked)) if is_english(asked) else answer


def _answer_turn(pipeline: Pipeline, text: str, turns: Sequence[tuple[str, str]]) -> Answer:
    if turns and asks_more(text):
        return _tell_more(pipeline, turns)
    worded = pipeline.worded(text)
    for words in dict.fromkeys((text, worded)):  # in English, and with slips mended
        whole = _outline(pipeline, words)
        if whole:
            return whole
    turns = resolve([turn for turn in turns if not asks_more(turn[0])])
    refers = refer(text, turns) != text or bool(recall(text, turns))
    saying = "" if refers else _saying(pipeline, text)
    if saying and not (turns and pushes(text)):
        return reply(saying)
    before = prepare(
        worded,
        turns,
        pipeline.worded,
        lambda turn, earlier: pipeline.answer(ask(turn, earlier)),
    )
    asked = refer(_of_item(pipeline, worded, turns), before)[:QUESTION_LIMIT]
    recalled = recall(worded, before)
    return answer_all(pipeline, asked, before, recalled, lambda said: bool(_saying(pipeline, said)))


def _tell_more(pipeline: Pipeline, turns: Sequence[tuple[str, str]]) -> Answer:
    """The next points that answer the last question and were not told yet."""
    times, rest = 0, list(turns)
    told = reply("reaction")
    while rest and told.reason == "conversation":
        text, _ = rest.pop()
        times += asks_more(text)
        if not asks_more(text):
            before = resolve([turn for turn in rest if not asks_more(turn[0])])
            told = _answer_turn(pipeline, text, before)
    if told.status == "refused":
        return told
    before = [(pipeline.worded(asked), said) for asked, said in before]
    query = replace(ask(refer(pipeline.worded(text), before), before), fully=True)
    return tell_more(pipeline.points(query), told, times, pipeline.index.document)


def _of_item(pipeline: Pipeline, text: str, turns: Sequence[tuple[str, str]]) -> str:
    """A question with the name of what it calls the second of what was told: 第二个呢."""
    found = split_item(text)
    if not found or not turns:
        return text
    before, number, after = found
    if pipeline.index.catalogue.holds(text[len(before) : len(text) - len(after)]):
        return text  # 第二条 of a law
    for place in range(len(turns) - 1, max(len(turns) - 1 - LOOKED_BACK, -1), -1):
        items = items_of(_answer_turn(pipeline, turns[place][0], turns[:place]))
        if number <= len(items):
            return f"{before}{items[number - 1]}{after}"
    return text


def _outline(pipeline: Pipeline, text: str) -> Answer | None:
    """What the one document tells as a whole, or a section of it, where that is asked."""
    index = pipeline.index
    keys = index.catalogue.document_ids()
    if len(keys) != 1:
        return None
    document = index.document(keys[0])
    if asks_overview(text):
        return outline(document)
    headings = [i for i, block in enumerate(document.blocks) if block.kind == "heading"]
    texts = (document.text[document.blocks[i].start : document.blocks[i].end] for i in headings)
    named = named_section(text, texts)
    if named is None:
        return None
    below = {block.start for block in document.blocks if headings[named] in block.above}
    passages = [p for p in split(document) if document.block_at(p.start).start in below]
    hits = [ScoredPassage(passage, 0.0) for passage in passages[:SECTION_PASSAGES]]
    points = pipeline.reader.read(
        replace(ask(text), fully=True), hits, {document.id: document}
    ).points
    return outline_section(document, points)


def _saying(pipeline: Pipeline, text: str) -> str:
    """The kind of saying that a text is, "" where it asks something."""
    return read_conversation(text, lambda words: _tells_of(pipeline, words))


def _tells_of(pipeline: Pipeline, text: str) -> bool:
    """Whether the documents hold two characters in a row of what matters in a text."""
    return any(pipeline.index.catalogue.holds(pair) for pair in content_pairs(text))
