"""The test set with news articles beside the article in the index: what a crowd does to answers.

    python -m benchmarks.crowd ../shared/data/news.txt [--articles 500]

Each line of the file is an article. Printed are the usual metrics, of all questions and of those
that name their subject and lean on no earlier one, and how many of the questions with 今年, 去年 or
明年 are right: each document has its own year. Vectors are kept in --cache, for the next run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.kept import CACHE, KeptEmbeddings
from benchmarks.naming import names_subject, runs
from corpus import DEFAULT_CORPUS, read
from corpus.language import relative_year
from index import build_index
from qa import figure_rows
from qa.answering import answer_over
from qa.evaluation import Report, evaluate, load_test_set


def main() -> None:
    """Build the index, ask the test set, print metrics and times."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("news", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--cache", type=Path, default=CACHE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with arguments.news.open(encoding="utf-8") as lines:
            for number, line in enumerate(islice(lines, arguments.articles)):
                (folder / f"{number:05}.txt").write_text(line, "utf-8")
        began = time.process_time()
        embeddings = KeptEmbeddings(arguments.cache)
        index = build_index([DEFAULT_CORPUS, folder], folder / "home", embeddings)
        print(f"indexed in {time.process_time() - began:.0f} CPU seconds, but for vectors kept")
        began = time.process_time()
        figures, _ = figure_rows(index, limit=50)
        print(f"the first 50 of {figures} figures in {time.process_time() - began:.3f} CPU seconds")
        cases = load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl"))
        report = evaluate(cases, lambda text, history: answer_over(index, text, history))
        article, count = runs(read(DEFAULT_CORPUS).text), index.catalogue.count
        named = {c.id for c in cases if not c.history and names_subject(c.question, article, count)}
        index.catalogue.close()
    own = Report(tuple(result for result in report.results if result.id in named))
    for whose, part in {"all": report, "subject named": own}.items():
        rounded = {k: v if v is None else round(v, 3) for k, v in part.metrics().items()}
        print(f"{whose}: {rounded}")
    relative = [r for r in report.results if r.answerable and relative_year(r.question)]
    print(f"今年, 去年: {sum(r.right for r in relative)} of {len(relative)} right")
    for result in relative:
        if not result.right:
            print(f"  {result.id} {result.question} -> {result.text}")


if __name__ == "__main__":
    main()
