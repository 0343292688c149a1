"""Each format is read with its headings, lists, tables and pages, as a reader would see it."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from corpus import Document, find_files, is_readable, read, read_bytes, read_file, read_given
from corpus.readers.sheets import shown
from made_files import (
    docx,
    docx_level,
    docx_lists,
    docx_paragraph,
    docx_styles,
    pdf,
    pdf_text,
    pptx,
    xlsx,
    zipped,
)

CASES = Path(__file__).parent / "cases" / "formats"
LONG = "镇卫生院新增床位六十张，聘请退休医师十二名，为老人免费体检，镇中心小学新建宿舍楼一栋，"


def kinds(document: Document) -> dict[str, str]:
    return {document.text[b.start : b.end]: b.kind for b in document.blocks}


def rows(document: Document) -> list[dict[str, str]]:
    """The rows of tables by their heads."""
    text = document.text
    return [
        {text[slice(*h)]: text[slice(*c)] for h, c in zip(b.heads, b.cells, strict=True)}
        for b in document.blocks
        if b.heads
    ]


def page_of(document: Document, words: str) -> int | None:
    return document.page_at(document.text.index(words))


def lines(top: float, *texts: str, left: float = 60, size: float = 12) -> str:
    return "".join(pdf_text(left, top - 1.5 * size * n, text, size) for n, text in enumerate(texts))


def test_a_pdf_printed_by_a_browser() -> None:
    document = read(CASES / "printed.pdf")
    found = kinds(document)
    assert document.title == "茶山镇2023年产茶报告"
    assert [found[heading] for heading in ("一、茶园", "二、产量", "三、上年")] == ["heading"] * 3
    assert "全年产茶46吨，比上年增长12.5%，其中新种茶园产茶三吨，" in document.text
    assert {"产品": "新茶", "单位": "吨", "2022年产量": "31", "2023年产量": "35.5"} in rows(
        document
    )
    assert document.text.count("35.5") == 1
    assert page_of(document, "一、茶园") == page_of(document, "35.5") == 1
    assert page_of(document, "三、上年") == page_of(document, "上年全镇产茶41吨") == 2


def test_a_pdf_in_a_chinese_font_without_unicode_is_read() -> None:
    page = lines(520, "青溪镇2023年报告", size=20) + lines(470, "全年新建桥梁37座。")
    document = read_bytes(pdf([page]), "a.pdf")
    assert document.text == "青溪镇2023年报告\n全年新建桥梁37座。"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [
        "左栏第一行说的是东岭村修通了",
        "公路，村民进城的时间由两小时",
        "缩短到四十分钟，每天有六班客",
        "车往返。",
        "东岭村还种了油茶五百亩，三年",
    ]
    right = [
        "右栏第一行说的是西坪村办起了",
        "竹编作坊，吸收八十名妇女就近",
        "做工，人均月收入三千二百元，",
        "产品卖到了外省。",
        "西坪村还修了水渠四条，灌溉两",
    ]
    drawn = "".join(
        lines(500 - 18 * n, a, left=30) + lines(500 - 18 * n, b, left=225)
        for n, (a, b) in enumerate(zip(left, right, strict=True))
    )
    text = read_bytes(pdf([lines(550, "某县短讯", size=20) + drawn]), "a.pdf").text
    assert "东岭村修通了公路，村民进城的时间由两小时缩短到四十分钟，每天有六班客车往返。" in text
    assert text.index("每天有六班") < text.index("右栏第一行")


def test_a_paragraph_goes_on_over_a_page_and_running_heads_are_left_out() -> None:
    pages = [
        lines(570, "某镇工作报告汇编", size=9)
        + lines(
            500, LONG[:24], LONG[:24], f"第{n}年新建桥梁{n}7座，硬化村道一百里，全年完成投资"[:25]
        )
        + lines(30, f"{n}", size=9, left=200)
        for n in range(1, 5)
    ]
    pages[1] = lines(570, "某镇工作报告汇编", size=9) + lines(
        500, "四亿六千万元，比上年多一成。", "另外修缮水库三座。"
    )
    document = read_bytes(pdf(pages), "a.pdf")
    assert "全年完成投资四亿六千万元，比上年多一成。" in document.text.replace("\n", "|")
    assert document.text.count("某镇工作报告汇编") <= 1
    assert page_of(document, "全年完成投资四亿") == 1
    assert page_of(document, "四亿六千万元") == 2
    assert list(document.offsets) == sorted(document.offsets)


def grid(top: float, *texts: list[str], width: float = 90, height: float = 20) -> str:
    """A table with lines round its cells."""
    columns, bottom = len(texts[0]), top - height * len(texts)
    drawn = "".join(
        f"60 {top - height * n} m {60 + width * columns} {top - height * n} l S\n"
        for n in range(len(texts) + 1)
    ) + "".join(
        f"{60 + width * n} {top} m {60 + width * n} {bottom} l S\n" for n in range(columns + 1)
    )
    for y, row in enumerate(texts):
        for x, text in enumerate(row):
            drawn += pdf_text(64 + width * x, top - height * y - 14, text, 10)
    return drawn


def test_a_table_that_goes_on_over_a_page_is_one() -> None:
    head = ["产品", "单位", "2023年产量"]
    first = lines(550, "产量表", size=20) + grid(100, head, ["水泥", "万吨", "176.9"])
    second = grid(560, head, ["纱", "吨", "9012"]) + lines(300, "以上由统计站提供。")
    document = read_bytes(pdf([first, second]), "a.pdf")
    assert {"产品": "水泥", "单位": "万吨", "2023年产量": "176.9"} in rows(document)
    assert {"产品": "纱", "单位": "吨", "2023年产量": "9012"} in rows(document)
    assert document.text.count("2023年产量") == 1
    assert (page_of(document, "176.9"), page_of(document, "9012")) == (1, 2)


def test_columns_without_lines_are_a_table() -> None:
    drawn = "".join(
        pdf_text(x, 480 - 20 * y, text)
        for y, row in enumerate(
            (["产品", "单位", "2023年产量"], ["水泥", "万吨", "176.9"], ["纱", "吨", "9012"])
        )
        for x, text in zip((60, 160, 260), row, strict=True)
    )
    document = read_bytes(pdf([lines(550, "产量表", size=20) + drawn]), "a.pdf")
    assert {"产品": "纱", "单位": "吨", "2023年产量": "9012"} in rows(document)


def test_pdfs_are_read_by_several_threads_at_once() -> None:
    data = (CASES / "printed.pdf").read_bytes()
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_bytes(data, "a.pdf").text))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_a_word_document_of_another_program() -> None:
    document = read(CASES / "office.docx")
    found = kinds(document)
    assert document.title == "青溪镇2023年工作总结"
    assert found["一、基础设施"] == found["四、两栏短讯"] == "heading"
    assert {"产品": "蜂蜜", "单位": "吨", "2022年产量": "42", "2023年产量": "51.5"} in rows(
        document
    )
    assert document.page_at(0) is None


def test_styles_of_word_are_headings_by_whatever_name() -> None:
    body = (
        docx_paragraph("养老服务办法", "a1")
        + docx_paragraph("总体要求", "a2")
        + docx_paragraph("一二三四五六七八九十，甲乙丙丁。")
        + docx_paragraph("补贴对象", "a3")
        + docx_paragraph("本镇户籍老人，每人每月补贴五十元。")
    )
    document = read_bytes(docx(body), "a.docx")
    found = kinds(document)
    assert document.title == "养老服务办法"
    assert found["总体要求"] == found["补贴对象"] == "heading"
    assert document.block_at(document.text.index("本镇")).section == ("总体要求", "补贴对象")


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{docx_paragraph(text)}</w:tc>"


def test_merged_cells_of_word_stand_in_each_of_their_rows() -> None:
    across, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = "".join(
        f"<w:tr>{row}</w:tr>"
        for row in (
            cell("乡镇", down) + cell("2023年", across),
            cell("", on) + cell("人口") + cell("产值"),
            cell("东岭", down) + cell("3100人") + cell("4亿元"),
            cell("", on) + cell("2900人") + cell("5亿元"),
        )
    )
    document = read_bytes(
        docx(docx_paragraph("乡镇表", "a1") + f"<w:tbl>{table}</w:tbl>"), "a.docx"
    )
    assert rows(document)[1] == {"乡镇": "东岭", "2023年 人口": "2900人", "2023年 产值": "5亿元"}


def test_text_of_word_is_no_markup() -> None:
    document = read_bytes(
        docx(docx_paragraph("密度&lt;b&gt;小于&lt;/b&gt;0.5 &amp;amp; 更低。")), "a.docx"
    )
    assert document.text == "密度<b>小于</b>0.5 &amp; 更低。"


def numbered(lists: str, *paragraphs: tuple[str, int, int], styles: str = "") -> Document:
    """A document of paragraphs, each with its list and level."""
    body = "".join(docx_paragraph(text, "", (n, level)) for text, n, level in paragraphs)
    parts = {"numbering": lists} | ({"styles": styles} if styles else {})
    return read_bytes(docx(docx_paragraph("养老服务办法", "a1") + body, **parts), "a.docx")


@pytest.mark.parametrize(
    ("form", "text", "values", "labels"),
    [
        ("chineseCountingThousand", "第%1条", (1, 10, 21, 101, 110),
         ("第一条 ", "第十条 ", "第二十一条 ", "第一百零一条 ", "第一百一十条 ")),
        ("chineseCounting", "%1、", (1, 9, 10, 12, 30),
         ("一、", "九、", "十、", "十二、", "三十、")),
        ("japaneseCounting", "（%1）", (1, 5, 11, 20, 99),
         ("（一）", "（五）", "（十一）", "（二十）", "（九十九）")),
        ("ideographDigital", "%1、", (1, 3, 10, 12, 20),
         ("一、", "三、", "一〇、", "一二、", "二〇、")),
        ("decimal", "%1.", (1, 2, 9, 10, 12), ("1. ", "2. ", "9. ", "10. ", "12. ")),
        ("decimalEnclosedCircle", "%1", (1, 2, 9, 10, 20), ("①", "②", "⑨", "⑩", "⑳")),
        ("upperLetter", "%1.", (1, 2, 3, 7, 27), ("A. ", "B. ", "C. ", "G. ", "AA. ")),
        ("lowerRoman", "(%1)", (1, 4, 9, 14, 40), ("(i) ", "(iv) ", "(ix) ", "(xiv) ", "(xl) ")),
        ("chineseLegalSimplified", "%1、", (1, 3, 10, 11, 25),
         ("壹、", "叁、", "壹拾、", "壹拾壹、", "贰拾伍、")),
        ("ideographTraditional", "%1、", (1, 2, 3, 5, 10),
         ("甲、", "乙、", "丙、", "戊、", "癸、")),
        ("decimalZero", "%1", (1, 2, 9, 10, 11), ("01、", "02、", "09、", "10、", "11、")),
        ("不知道的", "附件%1", (1, 2, 3, 4, 5),
         ("附件1、", "附件2、", "附件3、", "附件4、", "附件5、")),
    ],
)  # fmt: skip
def test_automatic_numbers_of_word_are_read_in_each_format(
    form: str, text: str, values: tuple[int, ...], labels: tuple[str, ...]
) -> None:
    """One of each list that begins at a value, and the next."""
    starts = {
        n: (1, f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{value}"/></w:lvlOverride>')
        for n, value in enumerate(values, 2)
    }
    document = numbered(
        docx_lists(docx_level(0, form, text), shared=starts),
        *((f"本项说的是第{n}件事情。", n, 0) for n in starts),
    )
    assert document.text.splitlines()[1:] == [
        f"{label}本项说的是第{n}件事情。" for n, label in zip(starts, labels, strict=True)
    ]


CHAPTERS = (
    docx_level(0, "chineseCountingThousand", "第%1章")
    + docx_level(1, "chineseCountingThousand", "第%2条", 1, '<w:lvlRestart w:val="0"/>')
    + docx_level(2, "chineseCountingThousand", "（%3）")
    + docx_level(3, "decimal", "%4.")
)
CLAUSES = docx_level(0, "decimal", "%1.") + docx_level(1, "decimal", "%1.%2")
LEGAL = docx_level(0, "chineseCounting", "%1、") + docx_level(
    1, "decimal", "%1.%2", 1, "<w:isLgl/>"
)
AGAIN = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
OTHER = f'<w:lvlOverride w:ilvl="0">{docx_level(0, "decimal", "问题%1：", 5)}</w:lvlOverride>'


@pytest.mark.parametrize(
    ("lists", "places", "labels"),
    [
        (
            docx_lists(CHAPTERS),
            [(1, 0), (1, 1), (1, 2), (1, 2), (1, 3), (1, 1), (1, 2), (1, 0), (1, 1)],
            "第一章|第一条|（一）|（二）|1.|第二条|（一）|第二章|第三条",
        ),
        (docx_lists(CLAUSES), [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)], "1.|1.1|1.2|2.|2.1"),
        (docx_lists(LEGAL), [(1, 0), (1, 1), (1, 0), (1, 1), (1, 1)], "一、|1.1|二、|2.1|2.2"),
        (
            docx_lists(CLAUSES, shared={2: (1, ""), 3: (1, AGAIN)}),
            [(1, 0), (2, 0), (3, 0), (3, 0), (1, 0)],
            "1.|2.|1.|2.|3.",
        ),
        (
            docx_lists(CLAUSES, shared={2: (1, OTHER)}),
            [(1, 0), (2, 0), (2, 0), (1, 0), (9, 0)],
            "1.|问题2：|问题3：|4.|",
        ),
        (
            docx_lists(docx_level(0, "decimal", "%1)", 3) + docx_level(2, "decimal", "%1.%3")),
            [(1, 0), (1, 2), (1, 0), (1, 1), (1, 2)],
            "3)|3.1|4)||4.1",
        ),
    ],
)
def test_levels_of_a_list_count_and_begin_again_as_they_say(
    lists: str, places: list[tuple[int, int]], labels: str
) -> None:
    document = numbered(lists, *(("这里写的是一句话。", n, level) for n, level in places))
    assert [
        line.removesuffix("这里写的是一句话。").strip() for line in document.text.splitlines()[1:]
    ] == labels.split("|")


def style(key: str, name: str, based: str = "", properties: str = "") -> str:
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{properties}</w:pPr></w:style>"
    )


def test_lists_that_styles_name_are_counted() -> None:
    lists = docx_lists(
        docx_level(0, "chineseCounting", "第%1章", 1, '<w:pStyle w:val="z1"/>')
        + docx_level(1, "chineseCounting", "%2、", 1, '<w:pStyle w:val="z2"/>')
        + docx_level(2, "decimal", "%3、")
    )
    named = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = docx_styles(
        style("z1", "章", "a2", named),
        style("z2", "节", "a3", named),
        style("z3", "款", "", '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>'),
        style("z4", "款的一种", "z3"),
        style("z5", "无号", "z1", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
    )
    body = "".join(
        docx_paragraph(text, key)
        for text, key in (
            ("办法", "a1"), ("总则", "z1"), ("目的", "z2"), ("为了方便老人。", "z3"),
            ("为了省钱。", "z4"), ("范围", "z2"), ("全镇老人。", "z4"), ("附则", "z1"),
            ("说明", "z5"), ("今年起施行。", ""),
        )
    )  # fmt: skip
    document = read_bytes(docx(body, numbering=lists, styles=styles), "a.docx")
    assert document.text.splitlines() == [
        "办法", "第一章 总则", "一、目的", "1、为了方便老人。", "2、为了省钱。", "二、范围",
        "1、全镇老人。", "第二章 附则", "说明", "今年起施行。",
    ]  # fmt: skip
    assert document.block_at(document.text.index("全镇")).section == ("第一章 总则", "二、范围")


@pytest.mark.parametrize(
    ("form", "text", "typed"),
    [
        ("chineseCounting", "%1、", "一、总体要求已经写明。"),
        ("chineseCountingThousand", "第%1条", "第一条 为了方便老人。"),
        ("decimal", "%1.", "3. 另起一行的事情。"),
        ("japaneseCounting", "（%1）", "（二）另一件事情。"),
        ("decimalEnclosedCircle", "%1", "①第一件事情。"),
        ("decimal", "附件%1：", "附件1：办事清单在此。"),
        ("bullet", "●", "写明了的事情。"),
        ("decimal", "", "没有号的事情。"),
        ("none", "", "没有号的事情。"),
    ],
)
def test_numbers_that_are_typed_do_not_come_twice(form: str, text: str, typed: str) -> None:
    document = numbered(docx_lists(docx_level(0, form, text)), (typed, 1, 0))
    assert document.text.splitlines()[1] == typed


@pytest.mark.parametrize(
    ("form", "pattern", "text", "whole"),
    [
        ("decimal", "%1.", "5家企业开工。", "1. 5家企业开工。"),
        ("decimal", "%1", "2023年开工。", "1、2023年开工。"),
        ("decimal", "%1.1", "5家企业开工。", "1.1、5家企业开工。"),
        ("decimal", "%1", "1994年开工。", "1、1994年开工。"),
        ("decimal", "%1", "个人所得税照旧。", "1、个人所得税照旧。"),
        ("decimal", "%1.%1", "总体要求。", "1.1总体要求。"),
        ("chineseCounting", "%1、", "一批企业开工。", "一、一批企业开工。"),
        ("chineseCounting", "第%1条", "2023年开工。", "第一条2023年开工。"),
    ],
)
def test_a_number_is_never_one_with_the_figure_after_it(
    form: str, pattern: str, text: str, whole: str
) -> None:
    document = numbered(docx_lists(docx_level(0, form, pattern)), (text, 1, 0))
    assert document.text.splitlines()[1] == whole
    facts = [fact.figure.text for fact in document.facts]
    assert all(figure in text for figure in facts)


def test_items_with_marks_stay_items_and_empty_cells_that_are_counted_are_read() -> None:
    lists = docx_lists(docx_level(0, "bullet", "●"), docx_level(0, "decimal", "%1"))
    table = "".join(
        f"<w:tr>{cells}</w:tr>"
        for cells in (
            cell("序号") + cell("乡镇") + cell("人口"),
            *(
                f"<w:tc>{docx_paragraph('', '', (2, 0))}</w:tc>" + cell(town) + cell(people)
                for town, people in (("东岭", "3100人"), ("西坪", "2900人"))
            ),
        )
    )
    body = (
        docx_paragraph("办事指南", "a1")
        + docx_paragraph("所需材料如下：")
        + docx_paragraph("身份证", "", (1, 0))
        + docx_paragraph("", "", (1, 0))
        + docx_paragraph("户口簿", "", (1, 0))
        + docx_paragraph("人口如下。")
        + f"<w:tbl>{table}</w:tbl>"
    )
    document = read_bytes(docx(body, numbering=lists), "a.docx")
    found = kinds(document)
    assert (found["身份证"], found["户口簿"]) == ("item", "item")
    assert {"序号": "2", "乡镇": "西坪", "人口": "2900人"} in rows(document)


def outlined(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


@pytest.mark.parametrize(
    "heads",
    [
        (docx_paragraph("总体要求", "", None, outlined(0)),
         docx_paragraph("补贴对象", "", None, outlined(1))),
        (docx_paragraph("总体要求", "b1"), docx_paragraph("补贴对象", "b2")),
        (docx_paragraph("总体要求", "b3"), docx_paragraph("补贴对象", "b3", None, outlined(1))),
        (docx_paragraph("总体要求", "b4"), docx_paragraph("补贴对象", "b5")),
        (docx_paragraph("总体要求", "a2"), docx_paragraph("补贴对象", "", None, outlined(4))),
    ],
)  # fmt: skip
def test_levels_of_the_outline_make_headings(heads: tuple[str, str]) -> None:
    """Of the paragraph itself, of its style, of what that is based on, and by Word's own names."""
    styles = docx_styles(
        style("b1", "大题", "b0"),
        style("b0", "底子", "", outlined(0)),
        style("b2", "小题", "a4"),
        style("b3", "中题", "", outlined(0)),
        style("b4", "heading 7", "", outlined(0)),
        style("b5", "更小的题", "b6"),
        style("b6", "heading 2"),
    )
    first, second = heads
    body = (
        docx_paragraph("养老服务办法", "a1")
        + first
        + docx_paragraph("一二三四五六七八九十，甲乙丙丁。")
        + second
        + docx_paragraph("本镇户籍老人，每人每月补贴五十元。")
    )
    document = read_bytes(docx(body, styles=styles), "a.docx")
    assert document.block_at(document.text.index("本镇")).section == ("总体要求", "补贴对象")


