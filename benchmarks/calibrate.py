"""Fit the reader's weights and choose the least score of an answer.

    PYTHONPATH=training python -m benchmarks.calibrate --held-out FILE [--documents FOLDER]

Looks at the development halves of the test set and of the real documents, and at the written
questions that training/data.py holds out (FILE is its held_out.jsonl), each over its own passage
and four of other articles: drawn at random, the most alike, or, where nothing is to be found, only
such. One threshold is to serve them all. Prints the weights, which are copied into
qa/reading/reader.py by hand, and of each set risk against coverage: how many of the answers given
are wrong as more of the questions are answered.

The model is a conditional logit: a question's spans, and "none of them" with score 0, compete;
the weights make the right ones, or none, likeliest.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.altered import QUESTIONS, CachedEmbeddings
from benchmarks.real_documents import lay_out
from index import Index, index_texts, load_embeddings, open_index
from qa.asking.followup import ask
from qa.asking.query import Query
from qa.asking.wording import in_words_of
from qa.checking import check
from qa.evaluation import Case, fold, load_test_set
from qa.pipeline import PASSAGES_READ
from qa.reading import Reader
from qa.reading.evidence import Signs
from qa.reading.span_model import MODEL_FOLDER, SpanModel
from unanswerable import find_lookalikes

SEED = 3
WRITTEN = 900  # held-out questions looked at
OTHERS = 4  # passages beside the one asked about
WAYS = ("random", "alike", "noise")  # what they are; noise: the one asked about is left out
STEPS, RATE, SHRINK = 3000, 0.03, 1e-3  # Adam over all questions at once; L2 of scaled weights
SHARES = {
    "test set": 0.3,
    "real documents": 0.2,
    "random": 0.15,
    "alike": 0.2,
    "noise": 0.15,
}  # of the weight of all questions: those that are written are more
COVERAGES = (0.5, 0.7, 0.8, 0.9)  # shares of the questions answered at which risk is told
SAME = 0.8  # F1 over characters from which a span counts as the written answer

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Observed:
    """The spans for one question that pass the year and place checks, and which are right."""

    answerable: bool
    signs: tuple[Signs, ...]
    right: tuple[bool, ...]


def observe_all(
    reader: Reader, held_out: Path, documents: Path | None
) -> dict[str, list[Observed]]:
    """Read every question that weights are fitted to, by set."""
    found = {"test set": list(observe_cases(reader, load_test_set(QUESTIONS, "development")))}
    if documents:
        with tempfile.TemporaryDirectory() as folder:
            cases = load_test_set(lay_out(documents, Path(folder), "development"))
            found["real documents"] = list(observe_cases(reader, cases))
    for way in WAYS:
        found[way] = list(observe_written(reader, held_out, way))
    return found


def observe(
    reader: Reader, index: Index, question: Query, answerable: bool, is_right: Any
) -> Observed:
    """Read one question; `is_right(span, sentence)` tells whether a span answers it."""
    found = index.search(question.search_text, PASSAGES_READ)
    texts = {key: index.document(key) for key in {hit.passage.document_id for hit in found}}
    spans = reader.read(question, found, texts).spans
    signs: list[Signs] = []
    right: list[bool] = []
    likely = [replace(span, score=0.0) for span in spans]
    for one in check(question, likely, texts):
        if not one.lack:
            sentence = one.document.text[slice(*one.evidence.sentence)]
            signs.append(one.evidence.signs)
            right.append(answerable and is_right(one.evidence.text, sentence))
    return Observed(answerable, tuple(signs), tuple(right))


def observe_cases(reader: Reader, cases: Sequence[Case]) -> Iterator[Observed]:
    """Those of a test set that one span answers, over the default corpus or documents of theirs."""
    article = open_index()
    embeddings = CachedEmbeddings(load_embeddings())
    for case in cases:
        if case.type == "temporal":  # computed: no span can be right
            continue
        index = index_texts(case.documents, embeddings) if case.documents else article
        asked = [
            in_words_of(index.catalogue, t, reader.words) for t in (*case.history, case.question)
        ]
        question = ask(asked[-1], asked[:-1])

        def is_right(
            text: str, sentence: str, case: Case = case, kind: str = question.kind
        ) -> bool:
            if not any(fold(e) in fold(sentence) for e in case.evidence):
                return False
            holds = all(any(fold(form) in fold(text) for form in forms) for forms in case.all_of)
            return kind == "yesno" or holds

        yield observe(reader, index, question, case.answerable, is_right)


def observe_written(reader: Reader, path: Path, way: str) -> Iterator[Observed]:
    """Held-out written questions, each over five passages."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    kept = [line for line in lines if line["kind"].startswith("written")]
    owners = {line["passage"]: line["document"] for line in kept}
    passages = sorted(owners)
    generator = random.Random(SEED)
    embeddings = CachedEmbeddings(load_embeddings())
    chosen = generator.sample(kept, min(WRITTEN, len(kept)))[WAYS.index(way) :: len(WAYS)]
    questions, documents = zip(*((o["question"], o["document"]) for o in chosen), strict=True)
    near = find_lookalikes(
        questions, passages, documents, [owners[p] for p in passages], OTHERS + 1
    )
    for line, row in zip(chosen, near, strict=True):
        answerable = line["start"] >= 0 and way != "noise"
        others = [p for p in passages if owners[p] != line["document"]]
        texts = (
            generator.sample(others, OTHERS)
            if way == "random"
            else [passages[place] for place in row[: OTHERS + (way == "noise")]]
        )
        if way != "noise":
            texts.append(line["passage"])
        generator.shuffle(texts)
        gold = line["passage"][line["start"] : line["end"]] if answerable else ""
        if way == "noise" and line["start"] >= 0 and _told(line, texts):
            continue  # another article tells it too

        def is_right(text: str, sentence: str, gold: str = gold) -> bool:
            return fold(gold) in fold(sentence) and (
                _common(fold(text), fold(gold)) >= SAME or fold(gold) in fold(text)
            )

        index = index_texts(texts, embeddings)
        yield observe(reader, index, ask(line["question"]), answerable, is_right)


