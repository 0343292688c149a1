"""Sums, differences and comparisons are computed, shown and cited."""

from __future__ import annotations

import pytest

from qa import answer
from qa.asking.calculation import read_calculation

TEXT = "红叶县新建公租房1200套，新建人才公寓300套。\n\n全年工业投资35亿元，农业投资8.5亿元。"


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("公租房和人才公寓一共多少套?", "1500套"),
        ("工业投资比农业投资多多少?", "26.5亿元"),
        ("农业投资比工业投资多还是少?", "少"),
    ],
)
def test_the_result_shows_its_operands(question: str, result: str) -> None:
    found = answer(question, documents=[TEXT])
    assert found.text.startswith(result)
    assert found.citations


def test_the_second_thing_takes_its_name_from_the_first() -> None:
    text = "2021年，全县新增停车位600个。\n\n2022年，计划新增停车位250个。"
    found = answer("2021年新增的停车位比2022年计划的多多少?", documents=[text])
    assert found.text.startswith("350个")
    assert len(found.citations) == 2


def test_other_questions_ask_for_no_calculation() -> None:
    assert read_calculation("研发投入占比是多少?") is None
    assert read_calculation("销售额同比增长多少?") is None
