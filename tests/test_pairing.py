"""Of values told together, the one that is meant."""

from __future__ import annotations

import pytest

from qa import answer

INCOMES = (
    "2023年，城镇、农村居民人均可支配收入分别为36850元、19640元，分别增长5.1%、7.4%。"
    "东岭镇、西岭镇、南岭镇分别引进企业14家、9家、22家。"
    "财政收入由41亿元增加到45.5亿元。存在的困难：一是基础薄弱；二是人才短缺；三是资金不足。"
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("城镇居民人均可支配收入是多少?", "36850元"),
        ("农村居民人均可支配收入是多少?", "19640元"),
        ("农村居民收入增长了多少?", "7.4%"),
        ("西岭镇引进企业多少家?", "9家"),
        ("现在财政收入多少?", "45.5亿元"),
        ("财政收入原来是多少?", "41亿元"),
    ],
)
def test_a_value_belongs_to_the_name_whose_turn_it_is(question: str, expected: str) -> None:
    assert answer(question, documents=[INCOMES]).text == expected


def test_numbered_points_are_given_whole() -> None:
    text = answer("有哪些困难?", documents=[INCOMES]).text
    assert all(point in text for point in ("基础薄弱", "人才短缺", "资金不足"))


CHANGES = (
    "公交线路由12条增加到15条。平均工期从90天缩短至60天。贷款余额由去年的3.2亿元增长到5.7亿元。"
    "办理时限由20个工作日压缩到8个工作日。在册教师从原来的310人扩大到365人。"
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("公交线路增加了几条?", "3条"),
        ("现在公交线路有几条?", "15条"),
        ("平均工期缩短了多少天?", "30天"),
        ("贷款余额增长了多少?", "2.5亿元"),
        ("贷款余额是多少?", "5.7亿元"),
        ("办理时限是多少个工作日?", "8个工作日"),
        ("原来在册教师有多少人?", "310人"),
        ("在册教师有多少人?", "365人"),
    ],
)
def test_a_change_is_told_by_its_end_or_by_how_much(question: str, expected: str) -> None:
    assert answer(question, documents=[CHANGES]).parts[0].text == expected