@pytest.mark.parametrize(
    "text",
    [
        "第五条 本办法自发布之日起施行。",
        "第六条 申请人应当具备下列条件：",
        "老人可以申请。申请应当写明姓名。",
        "补贴按月发放，由镇里的民政办公室在每个月的最后一个工作日之前，按照名单存入老人本人的存折，并且在村里的公告栏里张贴名单，接受群众监督。",
        "第七条 老人不再符合条件的，停止发放；",
    ],
)
def test_sentences_in_a_style_of_headings_are_text(text: str) -> None:
    body = docx_paragraph("养老服务办法", "a1") + docx_paragraph("总则", "a2")
    document = read_bytes(docx(body + docx_paragraph(text, "a3")), "a.docx")
    assert kinds(document)[text] != "heading"
    assert document.block_at(document.text.index(text)).section == ("总则",)


def test_a_word_document_numbered_by_another_program() -> None:
    """Saved by LibreOffice: chapters, articles that count through, items that begin again."""
    document = read(CASES / "numbered.docx")
    assert [line[:6] for line in document.text.splitlines()] == [
        "青溪镇养老服", "第一章 总则", "第一条 为了", "第二条 服务", "（一）年满八", "（二）独自居",
        "1. 子女在", "2. 没有子", "第二章 补贴", "第一条 每人", "第二条 申请", "（一）身份证",
        "（二）户口簿",
    ]  # fmt: skip
    block = document.block_at(document.text.index("身份证"))
    assert block.section == ("第二章 补贴",)
    assert document.blocks[block.lead or 0].kind == "paragraph"


