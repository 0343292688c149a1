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
