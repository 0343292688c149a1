"""From a question to its answer: the only module that knows the order of the rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus import Document, split
from index import Index, ScoredPassage
from qa.answer import Answer
from qa.asking import (
    QUESTION_LIMIT,
    History,
    Query,
    ask,
    asks_apart,
    asks_more,
    asks_overview,
    content_pairs,
    in_words_of,
    named_section,
    prepare,
    pushes,
    read_calculation,
    read_comparison,
    read_conversation,
    read_events,
    read_moment,
    read_query,
    recall,
    refer,
    resolve,
    settle,
    split_pair,
    split_question,
    with_subjects,
)
from qa.checking import check, unsupported_figures
from qa.reading import Reader, Reading
from qa.saying import (
    calculate,
    compose,
    date_of,
    in_moment,
    join,
    labels_of,
    outline,
    outline_section,
    rank,
    refuse,
    reply,
    say_two_things,
    tell_events,
    tell_more,
    tell_points,
)
from qa.stages import stage

__all__ = ["PASSAGES_READ", "answer_over"]

PAIRED_KINDS = ("figure", "date", "entity", "keywords")  # 「A和B」 may ask for one thing each
PASSAGES_READ = 8  # 5 hold the evidence for 97 % of the test set; with 8 the reader loses less
COMPARING = "比倍增减高低多少"  # a sentence that tells a difference has one of them
MOST_EVENTS = 6  # set side by side by their dates
SECTION_PASSAGES = 30  # read of a section that is outlined
MOST_PARTS = 4  # questions in one that are answered


def answer_over(index: Index, text: str, history: History, reader: Reader) -> Answer:
    """Answer a question from an index; raises ValueError for an empty or overlong one.

    One that asks for two things is answered in parts, the later leaning on the earlier; one
    that asks for their sum, difference or ratio gets it, with both cited. No answer leaves with
    a figure that its quotes do not hold.
    """
    text, turns = read_query(text).text, settle(history)
    if turns and asks_more(text):
        return _tell_more(index, reader, turns)
    worded = _worded(index, reader, text)
    whole = _outline(index, reader, text) or _outline(index, reader, worded)
    if whole:
        return whole
    turns = resolve([turn for turn in turns if not asks_more(turn[0])])
    refers = refer(text, turns) != text or bool(recall(text, turns))
    saying = "" if refers else _saying(index, text)
    if saying and not (turns and pushes(text)):
        return reply(saying)
    before = prepare(
        worded,
        turns,
        lambda turn: _worded(index, reader, turn),
        lambda turn, earlier: _answer(index, reader, ask(turn, earlier)),
    )
    asked, text = recall(worded, before), refer(worded, before)[:QUESTION_LIMIT]
    computed = (
        calculate(asked, _answer_each(index, reader, asked.questions, before))
        if asked
        else _compute(index, reader, text, before)
    )
    return computed or _answer_text(index, reader, text, before)


def _answer_text(index: Index, reader: Reader, text: str, history: History) -> Answer:
    """Answer what asks for nothing to be computed: each of several things, or the one."""
    told = _date(index, reader, text) or _contrast(index, reader, text, history)
    if told:
        return told
    parts = split_question(text)
    if len(parts) > 1:
        parts = [part for part in parts if not _saying(index, part)] or parts
    if len(parts) > 1:
        parts, beyond = parts[:MOST_PARTS], parts[MOST_PARTS:]
        found = _answer_sentences(index, reader, parts, history)
        answered = sum(part.status == "answered" for part in found)
        if answered and (answered == len(found) or asks_apart(text)):
            return join(found, labels_of(parts, found), beyond)
        # 文体场馆和体育公园 may be one list.
        return _or_parts(_answer(index, reader, ask(text, history)), found)
    query = ask(text, history)
    pair: list[Answer] = []
    if query.kind in PAIRED_KINDS:
        pair = _answer_each(index, reader, split_pair(text), history)
        if say_two_things(pair):
            return join(pair)
    told = _or_parts(_answer(index, reader, query), pair)
    if told.status == "answered":
        return told
    return _answer_of_moment(index, reader, text, history) or told


def _answer(index: Index, reader: Reader, query: Query) -> Answer:
    """Search, read, check and say: the way of every question for one thing."""
    reading, documents = _read(index, reader, query)
    with stage("checking"):
        judged = check(query, reading.spans, documents)
        held = [one for one in judged if not one.lack]
        points = [one for one in check(query, reading.points, documents) if not one.lack]
    with stage("saying"):
        ways: tuple[Callable[[], Answer | None], ...] = (
            lambda: tell_points(query, points, held, reading.is_open),
            lambda: rank(query, held, documents.values()),
            lambda: compose(query, held),
        )
        for way in ways:
            told = way()
            if told and not unsupported_figures(told, documents):
                return told
        nearest = judged[0] if judged else None
        seen = query.seen_from(nearest.document.present) if nearest else query
        return refuse(seen, judged, index.catalogue)


def _tell_more(index: Index, reader: Reader, turns: Sequence[tuple[str, str]]) -> Answer:
    """The next points that answer the last question and were not told yet."""
    times, rest = 0, list(turns)
    told = reply("reaction")
    while rest and told.reason == "conversation":
        text, _ = rest.pop()
        times += asks_more(text)
        if not asks_more(text):
            before = resolve([turn for turn in rest if not asks_more(turn[0])])
            told = answer_over(index, text, before, reader)
    if told.status == "refused":
        return told
    before = [(_worded(index, reader, asked), said) for asked, said in before]
    query = replace(ask(refer(_worded(index, reader, text), before), before), fully=True)
    reading, documents = _read(index, reader, query)
    points = [one for one in check(query, reading.points, documents) if not one.lack]
    return tell_more(points, told, times, index.document)


def _worded(index: Index, reader: Reader, text: str) -> str:
    """A question in the words of the documents."""
    with stage("wording"):
        return in_words_of(index.catalogue, text, reader.words)[:QUESTION_LIMIT]


def _read(index: Index, reader: Reader, query: Query) -> tuple[Reading, dict[str, Document]]:
    """What is read for a query in the passages found, and their documents."""
    with stage("search"):
        hits = index.search(query.search_text, PASSAGES_READ)
        documents = {key: index.document(key) for key in {h.passage.document_id for h in hits}}
    with stage("reading"):
        return reader.read(query, hits, documents), documents


def _outline(index: Index, reader: Reader, text: str) -> Answer | None:
    """What the one document tells as a whole, or a section of it, where that is asked."""
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
    points = reader.read(replace(ask(text), fully=True), hits, {document.id: document}).points
    return outline_section(document, points)


def _saying(index: Index, text: str) -> str:
    """The kind of saying that a text is, "" where it asks something."""
    return read_conversation(text, lambda words: _tells_of(index, words))


def _tells_of(index: Index, text: str) -> bool:
    """Whether the documents hold two characters in a row of what matters in a text."""
    return any(index.catalogue.holds(pair) for pair in content_pairs(text))


def _or_parts(whole: Answer, parts: Sequence[Answer]) -> Answer:
    """The whole answer, or where there is none those parts that are answered."""
    answered = any(part.status == "answered" for part in parts)
    return join(parts) if answered and whole.status == "refused" else whole


def _compute(index: Index, reader: Reader, text: str, history: History) -> Answer | None:
    """The result of a calculation that is asked for, None where none is or it is told as such."""
    asked = read_calculation(text)
    if not asked:
        return None
    found = _answer_each(index, reader, asked.questions, history)
    result = calculate(asked, found)
    if result:
        return result
    query = ask(text, history)
    told = _answer(index, reader, query)
    # One operand is not what was asked for; the same for both is a figure of them together.
    operand = len({one.text for one in found}) > 1 and told.text in {one.text for one in found}
    compared = any(word in cited.quote for cited in told.citations for word in COMPARING)
    if not operand and (compared or asked.operation == "sum"):
        return told
    refused = refuse(query, (), index.catalogue)
    return replace(refused, citations=told.citations)


def _date(index: Index, reader: Reader, text: str) -> Answer | None:
    """What is asked of when events were, by the date of each; None where that is not asked."""
    asked = read_events(text)
    if not asked or len(asked.names) > MOST_EVENTS:
        return None
    return tell_events(asked, [_answer(index, reader, ask(when)) for when in asked.asked])


def _contrast(index: Index, reader: Reader, text: str, history: History) -> Answer | None:
    """What is told of each of two things that are compared, None where that is told together.

    Of one alone where it is asked whether they are alike: no one sentence decides that.
    """
    asked = read_comparison(text, index.catalogue.years)
    found = _answer_each(index, reader, asked.questions, history) if asked else []
    of_one = any(one.status == "answered" for one in found) and read_query(text).kind == "yesno"
    if not asked or not (say_two_things(found) or of_one):
        return None
    return join(found, asked.names)


def _answer_of_moment(index: Index, reader: Reader, text: str, history: History) -> Answer | None:
    """The answer to what was on the day of an event (X当天), once that day is found."""
    asked = read_moment(text)
    if not asked:
        return None
    date = date_of(_answer(index, reader, ask(f"{asked.event}是什么时候", history)))
    if not date:
        return None
    return _answer(index, reader, ask(in_moment(asked.rest, asked.unit, date), history))


def _answer_each(
    index: Index, reader: Reader, parts: Sequence[str], history: History
) -> list[Answer]:
    """An answer a part, the later ones leaning on those before."""
    return [
        _answer(index, reader, ask(part[:QUESTION_LIMIT], [*history, *parts[:place]]))
        for place, part in enumerate(parts)
    ]


def _answer_sentences(
    index: Index, reader: Reader, parts: Sequence[str], history: History
) -> list[Answer]:
    """An answer a question of several; one without a subject of that before, or else alone."""
    found = _answer_each(index, reader, with_subjects(parts), history)
    return [
        _answer(index, reader, ask(part, [*history, *parts[:place]]))
        if one.status == "refused" and part != asked
        else one
        for place, (part, asked, one) in enumerate(
            zip(parts, with_subjects(parts), found, strict=True)
        )
    ]
