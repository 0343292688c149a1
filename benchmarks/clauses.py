"""Open questions over unseen sections: are the clauses that answer marked, and no others?

    PYTHONPATH=training python -m benchmarks.clauses [--data DIR] [--model DIR] [--misses]

The questions are those of training/questions/sections/open_held_out.jsonl, over sections of
documents that training never sees. A section is read in windows of whole clauses under its title
and headings. Precision, recall and F1 over clauses are means over the questions with an answer;
beside them the share of those without one where no clause is marked.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from corpus.language import clause_spans, simplify
from qa.reading.span_model import MODEL_FOLDER, SpanModel
from sections import Open, Section, Span, read_open

WINDOW = 160  # characters read at once
THRESHOLDS = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0)  # log-odds from which a clause is marked
QUESTIONS = Path("training/questions/sections/open_held_out.jsonl")


def windows(section: Section) -> Iterator[list[Span]]:
    """The clauses of a section, in runs of at most WINDOW characters."""
    run: list[Span] = []
    for clause in clause_spans(section.text):
        if run and clause[1] - run[0][0] > WINDOW:
            yield run
            run = []
        run.append(clause)
    if run:
        yield run


def read_clauses(model: SpanModel, asked: Open) -> list[tuple[Span, float]]:
    """The clauses of a section with their marks, in log-odds."""
    above = "".join(f"{piece}：" for piece in asked.section.nearest)
    runs = list(windows(asked.section))
    texts = [above + asked.section.text[run[0][0] : run[-1][1]] for run in runs]
    readings = model.read([(simplify(asked.question), simplify(text)) for text in texts])
    return [
        ((start, end), reading.mark(start - run[0][0] + len(above), end - run[0][0] + len(above)))
        for run, reading in zip(runs, readings, strict=True)
        for start, end in run
    ]


def rate(marked: set[Span], right: set[Span]) -> tuple[float, float, float]:
    """Precision, recall and F1 of clauses; of none marked, 0."""
    shared = len(marked & right)
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / len(marked), shared / len(right)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    """Print one line a threshold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--limit", type=int, default=10**6)
    options = parser.parse_args()
    model = SpanModel(options.model)
    asked = read_open(options.questions, options.data)
    asked = asked[:: max(1, len(asked) // options.limit)][: options.limit]
    read = [read_clauses(model, one) for one in asked]
    for least in THRESHOLDS:
        rated: list[tuple[float, float, float]] = []
        silent: list[bool] = []
        for one, clauses_read in zip(asked, read, strict=True):
            marked = {clause for clause, mark in clauses_read if mark > least}
            right = {
                clause
                for clause, _ in clauses_read
                if any(clause[0] < end and start < clause[1] for start, end in one.spans)
            }
            if right:
                rated.append(rate(marked, right))
            else:
                silent.append(not marked)
        precision, recall, f1 = (sum(each) / len(rated) for each in zip(*rated, strict=True))
        print(
            f"marks above {least:+.1f}: precision {precision:.3f}, recall {recall:.3f}, "
            f"F1 {f1:.3f} "
            f"({len(rated)}); none marked where none answers {sum(silent) / len(silent):.3f} "
            f"({len(silent)})"
        )


if __name__ == "__main__":
    main()
