"""Choose the reader's weights and the least score of an answer.

    python -m benchmarks.calibrate [--held-out FILE]

Looks at the development half of the test set and, where it is given, at the synthetic
questions that training/data.py held out (held_out.jsonl), each among four passages of other
articles, so that what is chosen holds for small collections too. Prints the best choices;
they are copied into qa/reader.py and qa/grounding.py by hand.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from benchmarks.altered import QUESTIONS, CachedEmbeddings
from index import Index, index_texts, load_embeddings, open_index
from qa.answering import PASSAGES_READ
from qa.evaluation import fold, load_test_set
from qa.grounding import Grounding, unknown_places
from qa.question import Question, ask
from qa.reader import Reader, Signs
from qa.similarity import Similarity
from qa.span_model import SpanModel

SEED = 3
SYNTHETIC = 250  # of each, answerable and not
OTHERS = 4  # passages beside the one asked about
GRID = {
    "odds": (0.0, 0.2, 0.3, 0.5, 0.8),
    "support": (1.0, 2.0, 3.0, 4.0),
    "retrieval": (0.1, 0.3, 0.6),
    "similarity": (0.0, 10.0, 20.0, 30.0),
    "type_fit": (0.7, 1.4, 2.0, 3.0),
}
# An answer lost or refused by mistake counts one; a false one more than half of that, since
# questions without an answer are fewer.
REFUSED_VALUE, OVER_REFUSED_COST = 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span's signs, and whether it would be right."""

    signs: Signs
    right: bool


@dataclass(frozen=True, slots=True)
class Observed:
    """The spans for one question that pass the year and place checks."""

    answerable: bool
    candidates: tuple[Candidate, ...]


def observe(
    index: Index, question: Question, parts: Sequence[Sequence[str]], evidence: Sequence[str]
) -> Observed:
    """Read one question; `parts` are the forms of each part of its answer, none if it has none."""
    reader = Reader(_model(), _similarity(), index.catalogue.weights)
    spans = reader.read(question, index.search(question.search_text, PASSAGES_READ))
    texts = {s.passage.document_id: index.document(s.passage.document_id) for s in spans}
    if unknown_places(question, [document.text for document in texts.values()]):
        return Observed(bool(parts), ())
    kept: list[Candidate] = []
    for span in spans:
        document = texts[span.passage.document_id]
        if not Grounding(question, document).year_fits(span):
            continue
        sentence = fold(document.text[slice(*span.sentence)])
        right = bool(parts) and any(fold(e) in sentence for e in evidence)
        if question.kind != "yesno":
            right = right and all(any(fold(f) in fold(span.text) for f in forms) for forms in parts)
        kept.append(Candidate(span.signs, right))
    return Observed(bool(parts), tuple(kept))


def observe_test_set() -> Iterator[Observed]:
    """The development half; computed answers are left out, no span can be right."""
    index = open_index()
    for case in load_test_set(QUESTIONS, "development"):
        if case.type != "temporal":
            yield observe(index, ask(case.question, case.history), case.all_of, case.evidence)


def observe_synthetic(path: Path) -> Iterator[Observed]:
    """Held-out synthetic questions over five passages each."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    generator = random.Random(SEED)
    generator.shuffle(lines)
    with_answer = [line for line in lines if line["start"] >= 0][:SYNTHETIC]
    without = [line for line in lines if line["start"] < 0][:SYNTHETIC]
    embeddings = CachedEmbeddings(load_embeddings())
    for line in with_answer + without:
        texts = [line["passage"], *(x["passage"] for x in generator.sample(lines, OTHERS))]
        generator.shuffle(texts)
        gold = line["passage"][line["start"] : line["end"]] if line["start"] >= 0 else ""
        parts = [[gold]] if gold else []
        yield observe(index_texts(texts, embeddings), ask(line["question"]), parts, [gold])


def best_of(observed: Sequence[Observed], weights: Signs) -> list[tuple[bool, float, bool]]:
    """Of each question: whether it has an answer, the best score, and whether that is right."""
    found: list[tuple[bool, float, bool]] = []
    for one in observed:
        scored = [(c.signs.weigh(weights), c.right) for c in one.candidates]
        found.append((one.answerable, *max(scored, default=(-math.inf, False))))
    return found


def rate(best: Sequence[tuple[bool, float, bool]], least: float) -> tuple[float, float, float]:
    """Accuracy, refusals of the unanswerable, and refusals of the answerable."""
    with_answer = [(score, right) for answerable, score, right in best if answerable]
    without = [score for answerable, score, _ in best if not answerable]
    return (
        sum(score >= least and right for score, right in with_answer) / len(with_answer),
        sum(score < least for score in without) / len(without),
        sum(score < least for score, _ in with_answer) / len(with_answer),
    )


def main() -> None:
    """Print the ten best choices of weights and least score."""
    parser = argparse.ArgumentParser(description="Choose the reader's weights and threshold.")
    parser.add_argument("--held-out", type=Path)
    held_out = parser.parse_args().held_out
    sets = [list(observe_test_set())]
    if held_out:
        sets.append(list(observe_synthetic(held_out)))
    found: list[tuple[float, Signs, float, list[tuple[float, float, float]]]] = []
    for values in itertools.product(*GRID.values()):
        weights = Signs(*values)
        bests = [best_of(observed, weights) for observed in sets]
        for least in (step / 2 for step in range(-16, 21)):
            rated = [rate(best, least) for best in bests]
            value = sum(a + REFUSED_VALUE * r - OVER_REFUSED_COST * o for a, r, o in rated)
            found.append((value, weights, least, rated))
    found.sort(key=lambda one: -one[0])
    for value, weights, least, rated in found[:10]:
        print(
            f"{value:.3f}  least {least:.1f}  {tuple(weights)}  accuracy, refused, over-refused: "
            + "; ".join(" ".join(f"{x:.3f}" for x in one) for one in rated)
        )


@lru_cache(maxsize=1)
def _similarity() -> Similarity:
    return Similarity(load_embeddings())


@lru_cache(maxsize=1)
def _model() -> SpanModel:
    return SpanModel()


if __name__ == "__main__":
    main()
