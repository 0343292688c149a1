"""A conversation as a file: what it tells, and that nothing in it is obeyed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import httpx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from playwright.sync_api import Browser, expect

import browsing
from browsing import Visit, visiting
from corpus import read
from fakes import cite
from qa import Answer
from qa.saying.text import Told
from qa.saying.text import answered as say
from serving import Server
from ui.page.export import export
from ui.page.markdown import escape
from ui.page.words import CHINESE, ENGLISH, Words
from waiting import PATIENCE

browser, pictures, server, visit = browsing.FIXTURES  # for pytest to find here

ONE, OTHER = cite("新增6000个。"), cite("新增2200个。")
LONG = "2025年有什么目标？"
Turns = Sequence[tuple[str, Answer]]

COMPUTED = say([Told("3800个", [ONE, OTHER], operands=[("6000个", ONE), ("2200个", OTHER)])])
POINTS = say(
    [
        Told("修了两座桥", [ONE], "2023年"),
        Told("修了三条路", [OTHER], "2024年"),
        Told("建了<b>9</b>所学校", [ONE, OTHER], "2024年"),
    ],
    untold="资料里没有说明造价。",
    lines=True,
)
APART = say([Told("41座", [ONE], "page.txt"), Told("37座", [OTHER], "甲报")])
REFUSAL = Answer("资料里没有说明票价。", "refused", (ONE,), reason="not_told")
CONVERSATION = (
    ("多多少？", COMPUTED),
    ("做了什么？", POINTS),
    ("几座？", APART),
    ("票价？", REFUSAL),
)

HOSTILE = (
    "# 标题",
    "1. 一 \n2) 二",
    "- [ ] 事\n+ 项\n* 目",
    "> 引\n```\n码\n```\n    码",
    "| 甲 | 乙 |\n|---|:-:|\n| 丙 | 丁 |",
    "甲\n===\n乙\n---\n丙\n:-",
    "[x](javascript:alert(1)) ![y](http://evil.example/y.png) [z]\n[z]: //evil.example",
    "<script>alert(1)</script> <http://evil.example> &lt;&#35;",
    "http://evil.example www.evil.example evil.example //evil.example a@evil.example",
    "*甲* __乙__ ~~丙~~ `丁` $x$ \\* \\",
)


@pytest.fixture(scope="module")
def markdown() -> MarkdownIt:
    """A reader of Markdown that obeys all that GitHub's does, and makes links of bare names."""
    return MarkdownIt("gfm-like", {"html": True})


def as_markdown(turns: Turns, words: Words = CHINESE) -> str:
    return export(turns, "md", words).decode()


def as_word(turns: Turns, words: Words = CHINESE) -> WordDocument:
    return docx.Document(io.BytesIO(export(turns, "docx", words)))


def told_of(text: str) -> Answer:
    """An answer in which a text stands wherever one can."""
    return say([Told(text, [cite(text, section=text)], text), Told("乙", [ONE])], lines=True)


