"""Numbers, units, dates and places in every common spelling."""

from __future__ import annotations

from decimal import Decimal

import pytest

from corpus.language import find_dates, find_figures, find_places, own_place, within, years_in


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("支出12亿5600万元。", "12亿5600万元", "1256000000", "元"),
        ("收入三十五亿二千万元", "三十五亿二千万元", "3520000000", "元"),
        ("惠及4万3千户", "4万3千户", "43000", "户"),
        ("每吨2元5角", "2元5角", "2.5", "元"),
        ("人口一百零三万四千人", "一百零三万四千人", "1034000", "人"),
        ("余额0.58万亿元", "0.58万亿元", "580000000000", "元"),
        ("增长百分之六点一", "百分之六点一", "6.1", "%"),
        ("回落0.5个百分点", "0.5个百分点", "0.5", "个百分点"),
        ("能耗0.42吨标准煤", "0.42吨标准煤", "0.42", "吨标准煤"),
        ("年满80周岁", "满80周岁", "80", "周岁"),
        ("15个工作日办结", "15个工作日", "15", "个工作日"),
        ("培训24个学时", "24个学时", "24", "个学时"),
        ("发电5亿千瓦时", "5亿千瓦时", "500000000", "千瓦时"),
        ("处二十元罚款", "二十元", "20", "元"),
        ("有效期四年", "四年", "4", "年"),
        ("审批时限为三十日", "三十日", "30", "日"),
        ("水价2.85元/立方米", "2.85元/立方米", "2.85", "元/立方米"),
        ("满意率九成六", "九成六", "9.6", "成"),
        ("引进几十家企业", "几十家", "10", "家"),
    ],
)
def test_an_amount_is_read_whole(text: str, figure: str, value: str, unit: str) -> None:
    (found,) = find_figures(text)
    assert (found.text, found.unit) == (figure, unit)
    assert found.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "figure", "lower", "upper"),
    [
        ("0-6周岁", "0-6周岁", 0, 6),
        ("处1500至2000元罚款", "1500至2000元", 1500, 2000),
        ("50万元—100万元", "50万元—100万元", 500_000, 1_000_000),
        ("50—60万元", "50—60万元", 500_000, 600_000),
        ("三至五年", "三至五年", 3, 5),
        ("6.1%～6.5%", "6.1%～6.5%", Decimal("6.1"), Decimal("6.5")),
    ],
)
def test_a_range_has_two_ends(text: str, figure: str, lower: Decimal, upper: Decimal) -> None:
    (found,) = find_figures(text)
    assert (found.text, found.value, found.upper) == (figure, lower, upper)


@pytest.mark.parametrize(
    "text",
    ["一体化", "十四五", "一是", "第三届", "5G基站", "3A级景区", "千家万户", "总套数", "一家"],
)
def test_words_that_hold_a_numeral_are_no_figures(text: str) -> None:
    assert [f.text for f in find_figures(text) if f.unit] == []


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("二〇二三年九月十六日", 2023, 9, 16),
        ("2023.9.16", 2023, 9, 16),
        ("2023-09-16", 2023, 9, 16),
        ("2024/7/8上午9时30分", 2024, 7, 8),
        ("20240831", 2024, 8, 31),
        ("十月一日", None, 10, 1),
        ("9月上旬", None, 9, None),
        ("六月初", None, 6, None),
        ("2024年一季度", 2024, None, None),
        ("9月1日至12月31日", None, 9, 1),
        ("2018年12月30日至2019年1月1日", 2018, 12, 30),
        ("农历正月十三", None, None, None),
        ("每周三、周六", None, None, None),
        ("第二个周日", None, None, None),
        ("11:00—13:00", None, None, None),
    ],
)
def test_a_date_is_one_however_it_is_written(
    text: str, year: int | None, month: int | None, day: int | None
) -> None:
    (found,) = find_dates(f"时间：{text}。")
    assert found.text == text
    if month or day or year:
        assert (found.year, found.month, found.day) == (year, month, day)


@pytest.mark.parametrize("text", ["15日内", "三十日", "5年", "2000米", "2024个", "面积2024平方米"])
def test_a_length_of_time_and_a_large_number_are_no_dates(text: str) -> None:
    assert [d.text for d in find_dates(text)] == []
    assert years_in(text) == ()


def test_a_place_contains_its_parts() -> None:
    assert within("东西湖区", "武汉市")
    assert within("武汉", "湖北省")
    assert not within("武汉市", "东西湖区")
    assert not within("江汉区", "长沙市")
    assert [place.name for place in find_places("东西湖南侧")] == ["东西湖"]


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("青石镇2023年工作总结", "青石镇"),
        ("2026年河北省政府工作报告", "河北省"),
        ("关于供应广州市2025年房源的通告", "广州市"),
        ("净水器使用说明", ""),
    ],
)
def test_a_title_says_where(title: str, place: str) -> None:
    assert own_place(title, "") == place


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("比2023年的22个多5个", ["22个", "5个"]),
        ("比上年的22个多三个", ["22个", "三个"]),
        ("22个多两千人", ["22个", "两千人"]),
        ("共22个多", ["22个多"]),
        ("用了3年多", ["3年多"]),
    ],
)
def test_a_figure_that_another_is_more_than_is_no_round_one(text: str, wanted: list[str]) -> None:
    assert [figure.text for figure in find_figures(text)] == wanted
