"""The operator's page: what is indexed, changes of it, its versions, and what readers think."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from filelock import FileLock
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    expect,
)

from browsing import FIXTURES, HOSTILE_TEXTS, PASSWORD, Visit, browsing, faults, new_visit
from index import load_chosen_embeddings, sync_index
from qa import Answer, Citation, Part
from serving import Server, started
from ui.guard.access import Access
from ui.service.feedback import Feedback
from waiting import PATIENCE, until

browser, pictures, _, _ = FIXTURES

REPORTS = 120  # documents indexed from elsewhere
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 640}
HOSTILE = HOSTILE_TEXTS[0]
# A server that waits with its indexing as long as the gate is there.
WAITING = """
import runpy, sys, time
from pathlib import Path
gate, tests, *sys.argv[1:] = sys.argv[1:]
sys.path[0:1] = [str(Path(tests).parent), tests]
from offline import refuse_network
refuse_network()
from ui.service import collection
sync = collection.sync_index
def sync_later(*given, **named):
    while Path(gate).exists():
        time.sleep(0.01)
    return sync(*given, **named)
collection.sync_index = sync_later
runpy.run_module("ui", run_name="__main__", alter_sys=True)
"""
SMALL = """() => [...document.querySelectorAll(
  "#app :is(button, summary, select, input:not([type=checkbox]), label, a)"
)].filter((one) => one.checkVisibility() && !one.closest("th, td:not(.pick), li li"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which reports from elsewhere are indexed."""
    home = tmp_path_factory.mktemp("operated")
    folder = home.parent / f"{home.name}-elsewhere"
    folder.mkdir()
    for number in range(REPORTS):
        text = f"第{number}号镇报告\n\n2023年，第{number}号镇新建了{number + 3}座桥。\n"
        (folder / f"report-{number:03}.txt").write_text(text, "utf-8")
    sync_index([folder], home, load_chosen_embeddings())
    Access(home).set_password(PASSWORD)
    return home


@pytest.fixture(scope="module")
def gate(own_home: Path) -> Path:
    """While this file is there, indexing waits."""
    return own_home.parent / f"{own_home.name}-gate"


@pytest.fixture(scope="module")
def server(
    own_home: Path, gate: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "stderr"
    tests = str(Path(__file__).parent)
    command = [sys.executable, "-c", WAITING, str(gate), tests, "serve", "--port", "0"]
    environment = {
        **os.environ,
        "DONGXIHU_HOME": str(own_home),
        "PYTHONUTF8": "1",
        "DONGXIHU_SERVER_TIMEOUT": str(PATIENCE),
        "DONGXIHU_SERVER_RATE": "100000",
    }
    with started(command, environment, log) as server:
        yield server
    said = log.read_text("utf-8")
    assert "Traceback" not in said, said[said.find("Traceback") :][:3000]


@pytest.fixture(scope="module")
def session(browser: Browser, server: Server) -> Any:
    """What a browser keeps of having logged in: only some times a minute one may."""
    with browsing(browser) as context:
        page = context.new_page()
        page.goto(f"{server.address}/operator")
        page.get_by_label("访问令牌或运维密码").fill("不是这个密码")
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("alert")).to_have_text("令牌或密码不对")
        page.get_by_label("访问令牌或运维密码").fill(PASSWORD)
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("heading", name="资料管理")).to_be_visible()
        return context.storage_state()


@pytest.fixture
def context(browser: Browser, session: Any) -> Iterator[BrowserContext]:
    options = {"viewport": WIDE, "reduced_motion": "reduce", "storage_state": session}
    with browsing(browser, **options) as context:
        yield context


@pytest.fixture
def operator(context: BrowserContext, server: Server) -> Iterator[Visit]:
    """The operator, logged in, with nothing told of what was done before."""
    visit = enter(context, server)
    yield visit
    visit.check()


def enter(context: BrowserContext, server: Server) -> Visit:
    dismissed = context.request.delete(f"{server.address}/operator/do/change")
    assert dismissed.status == 204
    visit = new_visit(context)
    visit.page.goto(f"{server.address}/operator")
    listed(visit.page)
    return visit


def listed(page: Page) -> None:
    expect(page.locator("#view-documents .range")).not_to_be_empty()


def rows(page: Page) -> Locator:
    return page.locator("#view-documents tbody tr")


def row(page: Page, name: str) -> Locator:
    """The row of a document, found by its words."""
    page.get_by_role("searchbox", name="按标题或文件名查找").fill(name)
    expect(rows(page)).to_have_count(1)
    return rows(page).first


def report(name: str, bridges: int) -> bytes:
    return f"{name}报告\n\n2023年，{name}新建了{bridges}座桥。\n".encode()


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    payloads = [FilePayload(name=name, mimeType="", buffer=data) for name, data in files]
    page.locator("#files").set_input_files(payloads)


def add(page: Page, *files: tuple[str, bytes]) -> Locator:
    """Add files, and what is told of them at the end."""
    choose(page, *files)
    page.get_by_role("button", name="收录", exact=True).click()
    return ended(page)


def ended(page: Page) -> Locator:
    outcome = page.locator("#change .outcome")
    expect(outcome).to_contain_text("完成")
    return outcome


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def confirm(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def asked(context: BrowserContext, server: Server, question: str) -> str:
    told = context.request.post(f"{server.address}/api/answer", data={"question": question})
    return str(told.json()["text"])


# what is indexed


def test_documents_are_listed_page_by_page_and_found_by_title_or_file_name(
    operator: Visit,
) -> None:
    page = operator.page
    search = page.get_by_role("searchbox", name="按标题或文件名查找")
    search.fill("号镇")
    ranges = page.locator("#view-documents .range")
    expect(ranges).to_have_text(f"第 1 到 50 条，共 {REPORTS} 条")
    first = rows(page).first
    expect(first).to_contain_text("第119号镇报告")
    expect(first).to_contain_text("report-119.txt")
    expect(first).to_contain_text("2023")
    expect(first.locator(".amount")).to_have_text(["30", "2"])
    expect(page.get_by_role("button", name="上一页")).to_be_disabled()
    page.get_by_role("button", name="下一页").click()
    page.get_by_role("button", name="下一页").click()
    expect(ranges).to_have_text(f"第 101 到 {REPORTS} 条，共 {REPORTS} 条")
    expect(rows(page)).to_have_count(REPORTS - 100)
    expect(page.get_by_role("button", name="下一页")).to_be_disabled()
    page.get_by_role("button", name="上一页").click()
    expect(ranges).to_contain_text("第 51 到 100 条")
    page.get_by_role("button", name="上一页").dblclick()
    expect(ranges).to_contain_text("第 1 到 50 条")
    search.fill("REPORT-007 号镇")
    expect(ranges).to_have_text("第 1 到 1 条，共 1 条")
    expect(rows(page)).to_contain_text("第7号镇报告")
    search.fill("100%")  # stands for nothing else
    expect(ranges).to_have_text("没有找到")


# adding


def test_what_became_of_each_file_is_told_and_a_bad_one_stops_no_other(
    operator: Visit, context: BrowserContext, server: Server
) -> None:
    told = add(
        operator.page,
        ("甲村.txt", report("甲村", 37)),
        ("甲村副本.txt", report("甲村", 37)),
        ("坏.pdf", b"%PDF-1.4 broken"),
        ("图.png", b"\x89PNG\r\n\x1a\n"),
        ("空.txt", b""),
        ("乙村.csv", "年份,桥梁数（座）\n2023,41\n2024,52\n".encode()),
    )
    expect(told).to_contain_text("新收录 2 篇")
    expect(told.locator("li").filter(has_text="甲村副本.txt：与 甲村.txt 相同")).to_be_visible()
    reasons = told.locator(".reasons").filter(has_text="没有收录 3 个")
    for name, reason in (("坏.pdf", "已损坏"), ("图.png", "是图片"), ("空.txt", "没有文字")):
        expect(reasons.locator("li").filter(has_text=f"{name}：")).to_contain_text(reason)
    expect(operator.page.locator("#adding .file")).to_have_count(0)
    expect(row(operator.page, "甲村.txt")).to_contain_text("在这里收录")
    assert asked(context, server, "2023年甲村新建了多少座桥？") == "37座"


def test_what_is_begun_twice_is_sent_once(operator: Visit) -> None:
    page = operator.page
    choose(page, ("未村.txt", report("未村", 83)))
    page.get_by_role("button", name="收录", exact=True).dblclick()
    expect(ended(page)).to_contain_text("新收录 1 篇")
    operator.stand_still()
    for path in ("/batches", "/files", "/add"):
        assert sum(f"/operator/do{path}" in url for url in operator.requested) == 1


def test_folders_and_archives_keep_their_paths(
    operator: Visit, tmp_path: Path, own_home: Path
) -> None:
    folder = tmp_path / "年报"
    (folder / "下级" / ".git").mkdir(parents=True)
    (folder / "下级" / "丙村.txt").write_bytes(report("丙村", 5))
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "下级" / ".git" / "config").write_text("x", "utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("内/丁村.txt", report("丁村", 6))
        archive.writestr("../../../戊村.txt", report("戊村", 7))
        archive.writestr("坏.docx", b"PK\x03\x04")
    page = operator.page
    page.locator("#folder").set_input_files(folder)
    expect(page.locator("#adding .file")).to_have_count(1)
    told = add(page, ("一包.zip", packed.getvalue()))
    expect(told).to_contain_text("新收录 3 篇")
    expect(told.locator("li").filter(has_text="一包.zip/坏.docx：")).to_be_visible()
    documents = own_home / "documents"
    assert (documents / "年报/下级/丙村.txt").read_bytes() == report("丙村", 5)
    assert (documents / "一包.zip/内/丁村.txt").is_file()
    assert (documents / "一包.zip/戊村.txt").is_file()
    assert not [*own_home.rglob("config")]
    # One member is replaced, and deleted, like any other file.
    expect(row(page, "一包.zip/内/丁村.txt")).to_contain_text("在这里收录")


def test_files_and_folders_are_dropped_onto_the_page(
    operator: Visit, context: BrowserContext, tmp_path: Path
) -> None:
    page = operator.page
    folder = tmp_path / "简报"
    (folder / "内").mkdir(parents=True)
    (folder / "内" / "己村.txt").write_bytes(report("己村", 8))
    (folder / ".hidden").write_text("x", "utf-8")
    (tmp_path / "未村.txt").write_bytes(report("未村", 9))
    carried = {
        "items": [],
        "files": [str(folder), str(tmp_path / "未村.txt")],
        "dragOperationsMask": 1,
    }
    devtools = context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": 300, "y": 300, "data": carried}
        devtools.send("Input.dispatchDragEvent", event)
    expect(page.locator("#adding .file .name")).to_have_text(["简报/内/己村.txt", "未村.txt"])
    page.get_by_role("button", name="删除：未村.txt").click()
    expect(page.locator("#adding .file")).to_have_count(1)


def test_a_file_of_a_name_that_is_there_takes_its_place_once_confirmed(
    operator: Visit, context: BrowserContext, server: Server
) -> None:
    page = operator.page
    add(page, ("庚村.txt", report("庚村", 11)))
    choose(page, ("庚村.txt", report("庚村", 12)))
    page.get_by_role("button", name="收录", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("有 1 个同名文件已收录过，会被替换")
    expect(dialog).to_contain_text("庚村.txt")
    confirm(page, "取消")
    expect(page.locator("#adding .file")).to_have_count(1)
    assert asked(context, server, "2023年庚村新建了多少座桥？") == "11座"
    page.get_by_role("button", name="收录", exact=True).click()
    confirm(page, "替换并收录")
    expect(page.locator("#change .outcome")).to_contain_text("更新 1 篇")
    assert asked(context, server, "2023年庚村新建了多少座桥？") == "12座"
    expect(row(page, "庚村.txt")).to_be_visible()


def test_a_name_that_no_file_can_have_is_told_beside_it(operator: Visit) -> None:
    page = operator.page
    operator.expected.append("/operator/do/files")
    long = f"{'长' * 100}.txt"
    told = add(page, (long, report("辛村", 1)), ("壬村.txt", report("壬村", 2)))
    expect(told).to_contain_text("新收录 1 篇")
    expect(page.locator("#adding .file.failed")).to_contain_text("名字太长，请改短后再收录")


def test_adding_goes_on_without_the_page_and_another_tab_is_told(
    context: BrowserContext, server: Server, gate: Path
) -> None:
    first = enter(context, server)
    gate.touch()
    choose(first.page, ("癸村.txt", report("癸村", 21)))
    first.page.get_by_role("button", name="收录", exact=True).click()
    expect(first.page.locator("#change .step")).to_be_visible()
    second = new_visit(context)
    second.page.goto(f"{server.address}/operator/")
    expect(second.page.locator("#change .step")).not_to_be_empty()
    second.expected.append("/operator/do/add")
    choose(second.page, ("子村.txt", report("子村", 22)))
    second.page.get_by_role("button", name="收录", exact=True).click()
    expect(second.page.get_by_role("alert").first).to_have_text("已有一项在进行，请等它结束再试")
    expect(second.page.locator("#adding .file")).to_have_count(1)  # to be tried again
    first.page.close()
    second.page.close()
    gate.unlink()
    until(lambda: asked(context, server, "2023年癸村新建了多少座桥？") == "21座")
    third = new_visit(context)
    third.page.goto(f"{server.address}/operator/")
    expect(third.page.locator("#change .outcome")).to_contain_text("新收录 1 篇")
    third.page.get_by_role("button", name="知道了").click()
    expect(third.page.locator("#change")).to_be_hidden()
    third.page.reload()
    listed(third.page)
    expect(third.page.locator("#change")).to_be_hidden()
    assert first.problems == second.problems == third.problems == []


def test_the_operator_reads_what_is_wrong_with_the_index(
    operator: Visit, own_home: Path, context: BrowserContext, server: Server
) -> None:
    page = operator.page
    with FileLock(own_home / "lock"):  # as another program does that indexes
        choose(page, ("丑村.txt", report("丑村", 31)))
        page.get_by_role("button", name="收录", exact=True).click()
        failure = page.locator("#change .failure")
        expect(failure).to_contain_text(f"没有做成：另一个程序正在写索引（{own_home}）")
    assert not (own_home / "documents" / "丑村.txt").exists()
    expect(add(page, ("丑村.txt", report("丑村", 31)))).to_contain_text("新收录 1 篇")


# deleting


def test_deleting_is_confirmed_and_says_what_becomes_of_the_files(
    operator: Visit, own_home: Path, context: BrowserContext, server: Server
) -> None:
    page = operator.page
    add(page, ("寅镇 第3号镇.txt", report("寅镇", 51)))
    page.get_by_role("searchbox", name="按标题或文件名查找").fill("第3号镇")
    expect(rows(page)).to_have_count(2)
    page.locator("#view-documents").get_by_label("选中本页").check()
    page.get_by_role("button", name="删除选中的 2 条").click()
    dialog = page.get_by_role("dialog", name="删除 2 篇文章？")
    expect(dialog).to_contain_text("1 篇是在这里收录的，文件会一并删除")
    expect(dialog).to_contain_text("1 篇是从服务器上别处收录的，只从索引里移除")
    page.keyboard.press("Escape")
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="删除选中的 2 条").click()
    confirm(page, "删除")
    told = page.locator("#change .outcome")
    expect(told).to_contain_text("移除 2 篇")
    expect(told).to_contain_text("其中 1 篇的文件还在原处")
    expect(rows(page)).to_have_count(0)
    assert not (own_home / "documents" / "寅镇 第3号镇.txt").exists()
    assert [*own_home.parent.rglob("report-003.txt")]
    assert asked(context, server, "2023年寅镇新建了多少座桥？") != "51座"


# versions


def test_the_version_before_is_put_back(
    operator: Visit, context: BrowserContext, server: Server
) -> None:
    page = operator.page
    add(page, ("卯村.txt", report("卯村", 61)))
    assert asked(context, server, "2023年卯村新建了多少座桥？") == "61座"
    total = context.request.get(f"{server.address}/api/documents?limit=1").json()["total"]
    tab(page, "版本")
    cards = page.locator(".generations .card")
    expect(cards.nth(0)).to_contain_text(f"共 {total} 篇")
    expect(cards.nth(1)).to_contain_text(f"共 {total - 1} 篇")
    for one in cards.all():
        expect(one).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d.*\d MB", re.DOTALL))
    page.get_by_role("button", name="换回上一版…").click()
    expect(page.get_by_role("dialog")).to_contain_text("不能再换回来")
    confirm(page, "换回上一版")
    expect(page.locator("#change .outcome")).to_contain_text(f"已换回上一版索引，共 {total - 1} 篇")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text(f"共 {total - 1} 篇")
    assert asked(context, server, "2023年卯村新建了多少座桥？") != "61座"
    tab(page, "资料")
    told = add(page, ("申村.txt", report("申村", 62)))
    expect(told).to_contain_text("文件夹里另有 1 篇一并收录")  # its file has stayed, as was said


# feedback


@pytest.fixture
def feedback(own_home: Path) -> Iterator[Feedback]:
    """Verdicts of readers, which are gone afterwards."""
    feedback = Feedback(own_home)
    quote = "2023年，第5号镇新建了8座桥。"
    cited = Citation(quote, quote, "report-005.txt", "第5号镇报告", "", 9, 25, "0" * 16, 2023)
    found = Answer("8座", "answered", (cited,), (Part("8座", (0,)),))
    feedback.add("第5号镇建了几座桥？", [("第5号镇？", "有桥。"), "那呢？"], found, "right", "好")
    feedback.add(
        HOSTILE, [HOSTILE], Answer(HOSTILE, "refused", reason="not_told"), "wrong", HOSTILE
    )
    feedback.add_given("我的文档里说了什么？", None, "wrong", "")
    yield feedback
    feedback.delete_found("", "", 10_000)


def test_feedback_is_read_found_saved_and_deleted(
    operator: Visit, feedback: Feedback, context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    page = operator.page
    tab(page, "反馈")
    entries = page.locator(".entry")
    expect(entries).to_have_count(3)
    expect(entries.nth(0)).to_contain_text("问的是读者自己带来的文档")
    expect(entries.nth(1).locator("h2")).to_have_text(HOSTILE)
    right = entries.nth(2)
    for part in ("回答正确", "第5号镇建了几座桥？", "第5号镇？ → 有桥。", "那呢？", "8座"):
        expect(right).to_contain_text(part)
    expect(right.locator(".remark")).to_have_text("好")
    right.locator("summary").click()
    expect(right.locator("q")).to_be_visible()
    expect(right.locator("a")).to_have_text("第5号镇报告")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载全部（JSONL）").click()
    saved = tmp_path / "saved.jsonl"
    download.value.save_as(saved)
    lines = [json.loads(line) for line in saved.read_text("utf-8").splitlines()]
    assert lines == [*feedback.export()]

    page.get_by_label("评价").select_option("wrong")
    expect(entries).to_have_count(2)
    search = page.get_by_role("searchbox", name="在问题、说明、回答里查找")
    search.fill("我的文档")
    expect(entries).to_have_count(1)
    search.fill("")
    page.get_by_label("评价").select_option("")
    search.fill("8座")  # what was answered
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("8座")
    entries.get_by_role("checkbox").check()
    page.get_by_role("button", name="删除选中的 1 条").click()
    expect(page.get_by_role("dialog")).to_contain_text("删除 1 条反馈？")
    confirm(page, "取消")
    assert feedback.count() == 3
    page.get_by_role("button", name="删除选中的 1 条").click()
    confirm(page, "删除")
    expect(entries).to_have_count(0)
    search.fill("")
    expect(entries).to_have_count(2)
    feedback.add(
        "来得晚的", [], Answer("不", "refused", reason="not_told"), "wrong"
    )  # not seen, so not deleted
    page.get_by_role("button", name="删除找到的 2 条…").click()
    confirm(page, "删除")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("来得晚的")


@pytest.mark.parametrize("number", [-1, 2**63, 10**30])
def test_a_number_that_no_entry_has_is_told_so(
    context: BrowserContext, server: Server, feedback: Feedback, number: int
) -> None:
    there = f"{server.address}/operator/do/feedback"
    for path, told in (("delete", {"numbers": [number]}), ("delete-found", {"last": number})):
        refused = context.request.post(f"{there}/{path}", data=told)
        assert (refused.status, "不能" in refused.json()["detail"]) == (422, True), path
    assert context.request.get(f"{there}?offset={10**30}").status == 422
    assert feedback.count() == 3


# for everybody, and against some


def test_names_and_titles_stay_words(operator: Visit) -> None:
    page = operator.page
    name = "<img src=x onerror=document.title='owned'>.txt"
    text = f"{HOSTILE}\n\n2023年，辰村新建了71座桥，{HOSTILE}。\n".encode()
    told = add(page, (name, text), (f"坏{name}.pdf", b"%PDF-1.4"))
    expect(told).to_contain_text(f"坏{name}.pdf：")
    found = row(page, name)
    expect(found).to_contain_text(name)
    found.get_by_role("checkbox").check()
    page.get_by_role("button", name="删除选中的 1 条").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    confirm(page, "删除")
    expect(rows(page)).to_have_count(0)
    assert page.title() != "owned"
    assert page.locator("#app :is(img, script, iframe)").count() == 0


def test_nobody_else_may_ask_or_change_anything(
    browser: Browser, server: Server, own_home: Path
) -> None:
    with browsing(browser) as context:
        ask = context.request
        there = f"{server.address}/operator/do"
        for path in ("documents", "state", "generations", "change", "feedback", "feedback/file"):
            assert ask.get(f"{there}/{path}").status == 401, path
        changing = ("batches", "files", "add", "delete", "back")
        for path in (*changing, "feedback/delete", "feedback/delete-found"):
            assert ask.post(f"{there}/{path}", data={}).status == 401, path
        assert ask.delete(f"{there}/change").status == 401
        ask.post(f"{server.address}/login", form={"secret": PASSWORD})
        assert ask.get(f"{there}/state").status == 200
        assert ask.get(f"{there}/nothing").status == 404
        batch = ask.post(f"{there}/batches", data={"names": []}).json()["batch"]
        for name in ("../up.txt", "/up.txt", "a/../../up.txt", "", ".."):
            sent = ask.post(f"{there}/files", params={"batch": batch, "name": name}, data="x")
            assert sent.status == 400, name
        for wrong in ("..", "batchx", "../documents"):
            sent = ask.post(f"{there}/files", params={"batch": wrong, "name": "a"}, data="x")
            assert sent.status == 404, wrong
        assert not [*own_home.rglob("up.txt")]


def test_it_is_used_by_keyboard_alone(operator: Visit) -> None:
    page = operator.page
    add(page, ("巳村.txt", report("巳村", 81)))
    page.get_by_role("tab", name="资料").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="反馈")).to_be_focused()
    expect(page.locator("#view-feedback")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#view-documents")).to_be_visible()
    search = page.get_by_role("searchbox", name="按标题或文件名查找")
    reach(page, search)
    page.keyboard.type("巳村")
    expect(rows(page)).to_have_count(1)
    box = rows(page).get_by_role("checkbox")
    reach(page, box)
    page.keyboard.press("Space")
    remove = page.get_by_role("button", name="删除选中的 1 条")
    reach(page, remove, "Shift+Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Escape")
    expect(remove).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="删除")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(0)
    dismiss = page.get_by_role("button", name="知道了")
    reach(page, dismiss)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="资料")).to_be_focused()


def test_what_is_asked_again_at_once_is_done_once(operator: Visit) -> None:
    page = operator.page
    add(page, ("午村.txt", report("午村", 82)))
    row(page, "午村.txt").get_by_role("checkbox").check()
    remove = page.get_by_role("button", name="删除选中的 1 条")
    remove.click()
    remove.evaluate("one => { document.querySelector('#confirm').close(); one.click(); }")
    confirm(page, "删除")
    expect(rows(page)).to_have_count(0)
    operator.stand_still()
    assert sum(url.endswith("/operator/do/delete") for url in operator.requested) == 1


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go on with a key until something has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{wanted} cannot be reached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_keeps_people_out(
    browser: Browser,
    server: Server,
    session: Any,
    feedback: Feedback,
    scheme: Literal["light", "dark"],
    size: dict[str, int],
    pictures: Path,
) -> None:
    touch = size == NARROW
    options = {"viewport": size, "color_scheme": scheme, "storage_state": session}
    with browsing(
        browser, has_touch=touch, is_mobile=touch, reduced_motion="reduce", **options
    ) as context:
        visit = enter(context, server)
        page = visit.page

        def look(name: str) -> None:
            page.screenshot(path=pictures / f"operator-{name}-{size['width']}-{scheme}.png")
            assert faults(page) == [], name
            wide = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(wide) <= 0, name
            if touch:
                assert page.evaluate(SMALL) == [], name

        look("documents")
        choose(page, (f"午村{scheme}{touch}.txt", report("午村", 3)), ("坏.pdf", b"%PDF"))
        expect(page.locator("#adding .file")).to_have_count(2)
        look("chosen")
        page.get_by_role("button", name="收录", exact=True).click()
        ended(page)
        look("added")
        rows(page).first.get_by_role("checkbox").check()
        page.get_by_role("button", name="删除选中的 1 条").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look("confirm")
        confirm(page, "取消")
        tab(page, "反馈")
        expect(page.locator(".entry")).to_have_count(3)
        page.locator(".entry summary").first.click()
        look("feedback")
        tab(page, "版本")
        expect(page.locator(".generations .card").first).to_be_visible()
        look("versions")
        visit.check()


def test_it_speaks_english_as_well(operator: Visit) -> None:
    page = operator.page
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Add documents")).to_be_visible()
    expect(page.locator("#view-documents .range")).to_contain_text("1 to 50 of")
    told = add_in_english(page)
    expect(told).to_contain_text("1 not added")
    left = page.locator("#app").inner_text()
    assert "{}" not in left


def add_in_english(page: Page) -> Locator:
    choose(page, ("bad.pdf", b"%PDF-1.4"))
    page.get_by_role("button", name="Add", exact=True).click()
    told = page.locator("#change .outcome")
    expect(told).to_contain_text("Done")
    return told
