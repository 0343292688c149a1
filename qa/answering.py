"""`answer`: over the default index, kept open, or over texts given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from corpus import DocumentError
from index import CurrentIndex, Index, Selection, index_texts, load_embeddings
from qa import turn
from qa.answer import Answer
from qa.asking import History, read_query
from qa.reading import Reader, SpanModel

__all__ = ["answer", "answer_over", "current", "default_index", "index_over"]

TEXTS_LIMIT = 1_000_000  # characters of texts in one call; more takes minutes to index
TEXTS_KEPT = 8  # indexes over given texts, kept for the next question about the same ones

current = CurrentIndex()


def answer(
    question: str,
    history: History = (),
    documents: Sequence[str] | None = None,
    where: Mapping[str, object] | None = None,
) -> Answer:
    """Answer a question in Chinese from the default index, or from the texts of `documents`.

    `history` holds earlier questions, oldest first, or (question, answer text) pairs. `where`
    limits what is looked at: `source` (a file or folder, or a list), `date` (2024, 2024-05 or a
    pair, from and to) and `section` (words of a heading).
    Raises ValueError for an empty or overlong question and for what is of a wrong type,
    IndexingError, CorpusError and
    QaError where the index or a model cannot be used.
    """
    _check_types(question, history, documents)
    read_query(question)  # bad input fails before an index is built for it
    size = sum(map(len, documents or ()))
    if size > TEXTS_LIMIT:
        raise DocumentError(
            f"给的文字共 {size} 字，最多 {TEXTS_LIMIT} 字，请只给相关的部分，"
            "或先用 dongxihu index 收录"
        )
    selection = Selection.read(where)
    index = default_index() if documents is None else index_over(tuple(documents))
    return answer_over(index, question, history, selection=selection)


def answer_over(
    index: Index,
    text: str,
    history: History = (),
    reader: Reader | None = None,
    selection: Selection | None = None,
) -> Answer:
    """Answer a question from what is selected of an open index; raises ValueError as `answer`."""
    within = index.within(selection) if selection else index
    return turn.answer_over(within, text, history, reader or _reader())


def default_index() -> Index:
    """The index in use; raises IndexingError and CorpusError."""
    return current.get()


def _check_types(question: Any, history: Any, documents: Any) -> None:
    """Raise ValueError that names what an argument has to be."""
    if not isinstance(question, str):
        raise ValueError("问题要写成一段文字（str）")
    if isinstance(history, str) or not isinstance(history, Sequence):
        raise ValueError("history 要写成列表：以前的问题，或（问题，回答）")
    if not all(map(_is_turn, history)):
        raise ValueError("history 的每一项要写成一段文字，或（问题，回答）两段文字")
    if documents is None:
        return
    if isinstance(documents, str) or not isinstance(documents, Sequence):
        raise ValueError("documents 要写成列表，每份资料一段文字")
    if not all(isinstance(one, str) for one in documents):
        raise ValueError("documents 的每一项要写成一段文字（str）")


def _is_turn(one: object) -> bool:
    """Whether it is a question, or one with an answer; either may be missing."""
    if one is None or isinstance(one, str):
        return True
    if not isinstance(one, Sequence) or len(one) != 2:
        return False
    return all(words is None or isinstance(words, str) for words in one)


@lru_cache(maxsize=TEXTS_KEPT)
def index_over(texts: tuple[str, ...]) -> Index:
    """An index over texts in memory, kept for the next question about the same ones."""
    return index_texts(texts, load_embeddings())


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(SpanModel())
