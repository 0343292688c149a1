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


@pytest.mark.parametrize(
    "told",
    [
        "依次点击首页>政务服务>个人办事>在线办理，填报资料，等待审核。",
        "选择“某市—>所在区—>所在镇（街）—>在线办理”提交申请",
        "首页＞个人中心＞我的预约＞取消预约，可在预约前一日取消",
        "路径：我的 > 设置 > 账号与安全 > 注销账号",
        "打开手机设置>通用>关于本机>证书信任设置",
        "浓度依次为甲厂>乙厂>丙厂>丁厂",
    ],
)
@pytest.mark.parametrize("page", ["指南\n\n{}\n\n由窗口受理。\n", "指南\n\n先看一句话。\n\n{}\n"])
def test_a_way_that_a_text_tells_is_kept(told: str, page: str) -> None:
    assert told in make_document(page.format(told), "x").text.replace("\n", "")


@pytest.mark.parametrize(
    "way",
    [
        "<p>当前位置：<a>首页</a> &gt; <a>政务公开</a> &gt; 通知公告</p>",
        "<p><a>首页</a> &gt; <a>政务</a> &gt; <a>民政</a> &gt; 正文</p>",
        "<div>您所在的位置：首页》政务公开</div>".replace("》", "»"),
        "<p><a>某某网</a>&gt;<a>新闻中心</a>&gt;<a>本地要闻</a></p>",
        "<p>您现在的位置： <a>首页</a> ＞ <a>办事</a></p>",
    ],
)
def test_the_way_to_a_page_is_left_out(way: str) -> None:
    page = f"<body><p>某某网</p>{way}<h1>招生方案</h1><p>报名时间为7月5日，请到校。</p></body>"
    text = make_document(page, "x").text
    assert text.split("招生方案")[0].strip() in ("", "某某网")


LOST = {
    "the same fee of each service": (
        "指南\n\n一、补办证件\n\n收费标准\n\n不收取任何费用\n\n二、换领证件\n\n收费标准\n\n不收取任何费用\n\n"
        "三、注销证件\n\n收费标准\n\n不收取任何费用\n"
    ),
    "a heading of each part": (
        "指南\n\n甲事项\n\n办理时限\n\n五日内办结。\n\n乙事项\n\n办理时限\n\n三日内办结。\n\n"
        "丙事项\n\n办理时限\n\n当日办结。\n"
    ),
    "a number to call at the end": "通知\n\n明天停水，请各户储水。\n\n联系电话：12345\n",
    "an hour at the end": "通知\n\n请各村干部准时参加会议。\n\n开会时间：9:30\n",
    "names before the text": "张三\n\n李四\n\n王五\n\n以上三人拟任村支委，现予公示。\n",
    "a notice": "停水通知\n\n各住户\n\n明日停水。\n\n请各户储水，恢复时间另行通知。\n",
    "paragraphs of two towns": (
        "报告\n\n东岭镇卫生院今年新建门诊楼一栋，添置了彩超和牙科椅，聘请退休医生坐诊，群众看病更加方便，好评不断。\n\n"
        "西坪镇卫生院今年新建门诊楼一栋，添置了彩超和牙科椅，聘请退休医生坐诊，群众看病更加方便，好评不断。\n"
    ),
    "a count of pages in a sentence": "说明\n\n请先通读。\n\n共5页，请核对。\n\n然后签字。\n",
}


@pytest.mark.parametrize("raw", LOST.values(), ids=LOST)
def test_what_looks_like_furniture_but_tells_is_kept(raw: str) -> None:
    blanks = str.maketrans(":", "：", "\n ")
    text = make_document(raw, "x").text
    assert text.translate(blanks) == raw.replace(",", "，").translate(blanks)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<h1>甲</h1><p>先读一句。</p><aside>注意：逾期不再受理。</aside>", "注意：逾期不再受理。"),
        ("<nav><a>首页</a><h1>甲</h1><p>没有写完的菜单，后面是正文。</p>", "后面是正文。"),
        ("<h1>甲</h1><h3><button>多久办结</button></h3><p>五日内办结。</p>", "多久办结"),
        ("<h1>甲</h1><button>在哪里申请补贴？</button><p>在窗口申请。</p>", "在哪里申请补贴？"),
        ("<h1>甲</h1><p>请点击<button>提交</button>按钮，等待审核。</p>", "请点击提交按钮，"),
        ("<h1>甲</h1><p>请拨打电话咨询：</p><p><a>02783212345</a></p>", "02783212345"),
        ("<h1>甲</h1><footer>申请截止到七月五日，过期不候。</footer>", "申请截止到七月五日"),
    ],
)
def test_sentences_of_a_page_are_kept_wherever_they_stand(page: str, told: str) -> None:
    assert told in make_document(f"<body>{page}</body>", "x").text


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>分享到：</p>",
        "<p>×</p><p>+</p><p>-</p><p>↺</p>",
        "<p>某ICP备2022092331号-1 某公网安备44010602000929号</p>",
        "<p>网站标识码：4401000004</p>",
        "<p>扫一扫在手机打开当前页</p>",
        "<nav>首页</nav><footer>关于我们 | 网站地图</footer>",
    ],
)
def test_what_a_page_says_of_its_site_is_left_out(furniture: str) -> None:
    page = f"<body><h1>招生方案</h1><p>报名时间为7月5日，请到校。</p>{furniture}</body>"
    assert make_document(page, "x").text == "招生方案\n报名时间为7月5日，请到校。"


@pytest.mark.parametrize(
    "raw",
    [
        "报告\n\n新增日处理能力达到了去年的两倍，\n县政府公报\n—4—\n县政府公报\n总数为12万吨，已投用。\n\n县政府公报\n",
        "报告\n\n第一句话。\n县政府公报\n—1—\n第二句话。\n县政府公报\n—2—\n第三句话。\n县政府公报\n—3—\n",
    ],
)
def test_running_heads_beside_page_numbers_are_left_out(raw: str) -> None:
    text = make_document(raw, "x").text
    assert text.count("县政府公报") <= 2
    assert "—" not in text
