"""What each rule and each check is worth: answers mended and broken by it.

    python -m benchmarks.ablation [--only NAME …] [--data ../shared/data] [--documents FOLDER]

Each is switched off in turn. A case that is right with it and wrong without is one it mends, the
other way round one it breaks, over the test set, the small cases (tests/cases), the development
half of the real documents (--documents), 300 questions of CMRC 2018 dev and those of RGB: with two
noise passages of five, with noise only, with two facts asked for, with falsified values (--data).
What the models make of a text is kept for the next rule, so that one takes a minute and not ten.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.altered import QUESTIONS
from benchmarks.reading import rate, read_cmrc, rgb_cases
from benchmarks.real_documents import lay_out
from index import load_embeddings
from qa import answer, answering
from qa.checking import checks
from qa.evaluation import Case, evaluate, load_test_set
from qa.reading import SpanModel

CASES = Path(__file__).parent.parent / "tests" / "cases"
LIKE = 0.6  # F1 of an answer to a CMRC question from which it counts as right
PUBLIC = 300  # questions of each public set


def _nothing(*arguments: Any) -> Any:
    return []


def _first(*arguments: Any) -> Any:
    return arguments[0]


def _as_it_is(*arguments: Any) -> Any:
    """A span as it came: of (query, text, start, end) or (text, start, end) the last two."""
    return arguments[-2:]


# By name: the module whose name for the rule is replaced, the name, and what stands in.
RULES: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "greetings": ("qa.turn", "read_conversation", lambda text, told: ""),
    "typos, everyday names, English": ("qa.pipeline", "in_words_of", lambda c, text, s: text),
    "calculations": ("qa.several", "read_calculation", lambda text: None),
    "most and least": ("qa.pipeline", "rank", lambda *a: None),
    "several questions in one": ("qa.several", "split_question", lambda text: [text]),
    "A and B, one each": ("qa.several", "split_pair", _nothing),
    "figures must stand in quotes": ("qa.pipeline", "unsupported_figures", _nothing),
    "follow-up: its like": ("qa.asking.followup", "_in_place_of_its_like", lambda *a: ""),
    "spans by form": ("qa.reading.reader", "typed_spans", _nothing),
    "from 甲 to 乙": ("qa.reading.reader", "meant_by_change", lambda *a: {}),
    "values in turn (分别)": ("qa.reading.reader", "meant_by_turn", lambda *a: {}),
    "values by case (tiers)": ("qa.reading.reader", "meant_by_case", lambda *a: {}),
    "head and foot": ("qa.reading.reader", "told_of_itself", _nothing),
    "whole enumerations": ("qa.reading.reader", "whole_enumeration", _first),
    "the question as a passage needs it": (
        "qa.reading.reader", "put_to", lambda query, *a: query.standalone,
    ),
    "claims left out to find": ("qa.reading.reader", "without_claims", _nothing),
    "numbers of lines left out": ("qa.reading.reader", "_number_before", lambda *a: 0),
    "the sentence before": ("qa.reading.view", "_opening", _nothing),
    "whole clauses": ("qa.reading.candidates", "_whole_clauses", _as_it_is),
    "one sentence": ("qa.reading.candidates", "_one_sentence", _as_it_is),
    "verdict: case against bound": ("qa.checking.verdict", "judge_case", lambda *a: None),
    "verdict: figures": ("qa.checking.verdict", "judge_figures", lambda *a: None),
    "verdict: dates": ("qa.checking.verdict", "judge_dates", lambda *a: None),
    "verdict: exceptions": ("qa.checking.verdict", "_excepted", lambda *a: ""),
    "verdict: turned round": ("qa.checking.verdict", "_turned_round", lambda *a: False),
    "verdict: said in the same words": ("qa.checking.verdict", "_repeats", lambda *a: False),
    "verdict: claims more": ("qa.checking.verdict", "claims_more", lambda *a: False),
    "verdict: the thing's own value": ("qa.checking.claims", "_of_the_thing", lambda q, f, *a: f),
    "other values beside": ("qa.saying.composing", "find_rivals", _nothing),
}  # fmt: skip


@contextmanager
def without(name: str) -> Iterator[None]:
    """The product without a rule of RULES, or without a check by its function's name."""
    if name not in RULES:
        lists = [checks.CHECKS, checks.CHECKS_OF_CLAIMS]
        kept = [list(every) for every in lists]
        for every in lists:
            every[:] = [check for check in every if check.__name__ != name]
        try:
            yield
        finally:
            for every, before in zip(lists, kept, strict=True):
                every[:] = before
        return
    module, attribute, stand_in = RULES[name]
    home = import_module(module)
    rule = getattr(home, attribute)
    setattr(home, attribute, stand_in)
    try:
        yield
    finally:
        setattr(home, attribute, rule)


