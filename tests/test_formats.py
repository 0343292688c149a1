"""Each format is read with its headings, lists, tables and pages, as a reader would see it."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

from corpus import Document, find_files, is_readable, read, read_bytes, read_file
from corpus.readers.sheets import shown
from made_files import docx, docx_paragraph, pdf, pdf_text, pptx, xlsx, zipped

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
