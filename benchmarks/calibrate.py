"""Fit the reader's weights and choose the least score of an answer.

    python -m benchmarks.calibrate --held-out FILE

Looks at the development half of the test set and at the written questions that
training/data.py holds out (FILE is its held_out.jsonl), each over its own passage and those of
four other articles, so that what is chosen holds for small collections of strange texts too.
Prints the weights, which are copied into qa/reader.py by hand.

The model is a conditional logit: a question's spans, and "none of them" with score 0, compete;
the weights make the right ones, or none, likeliest.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.altered import QUESTIONS, CachedEmbeddings
from index import Index, index_texts, load_embeddings, open_index
from qa.asking.followup import ask
from qa.asking.query import Query
from qa.asking.wording import in_words_of
from qa.checking import check
from qa.evaluation import fold, load_test_set
from qa.pipeline import PASSAGES_READ
from qa.reading import Reader
from qa.reading.evidence import Signs
from qa.reading.span_model import SpanModel

SEED = 3
WRITTEN = 900  # held-out questions looked at
OTHERS = 4  # passages beside the one asked about
STEPS, RATE, SHRINK = 3000, 0.03, 1e-3  # Adam over all questions at once; L2 of scaled weights
SHARE_OF_TEST_SET = 0.5  # of the weight of all questions; the written ones are more
SAME = 0.8  # F1 over characters from which a span counts as the written answer

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Observed:
    """The spans for one question that pass the year and place checks, and which are right."""

    source: str
    answerable: bool
    signs: tuple[Signs, ...]
    right: tuple[bool, ...]


def observe_all(reader: Reader, held_out: Path) -> list[Observed]:
    """Read every question that weights are fitted to."""
    return [*observe_test_set(reader), *observe_written(reader, held_out)]


def observe(
    reader: Reader, index: Index, question: Query, answerable: bool, source: str, is_right: Any
) -> Observed:
    """Read one question; `is_right(span, sentence)` tells whether a span answers it."""
    found = index.search(question.search_text, PASSAGES_READ)
    texts = {key: index.document(key) for key in {hit.passage.document_id for hit in found}}
    spans = reader.read(question, found, texts)
    signs: list[Signs] = []
    right: list[bool] = []
    likely = [replace(span, score=0.0) for span in spans]
    for one in check(question, likely, texts):
        if not one.lack:
            sentence = one.document.text[slice(*one.evidence.sentence)]
            signs.append(one.evidence.signs)
            right.append(answerable and is_right(one.evidence.text, sentence))
    return Observed(source, answerable, tuple(signs), tuple(right))


def observe_test_set(reader: Reader) -> Iterator[Observed]:
    """The development half; computed answers are left out, no span can be right."""
    index = open_index()
    for case in load_test_set(QUESTIONS, "development"):
        if case.type == "temporal":
            continue
        asked = [
            in_words_of(index.catalogue, t, reader.words) for t in (*case.history, case.question)
        ]
        question = ask(asked[-1], asked[:-1])

        def is_right(text: str, sentence: str, case: Any = case, kind: str = question.kind) -> bool:
            if not any(fold(e) in fold(sentence) for e in case.evidence):
                return False
            holds = all(any(fold(form) in fold(text) for form in forms) for forms in case.all_of)
            return kind == "yesno" or holds

        yield observe(reader, index, question, case.answerable, "test set", is_right)


def observe_written(reader: Reader, path: Path) -> Iterator[Observed]:
    """Held-out written questions, each over five passages."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    kept = [line for line in lines if line["kind"].startswith("written")]
    passages = sorted({line["passage"] for line in kept})
    generator = random.Random(SEED)
    embeddings = CachedEmbeddings(load_embeddings())
    for line in generator.sample(kept, min(WRITTEN, len(kept))):
        others = generator.sample([p for p in passages if p != line["passage"]], OTHERS)
        texts = [line["passage"], *others]
        generator.shuffle(texts)
        gold = line["passage"][line["start"] : line["end"]] if line["start"] >= 0 else ""

        def is_right(text: str, sentence: str, gold: str = gold) -> bool:
            return fold(gold) in fold(sentence) and (
                _common(fold(text), fold(gold)) >= SAME or fold(gold) in fold(text)
            )

        index = index_texts(texts, embeddings)
        yield observe(reader, index, ask(line["question"]), bool(gold), "written", is_right)


