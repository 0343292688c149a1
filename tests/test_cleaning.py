"""Repair of scraped text, on texts that are not the bundled article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, make_document, split
from corpus.language import sentence_spans

PAGE = """\
县域发展这一年 工业农业两头旺

2021年,全县上下一心,完成工业投资35亿元。2022年,是建县七十周年。

工业篇

这一年,新引进的企业带来了新的活力,其中规模较大的有红叶机械制造有

限公司、青松电子等12家企业,它们的产值占到全县的四成以上。工业园区道路全部完工。

这一年,老厂房改造面积达到3.5万平方米,盘活了闲置的土地,惠及职工1200人,工业园区面貌一新。

来年,老厂房改造面积达到3.5万平方米,盘活了闲置的土地,惠及职工1200人,工业园区面貌一新。

2022年这样干

全年植树20万株。新建公园3个。



村民正在采摘茶叶。



水库大坝全景。
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return make_document(PAGE, "page.txt")


def kinds(document: Document) -> dict[str, str]:
    return {document.text[b.start : b.end]: b.kind for b in document.blocks}


def test_a_sentence_broken_across_paragraphs_is_whole_again(document: Document) -> None:
    assert "红叶机械制造有限公司、青松电子等12家企业" in document.text


def test_a_repeated_paragraph_is_kept_once(document: Document) -> None:
    assert document.text.count("老厂房改造面积") == 1


def test_paragraphs_that_differ_in_a_figure_are_both_kept() -> None:
    first = (
        "全年新增就业人数达到1200人,帮助困难群众实现再就业,发放补贴资金一批,群众满意度进一步提高。"
    )
    text = make_document(f"{first}\n\n{first.replace('1200', '1300')}\n", "x").text
    assert "1200人" in text
    assert "1300人" in text


def test_titles_headings_and_captions_are_marked(document: Document) -> None:
    found = kinds(document)
    assert found["县域发展这一年 工业农业两头旺"] == "title"
    assert found["工业篇"] == "heading"
    assert found["2022年这样干"] == "heading"
    assert found["村民正在采摘茶叶。"] == "caption"
    assert found["水库大坝全景。"] == "caption"
    assert found["全年植树20万株。新建公园3个。"] == "paragraph"


def test_a_passage_knows_its_section_and_the_year_that_governs_it(document: Document) -> None:
    trees = next(p for p in split(document) if "植树" in p.text)
    assert trees.section == ("2022年这样干",)
    assert trees.year == 2022
    road = next(p for p in split(document) if "道路全部完工" in p.text)
    assert road.section == ("工业篇",)
    assert road.year == 2021


def test_half_width_marks_between_chinese_become_full_width_but_not_in_numbers() -> None:
    text = make_document("投资1,900元,其中A,B两类:各占一半。\n", "x").text
    assert text == "投资1,900元，其中A,B两类：各占一半。"


def test_a_run_of_short_lines_is_a_list_not_headings() -> None:
    document = make_document(
        "目录\n\n开头有一句话。\n\n苹果\n\n梨\n\n桃\n\n杏\n\n结尾有一句话。\n", "x"
    )
    assert kinds(document)["桃"] == "paragraph"


def test_spoken_words_and_who_said_them_are_one_sentence() -> None:
    text = "“投入不低于5%。”周某说。公司成立于2004年。"
    assert [text[s:e] for s, e in sentence_spans(text)] == [
        "“投入不低于5%。”周某说。",
        "公司成立于2004年。",
    ]


def test_a_sentence_is_never_cut_however_long() -> None:
    sentence = "、".join(f"第{i}项投资{i}亿元" for i in range(1, 80)) + "。"
    (passage,) = split(make_document(sentence, "x"))
    assert passage.text == sentence


@given(st.text(max_size=400))
def test_any_text_is_repaired_and_every_character_leads_back_to_the_raw_text(raw: str) -> None:
    document = make_document(raw, "x")
    assert len(document.text) == len(document.offsets)
    assert list(document.offsets) == sorted(document.offsets)
    for passage in split(document):
        assert document.text[passage.start : passage.end] == passage.text
        start, end = document.raw_span(passage.start, passage.end)
        assert 0 <= start < end <= len(raw)
    document.text.encode("utf-8")  # no lone surrogate is left


@given(st.lists(st.sampled_from("工厂完成投资。，\n5亿 “”年"), max_size=120).map("".join))
def test_no_word_of_a_text_is_lost_but_for_repeats(raw: str) -> None:
    document = make_document(raw, "x")
    if len(raw) < 40:  # shorter than any paragraph taken for a repeat
        strip = str.maketrans("", "", "\n ，")
        assert document.text.translate(strip) == raw.translate(strip)
