"""What has the most of something is named, with the figure it is reckoned from."""

from __future__ import annotations

import re

import pytest

from qa import answer

TOWNS = (
    "湖滨县乡镇情况\n\n大桥镇人口4.2万人，面积86平方公里。\n\n"
    "小河镇人口6.1万人，面积54平方公里。\n\n白石镇人口3.8万人，面积132平方公里。\n"
)
PROJECTS = (
    "重点项目清单\n\n安排重点项目3个：\n\n1. 环湖绿道工程，总投资2.1亿元；\n\n"
    "2. 城北快速路工程，总投资6.8亿元；\n\n3. 停车场工程，总投资9000万元。\n"
)
RESERVOIRS = (
    "灵泉县水库一览\n\n| 水库 | 总库容（万立方米） | 坝高（米） |\n|---|---|---|\n"
    "| 石门水库 | 12000 | 41 |\n| 龙潭水库 | 860 | 56 |\n| 合计 | 12860 | |\n"
)


@pytest.mark.parametrize(
    ("text", "question", "name", "value"),
    [
        (TOWNS, "人口最多的镇是哪个？", "小河镇", "6.1万人"),
        (TOWNS, "哪个镇面积最大？", "白石镇", "132平方公里"),
        (TOWNS, "人口最少的是哪个镇？", "白石镇", "3.8万人"),
        (PROJECTS, "投资最大的项目是哪个？", "城北快速路工程", "6.8亿元"),
        (PROJECTS, "总投资最少的项目是哪个？", "停车场工程", "9000万元"),
        (RESERVOIRS, "总库容最大的是哪座水库？", "石门水库", "12000万立方米"),
        (RESERVOIRS, "坝高最高的水库是哪座？", "龙潭水库", "56米"),
    ],
)
def test_the_first_is_named_with_its_figure(
    text: str, question: str, name: str, value: str
) -> None:
    found = answer(question, documents=[text])
    (part,) = found.parts
    assert (part.text, part.operands) == (name, ((value, 0),))
    assert re.split("万立|米", value)[0] in found.citations[0].quote


def test_what_the_text_calls_the_first_is_not_reckoned() -> None:
    text = f"{TOWNS}\n\n人口最多的镇是小河镇，其次是大桥镇。\n"
    (part, *_) = answer("人口最多的镇是哪个？", documents=[text]).parts
    assert part.text == "小河镇"
    assert not part.operands


def test_a_tie_and_a_single_figure_rank_nothing() -> None:
    tie = "湖滨县情况\n\n大桥镇人口4万人。\n\n小河镇人口4万人。\n"
    assert not any(p.operands for p in answer("人口最多的镇是哪个？", documents=[tie]).parts)
    one = "湖滨县情况\n\n大桥镇人口4万人。\n\n小河镇面积4平方公里。\n"
    assert not any(p.operands for p in answer("人口最多的镇是哪个？", documents=[one]).parts)


YEARS = (
    "<h1>各乡镇情况</h1><table><tr><th>乡镇</th><th>2023年末户籍人口（人）</th>"
    "<th>2024年末户籍人口（人）</th><th>2025年目标人口（人）</th><th>耕地（亩）</th></tr>"
    "<tr><td>大桥镇</td><td>42000</td><td>41000</td><td>40000</td><td>900</td></tr>"
    "<tr><td>小河镇</td><td>39000</td><td>43000</td><td>44000</td><td>700</td></tr>"
    "<tr><td>白石乡</td><td>12000</td><td>11000</td><td>99000</td><td>1200</td></tr></table>"
)
SHEETS = (
    "<h2>在建</h2><p>单位：万元</p><table><tr><th>序号</th><th>工程</th><th>总预算</th>"
    "<th>2025年计划支出</th></tr><tr><td>1</td><td>青石渡槽</td><td>3200</td><td>900</td></tr>"
    "<tr><td>2</td><td>望江书屋</td><td>860</td><td>860</td></tr>"
    "<tr><td>合计</td><td></td><td>4060</td><td>1760</td></tr></table>"
    "<h2>已完成</h2><table><tr><th>工程</th><th>实际预算支出（万元）</th></tr>"
    "<tr><td>松岭驿站</td><td>9000</td></tr><tr><td>南门广场</td><td>700</td></tr></table>"
)


@pytest.mark.parametrize(
    ("text", "question", "name", "value"),
    [
        (YEARS, "户籍人口最多的镇是哪个？", "小河镇", "43000人"),
        (YEARS, "2023年哪个镇户籍人口最多？", "大桥镇", "42000人"),
        (YEARS, "人口最少的乡镇是哪个？", "白石乡", "11000人"),
        (YEARS, "人口最少的镇是哪个？", "大桥镇", "41000人"),
        (YEARS, "耕地最多的乡镇是哪个？", "白石乡", "1200亩"),
        (SHEETS, "总预算最大的工程是哪个？", "青石渡槽", "3200万元"),
        (SHEETS, "总预算最小的工程是哪个？", "望江书屋", "860万元"),
        (SHEETS, "2025年计划支出最多的工程是哪个？", "青石渡槽", "900万元"),
        (SHEETS, "实际预算支出最多的工程是哪个？", "松岭驿站", "9000万元"),
        (SHEETS, "实际预算支出最少的工程是哪个？", "南门广场", "700万元"),
    ],
)
def test_of_a_table_the_column_and_the_year_that_are_named(
    text: str, question: str, name: str, value: str
) -> None:
    (part,) = answer(question, documents=[text]).parts
    assert (part.text, part.operands) == (name, ((value, 0),))
