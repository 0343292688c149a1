"""Measure an exported reader: CMRC 2018 dev, and telling answerable from unanswerable.

python evaluate_reader.py [--data DIR] [--out DIR] [--target DIR] [--questions N]
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from pathlib import Path

import numpy as np

from data import BREAK
from export_reader import OnnxReader, Span

WINDOW = 200  # characters: what the product's splitter makes
TOKEN = re.compile(r"[a-z0-9.]+|\S")
# The official script's list (ymcui/cmrc2018), where it matters here.
PUNCTUATION = re.compile(r"[-:_*^/\\~`+=，。：？！“”；’《》…·、「」（）－～『』\s,.;?!()\"']")


def windows(text: str, most: int) -> list[str]:
    """Cut a text into overlapping runs of whole sentences, up to `most` characters each."""
    sentences = [s for s in BREAK.split(text) if s]
    found: list[str] = []
    for first in range(len(sentences)):
        run = sentences[first]
        last = first + 1
        while last < len(sentences) and len(run) + len(sentences[last]) <= most:
            run += sentences[last]
            last += 1
        if not found or not found[-1].endswith(run):
            found.append(run)
    return found


def overlap(answer: str, gold: str) -> float:
    """Return the F1 of the official script: longest common run of characters and Latin words."""
    a, b = (TOKEN.findall(PUNCTUATION.sub("", t.lower())) for t in (answer, gold))
    best = 0
    previous = [0] * (len(b) + 1)
    for x in a:
        current = [0] * (len(b) + 1)
        for j, y in enumerate(b):
            if x == y:
                current[j + 1] = previous[j] + 1
                best = max(best, current[j + 1])
        previous = current
    return 2 * best / (len(a) + len(b)) if best else 0.0


def same(answer: str, gold: str) -> bool:
    """Tell whether two answers are equal without punctuation and case."""
    return PUNCTUATION.sub("", answer.lower()) == PUNCTUATION.sub("", gold.lower())


def _margin(span: Span) -> float:
    return span.margin


def measure_cmrc(reader: OnnxReader, path: Path, questions: int, most: int) -> dict[str, float]:
    """Return exact match, F1 and refusals over evenly spread dev questions.

    `refused` counts questions whose windows are all refused, `refused_without` those refused when
    the windows holding a gold answer are taken away.
    """
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    asked = [
        (q["question"], p["context"], [a["text"] for a in q["answers"]])
        for article in articles
        for p in article["paragraphs"]
        for q in p["qas"]
    ]
    chosen = [asked[int(i)] for i in np.linspace(0, len(asked) - 1, min(questions, len(asked)))]
    exact, common, refused, without = [], [], [], []
    for question, context, golds in chosen:
        cut = windows(context, most)
        spans = reader.read(question, cut)
        span = max(spans, key=_margin)
        empty = [s for s, w in zip(spans, cut, strict=True) if not any(g in w for g in golds)]
        if empty:
            without.append(max(empty, key=_margin).margin <= 0)
        exact.append(any(same(span.text, g) for g in golds))
        common.append(max(overlap(span.text, g) for g in golds))
        refused.append(span.margin <= 0)
    return {
        "questions": len(chosen),
        "EM": float(np.mean(exact)) * 100,
        "F1": float(np.mean(common)) * 100,
        "refused": float(np.mean(refused)),
        "refused_without": float(np.mean(without)),
    }


def rank_area(positive: np.ndarray, negative: np.ndarray) -> float:
    """Return the chance that an answerable question outranks an unanswerable one."""
    order = np.argsort(np.concatenate([positive, negative]))
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    total = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(total / (len(positive) * len(negative)))


def measure_held_out(reader: OnnxReader, path: Path) -> dict[str, object]:
    """Return spans right by kind, refusals by kind, and how well margins separate the two."""
    margins: dict[bool, list[float]] = {True: [], False: []}
    exact: dict[str, list[bool]] = collections.defaultdict(list)
    refused: dict[str, list[bool]] = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        span = reader.read(row["question"], [row["passage"]])[0]
        answerable = row["start"] >= 0
        margins[answerable].append(span.margin)
        if answerable:
            exact[row["kind"]].append(same(span.text, row["passage"][row["start"] : row["end"]]))
        refused[row["kind"].split("-")[1] if not answerable else "answerable"].append(
            span.margin <= 0
        )
    positive, negative = np.array(margins[True]), np.array(margins[False])
    cuts = np.quantile(np.concatenate([positive, negative]), np.linspace(0, 1, 101))
    balance = [float((np.mean(positive > c) + np.mean(negative <= c)) / 2) for c in cuts]
    best = int(np.argmax(balance))
    return {
        "exact": {k: round(float(np.mean(v)), 3) for k, v in exact.items()},
        "exact_all": round(float(np.mean([v for kind in exact.values() for v in kind])), 3),
        "refused": {k: round(float(np.mean(v)), 3) for k, v in refused.items()},
        "area": round(rank_area(positive, negative), 3),
        "best_threshold": round(float(cuts[best]), 2),
        "best_balanced": round(balance[best], 3),
    }


def main() -> None:
    """Print both measures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--target", type=Path, default=Path("training/out/reader/onnx"))
    parser.add_argument("--model", default="model.onnx")
    parser.add_argument("--questions", type=int, default=600)
    parser.add_argument("--window", type=int, default=WINDOW)
    options = parser.parse_args()
    reader = OnnxReader(options.target, model=options.model)
    dev = options.data / "cmrc2018_dev.json"
    print(json.dumps(measure_cmrc(reader, dev, options.questions, options.window)))
    print(json.dumps(measure_held_out(reader, options.out / "held_out.jsonl"), indent=1))


if __name__ == "__main__":
    main()
