"""A whole document as a page, with the quotes of an answer marked in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Span, make_document
from test_turn import HOSTILE, Tags
from ui.page.source import render_source
from ui.page.templating import Templates
from ui.page.words import CHINESE, ENGLISH, Words

TEMPLATES = Templates("/qa")
REPORT = make_document(
    "甲镇报告\n\n一、住房\n\n前一句。2023年建了<37>套。后一句。\n\n二、道路\n\n修了9公里路。",
    "甲.txt",
)
OUR_TAGS = {
    *("html", "head", "meta", "title", "link", "body", "main"),
    *("h1", "h2", "h3", "p", "article", "mark", "table", "tr", "th", "td"),
}


def show(
    document: Document, quotes: Sequence[Span], current: int = 0, words: Words = CHINESE
) -> str:
    return render_source(document, quotes, current, TEMPLATES, words)


def place(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return start, start + len(words)


def marks(html: str) -> list[tuple[str, str, bool]]:
    """What is marked, in order: its id, "" for more of one, its text, and if it is the current."""
    found = re.findall(r"<mark([^>]*)>(.*?)</mark>", html)
    return [
        ("".join(re.findall(r'id="([^"]*)"', given)), unescape(text), 'class="current"' in given)
        for given, text in found
    ]


def test_spaces_around_a_quote_stay() -> None:
    document = make_document("甲镇报告\n\n去年 修路9公里 今年 再修。", "甲.txt")
    html = show(document, [place(document, "修路9公里")])
    assert re.search("去年 <mark[^>]*>修路9公里</mark> 今年", html)


def test_a_document_is_shown_whole_with_its_quote_in_its_place() -> None:
    html = show(REPORT, [place(REPORT, "2023年建了<37>套。")], words=ENGLISH)
    mark = '<mark class="current" id="quote" tabindex="-1">2023年建了&lt;37&gt;套。</mark>'
    assert f"前一句。{mark}后一句。" in html
    assert '<html lang="en">' in html
    assert "甲.txt" in html
    assert '<p class="place">一、住房 · 2023年</p>' in html
    for told in ("甲镇报告", "一、住房", "二、道路", "修了9公里路。"):
        assert told in html


def test_what_is_of_another_document_marks_nothing() -> None:
    for quotes in ([(10**9, 10**9 + 5)], [(9, 9)], [(9, 3)], [(-5, 0)], []):
        html = show(REPORT, quotes)
        assert "<mark" not in html
        assert "修了9公里路。" in html


def test_several_quotes_are_marked_and_the_current_one_told_apart() -> None:
    quotes = [place(REPORT, words) for words in ("修了9公里路", "2023年建了<37>套", "前一句。")]
    for current in range(len(quotes)):
        names = [f"quote-{n}" if n != current else "quote" for n in range(len(quotes))]
        assert marks(show(REPORT, quotes, current)) == [
            (names[2], "前一句。", current == 2),
            (names[1], "2023年建了<37>套", current == 1),
            (names[0], "修了9公里路", current == 0),
        ]


def test_where_quotes_overlap_the_current_one_is_whole() -> None:
    quotes = [place(REPORT, words) for words in ("前一句。2023年", "2023年建了<37>套。", "建了")]
    assert marks(show(REPORT, quotes, 0)) == [
        ("quote", "前一句。2023年", True),
        ("quote-1", "建了<37>套。", False),
    ]
    assert marks(show(REPORT, quotes, 1)) == [
        ("quote-0", "前一句。", False),
        ("quote", "2023年建了<37>套。", True),
    ]
    assert marks(show(REPORT, quotes, 2)) == [
        ("quote-0", "前一句。2023年", False),
        ("quote", "建了", True),
        ("quote-1", "<37>套。", False),
    ]


def test_a_quote_over_several_paragraphs_is_marked_in_each_and_begins_once() -> None:
    start, end = place(REPORT, "后一句。")[0], place(REPORT, "修了9公里路。")[1]
    assert marks(show(REPORT, [(start, end)])) == [
        ("quote", "后一句。", True),
        ("", "二、道路", True),
        ("", "修了9公里路。", True),
    ]


def test_a_source_asks_for_its_style_where_the_server_stands() -> None:
    html = show(REPORT, [])
    assert re.findall(r'<link rel="stylesheet" href="([^"]*)">', html) == ["/qa/site/page.css"]
    assert not re.findall(r'(?:href|src)="(?!/qa/)', html)


TABLES = {
    "bars": "产量表\n\n|产品|产量（万吨）|\n|---|---|\n| 水<泥> | 176.9 |\n| 生铁 | 88.1 |\n",
    "tabs": "产量表\n\n产品\t产量（万吨）\n水<泥>\t176.9\n生铁\t88.1\n",
    "spaces": "产量表\n\n产品 产量（万吨）\n水<泥> 176.9\n生铁 88.1\n钢材 91.2\n",
    "tags": "<h1>产量表</h1><table><tr><th>产品</th><th>产量（万吨）</th></tr>"
    "<tr><td>水&lt;泥&gt;</td><td>176.9</td></tr><tr><td>生铁</td><td>88.1</td></tr></table>",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_is_shown_as_one_with_the_quoted_row_marked(text: str) -> None:
    document = make_document(text, "表.txt")
    row = next(b for b in document.blocks if "水" in document.text[b.start : b.end])
    html = show(document, [(row.start, row.end)])
    flat = html.replace("\n", "")
    assert '<th scope="col">产品</th><th scope="col">产量（万吨）</th></tr>' in flat
    first = '<td><mark class="current" id="quote" tabindex="-1">水&lt;泥&gt;</mark></td>'
    assert f'<tr>{first}<td><mark class="current">176.9</mark></td></tr>' in flat
    assert "<td>生铁</td><td>88.1</td>" in flat


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    document = make_document(f"{text}\n\n一、{text}\n\n前一句。{text}\n", text)
    half = len(document.text) // 2
    html = show(document, [(0, len(document.text)), (half, half + 3)], 1)
    assert len(marks(html)) > 1
    assert Tags(html).tags <= OUR_TAGS
    assert "onerror" not in Tags(html).attributes


@given(
    st.text(),
    st.lists(st.tuples(st.integers(-5, 300), st.integers(-5, 300)), max_size=4),
    st.integers(0, 5),
)
def test_any_document_can_be_shown(text: str, quotes: list[Span], current: int) -> None:
    document = make_document(f"甲镇报告\n\n{text}\n\n{text}乙", "文.txt")
    html = show(document, quotes, current)
    assert Tags(html).tags <= OUR_TAGS
    assert html.count('id="quote"') <= 1
