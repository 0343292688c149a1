"""The chat page: asking, answers and their sources, and what can be done with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

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
    new_visit,
    open_page,
    visiting,
)
from serving import Server
from ui.service.feedback import Feedback

browser, pictures, server, visit = FIXTURES


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
    visit.last.locator(".evidence > summary").click()
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
    more = visit.last.locator(".more-points > summary")
    expect(more.locator("span").filter(visible=True)).to_have_text(
        f"再显示 {points.count() - 6} 条"
    )
    more.click()
    expect(shown).to_have_count(points.count())
    expect(more.locator("span").filter(visible=True)).to_have_text("收起")
    assert box_of(more)["y"] > box_of(points.last)["y"]
    evidence = visit.last.locator(".evidence")  # which says the same again
    expect(evidence.locator(".citation").first).to_be_hidden()
    evidence.locator("summary").click()
    expect(evidence.locator(".citation")).to_have_count(points.count())


def test_what_is_read_stays_where_it_is_while_its_source_opens(visit: Visit) -> None:
    visit.page.set_viewport_size(WIDE)
    visit.page.emulate_media(reduced_motion="reduce")
    visit.ask(ANSWERED)
    visit.ask(POINTS)
    expect(visit.page.locator("#suggestions button").first).to_be_visible()
    visit.stand_still()
    marker = visit.last.locator(".marker").nth(1)
    marker.scroll_into_view_if_needed()
    before = box_of(marker)["y"]
    marker.click()
    expect(visit.page.locator("#source mark.current").first).to_be_in_viewport()
    visit.page.wait_for_function("() => document.querySelector('#app').matches('.docked')")
    assert abs(box_of(marker)["y"] - before) < 4
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#source")).to_be_hidden()
    assert abs(box_of(marker)["y"] - before) < 4


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
    before = Feedback(home).count()
    right.dblclick()
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
    assert Feedback(home).count() == before + 1  # the last one counts
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
