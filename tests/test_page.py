"""The chat page in a real browser, served as a user serves it, with no way out of the machine."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from offline import REFUSED
from serving import Server, serving
from ui.guard.access import Access
from ui.service.feedback import Feedback
from waiting import PATIENCE, until

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
ANSWERED = "2024年改造了多少个小区？"
FOLLOW_UP = "2025年打算新增多少个公共停车位？"
UNANSWERED = "人才公寓的月租金是多少？"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>？"
HOSTILE_TEXTS = (
    HOSTILE,
    "\"><svg/onload=document.title='owned'>'\" onmouseover='document.title=1",
    "{{constructor.constructor('document.title=1')()}} ${document.title=1} </main><iframe src=//x>",
)
BRIDGES = "2023年甲镇新建了多少座桥？"
PASSWORD = "correct horse battery"
# What fades in has come to its end; what goes on for ever is not waited for.
SETTLED = """() => Promise.allSettled(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished)
)"""


@dataclass
class Visit:
    """A page opened in a browser, and every address it has asked for."""

    page: Page
    requested: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question, send it, and wait for its reply."""
        replies = self.page.locator(".reply:not(.pending)").count()
        self.page.locator("#question textarea").fill(question)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".reply:not(.pending)")).to_have_count(replies + 1)

    @property
    def last(self) -> Locator:
        """The last turn of the conversation."""
        return self.page.locator(".turn").last

    def bring(self, name: str, text: str, shown: str = "") -> None:
        """Upload a document and wait until it has been read and its name is shown."""
        with self.page.expect_file_chooser() as chooser:
            self.page.locator("#upload").click()
        chooser.value.set_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})
        asked = re.compile(f"正在问.*{re.escape(shown or name)}")  # a name is shown before, too
        expect(self.page.locator("#brought")).to_contain_text(asked)

    def stand_still(self) -> None:
        """Wait until the page has asked for all it can; too short a wait fails no test."""
        known = -1
        while known < len(self.requested):
            known = len(self.requested)
            self.page.wait_for_timeout(300)


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

    def wait(self) -> None:
        """Wait until there is one."""
        until(lambda: self._routes, self._pause)

    def let_go(self) -> None:
        """Let all go, and hold no more of them."""
        self._open = True
        for route in self._routes:
            route.continue_()

    def let_go_one_by_one(self, order: Random, arrived: Locator) -> None:
        """Let one after the other go, in some order, until something has arrived."""

        def look() -> bool:
            if self._routes:
                self.let_one_go(order.randrange(len(self._routes)))
            return arrived.count() > 0

        until(look, self._pause)

    def let_one_go(self, place: int = 0) -> None:
        """Let one of them go and hold the others."""
        self._routes.pop(place).continue_()

    def _pause(self, seconds: float) -> None:
        self._page.wait_for_timeout(1000 * seconds)


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    Access(home).set_password(PASSWORD)
    log = tmp_path_factory.mktemp("server") / "stderr"
    with serving(home, log, rate="100000") as server:
        yield server


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: $DONGXIHU_PICTURES, for somebody to look at them."""
    named = os.environ.get("DONGXIHU_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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
    visit = Visit(context.new_page())

    def note(request: Request) -> None:
        visit.requested.append(request.url)

    visit.page.on("request", note)

    def note_broken_script(message: ConsoleMessage) -> None:
        if "js_on_load" in message.text:  # Gradio catches what our scripts raise at once
            visit.problems.append(message.text)

    visit.page.on("console", note_broken_script)
    visit.page.on("pageerror", lambda error: visit.problems.append(str(error)))
    visit.page.on("dialog", lambda dialog: visit.problems.append(dialog.message))
    return visit


def open_page(context: BrowserContext, server: Server, query: str = "") -> Visit:
    visit = new_visit(context)
    visit.page.goto(f"{server.address}/{query}")
    expect(visit.page.locator("#question textarea")).to_be_visible()
    return visit


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    with browsing(browser) as context:
        visit = open_page(context, server)
        yield visit
        assert visit.problems == []
        hosts = {urlsplit(url).hostname for url in visit.requested if url.startswith("http")}
        assert hosts == {"127.0.0.1"}


def test_a_marker_opens_the_source_at_the_highlighted_sentence(visit: Visit) -> None:
    visit.ask(ANSWERED)
    expect(visit.page.locator(".answered .text")).to_contain_text("25个")
    marker = visit.page.locator(".marker").first
    marker.hover()
    expect(marker.locator(".tip")).to_contain_text("完成25个小区更新改造")
    marker.click()
    panel = visit.page.get_by_role("dialog", name="原文")
    expect(panel.locator("mark")).to_have_text("完成25个小区更新改造，加装既有住宅电梯20部。")
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel.locator("#source-place")).to_be_in_viewport()
    expect(panel.locator("#source-place")).to_have_text(
        "数读东西湖2024民生成绩单 / 住房保障 · 2024年"
    )
    expect(panel.locator(".document")).to_contain_text("地区生产总值")  # the whole article
    visit.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()


def test_a_source_can_be_opened_alone(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.locator("button.citation").first.click()
    with visit.page.expect_popup() as popup:
        visit.page.get_by_role("link", name="单独打开").click()
    expect(popup.value.locator("mark")).to_be_in_viewport()


def test_a_reload_brings_the_conversation_and_the_document_back(visit: Visit) -> None:
    visit.bring("甲镇报告.txt", "甲镇报告\n\n2023年，甲镇新建了37座桥。\n")
    offered = visit.page.locator("#examples button")
    expect(offered).to_have_count(1)  # its own questions, not those of the article
    visit.ask(BRIDGES)
    visit.page.reload()
    expect(visit.last.locator(".text")).to_contain_text("37座")
    expect(visit.page.locator("#brought")).to_contain_text("甲镇报告.txt")
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(visit.last.locator(".text")).to_contain_text("37座")


def ask_the_article_and_a_document(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.bring("甲镇报告.txt", "甲镇报告\n\n2023年，甲镇新建了37座桥，甲镇新修了12公里公路。\n")
    visit.ask(BRIDGES)


def expect_both_again(visit: Visit) -> None:
    expect(visit.page.locator("#brought")).to_contain_text("甲镇报告.txt")
    expect(visit.page.locator(".reply.answered")).to_have_count(2)
    expect(visit.page.locator(".text").nth(0)).to_contain_text("25个")
    expect(visit.page.locator(".text").nth(1)).to_contain_text("37座")
    expect(visit.page.locator("#examples")).to_contain_text("甲镇")
    expect(visit.page.locator("#suggestions")).to_contain_text("甲镇")


@pytest.mark.parametrize(
    "late",
    [
        "**/assets/*.js",
        "**/assets/HTML-*.js",
        "**/assets/*.css",
        "**/theme.css*",
        "**/page/documents/*",
        "**/page/turn",
        "**/page/suggestions",
    ],
)
def test_a_reload_brings_all_back_whatever_comes_late(visit: Visit, late: str) -> None:
    ask_the_article_and_a_document(visit)
    held = Held(visit.page, late)
    visit.page.reload(wait_until="commit")
    held.wait()
    visit.stand_still()
    held.let_go()
    expect_both_again(visit)


@pytest.mark.parametrize("seed", range(3))
def test_a_reload_brings_all_back_in_whatever_order_the_page_comes(visit: Visit, seed: int) -> None:
    ask_the_article_and_a_document(visit)
    held = Held(visit.page, "**/assets/**")
    visit.page.reload(wait_until="commit")
    held.let_go_one_by_one(Random(seed), visit.page.locator("#question textarea"))
    held.let_go()
    expect_both_again(visit)


@pytest.mark.parametrize("late", ["**/assets/HTML-*.js", "**/assets/HTML-*.css", "**/page/**"])
def test_a_question_typed_before_the_page_is_whole_is_answered(
    server: Server, browser: Browser, late: str
) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        held = Held(visit.page, late)
        visit.page.goto(server.address, wait_until="commit")
        visit.page.locator("#question textarea").fill(ANSWERED)
        visit.page.keyboard.press("Enter")
        held.wait()
        visit.stand_still()
        held.let_go()
        expect(visit.last.locator(".text")).to_contain_text("25个")
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        assert visit.problems == []


def test_a_question_typed_while_a_document_comes_back_is_asked_of_it(visit: Visit) -> None:
    ask_the_article_and_a_document(visit)
    held = Held(visit.page, "**/page/documents/*")
    visit.page.reload(wait_until="commit")
    held.wait()
    visit.page.locator("#question textarea").fill("甲镇新建的桥有几座？")
    visit.page.keyboard.press("Enter")
    visit.stand_still()
    held.let_go()
    expect(visit.page.locator(".reply.answered")).to_have_count(3)
    expect(visit.last.locator(".question")).to_have_text("甲镇新建的桥有几座？")
    expect(visit.last.locator(".text")).to_contain_text("37座")


def test_a_reload_in_the_middle_of_another_loses_no_question(visit: Visit) -> None:
    ask_the_article_and_a_document(visit)
    held = Held(visit.page, "**/page/turn")
    visit.page.reload()
    held.wait()
    held.let_one_go()
    held.wait()  # the first has come back, the second is asked
    visit.page.reload()
    held.let_go()
    expect_both_again(visit)


def test_a_new_chat_is_not_filled_with_what_a_reload_still_brings_back(visit: Visit) -> None:
    ask_the_article_and_a_document(visit)
    held = Held(visit.page, "**/page/turn")
    visit.page.reload()
    held.wait()
    visit.page.get_by_role("button", name="开始新的对话").click()
    held.let_go()
    visit.ask(FOLLOW_UP)
    visit.stand_still()
    expect(visit.page.locator(".question")).to_have_text([FOLLOW_UP])


def test_the_first_questions_to_choose_from_come_late_and_change_nothing_else(
    server: Server, browser: Browser
) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        held = Held(visit.page, "**/page/welcome*")
        visit.page.goto(server.address)
        visit.ask(ANSWERED)
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        held.let_go()
        expect(visit.page.locator("#examples button")).not_to_have_count(0)
        expect(visit.page.locator("#suggestions button").first).to_be_visible()


def test_what_is_offered_late_is_not_for_documents_that_are_no_longer_asked(
    server: Server, browser: Browser
) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        first = Held(visit.page, "**/page/welcome*")
        visit.page.goto(server.address)
        after = Held(visit.page, "**/page/suggestions")
        visit.ask(ANSWERED)
        after.wait()
        visit.bring("甲镇报告.txt", "甲镇报告\n\n2023年，甲镇新建了37座桥。\n")
        visit.stand_still()
        after.let_go()
        expect(visit.page.locator("#examples")).to_contain_text("甲镇")
        first.let_go()
        visit.stand_still()
        expect(visit.page.locator("#examples")).to_contain_text("甲镇")
        expect(visit.page.locator("#suggestions button")).to_have_count(0)


def test_what_was_asked_of_forgotten_documents_is_not_asked_of_others(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.bring("甲镇报告.txt", "甲镇报告\n\n2024年，甲镇改造了3个小区。\n")
    visit.ask("2024年甲镇改造了多少个小区？")
    expect(visit.last.locator(".text")).to_contain_text("3个")
    visit.page.reload()  # each is asked of its own documents again
    expect(visit.page.locator(".text").nth(0)).to_contain_text("25个")
    expect(visit.page.locator(".text").nth(1)).to_contain_text("3个")
    key = visit.last.get_attribute("data-visit")
    visit.page.request.delete(f"{visit.page.url}page/documents/{key}")
    visit.page.reload()
    expect(visit.page.locator("#brought")).to_contain_text("已过期")
    expect(visit.page.locator(".text")).to_have_count(1)
    expect(visit.page.locator(".text")).to_contain_text("25个")


def test_what_a_reader_opened_stays_when_more_is_asked(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.last.locator("summary").click()
    visit.last.locator("[name=note]").fill("还没写完")
    visit.ask(FOLLOW_UP)
    expect(visit.page.locator(".turn")).to_have_count(2)
    expect(visit.page.locator("[name=note]").first).to_have_value("还没写完")


def test_a_follow_up_is_understood_from_the_chat(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.ask("那电梯呢？")
    expect(visit.last.locator(".text")).to_contain_text("20部")
    expect(visit.last).to_have_attribute("data-leans", "yes")


def test_suggested_questions_are_answered(visit: Visit) -> None:
    visit.ask(ANSWERED)
    suggested = visit.page.locator("#suggestions button")
    expect(suggested.first).to_be_visible()
    question = suggested.first.inner_text()
    suggested.first.click()
    expect(visit.page.locator(".reply.answered")).to_have_count(2)
    expect(visit.last.locator(".question")).to_have_text(question)


def test_a_derived_figure_shows_its_operands(visit: Visit) -> None:
    visit.ask("2024年新增公共停车位比2025年计划多多少？")
    expect(visit.last.locator(".working")).to_contain_text("6000个")
    expect(visit.last.locator(".working")).to_contain_text("2200个")
    expect(visit.last.locator(".marker")).to_have_count(2)


def test_a_refusal_looks_like_one_and_offers_what_can_be_answered(visit: Visit) -> None:
    visit.ask(UNANSWERED)
    reply = visit.page.locator(".reply")
    expect(reply).to_have_class(re.compile(r"\brefused\b"))
    expect(reply).to_contain_text("没有找到答案")
    expect(reply.locator("button.citation").first).to_be_visible()  # the nearest thing said
    offered = visit.page.locator("#suggestions button")
    expect(offered.nth(1)).to_be_visible()
    offered.nth(1).click()
    expect(visit.page.locator(".reply.answered")).to_have_count(1)


def test_an_example_asks_itself_and_a_new_chat_brings_them_back(visit: Visit) -> None:
    examples = visit.page.locator("#examples button")
    question = examples.first.inner_text()
    examples.first.click()
    expect(visit.page.locator(".question")).to_have_text(question)
    expect(visit.page.locator(".reply.answered")).to_be_visible()
    expect(examples.first).to_be_hidden()
    visit.page.get_by_role("button", name="开始新的对话").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(examples.first).to_be_visible()
    visit.ask("那电梯呢？")  # there is nothing to lean on any more
    expect(visit.page.locator(".reply.refused")).to_be_visible()


def test_questions_asked_before_their_answers_came_are_all_answered_in_order(visit: Visit) -> None:
    visit.page.locator("#examples button").nth(1).evaluate(
        "(button) => { for (let i = 0; i < 3; i++) button.click(); }"
    )
    visit.page.locator("#question textarea").fill(FOLLOW_UP)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".reply.answered")).to_have_count(4)
    expect(visit.last.locator(".question")).to_have_text(FOLLOW_UP)


def test_an_answer_that_comes_too_late_does_not_enter_a_new_chat(visit: Visit) -> None:
    held = Held(visit.page, "**/page/turn")
    visit.page.locator("#question textarea").fill(ANSWERED)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".pending")).to_be_visible()
    visit.page.get_by_role("button", name="开始新的对话").click()
    held.wait()
    with visit.page.expect_response("**/page/turn"):
        held.let_go()
    visit.ask(FOLLOW_UP)  # whose answer comes after it
    expect(visit.page.locator(".turn")).to_have_count(1)


def test_a_server_that_is_gone_is_told_of(visit: Visit) -> None:
    visit.page.route("**/page/turn", lambda route: route.abort())
    visit.ask(ANSWERED)
    expect(visit.last.locator(".failed")).to_contain_text("没能完成")
    visit.page.unroute("**/page/turn")
    visit.ask(ANSWERED)
    expect(visit.last.locator(".text")).to_contain_text("25个")


def test_questions_asked_before_are_kept_in_the_browser(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.get_by_role("button", name="开始新的对话").click()
    visit.page.reload()
    visit.page.locator("#history summary").click()
    visit.page.locator("#history .examples button", has_text=ANSWERED).click()
    expect(visit.last.locator(".text")).to_contain_text("25个")
    visit.page.get_by_role("button", name="开始新的对话").click()
    visit.page.get_by_role("button", name="清空").click()
    expect(visit.page.locator("#history")).to_be_hidden()


def test_a_link_asks_its_question_and_an_answer_can_be_copied(
    server: Server, browser: Browser
) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with browsing(browser, permissions=permissions) as context:
        visit = open_page(context, server, f"?q={quote(ANSWERED)}&q={quote('那电梯呢？')}")
        expect(visit.page.locator(".reply.answered")).to_have_count(2)
        expect(visit.last.locator(".text")).to_contain_text("20部")
        visit.last.get_by_role("button", name="复制链接").click()
        expect(visit.last.locator(".told")).to_have_text("链接已复制")
        link = visit.page.evaluate("navigator.clipboard.readText()")
        assert parse_qs(urlsplit(link).query)["q"] == [ANSWERED, "那电梯呢？"]
        visit.last.get_by_role("button", name="复制", exact=True).click()
        expect(visit.last.locator(".told")).to_have_text("已复制")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert copied.splitlines()[0] == "20部"
        assert "加装既有住宅电梯20部" in copied
        assert "住房保障" in copied


def test_a_limit_is_of_the_documents_here_and_of_what_is_told_about_them(
    server: Server, browser: Browser, home: Path
) -> None:
    with browsing(browser) as context:
        visit = open_page(context, server, "?date=1999")
        limit = visit.page.locator("#limits")
        expect(limit).to_contain_text("1999")
        visit.ask(ANSWERED)
        expect(visit.page.locator(".reply.refused")).to_be_visible()
        visit.last.locator("summary").click()
        visit.last.get_by_label("回答正确").check()
        visit.last.locator("input[name=note]").fill("within a limit")
        visit.last.get_by_role("button", name="提交").click()
        expect(visit.last.locator(".told")).to_have_text("已记下，谢谢")
        (line,) = [one for one in Feedback(home).export() if one["note"] == "within a limit"]
        assert line["said"] != "25个"
        visit.stand_still()  # what is offered might have its answer elsewhere
        expect(visit.page.locator("#suggestions button, #examples button")).to_have_count(0)
        visit.bring("甲镇报告.txt", "甲镇报告\n\n2023年，甲镇新建了37座桥。\n")
        expect(limit).to_be_hidden()
        visit.ask(BRIDGES)
        expect(visit.last.locator(".text")).to_contain_text("37座")


def test_feedback_is_kept_and_exported(visit: Visit, home: Path) -> None:
    visit.ask(ANSWERED)
    visit.last.locator("summary").click()
    visit.last.get_by_label("依据不对").check()
    visit.last.locator("[name=note]").fill(HOSTILE)
    visit.last.get_by_role("button", name="提交").click()
    expect(visit.last.locator(".told")).to_have_text("已记下，谢谢")
    (line,) = [one for one in Feedback(home).export() if one["note"] == HOSTILE]
    assert (line["question"], line["verdict"]) == (ANSWERED, "evidence")
    assert line["all_of"] == [["25个"]]


def test_documents_brought_along_are_asked_for_this_visit_only(
    visit: Visit, server: Server, browser: Browser
) -> None:
    visit.bring("甲镇报告.txt", "甲镇报告\n\n2023年，甲镇新建了37座桥。\n")
    visit.ask(BRIDGES)
    expect(visit.last.locator(".text")).to_contain_text("37座")
    visit.last.locator(".marker").click()
    expect(visit.page.locator("#source mark")).to_have_text("2023年，甲镇新建了37座桥。")
    address = visit.last.locator(".marker").get_attribute("data-source") or ""
    visit.page.keyboard.press("Escape")
    visit.bring("乙报.txt", "乙报\n\n2023年，甲镇新建了41座桥。\n")
    visit.ask("2023年，甲镇新建了多少座桥？")
    values = visit.last.locator(".values > li")  # they contradict each other: side by side
    expect(values).to_have_count(2)
    assert {"41座", "37座"} == {v[:3] for v in values.all_inner_texts()}
    with browsing(browser) as other:
        elsewhere = open_page(other, server)
        elsewhere.ask(BRIDGES)
        expect(elsewhere.page.locator(".reply.refused")).to_be_visible()
        alone = re.sub(r"&visit=[^&]*", "", address)
        assert elsewhere.page.request.get(f"{server.address}{alone}").status == 404
    visit.page.get_by_role("button", name="移除").click()
    expect(visit.page.locator("#brought button")).to_have_count(0)
    visit.ask(ANSWERED)
    expect(visit.last.locator(".text")).to_contain_text("25个")
    visit.ask(BRIDGES)
    expect(visit.last.locator(".reply.refused")).to_be_visible()


def test_a_file_that_cannot_be_read_is_declined_in_words(visit: Visit) -> None:
    with visit.page.expect_file_chooser() as chooser:
        visit.page.locator("#upload").click()
    chooser.value.set_files({"name": "空.txt", "mimeType": "text/plain", "buffer": b" "})
    expect(visit.page.locator("#brought")).to_have_text("空.txt: 没有文字")
    visit.bring("甲镇报告.txt", "甲镇报告\n\n2023年，甲镇新建了37座桥。\n")
    with visit.page.expect_file_chooser() as chooser:
        visit.page.locator("#upload").click()
    chooser.value.set_files({"name": "图.png", "mimeType": "image/png", "buffer": b"\x89PNG"})
    expect(visit.page.locator("#brought")).to_contain_text("只能读")
    expect(visit.page.locator("#brought")).to_contain_text("正在问：甲镇报告.txt")


def test_a_bad_question_is_declined_politely_and_leaves_the_chat(visit: Visit) -> None:
    visit.page.locator("#question textarea").fill("  ")
    visit.page.keyboard.press("Enter")
    visit.ask("问" * 5000)
    expect(visit.page.locator(".turn")).to_have_count(1)  # nothing was asked by two spaces
    expect(visit.page.locator(".reply.failed")).to_contain_text("500")
    visit.ask(ANSWERED)
    expect(visit.page.locator(".reply.answered")).to_be_visible()


def test_the_figures_are_searched_sorted_and_lead_to_their_source(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="数据").click()
    rows = visit.page.locator(".figures tbody tr")
    expect(rows).to_have_count(50)
    visit.page.get_by_role("button", name="再显示一些").click()
    expect(visit.page.get_by_role("button", name="再显示一些")).to_be_hidden()
    visit.page.get_by_role("button", name="数值").click()
    visit.page.get_by_role("button", name="数值").click()
    expect(visit.page.locator("th[aria-sort=descending]")).to_have_text("数值")
    expect(rows.first).to_contain_text("3000亿元")
    visit.page.get_by_label("状态").select_option("target")
    visit.page.get_by_label("搜索数字").fill("停车位")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("2200个")
    rows.first.click()
    expect(visit.page.locator("#source mark")).to_contain_text("2200个")
    visit.page.keyboard.press("Escape")
    bars = visit.page.locator(".series figure", has_text="公共停车位").locator("li")
    expect(bars).to_have_count(2)
    assert [text.split() for text in bars.all_inner_texts()] == [
        ["2024", "完成", "6000个"],
        ["2025", "目标", "2200个以上"],
    ]
    bars.first.locator("button").click()
    expect(visit.page.locator("#source mark")).to_contain_text("6000个")


def test_the_page_works_by_keyboard_alone(visit: Visit) -> None:
    expect(visit.page.locator("#question textarea")).to_be_focused()  # from the start
    visit.page.keyboard.type(ANSWERED)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".reply.answered")).to_be_visible()
    focus_on(visit.page, ".marker")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#source")).to_be_visible()
    expect(visit.page.locator("#source mark")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".marker")).to_be_focused()
    focus_on(visit.page, "summary")
    visit.page.keyboard.press("Enter")
    focus_on(visit.page, "input[type=radio]")
    visit.page.keyboard.press("Space")
    focus_on(visit.page, "button[type=submit]")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".told")).to_have_text("已记下，谢谢")
    expect(visit.page.locator("#suggestions button").first).to_be_visible()
    focus_on(visit.page, "#suggestions button")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".reply.answered")).to_have_count(2)


def focus_on(page: Page, selector: str) -> None:
    """Press Tab until something of a selector has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never comes to {selector}")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_markup_in_question_document_and_name_is_shown_and_not_obeyed(
    visit: Visit, text: str
) -> None:
    title = visit.page.title()
    visit.ask(text)
    expect(visit.last.locator(".question")).to_have_text(" ".join(text.split()))
    name = f"{text.replace('/', '')[:60]}.txt"
    visit.bring(name, f"{text}\n\n2023年，{text}甲镇新建了37座桥。\n", shown="document.t")
    visit.ask(BRIDGES)
    expect(visit.last.locator(".text")).to_contain_text("37座")
    visit.last.locator(".marker").first.click()
    expect(visit.page.locator("#source mark")).to_contain_text("37座桥")
    visit.page.keyboard.press("Escape")
    visit.page.reload()
    expect(visit.last.locator(".text")).to_contain_text("37座")
    visit.page.get_by_role("button", name="开始新的对话").click()
    expect(visit.page.locator("#history")).to_be_visible()
    for place in ("#conversation", "#source", "#brought", "#history", "#suggestions"):
        planted = f"{place} :is(img, script, svg, iframe, [onerror], [onload], [onmouseover])"
        assert visit.page.locator(planted).count() == 0
    assert visit.page.title() == title