def test_a_package_may_name_its_parts_as_it_likes() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="{}" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/{}"/></Relationships>'
    )
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = docx_paragraph("甲镇报告", "a1") + docx_paragraph("新建桥梁。", "", (1, 0))
    xml = f'<w:document xmlns:w="{usual}"><w:body>{body}</w:body></w:document>'
    data = zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": relations.format("word/other.xml", "officeDocument"),
            "word/other.xml": xml.replace(usual, strict),
            "word/_rels/other.xml.rels": relations.format("../lists/l.xml", "numbering"),
            "lists/l.xml": docx_lists(docx_level(0, "decimal", "%1.")).replace(usual, strict),
            "word/media/picture.png": b"\x89PNG",
        }
    )
    assert "1. 新建桥梁。" in read_bytes(data, "a.docx").text


SALES: list[list[object]] = [
    ["青溪镇产量统计表"],
    [],
    ["产品", "产量（吨）", "占比", "统计日期"],
    ["春茶", 355, (0.0525, "0.0%"), (dt.datetime(2024, 3, 5), "yyyy-mm-dd")],
    ["蜂蜜", 0.1 + 0.2, (0.5, "0%"), (dt.datetime(2024, 3, 6), "yyyy-mm-dd")],
    [],
    ["注：数据由统计站提供"],
]


