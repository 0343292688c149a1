"""Answers as text and as HTML: what is shown, and that nothing in them is obeyed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import cite
from qa import Answer
from ui.render import NEAREST, QUESTION_SHOWN, Turn, render_conversation, render_terminal

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</details></article><iframe src=//evil.example>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
    "[x](javascript:alert(1)) ![y](http://evil.example/y.png)",
)
OUR_TAGS = {
    *("div", "section", "article", "h2", "h3", "p"),
    *("details", "summary", "span", "blockquote", "mark"),
}
OUR_ATTRIBUTES = {"class", "id", "role", "aria-live"}


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


def answered(text: str = "25个", quote: str = "完成25个小区改造。") -> Answer:
    return Answer(text, "answered", (cite(quote, "前一句。", "后一句。"),))


def refused(text: str = "资料里没有说明票价。") -> Answer:
    return Answer(text, "refused", (cite("完成25个小区改造。"),))


def test_the_terminal_shows_the_answer_first_then_numbered_citations() -> None:
    lines = render_terminal(answered()).splitlines()
    assert lines == ["25个", "", "[1] 完成25个小区改造。", "    —— 民生 / 住房 · page.txt"]


def test_a_refusal_says_that_its_citation_is_only_the_nearest_thing() -> None:
    assert f"{NEAREST}：" in render_terminal(refused()).splitlines()
    assert NEAREST not in render_terminal(answered())
    assert NEAREST in render_conversation([Turn("票价？", refused())])


def test_the_page_highlights_the_quote_within_its_passage() -> None:
    html = render_conversation([Turn("几个？", answered())])
    assert "前一句。<mark>完成25个小区改造。</mark>后一句。" in html
    assert html.index("25个</p>") < html.index("<details")
    assert '<span class="number">1</span>' in html
    assert "民生 / 住房" in html


def test_a_refusal_looks_different_and_highlights_nothing() -> None:
    html = render_conversation([Turn("票价？", refused())])
    assert 'class="reply refused"' in html
    assert "<mark>" not in html


def test_a_passage_without_a_section_is_placed_by_its_title() -> None:
    answer = Answer("25个", "answered", (cite("完成25个。", section=""),))
    assert '<span class="section">一年报告</span>' in render_conversation([Turn("？", answer)])


def test_every_citation_of_a_chat_has_its_own_identity() -> None:
    two = Answer("甲、乙", "answered", (cite("甲。"), cite("乙。")))
    html = render_conversation([Turn("哪些？", two), Turn("还有？", two)])
    identities = re.findall(r'<details class="citation" id="(\w+)"', html)
    assert len(identities) == len(set(identities)) == 4


def test_a_reply_still_awaited_and_one_that_failed_are_shown() -> None:
    assert "正在查找" in render_conversation([Turn("几个？")])
    html = render_conversation([Turn(" ", "问题是空的")])
    assert "问题是空的" in html
    assert 'class="question"' not in html  # nothing was asked, so no empty bubble
    assert render_conversation([]) == ""


def test_a_pasted_book_is_cut_off() -> None:
    html = render_conversation([Turn("问" * 100_000, "太长了")])
    assert html.count("问") == QUESTION_SHOWN


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    citation = cite(text, before=text, after=text, section=text)
    replies = (Answer(text, "answered", (citation,)), Answer(text, "refused", (citation,)), text)
    tags = Tags(render_conversation([Turn(text, reply) for reply in replies]))
    assert tags.tags <= OUR_TAGS
    assert tags.attributes <= OUR_ATTRIBUTES


@given(st.text())
def test_any_text_stays_text_and_can_be_printed(text: str) -> None:
    answer = Answer(text, "answered", (cite(f"x{text}", section=text),))
    tags = Tags(render_conversation([Turn(text, answer)]))
    assert tags.tags <= OUR_TAGS
    assert tags.attributes <= OUR_ATTRIBUTES
    shown = render_terminal(answer)
    assert shown.encode("utf-8")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_lone_surrogates_and_control_characters_are_dropped() -> None:
    answer = answered("a\ud800b\x1b[31mc\u202ed\ne")
    assert render_terminal(answer).splitlines()[0] == "ab[31mcd e"
