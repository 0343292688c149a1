"""How fast documents become an index, against the usual recipe with the same encoder.

    python -m benchmarks.indexing [--news ../shared/data/news.txt] [--articles 1200] [--runs 1]

Each side indexes the same articles in a process of its own: here `sync_index`, there langchain's
RecursiveCharacterTextSplitter (500 characters, 50 of overlap) into Chroma, with the encoder run
by sentence-transformers, as tutorials do, and once more with it run as here. The rate counts 300
characters of text as a passage, however they were cut; the seconds are without the imports.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from langchain_core.embeddings import Embeddings

import index
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
    parser.add_argument("--child", choices=SIDES)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.child:
        SIDES[arguments.child](arguments.folder)
        return
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name) / "texts"
        characters = write_texts(arguments.news, arguments.articles, texts)
        print(f"{arguments.articles} articles, {characters} characters")
        for _ in range(arguments.runs):
            for side, found in rates.items():
                seconds, memory = run(side, texts)
                found.append(characters / PASSAGE / seconds)
                print(f"{side}: {found[-1]:.1f} passages/s, {memory:.0f} MB at most", flush=True)
    ours, recipe, lent = (statistics.median(found) for found in rates.values())
    print(f"against the recipe {ours / recipe:.2f}, lent our encoder {ours / lent:.2f}")


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
    command = [sys.executable, "-m", "benchmarks.indexing", "--child", side, "--folder", str(texts)]
    most = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        whole = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                family = [whole, *whole.children(recursive=True)]
                most = max(most, sum(one.memory_full_info().pss for one in family) / MEGABYTE)
            except psutil.Error:
                pass
            time.sleep(POLL_SECONDS)
        told = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{side} failed")
    return float(told.split()[-1]), most


def index_ours(folder: Path) -> None:
    """Sync a folder into an index of its own."""
    load_embeddings().embed_query("热身")
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        sync_index([folder], Path(home), load_embeddings())
        print(time.perf_counter() - began)


def index_recipe(folder: Path) -> None:
    """As tutorials do."""
    from sentence_transformers import SentenceTransformer

    place = Path(index.__file__).parent / "models" / "e5-small-zh"
    model = SentenceTransformer(str(place), trust_remote_code=True)

    class TutorialEmbeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, prompt_name="document").tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    store_split(folder, TutorialEmbeddings())


def index_lent(folder: Path) -> None:
    """As tutorials do, with the encoder run as here."""
    load_embeddings().embed_query("热身")
    store_split(folder, load_embeddings())


def store_split(folder: Path, embeddings: Embeddings) -> None:
    """Split a folder's files by length and store them in Chroma."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    began = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
    texts = [path.read_text("utf-8") for path in sorted(folder.iterdir())]
    documents = splitter.create_documents(texts)
    with tempfile.TemporaryDirectory() as home:
        Chroma.from_documents(documents, embeddings, persist_directory=home)
    print(time.perf_counter() - began)


SIDES: dict[str, Callable[[Path], None]] = {
    "ours": index_ours,
    "recipe": index_recipe,
    "recipe, run as ours": index_lent,
}


if __name__ == "__main__":
    main()
