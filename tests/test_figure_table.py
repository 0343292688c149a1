"""Every figure as a row that points at its place, and the years of one indicator together."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fakes import BigramEmbeddings
from index import MemoryIndex, index_texts
from qa.browsing.figure_charts import find_charts
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
    assert (row.indicator, row.year, row.status) == ("新增公共停车位", 2022, "target")
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


def indicators(text: str) -> dict[str, tuple[str, str]]:
    """The figures of a text with what they are called and their status."""
    return {row.value: (row.indicator, row.status) for row in figure_rows(over(text))[1]}


@pytest.mark.parametrize(
    "text",
    [
        "桃园镇推动“三个优势”转化，办好十件实事。",
        "今年是桃园镇获批国家级园区15周年。",
        "桃园镇举办第三届桃花节，获评第5名，排名前10位。",
        "桃园镇做强四大产业，打造一流5G网络，建成3A级景区。",
        "桃园镇热线24小时开通，提升15分钟生活圈。",
        "桃园镇启动三年行动，过去5年连续8年增长。",
        "桃园镇融入长三角，协和医院二期投用。",
        "2024年3月5日10时30分，桃园镇印发桃政〔2024〕5号文件，咨询电话02783212345。",
        "桃园镇泊位为20万吨级。",
        "当地时间24日，桃园镇开会。",
    ],
)
def test_numbers_of_names_dates_and_ranks_are_no_rows(text: str) -> None:
    assert indicators(f"桃园镇工作\n\n{text}") == {}


@pytest.mark.parametrize(
    ("sentence", "value", "indicator"),
    [
        ("预计地区生产总值完成19亿元。", "19亿元", "地区生产总值"),
        ("截至2023年底，城镇化率达到68%。", "68%", "城镇化率"),
        ("（三）新建公园4个。", "4个", "新建公园"),
        ("新增停车位60个、充电桩10个。", "10个", "新增充电桩"),
        ("为129家企业提供诊断服务。", "129家", "为企业提供诊断服务"),
        ("零售总额37亿元，增长8.7%。", "8.7%", "零售总额增长"),
        ("工业、农业投资分别增长9%、8%。", "9%", "工业投资增长"),
        ("城镇化率从60%提高到68%。", "68%", "城镇化率"),
        ("协议有效期5年。", "5年", "协议有效期"),
        ("优待凭证设置2年有效期。", "2年", "优待凭证设置有效期"),
        ("审核通过后15个工作日内完成制发。", "15个工作日内", "审核通过后完成制发"),
    ],
)
def test_an_indicator_reads_by_itself(sentence: str, value: str, indicator: str) -> None:
    assert indicators(f"桃园镇工作\n\n{sentence}")[value][0] == indicator


def test_what_is_taken_from_a_number_that_is_no_row_is_left_out() -> None:
    text = "桃园镇工作\n\n净利润增长5%；现金流量-9.27亿元，同比减少543%。"
    assert "543%" not in {
        value for value, (name, _) in indicators(text).items() if "净利润" in name
    }


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("预计新建公园7个。", "target"),
        ("计划新建公园7个。", "target"),
        ("力争新建公园7个。", "target"),
        ("已新建公园7个。", "done"),
        ("启动三年行动计划，新建公园7个。", "done"),
        ("建设单位应当按规定新建公园7个。", ""),
    ],
)
def test_a_status_tells_aims_results_and_rules_apart(sentence: str, status: str) -> None:
    assert indicators(f"桃园镇2023年工作\n\n2023年，{sentence}")["7个"][1] == status


def test_figures_are_picked_by_a_section_with_all_below_it() -> None:
    index = over(REPORT)
    sections = index.catalogue.figures.sections()
    for section in sections:
        total, rows = figure_rows(index, section=section)
        assert total == len(rows) > 0
        assert {row.section.startswith(section) for row in rows} == {True}
    assert figure_rows(index, section=sections[0][:-1])[0] == 0, "a part of a heading is none"


COMPARED = """\
清泉县2023年工作回顾

2023年，城镇居民人均可支配收入35200元，农村居民人均可支配收入19800元。

2023年，男性人口12万人、女性人口11万人。

