"""The words of asking: which kind of thing a question wants, and what it says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from corpus import FactStatus
from corpus.language import UNIT

__all__ = [
    "ASKING",
    "ASKING_CHARACTERS",
    "CHOICE",
    "FUNCTION_WORDS",
    "Kind",
    "asked_labels",
    "asked_status",
    "asked_unit",
    "asks",
    "asks_ahead",
    "asks_change",
    "asks_for_one",
    "asks_growth",
    "asks_how",
    "asks_how_long",
    "asks_now",
    "asks_why",
    "has_any",
    "kind_of",
]

LONGEST_KEYWORDS = 20  # characters; a longer text that asks nothing is a request to describe

Kind = Literal["figure", "date", "list", "entity", "yesno", "descriptive", "keywords"]

ASKING = re.compile("多[少大高长远久重宽]|(?<![那这前近头])几|哪|什么|谁|怎|(?<!任)何|啥")
ASKING_CHARACTERS = "多几哪什谁怎何吗"
# 是不是, 可不可以, 有没有: what is asked to be chosen from.
CHOICE = re.compile(r"(?P<verb>[\u3400-\u9fff])[不没](?P=verb)|[是能可]否|了没有?|有无")

_DATE = re.compile(
    r"什么时[候间]|啥时候|何时|哪[一几]?天|几月|哪月|几号(?![令文])|(?:星期|周|礼拜)几|哪一?年|何年|多会儿?|多早|"
    r"什么日子|(?:哪|什么)一?[个段]?(?:时[期段]|年代)|时间是|(?:时间|日期)[?？]?$"
)
_HOW_LONG = (
    "多久", "多长", "几个月", "几个星期", "几小时", "几个小时", "几个工作日", "几年", "几天",
    "几周", "时长", "时限", "期限", "年限", "工期", "有效期", "学制", "周期",
)  # fmt: skip
_NO_LENGTH = ("哪几", "第几", "几年级", "几周年", "几天前", "什么时候")
_HOW_OLD = ("多大年纪", "多大岁数", "多大年龄", "几岁", "年龄", "年纪", "多少岁", "周岁")
_WHICH_YEAR = ("哪年", "哪一年", "何年")
_WHICH_DAY = ("哪天", "哪一天", "几号", "几月", "哪月", "什么日子")
_FIGURE = re.compile(
    r"多少|(?<![那这前近头])几(?![乎何])|多[大高长远重宽久]|百分之|占比|比例|比重|总额|总数|数量|规模有|规模是|面积"
)
_LIST = re.compile(
    r"哪些|哪几(?![天日年月])|哪[两二三四五六七八九十]|有[什啥]么?(?!好处|用|作用|意义|影响|区别|不同|关系)|都有|列举|分别(?:是|为)|包括什么|名单|几大"
)
_ENTITY = re.compile(
    r"谁|哪[家个里儿座项条位所支款届类种]?|何处|什么地方|叫什么|叫啥|什么(?:名|奖|称号|公司|企业|地)|是什么|"
    r"(?:冠军|亚军|季军|得主|导演|主演|作者|负责人|主席|总统|书记|[区市省县局校院厂社]长|总裁|总经理|"
    r"创始人|主办方|承办方|地点|地址|位置|主题|名称|名字)[?？]?$"
)
_YESNO = re.compile(
    rf"吗|么[?？]?$|{CHOICE.pattern}|吧[?？]?$|[对是]吧|(?:能|可以|需要|[要会算用])[^，,。?？]{{1,12}}不[?？]?$"
)
_HOW = ("怎么", "如何", "怎样", "为什么", "为何", "为啥", "咋", "什么", "啥")
_FOR_ONE = re.compile(
    f"每(?![年月天日周季次期])一?(?:{UNIT})|人均|户均|[一1](?:个人|套|户)[^，,。]{{0,6}}(?:多少|几)|"
    "(?:我(?![区县市省们国校])|本人|个人)[^，,。?？]{0,10}(?:能|可以|可)(?:够)?(?:拿|领|得|享受|申请|补|获)"
)
_WHY = ("为什么", "为何", "为啥", "凭什么", "凭啥", "怎么会", "什么原因")
_MANNER = re.compile(
    r"怎|如何|(?<![称译作视名改成叫定化变列评当认])为[什何啥]|咋|什么样|[做干办搞]什么"
)
_ASKED_UNIT = re.compile(
    rf"(?:多少|(?<![那这前近头])几)(?:来|多)?(?P<scale>(?:[百千]?万亿|[十百千]?[万亿])?)(?P<unit>{UNIT})?"
)
_MONEY = (
    "多少资金",
    "多少钱",
    "多少投资",
    "资金",
    "金额",
    "花了",
    "投了",
    "投资额",
    "总投资",
    "奖补",
    "营收",
    "租金",
    "房租",
    "价格",
    "房价",
    "售价",
    "单价",
    "均价",
    "费用",
    "票价",
    "工资",
    "奖金",
    "罚款",
    "造价",
)
_SHARE = ("百分之", "占比", "比例", "比重", "比率", "率")

_ASKED_AIM = ("计划", "目标", "力争", "争取", "打算", "预期")
_AHEAD = ("要", "将", "会", "想", "准备", "拟", "规划", "安排", "打造", "未来", "达到", "预计")
_CHANGE = re.compile(
    "(?:增加|增长|新增|多|涨|降|减少?|下降|提高|扩大|缩小|缩短|提升|少)了?(?:多少|几)(?!倍|百分)"
)
_GROWTH = re.compile("(?:增加|增长|上涨|涨|下?降|减少?|提高|扩大|缩[小短]|提升)了?(?:多少|几)")
_ASKED_NOW = ("现在", "目前", "现行", "如今", "最新")
_ASKED_DONE = ("实际", "已经", "完成了", "截至", "目前")

# Words of asking and of grammar: they say nothing about what the evidence must hold.
FUNCTION_WORDS = re.compile(
    r"请问一下|请问|我想知道|想知道|我想问|想问|麻烦|告诉我|你知道|知道|介绍一下|说说|一下|"
    r"什么时候|啥时候|什么地方|多少|哪些|哪几|哪一?[年天]|哪[家个里儿座项条位所支款类种]|有没有|是不是|是否|"
    r"为什么|为何|怎么样|怎么|如何|怎样|什么|几[月号]|分别|总共|一共|合计|大概|大约|到底|究竟|目前|现在|截至|"
    r"[的了吗呢吧啊呀么嘛是啥咋谁哪几我你他她它]|多[大高长久]"
)
# What a document says of itself: the words that ask for it, and the labels such lines have.
_OF_ITSELF = (
    (("文号", "字号", "几号令", "几号文", "几号公告"), ("发文字号", "文号")),
    (("作者", "谁写", "谁作", "谁签", "长作的"), ("报告人", "作者")),
    (("来源", "转载", "转来", "出自"), ("来源", "发布单位", "发文机关")),
)
_PUBLISHED = ("发表", "刊登", "公开", "网上", "发布")
_SIGNED = ("成文", "印发", "发出", "印的", "发的", "作的")


def kind_of(text: str) -> Kind:
    """Which kind of thing a question asks for."""
    if _YESNO.search(text) and not ASKING.search(text):
        return "yesno"
    if _LIST.search(text):
        return "list"
    if _DATE.search(text) and not asks_how_long(text):
        return "date"
    if "文号" in asked_labels(text):
        return "entity"
    if _FIGURE.search(text) or asks_how_long(text):
        return "figure"
    if _ENTITY.search(text):
        return "entity"
    if has_any(text, _HOW):
        return "descriptive"
    return "keywords" if len(text) <= LONGEST_KEYWORDS else "descriptive"


def has_any(text: str, words: Sequence[str]) -> bool:
    """Whether a text holds one of some words."""
    return any(word in text for word in words)


def asks(text: str) -> bool:
    """Whether a text holds a word of asking."""
    forms = (_DATE, _FIGURE, _LIST, _ENTITY, _YESNO)
    return any(form.search(text) for form in forms) or has_any(text, _HOW)


def asked_unit(text: str, kind: Kind) -> str:
    """The measure word a question asks for, 年 or 日 of a date, or ""."""
    if kind == "date":
        return "年" if has_any(text, _WHICH_YEAR) else "日" if has_any(text, _WHICH_DAY) else ""
    asked = _ASKED_UNIT.search(text)
    unit = (asked["unit"] or ("元" if "亿" in asked["scale"] else "")) if asked else ""
    if "百分之" in text:
        unit = "%"
    elif has_any(text, _MONEY) and unit in ("", "万", "亿"):
        unit = "元"
    elif not unit and has_any(text, _SHARE):
        unit = "%"
    if kind == "figure" and has_any(text, _HOW_OLD) and unit in ("", "岁", "周岁"):
        unit = "岁"
    return unit


def asks_how(text: str) -> bool:
    """Whether a manner, a reason or a deed is asked for, which takes a clause to tell."""
    return bool(_MANNER.search(text))


def asks_why(text: str) -> bool:
    """Whether a reason is asked for."""
    return has_any(text, _WHY)


def asks_for_one(text: str) -> bool:
    """Whether it is asked how much there is for one: 每套多少钱, 我能拿多少."""
    return bool(_FOR_ONE.search(text))


def asks_how_long(text: str) -> bool:
    """Whether a length of time or an age is asked for."""
    lasts = has_any(text, _HOW_LONG) and not has_any(text, _NO_LENGTH)
    return lasts or has_any(text, _HOW_OLD)


def asked_status(text: str) -> FactStatus:
    """Whether a question asks for what was planned or for what was done, where it says so."""
    if has_any(text, _ASKED_AIM):
        return "target"
    return "done" if has_any(text, _ASKED_DONE) else ""


def asks_ahead(text: str) -> bool:
    """Whether a question speaks of what is still to be done, in whatever words."""
    return has_any(text, _ASKED_AIM) or has_any(text, _AHEAD)


def asks_change(text: str) -> bool:
    """Whether it is asked by how much something changed: 增加了几条."""
    return bool(_CHANGE.search(text))


def asks_growth(text: str) -> bool:
    """Whether it is asked by how much what was there before grew or shrank: 增长多少."""
    return bool(_GROWTH.search(text))


def asks_now(text: str) -> bool:
    """Whether what holds at present is asked for, of several versions the latest."""
    return has_any(text, _ASKED_NOW)


def asked_labels(text: str) -> tuple[str, ...]:
    """The names of what a document says of itself that a question asks for: 发布日期, 文号."""
    labels = [label for words, names in _OF_ITSELF if has_any(text, words) for label in names]
    if _DATE.search(text) or has_any(text, ("日期", "时间")):
        labels += ["发布日期"] if has_any(text, _PUBLISHED) else []
        labels += ["成文日期", "报告时间", "发布日期"] if has_any(text, _SIGNED) else []
    return tuple(labels)
