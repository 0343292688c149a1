"""A turn as HTML: what is shown, and that nothing in it is obeyed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import cite
from qa import Answer, Citation
from qa import answer as ask
from qa.saying.text import Told
from qa.saying.text import answered as say
from ui.page.templating import Templates
from ui.page.turn import POINTS_SHOWN, QUESTION_SHOWN, Turn, render_turn
from ui.page.words import CHINESE, ENGLISH, Words, words_for, words_in

TEMPLATES = Templates()
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</details></article><iframe src=//evil.example>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} {% raw %}",
    "[x](javascript:alert(1)) ![y](http://evil.example/y.png)",
)
ONE, OTHER = cite("新增6000个。"), cite("新增2200个。")
COMPUTED = say([Told("3800个", [ONE, OTHER], operands=[("6000个", ONE), ("2200个", OTHER)])])
OUR_TAGS = {
    *("div", "section", "article", "h2", "h3", "p", "ul", "ol", "li", "span", "button", "mark"),
    *("details", "summary", "form", "label", "input"),
}
OUR_ATTRIBUTES = {
    *("class", "role", "type", "name", "maxlength", "lang", "hidden"),
    *("aria-label", "aria-hidden", "aria-pressed"),
    *("data-cited", "data-action", "data-verdict", "data-ask"),
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


def show(question: str, answer: Answer, visit: str = "", words: Words = CHINESE) -> str:
    return render_turn(Turn(question, answer, visit), TEMPLATES, words)


def ask_further(question: str) -> str:
    return TEMPLATES.render("questions", CHINESE, groups=[("接着问", [question])])


def markers(html: str) -> list[int]:
    """The numbers in the text, in order, each of which leads to the citation it names."""
    found = re.findall(r'class="marker" data-cited="(\d+)"[^>]*>(\d+)<', html)
    assert all(int(number) == int(place) + 1 for place, number in found)
    return [int(number) for _, number in found]


def test_a_refusal_says_that_its_citation_is_only_the_nearest_thing() -> None:
    html = show("票价？", refused())
    assert CHINESE.nearest in html
    assert 'class="reply refused"' in html
    assert CHINESE.evidence not in html
    assert CHINESE.nearest not in show("几个？", answered())


def test_the_answer_stands_before_its_citations_with_markers_to_them() -> None:
    html = show("几个？", answered())
    assert html.index(">25个") < html.index("<ol")
    assert markers(html) == [1]
    assert 'class="citation" data-cited="0"' in html
    assert "民生 / 住房 · 2024年" in html


def test_a_marker_has_its_quote_at_hand() -> None:
    html = show("几个？", answered("25个", "完成<25>个小区改造。"))
    assert '<span class="tip" aria-hidden="true">完成&lt;25&gt;个小区改造。</span>' in html
    assert f'aria-label="{CHINESE.source_number.format(1)}"' in html


def test_values_that_contradict_each_other_stand_side_by_side_with_their_own_markers() -> None:
    one, other = cite("新建41座桥。"), cite("新建37座桥。")
    html = show("几座？", told(("41座", one, "page.txt"), ("37座", other, "甲报")))
    assert CHINESE.conflict in html
    first, second = re.findall(r"<li><p.*?</li>", html, re.DOTALL)[:2]
    assert "41座" in first
    assert "page.txt" in first
    assert markers(first) == [1]
    assert "37座" in second
    assert "甲报" in second
    assert markers(second) == [2]


def test_values_of_two_years_are_no_contradiction() -> None:
    both = told(("6000个", ONE, "2024年完成"), ("2200个", OTHER, "2025年目标"))
    assert CHINESE.conflict not in show("多少？", both)
    one_labelled = told(("6000个", ONE), ("2200个", OTHER, "目标"))
    assert CHINESE.conflict not in show("各多少？", one_labelled)


def test_what_the_answer_says_is_marked_in_its_quote_and_refusals_mark_nothing() -> None:
    assert "完成<mark>25个</mark>小区改造。" in show("几个？", answered())
    assert "<mark>" not in show("票价？", refused())
    html = show("多多少？", COMPUTED)
    assert "新增<mark>6000个</mark>。" in html
    assert "新增<mark>2200个</mark>。" in html


@pytest.mark.parametrize(
    ("value", "quote", "shown"),
    [
        ("280万元", "武昌店\t2024\t280\t10", "武昌店 2024 <mark>280</mark> 10"),
        ("280万元", "| 武昌店 | 280 |", "| 武昌店 | <mark>280</mark> |"),
        ("25个", "完成 25个 改造。", "完成 <mark>25个</mark> 改造。"),
        ("25个", "共\u300025个\u3000小区", "共 <mark>25个</mark> 小区"),
        ("12%", "Sales rose 12% in 2024.", "Sales rose <mark>12%</mark> in 2024."),
        ("10人", "武昌店\t2010\t10", "武昌店 2010 <mark>10</mark>"),
        ("3人", "1\t13\t3", "1 13 <mark>3</mark>"),
    ],
)
def test_what_parts_a_mark_from_the_words_beside_it_stays(
    value: str, quote: str, shown: str
) -> None:
    assert shown in show("多少？", told((value, cite(quote))))


def test_brackets_of_the_document_are_no_label() -> None:
    html = show("几套？", answered("6434套（间）", "筹集住房6434套（间）。"))
    assert ">6434套（间）<button" in html
    assert "working" not in html


def test_a_derived_figure_shows_its_operands_apart() -> None:
    html = show("多多少？", COMPUTED)
    assert '<span class="working">由6000个、2200个得出</span>' in html
    assert html.index(">3800个") < html.index("working")
    assert markers(html) == [1, 2]


def test_a_passage_without_a_section_is_placed_by_its_title() -> None:
    answer = told(("25个", cite("完成25个。", section="")))
    assert '<span class="section">一年报告 · 2024年</span>' in show("？", answer)


@pytest.mark.parametrize("said", ["你好", "谢谢", "你是谁？", "再见", "嗯嗯"])
def test_a_reply_to_what_asks_nothing_is_no_refusal(said: str) -> None:
    html = show(said, ask(said))
    assert "没有找到答案" not in html
    assert "data-verdict" not in html
    assert "我只根据收录的资料回答" in html


def test_of_several_documents_each_place_names_its_own() -> None:
    turn = Turn("？", told(("25个", cite("完成25个。", section="住房"))), several=True)
    html = render_turn(turn, TEMPLATES, CHINESE)
    assert '<span class="section">《一年报告》 · 住房 · 2024年</span>' in html


@pytest.mark.parametrize(
    ("said", "quote", "marked"),
    [
        ("176.9万吨", "水稻 17639 5", ""),  # a point is no other character
        ("176.9万吨", "水稻 176.9 5", "176.9"),
        ("3(2)个", "有3(2)个。", "3(2)个"),
        ("25个", "有125个", "25个"),
        ("12公里以上", "新修12公里", "12公里"),
    ],
)
def test_a_mark_is_around_words_that_the_quote_has(said: str, quote: str, marked: str) -> None:
    html = show("？", told((said, cite(quote))))
    excerpt = re.findall(r'<span class="excerpt"[^>]*>(.*?)</span>', html)[0]
    assert re.findall("<mark>(.*?)</mark>", excerpt) == [marked] * bool(marked)
    assert re.sub("</?mark>", "", excerpt) == quote


def test_what_a_note_keeps_of_a_visitors_own_document_is_said() -> None:
    assert CHINESE.note_own not in show("几个？", answered())
    assert CHINESE.note_own in show("几个？", answered(), visit="key")


def test_a_long_question_is_cut_off() -> None:
    shown = re.search(r'<h2 class="question">(.*?)</h2>', show("问" * 500, refused()))
    assert shown
    assert shown[1] == "问" * QUESTION_SHOWN + "…"


def test_points_are_a_list_under_the_label_that_they_share() -> None:
    first, second, third = cite("新建小学7所"), cite("新增<b>床位</b>300张"), cite("开工中学1所")
    points = [
        Told(first.quote, [first], "2024年"),
        Told(second.quote, [second], "2024年"),
        Told(third.quote, [third], "2025年"),
    ]
    html = show("两年做了什么？", say(points, lines=True))
    groups = html.split('<p class="group">')[1:]
    assert [group.split("</p>")[0] for group in groups] == ["2024年", "2025年"]
    assert [group.split("<h3")[0].count("<li>") for group in groups] == [2, 1]
    assert "<b>床位" not in html
    assert markers(html) == [1, 2, 3]
    assert "<details" not in html


def test_what_the_documents_do_not_tell_stands_below_the_points() -> None:
    answer = say([Told("修路", [ONE]), Told("修桥", [OTHER])], "没有说明<造价>。", lines=True)
    html = show("做了什么？", answer)
    assert html.index("修桥") < html.index("没有说明&lt;造价&gt;。") < html.index("<ol")


@pytest.mark.parametrize("labels", [("",), ("2023年", "2024年")])
def test_points_after_the_sixth_are_folded_and_counted(labels: tuple[str, ...]) -> None:
    cited = [cite(f"第{n}件事。") for n in range(9)]
    points = [
        Told(f"第{n}件事", [one], labels[n * len(labels) // len(cited)])
        for n, one in enumerate(cited)
    ]
    shown, folded = show("做了什么？", say(points, lines=True)).split(
        '<details class="folded more-points">'
    )
    folded = folded.split("</details>")[0]
    assert re.findall("<li>第(.)件事", shown) == [*map(str, range(POINTS_SHOWN))]
    assert re.findall("<li>第(.)件事", folded) == ["6", "7", "8"]
    assert CHINESE.more_points.format(3) in folded
    assert markers(shown + folded) == [*range(1, 10)]
    assert folded.count('class="group"') == len(labels) - 1  # its label stands by them, too


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    citation = cite(text, before=text, after=text, section=text)
    refusal = Answer(text, "refused", (citation,), reason="not_told")
    listed = say([Told(text, [citation], text), Told("乙", [ONE], text)], text, lines=True)
    for answer in (
        *(told((text, citation, text)), told((text, citation), (text, citation))),
        *(refusal, listed),
    ):
        shown = show(text, answer, visit=text)
        tags = Tags(shown + ask_further(text))
        assert tags.tags <= OUR_TAGS
        assert tags.attributes <= OUR_ATTRIBUTES


@given(st.text())
def test_any_text_stays_text(text: str) -> None:
    answer = told((text, cite(f"x{text}", section=text)))
    html = show(text, answer)
    tags = Tags(html)
    assert tags.tags <= OUR_TAGS
    assert tags.attributes <= OUR_ATTRIBUTES
    assert not {"\x00", "\x1b", "\u202e"} & set(html)


def test_every_word_of_the_page_is_in_both_languages() -> None:
    assert CHINESE.all.keys() == ENGLISH.all.keys()
    for name, ours in CHINESE.all.items():
        theirs = ENGLISH.all[name]
        assert ours
        assert theirs
        assert ours.count("{}") == theirs.count("{}"), name


def test_a_turn_is_shown_in_the_words_of_its_page() -> None:
    html = show("几个？", answered(), words=ENGLISH)
    assert ENGLISH.evidence in html
    assert CHINESE.evidence not in html
    assert "完成<mark>25个</mark>小区改造。" in html


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


@pytest.mark.parametrize(("named", "lang"), [("en", "en"), ("zh-CN", "zh-CN"), ("", "zh-CN")])
def test_a_page_names_its_language(named: str, lang: str) -> None:
    assert words_in(named).lang == lang
