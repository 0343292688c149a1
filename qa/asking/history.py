"""What was said before a question, in the documents' words."""

from __future__ import annotations

from collections.abc import Callable

from qa.answer import Answer
from qa.asking.followup import TURNS, History, refers_to_answer
from qa.asking.query import QUESTION_LIMIT, clean

__all__ = ["prepare"]


def prepare(
    text: str,
    history: History,
    in_words: Callable[[str], str],
    answer: Callable[[str, History], Answer],
) -> History:
    """Earlier turns as (question, answer), `in_words` of the documents, for the question `text`.

    An answer that is not there may be "" or None; that of the last turn is asked for again with
    `answer` where the question refers to it (它的总投资).
    """
    turns = [turn for turn in history if turn][-TURNS:]
    pairs = [(turn, "") if isinstance(turn, str) else (*turn, "")[:2] for turn in turns]
    said = [(in_words(clean(asked)[:QUESTION_LIMIT]), clean(told or "")) for asked, told in pairs]
    if said and not said[-1][1] and refers_to_answer(text):
        try:
            found = answer(said[-1][0], said[:-1])
        except ValueError:  # an earlier turn that asks nothing
            return said
        said[-1] = said[-1][0], found.text if found.status == "answered" else ""
    return said
