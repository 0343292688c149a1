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


LIFTS = (
    "青禾区2025年城市更新简报\n\n2025年，青禾区改造老旧小区18个，加装电梯43部；2024年改造15个，加装电梯31部。\n\n"
    "2026年，计划改造老旧小区20个，加装电梯50部。\n"
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2024年和2025年加装的电梯加在一起多少部？", "74部"),
        ("2025年和2026年加装的电梯一共多少部？", "93部"),
        ("2025年比2024年多加装多少部电梯？", "12部"),
        ("2026年比2025年多改造几个小区？", "2个"),
        ("2025年加装的电梯，再加上2026年加装的电梯，合计多少部？", "93部"),
    ],
)
def test_two_years_of_one_thing_are_reckoned_from_both(question: str, told: str) -> None:
    found = answer(question, documents=[LIFTS])
    assert found.text.startswith(told)
    assert len(found.parts[0].operands) == 2


@pytest.mark.parametrize(
    "question",
    [
        "2022年到2023年新增公交站亭增加了多少个",
        "从2022年至2023年公交站亭多了多少个？",
        "2022-2023年新增公交站亭增长多少",
    ],
)
def test_a_change_from_one_year_to_another_is_asked_of_both(question: str) -> None:
    asked = read_calculation(question)
    assert asked
    assert asked.operation == "difference"
    assert "2023年" in asked.questions[0]
    assert "2022年" in asked.questions[1]


def test_a_change_since_a_year_that_no_document_tells_is_refused() -> None:
    text = "青石县报告\n\n2024年，高新技术企业达到170家。"
    assert answer("2022年到2024年高新技术企业涨了多少", documents=[text]).status == "refused"
