"""How long a reader waits on the page: for the page itself, and from Enter to an answer.

    python -m benchmarks.page [--questions 100]

In chromium, warm. First the page is loaded some times with an empty cache: how many requests and
bytes it takes, when it can be typed into, and how far what is seen jumps meanwhile (the
cumulative layout shift). Then questions of the test set are asked one after the other and timed
in the browser from the key to the answer in the document: lookups, and open questions apart. The
page's own share is measured beside them: the same over a service that answers at once.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from corpus import DEFAULT_CORPUS
from index import default_home, share_cores
from qa import Answer, answer
from qa.evaluation import load_test_set
from ui.guard.access import Access
from ui.server import build_app
from ui.service.feedback import Feedback
from ui.service.service import History, Service
from ui.settings import Settings

SEED = 5
PAUSE = 0.3  # seconds between two questions; a reader takes longer
PORT = 7893
LOADS = 5
STILL = 1.0  # seconds without anything new, after which a page is whole
OPEN = ("list", "descriptive")  # kinds of questions that are answered in points

_WATCH = """() => {
  window.waits = [];
  let began = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") began = performance.now();
  }, true);
  const answered = () => document.querySelectorAll(".reply:not(.pending)").length;
  new MutationObserver(() => {
    if (answered() > window.waits.length) window.waits.push(performance.now() - began);
  }).observe(document.querySelector("#conversation"), { childList: true, subtree: true });
}"""
_APPEARING = """() => {
  const look = () => {
    if (document.querySelector("#question")) window.typed ??= performance.now();
    if (document.querySelector("#corpus .example")) window.ready = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
_LOADED = """() => new Promise((resolve) => {
  const parts = [performance.getEntriesByType("navigation")[0],
    ...performance.getEntriesByType("resource")];
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve([parts.length,
    parts.reduce((sum, part) => sum + part.transferSize, 0), window.typed, window.ready, moved]));
})"""


class Load(NamedTuple):
    """One load of the page: times in milliseconds since it was asked for."""

    requests: int
    bytes: int
    typed: float
    ready: float
    shift: float


class InstantService(Service):
    """Answers every question at once with the same answer."""

    def warm(self) -> None:
        """Ask the one question that is ever answered."""
        super().warm()
        self._same = answer("2024年改造了多少个小区？")

    async def answer(
        self,
        question: str,
        history: History = (),
        visit: str = "",
        where: Mapping[str, object] | None = None,
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """The same answer, whatever is asked."""
        return self._same


@contextmanager
def serving(service: Service, port: int, home: Path) -> Iterator[str]:
    """The address of a server in a thread of this process."""
    service.warm()
    app = build_app(service, Access(home), Feedback(home), local_only=True, public=False)
    config = uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )


def load(browser: Browser, address: str) -> Load:
    """Load the page with nothing in the cache."""
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.add_init_script(f"({_APPEARING})();")
        page.goto(address)
        page.wait_for_function("window.ready")
        page.wait_for_timeout(1000 * STILL)
        return Load(*page.evaluate(_LOADED))


def ask_all(browser: Browser, address: str, questions: Sequence[str]) -> list[float]:
    """Milliseconds from Enter to the answer, one a question; the first warms the page."""
    with browser.new_context(locale="zh-CN") as context:
        page: Page = context.new_page()
        page.goto(address)
        page.locator("#corpus .example").first.wait_for()
        page.evaluate(_WATCH)
        box = page.locator("#question")
        for number, question in enumerate(questions, 1):
            box.fill(question)
            box.press("Enter")
            page.wait_for_function("(number) => window.waits.length >= number", arg=number)
            time.sleep(PAUSE)
        waits: list[float] = page.evaluate("window.waits")
        return waits[1:]


def _tell_loads(loads: Sequence[Load]) -> None:
    middle = Load(*(statistics.median(values) for values in zip(*loads, strict=True)))
    print(
        f"the page, {len(loads)} loads: {middle.requests:.0f} requests, "
        f"{middle.bytes / 1000:.0f} kB, can be typed into after {middle.typed:.0f} ms, "
        f"whole after {middle.ready:.0f} ms, layout shift {max(one.shift for one in loads):.3f}"
    )


def _tell_waits(name: str, waits: list[float]) -> None:
    waits = sorted(waits)
    slow = waits[int(0.95 * len(waits))]
    middle = statistics.median(waits)
    print(f"{name}: {len(waits)} questions, p50 {middle:.0f} ms, p95 {slow:.0f} ms")


def main() -> None:
    """Measure the page and both services, and print the medians and the slow ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100)
    count = parser.parse_args().questions
    logging.basicConfig(level=logging.WARNING)  # before the libraries set up one of their own
    print(f"index at {default_home()}")
    cases = load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl"))
    cases = [case for case in cases if not case.history]
    asked = {
        "lookups": [case.question for case in cases if case.type not in OPEN],
        "open questions": [case.question for case in cases if case.type in OPEN],
    }
    settings = Settings(rate=1_000_000)
    share_cores(settings.workers)  # as `serve` does
    for place, (name, service) in enumerate(
        [("answers", Service(settings)), ("an instant service", InstantService(settings))]
    ):
        with (
            tempfile.TemporaryDirectory() as home,
            serving(service, PORT + place, Path(home)) as address,
            browsing() as browser,
        ):
            if not place:
                _tell_loads([load(browser, address) for _ in range(LOADS)])
            for kind, questions in asked.items():
                random.Random(SEED).shuffle(questions)
                waits = ask_all(browser, address, questions[: count + 1])
                _tell_waits(f"{name}, {kind}", waits)


if __name__ == "__main__":
    main()
