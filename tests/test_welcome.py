"""What a reader sees first: the documents by their headings, and what they can be asked."""

from __future__ import annotations

import pytest

from corpus import make_document
from index import Index, MemoryIndex, index_texts, load_embeddings
from ui.page.templating import Templates
from ui.page.words import words_in
from ui.service.welcome import look_over

REPORT = """\
清泉县2021年工作回顾

一、交通出行

2021年，清泉县新建农村公路85公里，新增公共停车位600个。

（一）公交线路

2021年，清泉县新开公交线路3条，更换新能源公交车40辆。

------

二、民生保障

2021年，清泉县累计发放就业补贴超1500万元，改造老旧小区12个。
"""


@pytest.fixture(scope="module")
def index() -> Index:
    return index_texts([REPORT], load_embeddings())


def test_a_document_is_laid_out_by_its_headings(index: Index) -> None:
    (document,) = look_over(index).documents
    assert [(one.text, one.depth) for one in document.headings] == [
        ("一、交通出行", 0),
        ("（一）公交线路", 1),
        ("二、民生保障", 0),
    ]
    text = index.document(document.id).text
    assert all(text.startswith(one.text, one.start) for one in document.headings)


def test_of_many_documents_the_newest_are_shown() -> None:
    index = MemoryIndex(load_embeddings())
    for month in (3, 11, *range(4, 11)):
        text = (
            f"关于第{month}号事项的通知\n\n发布日期：2024-{month:02}-05\n\n请周知第{month}号事项。"
        )
        index.add([make_document(text, f"{month}.txt")])
    index.add([make_document("春天来了，河边的柳树绿了。", "undated.txt")])
    seen = look_over(index)
    assert seen.total == 10
    assert [one.source for one in seen.documents] == [f"{m}.txt" for m in range(11, 3, -1)]
    shown = Templates("").render("welcome", words_in("zh-CN"), seen=seen, visit="")
    assert "共 10 份" in shown
    assert "列出其中 8 份" in shown


def test_the_page_offers_to_read_each_section_and_to_ask(index: Index) -> None:
    seen = look_over(index)
    shown = Templates("/below").render("welcome", words_in("zh-CN"), seen=seen, visit="")
    (document,) = seen.documents
    for heading in document.headings:
        assert f'data-read="{document.id}" data-at="{heading.start}"' in shown
        assert heading.text in shown
    asked = (*seen.openers.lookups, *seen.openers.open, *seen.openers.comparisons)
    assert asked
    assert all(f'data-ask="{question}"' in shown for question in asked)


def test_what_a_document_says_cannot_become_part_of_the_page() -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    text = f"清泉县<script>alert(1)</script>工作回顾\n\n一、交通{hostile}出行\n\n新建公路85公里。"
    seen = look_over(index_texts([text], load_embeddings()))
    shown = Templates("").render("welcome", words_in("zh-CN"), seen=seen, visit="")
    assert "<img" not in shown
    assert "<script" not in shown


def test_where_nothing_is_indexed_nothing_is_shown() -> None:
    seen = look_over(index_texts([], load_embeddings()))
    shown = Templates("").render("welcome", words_in("zh-CN"), seen=seen, visit="")
    assert shown.strip() == ""
