"""Documents as they are: headings, lists, tables, fields, tags and dirt, mapped to the raw text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from corpus import Document, DocumentError, enumerations_of, make_document, split


def read(document: Document) -> list[str]:
    return ["".join(piece.text for piece in passage.body) for passage in split(document)]


def section_of(document: Document, words: str) -> tuple[str, ...]:
    return document.block_at(document.text.index(words)).section


def test_numbered_headings_have_levels() -> None:
    document = make_document(
        "某市办法\n\n第一章 总则\n\n第一条 为了管理，制定本办法。\n\n第二章 申请\n\n一、条件\n\n"
        "（一）年龄\n\n应当年满十八周岁。\n\n（二）户籍\n\n应当有本市户籍。\n\n二、材料\n\n身份证一份。\n",
        "x",
    )
    assert section_of(document, "第一条") == ("第一章 总则",)
    assert section_of(document, "年满十八") == ("第二章 申请", "一、条件", "（一）年龄")
    assert section_of(document, "有本市户籍") == ("第二章 申请", "一、条件", "（二）户籍")
    assert section_of(document, "身份证") == ("第二章 申请", "二、材料")


@pytest.mark.parametrize(
    "items",
    [
        "1. 甲项目；\n2. 乙项目；\n3. 丙项目。",
        "（一）甲项目；\n（二）乙项目；\n（三）丙项目。",
        "①甲项目\n②乙项目\n③丙项目",
        "● 甲项目；\n● 乙项目；\n● 丙项目。",
        "- 甲项目\n- 乙项目\n- 丙项目",
        "第一步：甲项目。\n第二步：乙项目。\n第三步：丙项目。",
    ],
)
def test_a_list_over_lines_is_one_with_what_leads_it_in(items: str) -> None:
    document = make_document(f"清单\n\n今年安排下列项目：\n\n{items}\n\n以上由区里实施。\n", "x")
    (found,) = enumerations_of(document)
    assert found.lead
    assert document.text[slice(*found.lead)] == "今年安排下列项目："
    assert [document.text[slice(*item)] for item in found.items] == ["甲项目", "乙项目", "丙项目"]


@pytest.mark.parametrize(
    "line",
    [
        "措施有三条：一是设立专员，二是开设窗口，三是延长时间。",
        "申请材料包括：（一）身份证；（二）户口簿；（三）申请书。",
        "分为三步：第一，登记，第二，评估，第三，签约。",
        "对象为：老年人；残疾人；学生。",
    ],
)
def test_a_list_within_a_line_is_one(line: str) -> None:
    document = make_document(f"说明\n\n{line}\n", "x")
    assert [len(found.items) for found in enumerations_of(document)] == [3]


TABLES = {
    "markdown": "| 产品 | 单位 | 2023年产量 |\n|---|---|---|\n| 水泥 | 万吨 | 176.9 |\n"
    "| 纱 | 吨 | 9012 |",
    "tabs": "产品\t单位\t2023年产量\n水泥\t万吨\t176.9\n纱\t吨\t9012",
    "spaces": "产品 单位 2023年产量\n水泥 万吨 176.9\n纱 吨 9012",
    "html": "<table><tr><th>产品</th><th>单位</th><th>2023年产量</th></tr>"
    "<tr><td>水泥</td><td>万吨</td><td>176.9</td></tr><tr><td>纱</td><td>吨</td><td>9012</td></tr></table>",
    "head": "产品\t2023年产量（万吨）\n水泥\t176.9\n石灰\t12",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_row_is_read_under_its_head_with_its_unit(table: str) -> None:
    document = make_document(f"产量表\n\n{table}\n", "x")
    assert any("水泥：2023年产量176.9万吨" in text for text in read(document))
    fact = next(f for f in document.facts if f.figure.text == "176.9")
    assert (fact.figure.value, fact.figure.unit) == (Decimal(1_769_000), "吨")
    assert (fact.year, fact.subject) == (2023, "水泥")
    assert document.text[fact.figure.start : fact.figure.end] == "176.9"


def rows_of(document: Document) -> list[dict[str, str]]:
    """The rows of tables by their heads."""
    text = document.text
    return [
        {text[slice(*h)]: text[slice(*c)] for h, c in zip(b.heads, b.cells, strict=False)}
        for b in document.blocks
        if b.heads
    ]


HEADS = (
    "<tr><td rowspan=2>乡镇</td><td colspan=2>2023年</td></tr><tr><td>人口</td><td>产值</td></tr>"
)
SPANS: dict[str, tuple[str, dict[str, str]]] = {
    "a name over two rows": (
        (
            "<tr><th>乡镇</th><th>村</th><th>人口</th></tr>"
            "<tr><td rowspan='2'>东岭镇</td><td>甲村</td><td>310人</td></tr>"
            "<tr><td>乙村</td><td>290人</td></tr>"
        ),
        {"乡镇": "东岭镇", "村": "乙村", "人口": "290人"},
    ),
    "a value over two rows": (
        (
            "<tr><th>乡镇</th><th>电话</th></tr><tr><td>东岭</td><td rowspan=2>12345</td></tr>"
            "<tr><td>西坪</td></tr>"
        ),
        {"乡镇": "西坪", "电话": "12345"},
    ),
    "an empty cell over two rows": (
        (
            "<tr><th>乡镇</th><th>备注</th><th>人口</th></tr><tr><td>东岭</td><td rowspan=2></td>"
            "<td>310人</td></tr><tr><td>西坪</td><td>290人</td></tr>"
        ),
        {"乡镇": "西坪", "备注": "", "人口": "290人"},
    ),
    "a row without its ends": (
        "<tr><th>乡镇<th>村<th>人口<tr><td rowspan=2>东岭<td>甲村<td>310人<tr><td>乙村<td>290人",
        {"乡镇": "东岭", "村": "乙村", "人口": "290人"},
    ),
    "heads over two rows": (
        f"{HEADS}<tr><td>东岭</td><td>3100</td><td>4亿元</td></tr>",
        {"乡镇": "东岭", "2023年人口": "3100", "2023年产值": "4亿元"},
    ),
    "heads over two rows, the rest words": (
        HEADS + "<tr><td>东岭</td><td>较多</td><td>较高</td></tr>",
        {"乡镇": "东岭", "2023年人口": "较多", "2023年产值": "较高"},
    ),
    "heads over two rows without a merged one": (
        (
            "<tr><td></td><td colspan=2>2023年</td></tr>"
            "<tr><td>乡镇</td><td>人口</td><td>产值</td></tr>"
            "<tr><td>东岭</td><td>3100</td><td>4亿元</td></tr>"
        ),
        {"乡镇": "东岭", "2023年人口": "3100", "2023年产值": "4亿元"},
    ),
    "heads in a head": (
        (
            "<thead><tr><td>地区</td><td colspan=2>年份</td></tr><tr><td>乡镇</td><td>2022年</td>"
            "<td>2023年</td></tr></thead><tbody><tr><td>东岭</td><td>3000</td><td>3100</td></tr>"
        ),
        {"地区乡镇": "东岭", "年份2022年": "3000", "年份2023年": "3100"},
    ),
    "heads over three rows": (
        (
            "<tr><td rowspan=3>乡镇</td><td colspan=3>产量</td></tr><tr><td colspan=2>粮食</td>"
            "<td rowspan=2>茶叶</td></tr><tr><td>早稻</td><td>晚稻</td></tr>"
            "<tr><td>东岭</td><td>31吨</td><td>29吨</td><td>5吨</td></tr>"
        ),
        {"乡镇": "东岭", "产量粮食早稻": "31吨", "产量粮食晚稻": "29吨", "产量茶叶": "5吨"},
    ),
    "a head over two columns that are one": (
        (
            "<tr><td>乡镇</td><td colspan=2>人口</td></tr>"
            "<tr><td>东岭</td><td colspan=2>310人</td></tr>"
        ),
        {"乡镇": "东岭", "人口": "310人"},
    ),
    "a value over two columns": (
        (
            "<tr><th>病种</th><th>职工</th><th>居民</th></tr>"
            "<tr><td>甲病</td><td colspan=2>50元</td></tr>"
        ),
        {"病种": "甲病", "职工": "50元", "居民": "50元"},
    ),
    "words over two columns": (
        (
            "<tr><th>病种</th><th>职工</th><th>居民</th></tr>"
            "<tr><td>甲病</td><td colspan=2>由所在单位统一办理手续</td></tr>"
        ),
        {"病种": "甲病", "职工": "由所在单位统一办理手续"},
    ),
    "a name over two columns": (
        "<tr><th>类</th><th>项</th><th>金额</th></tr><tr><td colspan=2>合计</td><td>50元</td></tr>",
        {"类": "合计", "项": "", "金额": "50元"},
    ),
    "a title above and a note below": (
        (
            "<tr><td colspan=2>附表1 人口表</td></tr><tr><td>乡镇</td><td>人口</td></tr>"
            "<tr><td>东岭</td><td>310人</td></tr><tr><td colspan=2>注：由统计站提供。</td></tr>"
        ),
        {"乡镇": "东岭", "人口": "310人"},
    ),
    "an empty corner": (
        (
            "<tr><td></td><td>2022年</td><td>2023年</td></tr>"
            "<tr><td>水泥</td><td>5吨</td><td>6吨</td></tr>"
        ),
        {"": "水泥", "2022年": "5吨", "2023年": "6吨"},
    ),
    "more rows and columns than there are": (
        (
            "<tr><th>乡镇</th><th colspan=99999>人口</th></tr>"
            "<tr><td rowspan=0>东岭</td><td>310人</td></tr><tr><td>290人</td></tr>"
        ),
        {"乡镇": "东岭", "人口": "290人"},
    ),
}


@pytest.mark.parametrize("kind", SPANS)
def test_cells_over_several_rows_or_columns_are_read_in_each(kind: str) -> None:
    table, row = SPANS[kind]
    document = make_document(f"<h1>人口报告</h1><table>{table}</table><p>以上是报告。</p>", "x")
    assert rows_of(document)[-1] == row
    blanks = "\t\n "
    assert all(
        document.raw[place] == character
        for character, place in zip(document.text, document.offsets, strict=True)
        if character not in blanks
    )


def test_what_stands_across_a_table_above_and_below_it_is_no_row() -> None:
    table, _ = SPANS["a title above and a note below"]
    document = make_document(f"<h1>人口报告</h1><table>{table}</table>", "x")
    found = {document.text[b.start : b.end]: b.kind for b in document.blocks}
    assert "row" not in (found["附表1人口表"], found["注：由统计站提供。"])


@pytest.mark.parametrize(
    "form",
    [
        (
            "<tr><td>单位名称</td><td colspan=3></td></tr>"
            "<tr><td>代码</td><td></td><td>电话</td><td></td></tr>"
        ),
        (
            "<tr><td>单位名称</td><td colspan=3>青溪镇</td></tr>"
            "<tr><td>性质</td><td>机关</td><td>行业</td><td>管理</td></tr>"
            "<tr><td>人数</td><td>35</td><td>电话</td><td>12345</td></tr>"
        ),
        (
            "<tr><td>姓名</td><td>张三</td><td rowspan=2>照片</td></tr>"
            "<tr><td>性别</td><td>男</td></tr><tr><td>年龄</td><td>35</td><td></td></tr>"
        ),
        "<tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr><tr><td>5</td><td>6</td></tr>",
        (
            "<tr><td rowspan=2>类别</td><td colspan=2>补贴</td></tr>"
            "<tr><td>本科</td><td>5000元</td></tr><tr><td>硕士</td><td>8000元</td><td></td></tr>"
        ),
    ],
)
def test_rows_of_a_form_are_not_made_one(form: str) -> None:
    document = make_document(f"<h1>申请表</h1><table>{form}</table>", "x")
    assert sum(block.kind == "row" for block in document.blocks) == form.count("<tr>")


def test_a_table_within_a_cell_has_its_own_rows() -> None:
    inner = "<table><tr><th>村</th><th>人口</th></tr><tr><td>甲村</td><td>310人</td></tr></table>"
    document = make_document(
        f"<h1>报告</h1><table><tr><td>东岭</td><td>{inner}说明在此。</td></tr>"
        "<tr><td>西坪</td><td>290人</td></tr></table>",
        "x",
    )
    assert {"村": "甲村", "人口": "310人"} in rows_of(document)
    assert document.text.splitlines()[-2:] == ["说明在此。", "西坪\t290人"]


WIDE = {
    "a long cell over all rows": "<tr><td rowspan=9999>" + "长" * 5_000 + "</td></tr>"
    "<tr><td>1</td></tr>" * 5_000,
    "wide cells": "<tr><td colspan=9999>一</td><td>二</td></tr>" * 9_000,
    "cells over all rows": "<tr>" + "<td rowspan=9999>一</td>" * 90 + "</tr>"
    "<tr><td>二</td></tr>" * 9_000,
    "rows of nothing": "<tr><td rowspan=65000 colspan=200>一</td></tr>" + "<tr>" * 300_000,
}


@pytest.mark.parametrize("table", WIDE.values(), ids=WIDE)
def test_a_table_of_few_cells_is_no_bomb(table: str) -> None:
    document = make_document(f"<h1>报告</h1><table>{table}</table>", "x")
    assert len(document.text) < len(table) + 3_000_000


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("三、劳动节：5月1日至3日放假调休，共3天。", "劳动节"),
        ("（二）临时救助：每人每次1200元。", "临时救助"),
        ("押金：每户5000元。", "押金"),
        ("1. 成人票: 60元", "成人票"),
        ("- 二级残疾：每月补贴80元。", "二级残疾"),
    ],
)
def test_figures_of_a_named_line_are_of_what_it_names(line: str, subject: str) -> None:
    document = make_document(f"办事指南\n\n一、标准\n\n{line}\n", "x")
    assert {fact.subject for fact in document.facts} == {subject}


def test_lines_without_columns_are_no_table() -> None:
    document = make_document("通讯录\n\n张三 科长\n\n李四 主任\n\n他们都在。\n", "x")
    assert all(block.kind != "row" for block in document.blocks)


def test_head_and_foot_of_an_official_document_are_named() -> None:
    document = make_document(
        "某市人民政府关于印发办法的通知\n\n某政发〔2023〕12号\n\n各区人民政府：\n\n现印发给你们，请执行。\n\n"
        "某市人民政府\n\n2023年5月6日\n",
        "x",
    )
    labels = {document.text[b.start : b.end]: b.label for b in document.blocks if b.label}
    assert labels["某政发〔2023〕12号"].startswith("发文字号")
    assert "成文日期" in labels["2023年5月6日"]
    assert "发文机关" in labels["某市人民政府"]


def test_a_numbered_sentence_above_text_heads_it() -> None:
    text = (
        "某县报告\n\n（一）加快工业转型。\n\n培育企业，推动技术改造，全年完成投资12亿元以上。\n\n"
        "（二）改善人居环境。\n\n整治河道，建设口袋公园，新增绿地30公顷，绿化率达到40%。\n"
    )
    document = make_document(text, "某县报告.txt")
    kinds = [block.kind for block in document.blocks]
    assert kinds == ["title", "heading", "paragraph", "heading", "paragraph"]


def test_a_question_heads_its_answer() -> None:
    document = make_document(
        "常见问题\n\n1. 怎么申请？\n\n答：到窗口申请。\n\n2. 要多久？\n\n答：五个工作日。\n", "x"
    )
    assert section_of(document, "五个工作日") == ("2. 要多久？",)


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        ("报告\n\n全镇实现税收5600万\n元，增长12%。\n", "税收5600万元，"),
        ("报告\n\n新增日处理能力\n—4—\n12万吨，已投用。\n", "新增日处理能力12万吨"),
        ("报告\n\n2023 年，新增就业 1 860 人。\n", "2023年，新增就业1860人。"),
        ("报告\n\n第 1 0 条 收入 46.8 亿元。\n", "第10条 收入46.8亿元。"),
        ("<p>报告</p><p>收费&nbsp;<b>15</b>元&#65307;电话&#x31;23。</p>", "收费15元；电话123。"),
        ("报告\n\n免费<br>开放。\n", "开放。"),
    ],
)
def test_dirt_is_cleared_and_every_character_leads_back(raw: str, whole: str) -> None:
    document = make_document(raw, "x")
    assert whole in document.text
    start = document.text.index(whole)
    first, last = document.raw_span(start, start + len(whole))
    assert raw[first] == whole[0]
    assert 0 <= first < last <= len(raw)
    assert list(document.offsets) == sorted(document.offsets)


def test_menus_and_what_follows_a_page_are_left_out() -> None:
    raw = (
        "<html><head><title>网站</title><script>var x=1;</script></head><body>"
        "<ul><li><a>首页</a></li>"
        "<li><a>政务</a></li><li><a>服务</a></li><li><a>互动</a></li></ul><h1>招生方案</h1>"
        "<p>报名时间为7月5日，请按时到校。</p><p>分享：</p></body></html>"
    )
    document = make_document(raw, "x")
    assert document.title == "招生方案"
    assert document.text == "招生方案\n报名时间为7月5日，请按时到校。"


def test_each_document_has_its_own_year_and_place() -> None:
    old = make_document("青溪区2021年成绩单\n\n2021年，新增停车位600个。\n", "a")
    new = make_document("合同\n\n合同到期日2088年1月1日。\n", "b")
    assert (old.year, old.present, old.place) == (2021, 2021, "青溪区")
    assert new.year is None
    report = make_document(
        "2026年某市政府工作报告\n\n——2026年1月26日在某市第九届人民代表大会上\n\n各位代表：工作如下。\n",
        "c",
    )
    assert (report.year, report.present) == (2025, 2026)


SHAPES = {
    "one line": "工厂完成投资" * 15_000,
    "commas": "完成投资，\n" * 15_000,
    "repeats": "\n\n".join(
        f"第{i}村全年新增就业人数达到一千人，帮助困难群众实现再就业。" for i in range(2_000)
    ),
    "numbered": "\n".join(f"{i}. 项目投资{i}亿元；" for i in range(5_000)),
    "spaces": "\n".join(f"水泥{i} 万吨 一般" for i in range(5_000)),
    "tags": "<div>" * 15_000,
    "table": "<table>" + "<tr><td>1路</td><td>2元</td></tr>" * 3_000,
    "quotes": "“" * 60_000,
    "years": "2024年、" * 12_000,
    "headings": "\n".join(f"# 标题{i}" for i in range(8_000)),
    "dates": "2024年5月1日至" * 40_000,
    "sums": "1.5元，" * 40_000,
}


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_a_long_text_of_any_shape_is_read(raw: str) -> None:
    """What took time as the square of its length would not end before the test's time is up."""
    document = make_document(raw, "x")
    assert len(document.offsets) == len(document.text)
    assert len(split(document)) <= len(raw)


