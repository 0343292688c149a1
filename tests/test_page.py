"""The chat page: asking, answers and their sources, and that everybody can use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize, expect

from browsing import (
    ANSWERED,
    BRIDGES,
    FIXTURES,
    FOLLOW_UP,
    HOSTILE_TEXTS,
    POINTS,
    UNANSWERED,
    Held,
    Visit,
    browsing,
    faults,
    new_visit,
    open_page,
    visiting,
)
from serving import Server
from ui.service.feedback import Feedback

browser, pictures, server, visit = FIXTURES

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 360, "height": 640}
STILL = {"reduced_motion": "reduce"}  # nothing is scrolled while it is measured
SHIFTED = """() => new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) moved += entry.hadRecentInput ? 0 : entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => resolve(moved)));
})"""
SMALL = """() => [...document.querySelectorAll(
  "#app :is(button, summary, select, input, textarea, a)"
)].filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


# answers and their sources


def test_a_marker_opens_the_source_beside_the_conversation(visit: Visit) -> None:
    visit.ask(ANSWERED)
    expect(visit.answers).to_contain_text("25个")
    marker = visit.page.locator(".marker").first
    marker.hover()
    expect(marker.locator(".tip")).to_contain_text("完成25个小区更新改造")
    marker.click()
    panel = visit.page.get_by_role("dialog", name="原文")
    expect(panel.locator("mark")).to_have_text("完成25个小区更新改造，加装既有住宅电梯20部。")
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel.locator("mark")).to_be_focused()
    expect(panel.locator("#source-place")).to_be_in_viewport()
    expect(panel.locator("#source-place")).to_have_text(
        "数读东西湖2024民生成绩单 / 住房保障 · 2024年"
    )
    expect(panel.locator(".document")).to_contain_text("地区生产总值")  # the whole article
    visit.ask(FOLLOW_UP)  # it is no modal dialog
    expect(panel).to_be_visible()
    visit.page.keyboard.press("Escape")  # from anywhere
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()


def test_a_narrow_page_shows_the_source_as_a_sheet_over_all_else(
    server: Server, browser: Browser
) -> None:
    with visiting(browser, server, viewport=NARROW) as visit:
        visit.ask(ANSWERED)
        panel = visit.page.locator("#source")
        ways: tuple[Callable[[], None], ...] = (
            lambda: visit.page.keyboard.press("Escape"),
            lambda: panel.get_by_role("button", name="关闭").click(),
            lambda: visit.page.mouse.click(180, 20),  # beside it
        )
        for close in ways:
            visit.page.locator(".citation").first.click()
            expect(panel.locator("mark")).to_be_in_viewport()
            assert panel.evaluate("(panel) => panel.matches(':modal')")
            close()
            expect(panel).to_be_hidden()
            expect(visit.page.locator(".citation").first).to_be_focused()


def test_a_source_stays_open_where_the_page_becomes_narrow(visit: Visit) -> None:
    visit.page.set_viewport_size(WIDE)
    visit.ask(ANSWERED)
    visit.page.locator(".marker").first.click()
    panel = visit.page.locator("#source")
    for viewport, modal in ((NARROW, True), (WIDE, False)):
        visit.page.set_viewport_size(viewport)
        expect(panel).to_be_visible()
        visit.page.wait_for_function(
            "(modal) => document.querySelector('#source').matches(':modal') === modal", arg=modal
        )
        assert box_of(panel)["width"] <= viewport["width"]
    assert box_of(panel)["x"] > WIDE["width"] / 2  # beside the conversation


def test_the_quotes_of_an_answer_are_all_marked_and_leafed_through(visit: Visit) -> None:
    visit.ask(POINTS)
    cited = visit.last.locator(".citation")
    count = cited.count()
    assert count > 2
    cited.nth(1).click()
    panel = visit.page.locator("#source")
    of = panel.locator("#source-of")
    current = panel.locator("mark.current").first
    expect(of).to_have_text(f"第 2 条，共 {count} 条")
    assert panel.locator("mark[id]").count() > 2  # the others as well
    following = panel.get_by_role("button", name="下一条")
    following.focus()
    for place in [*range(3, count + 1), 1]:  # after the last comes the first
        visit.page.keyboard.press("Enter")
        expect(of).to_have_text(f"第 {place} 条，共 {count} 条")
        expect(current).to_be_in_viewport()
        expect(following).to_be_focused()
        said = cited.nth(place - 1).locator(".excerpt").inner_text()
        expect(current).to_contain_text(said[:8])
    panel.get_by_role("button", name="上一条").click()
    expect(of).to_have_text(f"第 {count} 条，共 {count} 条")


