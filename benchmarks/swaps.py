"""A new version of the index again and again under clients who ask: what fails, is wrong, grows.

    python -m benchmarks.swaps [--clients 20] [--seconds 60] [--home FOLDER]

A server over a copy of `--home`, else over the default article. One document is written anew and
synced again and again in a process of its own; each client asks for its figure and for one that
never changes, and an answer is wrong where it is of no version that was in use meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

from benchmarks.fleet import app
from corpus import DEFAULT_CORPUS

__all__: list[str] = []

CHANGING, FIXED = "清泉镇新建了多少座桥？", "2024年改造了多少个小区？"
FIXED_ANSWER = "25个"
PAGE = "清泉镇工作总结\n\n2023年，清泉镇新建了{}座桥。\n"
BEHIND = 4  # versions that may be in use, on the way and asked of
MEGABYTE = 2**20


class Clients:
    """Threads that ask until they are told to end, and what they met."""

    def __init__(self, address: str, number: int) -> None:
        self.met: Counter[str] = Counter()
        self.latest = 1
        self._address = address
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(i,)) for i in range(number)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let each finish what it asks."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        turn = number
        while not self._ended.is_set():
            turn += 1
            before = self.latest
            question = CHANGING if turn % 2 else FIXED
            self.met[self._judge(question, self._answer(question), before)] += 1

    def _answer(self, question: str) -> str:
        """What is answered; a client that is told to come back does."""
        body = json.dumps({"question": question}).encode()
        asked = urllib.request.Request(  # noqa: S310 - the server's own address
            f"{self._address}/api/answer", body, {"Content-Type": "application/json"}
        )
        while True:
            try:
                with urllib.request.urlopen(asked, timeout=60) as reply:  # noqa: S310
                    return str(json.load(reply)["text"])
            except urllib.error.HTTPError as error:  # noqa: PERF203 - it is asked again
                if error.code != 429:
                    return f"failed: {error.code}"
                time.sleep(int(error.headers.get("Retry-After", 1)))
            except OSError as error:
                return f"failed: {error}"

    def _judge(self, question: str, said: str, before: int) -> str:
        if said.startswith("failed"):
            return said
        if question == FIXED:
            return "right" if said == FIXED_ANSWER else f"wrong: {said}"
        versions = range(max(1, before - BEHIND), self.latest + 2)
        # With what is counted or without: 123座桥
        told = said.removesuffix("桥")
        return "right" if told in {f"{100 + n}座" for n in versions} else f"wrong: {said}"


def main() -> None:
    """Swap, ask, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home, page = Path(name) / "home", Path(name) / "清泉镇.txt"
        if options.home:
            shutil.copytree(options.home, home)
        page.write_text(PAGE.format(101), "utf-8")
        environment = {**os.environ, "DONGXIHU_HOME": str(home)}
        sync = [sys.executable, "-m", "ui", "index", str(page)]
        if not options.home:
            sync.append(str(DEFAULT_CORPUS))
        subprocess.run(sync, env=environment, check=True, stdout=subprocess.DEVNULL)
        with app(home) as (address, served):
            clients = Clients(address, options.clients)
            began = time.monotonic()
            told: list[tuple[float, int, int]] = []
            while time.monotonic() - began < options.seconds:
                clients.latest += 1
                page.write_text(PAGE.format(100 + clients.latest), "utf-8")
                subprocess.run(sync, env=environment, check=True, stdout=subprocess.DEVNULL)
                told.append(
                    (served.memory_info().rss / MEGABYTE, served.num_fds(), served.num_threads())
                )
            clients.end()
            print(f"{len(told)} swaps, {sum(clients.met.values())} answers: {dict(clients.met)}")
            print("memory in MB, files, threads of the server after each swap:")
            print("  " + ", ".join(f"{size:.0f} {files} {n}" for size, files, n in told))


if __name__ == "__main__":
    main()
