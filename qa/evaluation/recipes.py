"""What is usually answered where nothing reads: the nearest sentences, or the nearest passages.

They are scored beside our answers, by the same metrics, on questions that several clauses answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from corpus.language import sentence_spans
from index import Index, load_embeddings
from qa.answer import Answer, Citation
from qa.answering import default_index, index_over
from qa.asking import History, ask
from qa.evaluation.scoring import Ask
from qa.saying.text import Told, answered

__all__ = ["RECIPES"]

SENTENCES, PASSAGES = 3, 4
SEARCHED = 30  # passages whose sentences are compared with a question
KEPT = 20_000  # sentences whose vectors are kept


def three_sentences(
    question: str, history: History = (), documents: Sequence[str] | None = None
) -> Answer:
    """The three sentences nearest to a question by meaning, in the order of the source."""
    index = _index(documents)
    asked = ask(question, history).search_text
    places = [
        (hit.passage, hit.passage.start + start, hit.passage.start + end)
        for hit in index.search(asked, SEARCHED)
        for start, end in sentence_spans(hit.passage.text)
    ]
    vectors = [
        _vector(passage.text[a - passage.start : b - passage.start]) for passage, a, b in places
    ]
    nearest = np.argsort(-np.array(vectors) @ np.array(load_embeddings().embed_query(asked)))
    chosen = sorted(
        (places[i] for i in nearest[:SENTENCES]), key=lambda p: (p[0].document_id, p[1])
    )
    return _told([Citation.of(index.document(p.document_id), p, a, b) for p, a, b in chosen])


def four_passages(
    question: str, history: History = (), documents: Sequence[str] | None = None
) -> Answer:
    """The four passages found first for a question, whole."""
    index = _index(documents)
    hits = index.search(ask(question, history).search_text, PASSAGES)
    passages = [hit.passage for hit in hits]
    return _told([Citation.of(index.document(p.document_id), p, p.start, p.end) for p in passages])


RECIPES: dict[str, Ask] = {"three sentences": three_sentences, "four passages": four_passages}


def _index(documents: Sequence[str] | None) -> Index:
    return default_index() if documents is None else index_over(tuple(documents))


@lru_cache(maxsize=KEPT)
def _vector(sentence: str) -> tuple[float, ...]:
    return tuple(load_embeddings().embed_documents([sentence])[0])


def _told(citations: Sequence[Citation]) -> Answer:
    return answered([Told(citation.quote, [citation]) for citation in citations])
