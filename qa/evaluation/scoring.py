"""How an answer to a case went: right or not, cited, refused, and the points it tells."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.answer import Answer
from qa.evaluation.cases import Case, fold
from qa.evaluation.points import measure_precision, measure_recall

__all__ = ["Ask", "Result", "score"]

Ask = Callable[..., Answer]

MUST = 0.8  # share of the points it must tell that make an answer of several clauses right
PRECISE = 0.6  # share of its clauses that must be to the point for it to be good


@dataclass(frozen=True, slots=True)
class Result:
    """How one case went; `seconds` is the time of one warm `answer()`.

    Where it has points: the share that was told of those that must be, the share of the clauses
    that are to the point (both 0 for a refusal), and whether something beside it was told.
    """

    id: str
    type: str
    question: str
    answerable: bool
    refused: bool
    right: bool
    evidence_found: int
    evidence_asked: int
    citations: int
    citations_right: int
    text: str
    seconds: float
    vital_recall: float | None = None
    point_precision: float | None = None
    wandered: bool = False

    @property
    def good(self) -> bool:
        """Whether an answer of several clauses tells enough, little beside it, nothing off."""
        recall, precision = self.vital_recall or 0.0, self.point_precision or 0.0
        return recall >= MUST and precision >= PRECISE and not self.wandered


def score(case: Case, ask: Ask) -> Result:
    """Ask a case and score its answer.

    `ask(question, history)` gives an Answer, `ask(question, history, documents)` one over texts.
    """
    started = time.perf_counter()
    over = (case.documents,) if case.documents else ()
    answer = ask(case.question, case.history, *over)
    seconds = time.perf_counter() - started
    refused = answer.status == "refused"
    text = fold(answer.text)
    quotes = [fold(citation.quote) for citation in answer.citations]
    evidence = [fold(e) for e in case.evidence]
    right = not refused and all(any(fold(a) in text for a in group) for group in case.all_of)
    told = case.points and not refused
    recall = measure_recall(case.points, answer.text) if told else 0.0
    wandered = not refused and any(_stands_in(fold(word), text) for word in case.off)
    right = right and (recall >= MUST or not case.points) and not wandered
    right = right and not any(_stands_in(fold(word), text) for word in case.none_of)
    return Result(
        case.id,
        case.type,
        case.question,
        case.answerable,
        refused,
        right if case.answerable else refused,
        0 if refused else sum(any(e in quote for quote in quotes) for e in evidence),
        len(evidence),
        len(quotes),
        sum(any(e in quote for e in evidence) for quote in quotes),
        answer.text,
        seconds,
        recall if case.points else None,
        (measure_precision(case.points, answer) if told else 0.0) if case.points else None,
        wandered,
    )


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text other than inside a longer number."""
    before = r"(?<![\d.])" if word[:1].isdigit() else ""
    after = r"(?!\.?\d)" if word[-1:].isdigit() else ""
    return bool(re.search(before + re.escape(word) + after, text))
