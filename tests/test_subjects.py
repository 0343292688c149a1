"""The asked subject is the told one: another of its kind does not answer for it."""

from __future__ import annotations

import pytest

from qa import answer
from qa.checking.subjects import other_name


@pytest.mark.parametrize(
    ("asked", "told", "name"),
    [
        ("供电公司有多少员工?", "青山供水公司共有员工320人。", "青山供水公司"),
        ("市教育局办了多少场招聘会?", "市人社局举办招聘会126场。", "市人社局"),
        ("2号线有多少座车站?", "1号线设车站24座。", "1号线"),
        ("CX-5的零售价是多少?", "云杉CX-1建议零售价5980元。", "CX-1"),
        ("B小区停车费多少?", "A小区停车费每月200元。", "A小区"),
        ("会展西站首班车几点?", "会展东站首班车6:05。", "会展东站"),
    ],
)
def test_another_of_the_same_kind_is_named(asked: str, told: str, name: str) -> None:
    assert other_name(asked, told, told) == name


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("市人社局办了多少场招聘会?", "市人力资源和社会保障局举办招聘会126场。"),
        ("省三院有多少张床位?", "省第三人民医院开放床位1850张。"),
        ("哪家医院新增了床位?", "县人民医院新增床位200张。"),
        ("全市有多少公园?", "青山区共有樱花公园等31个公园。"),
        ("城市道路完工了几条?", "全区12个城市道路项目完工。"),
        ("夜校每学期多少钱?", "夜校学费500元/学期。"),
        ("上海市新任市长是谁?", "龚正当选上海市市长。"),
        ("县长是谁?", "青山县县长王某。"),
        ("CX-1保修几年?", "CX-1与CX-2均保修6年。"),
    ],
)
def test_the_same_thing_in_other_words_is_no_other(asked: str, told: str) -> None:
    assert other_name(asked, told, told) == ""


def test_a_refusal_says_whose_figure_it_is() -> None:
    text = "青山供水公司2023年报告\n\n公司共有员工320人，全年供水1.2亿吨。"
    refused = answer("青山供电公司有多少员工?", documents=[text])
    assert (refused.status, refused.reason) == ("refused", "other_subject")
    assert "供水公司" in refused.text


def test_of_several_documents_the_one_whose_title_names_the_subject_answers() -> None:
    texts = [f"云杉CX-{n}净水器说明\n\n整机保修{n + 4}年，水箱容积{n}00升。" for n in (1, 2)]
    assert answer("CX-2保修几年?", documents=texts).text == "6年"
    assert answer("CX-1的水箱容积是多少?", documents=texts).text == "100升"
    assert answer("CX-9保修几年?", documents=texts).status == "refused"