def test_each_language_has_a_page_of_its_own(server: Server, browser: Browser) -> None:
    for locale, lang, other, foreign in (
        ("zh-CN", "zh-CN", "English", re.compile(r"[A-Za-z]{3,}")),
        ("en-US", "en", "中文", None),
    ):
        with browsing(browser, locale=locale) as context:
            visit = open_page(context, server)
            visit.ask(ANSWERED)
            assert visit.page.locator("html").get_attribute("lang") == lang
            if foreign:
                shown = visit.page.locator("body").inner_text().replace(other, "")
                assert not foreign.findall(shown)
            else:
                expect(visit.page.get_by_role("tab", name="Figures")).to_be_visible()
            visit.page.get_by_role("link", name=other).click()
            expect(visit.page.get_by_role("link", name=other)).to_have_count(0)


def test_an_english_question_is_answered_on_the_english_page(
    server: Server, browser: Browser
) -> None:
    with browsing(browser, locale="en-US") as context:
        visit = open_page(context, server)
        visit.ask("How many housing estates were renovated in Dongxihu in 2024?")
        expect(visit.last.locator(".text")).to_contain_text("25个")
        expect(visit.last).to_contain_text("Where it says so")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_every_state_is_accessible_and_scrolls_only_downwards(
    server: Server, browser: Browser, scheme: Literal["light", "dark"], width: int, pictures: Path
) -> None:
    viewport = {"width": width, "height": 760}
    with browsing(browser, viewport=viewport, color_scheme=scheme) as context:
        visit = open_page(context, server)

        def look(state: str) -> None:
            visit.page.evaluate(SETTLED)
            visit.page.screenshot(path=pictures / f"{state}-{scheme}-{width}.png")
            found = Axe().run(visit.page).response["violations"]
            assert not [(v["id"], [n["html"] for n in v["nodes"]]) for v in found], state
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, state
            if state != "source":
                expect(
                    visit.page.get_by_role("button", name="提问")
                    .or_(visit.page.get_by_label("搜索数字"))
                    .first
                ).to_be_in_viewport()

        look("empty")
        visit.ask(ANSWERED)
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        look("answered")
        visit.page.locator(".marker").first.click()
        expect(visit.page.locator("#source mark")).to_be_in_viewport()
        look("source")
        visit.page.keyboard.press("Escape")
        visit.ask("2024年新增公共停车位比2025年计划多多少？")
        visit.last.locator("summary").click()
        look("derived")
        visit.ask("不断开的长词" + "x" * 200 + "？")
        visit.ask(UNANSWERED)
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        look("refused")
        visit.page.get_by_role("tab", name="数据").click()
        expect(visit.page.locator(".figures tbody tr").first).to_be_visible()
        expect(visit.page.locator(".series figure").first).to_be_attached()
        look("figures")