def test_sheets_are_headings_and_their_cells_read_as_they_are_shown() -> None:
    document = read_bytes(xlsx({"产量": SALES, "空表": []}), "a.xlsx")
    assert {"产品": "春茶", "产量（吨）": "355", "占比": "5.3%", "统计日期": "2024-03-05"} in rows(
        document
    )
    assert {"产品": "蜂蜜", "产量（吨）": "0.3", "占比": "50%", "统计日期": "2024-03-06"} in rows(
        document
    )
    assert "空表" not in document.text
    found = kinds(document)
    assert "row" not in (found["青溪镇产量统计表"], found["注：数据由统计站提供"])


def test_merged_cells_of_a_sheet_and_heads_of_two_rows() -> None:
    table: list[list[object]] = [
        ["乡镇", "2023年", None],
        [None, "人口", "产值"],
        ["东岭", 3100, 4],
        [None, 2900, 5],
    ]
    data = xlsx({"表": table}, merged=["A1:A2", "B1:C1", "A3:A4"])
    assert rows(read_bytes(data, "a.xlsx")) == [
        {"乡镇": "东岭", "2023年人口": "3100", "2023年产值": "4"},
        {"乡镇": "东岭", "2023年人口": "2900", "2023年产值": "5"},
    ]


@pytest.mark.parametrize("time", ["1月", "2季度", "12月末", "2023年", "上半年"])
def test_times_with_what_is_counted_are_heads_and_no_figures(time: str) -> None:
    table: list[list[object]] = [
        ["门店", f"{time}销售额", None, f"{time}利润", None],
        [None, "线上", "线下", "线上", "线下"],
        ["东店", 10, 20, 3, 4],
    ]
    assert rows(read_bytes(xlsx({"表": table}, merged=["A1:A2", "B1:C1", "D1:E1"]), "a.xlsx")) == [
        {
            "门店": "东店",
            f"{time}销售额线上": "10",
            f"{time}销售额线下": "20",
            f"{time}利润线上": "3",
            f"{time}利润线下": "4",
        }
    ]