def test_a_source_that_comes_late_does_not_take_the_place_of_a_later_one(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.ask(FOLLOW_UP)
    held = Held(visit.page, "**/source/**")
    visit.page.locator(".citation").first.click()
    held.wait()
    visit.last.locator(".citation").first.click()
    held.wait(2)
    held.let_one_go(1)
    expect(visit.page.locator("#source mark.current")).to_contain_text("2200个")
    held.let_go()
    visit.stand_still()
    expect(visit.page.locator("#source mark.current")).to_contain_text("2200个")


def test_a_source_that_was_closed_before_it_came_stays_closed(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.locator(".citation").first.click()
    held = Held(visit.page, "**/source/**")
    visit.page.locator(".marker").first.click()
    held.wait()
    visit.page.keyboard.press("Escape")
    held.let_go()
    visit.stand_still()
    expect(visit.page.locator("#source")).to_be_hidden()


def test_a_source_can_be_opened_alone(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.locator(".citation").first.click()
    with visit.page.expect_popup() as popup:
        visit.page.get_by_role("link", name="单独打开").click()
    expect(popup.value.locator("mark")).to_be_in_viewport()


def test_what_is_indexed_is_outlined_and_can_be_read_before_anything_is_asked(
    visit: Visit,
) -> None:
    listed = visit.page.locator(".corpus summary").first
    listed.click()
    heading = visit.page.locator(".outline li button").nth(3)
    words = heading.inner_text()
    heading.click()
    panel = visit.page.locator("#source")
    expect(panel.locator(".document")).to_contain_text("地区生产总值")
    expect(panel.locator("mark").first).to_be_in_viewport()
    expect(panel.locator("h2", has=visit.page.locator("mark"))).to_have_text(words)


def test_a_derived_figure_shows_its_operands(visit: Visit) -> None:
    visit.ask("2024年新增公共停车位比2025年计划多多少？")
    expect(visit.last.locator(".working")).to_contain_text("6000个")
    expect(visit.last.locator(".working")).to_contain_text("2200个")
    expect(visit.last.locator(".marker")).to_have_count(2)


def test_points_are_folded_after_the_sixth(visit: Visit) -> None:
    visit.ask(POINTS)
    points = visit.last.locator(".points > li")
    shown = points.filter(visible=True)
    expect(shown).to_have_count(6)
    more = visit.last.locator(".folded > summary")
    expect(more).to_have_text(f"再显示 {points.count() - 6} 条")
    more.click()
    expect(shown).to_have_count(points.count())


def test_a_refusal_looks_like_one_and_offers_what_can_be_answered(visit: Visit) -> None:
    visit.ask(UNANSWERED)
    reply = visit.page.locator(".reply")
    expect(reply).to_have_class(re.compile(r"\brefused\b"))
    expect(reply).to_contain_text("没有找到答案")
    expect(reply.locator(".citation").first).to_be_visible()  # the nearest thing said
    offered = visit.page.locator("#suggestions button")
    expect(offered.nth(1)).to_be_visible()
    offered.nth(1).click()
    expect(visit.page.locator(".reply.answered")).to_have_count(1)


# asking


def test_a_follow_up_is_understood_from_the_chat(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.ask("那电梯呢？")
    expect(visit.last.locator(".text")).to_contain_text("20部")


def test_suggested_questions_are_answered(visit: Visit) -> None:
    visit.ask(ANSWERED)
    suggested = visit.page.locator("#suggestions button")
    expect(suggested.first).to_be_visible()
    question = suggested.first.inner_text()
    suggested.first.click()
    expect(visit.page.locator(".reply.answered")).to_have_count(2)
    expect(visit.last.locator(".question")).to_have_text(question)
    expect(visit.box).to_be_focused()


def test_questions_asked_before_their_answers_came_are_all_answered_in_order(
    visit: Visit,
) -> None:
    held = Held(visit.page, "**/page/turn")
    questions = [ANSWERED, "那电梯呢？", FOLLOW_UP]
    for question in questions:
        visit.type(question)
    expect(visit.page.locator(".question")).to_have_text(questions)  # none seems lost meanwhile
    expect(visit.page.locator(".pending")).to_have_count(3)
    held.let_go()
    expect(visit.page.locator(".reply.answered")).to_have_count(3)
    expect(visit.page.locator(".question")).to_have_text(questions)
    expect(visit.answers.nth(1)).to_contain_text("20部")


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
        expect(visit.page.locator("#corpus .example")).not_to_have_count(0)
        expect(visit.page.locator("#corpus")).to_be_hidden()
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        visit.check()


def test_enter_while_an_input_method_composes_sends_nothing(visit: Visit) -> None:
    visit.box.focus()
    keyboard = visit.page.context.new_cdp_session(visit.page)
    composed = {"text": "2024年", "selectionStart": 5, "selectionEnd": 5}
    keyboard.send("Input.imeSetComposition", composed)
    visit.box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    visit.box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})  # as Safari tells it
    keyboard.send("Input.insertText", {"text": ANSWERED})
    expect(visit.box).to_have_value(ANSWERED)
    expect(visit.turns).to_have_count(0)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".question")).to_have_text([ANSWERED])


