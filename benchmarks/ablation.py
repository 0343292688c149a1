"""What the rules and the neural reader each add: the test set with one, with the other, with both.

    python -m benchmarks.ablation --held-out FILE

Weights and threshold are fitted anew for each, as benchmarks/calibrate.py does.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.altered import QUESTIONS
from benchmarks.calibrate import Observed, fit, observe_all
from index import Index, open_index
from qa.answering import answer_over
from qa.evaluation import Half, Report, evaluate, load_test_set
from qa.reader import Reader, Signs
from qa.span_model import PassageReading, SpanModel

# Which signs each variant may use.
VARIANTS = {
    "rules only": Signs(odds=0, retrieval=1, type_fit=1),
    "reader only": Signs(odds=1, retrieval=0, type_fit=0),
    "both": Signs(odds=1, retrieval=1, type_fit=1),
}
HALVES: tuple[Half, ...] = ("all", "development", "check")


class NoModel(SpanModel):
    """Points at nothing, so that only spans known by their form are left."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PassageReading]:
        """An empty reading for each pair."""
        return [PassageReading(np.empty(0), np.empty(0), ()) for _ in pairs]


def mask(observed: Sequence[Observed], used: Signs) -> list[Observed]:
    """What was observed with the signs that are not used at 0."""
    return [
        Observed(
            one.source,
            one.answerable,
            tuple(Signs(*(a * b for a, b in zip(s, used, strict=True))) for s in one.signs),
            one.right,
        )
        for one in observed
    ]


def measure(index: Index, reader: Reader, half: Half) -> Report:
    """Score one half of the test set with a reader."""
    return evaluate(
        load_test_set(QUESTIONS, half), lambda text, past: answer_over(index, text, past, reader)
    )


def main() -> None:
    """Print a line a variant and half."""
    parser = argparse.ArgumentParser(description="Measure what rules and reader add.")
    parser.add_argument("--held-out", type=Path, required=True)
    held_out = parser.parse_args().held_out
    index = open_index()
    for name, used in VARIANTS.items():
        model = NoModel() if not used.odds else SpanModel()
        weights, least = fit(mask(observe_all(Reader(model), held_out), used))
        reader = Reader(model, Signs(*weights.tolist()), least)
        for half in HALVES:
            found = measure(index, reader, half).metrics()
            keys = ("accuracy", "citation_recall", "refused", "over_refused")
            print(f"{name}, {half}: " + ", ".join(f"{key} {found[key] or 0:.3f}" for key in keys))


if __name__ == "__main__":
    main()
