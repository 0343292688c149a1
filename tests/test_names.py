"""A name one character off that of the documents is not answered for, but offered."""

from __future__ import annotations

import pytest

from qa import answer

TEXT = (
    "河湾区产业简报\n\n"
    "河湾澄光仪表股份有限公司（以下简称“澄光仪表”）成立于2006年，现有员工320人。"
    "“蓝湾小镇”集聚企业18家，是全区首个数字产业小镇。\n\n"
    "“银桥计划”资助青年创业者45名，每人补贴2万元。《河湾稻田画卷》获评年度优秀节目。"
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("润光仪表有多少员工？", "澄光仪表"),
        ("泽光仪表成立于哪一年", "澄光仪表"),
        ("介绍一下蓝湾小城", "蓝湾小镇"),
        ("银轿计划资助了多少人？", "银桥计划"),
        ("河湾麦田画卷获得了什么奖", "河湾稻田画卷"),
    ],
)
def test_a_near_name_is_offered_and_not_answered_for(question: str, told: str) -> None:
    found = answer(question, documents=[TEXT])
    assert found.reason == "other_subject"
    assert f"您是不是想问“{told}”" in found.text
    assert told in found.citations[0].quote


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("澄光仪表有多少员工？", "320人"),
        ("蓝湾小镇有多少家企业", "18家"),
        ("银桥计划资助了多少名创业者？", "45名"),
        ("在蓝湾小镇有多少企业", "18家"),
        ("去蓝湾小镇的企业有多少家", "18家"),
    ],
)
def test_a_name_that_the_documents_have_is_answered_for(question: str, told: str) -> None:
    assert told in answer(question, documents=[TEXT]).text


def test_the_rest_of_a_question_for_a_near_name_is_not_answered() -> None:
    found = answer("润光仪表何时成立，有多少员工？", documents=[TEXT])
    assert found.status == "refused"
    assert "澄光仪表" in found.text


@pytest.mark.parametrize("who", ["街道", "机关", "社区党员"])
def test_a_word_before_a_name_is_no_part_of_one(who: str) -> None:
    text = "河湾简报\n\n“我为群众办实事”活动解决问题320件。"
    found = answer(f"{who}为群众办实事解决问题多少件", documents=[text])
    assert "您是不是想问" not in found.text


def test_of_names_as_near_the_first_is_offered() -> None:
    text = "河湾简报\n\n“千企改造”完成60个。“万企改造”完成90个。"
    found = answer("淼企改造完成多少个", documents=[text])
    assert "“千企改造”" in found.text
