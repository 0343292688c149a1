"""Passages of other documents that hold all that a question names, for someone to judge.

python elsewhere.py [--data DIR] [--out DIR] [--questions DIR] [--model DIR] [--count N]

They are what a search finds when no document answers: the same people, places and words. Whether
one answers cannot be told by rule, so those where the reader is sure are written to
OUT/doubtful.jsonl, and what was read and judged comes to QUESTIONS/searched/elsewhere.jsonl, in
the form of any other written question.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from data import SEED, read_questions
from mining import count_pairs, may_answer, names_of, options_of, read_pool, surest
from qa.reading.span_model import SpanModel
from sources import NEWS, Example, read_sources
from unanswerable import find_lookalikes

NEAREST = 8  # passages looked at a question
KEPT = 2  # of them, those that the reader is surest of
LEAST = -2.0  # odds of its span: below, the product would not answer from it
AT_ONCE = 16  # questions read at a time


def find_doubtful(
    chosen: list[Example], passages: list[str], owners: list[int]
) -> list[tuple[Example, int]]:
    """Each question that names something with each passage, by place, that may answer it too."""
    counts = count_pairs(passages)
    named = [example for example in chosen if names_of(example, counts)]
    nearest = find_lookalikes(
        [e.question for e in named], passages, [e.document for e in named], owners, NEAREST
    )
    return [
        (example, at)
        for example, row in zip(named, nearest, strict=True)
        for at in row
        if owners[at] >= NEWS and may_answer(example, passages[at], counts)
    ]


def main() -> None:
    """Write the doubtful pairs of a drawn share of the written questions."""
    parser = options_of("Find passages that may answer, or seem to.", count=12_000)
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    options = parser.parse_args()
    rng = random.Random(SEED)
    asked = read_questions(options.data, options.questions, rng)
    told = [e for e in asked.written if e.start >= 0 and e.document >= NEWS]
    chosen = rng.sample(told, min(options.count, len(told)))
    passages, owners = read_pool(options.data, asked.written, rng)
    texts = dict(read_sources(options.data)["news"])
    model = SpanModel(options.model)
    pairs = find_doubtful(chosen, passages, owners)
    print(len(chosen), "questions,", len(pairs), "pairs", flush=True)
    kept: dict[str, int] = {}
    with (options.out / "doubtful.jsonl").open("w", encoding="utf-8") as file:
        for at in range(0, len(pairs), AT_ONCE):
            some = pairs[at : at + AT_ONCE]
            readings = model.read([(example.question, passages[i]) for example, i in some])
            for (example, i), reading in zip(some, readings, strict=True):
                start, end, odds = surest(reading)
                if odds < LEAST or kept.get(example.question, 0) == KEPT:
                    continue
                kept[example.question] = kept.get(example.question, 0) + 1
                begin = texts[owners[i]].find(passages[i])
                row = {
                    "source": "news",
                    "number": owners[i] - NEWS,
                    "start": begin,
                    "end": begin + len(passages[i]),
                    "question": example.question,
                    "known": example.passage[example.start : example.end],
                    "passage": passages[i],
                    "answer": passages[i][start:end],
                    "odds": round(odds, 1),
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