def test_hidden_sheets_are_left_out() -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(xlsx({"表": SALES, "底稿": [["不公开", "九"], ["甲", 9]]})))
    book["底稿"].sheet_state = "hidden"
    held = BytesIO()
    book.save(held)
    assert "不公开" not in read_bytes(held.getvalue(), "a.xlsx").text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12.0, "General", "12"),
        (0.30000000000000004, "General", "0.3"),
        (0.052, "0.0%", "5.2%"),
        (1234567.891, "#,##0.00", "1234567.89"),
        (2.5, "0", "3"),
        (3.5, '0.0"万元"', "3.5万元"),
        (88, '"¥"#,##0.00', "¥88.00"),
        (88, "[$￥-804]#,##0", "￥88"),
        (1e-7, "General", "0.0000001"),
        (123456789012, "General", "123456789012"),
        (dt.datetime(2024, 3, 5, 9, 30), "yyyy-mm-dd hh:mm", "2024-03-05 09:30"),
        (dt.datetime(2024, 3, 1), 'yyyy"年"m"月"', "2024-03"),
        (dt.time(9, 5), "h:mm", "09:05"),
        ("#DIV/0!", "General", ""),
        (None, "General", ""),
    ],
)
def test_values_of_cells_are_shown_as_in_excel(
    value: object, number_format: str, text: str
) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables_in_plain_text(mark: str, codec: str) -> None:
    table = [["产品", "单位", "2023年产量"], ["水泥", "万吨", "176.9"], ["纱", "吨", "9012"]]
    text = "\r\n".join(mark.join(row) for row in table)
    document = read_bytes(text.encode(codec), "产量.csv")
    assert {"产品": "纱", "单位": "吨", "2023年产量": "9012"} in rows(document)


