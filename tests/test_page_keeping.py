"""What the page keeps: it comes back whatever comes late, and is never asked again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from browsing import (
    ANSWERED,
    BRIDGES,
    FIXTURES,
    FOLLOW_UP,
    POINTS,
    Held,
    Visit,
    browsing,
    new_visit,
    open_page,
    visiting,
)
from serving import Server

browser, pictures, server, visit = FIXTURES

LATE = 1200  # milliseconds; what comes so late comes last
OWN = "2023年，甲镇新修了多少公里公路？"


def ask_the_article_and_a_document(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.bring("甲镇报告.txt")
    visit.ask(BRIDGES)


def expect_both_again(visit: Visit) -> None:
    expect(visit.answers.nth(0)).to_contain_text("25个")
    expect(visit.answers.nth(1)).to_contain_text("37座")
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])


def asked_anew(visit: Visit) -> int:
    return sum(url.endswith("/page/turn") for url in visit.requested)


# what comes back


def test_a_reload_brings_all_back_and_asks_nothing_again(visit: Visit) -> None:
    ask_the_article_and_a_document(visit)
    visit.last.get_by_role("button", name="回答正确").click()
    expect(visit.last.get_by_role("status")).to_have_text("已记下，谢谢")
    visit.box.fill("还没问完")
    before = asked_anew(visit)
    for again in (
        visit.page.reload,
        visit.page.get_by_role("link", name="English").click,
        visit.page.get_by_role("link", name="中文").click,
    ):
        again()
        expect(visit.turns).to_have_count(2)
        expect_both_again(visit)
        expect(visit.last.locator("[data-verdict=right]")).to_have_attribute("aria-pressed", "true")
        expect(visit.page.locator("#corpus")).to_contain_text("甲镇")
        expect(visit.page.locator("#suggestions")).to_contain_text("甲镇")
        expect(visit.box).to_have_value("还没问完")
        visit.stand_still()
    assert asked_anew(visit) == before


def test_what_came_back_can_be_gone_on_with(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.reload()
    visit.ask("那电梯呢？")
    expect(visit.last.locator(".text")).to_contain_text("20部")
    visit.page.locator(".citation").first.click()
    expect(visit.page.locator("#source mark").first).to_contain_text("25个小区")


@pytest.mark.parametrize("way", ["reload", "language"])
def test_all_comes_back_whichever_part_of_the_page_comes_late(
    visit: Visit, way: Literal["reload", "language"]
) -> None:
    ask_the_article_and_a_document(visit)
    visit.page.reload()
    expect_both_again(visit)
    visit.stand_still()
    parts = sorted(parts_of(visit))
    assert len(parts) > 30
    questions = 2
    for part in parts:
        delay = late(visit, part)
        if way == "reload":
            visit.page.reload(wait_until="commit")
        else:
            visit.page.locator(".language").click(no_wait_after=True)
            visit.page.wait_for_event("framenavigated")
        visit.type(OWN)  # as soon as there is where to
        questions += 1
        expect(visit.page.locator(".reply.answered"), part).to_have_count(questions)
        expect_both_again(visit)
        expect(visit.last.locator(".text"), part).to_contain_text("12公里")
        expect(visit.box).to_have_value("")
        assert visit.problems == [], part
        visit.page.unroute_all(behavior="wait")
        delay()


def parts_of(visit: Visit) -> set[str]:
    """The names of the files that a page is made of."""
    loaded = visit.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    paths = [urlsplit(url).path for url in loaded]
    return {path.rpartition("/")[2] for path in paths if not path.startswith("/page/")}


def late(visit: Visit, part: str) -> Callable[[], None]:
    """Have a part of the page come late; to be called once it should have been asked for."""
    came: list[str] = []

    def wait(route: Route) -> None:
        came.append(part)
        visit.pause(LATE / 1000)
        route.continue_()

    visit.page.route(lambda url: urlsplit(url).path.endswith(f"/{part}"), wait)

    def check() -> None:
        assert came or part == "favicon.ico", part  # which is asked for once

    return check


@pytest.mark.parametrize("late", ["**/site/main.js", "**/site/page.js", "**/page/**"])
def test_a_question_typed_before_the_page_is_whole_is_answered(
    server: Server, browser: Browser, late: str
) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        held = Held(visit.page, late)
        visit.page.goto(server.address, wait_until="commit")
        visit.type(ANSWERED)
        visit.type(FOLLOW_UP)
        expect(visit.box).to_have_value("")
        held.wait()
        visit.stand_still()
        held.let_go()
        expect(visit.answers).to_have_count(2)
        expect(visit.answers.nth(0)).to_contain_text("25个")
        expect(visit.answers.nth(1)).to_contain_text("2200个")
        expect(visit.page.locator("#suggestions button").first).to_be_visible()
        visit.check()


def test_what_is_clicked_before_the_page_is_whole_is_done(server: Server, browser: Browser) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        held = Held(visit.page, "**/site/main.js")
        visit.page.goto(server.address, wait_until="commit")
        with visit.page.expect_file_chooser() as chooser:
            visit.page.locator("#upload").click()
            visit.page.get_by_role("tab", name="数据").click()
            held.wait()
            held.let_go()
        assert chooser.value.is_multiple()
        expect(visit.page.locator("#view-figures tbody tr").first).to_be_visible()
        visit.check()


def test_a_page_whose_program_does_not_come_says_so_and_keeps_what_was_typed(
    server: Server, browser: Browser
) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        visit.expected.append("/site/chat.js")
        held = Held(visit.page, "**/site/chat.js")
        visit.page.goto(server.address)
        visit.type(ANSWERED)
        held.wait()
        held.break_off()
        expect(visit.page.locator("#corpus")).to_contain_text("连不上服务")
        expect(visit.box).to_have_value(ANSWERED)
        visit.box.press("Enter")
        expect(visit.box).to_have_value(ANSWERED)


def test_a_question_typed_while_a_document_comes_back_is_asked_of_it(visit: Visit) -> None:
    ask_the_article_and_a_document(visit)
    held = Held(visit.page, "**/page/documents/*")
    visit.page.reload(wait_until="commit")
    held.wait()
    visit.type(OWN)
    visit.stand_still()
    held.let_go()
    expect(visit.page.locator(".reply.answered")).to_have_count(3)
    expect(visit.last.locator(".question")).to_have_text(OWN)
    expect(visit.last.locator(".text")).to_contain_text("12公里")


def test_questions_without_an_answer_as_yet_are_asked_again_after_a_reload(
    visit: Visit,
) -> None:
    visit.ask(ANSWERED)
    visit.bring("甲镇报告.txt")
    held = Held(visit.page, "**/page/turn")
    visit.type(BRIDGES)
    visit.type(OWN)
    held.wait()
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(visit.page.locator(".question")).to_have_text([ANSWERED, BRIDGES, OWN])
    visit.page.unroute_all()
    visit.page.reload()
    expect_both_again(visit)
    expect(visit.last.locator(".text")).to_contain_text("12公里")
    visit.page.reload()
    expect(visit.turns).to_have_count(3)


def test_a_link_opened_meanwhile_loses_no_question(visit: Visit, server: Server) -> None:
    visit.ask(ANSWERED)
    held = Held(visit.page, "**/page/turn")
    visit.type("那电梯呢？")
    held.wait()
    visit.page.unroute_all()
    visit.page.goto(f"{server.address}/?q={quote(FOLLOW_UP)}")
    expect(visit.answers).to_contain_text("2200个")
    visit.conversations().filter(has_text=ANSWERED).click()
    expect(visit.answers.nth(1)).to_contain_text("20部")


def test_a_long_conversation_comes_back_whole_and_in_order(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.ask(POINTS)
    visit.page.evaluate(
        """() => {
          const [kept] = JSON.parse(localStorage["dongxihu.conversations"]);
          const [first, ...points] = kept.turns;
          kept.turns = Array.from({ length: 99 }, (_, at) => ({
            ...points[0], key: String(at), question: `问题 ${at}`,
          }));
          kept.turns.push(first);
          localStorage["dongxihu.conversations"] = JSON.stringify([kept]);
        }"""
    )
    visit.page.reload()
    expect(visit.turns).to_have_count(100)
    expect(visit.page.locator(".question")).to_have_text(
        [*(f"问题 {at}" for at in range(99)), ANSWERED]
    )
    expect(visit.last).to_be_in_viewport()
    visit.last.locator(".citation").click()
    expect(visit.page.locator("#source mark").first).to_contain_text("25个小区")


def test_what_cannot_be_shown_again_is_told_of_and_tried_again(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.expected.append("/page/turns")
    visit.page.route("**/page/turns", lambda route: route.abort())
    visit.page.reload()
    expect(visit.page.locator("#conversation")).to_contain_text("连不上服务")
    visit.page.unroute_all()
    visit.page.get_by_role("button", name="再试一次").click()
    expect(visit.answers).to_contain_text("25个")


# conversations


def test_conversations_are_opened_and_deleted_by_a_menu(visit: Visit) -> None:
    expect(visit.conversations()).to_have_count(0)
    expect(visit.page.locator(".kept")).to_have_text("还没有对话")
    visit.page.keyboard.press("Escape")
    visit.ask(ANSWERED)
    visit.page.get_by_role("button", name="新的对话").click()
    expect(visit.turns).to_have_count(0)
    expect(visit.page.locator("#corpus .example").first).to_be_visible()
    visit.ask("那电梯呢？")  # there is nothing to lean on any more
    expect(visit.page.locator(".reply.refused")).to_be_visible()
    visit.page.reload()
    expect(visit.page.locator(".question")).to_have_text(["那电梯呢？"])
    expect(visit.conversations()).to_have_text(["那电梯呢？", ANSWERED])
    expect(visit.page.locator(".kept [aria-current]")).to_have_text("那电梯呢？")
    visit.conversations().nth(1).click()
    expect(visit.page.locator(".kept")).to_be_hidden()
    expect(visit.answers).to_contain_text("25个")
    expect(visit.box).to_be_focused()
    visit.ask("那电梯呢？")
    expect(visit.last.locator(".text")).to_contain_text("20部")
    expect(visit.conversations()).to_have_text([ANSWERED, "那电梯呢？"])
    visit.page.get_by_role("button", name="删除：那电梯呢？").dblclick()  # is no second thought
    expect(visit.conversations()).to_have_count(2)
    visit.page.get_by_role("button", name="确定删除？").click()
    expect(visit.conversations()).to_have_text([ANSWERED])
    visit.page.get_by_role("button", name=f"删除：{ANSWERED}").click()
    visit.page.get_by_role("button", name="确定删除？").click()
    expect(visit.conversations()).to_have_count(0)
    expect(visit.turns).to_have_count(0)
    visit.page.reload()
    expect(visit.page.locator("#corpus .example").first).to_be_visible()
    expect(visit.turns).to_have_count(0)


def test_the_menu_closes_where_one_clicks_beside_it(visit: Visit) -> None:
    visit.conversations()
    expect(visit.page.locator(".kept")).to_be_visible()
    visit.page.locator(".subtitle").click()
    expect(visit.page.locator(".kept")).to_be_hidden()


def test_each_conversation_asks_its_own_documents(visit: Visit) -> None:
    visit.bring("甲镇报告.txt")
    visit.ask(BRIDGES)
    visit.page.get_by_role("button", name="新的对话").click()
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])  # goes on with them
    visit.page.reload()
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])
    visit.page.get_by_role("button", name="移除全部").click()
    visit.ask(ANSWERED)
    expect(visit.answers).to_contain_text("25个")
    visit.expected.append("/page/")
    visit.conversations().nth(1).click()
    expect(visit.answers).to_contain_text("37座")
    expect(visit.page.get_by_role("alert")).to_contain_text("已过期")  # they were removed


def test_an_answer_that_comes_late_enters_the_conversation_it_was_asked_in(
    visit: Visit,
) -> None:
    visit.ask(ANSWERED)
    held = Held(visit.page, "**/page/turn")
    visit.type("那电梯呢？")
    held.wait()
    visit.page.get_by_role("button", name="新的对话").click()
    visit.type(FOLLOW_UP)
    expect(visit.page.locator(".question")).to_have_text([FOLLOW_UP])
    visit.conversations().first.click()  # back while it is still waited for
    expect(visit.page.locator(".question")).to_have_text([ANSWERED, "那电梯呢？"])
    visit.page.get_by_role("button", name="新的对话").click()
    held.let_go()
    expect(visit.conversations()).to_have_count(2)
    expect(visit.turns).to_have_count(0)
    visit.conversations().filter(has_text=ANSWERED).click()
    expect(visit.page.locator(".question")).to_have_text([ANSWERED, "那电梯呢？"])
    expect(visit.answers.nth(1)).to_contain_text("20部")


def test_what_was_deleted_does_not_come_back_with_a_late_answer(visit: Visit) -> None:
    visit.ask(ANSWERED)
    held = Held(visit.page, "**/page/turn")
    visit.type("那电梯呢？")
    held.wait()
    visit.conversations()
    visit.page.get_by_role("button", name="删除：").click()
    visit.page.get_by_role("button", name="确定删除？").click()
    with visit.page.expect_response("**/page/turn"):
        held.let_go()
    visit.ask(FOLLOW_UP)  # whose answer comes after it
    expect(visit.conversations()).to_have_text([FOLLOW_UP])
    expect(visit.turns).to_have_count(1)


def test_a_conversation_that_is_slow_to_open_does_not_enter_another(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.get_by_role("button", name="新的对话").click()
    visit.ask(FOLLOW_UP)
    held = Held(visit.page, "**/page/turns")
    visit.conversations().nth(1).click()
    held.wait()
    visit.conversations().nth(0).click()
    held.wait(2)
    held.let_one_go(1)
    expect(visit.page.locator(".question")).to_have_text([FOLLOW_UP])
    held.let_go()
    visit.stand_still()
    expect(visit.page.locator(".question")).to_have_text([FOLLOW_UP])


def test_two_tabs_with_one_conversation_lose_no_turn_of_it(
    server: Server, browser: Browser
) -> None:
    with browsing(browser) as context:
        one = open_page(context, server)
        one.ask(ANSWERED)
        other = open_page(context, server)
        other.conversations().first.click()
        other.ask(FOLLOW_UP)
        one.ask("那电梯呢？")
        other.page.reload()
        expect(other.page.locator(".question")).to_have_text([ANSWERED, FOLLOW_UP, "那电梯呢？"])
        one.check()
        other.check()


def test_a_full_browser_forgets_the_oldest_conversations_and_says_so(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.evaluate(
        """() => {
          const [kept] = JSON.parse(localStorage["dongxihu.conversations"]);
          const [turn] = kept.turns;
          const large = (id) => ({ ...kept, id, turns: [{ ...turn, question: id.repeat(1e6) }] });
          localStorage["dongxihu.conversations"] = JSON.stringify([kept, large("甲"), large("乙")]);
          for (let size = 2 ** 22; size >= 1; size /= 2) {
            try { localStorage.full = (localStorage.full ?? "") + "x".repeat(size); } catch {}
          }
        }"""
    )
    visit.ask(FOLLOW_UP)
    told = visit.page.locator("#kept").get_by_role("status")
    expect(visit.conversations()).to_have_count(2)  # the last has gone
    expect(told).to_contain_text("存不下更多对话")
    visit.page.reload()
    expect(visit.turns).to_have_count(2)


def test_no_more_than_thirty_conversations_are_kept(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.evaluate(
        """() => {
          const [kept] = JSON.parse(localStorage["dongxihu.conversations"]);
          const many = Array.from({ length: 35 }, (_, at) => ({ ...kept, id: `${at}` }));
          localStorage["dongxihu.conversations"] = JSON.stringify(many);
        }"""
    )
    visit.page.get_by_role("button", name="新的对话").click()
    visit.ask(FOLLOW_UP)
    expect(visit.conversations()).to_have_count(30)
    expect(visit.conversations().first).to_have_text(FOLLOW_UP)


@pytest.mark.parametrize(
    "planted",
    [
        "not json",
        "null",
        "[1, null, {}]",
        json.dumps([{"id": "x", "visit": "", "turns": [{"question": 1}, None]}]),
        json.dumps({"<b>": "</script>"}),
    ],
)
def test_what_else_stands_where_conversations_are_kept_does_no_harm(
    server: Server, browser: Browser, planted: str
) -> None:
    keys = ["dongxihu.conversations", "dongxihu.current", "dongxihu.waiting", "dongxihu.draft"]
    with browsing(browser) as context:
        context.add_init_script(
            f"for (const key of {json.dumps(keys)}) for (const one of [localStorage, "
            f"sessionStorage]) one[key] ??= {json.dumps(planted)};"
        )
        visit = open_page(context, server)
        visit.ask(ANSWERED)
        expect(visit.answers).to_contain_text("25个")
        expect(visit.conversations()).to_have_text([ANSWERED])
        visit.check()


def test_hostile_words_in_what_is_kept_are_shown_and_not_obeyed(visit: Visit) -> None:
    visit.ask(ANSWERED)
    title = visit.page.title()
    visit.page.evaluate(
        """() => {
          const hostile = "<img src=x onerror=\\"document.title='owned'\\">";
          const plant = (one) => typeof one === "string" ? one + hostile
            : Array.isArray(one) ? one.map(plant)
            : one && typeof one === "object" ? Object.fromEntries(
                Object.entries(one).map(([name, value]) =>
                  [name, ["status", "reason", "visit", "key"].includes(name)
                    ? value : plant(value)]))
            : one;
          const [kept] = JSON.parse(localStorage["dongxihu.conversations"]);
          kept.turns = kept.turns.map(plant);
          localStorage["dongxihu.conversations"] = JSON.stringify([kept]);
        }"""
    )
    visit.page.reload()
    expect(visit.last.locator(".text")).to_contain_text("25个<img src=x")
    expect(visit.conversations()).to_contain_text("<img src=x")
    expect(visit.page.locator("#app :is(img, [onerror])")).to_have_count(0)
    assert visit.page.title() == title


def test_a_browser_that_keeps_nothing_is_answered_all_the_same(
    server: Server, browser: Browser
) -> None:
    with browsing(browser) as context:
        context.add_init_script(
            "for (const name of ['localStorage', 'sessionStorage']) "
            "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new Error(); };"
        )
        visit = open_page(context, server)
        visit.ask(ANSWERED)
        visit.ask("那电梯呢？")
        expect(visit.last.locator(".text")).to_contain_text("20部")
        visit.check()


# links


def test_a_link_is_asked_once_and_comes_back_like_any_other(
    server: Server, browser: Browser
) -> None:
    path = f"?lang=zh&date=2024..2025&q={quote(ANSWERED)}&q={quote('那电梯呢？')}"
    with visiting(browser, server, path) as visit:
        expect(visit.answers).to_have_count(2)
        assert urlsplit(visit.page.url).query == "lang=zh&date=2024..2025"
        before = asked_anew(visit)
        visit.page.reload()
        expect(visit.answers).to_have_count(2)
        visit.page.get_by_role("link", name="English").click()
        expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        expect(visit.answers).to_have_count(2)
        visit.stand_still()
        assert asked_anew(visit) == before
        visit.page.goto(f"{server.address}/?q={quote(FOLLOW_UP)}")  # another link in this tab
        expect(visit.page.locator(".question")).to_have_text([FOLLOW_UP])
        expect(visit.conversations()).to_have_text([FOLLOW_UP, ANSWERED])


def test_a_link_asks_no_more_than_six_questions(server: Server, browser: Browser) -> None:
    questions = "&".join(f"q={quote(f'2024年改造了{n}个小区吗？')}" for n in range(9))
    with visiting(browser, server, f"?{questions}") as visit:
        expect(visit.page.locator(".reply:not(.pending)")).to_have_count(6)
        visit.stand_still()
        expect(visit.turns).to_have_count(6)
