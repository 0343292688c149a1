"""What has the most of something is named, with the figure it is reckoned from."""

from __future__ import annotations

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
        (RESERVOIRS, "总库容最大的是哪座水库？", "石门水库", "12000"),
        (RESERVOIRS, "坝高最高的水库是哪座？", "龙潭水库", "56"),
    ],
)
def test_the_first_is_named_with_its_figure(
    text: str, question: str, name: str, value: str
) -> None:
    found = answer(question, documents=[text])
    (part,) = found.parts
    assert (part.text, part.operands) == (name, ((value, 0),))
    assert value in found.citations[0].quote


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