def test_fields_of_a_table_in_plain_text_may_hold_marks_and_line_ends() -> None:
    text = '项目,说明,金额\n食堂,"早餐,午餐\n和""夜宵""",12元\n宿舍,四人间,600元\n'
    document = read_bytes(text.encode(), "a.csv")
    assert {"项目": "食堂", "说明": '早餐，午餐 和"夜宵"', "金额": "12元"} in rows(document)


def test_slides_are_pages_with_titles_lists_tables_and_notes() -> None:
    data = pptx(
        [
            ("青溪镇年度汇报", ["新建桥梁37座", "硬化村道126公里"], [], "说明：数据到十二月底。"),
            ("产量", ["单位为吨"], [["产品", "2023年产量"], ["春茶", "355"]], ""),
        ]
    )
    document = read_bytes(data, "汇报.pptx")
    found = kinds(document)
    assert document.title == "青溪镇年度汇报"
    assert found["产量"] == "heading"
    assert {"产品": "春茶", "2023年产量": "355"} in rows(document)
    assert page_of(document, "新建桥梁37座") == page_of(document, "数据到十二月底") == 1
    assert page_of(document, "355") == 2


def test_members_of_an_archive_are_files_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "年报.zip"
    path.write_bytes(
        zipped(
            {
                "镇/报告.txt": "青溪镇新建桥梁37座。",
                "镇/办法.docx": docx(docx_paragraph("共五条。")),
            }
        )
    )
    files = find_files(tmp_path)
    assert [file.source for file in files] == ["年报.zip/镇/办法.docx", "年报.zip/镇/报告.txt"]
    assert [read_file(file).text for file in files] == ["共五条。", "青溪镇新建桥梁37座。"]
    assert [file.source for file in find_files(path)] == [file.source for file in files]


