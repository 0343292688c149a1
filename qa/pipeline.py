"""From a question to its answer: the only module that knows the order of the rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index import Index
from qa.answer import Answer
from qa.asking import (
    QUESTION_LIMIT,
    TURNS,
    History,
    Query,
    ask,
    asks_apart,
    clean,
    in_words_of,
    is_conversation,
    read_calculation,
    read_query,
    read_ranking,
    refers_to_answer,
    split_pair,
    split_question,
)
from qa.checking import check, unsupported_figures
from qa.reading import Reader
from qa.saying import calculate, compose, join, rank, refuse, reply
from qa.stages import stage

__all__ = ["PASSAGES_READ", "answer_over"]

PAIRED_KINDS = ("figure", "date", "entity", "keywords")  # 「A和B」 may ask for one thing each
PASSAGES_READ = 8  # 5 hold the evidence for 97 % of the test set; with 8 the reader loses less
MOST_PARTS = 4  # questions in one that are answered


def answer_over(index: Index, text: str, history: History, reader: Reader) -> Answer:
    """Answer a question from an index; raises ValueError for an empty or overlong one.

    One that asks for two things is answered in parts, the later leaning on the earlier; one
    that asks for their sum, difference or ratio gets it, with both cited. No answer leaves with
    a figure that its quotes do not hold.
    """
    text = read_query(text).text
    if is_conversation(text):
        return reply()
    with stage("wording"):
        text = in_words_of(index.catalogue, text, reader.words)[:QUESTION_LIMIT]
    history = _prepare(index, reader, text, history)
    computed = _compute(index, reader, text, history)
    if computed:
        return computed
    parts = split_question(text)[:MOST_PARTS]
    if len(parts) > 1:
        found = _answer_each(index, reader, parts, history)
        answered = sum(part.status == "answered" for part in found)
        if answered and (answered == len(found) or asks_apart(text)):
            return join(found)
        whole = _answer(index, reader, ask(text, history))  # 文体场馆和体育公园 may be one list
        return join(found) if answered and whole.status == "refused" else whole
    query = ask(text, history)
    if query.kind in PAIRED_KINDS:
        found = _answer_each(index, reader, split_pair(text), history)
        if len(found) > 1 and _are_two(found):
            return join(found)
    return _answer(index, reader, query)


def _answer(index: Index, reader: Reader, query: Query) -> Answer:
    """Search, read, check and say: the way of every question for one thing."""
    with stage("search"):
        hits = index.search(query.search_text, PASSAGES_READ)
        documents = {key: index.document(key) for key in {h.passage.document_id for h in hits}}
    with stage("reading"):
        evidence = reader.read(query, hits, documents)
    with stage("checking"):
        judged = check(query, evidence, documents)
        held = [one for one in judged if not one.lack]
    with stage("saying"):
        ranking = read_ranking(query.standalone)
        said = any("最" in one.document.text[slice(*one.evidence.sentence)] for one in held[:1])
        ranked = rank(ranking, documents.values()) if ranking and not said else None
        composed = ranked or (compose(query, held) if held and not query.dangling else None)
        if composed and not unsupported_figures(composed, documents):
            return composed
        nearest = judged[0] if judged else None
        seen = query.seen_from(nearest.document.present) if nearest else query
        return refuse(seen, nearest, index.catalogue)


def _compute(index: Index, reader: Reader, text: str, history: History) -> Answer | None:
    """The result of a calculation that is asked for, None where none is or it is told as such."""
    asked = read_calculation(text)
    if not asked:
        return None
    first = _answer(index, reader, ask(asked.first, history))
    second = _answer(index, reader, ask(asked.second, [*history, asked.first]))
    result = calculate(asked, first, second)
    if result:
        return result
    query = ask(text, history)
    told = _answer(index, reader, query)
    # One operand is not what was asked for; the same for both is a figure of them together.
    operand = first.text != second.text and told.text in (first.text, second.text)
    if not operand or asked.operation == "sum":
        return told
    refused = refuse(query, None, index.catalogue)
    return replace(refused, citations=told.citations)


def _prepare(index: Index, reader: Reader, text: str, history: History) -> History:
    """Earlier questions in the documents' words; the last with its answer if one refers to it.

    An answer that is not there may be "" or None.
    """
    turns = [turn for turn in history if turn][-TURNS:]
    pairs = [(turn, "") if isinstance(turn, str) else (*turn, "")[:2] for turn in turns]
    prepared = [
        (
            in_words_of(index.catalogue, clean(asked)[:QUESTION_LIMIT], reader.words),
            clean(said or ""),
        )
        for asked, said in pairs
    ]
    if prepared and not prepared[-1][1] and refers_to_answer(text):
        try:
            last = _answer(index, reader, ask(prepared[-1][0], prepared[:-1]))
        except ValueError:  # an earlier turn that asks nothing
            return prepared
        prepared[-1] = prepared[-1][0], last.text if last.status == "answered" else ""
    return prepared


def _answer_each(
    index: Index, reader: Reader, parts: Sequence[str], history: History
) -> list[Answer]:
    """An answer a part, the later ones leaning on those before."""
    return [
        _answer(index, reader, ask(part, [*history, *parts[:place]]))
        for place, part in enumerate(parts)
    ]


def _are_two(found: Sequence[Answer]) -> bool:
    """Whether each of two answers says something of its own."""
    one, other = (part.text for part in found)
    answered = all(part.status == "answered" for part in found)
    return answered and one not in other and other not in one
