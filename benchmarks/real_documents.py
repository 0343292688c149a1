"""Questions on real official documents: reports, policy pages and notices.

    python -m benchmarks.real_documents ../shared/data/policy [--half check] [--open] [--json OUT]

The questions are in real_documents.jsonl, with --open those of real_open.jsonl that several
clauses answer, beside two usual recipes; written by readers of the documents who had not seen
the code; the documents are not in the repository. A folder with them has `pages/`, `reports/`
and `state_council.jsonl`. Halves are by document: nine to develop on, nine to look at rarely.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from qa import answer
from qa.evaluation import (
    RECIPES,
    Case,
    Report,
    evaluate,
    format_recipes,
    format_report,
    load_test_set,
)

QUESTIONS = Path(__file__).with_name("real_documents.jsonl")
OPEN = Path(__file__).with_name("real_open.jsonl")
SINGLE = ("figure", "entity", "date", "yesno")  # types that one span answers
CHECK = ("青海", "湖南", "27_", "05_", "36_", "06_", "34_", "30_", "消防救援")  # parts of names


def lay_out(documents: Path, folder: Path, half: str, questions: Path = QUESTIONS) -> Path:
    """Put the questions of a half beside the documents they name; the test set's path."""
    for name in ("pages", "reports"):
        (folder / name).symlink_to((documents / name).resolve())
    for line in (documents / "state_council.jsonl").read_text("utf-8").splitlines():
        notice = json.loads(line)
        text = f"{notice['title']}\n\n{notice['text']}"
        (folder / f"{notice['title']}.txt").write_text(text, "utf-8")
    chosen = []
    for line in questions.read_text("utf-8").splitlines():
        checks = any(part in json.loads(line).get("document", "") for part in CHECK)
        if half == "all" or checks == (half == "check"):
            chosen.append(line)
    path = folder / "questions.jsonl"
    path.write_text("\n".join(chosen), "utf-8")
    return path


def of_single_spans(report: Report) -> Report:
    """The questions that one span answers, and those without an answer."""
    return Report(tuple(r for r in report.results if r.type in SINGLE or not r.answerable))


def main() -> None:
    """Print the tables of a half: single-span questions, then all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("documents", type=Path)
    parser.add_argument("--half", choices=("development", "check", "all"), default="development")
    parser.add_argument("--json", type=Path, dest="out")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--open", action="store_true", help="questions that clauses answer")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases: list[Case] = load_test_set(
            lay_out(
                arguments.documents,
                Path(folder),
                arguments.half,
                OPEN if arguments.open else QUESTIONS,
            )
        )
    report = evaluate(cases, answer)
    if arguments.out:
        arguments.out.write_text(json.dumps(report.to_dict(), ensure_ascii=False), "utf-8")
    if arguments.open:
        pointed = [case for case in cases if case.points]
        print(format_report(report, verbose=arguments.verbose))
        print(format_recipes({name: evaluate(pointed, ask) for name, ask in RECIPES.items()}))
        return
    print("single-span questions and those without an answer:")
    print(format_report(Report(of_single_spans(report).results)).split("\n\nmisses")[0])
    print("\nall:")
    print(format_report(report, verbose=arguments.verbose))


if __name__ == "__main__":
    main()
