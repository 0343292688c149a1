"""Questions offered are ones that get their answer and read as someone would ask them."""

from __future__ import annotations

import pytest

from index import Index, index_texts, load_embeddings
from qa.answering import answer_over
from qa.browsing.suggestions import openers, suggest

REPORT = """\
清泉县2021年工作回顾

交通出行

2021年，清泉县新建农村公路85公里，新增公共停车位600个。全年为320家企业提供免费诊断服务。

民生保障

城镇登记失业率是3.2%。累计发放就业补贴超1500万元。老街等6个片区完成更新。

2022年工作计划

2022年，清泉县计划新建农村公路90公里，新增公共停车位750个，旅游综合收入45亿元。
"""
ALL = 20


@pytest.fixture(scope="module")
def index() -> Index:
    return index_texts([REPORT], load_embeddings())


def near(index: Index, words: str, limit: int = 3, exclude: tuple[str, ...] = ()) -> list[str]:
    (document_id,) = index.catalogue.document_ids()
    at = index.document(document_id).text.index(words)
    return [*suggest(index, document_id, at, limit, exclude)]


def test_every_suggestion_is_answered(index: Index) -> None:
    found = near(index, "农村公路85", ALL)
    assert len(found) >= 6
    assert all(answer_over(index, question).status == "answered" for question in found)


def test_they_read_as_one_would_ask(index: Index) -> None:
    found = near(index, "农村公路85", ALL)
    assert "2021年为多少家企业提供免费诊断服务？" in found
    assert "2022年计划新增公共停车位多少个？" in found
    assert "2021年城镇登记失业率是多少？" in found
    assert "2021年累计发放就业补贴多少万元？" in found
    assert not any("等多少" in question for question in found)


def test_the_same_section_comes_first_and_the_sentence_itself_last(index: Index) -> None:
    found = [question for question in near(index, "登记失业率", ALL) if "哪些" not in question]
    assert "补贴" in found[0]
    assert "失业率" in found[-1]


def test_the_section_at_hand_is_asked_about_as_a_whole(index: Index) -> None:
    assert near(index, "登记失业率")[-1] == "在民生保障方面做了哪些工作？"
    assert "民生保障" not in "".join(near(index, "农村公路85", ALL))


def test_what_was_asked_is_not_suggested_again(index: Index) -> None:
    first, *_ = near(index, "登记失业率")
    assert first not in near(index, "登记失业率", exclude=(first,))
    assert len(near(index, "登记失业率", limit=2)) == 2


def test_openers_come_from_different_sections(index: Index) -> None:
    found = openers(index).lookups
    assert len({word for word in ("公路", "失业率", "2022年") for q in found if word in q}) == 3


def test_openers_are_of_three_kinds_and_all_answered(index: Index) -> None:
    found = openers(index)
    assert "在民生保障方面做了哪些工作？" in found.open
    assert "2022年新增公共停车位的目标比2021年完成的多多少？" in found.comparisons
    for question in (*found.lookups, *found.open, *found.comparisons):
        assert answer_over(index, question).status == "answered", question
    for question in found.open:
        assert len(answer_over(index, question).parts) >= 2, question


EVENTS = """\
青石镇一周

6月12日，青石滩水库除险加固工程在青石镇正式开工。青石滩水库位于青石县城西北。

县图书馆新馆成立于1979年，藏书丰富，环境安静。柳溪文化艺术节由县文化馆主办，每年一届。
"""


def test_dates_places_and_names_are_asked_for() -> None:
    index = index_texts([EVENTS], load_embeddings())
    found = openers(index).lookups
    assert "青石滩水库除险加固工程是什么时候开工的？" in found
    assert {"县图书馆新馆是哪一年成立的？", "柳溪文化艺术节由谁主办？"} & {*found}


POLICY = """\
清泉县人才公寓管理办法

第一章 申请

第一条 申请清泉县人才公寓应当符合下列条件：

（一）在清泉县依法缴纳社会保险满六个月；

（二）本人及配偶在清泉县没有自有住房；

（三）具有大学本科以上学历或者中级以上职称。

第二章 附则

第二条 本办法由县住房和城乡建设局负责解释。
"""