@pytest.mark.parametrize("line", ["甲\n", "- 乙\n", "1\t2\n", "<p>丙</p>", "<tr><td>丁</td></tr>"])
def test_a_text_of_too_many_lines_is_refused_with_the_limit(line: str) -> None:
    page = "<table>" if line.startswith("<tr>") else ""
    assert make_document(page + line * 100, "x").text
    with pytest.raises(DocumentError, match=r"x\.txt: 有 30000 行，最多 20000 行，请拆成几份"):
        make_document(page + line * 30_000, "x.txt")


@pytest.mark.parametrize(
    "unit", ["{}.5元，" * 10, "投资{}亿元。" * 10, "水泥{}" + "\t1万吨" * 10 + "\n"]
)
def test_a_text_of_too_many_figures_is_refused_with_the_limit(unit: str) -> None:
    assert len(make_document(unit.replace("{}", "7") * 100, "x").facts) == 1000
    with pytest.raises(DocumentError, match=r"x\.txt: 带单位的数字超过 40000 个，请拆成几份"):
        make_document(unit.replace("{}", "7") * 4_001, "x.txt")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "全省出口增长8%。西宁、海东的园区投产。西宁市、西宁的机场建成。青海省、青海的财政增收。",
            "青海",
        ),
        ("全市新建学校12所。武汉市、武汉的地铁通车。洪山区、洪山区、洪山区扩建。", "武汉"),
        ("全市开工地铁3条。浦东新区、浦东新区、浦东新区增绿。上海市、上海的书展开幕。", "上海"),
        ("全区新建食堂5家。武汉、武汉市、武汉的来客增多。东西湖区、东西湖区的园区投产。", "东西湖"),
    ],
)
def test_a_text_is_about_a_place_of_the_level_it_speaks_of(text: str, place: str) -> None:
    assert make_document(f"工作报告\n\n{text}", "文档").place.startswith(place)


