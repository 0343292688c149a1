"""Units and measure words: which words are one, and what counts the same.

Measure words are a closed class and listed. Units of measurement are open and read by form:
a prefix and a base (兆帕, 立方米), what a base is counted in (吨标准煤), one unit by another
(元/平方米, 元每人), and days and hours of a kind (个工作日, 学时).
"""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["BASE_UNITS", "DURATIONS", "UNIT", "measures", "same_unit"]

_MONEY = "人民币|块钱|[美欧港日韩澳加]元|英镑|元|角|分钱"
_POINTS = "分(?![之别析类布公局院店行校成组期享担配拣解管流歧子数钟工])"
_TIMES = (
    r"个?(?:法定)?(?:工作|自然|交易|日历)日|个?(?:学|课|小)时|[周虚]岁|周年|个?(?:学年|学期|学分|季度|星期)|"
    "个[多半]?月|分钟|刻钟|岁|年|月|周(?!岁)|天|日|秒|届|期|代|点"
)
_BASE = (
    "米|克|升|瓦(?:时|特)?|伏(?:安)?|帕|赫兹?|焦耳?|卡路?里?|安(?:培|时)|吨|斤|里|顷|亩|"
    "英里|英尺|英寸|海里"
)
_MEASURED = (
    rf"(?:平方|立方|标准立方)?(?:[千毫厘分微纳公兆吉]|百万)?(?:{_BASE})"
    "(?:标准煤|标煤|油当量|二氧化碳(?:当量)?|公里|级)?|千伏安|兆瓦时|吉瓦时|公顷|摄氏度|分贝|"
    "[kMG]Wh?|k?m[²³2]?(?![A-Za-z])|[kmcμ][mgL](?![A-Za-z])|[GTM]B|[MG]bps|[MG]Hz|[kM]Pa|TEU|°C|℃"
)
_SHARES = "个百分点|百分点|个基点|%|‰|‱|倍|成"
_COUNTED = (
    "个?(?:标准单位|标准箱|标箱|泊位|床位|车位|学位|席位|工位|展位|铺位|班次|车次)|架次|辆次|人次|户次|班次|车次|批次|件次|场次|"
    "人天|桶|例|票|局|轮|次|个|家|户|所|部|处|套|间|人|名|位|项|场|枚|条|座|只|件|台|辆|艘|架|栋|幢|层|"
    "册|本|张|份|篇|种|类|级|批|组|对|支|口|片|块|株|棵|门|款|度|万|亿|席|列|班|趟|步|首|幅|颗|头|匹|盏|"
    "句|字|大|宗|起|袋|盒|瓶|箱|包|盆|串|杯|餐|顿|笔|单|回|遍|尾|羽|床|桌|堂|节"
)
_ONE = rf"(?:{_SHARES}|{_TIMES}|{_MONEY}|{_POINTS}|{_MEASURED}|{_COUNTED})"
_PER = (
    "(?:人|户|家|亩|年|月|日|天|周|次|生|班|米|吨|公里|千瓦时|[平立]方米|平方公里|小时|秒|立方|"
    "床|套|车|台|学期|学年)"
)
UNIT = rf"{_ONE}(?:[/／]{_PER}(?:[/／·]{_PER})*|每{_PER}|·{_PER})?"

DURATIONS = (
    "年", "周年", "个月", "月", "周", "天", "日", "小时", "个小时", "分钟", "刻钟", "秒", "岁",
    "周岁", "工作日", "个工作日", "自然日", "个自然日", "个星期", "星期", "学期", "学年", "学时",
    "个学时", "课时", "季度", "个季度", "交易日", "个交易日",
)  # fmt: skip
_LOOSE = frozenset(
    "年月日天周届期代点次种类级批组大步字句单回遍起层度万亿班席列部处场张份口片面条项名位人个家户所"
    "套间枚座只件台辆艘架栋幢册本篇对支块株棵门款趟首幅颗头匹盏宗袋盒瓶箱包盆串杯餐顿笔尾羽床桌堂节例票局轮桶分角"
)
_COUNTERS = frozenset("个家户所部处套间项场枚条座只件台辆艘架栋幢支片块株棵门款种类批组席列宗起例")
_OF_PLACES = re.compile("^个?[泊床车学席工展铺]位$")  # 74个泊位 are 74个
_PEOPLE = frozenset("人名位")
_SPOKEN_MONEY = ("块", "块钱")
BASE_UNITS = {
    "成": ("%", Decimal(10)), "公里": ("米", Decimal(1000)), "千米": ("米", Decimal(1000)),
    "公斤": ("克", Decimal(1000)), "千克": ("克", Decimal(1000)), "斤": ("克", Decimal(500)),
    "吨": ("克", Decimal(1_000_000)), "人民币": ("元", Decimal(1)), "角": ("元", Decimal("0.1")),
    "公顷": ("平方米", Decimal(10_000)), "平方公里": ("平方米", Decimal(1_000_000)),
    "百分点": ("个百分点", Decimal(1)), "周岁": ("岁", Decimal(1)), "个月": ("月", Decimal(1)),
    "天": ("日", Decimal(1)), "个工作日": ("工作日", Decimal(1)),
    "个自然日": ("自然日", Decimal(1)), "个小时": ("小时", Decimal(1)),
    "个学时": ("学时", Decimal(1)),
}  # fmt: skip


def measures(unit: str) -> bool:
    """Whether a unit measures even after 一: 一小时, but not 一次, 一家 or 一年."""
    return unit not in _LOOSE and unit != "周年"


def same_unit(asked: str, found: str) -> bool:
    """Whether a figure in `found` can answer a question that counts in `asked`.

    People count in 个 what a text counts in 家, 所 or 处; 人, 名 and 位 are one; a share may
    have risen by 个百分点; what is asked in 元 may be told in 元/月, in 天 in 工作日.
    """
    asked, found = (BASE_UNITS.get(unit, (unit,))[0] for unit in (asked, found))
    asked, found = (_OF_PLACES.sub("个", unit) for unit in (asked, found))
    if asked == found or found.startswith((f"{asked}/", f"{asked}每")):
        return True
    if asked in _PEOPLE and found in _PEOPLE:
        return True
    if asked in _SPOKEN_MONEY and found.startswith("元"):
        return True
    if asked == "%" and found == "个百分点":
        return True
    if asked == "日" and found in ("工作日", "自然日", "交易日"):
        return True
    return asked in _COUNTERS and found in _COUNTERS
