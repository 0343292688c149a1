"""The chat page in a real browser, served as a user serves it, with no way out of the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from offline import REFUSED

pytestmark = pytest.mark.timeout(180)

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
ANSWERED = "2024年改造了多少个小区？"
FOLLOW_UP = "2025年打算新增多少个公共停车位？"
UNANSWERED = "市里的地铁票价是多少？"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>？"
PHONE = {"width": 360, "height": 740}
ENGLISH = re.compile(r"[A-Za-z]{3,}")


@dataclass
class Server:
    """A served page and what its process has said so far."""

    address: str
    log: Path


@dataclass
class Visit:
    """A page opened in a browser, and every address it has asked for."""

    page: Page
    requested: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question, send it, and wait for its reply."""
        replies = self.page.locator(".reply:not(.pending)").count()
        self.page.get_by_placeholder("输入问题").fill(question)
        self.page.get_by_role("button", name="提问", exact=True).click()
        expect(self.page.locator(".reply:not(.pending)")).to_have_count(replies + 1)


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "stderr"
    program = [sys.executable, str(Path(__file__).with_name("offline.py")), "serve", "--port", "0"]
    environment = {**os.environ, "DONGXIHU_HOME": str(home), "PYTHONUTF8": "1"}
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            program, stdout=subprocess.PIPE, stderr=stderr, env=environment, encoding="utf-8"
        ) as process,
    ):
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, said + log.read_text("utf-8")
            yield Server(found.group(), log)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing; .ci/run installs it")
        pytest.skip("chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def open_page(context: BrowserContext, server: Server) -> Visit:
    visit = Visit(context.new_page())

    def note(request: Request) -> None:
        visit.requested.append(request.url)

    visit.page.on("request", note)
    visit.page.on("pageerror", lambda error: visit.problems.append(str(error)))
    visit.page.on("dialog", lambda dialog: visit.problems.append(dialog.message))
    visit.page.goto(server.address)
    expect(visit.page.get_by_placeholder("输入问题")).to_be_visible()
    return visit


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    # An English browser, so that a label left to Gradio would show.
    with browser.new_context(locale="en-US") as context:
        visit = open_page(context, server)
        yield visit
        assert visit.problems == []
        hosts = {urlsplit(url).hostname for url in visit.requested if url.startswith("http")}
        assert hosts == {"127.0.0.1"}


def test_a_question_is_answered_and_its_citation_opens(visit: Visit) -> None:
    visit.ask(ANSWERED)
    expect(visit.page.locator(".answered .text")).to_have_text("25个")
    passage = visit.page.locator("details.citation .passage").first
    expect(passage).to_be_hidden()
    visit.page.locator("details.citation summary").first.click()
    expect(passage).to_be_visible()
    expect(passage.locator("mark")).to_contain_text("完成25个小区更新改造")
    expect(visit.page.locator("details.citation .section").first).to_contain_text("住房保障")


def test_an_open_citation_stays_open_when_more_is_asked(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.locator("details.citation summary").first.click()
    visit.ask(FOLLOW_UP)
    expect(visit.page.locator(".turn")).to_have_count(2)
    expect(visit.page.locator(".turn").nth(0).locator("mark").first).to_be_visible()
    expect(visit.page.locator(".turn").nth(1).locator("mark").first).to_be_hidden()


def test_a_follow_up_is_understood_from_the_chat(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.ask("那电梯呢？")
    expect(visit.page.locator(".turn").nth(1).locator(".text")).to_have_text("20部")


def test_a_refusal_looks_like_one(visit: Visit) -> None:
    visit.ask(UNANSWERED)
    reply = visit.page.locator(".reply")
    expect(reply).to_have_class(re.compile(r"\brefused\b"))
    expect(reply).to_contain_text("没有找到答案")
    expect(reply.locator("mark")).to_have_count(0)


def test_an_example_asks_itself_and_a_new_chat_brings_them_back(visit: Visit) -> None:
    examples = visit.page.locator("button.example")
    question = examples.first.inner_text()
    examples.first.click()
    expect(visit.page.locator(".question")).to_have_text(question)
    expect(visit.page.locator(".reply.answered")).to_be_visible()
    expect(examples.first).to_be_hidden()
    visit.page.get_by_role("button", name="开始新的对话").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(examples.first).to_be_visible()


@pytest.mark.parametrize("question", [" ", "问" * 5000])
def test_a_bad_question_is_declined_politely_and_leaves_the_chat(
    visit: Visit, question: str
) -> None:
    visit.ask(question)
    expect(visit.page.locator(".reply.failed")).to_be_visible()
    visit.page.get_by_placeholder("输入问题").fill(ANSWERED)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".reply.answered")).to_be_visible()
    expect(visit.page.locator(".turn")).to_have_count(1)


def test_markup_in_a_question_is_shown_and_not_obeyed(visit: Visit) -> None:
    title = visit.page.title()
    visit.ask(HOSTILE)
    expect(visit.page.locator(".question")).to_have_text(HOSTILE)
    assert visit.page.locator("#conversation img, #conversation script").count() == 0
    assert visit.page.title() == title


def test_the_page_is_in_chinese(visit: Visit) -> None:
    visit.ask(ANSWERED)
    assert visit.page.locator("html").get_attribute("lang") == "zh-CN"
    shown = visit.page.locator("body").inner_text()
    assert not ENGLISH.findall(shown.replace("article.txt", ""))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_only_downwards(
    server: Server, browser: Browser, scheme: str, tmp_path: Path
) -> None:
    dark = scheme == "dark"
    with browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        color_scheme="dark" if dark else "light",
    ) as context:
        visit = open_page(context, server)
        visit.ask(ANSWERED)
        visit.page.locator("details.citation summary").first.click()
        visit.ask("不断开的长词" + "x" * 200 + "？")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for shown in (".reply .text", ".passage", ".passage mark", ".section"):
            assert contrast(visit.page, shown) >= 4.5, shown  # WCAG AA
        picture = tmp_path / f"phone-{scheme}.png"
        visit.page.screenshot(path=picture)
        assert picture.stat().st_size > 0


def test_the_page_may_load_nothing_from_elsewhere(server: Server, browser: Browser) -> None:
    with browser.new_context() as context:
        visit = open_page(context, server)
        tried = visit.page.evaluate("fetch('http://example.com/').then(() => 'sent', () => 'kept')")
    assert tried == "kept"


def test_the_server_never_tried_to_leave_the_machine(server: Server) -> None:
    said = server.log.read_text("utf-8")
    assert REFUSED not in said
    assert "Traceback" not in said


def contrast(page: Page, selector: str) -> float:
    """The contrast ratio of an element's text to the first opaque background behind it."""
    return float(
        page.evaluate(
            """(selector) => {
              const light = (color) => {
                const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((c) => {
                  const part = c / 255;
                  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const element = document.querySelector(selector);
              let behind = element;
              while (/, 0\\)$|transparent/.test(getComputedStyle(behind).backgroundColor)) {
                behind = behind.parentElement;
              }
              const pair = [
                light(getComputedStyle(element).color),
                light(getComputedStyle(behind).backgroundColor),
              ].sort((a, b) => b - a);
              return (pair[0] + 0.05) / (pair[1] + 0.05);
            }""",
            selector,
        )
    )
