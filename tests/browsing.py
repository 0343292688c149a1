"""The page as a reader meets it: a server of its own, and visits to it in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    FilePayload,
    FloatRect,
    Locator,
    Page,
    Request,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from offline import REFUSED
from serving import Server, serving
from ui.guard.access import Access
from waiting import PATIENCE, until

__all__ = [
    "ANSWERED",
    "BRIDGES",
    "BRIDGE_REPORT",
    "FIXTURES",
    "FOLLOW_UP",
    "HOSTILE_TEXTS",
    "NARROW",
    "PASSWORD",
    "POINTS",
    "UNANSWERED",
    "WIDE",
    "Held",
    "Visit",
    "box_of",
    "browsing",
    "faults",
    "new_visit",
    "open_page",
    "visiting",
]

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 360, "height": 640}
MILLISECONDS = 1000 * PATIENCE  # as the browser counts
expect.set_options(timeout=MILLISECONDS)

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",  # a container's root may not make one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "correct horse battery"
ANSWERED = "2024年改造了多少个小区？"
FOLLOW_UP = "2025年打算新增多少个公共停车位？"
UNANSWERED = "人才公寓的月租金是多少？"
POINTS = "2024年取得了哪些成绩？"
BRIDGES = "2023年甲镇新建了多少座桥？"
BRIDGE_REPORT = "甲镇报告\n\n2023年，甲镇新建了37座桥，甲镇新修了12公里公路。\n"
HOSTILE_TEXTS = (
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>？",
    "\"><svg/onload=document.title='owned'>'\" onmouseover='document.title=1",
    "{{constructor.constructor('document.title=1')()}} ${document.title=1} </main><iframe src=//x>",
)
# What fades in has come to its end; what goes on for ever is not waited for.
SETTLED = """() => Promise.allSettled(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished)
)"""


@dataclass
class Visit:
    """A page opened in a browser, every address it has asked for, and what went wrong in it.

    What is `expected` to go wrong is told by a part of its address.
    """

    page: Page
    requested: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def box(self) -> Locator:
        """Where questions are typed."""
        return self.page.locator("#question")

    @property
    def turns(self) -> Locator:
        """The turns of the conversation."""
        return self.page.locator(".turn")

    @property
    def last(self) -> Locator:
        """The last turn of the conversation."""
        return self.turns.last

    @property
    def answers(self) -> Locator:
        """What is answered in large, one a value."""
        return self.page.locator(".answered .text")

    def type(self, question: str) -> None:
        """Type a question and send it."""
        self.box.fill(question)
        self.box.press("Enter")

    def ask(self, question: str) -> None:
        """Type a question, send it, and wait for its reply."""
        self.type(question)
        expect(self.last.locator(".question")).to_contain_text(question[:20])
        expect(self.page.locator(".pending")).to_have_count(0)

    def choose(self, *files: tuple[str, bytes]) -> None:
        """Choose files by the button, each a name and what is in it."""
        with self.page.expect_file_chooser() as chooser:
            self.page.locator("#upload").click()
        chosen: list[FilePayload] = [
            {"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files
        ]
        chooser.value.set_files(chosen)

    def bring(self, name: str, text: str = BRIDGE_REPORT) -> None:
        """Bring a document along and wait until it is asked."""
        read = self.page.locator("#read .file")
        before = read.count()
        self.choose((name, text.encode()))
        expect(read).to_have_count(before + 1)

    def conversations(self) -> Locator:
        """The conversations kept in this browser, in their menu."""
        menu = self.page.locator("#kept")
        if menu.get_attribute("open") is None:
            menu.locator("summary").click()
        return menu.locator(".kept .wide")

    def settle(self) -> None:
        """Wait until what fades in is there."""
        self.page.evaluate(SETTLED)

    def pause(self, seconds: float = 0.1) -> None:
        """Let the browser go on for a moment, between two looks at it."""
        self.page.wait_for_timeout(1000 * seconds)

    def stand_still(self) -> None:
        """Wait until the page has asked for all it can; too short a wait fails no test."""
        known = -1
        while known < len(self.requested):
            known = len(self.requested)
            self.pause(0.3)

    def check(self) -> None:
        """Nothing has gone wrong in it, and it asked nobody but its server."""
        assert not self.problems, self.problems
        hosts = {urlsplit(url).hostname for url in self.requested if url.startswith("http")}
        assert hosts == {"127.0.0.1"}, hosts


class Held:
    """Requests of a page that wait until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._routes: list[Route] = []
        self._open = False

        def hold(route: Route) -> None:
            if self._open:
                route.continue_()
            else:
                self._routes.append(route)

        page.route(pattern, hold)

    def wait(self, count: int = 1) -> None:
        """Wait until there are some."""
        until(lambda: len(self._routes) >= count, self._pause)

    def let_go(self) -> None:
        """Let all go, and hold no more of them; comes back once the page has had the answers."""
        self._open = True
        for route in self._routes:
            route.continue_()
        for route in self._routes:
            with suppress(Error):  # the page has left meanwhile
                answered = route.request.response()
                if answered:
                    answered.finished()
        self._page.evaluate("() => new Promise((taken) => setTimeout(taken))")

    def let_one_go(self, place: int = 0) -> None:
        """Let one of them go and hold the others."""
        self._routes.pop(place).continue_()

    def break_off(self) -> None:
        """End all without an answer."""
        for route in self._routes:
            route.abort()

    def _pause(self, seconds: float) -> None:
        self._page.wait_for_timeout(1000 * seconds)


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of a module; it never tried to leave the machine, nor failed."""
    Access(home).set_password(PASSWORD)
    log = tmp_path_factory.mktemp("server") / "stderr"
    with serving(home, log, rate="100000") as server:
        yield server
    said = log.read_text("utf-8")
    assert REFUSED not in said
    assert "Traceback" not in said, said[said.find("Traceback") :][:3000]
    assert ANSWERED not in said  # what people ask is theirs


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: $DONGXIHU_PICTURES, for somebody to look at them."""
    named = os.environ.get("DONGXIHU_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; of a module, since no other event loop can run while it does."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing; .ci/run installs it")
        pytest.skip("chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS), timeout=MILLISECONDS
        )
        yield browser
        browser.close()


@contextmanager
def browsing(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A reader's browser, as patient as the tests and Chinese unless told otherwise."""
    with browser.new_context(**{"locale": "zh-CN", **options}) as context:
        context.set_default_timeout(MILLISECONDS)
        yield context


def new_visit(context: BrowserContext) -> Visit:
    """A page that is not yet opened anywhere."""
    visit = Visit(context.new_page())
    visit.page.on("request", _noting(visit))
    visit.page.on("console", _complaining(visit))
    visit.page.on("pageerror", lambda error: visit.problems.append(str(error)))
    visit.page.on("dialog", lambda dialog: visit.problems.append(dialog.message))
    return visit


def _noting(visit: Visit) -> Callable[[Request], None]:
    return lambda request: visit.requested.append(request.url)


def _complaining(visit: Visit) -> Callable[[ConsoleMessage], None]:
    def note(message: ConsoleMessage) -> None:
        told = f"{message.text} {message.location['url']}"
        if message.type == "error" and not any(part in told for part in visit.expected):
            visit.problems.append(told)

    return note


def open_page(context: BrowserContext, server: Server, query: str = "") -> Visit:
    """A visit whose page can be typed into."""
    visit = new_visit(context)
    visit.page.goto(f"{server.address}/{query}")
    expect(visit.box).to_be_visible()
    return visit


@contextmanager
def visiting(browser: Browser, server: Server, query: str = "", **options: Any) -> Iterator[Visit]:
    """A visit in a browser of its own, in which nothing goes wrong."""
    with browsing(browser, **options) as context:
        visit = open_page(context, server, query)
        yield visit
        visit.check()


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    """A visit as most are."""
    with visiting(browser, server) as visit:
        yield visit


# What a test module names, so that pytest finds it there.
FIXTURES = (browser, pictures, server, visit)


def box_of(element: Locator) -> FloatRect:
    """Where an element is seen."""
    box = element.bounding_box()
    assert box is not None
    return box


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What keeps people out of a page, by axe: each with the HTML it is about."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
