"""How fast documents become an index, against the usual recipe with the same encoder.

    python -m benchmarks.indexing [--news ../shared/data/news.txt] [--articles 1200] [--runs 1]

Each side indexes the same articles in a process of its own: here `sync_index`, there langchain's
RecursiveCharacterTextSplitter (500 characters, 50 of overlap) into Chroma. The rate counts 300
characters of text as a passage, however they were cut.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from index import load_embeddings, sync_index

__all__: list[str] = []

PASSAGE = 300  # characters
POLL_SECONDS = 0.2
MEGABYTE = 2**20


def main() -> None:
    """Index with both, in turn, and print their rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, default=Path("../shared/data/news.txt"))
    parser.add_argument("--articles", type=int, default=1200)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--child", choices=("ours", "recipe"))
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.child:
        {"ours": index_ours, "recipe": index_recipe}[arguments.child](arguments.folder)
        return
    rates: dict[str, list[float]] = {"ours": [], "recipe": []}
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name) / "texts"
        characters = write_texts(arguments.news, arguments.articles, texts)
        print(f"{arguments.articles} articles, {characters} characters")
        for _ in range(arguments.runs):
            for side, found in rates.items():
                seconds, memory = run(side, texts)
                found.append(characters / PASSAGE / seconds)
                print(f"{side}: {found[-1]:.1f} passages/s, {memory:.0f} MB at most", flush=True)
    ours, recipe = (statistics.median(found) for found in rates.values())
    print(f"ratio: {ours / recipe:.2f}")


def write_texts(news: Path, articles: int, folder: Path) -> int:
    """Write articles to files of their own, and how many characters they have."""
    folder.mkdir()
    characters = 0
    with news.open(encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, articles)):
            (folder / f"{number:05}.txt").write_text(line, "utf-8")
            characters += len(line)
    return characters


def run(side: str, texts: Path) -> tuple[float, float]:
    """Seconds that a side takes in a new process, and the most memory of it and its children."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.indexing", "--child", side, "--folder", str(texts)]
    most = 0.0
    with subprocess.Popen(command) as process:
        whole = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                family = [whole, *whole.children(recursive=True)]
                most = max(most, sum(one.memory_full_info().pss for one in family) / MEGABYTE)
            except psutil.Error:
                pass
            time.sleep(POLL_SECONDS)
    return time.perf_counter() - began, most


def index_ours(folder: Path) -> None:
    """Sync a folder into an index of its own."""
    with tempfile.TemporaryDirectory() as home:
        summary = sync_index([folder], Path(home), load_embeddings())
        print(f"  {summary.documents} documents, {summary.passages} passages")


def index_recipe(folder: Path) -> None:
    """Split a folder's files by length and store them in Chroma, as tutorials do."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
    texts = [path.read_text("utf-8") for path in sorted(folder.iterdir())]
    documents = splitter.create_documents(texts)
    with tempfile.TemporaryDirectory() as home:
        Chroma.from_documents(documents, load_embeddings(), persist_directory=home)
        print(f"  {len(documents)} chunks")


if __name__ == "__main__":
    main()
