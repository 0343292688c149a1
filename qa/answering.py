"""`answer`: from a question to an Answer, over the default index or over texts given."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from corpus import Document, DocumentError
from index import Index, current_generation, default_home, index_texts, load_embeddings, open_index
from qa.answer import Answer
from qa.composer import compose, join
from qa.decomposition import split_pair, split_question
from qa.derivation import calculate, read_calculation
from qa.followup import TURNS, History, ask, refers_to_answer
from qa.grounding import Grounding, is_strange, unknown_places, unsupported_figures
from qa.question import QUESTION_LIMIT, Question, clean, read_question
from qa.reader import Reader, Span
from qa.refusal import refuse
from qa.span_model import SpanModel
from qa.stages import stage
from qa.wording import in_words_of

__all__ = ["answer", "answer_over", "default_index"]

PASSAGES_READ = 8  # 5 hold the evidence for 97 % of the test set; with 8 the reader loses less
PAIRED_KINDS = ("figure", "date", "entity", "keywords")  # 「A和B」 may ask for one thing each
MOST_PARTS = 4  # questions in one that are answered
TEXTS_LIMIT = 1_000_000  # characters of texts in one call; more takes minutes to index
TEXTS_KEPT = 8  # indexes over given texts, kept for the next question about the same ones

_ASKED_APART = re.compile(r"[?？。;；，,].|分别|各")  # two things, not one list

_lock = threading.Lock()
_opened: dict[str, Index] = {}


def answer(question: str, history: History = (), documents: Sequence[str] | None = None) -> Answer:
    """Answer a question in Chinese from the default index, or from the texts of `documents`.

    `history` holds earlier questions, oldest first, or (question, answer text) pairs.
    Raises ValueError for an empty or overlong question, IndexingError, CorpusError and
    QaError where the index or a model cannot be used.
    """
    read_question(question)  # bad input fails before an index is built for it
    size = sum(map(len, documents or ()))
    if size > TEXTS_LIMIT:
        raise DocumentError(
            f"给的文字共 {size} 字，最多 {TEXTS_LIMIT} 字，请只给相关的部分，"
            "或先用 dongxihu index 收录"
        )
    index = default_index() if documents is None else _index_over(tuple(documents))
    return answer_over(index, question, history)


def answer_over(
    index: Index, text: str, history: History = (), reader: Reader | None = None
) -> Answer:
    """Answer a question from an open index; raises ValueError as `answer` does.

    One that asks for two things is answered in parts, the later leaning on the earlier; one
    that asks for their sum, difference or ratio gets it, with both cited. No answer leaves with
    a figure that its quotes do not hold.
    """
    reader = reader or Reader(_span_model())
    with stage("wording"):
        text = in_words_of(index.catalogue, read_question(text).text, reader.words)
        text = text[:QUESTION_LIMIT]
    return _answer(index, reader, text, _prepare(index, reader, text, history))


def _answer(index: Index, reader: Reader, text: str, history: History) -> Answer:
    asked = read_calculation(text)
    if asked:
        first = _answer_one(index, reader, ask(asked.first, history))
        second = _answer_one(index, reader, ask(asked.second, [*history, asked.first]))
        result = calculate(asked, first, second)
        if result and not unsupported_figures(result, _cited(index, result)):
            return result
        question = ask(text, history)
        told = _answer_one(index, reader, question)
        # One operand is not what was asked for; the same for both is a figure of them together.
        operand = first.text != second.text and told.text in (first.text, second.text)
        operand = operand and asked.operation != "sum"
        if not operand:
            return told
        refused = refuse(question, None, (), index.catalogue.years())
        return replace(refused, citations=told.citations)
    parts = split_question(text)[:MOST_PARTS]
    if len(parts) > 1:
        found = _answer_parts(index, reader, parts, history)
        answered = sum(part.status == "answered" for part in found)
        if answered and (answered == len(found) or _ASKED_APART.search(text)):
            return join(found)
        whole = _answer_one(index, reader, ask(text, history))  # 文体场馆和体育公园 may be one list
        return join(found) if answered and whole.status == "refused" else whole
    question = ask(text, history)
    if question.kind in PAIRED_KINDS:
        found = _answer_parts(index, reader, split_pair(text), history)
        if len(found) > 1 and _are_two(found):
            return join(found)
    return _answer_one(index, reader, question)


def _prepare(index: Index, reader: Reader, text: str, history: History) -> History:
    """Earlier questions in the documents' words; the last with its answer if one refers to it.

    An answer that is not there may be "" or None.
    """
    turns = [turn for turn in history if turn]
    pairs = [(turn, "") if isinstance(turn, str) else (*turn, "")[:2] for turn in turns]
    prepared = [
        (
            in_words_of(index.catalogue, clean(asked)[:QUESTION_LIMIT], reader.words),
            clean(said or ""),
        )
        for asked, said in pairs[-TURNS:]
    ]
    if prepared and not prepared[-1][1] and refers_to_answer(text):
        try:
            last = _answer_one(index, reader, ask(prepared[-1][0], prepared[:-1]))
        except ValueError:  # an earlier turn that asks nothing
            return prepared
        prepared[-1] = prepared[-1][0], last.text if last.status == "answered" else ""
    return prepared


def _answer_parts(
    index: Index, reader: Reader, parts: Sequence[str], history: History
) -> list[Answer]:
    """An answer a part, the later ones leaning on those before."""
    past = [*history]
    found: list[Answer] = []
    for part in parts:
        found.append(_answer_one(index, reader, ask(part, past)))
        past.append(part)
    return found


def _are_two(found: Sequence[Answer]) -> bool:
    """Whether each of two answers says something of its own."""
    one, other = (part.text for part in found)
    answered = all(part.status == "answered" for part in found)
    return answered and one not in other and other not in one


def _answer_one(index: Index, reader: Reader, question: Question) -> Answer:
    held_years = index.catalogue.years()
    if is_strange(question, index.catalogue):
        return refuse(question, None, (), held_years)
    with stage("search"):
        found = index.search(question.search_text, PASSAGES_READ)
        documents = {key: index.document(key) for key in {f.passage.document_id for f in found}}
    with stage("reading"):
        spans = reader.read(question, found, documents)
    with stage("checking"):
        return _check(index, question, spans, documents, held_years)


def _check(
    index: Index,
    question: Question,
    spans: Sequence[Span],
    documents: Mapping[str, Document],
    held_years: tuple[int, ...],
) -> Answer:
    """The answer that the spans which pass every check give, or a refusal."""
    places = unknown_places(question, index.catalogue)
    checks = {
        key: Grounding(question.seen_from(document.present), document)
        for key, document in documents.items()
    }
    held = [s for s in spans if not places and not checks[s.passage.document_id].lack(s)]
    if question.kind == "yesno":  # what is said of the year in question goes first
        held.sort(key=lambda span: not checks[span.passage.document_id].is_of_year(span))
    composed = compose(question, held, checks) if held and not question.dangling else None
    if composed and not unsupported_figures(composed, documents):
        return composed
    if not spans:
        return refuse(question, None, places, held_years)
    check = checks[spans[0].passage.document_id]
    return refuse(check.question, (spans[0], check), places, held_years)


def _cited(index: Index, found: Answer) -> dict[str, Document]:
    """The documents an answer cites, by id."""
    return {c.document_id: index.document(c.document_id) for c in found.citations}


def default_index() -> Index:
    """The index in use, opened once and again when another has been put in its place.

    Raises IndexingError and CorpusError.
    """
    with _lock:
        home = default_home()
        generation = current_generation(home)
        if f"{home}\0{generation}" not in _opened:
            index = open_index(home)
            _opened.clear()
            _opened[f"{home}\0{index.generation}"] = index
        return next(iter(_opened.values()))


@lru_cache(maxsize=TEXTS_KEPT)
def _index_over(texts: tuple[str, ...]) -> Index:
    return index_texts(texts, load_embeddings())


@lru_cache(maxsize=1)
def _span_model() -> SpanModel:
    return SpanModel()
