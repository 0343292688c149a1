"""What is asked, from the wording alone."""

from __future__ import annotations

import pytest

from qa.asking.followup import ask
from qa.asking.query import QUESTION_LIMIT


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("县医院有多少张床位?", "figure", "张"),
        ("修了几条路", "figure", "条"),
        ("补贴一共花了多少钱?", "figure", "元"),
        ("研发投入占比是多少", "figure", "%"),
        ("大桥什么时候通车?", "date", ""),
        ("工厂是哪年建的?", "date", "年"),
        ("运动会哪天开幕", "date", "日"),
        ("有哪些企业入驻?", "list", ""),
        ("校长是谁?", "entity", ""),
        ("大坝建成了吗?", "yesno", ""),
        ("为什么要修路?", "descriptive", ""),
        ("新增床位", "keywords", ""),
        ("大桥 通车时间", "date", ""),
        ("《山那边》的导演", "entity", ""),
        ("你知道修了多少公里吗", "figure", "公里"),
        ("老人可不可以免费坐车", "yesno", ""),
        ("办证要不要带户口本?", "yesno", ""),
        ("这算不算重点项目", "yesno", ""),
        ("大坝建没建成", "yesno", ""),
        ("住小点能选两房一厅不", "yesno", ""),
        ("外地人能否申请", "yesno", ""),
        ("水质要保持三类,对吧?", "yesno", ""),
        ("办法是第几号令?", "entity", ""),
        ("几号开会", "date", "日"),
    ],
)
def test_kind_and_unit(text: str, kind: str, unit: str) -> None:
    question = ask(text)
    assert question.kind == kind
    assert question.unit == unit


def test_years_are_read_in_both_forms() -> None:
    assert ask("2021年和22年各修了多少条路?").years == (2021, 2022)


def test_traditional_and_full_width_forms_are_folded() -> None:
    assert ask("２０２１年補貼了多少錢？").standalone == "2021年补贴了多少钱?"


def test_a_follow_up_takes_over_what_it_does_not_name() -> None:
    question = ask("那水渠呢?", history=["2021年修了多少公里公路?"])
    assert question.kind == "figure"
    assert question.unit == "公里"
    assert question.years == (2021,)
    assert "水渠" in question.standalone
    assert "公路" not in question.standalone


def test_a_follow_up_on_another_year_is_the_same_question_for_it() -> None:
    question = ask("那2022年呢?", history=[("2021年修了多少公里公路?", "35公里")])
    assert question.years == (2022,)
    assert "公路" in question.standalone
    assert "2021" not in question.standalone


def test_a_pronoun_stands_for_what_was_asked_about() -> None:
    question = ask("它的总经理是谁?", history=["红叶机械是哪年成立的?"])
    assert question.standalone == "红叶机械的总经理是谁?"


def test_a_subject_is_text_and_nothing_more() -> None:
    assert ask("它有多高?", history=[r"\1\g<x>桥是谁造的?"]).standalone.endswith("有多高?")


def test_a_new_subject_takes_the_place_of_its_like() -> None:
    question = ask("那西门大桥呢?", history=["2021年东门大桥的造价是多少?"])
    assert question.standalone == "2021年西门大桥的造价是多少?"


def test_a_year_is_not_cut_where_a_subject_takes_anothers_place() -> None:
    question = ask("困难人员再就业呢?", history=["2021年城镇就业多少人?"])
    assert "20困难" not in question.standalone
    assert "困难人员再就业" in question.standalone


def test_the_earlier_question_is_not_asked_again() -> None:
    question = ask("其中外资有几个?", history=["2021年签约了多少个项目?"])
    assert "多少" not in question.standalone
    assert "签约" in question.standalone


def test_a_question_stands_without_its_years() -> None:
    assert ask("2021年修了多少公里公路?").undated == "修了多少公里公路?"


def test_a_question_that_stands_alone_is_not_glued_to_the_one_before() -> None:
    assert ask("县医院新增了多少张床位?", history=["修了多少公路?"]).earlier == ()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!。", "\x00\x07", "\ud800", "\u200b"])
def test_an_empty_question_is_refused_with_words(text: str) -> None:
    with pytest.raises(ValueError, match="空"):
        ask(text)


def test_an_endless_question_is_refused_with_the_limit() -> None:
    with pytest.raises(ValueError, match=str(QUESTION_LIMIT)):
        ask("多少" * 50_000)
