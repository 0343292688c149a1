"""The view of the figures: picked, sorted, drawn, saved, and each opening its source."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, expect

from browsing import FIXTURES, Held, Visit, faults, visiting
from qa import FigureRow
from serving import Server
from ui.page.figure_files import write_figures
from ui.page.words import CHINESE

browser, pictures, server, visit = FIXTURES

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
HOSTILE = (
    '=HYPERLINK("http://x")镇',
    "<img src=x onerror=alert(1)>乡",
    "+A1镇",
    "@SUM(1)镇",
    "-2镇",
    "甲;=1+1;乙镇",
)
TOWNS = "\n".join(
    (
        "乡镇,2022年人口(人),2023年人口(人)",
        "东岭镇,12000,13010",
        "西塘镇,8200,8050",
        *(
            f'"{name.replace(chr(34), chr(34) * 2)}",{n}00,{n}50'
            for n, name in enumerate(HOSTILE, 3)
        ),
        "合计,22700,23810",
    )
)


def opened(visit: Visit) -> Locator:
    """The view, once its rows are there."""
    visit.page.locator("#tab-figures").click()
    view = visit.page.locator("#view-figures")
    expect(view.locator("tbody tr").first).to_be_visible()
    return view


def brought(visit: Visit) -> Locator:
    """The view of a table that a visitor brought along."""
    visit.bring("各镇人口.csv", TOWNS)
    view = opened(visit)
    expect(view.locator(".count")).to_have_text("18 个数字")
    return view


def saved(visit: Visit, kind: Literal["csv", "xlsx"]) -> list[list[object]]:
    """The lines of the file that is downloaded, its heads first."""
    with visit.page.expect_download() as download:
        visit.page.locator(f"[data-file={kind}]").click()
    assert download.value.suggested_filename.endswith(f".{kind}")
    data = Path(download.value.path()).read_bytes()
    if kind == "csv":
        assert data.startswith(b"\xef\xbb\xbf"), "Excel takes it for GBK"
        return [[*line] for line in csv.reader(io.StringIO(data.decode("utf-8-sig")))]
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert {cell.data_type for line in sheet for cell in line} <= {"s", "n"}, "no formula"
    return [[*line] for line in sheet.iter_rows(values_only=True)]


def test_no_row_is_part_of_a_name_a_date_or_a_rank(visit: Visit) -> None:
    view = opened(visit)
    while (more := view.locator(".more")).is_visible():
        shown = view.locator("tbody tr").count()
        more.click()
        expect(view.locator("tbody tr").nth(shown)).to_be_visible()
    figures = view.locator("tbody .amount").all_inner_texts()
    assert view.locator(".count").inner_text() == f"{len(figures)} 个数字"
    assert "25个" in figures
    assert not {"三个", "15周年", "三角", "二期", "三年"} & {*figures}
    for indicator in view.locator("tbody .indicator").all_inner_texts():
        assert not re.match(r"\W*(?:预计|计划|20\d\d年|[，、])", indicator.lstrip("“")), indicator


def test_rows_are_picked_by_words_year_section_and_status(visit: Visit) -> None:
    view = opened(visit)
    rows, count = view.locator("tbody tr"), view.locator(".count")
    view.locator("[name=q]").fill("停车位")
    expect(count).to_have_text("3 个数字")
    view.locator("[name=year]").select_option("2025")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("2200个以上")
    view.locator("[name=status]").select_option("done")
    expect(count).to_have_text("0 个数字")
    view.locator("[name=status]").select_option("")
    view.locator("[name=q]").fill("")
    sections = view.locator("[name=section] option")
    name = sections.nth(1).get_attribute("value")
    view.locator("[name=year]").select_option("")
    view.locator("[name=section]").select_option(index=1)
    expect(rows.first.locator(".under")).to_contain_text(str(name))
    assert all(str(name) in said for said in view.locator("tbody .under").all_inner_texts())


def test_rows_are_sorted_by_a_column_both_ways(visit: Visit) -> None:
    view = brought(visit)
    head = view.locator("thead .amount")

    def numbers() -> list[Decimal]:
        said = view.locator("tbody .amount").all_inner_texts()
        return [Decimal(one.strip("人").replace(",", "")) for one in said]

    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(view.locator("tbody .amount").first).to_have_text("300人")
    assert numbers() == sorted(numbers())
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(view.locator("tbody .amount").first).to_have_text("23,810人")
    assert numbers() == sorted(numbers(), reverse=True)


def test_a_row_and_a_bar_open_their_source_by_mouse_and_by_keyboard(visit: Visit) -> None:
    view = opened(visit)
    cited = visit.page.locator("#source mark.current")
    bar = view.locator(".chart li button").last
    bar.focus()
    visit.page.keyboard.press("Enter")
    expect(cited).to_contain_text("2200个以上")
    visit.page.keyboard.press("Escape")
    expect(cited).to_be_hidden()
    expect(bar).to_be_focused()
    view.locator("[name=q]").fill("小区更新改造")
    row = view.locator("tbody tr").filter(has_text="25个").first
    row.locator(".amount").click()
    expect(cited).to_contain_text("完成25个小区更新改造")


def test_charts_give_their_values_in_words_and_mark_targets(visit: Visit) -> None:
    view = opened(visit)
    chart = view.get_by_role("figure").filter(has_text="新增公共停车位")
    expect(chart.get_by_role("button").first).to_have_accessible_name(re.compile("2024.*6000个"))
    expect(chart.get_by_role("button").last).to_have_accessible_name(
        re.compile("2025.*2200个以上.*目标")
    )
    dashed = chart.locator(".bar.target")
    expect(dashed).to_have_count(1)
    expect(dashed).to_have_css("border-top-style", "dashed")
    full, less = (chart.locator(".bar").nth(n).bounding_box() for n in (0, 1))
    assert full is not None
    assert less is not None
    assert less["width"] / full["width"] == pytest.approx(2200 / 6000, abs=0.02)


def test_the_view_follows_the_documents_asked(visit: Visit) -> None:
    own = opened(visit).locator(".count").inner_text()
    visit.page.locator("#tab-ask").click()
    view = brought(visit)
    expect(view.locator(".chart").filter(has_text="东岭镇人口")).to_contain_text("13,010人")
    places = view.locator(".chart").filter(has_text="2023").filter(has_text="西塘镇")
    expect(places.last).to_contain_text("8,050人")
    view.locator("tbody button").first.click()
    expect(visit.page.locator("#source mark.current").first).to_be_visible()
    visit.page.keyboard.press("Escape")
    visit.page.locator("#tab-ask").click()
    visit.page.locator("[data-action=forget]").click()
    expect(opened(visit).locator(".count")).to_have_text(own)


def test_what_is_picked_stays_while_another_view_is_looked_at(visit: Visit) -> None:
    view = opened(visit)
    view.locator("[name=q]").fill("停车位")
    expect(view.locator(".count")).to_have_text("3 个数字")
    visit.page.locator("#tab-ask").click()
    opened(visit)
    expect(view.locator("[name=q]")).to_have_value("停车位")
    expect(view.locator(".count")).to_have_text("3 个数字")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_picked_is_saved_with_where_it_stands(
    visit: Visit, kind: Literal["csv", "xlsx"]
) -> None:
    view = opened(visit)
    view.locator("[name=q]").fill("停车位")
    expect(view.locator(".count")).to_have_text("3 个数字")
    heads, *lines = saved(visit, kind)
    found = [dict(zip(map(str, heads), line, strict=True)) for line in lines]
    assert [one["数值"] for one in found] == ["2200个以上", "6000个", "超10000个"]
    assert [str(one["年份"]) for one in found] == ["2025", "2024", "2024"]
    for one in found:
        assert str(one["数值"]) in str(one["原句"])
        assert one["章节"]
        assert one["原文"]
        assert one["单位"] == "个"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_cells_stay_text(visit: Visit, kind: Literal["csv", "xlsx"]) -> None:
    view = brought(visit)
    expect(view.locator("img")).to_have_count(0)
    expect(view.locator("tbody")).to_contain_text("<img src=x onerror=alert(1)>乡")
    lines = saved(visit, kind)
    cells = [str(cell) for line in lines[1:] for cell in line if cell is not None]
    assert any("HYPERLINK" in cell for cell in cells)
    assert any("1+1" in cell for cell in cells)
    if kind == "csv":
        parts = [part for cell in cells for part in cell.split(";")]  # as some programs do
        assert not [part for part in parts if re.match(r"[=+@\-\t]", part)]


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_is_a_formula_where_a_program_splits_at_semicolons(sign: str) -> None:
    text = f"x;{sign}1+1;y"
    row = FigureRow(
        *(text, "1个", "1", "个", 2024, "done", text, text, text, text),
        *("0" * 16, text, text, 0, 1, 0, 1, "1个"),
    )
    data = write_figures([row], "csv", CHINESE).decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(data), delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell.startswith(sign)]
    assert f"x；{sign}1+1；y" in data


def test_a_slow_answer_does_not_overwrite_a_later_one(visit: Visit) -> None:
    view = opened(visit)
    held = Held(visit.page, f"**/rows*q={quote('电梯')}*")
    view.locator("[name=q]").fill("电梯")
    held.wait()
    view.locator("[name=q]").fill("停车位")
    expect(view.locator(".count")).to_have_text("3 个数字")
    held.let_go()
    visit.stand_still()
    expect(view.locator(".count")).to_have_text("3 个数字")


def test_coming_back_before_the_rows_are_there_loses_none(visit: Visit) -> None:
    held = Held(visit.page, "**/page/figures/rows*")
    visit.page.locator("#tab-figures").click()
    held.wait()
    visit.page.locator("#tab-ask").click()
    with visit.page.expect_response("**/page/figures?*"):
        visit.page.locator("#tab-figures").click()
    visit.stand_still()
    held.let_go()
    expect(visit.page.locator("#view-figures tbody tr").first).to_be_visible()


def test_what_goes_wrong_is_told_and_goes_well_the_next_time(visit: Visit) -> None:
    view = opened(visit)
    visit.expected.append("/rows")
    visit.page.route("**/page/figures/rows*", lambda route: route.abort())
    view.locator("[name=q]").fill("停车位")
    expect(view.get_by_role("alert")).to_contain_text("连不上服务")
    visit.page.unroute_all()
    visit.page.locator("#tab-ask").click()
    opened(visit)
    expect(view.locator(".count")).to_have_text("3 个数字")
    expect(view.get_by_role("alert")).to_have_text("")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    server: Server,
    browser: Browser,
    pictures: Path,
    size: dict[str, int],
    scheme: Literal["light", "dark"],
) -> None:
    narrow = size is NARROW
    with visiting(browser, server, viewport=size, color_scheme=scheme, has_touch=narrow) as visit:
        view = opened(visit)
        visit.settle()
        visit.page.screenshot(path=pictures / f"figures-{scheme}-{size['width']}.png")
        assert faults(visit.page) == []
        scroller = view.locator(".scroller")
        assert scroller.evaluate("one => one.scrollWidth <= one.clientWidth")
        row = view.locator("tbody tr").first
        expect(row).to_have_css("display", "flex" if narrow else "table-row")
        lines = row.locator(".indicator, .amount, .sentence")
        tops = {box["y"] for one in lines.all() if (box := one.bounding_box())}
        assert (len(tops) == 3) == narrow, "a card has its parts below each other"
        if narrow:
            small = "one => one.getBoundingClientRect().height < 44"
            buttons = view.locator("button, select, input").all()
            assert not [one for one in buttons if one.is_visible() and one.evaluate(small)]
        row.get_by_role("button").click()
        expect(visit.page.locator("#source mark.current")).to_be_visible()
        assert faults(visit.page) == []


def test_the_english_page_tells_it_in_english(server: Server, browser: Browser) -> None:
    with visiting(browser, server, "en/?lang=en") as visit:
        view = opened(visit)
        expect(view.locator(".count")).to_contain_text("figures")
        expect(view.locator("tbody .status").first).to_contain_text("aimed at")
