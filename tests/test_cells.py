"""Cells of tables, asked for by row and column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus import make_document, split
from qa import answer

TABLE = (
    "2023年各街道统计表（单位：人）\n\n"
    "| 街道 | 2022年 | 2023年 | 负责人 | 有无食堂 |\n|---|---|---|---|---|\n"
    "| 东园街道 | 31200 | 32500 | 周宁 | 有 |\n"
    "| 西园街道 | 27800 | 26900 | 何晴 | 无 |\n"
    "| 合计 | 59000 | 59400 | — | — |\n"
)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("2022年西园街道有多少人?", "27800"),
        ("2023年东园街道人数是多少?", "32500"),
        ("2022年各街道合计多少人?", "59000"),
        ("西园街道的负责人是谁?", "何晴"),
    ],
)
def test_the_cell_where_row_and_column_meet(question: str, value: str) -> None:
    found = answer(question, documents=[TABLE])
    assert found.text.startswith(value)
    assert found.citations


@pytest.mark.parametrize(
    ("question", "verdict"), [("西园街道有无食堂?", "否"), ("东园街道有无食堂?", "是")]
)
def test_a_cell_answers_yes_or_no(question: str, verdict: str) -> None:
    assert answer(question, documents=[TABLE]).text.startswith(verdict)


def test_an_empty_cell_tells_nothing() -> None:
    assert answer("合计的负责人是谁?", documents=[TABLE]).status == "refused"


def test_a_column_of_units_can_be_asked_for() -> None:
    text = (
        "收费表\n\n| 项目 | 单位 | 价格 |\n|---|---|---|\n| 清洗 | 次 | 30 |\n| 搬运 | 车 | 200 |\n"
    )
    assert answer("搬运的单位是什么?", documents=[text]).status in ("answered", "refused")
    assert answer("搬运的价格是多少?", documents=[text]).text.startswith("200")


INDICATORS = (
    "<h1>清河县2024年主要指标</h1><table>"
    "<tr><th rowspan=2>门类</th><th rowspan=2>指标</th><th rowspan=2>单位</th>"
    "<th colspan=2>实际完成</th><th rowspan=2>2025年计划</th></tr>"
    "<tr><th>2023年</th><th>2024年</th></tr>"
    "<tr><td rowspan=2>交通</td><td>农村公路里程</td><td>公里</td><td>812</td><td>846</td>"
    "<td>880</td></tr>"
    "<tr><td>公交线路</td><td>条</td><td>31</td><td>34</td><td>36</td></tr>"
    "<tr><td rowspan=2>文化</td><td>村级文化活动室</td><td>间</td><td>118</td><td>126</td>"
    "<td>130</td></tr>"
    "<tr><td>图书借阅</td><td>万册</td><td>41.5</td><td>46.2</td><td>50</td></tr></table>"
)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("2023年农村公路里程是多少？", "812公里"),
        ("2023年公交线路有几条？", "31条"),
        ("2024年村级文化活动室有多少间？", "126间"),
        ("2023年图书借阅多少万册？", "41.5万册"),
        ("2023年村级文化活动有多少间？", "118间"),
    ],
)
def test_the_column_of_the_year_asked_for(question: str, value: str) -> None:
    assert answer(question, documents=[INDICATORS]).text.startswith(value)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("2025年农村公路里程计划是多少？", "880公里"),
        ("2025年公交线路的目标是多少条？", "36条"),
        ("2025年计划有多少间村级文化活动室？", "130间"),
        ("2025年图书借阅的目标是多少？", "50万册"),
        ("公交线路的计划是多少条？", "36条"),
    ],
)
def test_a_column_of_aims_holds_targets(question: str, value: str) -> None:
    assert answer(question, documents=[INDICATORS]).text.startswith(value)


@pytest.mark.parametrize(
    "question",
    [
        "2022年公交线路有几条？",
        "2026年农村公路里程目标是多少？",
        "2023年公交线路的目标是多少条？",
        "2021年图书借阅多少万册？",
        "2020年村级文化活动室有多少间？",
    ],
)
def test_another_year_is_no_answer(question: str) -> None:
    assert answer(question, documents=[INDICATORS]).status == "refused"


def test_rows_are_named_by_the_column_that_tells_them_apart() -> None:
    facts = make_document(INDICATORS, "指标").facts
    assert [fact.subject for fact in facts[::3]] == [
        "农村公路里程", "公交线路", "村级文化活动室", "图书借阅",
    ]  # fmt: skip
    assert [fact.status for fact in facts[:3]] == ["done", "done", "target"]


WORKS = "| 编号 | 工程 | {} | 预算 | 竣工时间 | 牵头部门 |\n|-|-|-|-|-|-|\n" + "".join(
    f"| {number} | {name} | {where} | {cost} | 2026-0{number}-10 | {who} |\n"
    for number, name, where, cost, who in (
        (1, "青石渡槽", "柳林镇", 3200, "县水利局"),
        (2, "望江书屋", "城关镇", 860, "县文旅局"),
        (3, "松岭驿站", "松岭乡", 1450, "县交通局"),
    )
)


@pytest.mark.parametrize(
    ("head", "question", "value"),
    [
        ("实施地点", "青石渡槽在哪里建？", "柳林镇"),
        ("项目地址", "望江书屋在哪儿？", "城关镇"),
        ("所在位置", "松岭驿站在什么地方？", "松岭乡"),
        ("地点", "松岭驿站什么时候竣工？", "2026-03-10"),
        ("地点", "望江书屋由哪个部门牵头？", "县文旅局"),
    ],
)
def test_a_column_of_the_kind_that_is_asked_for(head: str, question: str, value: str) -> None:
    found = answer(question, documents=["工程一览\n\n" + WORKS.format(head)])
    assert found.text.startswith(value)


@pytest.mark.parametrize(
    ("above", "told"),
    [
        ("工程一览\n\n单位：万元\n\n", "3200万元"),
        ("工程一览（单位：万元）\n\n", "3200万元"),
        ("工程一览\n\n计量单位：千元\n\n", "3200千元"),
        ("工程一览\n\n（金额单位：万元）\n\n", "3200万元"),
        ("工程一览\n\n| 单位：万元 | | | | | |\n", "3200万元"),
    ],
)
def test_a_unit_above_a_table_counts_its_bare_figures(above: str, told: str) -> None:
    text = above + WORKS.format("地点")
    assert answer("青石渡槽的预算是多少？", documents=[text]).text.startswith(told)
    read = [fact.figure.text for fact in make_document(text, "工程").facts]
    assert read == ["3200", "860", "1450"]  # neither the numbers of rows nor the dates


@pytest.mark.parametrize(
    ("head", "name", "unit"),
    [
        ("增长率", "税收", ""), ("企业个数", "工业", ""), ("年份", "税收", ""),
        ("数额", "学校（所）", "所"), ("数额", "税收", "万元"),
    ],
)  # fmt: skip
def test_what_a_unit_above_a_table_is_not_said_of(head: str, name: str, unit: str) -> None:
    text = f"收支\n\n单位：万元\n\n| 名目 | {head} |\n|-|-|\n| {name} | 37 |\n| 其他 | 12 |\n"
    (passage,) = (one for one in split(make_document(text, "表")) if one.pieces)
    read = "".join(piece.text for piece in passage.pieces)
    assert read.startswith(f"{name}：{head}37{unit}。")


SHOPS = (
    "门店,年份,销售额(万元),员工数\n汉口店,2024,320,12\n汉口店,2025,410,15\n"
    "武昌店,2024,280,10\n武昌店,2025,265,9\n"
)
SCHOOLS = (
    "年份,学校,在校学生数,经费(万元)\n2023,育才小学,820,610\n2023,光明中学,1210,1480\n"
    "2025,育才小学,905,700\n2025,光明中学,1205,1600\n"
)
TOWNS = (
    "序号,镇,时间,粮食产量(吨),耕地面积(公顷)\n1,柳河镇,2022,5200,1300\n2,柳河镇,2023,5480,1310\n"
    "3,青山镇,2022,4100,990\n4,青山镇,2023,4350,985\n"
)
YEARS = (
    "年度,销售收入(亿元),专利数\n2021年,3.2,120\n2022年,3.9,138\n2023年,4.6,151\n2024年,5.1,160\n"
)
CLINICS = (
    "医院,类别,年,门诊量(万人次)\n一院,综合,2024年,12\n一院,综合,2025年,14\n二院,专科,2025年,6\n"
)


def barred(table: str) -> str:
    """A table of CSV as Markdown has it."""
    head, *rows = (f"| {' | '.join(line.split(','))} |" for line in table.splitlines())
    return "\n".join([head, "|---" * head.count(" | ") + "|---|", *rows])


@pytest.mark.parametrize("written", [str, barred, lambda table: table.replace(",", "\t")])
@pytest.mark.parametrize(
    ("table", "question", "text"),
    [
        (SHOPS, "武昌店2025年销售额是多少？", "265万元"),
        (SHOPS, "武昌店2024年销售额是多少？", "280万元"),
        (SHOPS, "汉口店2025年员工数是多少？", "15"),
        (SHOPS, "哪个店销售额最高？", "汉口店（2025年410万元）"),
        (SHOPS, "2024年哪个店销售额最高？", "汉口店（320万元）"),
        (SHOPS, "汉口店哪年销售额最高？", "2025年（410万元）"),
        (SHOPS, "2025年各门店销售额一共多少？", "675万元（由410万元和265万元得出）"),
        (SHOPS, "汉口店2025年销售额比2024年增加多少？", "90万元（由320万元和410万元得出）"),
        (SHOPS, "汉口店销售额是多少？", "320万元（2024年）；410万元（2025年）"),
        (SCHOOLS, "2023年育才小学有多少学生？", "820"),
        (SCHOOLS, "2025年光明中学经费是多少？", "1600万元"),
        (SCHOOLS, "2025年各学校经费一共多少？", "2300万元（由700万元和1600万元得出）"),
        (TOWNS, "青山镇2023年粮食产量是多少？", "4350吨"),
        (TOWNS, "2022年哪个镇粮食产量最高？", "柳河镇（5200吨）"),
        (YEARS, "2022年销售收入是多少？", "3.9亿元"),
        (YEARS, "哪一年销售收入最高？", "2024年（5.1亿元）"),
        (CLINICS, "一院2025年门诊量是多少？", "14万人次"),
        (CLINICS, "一院2024年门诊量是多少？", "12万人次"),
    ],
)
def test_the_year_of_a_row_is_the_cell_under_its_head(
    written: Callable[[str], str], table: str, question: str, text: str
) -> None:
    found = answer(question, documents=[written(table)])
    assert found.text == text
    years = [c.year for c in found.citations]
    told = [
        year for year in (2022, 2023, 2024, 2025) if f"{year}年" in question or str(year) in text
    ]
    assert all(year in told for year in years if told)


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (SHOPS, "2023年汉口店销售额是多少？"),
        (SHOPS, "2023年哪个店销售额最高？"),
        (SHOPS, "2025年汉阳店销售额是多少？"),
        (SHOPS, "汉阳店销售额是多少？"),
        (SCHOOLS, "2022年育才小学有多少学生？"),
        (TOWNS, "青山镇2021年粮食产量是多少？"),
        (YEARS, "2020年销售收入是多少？"),
        (CLINICS, "二院2024年门诊量是多少？"),
    ],
)
def test_rows_of_other_years_answer_nothing(table: str, question: str) -> None:
    assert answer(question, documents=[table]).status == "refused"


def test_the_year_of_what_a_row_is_of_is_not_that_of_its_figures() -> None:
    bridges = "桥名,建成年份,长度(米)\n东桥,1998,320\n西桥,2005,410\n南桥,2012,280\n"
    document = make_document(barred(bridges), "桥.md")
    assert {fact.year for fact in document.facts} == {None}
    assert answer("西桥长度是多少？", documents=[bridges]).text == "410米"