def _common(text: str, gold: str) -> float:
    shared = sum(min(text.count(c), gold.count(c)) for c in set(gold))
    return 2 * shared / (len(text) + len(gold)) if shared else 0.0


def fit(observed: Sequence[Observed]) -> tuple[Array, float]:
    """The weights of the signs, and the score that "none of them" has."""
    usable = [o for o in observed if o.signs and (not o.answerable or any(o.right))]
    width = max(len(o.signs) for o in usable)
    signs = np.zeros((len(usable), width, len(Signs._fields)))
    there = np.zeros((len(usable), width + 1), dtype=bool)
    right = np.zeros((len(usable), width + 1), dtype=bool)
    for row, one in enumerate(usable):
        signs[row, : len(one.signs)] = one.signs
        there[row, : len(one.signs)] = True
        right[row, : len(one.signs)] = one.right
        right[row, -1] = not one.answerable
    there[:, -1] = True
    of_test_set = np.array([o.source == "test set" for o in usable])
    share = np.where(of_test_set, SHARE_OF_TEST_SET, 1 - SHARE_OF_TEST_SET)
    weight = share / np.where(of_test_set, of_test_set.sum(), (~of_test_set).sum())
    scale = signs[there[:, :-1]].std(0)
    inputs = signs / np.where(scale > 0, scale, 1)
    chosen = np.zeros(inputs.shape[2] + 1)
    first, second = np.zeros_like(chosen), np.zeros_like(chosen)
    for step in range(1, STEPS + 1):
        scores = np.concatenate(
            [inputs @ chosen[:-1], np.full((len(usable), 1), chosen[-1])], axis=1
        )
        scores = np.where(there, scores, -np.inf)
        likely = np.exp(scores - scores.max(1, keepdims=True))
        given = np.where(right, likely, 0)
        pull = likely / likely.sum(1, keepdims=True) - given / given.sum(1, keepdims=True)
        pull *= weight[:, None]
        gradient = np.append(np.einsum("qs,qsf->f", pull[:, :-1], inputs), pull[:, -1].sum())
        gradient[:-1] += SHRINK * chosen[:-1]
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        chosen -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return chosen[:-1] / np.where(scale > 0, scale, 1), float(chosen[-1])


def rate(observed: Sequence[Observed], weights: Array, least: float) -> str:
    """Accuracy, refusals of the unanswerable, and refusals of the answerable."""
    right, refused, over = [], [], []
    for one in observed:
        scores = [float(weights @ np.array(signs)) for signs in one.signs]
        best = int(np.argmax(scores)) if scores else -1
        declined = not scores or scores[best] < least
        if one.answerable:
            right.append(not declined and one.right[best])
            over.append(declined)
        else:
            refused.append(declined)
    return f"{np.mean(right):.3f} {np.mean(refused):.3f} {np.mean(over):.3f}"


def main() -> None:
    """Print the weights, and what thresholds around the fitted one would give."""
    parser = argparse.ArgumentParser(description="Fit the reader's weights and threshold.")
    parser.add_argument("--held-out", type=Path, required=True)
    observed = observe_all(Reader(SpanModel()), parser.parse_args().held_out)
    sets = {name: [o for o in observed if o.source == name] for name in ("test set", "written")}
    weights, least = fit(observed)
    print("weights", dict(zip(Signs._fields, weights.round(3).tolist(), strict=True)))
    print("accuracy, refused, over-refused of the test set; of the written questions")
    for shift in (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0):
        rated = [rate(part, weights, least + shift) for part in sets.values()]
        print(f"least {least + shift:.2f}  " + "; ".join(rated))


if __name__ == "__main__":
    main()
