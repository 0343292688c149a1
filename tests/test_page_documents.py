"""Documents that a visitor brings along to the page: read, asked, removed, or told why not."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from browsing import (
    ANSWERED,
    BRIDGE_REPORT,
    BRIDGES,
    FIXTURES,
    FOLLOW_UP,
    Held,
    Visit,
    browsing,
    new_visit,
    open_page,
    visiting,
)
from serving import Server

browser, pictures, server, visit = FIXTURES

REPORT = BRIDGE_REPORT.encode()
OTHER_REPORT = "乙报\n\n2023年，甲镇新建了41座桥。\n"
DROP = """([name, text]) => {
  const carried = new DataTransfer();
  if (name) carried.items.add(new File([text], name));
  else carried.setData("text/plain", text);
  const box = document.querySelector("#question");
  const tell = (kind) => box.dispatchEvent(
    new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true })
  );
  return [tell("dragover"), tell("drop")];
}"""


def test_documents_brought_along_are_asked_for_this_visit_only(
    visit: Visit, server: Server, browser: Browser
) -> None:
    visit.bring("甲镇报告.txt")
    expect(visit.page.locator("#asking")).to_contain_text("正在问您带来的文档")
    visit.ask(BRIDGES)
    expect(visit.last.locator(".text")).to_contain_text("37座")
    with visit.page.expect_request("**/source/**") as source:
        visit.last.locator(".marker").click()
    expect(visit.page.locator("#source mark")).to_contain_text("甲镇新建了37座桥")
    visit.page.keyboard.press("Escape")
    visit.bring("乙报.txt", OTHER_REPORT)
    visit.ask(BRIDGES)
    values = visit.last.locator(".values > li")  # they contradict each other: side by side
    expect(values).to_have_count(2)
    assert {"41座", "37座"} == {value[:3] for value in values.all_inner_texts()}
    expect(visit.last.locator(".label").first).to_have_text("资料里的说法不一")
    with visiting(browser, server) as elsewhere:
        elsewhere.ask(BRIDGES)
        expect(elsewhere.page.locator(".reply.refused")).to_be_visible()
        alone = re.sub(r"&visit=[^&]*", "", source.value.url)
        assert elsewhere.page.request.get(source.value.url).ok
        assert elsewhere.page.request.get(alone).status == 404
    visit.page.get_by_role("button", name="移除全部").click()
    expect(visit.page.locator("#brought .file")).to_have_count(0)
    expect(visit.page.locator("#asking .told")).to_have_text("")
    visit.ask(ANSWERED)
    expect(visit.last.locator(".text")).to_contain_text("25个")
    visit.ask(BRIDGES)
    expect(visit.last.locator(".reply.refused")).to_be_visible()


def test_one_document_is_removed_and_the_others_are_still_asked(visit: Visit) -> None:
    visit.bring("甲镇报告.txt")
    visit.bring("乙报.txt", OTHER_REPORT)
    visit.page.get_by_role("button", name="删除：甲镇报告.txt").click()
    expect(visit.page.locator("#read .name")).to_have_text(["乙报.txt"])
    expect(visit.page.locator("#upload")).to_be_focused()
    visit.ask(BRIDGES)
    expect(visit.last.locator(".values > li")).to_have_count(1)
    expect(visit.last.locator(".text")).to_contain_text("41座")
    visit.page.reload()
    expect(visit.page.locator("#read .name")).to_have_text(["乙报.txt"])
    visit.page.get_by_role("button", name="删除：乙报.txt").click()
    expect(visit.page.locator("#asking .told")).to_have_text("")
    visit.ask(ANSWERED)
    expect(visit.last.locator(".text")).to_contain_text("25个")


def test_a_question_asked_while_a_document_is_read_is_asked_of_it(visit: Visit) -> None:
    held = Held(visit.page, "**/page/documents?*")
    visit.choose(("甲镇报告.txt", REPORT))
    held.wait()
    visit.type(BRIDGES)
    expect(visit.page.locator(".pending")).to_have_text("等文档读完再回答…")
    held.let_go()
    expect(visit.last.locator(".text")).to_contain_text("37座")


def test_a_question_asked_while_a_document_cannot_be_read_is_answered(visit: Visit) -> None:
    held = Held(visit.page, "**/page/documents?*")
    visit.choose(("空.txt", b""))
    held.wait()
    visit.type(ANSWERED)
    held.let_go()
    expect(visit.last.locator(".text")).to_contain_text("25个")
    expect(visit.page.locator("#arriving").get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("way", ["read", "removed"])
def test_a_late_word_on_documents_is_not_for_another_conversation(
    visit: Visit, way: Literal["read", "removed"]
) -> None:
    visit.ask(ANSWERED)
    visit.page.get_by_role("button", name="新的对话").click()
    if way == "removed":
        visit.bring("甲镇报告.txt")
        visit.ask(BRIDGES)
    visit.expected.append("/page/welcome")  # of documents that have gone meanwhile
    held = Held(visit.page, "**/page/documents/*")
    if way == "read":
        visit.choose(("甲镇报告.txt", REPORT))
    else:
        visit.page.get_by_role("button", name="删除：甲镇报告.txt").click()
    held.wait()
    visit.conversations().filter(has_text=ANSWERED).click()
    held.let_go()
    visit.stand_still()
    expect(visit.page.locator("#asking .told")).to_have_text("")
    visit.ask("那电梯呢？")
    expect(visit.last.locator(".text")).to_contain_text("20部")


def test_a_document_that_cannot_be_removed_stays_in_sight(visit: Visit) -> None:
    visit.bring("甲镇报告.txt")
    visit.expected.append("/page/documents/")
    visit.page.route("**/page/documents/**", lambda route: route.abort())
    visit.page.get_by_role("button", name="删除：甲镇报告.txt").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("连不上服务")
    visit.page.unroute("**/page/documents/**")
    visit.page.get_by_role("button", name="删除：甲镇报告.txt").click()
    expect(visit.page.locator("#brought .file")).to_have_count(0)


def test_what_can_be_asked_follows_the_documents(visit: Visit) -> None:
    corpus = visit.page.locator("#corpus")
    expect(corpus.locator(".example").first).to_be_visible()
    visit.bring("甲镇报告.txt")
    expect(corpus.locator(".name")).to_have_text(["甲镇报告"])
    expect(corpus).not_to_contain_text("东西湖")
    question = corpus.locator(".example").first
    question.click()
    expect(visit.page.locator(".reply.answered")).to_be_visible()
    visit.page.get_by_role("button", name="移除全部").click()
    expect(visit.page.locator("#suggestions button")).to_have_count(0)
    visit.page.get_by_role("button", name="新的对话").click()
    expect(corpus).not_to_contain_text("甲镇")
    expect(corpus.locator(".example").first).to_be_visible()


def test_what_is_offered_late_is_not_for_documents_that_are_no_longer_asked(
    server: Server, browser: Browser
) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        first = Held(visit.page, "**/page/welcome?visit=&*")
        visit.page.goto(server.address)
        after = Held(visit.page, "**/page/suggestions")
        visit.ask(ANSWERED)
        after.wait()
        visit.bring("甲镇报告.txt")
        after.let_go()
        expect(visit.page.locator("#corpus")).to_contain_text("甲镇")
        first.let_go()
        visit.stand_still()
        expect(visit.page.locator("#corpus")).to_contain_text("甲镇")
        expect(visit.page.locator("#suggestions button")).to_have_count(0)
        visit.check()


def test_limits_are_told_before_and_kept(visit: Visit) -> None:
    upload = visit.page.get_by_role("button", name="带一份文档")
    expect(upload).to_have_accessible_description(re.compile("每份不超过 10 MB，最多 5 份.*2 小时"))
    visit.choose(("大.txt", b"0" * (10 * 2**20 + 1)))
    expect(visit.page.get_by_role("alert")).to_have_text("这份文档太大，每份不超过 10 MB")
    reports = [(f"{n}.txt", f"报告\n\n2023年，{n}镇新建了3{n}座桥。\n".encode()) for n in range(6)]
    visit.choose(*reports)
    expect(visit.page.locator("#read .file")).to_have_count(5)
    expect(visit.page.get_by_role("alert").last).to_have_text("最多带 5 份文档，请先移除再上传")


def test_a_file_that_cannot_be_read_is_declined_beside_it(visit: Visit) -> None:
    visit.choose(("空.txt", b" "), ("甲镇报告.txt", REPORT), ("图.png", b"\x89PNG"))
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])
    failed = visit.page.locator(".file.failed")
    expect(failed).to_have_count(2)
    expect(failed.nth(0)).to_contain_text("空.txt")
    expect(failed.nth(0).get_by_role("alert")).to_contain_text("没有文字")
    expect(failed.nth(1).get_by_role("alert")).to_contain_text("只能读")
    visit.page.get_by_role("button", name="删除：空.txt").click()
    expect(visit.page.get_by_role("alert")).to_have_count(1)  # gone with its file
    visit.page.get_by_role("button", name="移除全部").click()
    expect(visit.page.locator(".file")).to_have_count(0)


def test_an_error_is_announced_once_whatever_else_comes(visit: Visit) -> None:
    visit.page.evaluate(
        """() => {
          window.announced = [];
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes)
              for (const node of addedNodes)
                for (const one of node.querySelectorAll?.("[role=alert]") ?? [])
                  window.announced.push(one.textContent);
            for (const { addedNodes } of changes)
              for (const node of addedNodes)
                if (node.role === "alert") window.announced.push(node.textContent);
          }).observe(document.querySelector("#brought"), { childList: true, subtree: true });
        }"""
    )
    visit.choose(("空.txt", b" "), ("甲镇报告.txt", REPORT))
    expect(visit.page.locator("#read .file")).to_have_count(1)
    assert len(visit.page.evaluate("window.announced")) == 1


def test_it_is_told_how_far_each_file_is_and_one_may_be_given_up(visit: Visit) -> None:
    held = Held(visit.page, "**/page/documents?*")
    visit.choose(("一.txt", REPORT), ("二.txt", REPORT))
    arriving = visit.page.locator("#arriving .file")
    expect(arriving.nth(0)).to_contain_text("正在读取 0%")
    expect(arriving.nth(1)).to_contain_text("等候读取")
    visit.page.get_by_role("button", name="删除：二.txt").click()
    expect(arriving).to_have_count(1)
    visit.page.get_by_role("button", name="删除：一.txt").click()
    expect(arriving).to_have_count(0)
    held.wait()
    visit.page.unroute("**/page/documents?*")
    visit.bring("甲镇报告.txt")  # what was given up holds nothing up
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])


def test_a_reading_that_is_broken_off_is_not_taken_for_done(visit: Visit) -> None:
    visit.page.route(
        "**/page/documents?*", lambda route: route.fulfill(body='{"percent": 40}\n{"per')
    )
    visit.choose(("甲镇报告.txt", REPORT))
    expect(visit.page.get_by_role("alert")).to_contain_text("没能完成")
    expect(visit.page.locator("#read .file")).to_have_count(0)


def test_files_are_dropped_on_the_page_and_words_into_the_question(visit: Visit) -> None:
    taken = visit.page.evaluate(DROP, ["甲镇报告.txt", BRIDGE_REPORT])
    assert taken == [False, False]  # the browser does not open the file instead
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])
    assert visit.page.evaluate(DROP, ["", ANSWERED]) == [True, True]  # it is the browser's
    expect(visit.page.locator(".dropping")).to_have_count(0)


def test_files_dropped_before_the_page_is_whole_are_read(server: Server, browser: Browser) -> None:
    with browsing(browser) as context:
        visit = new_visit(context)
        held = Held(visit.page, "**/site/main.js")
        visit.page.goto(server.address, wait_until="commit")
        held.wait()
        expect(visit.box).to_be_visible()
        taken = visit.page.evaluate(DROP, ["甲镇报告.txt", BRIDGE_REPORT])
        assert taken == [False, False]
        held.let_go()
        expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])
        visit.check()


def test_the_same_file_twice_is_one(visit: Visit) -> None:
    visit.bring("甲镇报告.txt")
    visit.choose(("甲镇报告.txt", REPORT))
    expect(visit.page.locator("#arriving .file")).to_have_count(0)
    expect(visit.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])


def test_a_file_of_a_long_name_can_be_brought(visit: Visit) -> None:
    visit.bring("x" * 250 + ".txt")
    visit.ask(BRIDGES)
    expect(visit.last.locator(".text")).to_contain_text("37座")


def test_forgotten_documents_are_told_of_and_not_mistaken_for_others(visit: Visit) -> None:
    visit.ask(ANSWERED)
    with visit.page.expect_request("**/page/documents/*") as listing:
        visit.bring("甲镇报告.txt", "甲镇报告\n\n2024年，甲镇改造了3个小区。\n")
    visit.ask("2024年甲镇改造了多少个小区？")
    expect(visit.last.locator(".text")).to_contain_text("3个")
    visit.page.request.delete(listing.value.url)
    visit.expected += ["/page/", "/source/"]
    visit.ask(FOLLOW_UP)
    expect(visit.last.locator(".failed")).to_contain_text("已过期")
    visit.page.reload()
    expect(visit.page.get_by_role("alert")).to_contain_text("已过期")
    expect(visit.answers).to_have_count(2)  # what was answered stays
    visit.page.get_by_role("button", name="删除：").last.click()
    expect(visit.page.get_by_role("alert")).to_have_count(0)
    visit.ask(FOLLOW_UP)
    expect(visit.last.locator(".text")).to_contain_text("2200个")
    visit.page.reload()
    expect(visit.answers).to_have_count(3)
    expect(visit.page.get_by_role("alert")).to_have_count(0)  # told once


def test_a_link_to_an_answer_from_ones_own_document_opens_it(
    server: Server, browser: Browser
) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with browsing(browser, permissions=permissions) as context:
        visit = open_page(context, server)
        visit.bring("甲镇报告.txt")
        visit.ask(BRIDGES)
        visit.last.get_by_role("button", name="复制链接").click()
        expect(visit.last.locator(".told")).to_contain_text("两小时内有效")
        link = visit.page.evaluate("navigator.clipboard.readText()")
        visit.check()
    path = link.removeprefix(f"{server.address}/")
    assert "visit=" not in path.partition("#")[0]  # which logs would hold
    with visiting(browser, server, path) as other:
        expect(other.last.locator(".text")).to_contain_text("37座")
        expect(other.page.locator("#read .name")).to_have_text(["甲镇报告.txt"])
        other.page.get_by_role("button", name="移除全部").click()
        expect(other.page.locator("#asking .told")).to_have_text("")
    with browsing(browser) as context:  # who comes too late is told, and not answered by others
        late = open_page(context, server, path)
        late.expected.append("/page/")
        expect(late.page.get_by_role("alert")).to_contain_text("已过期")
        expect(late.last.locator(".failed")).to_contain_text("已过期")


def test_errors_are_told_in_english_on_the_english_page(server: Server, browser: Browser) -> None:
    with visiting(browser, server, locale="en-US") as visit:
        visit.choose(("空.txt", b" "), ("大.txt", b"0" * (10 * 2**20 + 1)))
        alerts = visit.page.get_by_role("alert")
        expect(alerts.nth(0)).to_contain_text("It cannot be read: ")
        expect(alerts.nth(1)).to_have_text("This file is too large; 10 MB at most")
