"""Several app processes before one Chroma server, while it changes and is started again.

    python -m benchmarks.fleet [--clients 8] [--seconds 60] [--articles 200] [--news FILE]

Publishes the default article and some hundred others, starts two servers with homes of their own,
and asks both the questions of the test set. Meanwhile a document is added by a third machine, and
the Chroma server is stopped and started. Every answer must be the one that was right before or
that is right after.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

from benchmarks.served import server
from corpus import DEFAULT_CORPUS
from index import Index, build_index, load_embeddings, open_index
from qa import answer_over
from qa.evaluation import load_test_set

__all__: list[str] = []

NEWS = Path("../shared/data/news.txt")
ADDED = "某镇报告\n\n2023年，某镇新建了37座桥。\n\n2023年，某镇改造了25个小区。\n"
ASKED_OF_ADDED = "某镇2023年新建了多少座桥？"
SEED = 7
DOWN_SECONDS = 2  # between the Chroma server's end and its next start
START_SECONDS = 60


@dataclass
class Tally:
    """What came of the questions."""

    right: int = 0
    seconds: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    new: set[str] = field(default_factory=set)


class Chroma:
    """A Chroma server's process, on one port and one folder whenever it is started."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = listener.getsockname()[1]
        self._folder = folder
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self._folder), "--port", str(self._port)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        last = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < last, "the Chroma server does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat").is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Stop it as a service manager does."""
        if self._process:
            self._process.terminate()
            self._process.wait()


@contextmanager
def app(home: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address and process of a server over a data folder, with room for all who ask."""
    roomy = {"DONGXIHU_SERVER_RATE": "1000000", "DONGXIHU_SERVER_QUEUE": "100"}
    with server(roomy, home) as served:
        yield served


def articles(folder: Path, news: Path, number: int) -> Path:
    """A folder of news, or of reports made up where there is no file of news."""
    folder.mkdir()
    if news.exists():
        with news.open(encoding="utf-8") as lines:
            texts = [*islice(lines, number)]
    else:
        texts = [
            f"第{n}镇报告\n\n2024年，第{n}镇新增学位{n * 7}个，新建公园{n % 9 + 1}座。\n"
            for n in range(number)
        ]
    for place, text in enumerate(texts):
        (folder / f"{place:05}.txt").write_text(text, "utf-8")
    return folder


def answers(index: Index, questions: Sequence[str]) -> dict[str, str]:
    """What is answered over one version."""
    return {one: answer_over(index, one).text for one in dict.fromkeys(questions)}


def ask(
    addresses: Sequence[str],
    questions: Sequence[str],
    right: Sequence[dict[str, str]],
    ended: threading.Event,
    tally: Tally,
    lock: threading.Lock,
) -> None:
    """Ask one question after another, of each server in turn, until the end."""
    asked = random.Random(threading.get_ident())
    with httpx.Client(timeout=60) as client:
        turn = 0
        while not ended.is_set():
            turn += 1
            question = asked.choice(questions)
            began = time.perf_counter()
            try:
                answer = client.post(
                    f"{addresses[turn % len(addresses)]}/api/answer", json={"question": question}
                )
                said = answer.json()["text"] if answer.is_success else None
                problem = "" if answer.is_success else f"{answer.status_code} {answer.text[:120]}"
            except httpx.HTTPError as error:
                said, problem = None, repr(error)
            with lock:
                tally.seconds.append(time.perf_counter() - began)
                if said is None:
                    tally.failed[problem] += 1
                elif said in {told[question] for told in right}:
                    tally.right += 1
                    if said != right[0][question]:
                        tally.new.add(addresses[turn % len(addresses)])
                else:
                    tally.wrong.append(f"{question} -> {said}")


def run(options: argparse.Namespace, folder: Path) -> Tally:
    """Publish, ask, change and restart for as long as the options say."""
    chroma = Chroma(folder / "chroma")
    tally, lock, ended = Tally(), threading.Lock(), threading.Event()
    with ExitStack() as stack:
        chroma.start()
        stack.callback(chroma.stop)
        os.environ["DONGXIHU_CHROMA_URL"] = chroma.url
        embeddings, publisher = load_embeddings(), folder / "publisher"
        began = time.monotonic()
        news = articles(folder / "news", options.news, options.articles)
        before = build_index([DEFAULT_CORPUS, news], publisher, embeddings)
        print(f"published {before.catalogue.sizes()} in {time.monotonic() - began:.0f} s")
        cases = load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl"))
        every = [case.question for case in cases if not case.history]
        questions = random.Random(SEED).sample(every, min(options.questions, len(every)))
        questions += [ASKED_OF_ADDED] * (len(questions) // 10)
        (folder / "added.txt").write_text(ADDED, "utf-8")
        # What is right after the change is learnt on an index of the same documents beside it.
        os.environ["DONGXIHU_CHROMA_NAME"] = "rehearsal"
        build_index([DEFAULT_CORPUS, news], folder / "rehearsal", embeddings)
        after = build_index([folder / "added.txt"], folder / "rehearsal", embeddings)
        right = [answers(before, questions), answers(after, questions)]
        del os.environ["DONGXIHU_CHROMA_NAME"]
        changed = sum(said != right[1][question] for question, said in right[0].items())
        print(f"{len(right[0])} questions, {changed} of them answered otherwise after the change")
        began = time.monotonic()
        addresses = [stack.enter_context(app(folder / name))[0] for name in ("one", "two")]
        print(f"two servers with copies of their own after {time.monotonic() - began:.0f} s")
        pool = stack.enter_context(ThreadPoolExecutor(options.clients))
        stack.callback(ended.set)
        for _ in range(options.clients):
            pool.submit(ask, addresses, questions, right, ended, tally, lock)
        time.sleep(options.seconds / 4)
        began = time.monotonic()
        build_index([folder / "added.txt"], publisher, embeddings)
        print(f"a document added in {time.monotonic() - began:.1f} s")
        time.sleep(options.seconds / 4)
        chroma.stop()
        time.sleep(DOWN_SECONDS)
        chroma.start()
        print(f"Chroma stopped, and started after {DOWN_SECONDS} s")
        time.sleep(options.seconds / 2)
        ended.set()
        pool.shutdown()
        assert answers(open_index(publisher, embeddings), questions) == right[1]
        for address in addresses:
            asked = {"question": ASKED_OF_ADDED}
            said = httpx.post(f"{address}/api/answer", json=asked, timeout=60).json()["text"]
            assert said == right[1][ASKED_OF_ADDED], said
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print what came of it; 1 where an answer failed or was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--news", type=Path, default=NEWS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        tally = run(options, Path(name))
    seconds = sorted(tally.seconds)
    print(f"answers  {tally.right}, of the new version from {len(tally.new)} servers")
    print(f"failed   {sum(tally.failed.values())} {dict(tally.failed) or ''}")
    print(f"wrong    {len(tally.wrong)} {tally.wrong[:5] or ''}")
    for share in (50, 95):
        print(f"p{share}      {1000 * seconds[len(seconds) * share // 100]:.0f} ms")
    print(f"longest  {1000 * seconds[-1]:.0f} ms")
    return 1 if tally.failed or tally.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