def test_axe_would_find_a_fault(visit: Visit) -> None:
    visit.page.evaluate("document.body.append(document.createElement('button'))")
    assert "button-name" in {v["id"] for v in Axe().run(visit.page).response["violations"]}


def test_an_operator_adds_a_document_and_it_is_asked(server: Server, browser: Browser) -> None:
    with browsing(browser) as context:
        page = context.new_page()
        page.goto(f"{server.address}/operator")
        page.get_by_label("访问令牌或运维密码").fill("不是这个密码")
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("alert")).to_have_text("令牌或密码不对")
        page.get_by_label("访问令牌或运维密码").fill(PASSWORD)
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("heading", name="资料管理")).to_be_visible()
        text = "丙区报告\n\n2023年，丙区栽种了4.2万棵树。\n"
        page.locator("input[type=file]").set_input_files(
            {"name": "<b>丙区.txt", "mimeType": "text/plain", "buffer": text.encode()}
        )
        expect(page.get_by_label("丙区.txt")).to_be_visible()  # it has come to the server
        page.get_by_role("button", name="收录", exact=True).click()
        expect(page.locator("#state")).to_contain_text("新收录 1 篇，更新 0 篇，现共 2 篇")
        expect(page.locator("table")).to_contain_text("丙区报告")
        assert not Axe().run(page).response["violations"]
        visit = open_page(context, server)
        visit.ask("2023年丙区栽种了多少棵树？")
        expect(visit.last.locator(".text")).to_contain_text("4.2万棵")


def test_the_page_may_load_nothing_from_elsewhere(server: Server, browser: Browser) -> None:
    with browsing(browser) as context:
        visit = open_page(context, server)
        tried = visit.page.evaluate("fetch('http://example.com/').then(() => 'sent', () => 'kept')")
    assert tried == "kept"


def test_the_server_never_tried_to_leave_the_machine(server: Server) -> None:
    said = server.log.read_text("utf-8")
    assert REFUSED not in said
    assert "Traceback" not in said, said[said.find("Traceback") :][:3000]
    assert ANSWERED not in said  # what people ask is theirs