def every(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every(token.children or ())


def plain(token: Token) -> str:
    """The text of a stretch without marks."""
    children = token.children or ()
    return "".join(
        "\n" if one.type == "hardbreak" else one.content
        for one in children
        if one.type in ("text", "hardbreak")
    )


def lines_of(tokens: Sequence[Token]) -> list[str]:
    return [plain(token) for token in tokens if token.type == "inline"]


def test_markdown_has_a_title_the_questions_as_headings_and_the_quotes_as_quotes(
    markdown: MarkdownIt,
) -> None:
    tokens = markdown.parse(as_markdown(CONVERSATION))
    headings = [
        (token.tag, plain(tokens[at + 1]))
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    today = f"{datetime.now():%Y-%m-%d}"
    asked = [("h2", question) for question, _ in CONVERSATION]
    assert headings == [("h1", f"东西湖问答 · {today}"), *asked]
    quotes = [
        plain(tokens[at + 2]) for at, one in enumerate(tokens) if one.type == "blockquote_open"
    ]
    assert quotes == [c.quote for _, answer in CONVERSATION for c in answer.citations]


def test_an_answer_is_told_with_its_markers_and_what_it_was_computed_from() -> None:
    text = as_markdown(CONVERSATION)
    assert "3800个（由6000个、2200个得出） [1][2]" in text
    assert "41座（page\\.txt） [1]；37座（甲报） [2]" in text
    assert text.index(CHINESE.conflict) < text.index("41座")


def test_points_stand_under_their_labels_with_what_is_not_told_at_the_end(
    markdown: MarkdownIt,
) -> None:
    lines = lines_of(markdown.parse(as_markdown([("做了什么？", POINTS)])))
    assert lines[2:9] == [
        *("2023年", "修了两座桥 [1]"),
        *("2024年", "修了三条路 [2]", "建了<b>9</b>所学校 [1][2]"),
        *("资料里没有说明造价。", CHINESE.evidence),
    ]


def test_a_refusal_is_told_as_one_with_the_nearest_thing_said() -> None:
    text = as_markdown([("票价？", REFUSAL)])
    told = (CHINESE.refused, "资料里没有说明票价。", CHINESE.nearest, "新增6000个。")
    places = [text.index(one) for one in told]
    assert places == sorted(places)
    assert CHINESE.evidence not in text


def test_a_source_is_told_with_title_section_page_year_and_name() -> None:
    cited = {**asdict(cite("建了9所。")), "page": 3}
    one = say([Told("9所", [type(ONE)(**cited)])])
    chinese, english = (as_markdown([("几所？", one)], words) for words in (CHINESE, ENGLISH))
    assert "《一年报告》 · 民生 / 住房 · 第 3 页 · 2024年 · page\\.txt" in chinese
    assert "《一年报告》 · 民生 / 住房 · page 3 · 2024 · page\\.txt" in english


def test_the_words_are_english_where_english_is_asked_for() -> None:
    text = as_markdown(CONVERSATION, ENGLISH)
    assert text.startswith("# Dongxihu QA · ")
    for word in (ENGLISH.evidence, ENGLISH.nearest, ENGLISH.refused, ENGLISH.conflict):
        assert word in text
    assert "（from 6000个、2200个）" in text
    assert CHINESE.evidence not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_markdown(text: str, markdown: MarkdownIt) -> None:
    turns = [(text, told_of(text)), (text, Answer(text, "refused", (ONE,), reason="not_told"))]
    tokens = [*every(markdown.parse(as_markdown(turns)))]
    ours = [*every(markdown.parse(as_markdown([("问", told_of("甲")), ("问", REFUSAL)])))]
    assert {one.type for one in tokens} - {"hardbreak"} <= {one.type for one in ours}
    kinds = ("heading_open", "list_item_open", "bullet_list_open", "blockquote_open")
    for kind in kinds:
        assert [one.type for one in tokens].count(kind) == [one.type for one in ours].count(kind)
    quote = "\n".join(line.strip() for line in text.splitlines())
    assert quote in lines_of(tokens)


@pytest.mark.parametrize(
    ("line", "escaped"),
    [
        ("2024-05，3.5万元（50%）: a/b", "2024-05，3.5万元（50%）: a/b"),
        ("1.5倍", "1.5倍"),
        ("1. 一", "1\\. 一"),
        ("12)", "12\\)"),
        ("- 项", "\\- 项"),
        ("+ 项", "\\+ 项"),
        ("===", "\\==="),
        (":-", "\\:-"),
        ("# 题", "\\# 题"),
        ("[x](y)", "\\[x\\](y)"),
        ("<b>&lt;", "\\<b\\>\\&lt;"),
        ("|甲|", "\\|甲\\|"),
        ("$x^2$", "\\$x\\^2\\$"),
        ("`*_~\\", "\\`\\*\\_\\~\\\\"),
        ("http://a.cn", "http\\:\\//a\\.cn"),
        ("//a 网址www.a.cn", "\\//a 网址www\\.a\\.cn"),
        ("a@b.cn", "a\\@b\\.cn"),
    ],
)
def test_what_some_markdown_obeys_is_escaped(line: str, escaped: str) -> None:
    assert escape(line) == escaped


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("*_[]<>#|-+=:.1 ")))
def test_an_escaped_line_is_shown_as_it_is(line: str) -> None:
    shown = MarkdownIt("gfm-like", {"html": True}).parse(escape(line.strip()))
    texts = [one for one in every(shown) if one.type not in ("paragraph_open", "paragraph_close")]
    assert {one.type for one in texts} <= {"inline", "text"}
    assert "".join(lines_of(shown)) == line.strip()


