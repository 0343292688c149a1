"""Questions that ask for several things at once, or for what is computed from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from corpus.language import clause_end, clause_start
from qa.answer import Answer, Citation
from qa.asking import (
    QUESTION_LIMIT,
    Calculation,
    Comparison,
    History,
    Query,
    ask,
    ask_plainly,
    asks_apart,
    asks_change,
    content_pairs,
    read_calculation,
    read_comparison,
    read_events,
    read_moment,
    read_multiple,
    read_query,
    recall,
    retrace,
    split_pair,
    split_question,
    split_sentences,
    with_subjects,
)
from qa.pipeline import PASSAGES_READ, Pipeline
from qa.reading import name_of_row
from qa.saying import (
    calculate,
    date_of,
    in_moment,
    join,
    labels_of,
    multiply,
    refuse,
    say_two_things,
    tell_events,
)
from qa.saying.arithmetic import asks_sum, reckon_rows
from qa.saying.parallel import TOTALS

__all__ = ["answer_all"]

PAIRED_KINDS = ("figure", "date", "entity", "keywords")  # 「A和B」 may ask for one thing each
COMPARING = "比倍增减高低多少"  # a sentence that tells a difference has one of them
MOST_EVENTS = 6  # set side by side by their dates
DIFFERENCE = "相差"  # label of what two years' figures differ by
MOST_PARTS = 4  # questions in one that are answered


def answer_all(
    pipeline: Pipeline,
    text: str,
    history: History,
    recalled: Calculation | None,
    is_saying: Callable[[str], bool],
) -> Answer:
    """Answer what a text asks for: a result, each of several things, or the one.

    `recalled` is a calculation with what earlier questions asked for; `is_saying` tells which of
    several sentences ask nothing.
    """
    if recalled:
        found = [_answer_one(pipeline, *retrace(one, history)) for one in recalled.questions]
        result = calculate(recalled, found)
        named = any(name and name in text for name in recalled.names)
        if result:
            return result
        if not named:  # 这俩加起来 asks nothing by itself
            return refuse(ask(text, history), (), pipeline.index.catalogue)
    told = len(split_sentences(text)) == 1 and (
        _of_rows(pipeline, text, history)
        or (None if recalled else _compute(pipeline, text, history))
        or _date(pipeline, text)
        or _contrast(pipeline, text, history)
    )
    if told:
        return told
    parts = split_question(text)
    if len(parts) > 1:
        parts = [part for part in parts if not is_saying(part)] or parts
    if len(parts) > 1:
        return _answer_parts(pipeline, text, parts, history)
    return _answer_one(pipeline, parts[0], history)


def _answer_parts(pipeline: Pipeline, text: str, parts: list[str], history: History) -> Answer:
    """Each of several questions, or the text as one: 文体场馆和体育公园 may be one list."""
    parts, beyond = parts[:MOST_PARTS], parts[MOST_PARTS:]
    found = _answer_each(pipeline, parts, history)
    answered = sum(part.status == "answered" for part in found)
    if answered and (answered == len(found) or asks_apart(text)):
        return join(found, labels_of(parts, found), beyond)
    return _or_parts(pipeline.answer(ask(text, history)), found)


def _answer_each(pipeline: Pipeline, parts: Sequence[str], history: History) -> list[Answer]:
    """An answer a question; one without a subject of that of the one before, or else alone."""
    asked = with_subjects(parts)
    found = [
        _reckon(pipeline, part, [*history, *parts[:place]])
        or pipeline.answer(ask(plain[:QUESTION_LIMIT], [*history, *asked[:place]]))
        for place, (part, plain) in enumerate(zip(parts, asked, strict=True))
    ]
    return [
        pipeline.answer(ask(part, [*history, *parts[:place]]))
        if one.status == "refused"
        and one.reason != "other_subject"
        and asked[place].endswith(f" {part}")
        else one
        for place, (part, one) in enumerate(zip(parts, found, strict=True))
    ]


def _reckon(pipeline: Pipeline, text: str, history: History) -> Answer | None:
    """The result of a calculation that one of several questions asks for, or None."""
    asked = recall(text, history) or read_calculation(text)
    return calculate(asked, pipeline.each(asked.questions, history)) if asked else None


def _answer_one(pipeline: Pipeline, text: str, history: History) -> Answer:
    query = ask(text, history)
    pair: list[Answer] = []
    if query.kind in PAIRED_KINDS:
        pair = pipeline.each(split_pair(text), history)
        if say_two_things(pair):
            return join(pair)
    told = _or_parts(pipeline.answer(query), pair)
    for plainly in ask_plainly(query):
        if _tells_anew(told, query):
            break
        again = pipeline.answer(plainly)
        if _tells_anew(again, query) or (told.status == "refused" and again.status == "answered"):
            told = again
    if told.status == "answered":
        multiple = read_multiple(text)
        return (multiple and multiply(multiple, told)) or told
    return _answer_of_moment(pipeline, text, history) or told


def _tells_anew(answer: Answer, query: Query) -> bool:
    """Whether the clause of an answer has all words of a question that are not of those before."""
    if not query.earlier:
        return answer.status == "answered"
    fresh = content_pairs(" ".join(query.content)) - content_pairs(" ".join(query.earlier))
    return _tells_of(answer, fresh)


def _before_figure(answer: Answer, topic: str) -> str | None:
    """What a clause has before a topic that its figure follows at once, None where it is not so."""
    if answer.status == "refused" or len(answer.parts) != 1:
        return None
    cited, text = answer.citations[answer.parts[0].citations[0]], answer.parts[0].text
    place = cited.quote.find(topic + text)
    return cited.quote[clause_start(cited.quote, place) : place] if place >= 0 else None


def _tells_of(answer: Answer, pairs: AbstractSet[str]) -> bool:
    """Whether the clause of an answer, with the headings above, has all pairs of characters."""
    if answer.status == "refused":
        return False
    cited = answer.citations[answer.parts[0].citations[0]]
    place = max(cited.quote.find(answer.parts[0].text), 0)
    start, end = clause_start(cited.quote, place), clause_end(cited.quote, place)
    return all(pair in f"{cited.section}{cited.quote[start:end]}" for pair in pairs)


def _or_parts(whole: Answer, parts: Sequence[Answer]) -> Answer:
    """The whole answer, or where there is none those parts that are answered."""
    answered = any(part.status == "answered" for part in parts)
    return join(parts) if answered and whole.status == "refused" else whole


def _compute(pipeline: Pipeline, text: str, history: History) -> Answer | None:
    """The result of a calculation that is asked for, None where none is or it is told as such."""
    asked = read_calculation(text)
    if not asked:
        return None
    found = pipeline.each(asked.questions, history)
    result = calculate(asked, found)
    if result:
        return result
    query = ask(text, history)
    told = pipeline.answer(query)
    # One operand is not what was asked for; the same for both is a figure of them together.
    operand = len({one.text for one in found}) > 1 and told.text in {one.text for one in found}
    if asked.operation == "sum" and any(_is_row(pipeline, cited) for cited in told.citations):
        told = refuse(query, (), pipeline.index.catalogue)  # one of what was to be added
    compared = any(word in cited.quote for cited in told.citations for word in COMPARING)
    if not operand and (compared or asked.operation == "sum"):
        return told
    refused = refuse(query, (), pipeline.index.catalogue)
    return replace(refused, citations=told.citations)


def _is_row(pipeline: Pipeline, cited: Citation) -> bool:
    """Whether a row of a table is cited, and not that of its totals."""
    document = pipeline.index.document(cited.document_id)
    row = document.block_at(cited.start)
    return bool(row.cells) and name_of_row(document, row) not in TOTALS


def _of_rows(pipeline: Pipeline, text: str, history: History) -> Answer | None:
    """What is reckoned from rows of a table (各街道一共), None where that is not asked or told."""
    query = ask(text, history)
    if query.kind != "figure" or not (asks_sum(text) or asks_change(text)):
        return None
    found = pipeline.index.search(query.search_text, PASSAGES_READ, query.years)
    keys = dict.fromkeys(hit.passage.document_id for hit in found if hit.passage.kind == "row")
    return reckon_rows(query, map(pipeline.index.document, keys))


def _date(pipeline: Pipeline, text: str) -> Answer | None:
    """What is asked of when events were, by the date of each; None where that is not asked."""
    asked = read_events(text)
    if not asked or len(asked.names) > MOST_EVENTS:
        return None
    return tell_events(asked, [pipeline.answer(ask(when)) for when in asked.asked])


def _contrast(pipeline: Pipeline, text: str, history: History) -> Answer | None:
    """What is told of each of two things that are compared, None where that is told together.

    Of one alone where it is asked whether they are alike: no one sentence decides that.
    """
    asked = read_comparison(text, pipeline.index.catalogue.years)
    counted = _contrast_counts(pipeline, asked, history) if asked else None
    if counted:
        return counted
    found = pipeline.each(asked.questions, history) if asked else []
    of_one = any(one.status == "answered" for one in found) and read_query(text).kind == "yesno"
    if not asked or not (say_two_things(found) or of_one):
        return None
    return join(found, asked.names)


def _contrast_counts(pipeline: Pipeline, asked: Comparison, history: History) -> Answer | None:
    """The figure of each of two years and their difference, where both are told of the thing."""
    if not asked.counts:
        return None
    found = pipeline.each(asked.counts, history)
    topics = [
        count.removeprefix(name).removesuffix("多少")
        for count, name in zip(asked.counts, asked.names, strict=True)
    ]
    before = {_before_figure(one, topic) for one, topic in zip(found, topics, strict=True)}
    difference = None
    if len(before) == 1 and None not in before:  # 新建 and 撤并 are not compared
        difference = calculate(Calculation("difference", asked.counts), found)
    return join([*found, difference], [*asked.names, DIFFERENCE]) if difference else None


def _answer_of_moment(pipeline: Pipeline, text: str, history: History) -> Answer | None:
    """The answer to what was on the day of an event (X当天), once that day is found."""
    asked = read_moment(text)
    if not asked:
        return None
    date = date_of(pipeline.answer(ask(f"{asked.event}是什么时候", history)))
    if not date:
        return None
    return pipeline.answer(ask(in_moment(asked.rest, asked.unit, date), history))
