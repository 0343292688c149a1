"""`answer`: from a question to an Answer, over the default index or over texts given."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from index import Index, current_generation, default_home, index_texts, load_embeddings, open_index
from qa.answer import Answer
from qa.composer import compose, join, refuse
from qa.decomposition import split_pair, split_question
from qa.derivation import calculate, read_calculation
from qa.grounding import Grounding, unknown_places
from qa.question import History, Question, ask
from qa.reader import Reader
from qa.span_model import SpanModel

__all__ = ["answer", "answer_over"]

PASSAGES_READ = 8  # 5 hold the evidence for 97 % of the test set; with 8 the reader loses less
PAIRED_KINDS = ("figure", "date", "entity", "keywords")  # 「A和B」 may ask for one thing each
TEXTS_KEPT = 8  # indexes over given texts, kept for the next question about the same ones

_lock = threading.Lock()
_opened: dict[str, Index] = {}


def answer(question: str, history: History = (), documents: Sequence[str] | None = None) -> Answer:
    """Answer a question in Chinese from the default index, or from the texts of `documents`.

    `history` holds earlier questions, oldest first, or (question, answer text) pairs.
    Raises ValueError for an empty or overlong question, IndexingError, CorpusError and
    QaError where the index or a model cannot be used.
    """
    ask(question, history)  # bad input fails before an index is built for it
    index = _default_index() if documents is None else _index_over(tuple(documents))
    return answer_over(index, question, history)


def answer_over(
    index: Index, text: str, history: History = (), reader: Reader | None = None
) -> Answer:
    """Answer a question from an open index; raises ValueError as `answer` does.

    One that asks for two things is answered in parts, the later leaning on the earlier; one
    that asks for their sum or difference gets it, with both cited.
    """
    reader = reader or Reader(_span_model())
    asked = read_calculation(text)
    if asked:
        first = _answer_one(index, reader, ask(asked.first, history))
        second = _answer_one(index, reader, ask(asked.second, [*history, asked.first]))
        result = calculate(asked.operation, first, second)
        if result:
            return result
    parts = split_question(text)
    if len(parts) > 1:
        found = _answer_parts(index, reader, parts, history)
        if any(part.status == "answered" for part in found):
            return join(found)
    question = ask(text, history)
    if len(parts) == 1 and question.kind in PAIRED_KINDS:
        found = _answer_parts(index, reader, split_pair(text), history)
        if len(found) > 1 and _are_two(found):
            return join(found)
    return _answer_one(index, reader, question)


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
    spans = reader.read(question, index.search(question.search_text, PASSAGES_READ))
    documents = {key: index.document(key) for key in {s.passage.document_id for s in spans}}
    places = unknown_places(question, [document.text for document in documents.values()])
    checks = {key: Grounding(question, document) for key, document in documents.items()}
    held = [s for s in spans if not places and checks[s.passage.document_id].holds(s)]
    if question.kind == "yesno":  # what is said of the year in question goes first
        held.sort(key=lambda span: not checks[span.passage.document_id].is_of_year(span))
    if held:
        best = held[0].passage.document_id
        return compose(
            question, [s for s in held if s.passage.document_id == best], documents[best]
        )
    nearest = (spans[0], documents[spans[0].passage.document_id]) if spans else None
    return refuse(question, nearest, places, index.catalogue.years())


def _default_index() -> Index:
    """The index in use, opened once and again when another has been put in its place."""
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
