"""`answer`: over the default index, kept open, or over texts given."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from corpus import DocumentError
from index import Index, current_generation, default_home, index_texts, load_embeddings, open_index
from qa import turn
from qa.answer import Answer
from qa.asking import History, read_query
from qa.reading import Reader, SpanModel

__all__ = ["answer", "answer_over", "default_index", "index_over"]

TEXTS_LIMIT = 1_000_000  # characters of texts in one call; more takes minutes to index
TEXTS_KEPT = 8  # indexes over given texts, kept for the next question about the same ones

_lock = threading.Lock()
_opened: dict[str, Index] = {}


def answer(question: str, history: History = (), documents: Sequence[str] | None = None) -> Answer:
    """Answer a question in Chinese from the default index, or from the texts of `documents`.

    `history` holds earlier questions, oldest first, or (question, answer text) pairs.
    Raises ValueError for an empty or overlong question, IndexingError, CorpusError and
    QaError where the index or a model cannot be used.
    """
    read_query(question)  # bad input fails before an index is built for it
    size = sum(map(len, documents or ()))
    if size > TEXTS_LIMIT:
        raise DocumentError(
            f"给的文字共 {size} 字，最多 {TEXTS_LIMIT} 字，请只给相关的部分，"
            "或先用 dongxihu index 收录"
        )
    index = default_index() if documents is None else index_over(tuple(documents))
    return answer_over(index, question, history)


def answer_over(
    index: Index, text: str, history: History = (), reader: Reader | None = None
) -> Answer:
    """Answer a question from an open index; raises ValueError as `answer` does."""
    return turn.answer_over(index, text, history, reader or _reader())


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
def index_over(texts: tuple[str, ...]) -> Index:
    """An index over texts in memory, kept for the next question about the same ones."""
    return index_texts(texts, load_embeddings())


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(SpanModel())
