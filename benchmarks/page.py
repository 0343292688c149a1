"""How long a reader waits on the page: from Enter to the answer, in a real browser.

    python -m benchmarks.page [--questions 100]

Asks questions of the test set one after the other in chromium, warm, and measures in the
browser from the key to the answer in the document. The page's own share is measured beside it:
the same over a service that answers at once.
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
from collections.abc import Mapping
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

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
    ) -> Answer:
        """The same answer, whatever is asked."""
        return self._same


def measure(service: Service, questions: list[str], port: int, home: Path) -> list[float]:
    """Milliseconds from Enter to the answer, one a question."""
    service.warm()
    app = build_app(service, Access(home), Feedback(home), local_only=True, public=False)
    config = uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.1)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(locale="zh-CN")
            page.goto(f"http://127.0.0.1:{port}/")
            return _ask_all(page, questions)
    finally:
        server.should_exit = True
        thread.join()


def _ask_all(page: Page, questions: list[str]) -> list[float]:
    box = page.locator("#question textarea")
    box.wait_for()
    page.locator("#conversation").wait_for(state="attached")
    page.evaluate(_WATCH)
    for number, question in enumerate(questions, 1):
        box.fill(question)
        box.press("Enter")
        page.wait_for_function("(number) => window.waits.length >= number", arg=number)
        time.sleep(PAUSE)
    waits: list[float] = page.evaluate("window.waits")
    return waits[1:]  # the first draws more than an answer


def main() -> None:
    """Measure both services and print the medians and the slow ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100)
    count = parser.parse_args().questions
    logging.basicConfig(level=logging.WARNING)  # before the libraries set up one of their own
    print(f"index at {default_home()}")
    cases = load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl"))
    asked = [case.question for case in cases if not case.history]
    random.Random(SEED).shuffle(asked)
    settings = Settings(rate=1_000_000)
    share_cores(settings.workers)  # as `serve` does
    for place, (name, service) in enumerate(
        [("answers", Service(settings)), ("an instant service", InstantService(settings))]
    ):
        with tempfile.TemporaryDirectory() as home:
            waits = sorted(measure(service, asked[: count + 1], PORT + place, Path(home)))
        slow = waits[int(0.95 * len(waits))]
        middle = statistics.median(waits)
        print(f"{name}: {len(waits)} questions, p50 {middle:.0f} ms, p95 {slow:.0f} ms")


if __name__ == "__main__":
    main()
