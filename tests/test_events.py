"""Events are told apart by their dates: which came first, whether in one month, 当天."""

from __future__ import annotations

import pytest

from qa import answer
from qa.asking import read_events, read_moment

NEWS = [
    "2023年3月18日，湖滨县石门大桥建成通车，全长1.2公里，总投资3.5亿元。",
    "2024年9月2日，湖滨县第二人民医院新院区启用，开放床位600张。",
    "2024年9月20日，湖滨县举办首届荷花节，当天接待游客2.3万人次。",
    "2022年11月5日，湖滨县图书馆新馆开馆，藏书40万册。",
    "2023年3月18日，湖滨县举行春季招聘会，126家企业提供岗位4200个。",
]


@pytest.mark.parametrize(
    ("question", "name", "dates"),
    [
        ("石门大桥通车和图书馆新馆开馆哪个更早？", "图书馆新馆开馆", 2),
        ("石门大桥通车和第二人民医院新院区启用，哪个事件先发生？", "石门大桥通车", 2),
        ("首届荷花节与第二人民医院新院区启用哪个更晚？", "首届荷花节", 2),
        ("石门大桥通车、图书馆新馆开馆和首届荷花节，哪件事最早？", "图书馆新馆开馆", 3),
        ("下列事件中，哪个最晚发生：石门大桥通车、图书馆新馆开馆、首届荷花节？", "首届荷花节", 3),
    ],
)
def test_the_event_is_named_with_the_dates_that_tell_it(
    question: str, name: str, dates: int
) -> None:
    found = answer(question, documents=NEWS)
    assert found.parts[0].text == name
    assert len(found.parts[0].operands) == len(found.citations) == dates


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("第二人民医院新院区启用和首届荷花节是同一个月吗？", "是"),
        ("石门大桥通车和图书馆新馆开馆是在同一年吗？", "否"),
        ("石门大桥通车和春季招聘会是同一天吗？", "是"),
        ("第二人民医院新院区启用与首届荷花节是同一天举行的吗？", "否"),
        ("石门大桥通车和首届荷花节是同一年发生的吗？", "否"),
    ],
)
def test_one_day_month_or_year_is_judged_by_both_dates(question: str, verdict: str) -> None:
    found = answer(question, documents=NEWS)
    assert found.parts[0].text == verdict
    assert len(found.citations) == 2


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("石门大桥建成通车当天，春季招聘会提供了多少个岗位？", "4200个"),
        ("石门大桥建成通车那天，有多少家企业参加招聘会？", "126家"),
    ],
)
def test_what_was_on_the_day_of_an_event_is_found(question: str, told: str) -> None:
    assert told in answer(question, documents=NEWS).text


def test_one_event_that_no_document_tells_leaves_the_question_open() -> None:
    assert answer("石门大桥通车和机场启用哪个更早？", documents=NEWS).status == "refused"


@pytest.mark.parametrize(
    "question",
    [
        "哪个镇最早通了公路？", "达尔文请谁共进晚餐？", "石门大桥是什么时候通车的？",
        "招聘会有多少家企业？", "同一天可以办两次吗？",
    ],
)  # fmt: skip
def test_other_questions_set_no_events_side_by_side(question: str) -> None:
    assert read_events(question) is None
    assert read_moment(question) is None


def test_the_middle_and_marks_part_the_names() -> None:
    asked = read_events("《红与黑》首演、水厂扩建以及李国强被开除党籍和公职哪个最早？")
    assert asked
    assert asked.names[:2] == ("《红与黑》首演", "水厂扩建")
