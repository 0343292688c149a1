"""The chat page is for everybody: in each language, by keyboard and touch, small and dark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from browsing import (
    ANSWERED,
    BRIDGES,
    FIXTURES,
    FOLLOW_UP,
    HOSTILE_TEXTS,
    NARROW,
    POINTS,
    UNANSWERED,
    WIDE,
    Held,
    Visit,
    box_of,
    browsing,
    faults,
    open_page,
    visiting,
)
from serving import Server
from waiting import until

browser, pictures, server, visit = FIXTURES

STILL = {"reduced_motion": "reduce"}  # nothing is scrolled while it is measured
WATCH_SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.moved += entry.hadRecentInput ? 0 : entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SMALL = """() => [...document.querySelectorAll(
  "#app :is(button, summary, select, input, textarea, a)"
)].filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


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
    viewport: ViewportSize,
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
        visit.last.locator(".more-points > summary").click()
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
    server: Server, browser: Browser, viewport: ViewportSize
) -> None:
    with browsing(browser, viewport=viewport) as context:
        context.add_init_script(WATCH_SHIFTS)
        visit = open_page(context, server)
        expect(visit.page.locator("#corpus .example").first).to_be_visible()
        visit.stand_still()
        assert moved(visit) < 0.02
        visit.ask(ANSWERED)
        visit.page.reload()
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        visit.stand_still()
        assert moved(visit) < 0.02
        visit.page.locator(".top").evaluate("(one) => { one.style.marginBottom = '9rem'; }")
        until(lambda: moved(visit) > 0.02, visit.pause)  # so that a jump is noticed
        visit.check()


def moved(visit: Visit) -> float:
    """How far has moved what nobody moved, as a browser counts it."""
    shift: float = visit.page.evaluate("window.moved")
    return shift


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_question_box_covers_nothing(
    server: Server, browser: Browser, viewport: ViewportSize
) -> None:
    with visiting(browser, server, viewport=viewport, **STILL) as visit:
        visit.ask(POINTS)
        visit.last.locator(".more-points > summary").click()
        visit.last.locator(".evidence > summary").click()
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