def test_shift_and_enter_make_a_line_and_the_box_grows_with_it(visit: Visit) -> None:
    visit.box.fill("2024年")
    low = box_of(visit.box)["height"]
    for _ in range(2):
        visit.box.press("Shift+Enter")
    visit.page.keyboard.type("改造了多少个小区？")
    expect(visit.turns).to_have_count(0)
    assert box_of(visit.box)["height"] > low + 10
    visit.box.press("Enter")
    expect(visit.answers).to_contain_text("25个")
    assert box_of(visit.box)["height"] == pytest.approx(low, abs=1)


def test_a_server_that_is_gone_is_told_of_and_the_question_asked_again(visit: Visit) -> None:
    visit.expected.append("/page/turn")
    visit.page.route("**/page/turn", lambda route: route.abort())
    visit.ask(ANSWERED)
    expect(visit.last.locator(".failed")).to_contain_text("连不上服务")
    visit.page.unroute("**/page/turn")
    visit.ask(FOLLOW_UP)
    visit.page.get_by_role("button", name="再试一次").click()
    expect(visit.page.locator(".reply.answered")).to_have_count(2)
    expect(visit.page.locator(".question")).to_have_text([FOLLOW_UP, ANSWERED])
    expect(visit.last.locator(".text")).to_contain_text("25个")


def test_a_bad_question_is_declined_politely_and_leaves_the_chat(visit: Visit) -> None:
    visit.expected.append("/page/turn")
    visit.type("  ")
    visit.ask("问" * 5000)
    expect(visit.turns).to_have_count(1)  # nothing was asked by two spaces
    expect(visit.page.locator(".reply.failed")).to_contain_text("500")
    visit.ask(ANSWERED)
    expect(visit.page.locator(".reply.answered")).to_be_visible()


def test_a_limit_is_of_the_documents_here_and_of_what_is_told_about_them(
    server: Server, browser: Browser, home: Path
) -> None:
    with visiting(browser, server, "?date=1999") as visit:
        limit = visit.page.locator("#limits")
        expect(limit).to_contain_text("1999")
        visit.ask(ANSWERED)
        expect(visit.page.locator(".reply.refused")).to_be_visible()
        visit.last.get_by_role("button", name="回答正确").click()
        visit.last.locator("[name=note]").fill("within a limit")
        visit.last.get_by_role("button", name="提交").click()
        expect(visit.last.locator(".note")).to_be_hidden()
        (line,) = [one for one in Feedback(home).export() if one["note"] == "within a limit"]
        assert line["said"] != "25个"
        visit.stand_still()  # what is offered might have its answer elsewhere
        expect(visit.page.locator("#suggestions button, #corpus button")).to_have_count(0)
        visit.page.get_by_role("link", name="English").click()
        expect(limit).to_contain_text("Only within: 1999")
        visit.bring("甲镇报告.txt")
        expect(limit).to_be_hidden()
        visit.ask(BRIDGES)
        expect(visit.last.locator(".text")).to_contain_text("37座")
        visit.page.get_by_role("button", name="Remove all").click()
        limit.get_by_role("link", name="Search everything").click()
        expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        expect(visit.page.locator(".reply:not(.pending)")).to_have_count(2)  # those of before
        visit.ask(ANSWERED)
        expect(visit.last.locator(".text")).to_contain_text("25个")


