"""How much of a question stands around a place in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.question import Question

__all__ = ["Overlap"]

# A word of the question counts by where it stands; chosen on the development half.
CLAUSE_DECAY = 0.8  # for each comma between it and the span
FIGURE_DECAY = 0.6  # for each other figure between them: that one has the better claim
CONTEXT = 0.55  # it stands elsewhere in the passage or in a heading above
SINGLE = 0.45  # only one of its characters stands there
EARLIER = 0.4  # it comes from the question before

_COMMA = re.compile(r"[，；：,;]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Overlap:
    """The weighted words of one question, to be looked for in many sentences."""

    def __init__(
        self, question: Question, weights: Callable[[Sequence[str]], dict[str, float]]
    ) -> None:
        parts = [(run, 1.0) for run in question.content]
        parts += [(run, EARLIER) for run in question.earlier]
        tokens = [token for run, _ in parts for token in _tokens(run)]
        idf = weights(tokens)
        # One entry a character (or Latin word, or number): its weight, and the tokens it is in.
        self._units: list[tuple[float, str, tuple[str, ...]]] = []
        for run, factor in parts:
            for text, around in _units(run):
                weight = factor * sum(idf[token] for token in around) / len(around)
                self._units.append((weight, text, around))
        self._total = sum(weight for weight, _, _ in self._units) or 1.0

    def support(self, sentence: str, start: int, end: int, context: str) -> float:
        """The share of the question's weight found by `sentence[start:end]`, 0 to 1.

        Words inside the span itself do not count: an answer brings something new.
        """
        masked = sentence.lower()
        masked = masked[:start] + "\0" * (end - start) + masked[end:]
        context = context.lower()
        found = 0.0
        for weight, text, tokens in self._units:
            best = max((self._near(masked, token, start, end) for token in tokens), default=0.0)
            if best == 0.0 and any(token in context for token in tokens):
                best = CONTEXT
            if best < SINGLE and len(text) == 1 and text in masked:
                best = max(best, SINGLE * self._near(masked, text, start, end))
            found += weight * best
        return found / self._total

    @staticmethod
    def _near(sentence: str, token: str, start: int, end: int) -> float:
        best = 0.0
        place = sentence.find(token)
        while place >= 0:
            between = sentence[place + len(token) : start] if place < start else sentence[end:place]
            value = CLAUSE_DECAY ** len(_COMMA.findall(between)) * FIGURE_DECAY ** len(
                _NUMBER.findall(between)
            )
            best = max(best, value)
            place = sentence.find(token, place + 1)
        return best


def _units(run: str) -> list[tuple[str, tuple[str, ...]]]:
    if run[0].isascii() or len(run) == 1:
        return [(run, (run,))]
    return [
        (
            character,
            tuple(run[max(0, i - 1) : i + 1] for i in (place, place + 1) if 0 < i < len(run)),
        )
        for place, character in enumerate(run)
    ]


def _tokens(run: str) -> list[str]:
    return list(dict.fromkeys(token for _, tokens in _units(run) for token in tokens))
