"""Questions limited to a source, a date, a section; years asked for; the newer of two values."""

from __future__ import annotations

from typing import Any

import pytest

from corpus import make_document
from fakes import BigramEmbeddings
from index import MemoryIndex, Selection, SelectionError, index_texts, load_embeddings
from qa import answer
from qa.answering import answer_over

REPORT = (
    "某县2024年报告\n\n2024年12月1日\n\n一、教育\n\n新建学校9所，新增学位900个。\n\n"
    "二、住房\n\n改造小区25个，加装电梯20部。\n\n三、交通\n\n新建道路30公里。\n"
)
TOWNS = ("柳林镇", "荷花镇", "东山镇")


def notice(year: int, bridges: int, town: str = "柳林镇") -> str:
    roads = bridges + 3
    head = f"{town}工作通报\n\n发布日期：{year}年6月1日\n\n"
    return f"{head}全镇新建桥梁{bridges}座，硬化道路{roads}公里。\n"


@pytest.fixture(scope="module")
def notices() -> MemoryIndex:
    index = MemoryIndex(load_embeddings())
    index.add(
        make_document(notice(year, 10 * place + year % 10, town), f"{town}/{year}.txt")
        for place, town in enumerate(TOWNS, 2)
        for year in range(2016, 2025)
    )
    return index


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"section": "住房"}, "25个"),
        ({"section": "交通"}, ""),
        ({"section": "["}, ""),
        ({"date": "2024"}, "25个"),
        ({"date": "2024-12"}, "25个"),
        ({"date": "2023"}, ""),
        ({"date": ["2023-05", ""]}, "25个"),
        ({"date": ["", "2024-11"]}, ""),
        ({"source": "文档1"}, "25个"),
        ({"source": ["别的", "文档1"], "section": "二、"}, "25个"),
        ({"source": "文档"}, ""),
        ({}, "25个"),
    ],
)
def test_only_what_is_selected_answers(where: dict[str, Any], said: str) -> None:
    found = answer("改造了多少个小区？", documents=[REPORT], where=where)
    assert found.text == said if said else found.status == "refused"


@pytest.mark.parametrize(
    "question", ["介绍一下这份材料", "教育方面做了哪些工作？", "主要内容是什么？"]
)
def test_a_section_limits_overviews_too(question: str) -> None:
    found = answer(question, documents=[REPORT], where={"section": "住房"})
    assert ("25个" in found.text) == ("教育" not in question)
    assert "学校" not in found.text
    assert "道路" not in found.text


@pytest.mark.parametrize("question", ["总结一下", "主要内容是什么？"])
def test_of_several_sections_that_are_selected_each_is_summed_up(question: str) -> None:
    report = f"{REPORT}\n四、住房公积金\n\n归集公积金3亿元，发放贷款2亿元。\n"
    found = answer(question, documents=[report], where={"section": "住房"})
    assert ["25个" in found.text, "3亿元" in found.text] == [True, True]
    assert "学校" not in found.text


@pytest.mark.parametrize(
    "where",
    [
        {"date": "去年"},
        {"date": "２０２４"},
        {"date": ["2024", "2023"]},
        {"date": ["2024"]},
        {"date": "2024-13"},
        {"date": "2023-02-29"},
        {"date": ["2024-00", ""]},
        {"source": 5},
        {"source": ["a"] * 200},
        {"source": "\ud800"},
        {"section": ["住房"]},
        {"place": "某县"},
        "住房",
    ],
)
def test_a_selection_that_cannot_be_read_says_why(where: Any) -> None:
    with pytest.raises(SelectionError, match="where"):
        answer("改造了多少个小区？", documents=[REPORT], where=where)


def test_folders_are_selected_with_all_below_them(notices: MemoryIndex) -> None:
    for source in ("荷花镇", "荷花镇/"):
        found = notices.within(Selection((source,))).search("新建桥梁多少座", 50)
        assert {notices.document(f.passage.document_id).source[:4] for f in found} == {"荷花镇/"}
    assert notices.within(Selection(("荷花",))).search("新建桥梁多少座", 5) == []


