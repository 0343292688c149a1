"""Questions that may be offered, and whether the documents answer them as they should."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar
from weakref import WeakKeyDictionary

from corpus import Span
from index import Index
from qa.answer import Answer
from qa.answering import answer_over

__all__ = [
    "LEANING",
    "ONE_POINT",
    "Candidate",
    "Compared",
    "Listed",
    "Looked",
    "in_turn",
    "verified",
]

VERDICTS_KEPT = 10_000  # of one index; some 200 bytes each
MOSTLY = 0.8  # share of a list that has to be told, and of what is told that has to be of it
SEVERAL_POINTS, ONE_POINT = (2, 12), (1, 1)
DIGITS = tuple("0123456789")

# Words that lean on what was said before.
LEANING = re.compile(
    r"[该此这那其她他它我你您本]|上述|前[款条述]|以[下上]|下列|如下|当[日天晚时地]|[昨次近]日|记者|报道|随后|之后|分别|先后"
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Candidate(ABC):
    """A question, and what shows that an answer to it is the right one."""

    question: str

    @abstractmethod
    def is_met(self, answer: Answer) -> bool:
        """Whether an answer tells what the question was made from."""


@dataclass(frozen=True, slots=True)
class Looked(Candidate):
    """A question for one thing: its `value`, told at a place or in a sentence that has `words`."""

    value: str
    document_id: str
    at: int
    words: tuple[str, ...] = ()

    def is_met(self, answer: Answer) -> bool:
        """Whether the value alone is told, from where it stands."""
        return (
            len(answer.parts) == 1
            and self.value in answer.text
            and any(
                (cited.document_id == self.document_id and cited.start <= self.at < cited.end)
                or (self.words and all(word in cited.quote for word in (*self.words, self.value)))
                for cited in answer.citations
            )
        )


@dataclass(frozen=True, slots=True)
class Listed(Candidate):
    """A question for what a stretch of a document tells: all `items` where that is a list.

    It takes as many `points`, at least and at most.
    """

    document_id: str
    start: int
    end: int
    items: tuple[Span, ...] = ()
    points: tuple[int, int] = SEVERAL_POINTS

    def is_met(self, answer: Answer) -> bool:
        """Whether so many points are told, of this stretch and little besides."""
        told = [answer.citations[place] for part in answer.parts for place in part.citations]
        inside = [
            cited
            for cited in told
            if cited.document_id == self.document_id and self.start <= cited.start < self.end
        ]
        found = [
            (start, end)
            for start, end in self.items
            if any(cited.start < end and start < cited.end for cited in inside)
        ]
        return (
            not answer.untold
            and self.points[0] <= len(answer.parts) <= self.points[1]
            and len(inside) >= MOSTLY * len(told)
            and len(found) >= MOSTLY * len(self.items)
        )


@dataclass(frozen=True, slots=True)
class Compared(Candidate):
    """A question for what is reckoned from the figures of some places, a name or a difference."""

    name: str
    grounds: tuple[tuple[str, int, str], ...]

    def is_met(self, answer: Answer) -> bool:
        """Whether that is told, in the way that was asked (多, not 少), from these figures."""
        if len(answer.parts) != 1:
            return False
        told, cited = answer.parts[0], answer.citations
        reckoned = [text for text, _ in told.operands]
        return told.text.removeprefix("约").startswith(self.name or DIGITS) and all(
            any(value in text for text in reckoned)
            and any(one.document_id == key and one.start <= at < one.end for one in cited)
            for key, at, value in self.grounds
        )


_verdicts: WeakKeyDictionary[Index, dict[Candidate, bool]] = WeakKeyDictionary()


def verified(
    index: Index, candidates: Iterable[Candidate], most: int, exclude: Collection[str] = ()
) -> Iterator[str]:
    """The questions that are answered as they should be; `most` are tried."""
    seen = set(exclude)
    for candidate in candidates:
        if candidate.question in seen:
            continue
        if most <= 0:
            return
        most -= 1
        seen.add(candidate.question)
        if _holds(index, candidate):
            yield candidate.question


def _holds(index: Index, candidate: Candidate) -> bool:
    verdicts = _verdicts.setdefault(index, {})
    if candidate not in verdicts:
        if len(verdicts) >= VERDICTS_KEPT:
            verdicts.clear()
        found = answer_over(index, candidate.question)
        verdicts[candidate] = found.status == "answered" and candidate.is_met(found)
    return verdicts[candidate]


def in_turn(lists: Iterable[Sequence[_T]]) -> Iterator[_T]:
    """The first of each list, then the second of each, and so on."""
    for tier in zip_longest(*([[item] for item in items] for items in lists), fillvalue=()):
        for place in tier:
            yield from place