2023年，东岭镇新建农村公路12公里，西塘镇新建农村公路15公里。
"""


def drawn(*texts: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    return {
        (chart.over, chart.indicator): [(bar.label, bar.row.value) for bar in chart.bars]
        for chart in find_charts(over(*texts))
    }


def test_figures_are_drawn_over_years_places_and_groups() -> None:
    found = drawn(COMPARED, REPORT)
    assert found["year", "新增公共停车位"] == [("2021", "600个"), ("2022", "750个")]
    assert found["place", "新建农村公路"] == [("东岭镇", "12公里"), ("西塘镇", "15公里")]
    assert found["group", "居民人均可支配收入"] == [("城镇", "35200元"), ("农村", "19800元")]
    assert found["group", "人口"] == [("男性", "12万人"), ("女性", "11万人")]


def test_a_group_with_two_values_has_no_bar() -> None:
    assert ("group", "人口") not in drawn(f"{COMPARED}\n2023年，男性人口13万人。")


def test_the_same_of_documents_about_different_places_is_drawn_together() -> None:
    texts = [
        f"{place}2023年工作总结\n\n2023年，{place}改造老旧小区{n}个。"
        for place, n in (("栗山镇", 12), ("石桥镇", 18))
    ]
    assert [("石桥镇", "18个"), ("栗山镇", "12个")] in drawn(*texts).values()


def test_a_table_is_drawn_over_its_rows_without_their_sum() -> None:
    heads = ["乡镇|2022年人口(人)|2023年人口(人)", "---|---|---"]
    rows = [*heads, "东岭镇|120|130", "西塘镇|80|90", "合计|200|220"]
    found = find_charts(over("各镇情况\n\n" + "\n".join(f"|{row}|" for row in rows)))
    (chart,) = [one for one in found if one.over == "place" and one.year == 2023]
    assert [(bar.label, bar.row.number) for bar in chart.bars] == [
        ("东岭镇", "130"),
        ("西塘镇", "90"),
    ]


TABLES = {
    "门店,年份,销售额(万元),员工数\n汉口店,2024,320,12\n汉口店,2025,410,15\n": [
        ("汉口店销售额", "320万元", 2024), ("汉口店员工数", "12", 2024),
        ("汉口店销售额", "410万元", 2025), ("汉口店员工数", "15", 2025),
    ],
    "年度,路名,长度（公里）\n2023,花园路,3.5\n2024,花园路,4.2\n": [
        ("花园路长度", "3.5公里", 2023), ("花园路长度", "4.2公里", 2024),
    ],
    "县,统计年份,常住人口,产值（亿元）\n东县,2020年,320000,118\n东县,2021年,318500,126.5\n": [
        ("东县常住人口", "320000", 2020), ("东县产值", "118亿元", 2020),
        ("东县常住人口", "318500", 2021), ("东县产值", "126.5亿元", 2021),
    ],
    "产品,时间,价格（元）,价格指数\n大米,2023,5,101\n大米,2024,6,103\n": [
        ("大米价格", "5元", 2023), ("大米价格", "6元", 2024),
    ],
    "部门,年份,季度,订单数\n一部,2024,一季度,120\n一部,2025,一季度,160\n": [
        ("一部订单数", "120", 2024), ("一部订单数", "160", 2025),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("table", "expected"), TABLES.items())
def test_a_row_is_of_the_year_in_its_cell(
    table: str, expected: list[tuple[str, str, int | None]]
) -> None:
    rows = figure_rows(over(table))[1]
    assert [(row.indicator, row.written, row.year) for row in rows] == expected


def test_years_of_rows_make_series_and_charts() -> None:
    table = "门店,年份,销售额(万元)\n汉口店,2024,320\n汉口店,2025,410\n"
    table += "武昌店,2024,280\n武昌店,2025,265\n"
    assert values(series_of(table)["汉口店销售额"]) == [(2024, "320"), (2025, "410")]
    charts = {(chart.over, chart.year) for chart in find_charts(over(table))}
    assert charts == {("year", None), ("group", 2024), ("group", 2025)}


# Each with the values that are aimed at; all others are of years before and are none.
PAST_AND_AIM = [
    ("2025年，社区举办活动18场，参加居民2600人次；2026年计划举办活动24场。", "24场"),
    ("2025年全镇新建公厕6座，改造老旧小区4个；2026年计划新建公厕9座。", "9座"),
    ("2024年，医院门诊接诊3.2万人次，住院手术1200台；2025年力争门诊接诊3.5万人次。", "3.5万人次"),
    ("2025年图书馆购置图书3000册，开展讲座26场。2026年计划购置图书5000册。", "5000册"),
    ("2025年公司完成营收3.2亿元，净利润4100万元，2026年将力争营收3.6亿元。", "3.6亿元"),
    ("2025年，完成道路养护36公里，比计划多6公里；2026年计划养护40公里。", "40公里"),
    ("去年举办义诊6场，服务老人430人次；明年计划举办义诊10场。", "10场"),
    ("2024年投入230万元，2025年投入310万元，2026年拟投入400万元。", "400万元"),
    ("计划2026年新建公园3个，绿道12公里；2025年新建公园2个，绿道8公里。", "3个 12公里"),
    ("到2027年计划建成充电桩800个，2025年已建成充电桩350个，换电站6座。", "800个"),
]
HEADS = ["桂园工作情况", "桂园工作\n\n一、活动安排", "桂园2026年工作要点\n\n一、工作计划"]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(("sentence", "aims"), PAST_AND_AIM)
def test_what_a_year_before_the_aim_did_is_no_aim(head: str, sentence: str, aims: str) -> None:
    rows = figure_rows(over(f"{head}\n\n{sentence}"))[1]
    aimed = [row.value for row in rows if row.status == "target"]
    known = [aim for aim in aims.split() if aim in {row.value for row in rows}]
    assert len(rows) > 1
    assert aimed == known


@pytest.mark.parametrize(
    "sentence",
    [
        "2026年计划投资2亿元，新建学校2所，新增学位1500个。",
        "2026年，计划种植油菜4万亩，力争产量5000吨，带动就业600人。",
        "2026年计划举办活动24场，参加居民3000人次；2027年计划举办活动30场。",
        "力争2026年全区养老床位达到5000张，护理型床位达到3000张。",
        "2026年新建公园3个，绿道12公里。",
    ],
)
def test_a_plan_stays_one(sentence: str) -> None:
    rows = figure_rows(over(f"桂园2026年工作要点\n\n一、工作计划\n\n{sentence}"))[1]
    assert [row.status for row in rows] == ["target"] * len(rows) != []