def test_what_no_reader_sees_is_left_out_and_lines_are_kept() -> None:
    quote = "甲\x00\x1b[31m\u202e乙\ufffe\ud800丙\n\n  第二行\t格"
    for text in (
        as_markdown([("？", told_of(quote))]),
        words_of(as_word([("？", told_of(quote))])),
    ):
        assert re.search(r"甲\\?\[31m乙丙\\?\n[> ]*第二行\t格", text)


def words_of(document: WordDocument) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_a_word_document_has_headings_lists_and_numbered_quotes() -> None:
    document = as_word(CONVERSATION)
    styled = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert styled[0][0] == "Title"
    assert [text for style, text in styled if style == "Heading 1"] == [q for q, _ in CONVERSATION]
    assert [text for style, text in styled if style == "List Bullet"] == [
        *("修了两座桥 [1]", "修了三条路 [2]", "建了<b>9</b>所学校 [1][2]"),
    ]
    normal = [text for style, text in styled if style == "Normal"]
    assert normal.count("[1]\t新增6000个。") == len(CONVERSATION)
    for told in ("3800个（由6000个、2200个得出） [1][2]", CHINESE.conflict, CHINESE.refused):
        assert told in normal
    assert "《一年报告》 · 民生 / 住房 · 2024年 · page.txt" in normal


def test_our_own_reader_reads_the_word_document(tmp_path: Path) -> None:
    file = tmp_path / "对话.docx"
    file.write_bytes(export([("做了什么？", POINTS), ("票价？", REFUSAL)], "docx", CHINESE))
    document = read(file)
    assert document.title.startswith("东西湖问答")
    blocks = {document.text[b.start : b.end]: b.kind for b in document.blocks}
    assert blocks["做了什么？"] == blocks["票价？"] == "heading"
    assert blocks["修了两座桥 [1]"] == "item"
    for told in (ONE.quote, OTHER.quote, "资料里没有说明票价。"):
        assert told in document.text


def test_a_word_document_has_a_chinese_font_and_names_nobody() -> None:
    document = as_word(CONVERSATION)
    fonts = [*document.styles.element.iter(qn("w:rFonts"))]
    assert fonts
    assert {one.get(qn("w:eastAsia")) for one in fonts} == {"等线"}
    assert not any(one.get(qn("w:eastAsiaTheme")) for one in fonts)
    told = document.core_properties
    assert told.title.startswith("东西湖问答")
    assert (told.author, told.last_modified_by, told.comments) == ("", "", "")


@given(st.text())
def test_any_text_makes_a_word_document(text: str) -> None:
    held = export([(text, told_of(text))], "docx", CHINESE)
    with ZipFile(io.BytesIO(held)) as archive:
        assert archive.testzip() is None
    shown = words_of(docx.Document(io.BytesIO(held)))
    kept = "".join(c for c in text if c.isalnum())
    assert kept in "".join(c for c in shown if c.isalnum())


