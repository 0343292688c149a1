"""Passages of other documents where a reader answers a question, and is wrong.

python mining.py [--data DIR] [--questions DIR] [--model DIR] [--count N] [--mined FILE]

The nearest by words are read; one that names all that the question names, or holds the answer's
words, may answer it after all and is left out. Goes on where it stopped.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from data import SEED, read_questions, windows
from qa.reading.span_model import MODEL_FOLDER, NO_SPAN, PassageReading, SpanModel
from sources import NEWS, Example
from synthetic import clean_news
from unanswerable import find_lookalikes

NEAREST = 5  # passages read a question
KEPT = 3  # of them, those that the reader is surest of
RARE = 40  # windows that hold a pair of characters at most for it to name something
SHARES = {"human": 0.5, "written": 0.5}  # of the questions mined
AT_ONCE = 8  # questions read between two lines written


def read_pool(
    data: Path, examples: list[Example], rng: random.Random
) -> tuple[list[str], list[int]]:
    """Windows of all news articles and of the examples' passages, with their documents."""
    news = [
        Example("", clean_news(line), -1, -1, "news", NEWS + number)
        for number, line in enumerate((data / "news.txt").read_text("utf-8").splitlines())
    ]
    return windows([e for e in news + examples if e.passage], rng)


def count_pairs(passages: list[str]) -> Mapping[str, int]:
    """How many passages hold each pair of characters."""
    counts: collections.Counter[str] = collections.Counter()
    for passage in passages:
        counts.update({a + b for a, b in pairwise(passage)})
    return counts


def names_of(example: Example, counts: Mapping[str, int]) -> set[str]:
    """The rare pairs of characters that a question shares with its passage: 增长了多少 has none."""
    pairs = {a + b for a, b in pairwise(example.question)}
    return {pair for pair in pairs if pair in example.passage and counts[pair] <= RARE}


def may_answer(example: Example, passage: str, counts: Mapping[str, int]) -> bool:
    """Whether another passage may answer too: it holds all that the question names."""
    return all(pair in passage for pair in names_of(example, counts))


def nearest_wrong(
    chosen: list[Example], passages: list[str], owners: list[int], counts: Mapping[str, int]
) -> Iterator[list[str]]:
    """For each question the nearest passages of other documents that cannot answer it."""
    nearest = find_lookalikes(
        [e.question for e in chosen], passages, [e.document for e in chosen], owners, NEAREST
    )
    for example, row in zip(chosen, nearest, strict=True):
        yield [passages[i] for i in row if not may_answer(example, passages[i], counts)]


def surest(reading: PassageReading) -> tuple[int, int, float]:
    """The reader's best span of a passage."""
    return next(iter(reading.best_spans()), (0, 0, NO_SPAN))


def mine(
    chosen: list[Example], passages: list[str], owners: list[int], model: SpanModel
) -> Iterator[dict[str, object]]:
    """For each question the passages that do not answer it, where the reader is surest first."""
    nearest = list(nearest_wrong(chosen, passages, owners, count_pairs(passages)))
    for at in range(0, len(chosen), AT_ONCE):
        asked = chosen[at : at + AT_ONCE]
        pairs = [
            (example, passage)
            for example, row in zip(asked, nearest[at : at + AT_ONCE], strict=True)
            for passage in row
        ]
        readings = model.read([(example.question, passage) for example, passage in pairs])
        found: dict[int, list[tuple[float, str, str]]] = collections.defaultdict(list)
        for (example, passage), reading in zip(pairs, readings, strict=True):
            start, end, odds = surest(reading)
            found[id(example)].append((odds, passage, passage[start:end]))
        for example in asked:
            right = example.passage[example.start : example.end]
            rows = sorted(found[id(example)], reverse=True)[:KEPT]
            wrong = [
                [passage, round(odds, 1), answer]
                for odds, passage, answer in rows
                if answer not in right and right not in passage
            ]
            yield {"question": example.question, "document": example.document, "wrong": wrong}


def options_of(description: str, count: int) -> argparse.ArgumentParser:
    """The options of what reads the passages of other documents for `count` questions."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=Path, default=Path("training/questions"))
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--count", type=int, default=count)
    return parser


def main() -> None:
    """Mine for a drawn share of the questions."""
    parser = options_of("Mine passages that the reader is wrong on.", count=14_000)
    parser.add_argument("--mined", type=Path, default=Path("training/out/mined.jsonl"))
    options = parser.parse_args()
    rng = random.Random(SEED)
    asked = read_questions(options.data, options.questions, rng)
    human, written = asked.human, [e for e in asked.written if e.start >= 0]
    pools = {"human": [e for e in human if e.start >= 0], "written": written}
    chosen = [
        example
        for kind, share in SHARES.items()
        for example in rng.sample(pools[kind], round(share * options.count))
    ]
    rng.shuffle(chosen)
    passages, owners = read_pool(options.data, human + written + asked.open + asked.focused, rng)
    target = options.mined
    done = len(target.read_text("utf-8").splitlines()) if target.exists() else 0
    with target.open("a", encoding="utf-8") as file:
        for row in mine(chosen[done:], passages, owners, SpanModel(options.model)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
