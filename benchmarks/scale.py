"""A large index: what opening, asking, changing and swapping it cost.

    python -m benchmarks.scale --home FOLDER [--small FOLDER] [--questions 300] [--swaps 20]

`--home` is a data folder with an index, `--small` another one of some thousand passages to
compare retrieval with. An index of 50,000 passages:

    DONGXIHU_HOME=FOLDER dongxihu index corpus/dongxihu/article.txt NEWS   # 8,800 articles
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]

from corpus import DEFAULT_CORPUS
from index import CurrentIndex, Index, load_embeddings, open_index, remove_documents, sync_index
from qa import answer_over, figure_rows
from qa.evaluation import load_test_set

__all__: list[str] = []

NEW = "清泉镇2023年工作总结\n\n2023年，清泉镇新建了37座桥，改造道路12公里。\n"
MEGABYTE = 2**20
TIMED = (
    "import time; from qa import *; began = time.perf_counter(); {};"
    " print(time.perf_counter() - began)"
)
FIRST_ANSWER = TIMED.format("answer('2024年改造了多少个小区？')")
FIRST_FIGURES = TIMED.format("figure_rows(default_index(), limit=50)")


def main() -> None:
    """Measure and print, one line a thing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--small", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--swaps", type=int, default=20)
    arguments = parser.parse_args()
    asked = load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl"))[: arguments.questions]
    questions = [case.question for case in asked]
    os.environ["DONGXIHU_HOME"] = str(arguments.home)
    for name, code in (("first answer", FIRST_ANSWER), ("first figures", FIRST_FIGURES)):
        own, whole = in_new_process(code)
        print(f"open and {name}: {own:.2f} s; with the start of Python: {whole:.2f} s")
    for home in filter(None, (arguments.small, arguments.home)):
        measure_retrieval(home, questions)
    index = open_index()
    print("figures, a page:", spread([timed(first_figures, index) for _ in range(20)]))
    print("answer:", spread([timed(answer_over, index, question) for question in questions]))
    print(f"memory after that: {memory():.0f} MB")
    del index
    with tempfile.TemporaryDirectory() as name:
        measure_changes(arguments.home, Path(name), arguments.swaps)


def in_new_process(code: str) -> tuple[float, float]:
    """Seconds that code says it takes in a new Python, and all of it, the medians of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        said = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)
        taken.append((float(said.stdout), time.perf_counter() - began))
    own, whole = np.median(taken, axis=0).tolist()
    return own, whole


def measure_retrieval(home: Path, questions: list[str]) -> None:
    """How long it takes to find eight passages; no question is asked twice."""
    index = open_index(home)
    index.search("热身", 8)
    load_embeddings().embed_query("热身")
    taken = [timed(index.search, f"请问{question}", 8) for question in questions]
    print(f"retrieval among {index.catalogue.sizes()[1]} passages:", spread(taken))


def first_figures(index: Index) -> None:
    """What the page of figures shows first."""
    figure_rows(index, limit=50)
    index.catalogue.figures.years()


def timed(call: Callable[..., object], *arguments: object) -> float:
    """Seconds of a call."""
    began = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - began


def spread(seconds: list[float]) -> str:
    """The median and the 95th percentile in milliseconds."""
    middle, high = 1000 * np.percentile(seconds, [50, 95])
    return f"p50 {middle:.1f} ms, p95 {high:.1f} ms"


def measure_changes(home: Path, folder: Path, swaps: int) -> None:
    """A document added and removed by the program, and many swaps in one process."""
    own = folder / "home"
    shutil.copytree(home, own)
    os.environ["DONGXIHU_HOME"] = str(own)
    page = folder / "new.txt"
    page.write_text(NEW, "utf-8")
    for name, command in (
        ("added", ["index", str(page)]),
        ("removed", ["corpus", "remove", page.name]),
    ):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "ui", *command], check=True, stdout=subprocess.DEVNULL
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"one document {name}: {used:.2f} CPU seconds")
    current, process = CurrentIndex(), psutil.Process()
    told = []
    for number in range(swaps + 3):
        if number % 2:
            remove_documents([page.name], own, load_embeddings())
        else:
            sync_index([page], own, load_embeddings())
        answer_over(current.get(), "清泉镇新建了多少座桥？")
        told.append((memory(), process.num_fds(), process.num_threads()))
    print("memory in MB, files, threads after each swap:")
    print("  " + ", ".join(f"{size:.0f} {files} {threads}" for size, files, threads in told))


def memory() -> float:
    """Megabytes of this process."""
    return float(psutil.Process().memory_info().rss) / MEGABYTE


if __name__ == "__main__":
    main()
