"""What was said before a question, in the documents' words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answer import Answer
from qa.asking.followup import TURNS, History, refers_to_answer
from qa.asking.query import QUESTION_LIMIT, clean

__all__ = ["prepare", "settle"]


def settle(history: History) -> list[tuple[str, str]]:
    """Earlier turns as (question, answer), cleaned and cut, without those that say nothing.

    An answer that is not there is "".
    """
    pairs = [
        (turn, "") if isinstance(turn, str) else (*turn, "", "")[:2] for turn in history if turn
    ]
    turns = [(clean(asked or "")[:QUESTION_LIMIT], clean(told or "")) for asked, told in pairs]
    return [(asked, told) for asked, told in turns if any(c.isalnum() for c in asked)]


def prepare(
    text: str,
    turns: Sequence[tuple[str, str]],
    in_words: Callable[[str], str],
    answer: Callable[[str, History], Answer],
) -> History:
    """Settled turns `in_words` of the documents, for the question `text`.

    The answer of the last turn, where it is not there, is asked for again with `answer` where the
    question refers to it (它的总投资).
    """
    said = [(in_words(asked)[:QUESTION_LIMIT], told) for asked, told in turns[-TURNS:]]
    if said and not said[-1][1] and refers_to_answer(text):
        found = answer(said[-1][0], said[:-1])
        said[-1] = said[-1][0], found.text if found.status == "answered" else ""
    return said
