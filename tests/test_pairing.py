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


YEARS_IN_ONE_SENTENCE = """临江县2024年总结

全县接待游客2024年为320万人次，2023年接待游客280万人次。粮食产量为52万吨，比2023年的48万吨增加4万吨。

城镇化率由2020年的52%提高到2024年的61%。2022年、2023年和2024年植树分别为12万株、15万株和18万株。

新增床位600张（2024年）、450张（2023年）。2024年，新建学校8所，上年新建学校5所。

改造管网86公里，惠及居民9860户；2023年改造管网71公里。
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2023年接待游客多少人次?", "280万人次"),
        ("2024年接待游客多少人次?", "320万人次"),
        ("2024年粮食产量多少万吨?", "52万吨"),
        ("2020年城镇化率是多少?", "52%"),
        ("2024年城镇化率是多少?", "61%"),
        ("2023年植树多少万株?", "15万株"),
        ("2024年新增床位多少张?", "600张"),
        ("2023年新增床位多少张?", "450张"),
        ("2023年改造管网多少公里?", "71公里"),
        ("2024年改造管网多少公里?", "86公里"),
    ],
)
def test_of_two_years_in_a_sentence_each_has_its_own_figure(question: str, expected: str) -> None:
    assert answer(question, documents=[YEARS_IN_ONE_SENTENCE]).text == expected


@pytest.mark.parametrize(
    ("question", "verdict", "figure"),
    [
        ("2023年接待游客280万人次吗?", "是", "280万人次"),
        ("2023年接待游客320万人次吗?", "否", "280万人次"),
        ("2024年粮食产量是48万吨吗?", "否", "52万吨"),
        ("2024年城镇化率是52%吗?", "否", "61%"),
        ("2023年植树18万株，对吗?", "否", "15万株"),
        ("2023年新增床位600张吗?", "否", "450张"),
        ("2024年新建学校5所吗?", "否", "8所"),
        ("2023年新建学校5所吗?", "是", "5所"),
        ("2024年改造管网71公里吗?", "否", "86公里"),
        ("2024年改造管网90公里，对吗?", "否", "86公里"),
    ],
)
def test_a_figure_claimed_is_held_against_that_of_its_year(
    question: str, verdict: str, figure: str
) -> None:
    assert answer(question, documents=[YEARS_IN_ONE_SENTENCE]).text == f"{verdict}，{figure}"


def test_a_part_is_not_answered_with_the_whole_of_another_year() -> None:
    text = "全年发放贷款35亿元，其中小微企业贷款12亿元；2023年发放贷款32亿元。"
    told = answer("2023年小微企业贷款多少亿元?", documents=[f"临江县2024年总结\n\n{text}\n"])
    assert told.status == "refused"


STREETS = """各街道情况

| 街道（镇） | 2023年末常住人口（人） | 2024年末常住人口（人） | 社区数（个） |
|---|---|---|---|
| 枫林街道 | 86420 | 85310 | 14 |
| 柳荫街道 | 73150 | 78240 | 11 |
| 桃源镇 | 41260 | 40780 | 9 |
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("枫林街道和柳荫街道2024年末常住人口一共多少人?", "163550人"),
        ("三个街道2024年末常住人口一共多少人?", "204330人"),
        ("各街道2023年末常住人口合计多少人?", "200830人"),
        ("枫林街道、桃源镇的社区数一共多少个?", "23个"),
        ("柳荫街道2024年比2023年增加多少?", "5090人"),
        ("柳荫街道2024年末常住人口比2023年末增加多少人?", "5090人"),
        ("枫林街道2024年末常住人口比2023年末减少多少人?", "1110人"),
        ("枫林街道2024年末常住人口比2023年末增加多少人?", "减少1110人"),
    ],
)
def test_rows_are_reckoned_with_each_cited(question: str, expected: str) -> None:
    told = answer(question, documents=[STREETS])
    (part,) = told.parts
    assert part.text == expected
    assert len(part.operands) > 1
    for operand, place in part.operands:
        assert operand.removesuffix("人").removesuffix("个") in told.citations[place].quote


@pytest.mark.parametrize(
    "question",
    [
        "枫林街道和竹海街道2024年末常住人口一共多少人?", "五个街道2024年末常住人口一共多少人?",
        "枫林街道和柳荫街道2022年末常住人口一共多少人?", "各街道2021年末常住人口合计多少人?",
        "枫林街道、柳荫街道和竹海街道的社区数一共多少个?",
    ],
)  # fmt: skip
def test_a_sum_of_what_is_not_all_there_is_refused(question: str) -> None:
    told = answer(question, documents=[STREETS])
    assert told.status == "refused" or not told.parts


@pytest.mark.parametrize(
    "question",
    [
        "2024年末常住人口是多少?", "2023年末常住人口是多少?", "2024年末常住人口多少人?",
        "2023年末常住人口有多少人?", "社区数是多少个?",
    ],
)  # fmt: skip
def test_values_of_several_names_are_no_contradiction(question: str) -> None:
    assert "说法不一" not in answer(question, documents=[STREETS]).text
