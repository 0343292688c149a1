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
    found = near(index, "登记失业率", ALL)
    assert "补贴" in found[0]
    assert "失业率" in found[-1]


def test_what_was_asked_is_not_suggested_again(index: Index) -> None:
    first, *_ = near(index, "登记失业率")
    assert first not in near(index, "登记失业率", exclude=(first,))
    assert len(near(index, "登记失业率", limit=2)) == 2


def test_openers_come_from_different_sections(index: Index) -> None:
    found = openers(index, 3)
    assert len({word for word in ("公路", "失业率", "2022年") for q in found if word in q}) == 3


def test_among_several_documents_a_question_says_where() -> None:
    texts = [
        f"{place}2021年工作总结\n\n2021年，全镇改造老旧小区{n}个，新建公园{m}座。"
        for place, n, m in (("栗山镇", 12, 3), ("石桥镇", 27, 5))
    ]
    found = openers(index_texts(texts, load_embeddings()), 2)
    assert any(q.startswith("栗山镇") for q in found)
    assert any(q.startswith("石桥镇") for q in found)


def test_texts_without_figures_suggest_nothing() -> None:
    index = index_texts(["春天来了，河边的柳树绿了。"], load_embeddings())
    assert openers(index) == ()
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
    assert "水泥2023年产量是多少？" in openers(index)
    assert "棉纱" in near(index, "水泥")[0]