def _told(line: dict[str, Any], texts: Sequence[str]) -> bool:
    answer = line["passage"][line["start"] : line["end"]]
    return any(answer in text for text in texts)


def _common(text: str, gold: str) -> float:
    shared = sum(min(text.count(c), gold.count(c)) for c in set(gold))
    return 2 * shared / (len(text) + len(gold)) if shared else 0.0


def fit(observed: dict[str, list[Observed]]) -> tuple[Array, float]:
    """The weights of the signs, and the score that "none of them" has."""
    pairs = [
        (o, SHARES[name] / len(part))
        for name, part in observed.items()
        for o in part
        if o.signs and (not o.answerable or any(o.right))
    ]
    usable = [o for o, _ in pairs]
    weight = np.array([share for _, share in pairs])
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


def best_of(one: Observed, weights: Array) -> tuple[float, bool]:
    """The score of the best span and whether it is right; below all others where there is none."""
    if not one.signs:
        return -np.inf, False
    scores = [float(weights @ np.array(signs)) for signs in one.signs]
    best = int(np.argmax(scores))
    return scores[best], one.right[best]


def rate(observed: Sequence[Observed], weights: Array, least: float) -> str:
    """Accuracy, refusals of the unanswerable, and refusals of the answerable."""
    right, refused, over = [], [], []
    for one in observed:
        score, is_right = best_of(one, weights)
        declined = score < least
        if one.answerable:
            right.append(not declined and is_right)
            over.append(declined)
        else:
            refused.append(declined)
    return " ".join(f"{np.mean(part):.3f}" if part else "-" for part in (right, refused, over))


def risk(observed: Sequence[Observed], weights: Array) -> str:
    """How many of the answers given are wrong, as more of the questions are answered."""
    told = sorted((best_of(one, weights) for one in observed), reverse=True)
    shares = []
    for coverage in COVERAGES:
        given = told[: round(coverage * len(told))]
        shares.append(f"{coverage:.0%}: {np.mean([not right for _, right in given]):.3f}")
    return ", ".join(shares)


def main() -> None:
    """Print the weights, what thresholds around the fitted one would give, and the risks."""
    parser = argparse.ArgumentParser(description="Fit the reader's weights and threshold.")
    parser.add_argument("--held-out", type=Path, required=True)
    parser.add_argument("--documents", type=Path, help="the folder of benchmarks.real_documents")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    options = parser.parse_args()
    reader = Reader(SpanModel(options.model))
    observed = observe_all(reader, options.held_out, options.documents)
    weights, least = fit(observed)
    print("weights", dict(zip(Signs._fields, weights.round(3).tolist(), strict=True)))
    for name, part in observed.items():
        print(f"{name}, {len(part)} questions: accuracy, refused, over-refused")
        for shift in (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0):
            print(f"  least {least + shift:.2f}  {rate(part, weights, least + shift)}")
        print(f"  wrong among the answered, at a coverage of {risk(part, weights)}")


if __name__ == "__main__":
    main()