@pytest.mark.parametrize(
    "heading",
    [
        "三、研究餐厨垃圾处理厂建设有关问题",
        "（一）关于调整部分街道行政区划的事项",
        "第三条 申请人应当具备的基本条件",
        "2. 审议城乡居民医疗救助实施方案",
        "第二章 专项资金的使用范围和标准",
    ],
)
def test_a_numbered_line_right_above_a_sentence_heads_it(heading: str) -> None:
    document = make_document(
        "某区会议纪要\n\n会议由区长主持，各有关部门负责同志参加，研究了以下几个方面的事项并作出决定：\n\n"
        f"{heading}\n会议同意在东岭镇办理，总投资1.15亿元。由区城管局牵头，2026年6月底前完成并报区政府备案。\n",
        "x",
    )
    assert section_of(document, "会议同意") == (heading,)


@pytest.mark.parametrize(
    "first",
    [
        "三、研究餐厨垃圾处理厂建设的有关问题并在东岭镇和西坪镇",
        "（一）对符合条件的农村低收入群体按照每人每月的标准给予",
        "第三条 申请人应当在规定期限内向户籍所在地的街道办事处",
        "2. 各街道办事处对辖区内的既有住宅加装电梯的申请材料进行",
        "（二）区教育局会同区人力资源和社会保障局以及其他部门对",
    ],
)
def test_a_numbered_sentence_cut_by_its_lines_end_is_whole_again(first: str) -> None:
    rest = "提出办理的意见，由有关部门在规定的期限内研究后作出决定，"
    document = make_document(
        f"某区办法\n\n{first}\n{rest}\n并报区政府备案。\n\n本办法由区民政局负责解释，自公布之日起施行。\n",
        "x",
    )
    assert first.replace(" ", "") + rest in document.text.replace(" ", "")