def test_files_below_a_folder_have_their_path_as_source(tmp_path: Path) -> None:
    (tmp_path / "上级" / "下级").mkdir(parents=True)
    (tmp_path / "上级" / "下级" / "一.md").write_text("# 标题\n\n正文在此。\n", "utf-8")
    (tmp_path / "图.png").write_bytes(b"\x89PNG")
    files = find_files(tmp_path)
    assert [file.source for file in files] == ["上级/下级/一.md", "图.png"]
    assert read_file(files[0]).source == "上级/下级/一.md"
    assert [is_readable(file.source) for file in files] == [True, False]


def test_a_form_feed_in_a_text_makes_no_pages() -> None:
    document = read_bytes("甲镇报告\n\n第一页的话。\f第二页的话。".encode(), "a.txt")
    assert document.page_at(0) is None
    assert "第二页的话。" in document.text


def test_radicals_that_were_copied_from_a_pdf_are_characters() -> None:
    assert read_bytes("⼈⼝⼀千⼆百⼈。".encode(), "a.txt").text == "人口一千二百人。"


def word_row(*cells: tuple[str, int]) -> str:
    return (
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:gridSpan w:val="{wide}"/></w:tcPr>{docx_paragraph(text)}</w:tc>'
            for text, wide in cells
        )
        + "</w:tr>"
    )


@pytest.mark.parametrize(
    "above",
    [
        [[("投资表", 3)]],
        [[("投资表（单位：万元）", 3)]],
        [[("投资表", 3)], [("单位：万元", 3)]],
        [[("", 2), ("单位：万元", 1)]],
        [[("投资表", 3)], [("", 1), ("", 1), ("计量单位：万元", 1)]],
    ],
)
def test_rows_of_one_cell_over_a_table_of_word_stand_above_it(
    above: list[list[tuple[str, int]]],
) -> None:
    body = [("项目", 1), ("地点", 1), ("投资", 1)], [("东楼", 1), ("北街", 1), ("500", 1)]
    last = [("西楼", 1), ("南街", 1), ("700", 1)]
    table = "".join(word_row(*row) for row in (*above, *body, last))
    document = read_bytes(docx(f"<w:tbl>{table}</w:tbl>"), "a.docx")
    assert rows(document) == [
        {"项目": "东楼", "地点": "北街", "投资": "500"},
        {"项目": "西楼", "地点": "南街", "投资": "700"},
    ]
    for text, _ in (cell for row in above for cell in row if cell[0]):
        assert kinds(document)[text] != "row"


