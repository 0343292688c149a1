"""Answers as text and as HTML: what is shown, and that nothing in them is obeyed."""

from __future__ import annotations

import re
from dataclasses import fields
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import make_document
from fakes import cite
from qa import Answer, Citation
from qa.saying.text import Told
from qa.saying.text import answered as say
from ui.page.render import QUESTION_SHOWN, Turn, render_questions, render_terminal, render_turn
from ui.page.source import render_source
from ui.page.words import CHINESE, ENGLISH, words_for

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</details></article><iframe src=//evil.example>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
    "[x](javascript:alert(1)) ![y](http://evil.example/y.png)",
)
ONE, OTHER = cite("新增6000个。"), cite("新增2200个。")
COMPUTED = say([Told("3800个", [ONE, OTHER], operands=[("6000个", ONE), ("2200个", OTHER)])])
OUR_TAGS = {
    *("div", "section", "article", "h2", "h3", "p", "ul", "ol", "li", "span", "button", "mark"),
    *("details", "summary", "form", "fieldset", "legend", "label", "input"),
}
OUR_ATTRIBUTES = {
    *("class", "id", "role", "type", "name", "value", "required", "maxlength", "placeholder"),
    *("aria-label", "aria-hidden"),
    *("data-question", "data-answer", "data-leans", "data-visit", "data-document", "data-at"),
    *("data-copy", "data-source", "data-action", "data-ask", "lang"),
}


