"""Turns of conversations over three documents, each with the questions before it.

    python -m benchmarks.dialogues ../shared/data/policy [--half check] [--verbose]

The turns are in dialogues.jsonl, written by readers of the documents who had not seen the code;
two of the documents are real ones, not in the repository (see real_documents.py). Halves are by
conversation: of five three are to develop on, two to look at rarely. What belongs to the
conversation itself (你好, 谢谢) is right where the refusal says so; that there is no more is right
where the answer before told what is asked for.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from benchmarks.real_documents import lay_out
from qa import Answer, answer
from qa.evaluation import Case, load_test_set, score
from qa.saying.further import NO_MORE

TURNS = Path(__file__).with_name("dialogues.jsonl")
CHECK = (3, 4)  # of each five conversations


def chosen(lines: list[str], half: str) -> set[str]:
    """The ids of the turns of a half; those of a conversation have its first question before."""
    number = -1
    found: set[str] = set()
    before: list[str] = []
    for turn in map(json.loads, lines):
        if turn["history"][:1] != before[:1]:
            number += 1
            before = turn["history"]
        if half == "all" or (number % 5 in CHECK) == (half == "check"):
            found.add(turn["id"])
    return found


def is_right(case: Case, reason: str) -> tuple[bool, str]:
    """Whether a turn went right, and what was said."""
    said: list[Answer] = []

    def ask(question: str, *rest: object) -> Answer:
        said.append(answer(question, *rest))  # type: ignore[arg-type]
        return said[0]

    right = score(case, ask).right
    if case.type == "more" and said[0].text == NO_MORE:
        before = replace(case, question=case.history[-1], history=case.history[:-1])
        return score(before, answer).right, said[0].text
    social = said[0].reason == "conversation"
    return right and social == (reason == "conversation"), said[0].text


def main() -> None:
    """Print the share of turns that went right, by kind and in all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("documents", type=Path)
    parser.add_argument("--half", choices=("development", "check", "all"), default="development")
    parser.add_argument("--verbose", action="store_true", help="list what went wrong")
    arguments = parser.parse_args()
    lines = TURNS.read_text("utf-8").splitlines()
    wanted = chosen(lines, arguments.half)
    reasons = {turn["id"]: turn.get("reason", "") for turn in map(json.loads, lines)}
    with tempfile.TemporaryDirectory() as folder:
        cases = load_test_set(lay_out(arguments.documents, Path(folder), "all", TURNS))
    right: dict[str, Counter[bool]] = defaultdict(Counter)
    for case in (case for case in cases if case.id in wanted):
        went, text = is_right(case, reasons[case.id])
        right[case.type][went] += 1
        if arguments.verbose and not went:
            asked = " / ".join((*case.history, case.question))
            print(f"  {case.id} {case.type}: {asked} -> {text}")
    for kind, counts in (*sorted(right.items()), ("all", sum(right.values(), Counter()))):
        print(f"{kind}: {counts[True]} of {counts.total()} ({counts[True] / counts.total():.3f})")


if __name__ == "__main__":
    main()