def test_a_list_of_a_policy_is_asked_as_a_reader_would() -> None:
    index = index_texts([POLICY], load_embeddings())
    assert "申请清泉县人才公寓应当符合哪些条件？" in openers(index).open


ASKED = """\
柳溪书院借阅证常见问题

一、办理柳溪书院借阅证要交多少押金？

答：办理柳溪书院借阅证要交押金100元。

二、柳溪书院提供哪些免费服务？

1.书院每周六举办古籍修复讲座；

2.书院每天提供免费的茶水和雨伞；

3.书院为老人提供上门送书服务。
"""


def test_what_a_heading_asks_is_asked_as_it_stands() -> None:
    found = openers(index_texts([ASKED], load_embeddings()))
    assert "办理柳溪书院借阅证要交多少押金？" in found.lookups
    assert "柳溪书院提供哪些免费服务？" in found.open


SLOGANS = """\
同心同德开新局

（一）“新”潮澎湃——串珠成“链”开新局

2023年，全县新建厂房12万平方米，引进企业35家，发放补贴300万元。

二、凝心聚力谋发展、踔厉奋发谱新篇、勇毅前行启新程、携手共进创未来

2023年，全县改造农田8万亩，新修水渠46公里，植树90万株。
"""


def test_slogans_and_numbers_are_not_made_into_questions() -> None:
    found = openers(index_texts([SLOGANS], load_embeddings()))
    asked = "".join((*found.lookups, *found.open, *found.comparisons))
    assert found.lookups
    assert not any(sign in asked for sign in ("（一）", "二、", "——", "澎湃", "启新程"))


TOWNS = """\
各乡镇基本情况

| 乡镇 | 常住人口（人） | 面积（平方公里） |
|-|-|-|
| 东岭镇 | 23150 | 86.4 |
| 西塘镇 | 31820 | 102.7 |
| 北坪乡 | 12460 | 143.2 |
"""


def test_rows_of_a_table_are_compared() -> None:
    index = index_texts([TOWNS], load_embeddings())
    found = openers(index).comparisons
    assert "东岭镇和西塘镇哪个常住人口多？" in found
    assert "西塘镇" in answer_over(index, found[0]).text


def test_among_several_documents_a_question_says_where() -> None:
    texts = [
        f"{place}2021年工作总结\n\n2021年，全镇改造老旧小区{n}个，新建公园{m}座。"
        for place, n, m in (("栗山镇", 12, 3), ("石桥镇", 27, 5))
    ]
    found = openers(index_texts(texts, load_embeddings())).lookups
    assert any(q.startswith("栗山镇") for q in found)
    assert any(q.startswith("石桥镇") for q in found)


def test_texts_without_figures_suggest_nothing() -> None:
    index = index_texts(["春天来了，河边的柳树绿了。"], load_embeddings())
    assert openers(index) == ((), (), ())
    assert suggest(index, index.catalogue.document_ids()[0], 3) == ()
    with pytest.raises(KeyError):
        suggest(index, "none", 0)


ROWS = ("<tr><td>水泥</td><td>176.9万吨</td></tr>", "<tr><td>棉纱</td><td>9012吨</td></tr>")
TABLES = {
    "bars": "| 产品 | 单位 | 2023年产量 |\n|-|-|-|\n| 水泥 | 万吨 | 176.9 |\n| 棉纱 | 吨 | 9012 |",
    "tabs": "产品\t单位\t2023年产量\n水泥\t万吨\t176.9\n棉纱\t吨\t9012",
    "spaces": "产品 2023年产量（万吨）\n水泥 176.9\n棉纱 0.9\n白布 47.0",
    "page": f"<table><tr><th>产品</th><th>2023年产量</th></tr>{''.join(ROWS)}</table>",
    "units in cells": "产品\t2023年产量\n水泥\t176.9万吨\n棉纱\t9012吨",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_cells_of_a_table_are_asked_by_row_and_column(table: str) -> None:
    index = index_texts([f"清泉县工业产品产量\n\n{table}\n"], load_embeddings())
    assert "2023年水泥产量是多少？" in openers(index).lookups
    assert "棉纱" in near(index, "水泥")[0]