@pytest.mark.parametrize(
    "above",
    [
        [["投资表", "投资表", "投资表"], ["单位：万元", "", ""]],
        [["投资表", "", ""], ["", "", "单位：万元"]],
        [["单位：万元", "单位：万元", "单位：万元"]],
        [["", "单位：万元", "单位：万元"]],
        [["投资表（单位：万元）", "", ""]],
    ],
)
def test_the_unit_of_a_sheet_in_a_row_of_its_own(above: list[list[str]]) -> None:
    table: list[list[object]] = [*map(list[object], above), ["项目", "地点", "投资"]]
    table += [["东楼", "北街", 500], ["西楼", "南街", 700]]
    document = read_bytes(xlsx({"表": table}), "a.xlsx")
    found = [(fact.subject, fact.figure.value, fact.figure.unit) for fact in document.facts]
    assert found == [("东楼", Decimal(5_000_000), "元"), ("西楼", Decimal(7_000_000), "元")]


ROWS: list[list[object]] = [
    ["门店", "年份", "销售额(万元)"],
    ["汉口店", 2024, 320],
    ["汉口店", 2025, 410],
]


def test_a_column_of_years_is_read_in_every_format() -> None:
    lines = [[str(cell) for cell in row] for row in ROWS]
    cells = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in lines)
    word = (
        f"<w:tr>{''.join(f'<w:tc>{docx_paragraph(cell)}</w:tc>' for cell in row)}</w:tr>"
        for row in lines
    )
    files = {
        "a.csv": "\n".join(map(",".join, lines)).encode(),
        "a.tsv": "\n".join(map("\t".join, lines)).encode(),
        "a.html": f"<html><body><table>{''.join(cells)}</table></body></html>".encode(),
        "a.xlsx": xlsx({"门店": ROWS}),
        "a.docx": docx(f"<w:tbl>{''.join(word)}</w:tbl>"),
    }
    for name, data in files.items():
        document = read_bytes(data, name)
        told = [(fact.subject, fact.figure.text, fact.year) for fact in document.facts]
        assert told == [("汉口店", "320", 2024), ("汉口店", "410", 2025)], name


TABLES_GIVEN = [
    "门店,年份,销售额(万元)\n汉口店,2024,320\n武昌店,2024,280",
    "门店\t年份\t销售额(万元)\n汉口店\t2024\t320\n武昌店\t2024\t280\n",
    "门店；年份；销售额\n汉口店；2024；320\n武昌店；2024；280\n",
    "姓名，年龄\n张三，30\n李四，28",
    "2025年门店情况\n门店,销售额\n汉口店,410\n武昌店,265",
    "\ufeff站点,客流(万人次)\r\n东站,120\r\n西站,98\r\n",
    "姓名,部门,电话\n张三,财务部,027-83210001\n李四,人事部,027-83210002\n",
    '品名,价格(元),备注\n"大米,5公斤",35,"东北产。"\n面粉,18,\n',
    "\n\n门店,销售额(万元)\n汉口店,320\n\n",
]
PROSE_GIVEN = [
    "春天来了,花开了\n夏天来了,蝉叫了",
    "床前明月光，疑是地上霜\n举头望明月，低头思故乡",
    "2023年，全区新建学校3所，新增学位1500个。\n2024年，全区新建学校5所，新增学位2000个。",
    "第一季度，完成投资，3亿元\n第二季度，完成投资，4亿元",
    "苹果,5元\n香蕉,3元",
    "甲方：东风公司，乙方：江汉公司\n金额：30万元，工期：60天",
    "关于放假的通知,请各单位遵照执行\n放假时间,10月1日",
    "各位老师，同学们，朋友们\n大家上午好，欢迎大家，谢谢大家",
    "In 2024, we opened 3 shops, and sold 320 units\nIn 2025, we opened 5, and sold 410",
    "汉口店2025年销售额410万元，武昌店265万元。",
    "门店,销售额\n汉口店,410,注\n武昌店,265",
    "",
]


@pytest.mark.parametrize("text", TABLES_GIVEN)
def test_a_text_that_is_plainly_a_table_is_read_as_one(text: str) -> None:
    assert "<table>" in (read_given(text, "文档1") or "")


@pytest.mark.parametrize("text", PROSE_GIVEN)
def test_prose_with_commas_is_no_table(text: str) -> None:
    assert read_given(text, "文档1") is None
