"""Every figure as a row that points at its place, and the years of one indicator together."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fakes import BigramEmbeddings
from index import MemoryIndex, index_texts
from qa.browsing.figure_table import FigureRow, Series, figure_rows, find_series

REPORT = """\
清泉县2021年工作回顾

2021年，清泉县新建农村公路85公里，新增公共停车位600个，新增公共服务岗位900个。

城镇居民人均可支配收入35200元，农村居民人均可支配收入19800元。固定资产投资增长6.5%。

2022年工作计划

2022年，清泉县计划新建农村公路90公里，力争新增公共停车位750个。

农村居民人均可支配收入达到2.1万元，固定资产投资120亿元。
"""


def over(*texts: str) -> MemoryIndex:
    return index_texts(texts, BigramEmbeddings())


def series_of(*texts: str) -> dict[str, Series]:
    return {series.indicator: series for series in find_series(over(*texts))}


def values(series: Series) -> list[tuple[int | None, str]]:
    return [(row.year, row.value) for row in series.rows]


def row_of(value: str) -> FigureRow:
    return next(row for row in figure_rows(over(REPORT))[1] if row.value == value)


def test_every_row_points_at_its_figure_and_its_sentence() -> None:
    index = over(REPORT, "桃园镇去年接待游客12万人次。")
    total, rows = figure_rows(index)
    assert len(rows) == total == 11
    for row in rows:
        text = index.document(row.document_id).text
        assert text[row.start : row.end] == row.sentence
        assert text[row.figure_start : row.figure_end] == row.value
    assert rows[-1].source == "文档2"


def test_a_row_tells_of_what_when_and_where() -> None:
    row = row_of("750个")
    assert (row.indicator, row.year, row.status) == ("力争新增公共停车位", 2022, "target")
    assert row.section == "2022年工作计划"
    assert row.place == "清泉县"


def test_numbers_of_one_kind_can_be_sorted() -> None:
    row = row_of("85公里")
    assert (row.number, row.unit) == ("85000", "米")
    assert Decimal(row_of("2.1万元").number) < Decimal(row_of("35200元").number)


def test_rows_follow_the_documents_of_an_index() -> None:
    index, other = over(REPORT), over("桃园镇去年接待游客12万人次。")
    assert [row.value for row in figure_rows(other)[1]] == ["12万人次"]
    assert figure_rows(index)[0] == 10
    index.add([other.document(other.catalogue.document_ids()[0])])
    assert figure_rows(index)[0] == 11


def test_figures_are_picked_sorted_and_cut_into_pages() -> None:
    index = over(REPORT)
    total, every = figure_rows(index)
    assert figure_rows(index, limit=3, offset=2) == (total, every[2:5])
    assert figure_rows(index, descending=True)[1] == every[::-1]
    aimed = [row for row in every if row.status == "target"]
    assert figure_rows(index, status="target") == (len(aimed), aimed)
    of_year = [row for row in every if row.year == 2022 and "停车位" in row.sentence]
    assert figure_rows(index, "停车位", 2022)[1] == of_year != []
    numbers = [row.number for row in figure_rows(index, sort="number")[1]]
    known = [Decimal(number) for number in numbers if number]
    assert known == sorted(known)
    assert not any(numbers[len(known) :]), "what is not known comes last"
    most = figure_rows(index, sort="number", descending=True)[1]
    assert Decimal(most[0].number) == max(known)
    assert figure_rows(index, "100% ' OR 1=1 --")[0] == 0


def test_the_years_of_one_indicator_stand_together_oldest_first() -> None:
    found = series_of(REPORT)
    assert values(found["新增公共停车位"]) == [(2021, "600个"), (2022, "750个")]
    assert values(found["清泉县新建农村公路"]) == [(2021, "85公里"), (2022, "90公里")]
    assert values(found["农村居民人均可支配收入"]) == [(2021, "19800元"), (2022, "2.1万元")]


def test_what_only_sounds_alike_is_not_joined() -> None:
    found = series_of(REPORT)
    assert len(found) == 3  # no 岗位 with 车位, no 城镇 with 农村, no growth with an amount


def test_a_result_takes_the_place_of_the_aim_of_its_year() -> None:
    text = (
        "栗山镇工作总结\n\n2020年，栗山镇改造老旧小区12个。\n\n2021年，栗山镇计划改造老旧小区20个。\n\n"
        "2021年，栗山镇逐一验收，已改造老旧小区18个。"
    )
    (series,) = series_of(text).values()
    assert values(series) == [(2020, "12个"), (2021, "18个")]


def test_a_year_with_two_values_has_no_bar() -> None:
    said = [
        f"{year}年栗山镇改造老旧小区{n}个。" for year, n in ((2020, 12), (2021, 18), (2021, 19))
    ]
    assert series_of("\n\n".join(said)) == {}


@pytest.mark.parametrize("second", ["石桥镇", "栗山镇"])
def test_documents_are_set_side_by_side_only_about_the_same_place(second: str) -> None:
    texts = [
        f"{place}{year}年工作总结\n\n{year}年，{place}改造老旧小区{n}个。"
        for place, year, n in (("栗山镇", 2020, 12), (second, 2021, 18))
    ]
    assert bool(series_of(*texts)) == (second == "栗山镇")