class Tags(HTMLParser):
    """Gathers the tags and attributes a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def told(*parts: tuple[str, Citation] | tuple[str, Citation, str]) -> Answer:
    """An answer of parts given as (text, citation, label)."""
    return say([Told(part[0], [part[1]], "".join(part[2:])) for part in parts])


def answered(text: str = "25个", quote: str = "完成25个小区改造。") -> Answer:
    return told((text, cite(quote, "前一句。", "后一句。")))


def refused(text: str = "资料里没有说明票价。") -> Answer:
    return Answer(text, "refused", (cite("完成25个小区改造。"),), reason="not_told")


def test_the_terminal_shows_the_answer_first_then_numbered_citations() -> None:
    lines = render_terminal(answered()).splitlines()
    assert lines == ["25个", "", "[1] 完成25个小区改造。", "    —— 民生 / 住房 · page.txt"]


def test_the_terminal_shows_points_with_their_numbers_under_labels() -> None:
    points = say(
        [Told("修了两座桥", [ONE], "2023年"), Told("修了三条路", [OTHER], "2024年")], lines=True
    )
    lines = render_terminal(points).splitlines()
    assert lines[:4] == ["2023年：", "- 修了两座桥 [1]", "2024年：", "- 修了三条路 [2]"]


def test_the_terminal_shows_what_a_value_among_points_was_computed_from() -> None:
    working = [("6000个", ONE), ("2200个", OTHER)]
    points = say([Told("3800个", [ONE, OTHER], operands=working), Told("修路", [ONE])], lines=True)
    assert render_terminal(points).splitlines()[0] == "- 3800个（由6000个和2200个得出） [1][2]"


def show(question: str, answer: Answer, visit: str = "") -> str:
    return render_turn(Turn(1, question, answer), CHINESE, visit)


def test_a_refusal_says_that_its_citation_is_only_the_nearest_thing() -> None:
    assert f"{CHINESE.nearest}：" in render_terminal(refused()).splitlines()
    assert CHINESE.nearest not in render_terminal(answered())
    assert CHINESE.nearest in show("票价？", refused())
    assert 'class="reply refused"' in show("票价？", refused())


def test_the_answer_stands_before_its_citations_with_markers_to_their_places() -> None:
    html = show("几个？", answered())
    assert html.index("25个<button") < html.index("<ol")
    assert html.count("/source/0123456789abcdef?start=4&amp;end=14&amp;lang=zh-CN") == 2
    assert "民生 / 住房 · 2024年" in html


def test_values_that_contradict_each_other_stand_side_by_side_with_their_own_markers() -> None:
    one, other = cite("新建41座桥。"), cite("新建37座桥。")
    html = show("几座？", told(("41座", one, "page.txt"), ("37座", other, "甲报")))
    assert CHINESE.conflict in html
    first, second = re.findall(r"<li><p.*?</li>", html)[:2]
    assert "41座" in first
    assert "page.txt" in first
    assert ">1<" in first
    assert ">2<" not in first
    assert "37座" in second
    assert ">2<" in second


def test_values_of_two_years_are_no_contradiction() -> None:
    one, other = cite("新增6000个。"), cite("新增2200个。")
    both = told(("6000个", one, "2024年完成"), ("2200个", other, "2025年目标"))
    assert CHINESE.conflict not in show("多少？", both)
    assert CHINESE.conflict not in show(
        "各多少？", told(("6000个", one), ("2200个", other, "目标"))
    )


def test_what_the_answer_says_is_marked_in_its_quote_and_refusals_mark_nothing() -> None:
    assert "完成<mark>25个</mark>小区改造。" in show("几个？", answered())
    assert "<mark>" not in show("票价？", refused())
    html = show("多多少？", COMPUTED)
    assert "新增<mark>6000个</mark>。" in html
    assert "新增<mark>2200个</mark>。" in html


def test_brackets_of_the_document_are_no_label() -> None:
    html = show("几套？", answered("6434套（间）", "筹集住房6434套（间）。"))
    assert "6434套（间）<button" in html
    assert "working" not in html


def test_a_derived_figure_shows_its_operands_apart() -> None:
    html = show("多多少？", COMPUTED)
    assert '<span class="working">6000个、2200个</span>' in html
    assert html.index("3800个<button") < html.index("working")


def test_a_passage_without_a_section_is_placed_by_its_title() -> None:
    answer = told(("25个", cite("完成25个。", section="")))
    assert '<span class="section">一年报告 · 2024年</span>' in show("？", answer)


def test_what_a_visitor_brought_is_not_kept_with_a_verdict() -> None:
    assert "<form>" in show("几个？", answered())
    assert "<form>" not in show("几个？", answered(), visit="key")


def test_a_long_question_is_cut_off() -> None:
    shown = re.search(r'<h2 class="question">(.*?)</h2>', show("问" * 500, refused()))
    assert shown
    assert shown[1].count("问") == QUESTION_SHOWN


def test_a_document_is_shown_whole_with_its_quote_in_its_place() -> None:
    document = make_document("甲镇报告\n\n一、住房\n\n前一句。2023年建了<37>套。后一句。", "甲.txt")
    start = document.text.index("2023年")
    end = document.text.index("后一句")
    html = render_source(document, start, end, ENGLISH)
    assert '前一句。<mark id="quote" tabindex="-1">2023年建了&lt;37&gt;套。</mark>' in html
    assert '<html lang="en">' in html
    assert "<mark" not in render_source(document, 10**9, 10**9 + 5, CHINESE)


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
    html = render_source(document, row.start, row.end, CHINESE)
    assert '<th scope="col">产品</th><th scope="col">产量（万吨）</th></tr>' in html
    marked = (
        '<td><mark id="quote" tabindex="-1">水&lt;泥&gt;</mark></td><td><mark>176.9</mark></td>'
    )
    assert f"<tr>{marked}</tr>" in html
    assert "<td>生铁</td><td>88.1</td>" in html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    citation = cite(text, before=text, after=text, section=text)
    refusal = Answer(text, "refused", (citation,), reason="not_told")
    for answer in (told((text, citation, text)), told((text, citation), (text, citation)), refusal):
        shown = show(text, answer, visit=text)
        tags = Tags(shown + render_questions([text], "接着问"))
        assert tags.tags <= OUR_TAGS
        assert tags.attributes <= OUR_ATTRIBUTES


@given(st.text())
def test_any_text_stays_text_and_can_be_printed(text: str) -> None:
    answer = told((text, cite(f"x{text}", section=text)))
    tags = Tags(show(text, answer))
    assert tags.tags <= OUR_TAGS
    assert tags.attributes <= OUR_ATTRIBUTES
    shown = render_terminal(answer)
    assert shown.encode("utf-8")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@given(st.text(), st.integers(0, 300), st.integers(0, 300))
def test_any_document_can_be_shown(text: str, start: int, end: int) -> None:
    html = render_source(make_document(text, "文.txt"), start, end, CHINESE)
    assert Tags(html).tags <= {
        *("html", "head", "meta", "title", "link", "body", "main"),
        *("h1", "h2", "h3", "p", "article", "mark", "table", "tr", "th", "td"),
    }


def test_lone_surrogates_and_control_characters_are_dropped() -> None:
    answer = answered("a\ud800b\x1b[31mc\u202ed\ne")
    assert render_terminal(answer).splitlines()[0] == "ab[31mcd e"


def test_every_word_of_the_page_is_in_both_languages() -> None:
    for field in fields(CHINESE):
        ours, theirs = getattr(CHINESE, field.name), getattr(ENGLISH, field.name)
        assert ours
        assert theirs
        assert ours.count("{}") == theirs.count("{}"), field.name


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.5, zh-TW", "zh-CN"),
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("de;q=x, fr", "en"),
    ],
)
def test_a_browser_gets_its_language(header: str, lang: str) -> None:
    assert words_for(header).lang == lang


def test_points_are_a_list_under_the_label_that_they_share() -> None:
    first, second, third = cite("新建小学7所"), cite("新增<b>床位</b>300张"), cite("开工中学1所")
    told = [
        Told(first.quote, [first], "2024年"),
        Told(second.quote, [second], "2024年"),
        Told(third.quote, [third], "2025年"),
    ]
    html = render_turn(Turn(1, "两年做了什么？", say(told, lines=True)), CHINESE)
    groups = html.split('<p class="group">')[1:]
    assert [group.split("</p>")[0] for group in groups] == ["2024年", "2025年"]
    assert [group.split("<h3")[0].count("<li>") for group in groups] == [2, 1]
    assert "<b>床位" not in html
    assert html.count('class="marker"') == len(told)
