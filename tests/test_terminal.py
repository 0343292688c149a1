"""Answers as text: what a terminal shows, and that nothing in them moves its cursor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakes import cite
from qa import Answer
from qa.saying.text import Told
from qa.saying.text import answered as say
from ui.page.words import CHINESE
from ui.terminal import render_paragraph, render_terminal

ONE, OTHER = cite("新增6000个。"), cite("新增2200个。")
WORKING = [("6000个", ONE), ("2200个", OTHER)]


def answered(text: str = "25个", quote: str = "完成25个小区改造。") -> Answer:
    return say([Told(text, [cite(quote, "前一句。", "后一句。")])])


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
    points = say([Told("3800个", [ONE, OTHER], operands=WORKING), Told("修路", [ONE])], lines=True)
    assert render_terminal(points).splitlines()[0] == "- 3800个（由6000个和2200个得出） [1][2]"


def test_a_refusal_says_that_its_citation_is_only_the_nearest_thing() -> None:
    refused = Answer("资料里没有说明票价。", "refused", (ONE,), reason="not_told")
    lines = render_terminal(refused).splitlines()
    assert lines[:4] == [refused.text, "", f"{CHINESE.nearest}：", ""]
    assert CHINESE.nearest not in render_terminal(answered())


def test_a_quote_is_marked_in_its_paragraph() -> None:
    shown = render_paragraph(cite("建了9所。"), "前一句。建了9所。\n建了9所。")
    assert shown.splitlines() == [
        "前一句。【建了9所。】 建了9所。",
        "    —— 民生 / 住房 · page.txt",
    ]


@given(st.text())
def test_any_text_can_be_printed(text: str) -> None:
    quoted = cite(f"x{text}", section=text)
    answer = say([Told(text, [quoted])])
    for shown in (render_terminal(answer), render_paragraph(quoted, f"{text}x{text}")):
        assert shown.encode("utf-8")
        assert all(c.isprintable() or c == "\n" for c in shown if c.isascii())
        assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(shown)


def test_lone_surrogates_and_control_characters_are_dropped() -> None:
    answer = answered("a\ud800b\x1b[31mc\u202ed\ne")
    assert render_terminal(answer).splitlines()[0] == "ab[31mcd e"
