"""Earlier questions as ones that need no other, and how alike they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from corpus.language import years_in
from qa.asking.followup import TURNS, History, ask
from qa.asking.more import asks_more
from qa.asking.words import FUNCTION_WORDS

__all__ = [
    "alike_at_start",
    "apart",
    "are_alike",
    "asked_before",
    "in_words",
    "retrace",
    "standalone",
]

ALIKE = 0.5  # share of the shorter that two questions have in common to be asked of two things
SAID = 2  # characters of that besides words of asking


def retrace(question: str, history: History) -> tuple[str, History]:
    """The turn that a question is in plain words, with those before it; else it as it is."""
    for place in range(len(history) - 1, max(len(history) - TURNS, 0) - 1, -1):
        turn = history[place]
        text = turn if isinstance(turn, str) else turn[0]
        if not asks_more(text) and standalone(text, history[:place]) == question:
            return text, history[:place]
    return question, history


def are_alike(questions: Sequence[str]) -> bool:
    """Whether questions have most in common at both ends, and not only words of asking."""
    before, after = (
        alike_at_start(questions),
        alike_at_start([question[::-1] for question in questions]),
    )
    one = min(questions, key=len)
    shared = FUNCTION_WORDS.sub("", one[:before] + one[len(one) - after :])
    said = sum(character.isalpha() for character in shared)
    return before + after >= ALIKE * len(one) and said >= SAID


def apart(questions: Sequence[str]) -> list[str]:
    """What tells questions apart: the words that they do not have in common, numbers whole."""
    before, after = (
        alike_at_start(questions),
        alike_at_start([question[::-1] for question in questions]),
    )
    while before and questions[0][before - 1].isdigit():
        before -= 1
    while after and any(q[len(q) - after - 1].isdigit() for q in questions):
        after -= 1  # 2024年, with what the number counts
    return [question[before : len(question) - after] for question in questions]


def alike_at_start(texts: Sequence[str]) -> int:
    """How many first characters texts have in common, and not all of one of them."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return min(sum(1 for _ in alike), min(map(len, texts)) - 1)


def asked_before(history: History) -> list[str]:
    """Earlier questions as ones that need no other, oldest first, without what asks for more."""
    found: list[str] = []
    for place, turn in list(enumerate(history))[-TURNS:]:
        text = turn if isinstance(turn, str) else turn[0]
        if not asks_more(text):
            found.append(standalone(text, history[:place]))
    return found


def standalone(text: str, history: History) -> str:
    """A question as one that needs no other, with the year that it takes over."""
    query = ask(text, history)
    dated = years_in(query.standalone)
    return ("" if dated else in_words(query.years)) + query.standalone


def in_words(years: Sequence[int]) -> str:
    """The first of years, as a question says it; "" of none."""
    return "".join(f"{year}年" for year in years[:1])
