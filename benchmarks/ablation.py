"""What the rules and the neural reader each add: the test set with one, with the other, with both.

    python -m benchmarks.ablation --held-out FILE

Weights and threshold are fitted anew for each, as benchmarks/calibrate.py does.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.altered import QUESTIONS
from benchmarks.calibrate import Observed, fit, observe_all
from index import open_index
from qa.answering import answer_over
from qa.evaluation import evaluate, load_test_set
from qa.reading.reader import Reader, Signs
from qa.reading.span_model import PassageReading, SpanModel

# Which signs each variant may use.
VARIANTS = {
    "rules only": Signs(odds=0, retrieval=1, type_fit=1),
    "reader only": Signs(odds=1, retrieval=0, type_fit=0),
    "both": Signs(odds=1, retrieval=1, type_fit=1),
}


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


def main() -> None:
    """Print a line a variant."""
    parser = argparse.ArgumentParser(description="Measure what rules and reader add.")
    parser.add_argument("--held-out", type=Path, required=True)
    held_out = parser.parse_args().held_out
    index = open_index()
    cases = load_test_set(QUESTIONS)
    models = {False: NoModel(), True: SpanModel()}
    observed = {on: observe_all(Reader(model), held_out) for on, model in models.items()}
    for name, used in VARIANTS.items():
        on = bool(used.odds)
        weights, least = fit(mask(observed[on], used))
        reader = Reader(models[on], Signs(*weights.tolist()), least)
        report = evaluate(cases, partial(answer_over, index, reader=reader))
        found = report.metrics()
        keys = ("accuracy", "citation_recall", "refused", "over_refused")
        print(f"{name}: " + ", ".join(f"{key} {found[key] or 0:.3f}" for key in keys), flush=True)


if __name__ == "__main__":
    main()