# what can be done with an answer


def test_a_verdict_takes_one_click_and_may_be_changed_and_explained(
    visit: Visit, home: Path
) -> None:
    visit.ask(ANSWERED)
    right = visit.last.get_by_role("button", name="回答正确")
    wrong = visit.last.get_by_role("button", name="回答错误")
    note = visit.last.locator(".note")
    expect(note).to_be_hidden()
    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    expect(visit.last.get_by_role("status")).to_have_text("已记下，谢谢")
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(right).to_have_attribute("aria-pressed", "false")
    note.get_by_role("textbox").fill(HOSTILE_TEXTS[0])
    visit.expected.append("/page/feedback")
    visit.page.route("**/page/feedback", lambda route: route.abort())
    note.get_by_role("button", name="提交").click()
    expect(visit.last.get_by_role("status")).to_contain_text("没有存下")
    expect(note.get_by_role("textbox")).to_have_value(HOSTILE_TEXTS[0])  # nor is it lost
    visit.page.unroute("**/page/feedback")
    note.get_by_role("button", name="提交").click()
    expect(note).to_be_hidden()
    expect(wrong).to_be_focused()
    (line,) = [one for one in Feedback(home).export() if one["note"] == HOSTILE_TEXTS[0]]
    assert (line["question"], line["verdict"]) == (ANSWERED, "wrong")
    visit.page.reload()
    expect(wrong).to_have_attribute("aria-pressed", "true")