def keep_readings() -> None:
    """Have the models read every text once: what they make of it does not hang on the rules."""
    read: dict[tuple[str, str], Any] = {}
    vectors: dict[str, list[float]] = {}
    read_anew = SpanModel.read
    bundled: Any = type(load_embeddings())
    embed = bundled.embed_query

    def reading(self: SpanModel, pairs: Sequence[tuple[str, str]]) -> list[Any]:
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in read]
        read.update(zip(fresh, read_anew(self, fresh), strict=True))
        return [read[pair] for pair in pairs]

    def vector(self: Any, text: str) -> list[float]:
        if text not in vectors:
            vectors[text] = embed(self, text)
        return vectors[text]

    SpanModel.read = reading  # type: ignore[method-assign]
    bundled.embed_query = vector
    answering.index_over = cache(answering.index_over.__wrapped__)


def sets(
    data: Path | None, documents: Path | None
) -> Iterator[tuple[str, Callable[[], list[bool]]]]:
    """Each set by name, with what tells which of its cases are right now."""

    def scored(cases: list[Case]) -> Callable[[], list[bool]]:
        return lambda: [result.right for result in evaluate(cases, answer).results]

    yield "test set", scored(load_test_set(QUESTIONS))
    yield (
        "small cases",
        scored([c for name in ("field", "own") for c in load_test_set(CASES / f"{name}.jsonl")]),
    )
    if documents:
        with tempfile.TemporaryDirectory() as folder:
            yield (
                "real documents",
                scored(load_test_set(lay_out(documents, Path(folder), "development"))),
            )
    if data:
        cmrc = list(read_cmrc(data, PUBLIC))
        yield (
            "CMRC",
            lambda: [
                rate(answer(asked, documents=[text]).text, golds)[1] >= LIKE
                for text, asked, golds in cmrc
            ],
        )
        rgb = rgb_cases(data)
        yield "RGB", lambda: [is_right() for is_right in rgb]


def main() -> None:
    """Print a line a rule: mended/broken in each set."""
    names = [*RULES, *dict.fromkeys(c.__name__ for c in (*checks.CHECKS, *checks.CHECKS_OF_CLAIMS))]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--documents", type=Path)
    arguments = parser.parse_args()
    keep_readings()
    every = list(sets(arguments.data, arguments.documents))
    whole = [score() for _, score in every]
    right = ", ".join(
        f"{name} {sum(now)}/{len(now)}" for (name, _), now in zip(every, whole, strict=True)
    )
    print(f"right with all: {right}\n")
    print("| rule | " + " | ".join(name for name, _ in every) + " |")
    print("|---|" + "---|" * len(every), flush=True)
    for name in arguments.only:
        cells = []
        with without(name):
            for (_, score), before in zip(every, whole, strict=True):
                pairs = list(zip(before, score(), strict=True))
                mended = sum(now and not off for now, off in pairs)
                broken = sum(off and not now for now, off in pairs)
                cells.append(f"{mended}/{broken}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
