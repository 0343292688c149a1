"""Is what a yes/no question asks about told: the thing whose being is asked, a word that judges?"""

from __future__ import annotations

import re

from qa.asking import Query, content_runs

__all__ = ["judges_untold", "praises", "thing_untold"]

SHORT_THING = 3  # characters of a name that must all stand together: 火车站 is no 公交车站
HEAD = 2  # characters at its end that say what a thing is

_END = r"(?:吗|么|吧|没有?|呢)?[?？]?$"
# What is asked to be there: 有没有机场, 设有食堂吗, 停车场有没有.
_THERE_IS = re.compile(
    r"(?:有没有|有无|(?<![具所含享占持带])有(?!没有|[权效限关利望色害毒]|资格|机[的肥物蔬]))"
    rf"(?P<thing>[^,，。?？]{{2,}}?){_END}"
)
_LIES_IN = re.compile(
    rf"^(?P<thing>[^,，。?？是]{{2,}}?)是?(?:不是|否|在不)?(?<![还正仍设建开放安住停存办])在[^,，。?？的]{{2,8}}?{_END}"
)
_IS_THERE = re.compile(r"(?P<thing>[^,，。?？]{2,})(?:有没有|有无|有吗)[?？]?$")

# Words that judge, as a question asks by them, and what a text judges with.
_JUDGES = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (
            rf"够不够|不?(?:足够|充足|够用?){_END}",
            "够|充足|充裕|宽裕|富余|饱和|不足|[紧短稀]缺|缺[口少乏]|满足|紧张|供不应求",
        ),
        (
            rf"好不好|[很太更]好{_END}|(?:质量|环境|条件|服务|效果|治安|水平|情况|前景)[好差]{_END}",
            "好|优|佳|差(?!旅|额|异)|一流|先进|领先|领跑|落后|薄弱",
        ),
        (
            rf"高不高|低不低|(?<![提最降])[高低]{_END}",
            "(?<![提最])高(?![新科校中铁速端质层标等压效原])|低(?![空保碳收压])|偏[高低]",
        ),
        (
            rf"贵不贵|便不便宜|划不划算|(?:贵|便宜|划算|实惠){_END}",
            "贵(?!州|阳|宾)|便宜|[低平]价|优惠|实惠|划算|免费",
        ),
        (rf"大不大|(?<![扩重])大{_END}", "[较巨很最]大|大[量型幅]|偏[大小]|[较狭]小"),
        (rf"多不多|(?<![增])多{_END}", "[众较许很繁最]多|[稀较极偏]少|大[量批]|不足|密集"),
        (rf"快不快|(?<![加])快{_END}", "快(?![递餐捷])|迅速|缓?慢|高速|提速"),
        (rf"远不远|近不近|(?<![附最])[远近]{_END}", "远(?!程)|[较邻靠附]近|毗邻|近在"),
        (
            rf"[难好]不[难好][申办考找进吃]|难不难|[难好][申办考找进吃].?{_END}|(?:容易|困难|简单){_END}",
            "难|易(?!地)|简[单便化捷]|便[捷利]|方便",
        ),
        ("适不适合|适合|适宜|宜居", "适合|适宜|宜居|不宜|相宜|适于"),
        ("值不值得|值得", "值得|不值|必[去看游]|推荐"),
        (rf"[方便]不[方便][便利]|(?:方便|便利|便捷){_END}", "便(?!宜)|不畅|通达|直达|拥堵"),
        (rf"安不安全|(?<!网络)安全{_END}", "安全|隐患|危险|平安|事故"),
        (rf"漂不漂亮|美不美|(?:漂亮|优美|美丽){_END}", "美(?![元国团术容食])|漂亮|秀丽|风景"),
        (rf"靠不靠谱|合不合理|公不公平|(?:靠谱|合理|公平){_END}", "靠谱|可靠|合理|公平|公正|信誉"),
    )
)

_AGAINST = re.compile("[不未没无非缺差低难慢堵弱小少远贵]|紧张|落后|拥挤|隐患|危险")


def thing_untold(query: Query, told: str) -> bool:
    """Whether it is asked if there is a thing, or if it is in a place, that `told` has not.

    `told` is a sentence under its headings.
    What the thing is stands at its end, and most of what comes before must be told as well.
    """
    forms = (_THERE_IS, _IS_THERE, _LIES_IN)
    asked = next((match for form in forms if (match := form.search(query.standalone))), None)
    runs = [run for run in content_runs(asked["thing"]) if len(run) > 1] if asked else []
    if not runs:
        return False
    thing = runs[-1]
    pairs = [thing[i : i + 2] for i in range(len(thing) - 1)]
    named = sum(pair in told.lower() for pair in pairs)
    whole = len(pairs) if len(thing) <= SHORT_THING else len(pairs) / 2
    return thing[-HEAD:] not in told.lower() or named < whole


def judges_untold(query: Query, clause: str) -> bool:
    """Whether a judgement is asked for (够不够, 适合) and a clause has no word that judges."""
    return any(
        asked.search(query.standalone) and not told.search(clause) for asked, told in _JUDGES
    )


def praises(query: Query, clause: str) -> bool:
    """Whether a judgement is asked for, and a clause says nothing against: 优良 is no 不好."""
    asks = any(asked.search(query.standalone) for asked, _ in _JUDGES)
    return asks and not _AGAINST.search(clause)
