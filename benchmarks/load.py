"""Many people asking at once: how fast accepted questions are answered, and how many wait.

    python -m benchmarks.load [--users 50] [--seconds 60] [--think 0] [--rude 0] [--workers N] ...

Starts a server of its own, with the limits it is shipped with where none is given, and asks it
different questions over HTTP. The users share one address; each who is told to come back waits as
long as the server says. Rude ones come from another address, do not wait, and are not counted.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from locust import FastHttpUser, constant, task
from locust.env import Environment

from benchmarks.served import server
from corpus import DEFAULT_CORPUS
from qa.evaluation import load_test_set

__all__: list[str] = []

QUESTIONS = DEFAULT_CORPUS.with_name("questions.jsonl")
SEED = 7
# In front of a question from the second time on, so that none is asked twice.
OPENINGS = (
    "",
    "请问",
    "你好，",
    "我想知道",
    "想问一下，",
    "请告诉我，",
    "麻烦问一下，",
    "您好，请问",
)
RUDE_ADDRESS = "127.0.0.2"  # of this machine too, on Linux
RUDE_SECONDS = 0.05  # a rude one asks again after this; with no pause at all only locust would work
LATER = (429, 503)  # a user asks again after them
MEGABYTE = 2**20


@dataclass
class Tally:
    """What the users met: seconds of accepted questions, all statuses, the server's memory."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    memory: list[tuple[str, float]] = field(default_factory=list)


def questions() -> Iterator[str]:
    """The questions of the test set in a fixed random order, again and again in other words."""
    asked = [case.question for case in load_test_set(QUESTIONS)]
    random.Random(SEED).shuffle(asked)
    return itertools.cycle(opening + question for opening in OPENINGS for question in asked)


def user_class(address: str, think: float, tally: Tally) -> type[FastHttpUser]:
    """A user who asks one question after another and writes down what comes."""
    source = questions()

    class Asker(FastHttpUser):
        """One of many."""

        host = address
        wait_time = constant(think)

        @task
        def ask(self) -> None:
            """Ask the next question, again if need be, until it is accepted."""
            question = next(source)
            while True:
                began = time.perf_counter()
                with self.client.post(
                    "/api/answer", json={"question": question}, catch_response=True
                ) as response:
                    tally.statuses[response.status_code] += 1
                    if response.status_code not in LATER:
                        if response.status_code == 200:
                            tally.seconds.append(time.perf_counter() - began)
                        return
                    response.success()
                    wait = float(response.headers.get("Retry-After", 1))
                time.sleep(wait)

    return Asker


def pester(address: str) -> None:
    """Ask again and again from another address, whatever the server says, until it is gone."""
    body = json.dumps({"question": next(questions())})
    with suppress(OSError, HTTPException):
        while True:
            client = HTTPConnection(urlsplit(address).netloc, source_address=(RUDE_ADDRESS, 0))
            client.request("POST", "/api/answer", body, {"Content-Type": "application/json"})
            client.getresponse().read()
            client.close()
            time.sleep(RUDE_SECONDS)


def run(options: argparse.Namespace) -> Tally:
    """Let the users ask for as long as the options say."""
    settings: dict[str, str] = {}
    for name in ("workers", "queue"):
        if (value := getattr(options, name)) is not None:
            settings[f"DONGXIHU_SERVER_{name.upper()}"] = str(value)
    tally = Tally()
    with server(settings) as (address, process):

        def note(when: str) -> None:
            tally.memory.append((when, process.memory_info().rss / MEGABYTE))

        note("start")
        asker = user_class(address, options.think, tally)
        runner = Environment(user_classes=[asker]).create_local_runner()
        runner.start(options.users, spawn_rate=options.users)
        for _ in range(options.rude):  # locust makes threads of its own kind
            threading.Thread(target=pester, args=(address,), daemon=True).start()
        first = min(10, options.seconds)
        time.sleep(first)  # locust has made it wait without blocking its users
        note(f"{first:g} s")
        time.sleep((options.seconds - first) / 2)
        note("middle")
        time.sleep((options.seconds - first) / 2)
        note("end")
        runner.quit()
    return tally


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one load and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=0, help="seconds between two questions")
    parser.add_argument("--rude", type=int, default=0, help="how many more ask without a pause")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--queue", type=int)
    options = parser.parse_args(arguments)
    tally = run(options)
    seconds = sorted(tally.seconds)
    total = sum(tally.statuses.values())
    others = {status: n for status, n in tally.statuses.items() if status not in (200, *LATER)}
    print(f"requests      {total}")
    print(f"accepted      {len(seconds)}, {len(seconds) / options.seconds:.1f}/s")
    for share in (50, 95, 99):
        print(f"p{share}           {1000 * seconds[len(seconds) * share // 100]:.0f} ms")
    print(f"told to wait  {sum(tally.statuses[status] for status in LATER) / total:.1%}")
    print(f"anything else {others or 'none'}")
    print("memory        " + ", ".join(f"{when} {size:.0f} MB" for when, size in tally.memory))


if __name__ == "__main__":
    main()