@pytest.mark.parametrize(
    "line",
    [
        "云溪区人民政府办公室2025年1月16日",
        "（2024年第18次）",
        "某市财政局 2024年3月5日",
        "（2023年5月6日某市人民政府第12次常务会议通过）",
        "（征求意见稿）",
        "某县教育局（2024年7月1日）",
        "二〇二四年三月五日",
    ],
)
def test_lines_under_a_title_head_nothing(line: str) -> None:
    document = make_document(
        f"某区工作总结\n\n{line}\n\n一、完成情况\n\n新建学校5所，新增学位4800个。\n", "x"
    )
    assert section_of(document, "新建学校") == ("一、完成情况",)
    assert document.blocks[1].kind == "meta"
    assert line.replace(" ", "") in document.text.replace(" ", "")


def test_the_day_above_an_annexed_text_heads_nothing_but_that_above_its_events_does() -> None:
    rest = "另有一句话。\n\n" * 6
    notice = (
        f"通知\n\n请执行。\n\n2024年3月14日\n\n某市助餐办法\n\n本办法自公布之日起施行。\n\n{rest}"
    )
    assert section_of(make_document(notice, "x"), "本办法自") == ("某市助餐办法",)
    events = f"某市大事记\n\n全年大事如下。\n\n2024年3月14日\n\n桥通车了，市长到场。\n\n{rest}"
    assert section_of(make_document(events, "x"), "桥通车") == ("2024年3月14日",)


@pytest.mark.parametrize(
    "questions",
    [
        ("1.2025年度指标有多少个？", "2.申请需要具备哪些基本条件？", "3.2025年何时申报？"),
        ("1. 什么是资格分？什么是排名分？", "2. 怎么申请？", "3. 要多久？要多少钱？"),
        ("1、如何申请？", "2、“年满45周岁”从哪天起算？", "3、2024年的材料还能用吗？"),
        ("2025年度指标有多少个？", "申请需要具备哪些条件？", "2024年的材料还能用吗？"),
        ("一、2025年补贴多少钱？", "二、去哪里办理？", "三、2026年的标准会变吗？"),
        ("（一）谁可以领？", "（二）“一次性”是什么意思？", "（三）2025年领过的还能领吗？"),
    ],
)
def test_questions_of_one_form_are_siblings(questions: tuple[str, ...]) -> None:
    answers = ("答：有很多个，见公告。", "答：需要三个条件。", "答：另行通知。")
    body = "\n\n".join(f"{q}\n\n{a}" for q, a in zip(questions, answers, strict=True))
    document = make_document(f"入户问答\n\n{body}\n", "x")
    found = [section_of(document, answer) for answer in answers]
    assert found == [(question,) for question in questions]