def test_what_a_reader_opened_stays_when_more_is_asked(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.last.get_by_role("button", name="回答正确").click()
    visit.last.locator("[name=note]").fill("还没写完")
    visit.ask(FOLLOW_UP)
    expect(visit.turns).to_have_count(2)
    expect(visit.page.locator("[name=note]").first).to_have_value("还没写完")


@pytest.mark.parametrize("secure", [True, False])
def test_a_link_asks_its_question_and_an_answer_can_be_copied(
    server: Server, browser: Browser, secure: bool
) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    query = f"?q={quote(ANSWERED)}&q={quote('那电梯呢？')}"
    with browsing(browser, permissions=permissions) as context:
        reader = context.new_page()  # who reads what was copied
        reader.goto(f"{server.address}/healthz")

        if not secure:  # as a browser has it without https
            context.add_init_script("Object.defineProperty(navigator, 'clipboard', {})")
            reader = context.pages[0]
        visit = open_page(context, server, query)

        def copied() -> str:
            reader.bring_to_front()
            text: str = reader.evaluate("navigator.clipboard.readText()")
            visit.page.bring_to_front()
            return text

        expect(visit.page.locator(".reply.answered")).to_have_count(2)
        expect(visit.last.locator(".text")).to_contain_text("20部")
        share = visit.last.get_by_role("button", name="复制链接")
        share.click()
        expect(visit.last.locator(".told")).to_have_text("链接已复制")
        expect(share).to_be_focused()
        assert parse_qs(urlsplit(copied()).query)["q"] == [ANSWERED, "那电梯呢？"]
        visit.last.get_by_role("button", name="复制", exact=True).click()
        expect(visit.last.locator(".told")).to_have_text("已复制")
        assert copied().splitlines()[0] == "20部"
        assert "加装既有住宅电梯20部" in copied()
        assert "住房保障" in copied()
        visit.check()


# languages, keyboard, hostile words


def test_each_language_has_a_page_of_its_own(server: Server, browser: Browser) -> None:
    for locale, lang, other, foreign in (
        ("zh-CN", "zh-CN", "English", re.compile(r"[A-Za-z]{3,}")),
        ("en-US", "en", "中文", None),
    ):
        with visiting(browser, server, locale=locale) as visit:
            visit.ask(ANSWERED)
            expect(visit.page.locator("html")).to_have_attribute("lang", lang)
            if foreign:
                shown = visit.page.locator("body").inner_text()
                for own in (other, "PDF", "Word", "Excel", "PPT", "Markdown"):
                    shown = shown.replace(own, "")
                assert not foreign.findall(shown)
            else:
                expect(visit.page.get_by_role("tab", name="Figures")).to_be_visible()
            visit.page.get_by_role("link", name=other).click()
            expect(visit.page.get_by_role("link", name=other)).to_have_count(0)


def test_an_english_question_is_answered_on_the_english_page(
    server: Server, browser: Browser
) -> None:
    with visiting(browser, server, locale="en-US") as visit:
        visit.ask("How many housing estates were renovated in Dongxihu in 2024?")
        expect(visit.last.locator(".text")).to_contain_text("25个")
        expect(visit.last).to_contain_text("Where it says so")
        visit.expected.append("/page/turn")
        visit.ask("why " * 2000)
        expect(visit.last.locator(".failed")).to_contain_text("at most 500 characters")


def test_the_page_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    expect(visit.box).to_be_focused()  # from the start
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    expect(page.locator(".reply.answered")).to_be_visible()
    focus_on(page, ".marker")
    page.keyboard.press("Enter")
    expect(page.locator("#source mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()
    expect(page.locator(".marker")).to_be_focused()
    focus_on(page, "[data-verdict=right]")
    page.keyboard.press("Space")
    expect(page.locator(".note")).to_be_visible()
    focus_on(page, ".note input")
    page.keyboard.type("好")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_be_hidden()
    expect(page.locator("#suggestions button").first).to_be_visible()
    focus_on(page, "#suggestions button")
    page.keyboard.press("Enter")
    expect(page.locator(".reply.answered")).to_have_count(2)
    focus_on(page, "#kept > summary")
    page.keyboard.press("Enter")
    focus_on(page, ".kept .wide")
    page.keyboard.press("Escape")
    expect(page.locator("#kept > summary")).to_be_focused()
    expect(page.locator(".kept")).to_be_hidden()
    focus_on(page, "#tab-ask")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#view-figures")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#view-ask")).to_be_visible()
    focus_on(page, "[data-action=begin]")
    page.keyboard.press("Enter")
    expect(visit.turns).to_have_count(0)
    expect(visit.box).to_be_focused()


def focus_on(page: Page, selector: str) -> None:
    """Press Tab until something of a selector has the focus."""
    for _ in range(80):
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
    visit.bring(name, f"{text}\n\n2023年，{text}甲镇新建了37座桥。\n")
    expect(visit.page.locator("#read .name")).to_contain_text("document.title"[:9])
    visit.ask(BRIDGES)
    expect(visit.last.locator(".text")).to_contain_text("37座")
    visit.last.locator(".marker").first.click()
    expect(visit.page.locator("#source mark").first).to_contain_text("37座桥")
    visit.page.keyboard.press("Escape")
    visit.page.reload()
    expect(visit.last.locator(".text")).to_contain_text("37座")
    expect(visit.conversations()).to_contain_text(text.split()[0][:20])
    for place in ("#conversation", "#source", "#brought", "#kept", "#suggestions", "#corpus"):
        planted = f"{place} :is(img, script, svg, iframe, [onerror], [onload], [onmouseover])"
        assert visit.page.locator(planted).count() == 0
    assert visit.page.title() == title
    visit.page.get_by_role("button", name="删除：").last.click()
    expect(visit.page.locator("#read .file")).to_have_count(0)


# how it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_every_state_is_accessible_and_scrolls_only_downwards(
    server: Server,
    browser: Browser,
    scheme: Literal["light", "dark"],
    viewport: dict[str, int],
    pictures: Path,
) -> None:
    width, height = viewport["width"], viewport["height"]
    with visiting(browser, server, viewport=viewport, color_scheme=scheme, **STILL) as visit:
        page = visit.page

        def look(state: str) -> None:
            visit.settle()
            page.screenshot(path=pictures / f"{state}-{scheme}-{width}.png")
            assert faults(page) == [], state
            assert page.evaluate("document.documentElement.scrollWidth") <= width, state
            assert page.evaluate("document.documentElement.scrollHeight") <= height, state

        expect(page.locator("#corpus .example").first).to_be_visible()
        look("empty")
        page.locator(".corpus summary").first.click()
        look("outline")
        visit.ask(ANSWERED)
        expect(page.locator("#suggestions button").first).to_be_visible()
        look("answered")
        visit.last.get_by_role("button", name="回答错误").click()
        expect(visit.last.locator(".note")).to_be_visible()
        look("judged")
        visit.ask(POINTS)
        look("points")
        visit.last.locator(".folded > summary").click()
        look("unfolded")
        visit.last.locator(".marker").nth(1).click()
        expect(page.locator("#source mark.current").first).to_be_in_viewport()
        look("source")
        page.keyboard.press("Escape")
        visit.ask("2024年新增公共停车位比2025年计划多多少？")
        look("derived")
        visit.ask("不断开的长词" + "x" * 200 + "？")
        visit.ask(UNANSWERED)
        expect(page.locator("#suggestions button").first).to_be_visible()
        look("refused")
        held = Held(page, "**/page/turn")
        visit.type(FOLLOW_UP)
        expect(page.locator(".pending")).to_be_visible()
        look("pending")
        held.let_go()
        expect(page.locator(".pending")).to_have_count(0)
        visit.expected.append("/page/turn")
        visit.ask("问" * 600)
        expect(visit.last.locator(".failed")).to_be_visible()
        look("failed")
        visit.conversations()
        look("kept")
        page.keyboard.press("Escape")
        visit.bring("甲镇报告.txt")
        visit.choose(("空.txt", b" "), ("很长的名字" * 20 + ".txt", b" "))
        expect(page.get_by_role("alert")).to_have_count(2)
        look("brought")
        page.get_by_role("button", name="新的对话").click()
        expect(page.locator("#corpus")).to_contain_text("甲镇报告")
        look("own")


def test_axe_would_find_a_fault(visit: Visit) -> None:
    visit.page.evaluate("document.body.append(document.createElement('button'))")
    assert "button-name" in {fault for fault, _ in faults(visit.page)}


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_nothing_jumps_while_the_page_comes(
    server: Server, browser: Browser, viewport: dict[str, int]
) -> None:
    with visiting(browser, server, viewport=viewport) as visit:
        expect(visit.page.locator("#corpus .example").first).to_be_visible()
        visit.stand_still()
        assert visit.page.evaluate(SHIFTED) < 0.02
        visit.ask(ANSWERED)
        visit.page.reload()
        expect(visit.turns).to_have_count(1)
        visit.stand_still()
        assert visit.page.evaluate(SHIFTED) < 0.02


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_question_box_covers_nothing(
    server: Server, browser: Browser, viewport: dict[str, int]
) -> None:
    with visiting(browser, server, viewport=viewport, **STILL) as visit:
        visit.ask(POINTS)
        visit.last.locator(".folded > summary").click()
        for line in (visit.last.locator(".section").last, visit.last.locator(".actions")):
            line.scroll_into_view_if_needed()
            assert bottom(line) <= top(visit.page.locator("#composer"))
        suggested = visit.page.locator("#suggestions button").last
        expect(suggested).to_be_visible()
        visit.page.locator(".scroller").evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
        assert bottom(suggested) <= top(visit.page.locator("#composer"))
        visit.choose(*((f"{number}.txt", b" ") for number in range(9)))
        expect(visit.page.get_by_role("alert")).to_have_count(9)
        composer = visit.page.locator("#composer")
        assert bottom(composer) <= viewport["height"]
        room = box_of(visit.page.locator(".scroller"))
        assert room["height"] > viewport["height"] / 4  # for the conversation, in any case
        expect(visit.box).to_be_in_viewport(ratio=1)


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def top(element: Locator) -> float:
    return box_of(element)["y"]


def bottom(element: Locator) -> float:
    box = box_of(element)
    return box["y"] + box["height"]


def test_what_is_touched_is_large_enough_to_be_touched(server: Server, browser: Browser) -> None:
    with visiting(browser, server, viewport=NARROW, has_touch=True, is_mobile=True) as visit:
        expect(visit.page.locator("#corpus .example").first).to_be_visible()
        visit.page.locator(".corpus summary").first.tap()
        assert visit.page.evaluate(SMALL) == []
        visit.page.locator("#corpus .example").first.tap()
        expect(visit.page.locator(".reply.answered")).to_be_visible()
        expect(visit.box).not_to_be_focused()  # the keyboard would cover the answer
        visit.last.get_by_role("button", name="回答正确").tap()
        visit.conversations()
        visit.bring("甲镇报告.txt")
        assert visit.page.evaluate(SMALL) == []
        visit.last.locator(".marker").first.tap()
        expect(visit.page.locator("#source mark").first).to_be_in_viewport()
        assert visit.page.evaluate(SMALL) == []


def test_the_page_may_load_nothing_from_elsewhere(server: Server, browser: Browser) -> None:
    with browsing(browser) as context:
        visit = open_page(context, server)
        tried = visit.page.evaluate("fetch('http://example.com/').then(() => 'sent', () => 'kept')")
    assert tried == "kept"
