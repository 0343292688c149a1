"""Figures found in text, with their values, units and qualifiers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from corpus.language import find_figures, same_unit


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("总产值完成1900亿元。", "1900亿元", 190_000_000_000, "元"),
        ("资金超5800万元", "超5800万元", 58_000_000, "元"),
        ("补贴2100余万元", "2100余万元", 21_000_000, "元"),
        ("兑现资金超亿元", "超亿元", 100_000_000, "元"),
        ("达到2200个以上", "2200个以上", 2200, "个"),
        ("面积14.8万平方米", "14.8万平方米", 148_000, "平方米"),
        ("占比不低于5%", "不低于5%", 5, "%"),
        ("引进2—3家企业", "2—3家", 2, "家"),
        ("惠及三千二百户", "三千二百户", 3200, "户"),
        ("出口1,200吨", "1,200吨", 1200, "吨"),
        ("带来10余家企业", "10余家", 10, "家"),
        ("收入增长百分之五", "百分之五", 5, "%"),
    ],
)
def test_a_figure_has_its_value_unit_and_qualifier(
    text: str, figure: str, value: int, unit: str
) -> None:
    (found,) = find_figures(text)
    assert found.text == figure
    assert found.value == Decimal(value)
    assert found.unit == unit
    assert text[found.start : found.end] == figure


@pytest.mark.parametrize(
    "text", ["2024年", "12月18日至20日", "一体化推进", "这是一次机会", "其他工作"]
)
def test_dates_and_numerals_inside_words_are_no_figures(text: str) -> None:
    assert [f.text for f in find_figures(text) if f.unit] == []


def test_people_count_in_ge_what_texts_count_in_jia() -> None:
    assert same_unit("个", "家")
    assert same_unit("人", "名")
    assert not same_unit("元", "家")


def test_a_figure_may_stand_first() -> None:
    assert [f.text for f in find_figures("81亿元")] == ["81亿元"]
