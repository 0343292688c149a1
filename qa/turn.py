"""A turn of a conversation: what is said, asked for more, of the whole, or in one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus import Document
from index import Index
from qa.answer import Answer
from qa.asking import (
    QUESTION_LIMIT,
    History,
    ask,
    asks_detail,
    asks_more,
    asks_only_of_item,
    asks_overview,
    asks_parts,
    asks_targets,
    content_pairs,
    field_section,
    has_any,
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
    takes_over,
    year_outlined,
)
from qa.items import answer_item, tell_section
from qa.pipeline import Pipeline
from qa.reading import Reader
from qa.saying import (
    in_english,
    join,
    outline,
    outline_parts,
    outline_targets,
    refuse_selection,
    reply,
    tell_more,
)
from qa.several import answer_all

__all__ = ["answer_over"]

OF_ALL = ("哪些", "主要", "各项", "总结", "概括", "所有", "全部")  # words that ask for all there is


def answer_over(index: Index, text: str, history: History, reader: Reader) -> Answer:
    """Answer a question from an index; raises ValueError for an empty or overlong one."""
    pipeline, asked = Pipeline(index, reader), read_query(text).text
    answer, english = _answer_turn(pipeline, asked, settle(history)), is_english(asked)
    if answer.reason not in ("", "conversation") and (empty := index.selected_nothing):
        return refuse_selection(empty, english)
    return in_english(answer, pipeline.worded(asked)) if english else answer


def _answer_turn(pipeline: Pipeline, text: str, turns: Sequence[tuple[str, str]]) -> Answer:
    if turns and asks_more(text):
        return _tell_more(pipeline, text, turns)
    worded = pipeline.worded(text)
    for words in dict.fromkeys((text, worded)):  # in English, and with slips mended
        whole = _outline(pipeline, words, _leans(words, turns))
        if whole:
            return whole
    turns = resolve([turn for turn in turns if not asks_more(turn[0])])
    item = answer_item(pipeline, worded, turns, lambda *turn: _answer_turn(pipeline, *turn))
    if isinstance(item, Answer):
        return item
    refers = item != worded or refer(text, turns) != text or bool(recall(text, turns))
    saying = "" if refers else _saying(pipeline, text)
    if saying and not (turns and pushes(text)):
        return reply(saying)
    before = prepare(
        worded,
        turns,
        pipeline.worded,
        lambda turn, earlier: pipeline.answer(ask(turn, earlier)),
    )
    asked = refer(item, before)[:QUESTION_LIMIT]
    recalled = recall(worded, before)
    return answer_all(pipeline, asked, before, recalled, lambda said: bool(_saying(pipeline, said)))


def _tell_more(pipeline: Pipeline, text: str, turns: Sequence[tuple[str, str]]) -> Answer:
    """The next points that answer the last question and were not told yet.

    And where it is asked in detail what stands around those told.
    """
    times, rest, detailed = 0, [*turns, (text, "")], False
    told = reply("reaction")
    while rest and told.reason == "conversation":
        text, _ = rest.pop()
        times += asks_more(text)
        detailed |= asks_more(text) and asks_detail(text)
        if not asks_more(text):
            before = resolve([turn for turn in rest if not asks_more(turn[0])])
            told = _answer_turn(pipeline, text, before)
    if told.status == "refused":
        return told
    whole = _outline(pipeline, text, fully=True) if times == 1 else None
    if whole and whole.text != told.text:
        return whole
    before = [(pipeline.worded(asked), said) for asked, said in before]
    query = replace(ask(refer(pipeline.worded(text), before), before), fully=True)
    points = [] if asks_only_of_item(text) else pipeline.points(query)  # none of other items
    return tell_more(query, points, told, times, detailed, pipeline.index.document)


def _leans(text: str, turns: Sequence[tuple[str, str]]) -> bool:
    """Whether a question is of what was asked before, and not of all there is."""
    return bool(turns) and takes_over(text, turns) and not has_any(text, OF_ALL)


def _outline(
    pipeline: Pipeline, text: str, leans: bool = False, fully: bool = False
) -> Answer | None:
    """What the one document tells as a whole, or a section of it, where that is asked.

    Where its parts are asked for their headings, unless all is to be told `fully`. What is done or
    aimed at in a year is one thing's in a question that `leans` on another: 那2025年目标呢.
    """
    index = pipeline.index
    keys = index.document_ids(limit=2)
    if len(keys) != 1:
        return None
    document = index.document(keys[0])
    headings = [i for i, one in enumerate(document.blocks) if one.kind in ("heading", "title")]
    texts = [document.text[document.blocks[i].start : document.blocks[i].end] for i in headings]
    if index.section:  # it is all there is
        return _outline_within(pipeline, document, headings, texts) if asks_overview(text) else None
    if asks_overview(text):
        return outline(document)
    if asks_targets(text) and not leans:
        seen = ask(text).seen_from(document.present)
        return outline_targets(document, seen.years)
    named = named_section(text, texts)
    for asked in (year_outlined, field_section) if not leans else ():
        named = asked(text, texts) if named is None else named
    if named is None:
        return None
    heading = headings[named]
    parts = outline_parts(document, heading) if asks_parts(text) and not fully else None
    if document.blocks[heading].kind == "title":
        return parts or outline(document)
    if parts:
        return parts
    return tell_section(pipeline, document, heading, text)


def _outline_within(
    pipeline: Pipeline, document: Document, headings: Sequence[int], texts: Sequence[str]
) -> Answer | None:
    """The main points of the sections selected, of several each under its heading."""
    section = pipeline.index.section
    named = {place: text for place, text in zip(headings, texts, strict=True) if section in text}
    told = {
        name: tell_section(pipeline, document, place, f"{name}有哪些内容")
        for place, name in named.items()
        if not any(above in named for above in document.blocks[place].above)
    }
    found = {name: answer for name, answer in told.items() if answer}
    return join([*found.values()], [*found]) if len(found) > 1 else next(iter(found.values()), None)


def _saying(pipeline: Pipeline, text: str) -> str:
    """The kind of saying that a text is, "" where it asks something."""
    return read_conversation(text, lambda words: _tells_of(pipeline, words))


def _tells_of(pipeline: Pipeline, text: str) -> bool:
    """Whether the documents hold two characters in a row of what matters in a text."""
    return any(pipeline.index.catalogue.holds(pair) for pair in content_pairs(text))