def test_words_and_meaning_rank_what_is_selected_as_if_it_were_alone() -> None:
    texts = [notice(year, year % 10, town) for town in TOWNS for year in (2020, 2021)]
    whole = index_texts(texts, BigramEmbeddings())
    part = whole.within(Selection(("文档3", "文档4")))
    found = [f.passage.text for f in part.search("荷花镇新建桥梁", 20)]
    assert {whole.document(f.passage.document_id).source for f in part.search("桥梁", 20)} == {
        "文档3",
        "文档4",
    }
    alone = index_texts(texts[2:4], BigramEmbeddings()).search("荷花镇新建桥梁", 20)
    assert {*found} == {f.passage.text for f in alone}


@pytest.mark.parametrize("year", range(2016, 2025))
@pytest.mark.parametrize("town", TOWNS)
def test_a_year_that_is_asked_for_finds_the_document_of_that_year(
    town: str, year: int, notices: MemoryIndex
) -> None:
    first = notices.search(f"{town}{year}年新建桥梁多少座？", 1, (year,))[0]
    assert notices.document(first.passage.document_id).source == f"{town}/{year}.txt"


@pytest.mark.parametrize("year", [2016, 2019, 2023])
def test_and_it_answers(year: int, notices: MemoryIndex) -> None:
    found = answer_over(notices, f"荷花镇{year}年新建桥梁多少座？")
    assert found.text == f"{30 + year % 10}座"
    assert found.citations[0].date == f"{year}-06-01"


NEWER = [
    ("高龄津贴标准", "高龄津贴标准为每人每月{}。", "高龄津贴标准是多少？", "100元", "150元"),
    ("图书馆公告", "图书馆每天{}开门。", "图书馆几点开门？", "上午9点", "上午8点半"),
    ("热线公告", "咨询电话：{}。", "咨询电话是多少？", "83212345", "83219999"),
    ("局领导简介", "局长：{}。", "局长是谁？", "张伟明", "李国强"),
    ("受理公告", "申请由{}受理。", "申请由谁受理？", "社区", "街道"),
]


@pytest.mark.parametrize(("title", "said", "question", "old", "new"), NEWER)
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_values_the_newer_is_told_first_and_both_with_their_dates(
    title: str, said: str, question: str, old: str, new: str, turned: bool
) -> None:
    texts = [
        f"{title}\n\n{date}\n\n{said.format(value)}\n"
        for date, value in (("2021年3月5日", old), ("2024年7月1日", new))
    ]
    found = answer(question, documents=texts[::-1] if turned else texts)
    assert [part.text.removeprefix("每天") for part in found.parts] == [new, old]
    assert [part.label[:5] for part in found.parts] == ["2024年", "2021年"]
    assert {citation.date for citation in found.citations} == {"2021-03-05", "2024-07-01"}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"source": "没有的.pdf"}, "没有的.pdf"),
        ({"source": ["甲/", "乙.docx"]}, "甲/、乙.docx"),
        ({"date": "1999"}, "日期为1999的"),
        ({"date": ["1999-01", "2000"]}, "1999-01至2000"),
        ({"section": "航天"}, "标题里有“航天”"),
        ({"source": "文档1", "section": "航天"}, "名为“文档1”、标题里有“航天”"),
    ],
)
def test_a_selection_of_nothing_is_told(where: dict[str, Any], said: str) -> None:
    found = answer("改造了多少个小区？", documents=[REPORT], where=where)
    assert (found.status, found.citations) == ("refused", ())
    assert said in found.text
    asked = answer("How many communities were renovated?", documents=[REPORT], where=where)
    assert asked.text.startswith("Nothing that is indexed has ")
    assert answer("你好", documents=[REPORT], where=where).reason == "conversation"


def test_a_selection_of_something_is_refused_for_what_it_lacks() -> None:
    found = answer("改造了多少个小区？", documents=[REPORT], where={"section": "交通"})
    assert "要查的范围" not in found.text
