"""What reading finds: where an answer may stand, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from corpus import Passage

__all__ = ["Evidence", "Signs"]


class Signs(NamedTuple):
    """What speaks for a span; as weights, how much each adds to its score.

    `odds` are the model's log-odds that this and not nothing is the answer, `mark` those that its
    clause answers, `retrieval` the passage's fused score less that of the best one, `type_fit`
    how well its form is what was asked (-1 to 1).
    """

    odds: float
    mark: float
    retrieval: float
    type_fit: float

    def weigh(self, weights: Signs) -> float:
        """The sum of the signs, each times its weight."""
        return sum(sign * weight for sign, weight in zip(self, weights, strict=True))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate answer that begins at `document.text[start:end]`, within `sentence`.

    `text` is what it says, which goes beyond that stretch where a table parts a number and its
    unit; `items` are the spans of all items where it is a list told item by item;
    `whole` is it where it is a run of whole clauses, told as they stand.

    `score` is above 0 where it is likelier the answer than that there is none;
    `verdict` are the model's log-odds that its passage says 是 to a yes/no question.
    """

    passage: Passage
    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    signs: Signs
    score: float
    verdict: float = 0.0
    items: tuple[tuple[int, int], ...] = ()
    whole: bool = False