def post(server: Server, path: str, turns: Sequence[tuple[str, dict[str, Any]]]) -> httpx.Response:
    kept = [{"question": question, "answer": answer} for question, answer in turns]
    return httpx.post(f"{server.address}{path}", json={"turns": kept}, timeout=PATIENCE)


def test_the_server_sends_a_file_with_a_name(server: Server) -> None:
    turns = [(question, answer.to_dict()) for question, answer in CONVERSATION]
    for kind, media in (("md", "text/markdown"), ("docx", "application/vnd.openxmlformats")):
        sent = post(server, f"/page/export?kind={kind}", turns)
        assert sent.status_code == 200
        assert sent.headers["content-type"].startswith(media)
        name = f"%E4%B8%9C%E8%A5%BF%E6%B9%96%E9%97%AE%E7%AD%94.{kind}"
        assert sent.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert post(server, "/page/export?kind=exe", turns).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts": [{"text": "甲", "citations": [7]}]},
        {"parts": [{"text": "甲", "citations": [-7]}]},
        {"parts": [{"text": "甲", "citations": [0], "operands": [["乙", 7]]}]},
        {"citations": [{"quote": "只有引文"}]},
        {"status": "unknown"},
        {"text": {}},
    ],
    ids=["beyond", "before", "operand", "citation", "status", "text"],
)
def test_what_is_no_answer_is_refused(wrong: dict[str, Any], server: Server) -> None:
    turns = [("甲？", {**COMPUTED.to_dict(), **wrong})]
    for path in ("/page/export?kind=md", "/page/export?kind=docx", "/page/turns"):
        assert post(server, path, turns).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts": [{"text": "x", "citations": [0] * 3001}]},  # each would show its quote
        {"parts": [{"text": "x", "citations": [0]}] * 301},
        {"citations": [{}] * 20_000},
    ],
)
def test_a_conversation_that_no_page_has_kept_is_refused(
    server: Server, wrong: dict[str, Any]
) -> None:
    turns = [("甲？", {**COMPUTED.to_dict(), **wrong})]
    for path in ("/page/export?kind=md", "/page/turns"):
        assert post(server, path, turns).status_code == 422


@pytest.mark.parametrize(("lang", "locale"), [("zh-CN", "zh-CN"), ("en", "en-US")])
def test_a_long_conversation_is_saved_and_one_that_is_too_long_is_said_to_be(
    lang: str, locale: str, server: Server, browser: Browser, tmp_path: Path
) -> None:
    words = CHINESE if lang == "zh-CN" else ENGLISH
    with visiting(browser, server, locale=locale) as visit:
        visit.ask(LONG)
        repeat_turn(visit, 30)
        visit.conversations()
        for kind in ("md", "docx"):
            with visit.page.expect_download() as saved:
                visit.page.locator(f"[data-export={kind}]").click()
            assert saved.value.suggested_filename == f"{words.title}.{kind}"
            saved.value.save_as(tmp_path / f"saved.{kind}")
        assert (tmp_path / "saved.md").read_text("utf-8").count(f"## {LONG}") == 30
        saved_words = words_of(docx.Document(str(tmp_path / "saved.docx")))
        assert saved_words.count(f"{LONG}\n") == 30
        repeat_turn(visit, 100)
        visit.conversations()
        visit.expected.append("/page/export")
        visit.page.locator("[data-export=docx]").click()
        told = words.exporting_failed.format(words.too_long_to_export)
        expect(visit.page.locator("#kept .told")).to_have_text(told)


def repeat_turn(visit: Visit, times: int) -> None:
    """Open a conversation in which the first turn of this one stands many times."""
    kept = "dongxihu.conversations"
    (one,) = json.loads(visit.page.evaluate(f"localStorage.getItem('{kept}')"))
    first = one["turns"][0]
    one["turns"] = [{**first, "key": f"{first['key']}{n}"} for n in range(times)]
    visit.page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)", [kept, json.dumps([one])]
    )
    visit.page.reload()
    expect(visit.turns).to_have_count(times)
