"""Finding what a sentence can be asked about: figures, dates, names, places, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

UNITS = (
    "亿美元|万美元|美元|亿元|万元|元|欧元|平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|米|公顷|"
    "万亩|亩|吨|公斤|千克|克|升|千瓦时|千瓦|兆瓦|个百分点|%|％|℃|度|倍|岁|周年|年|个月|个小时|小时|"
    "分钟|秒|天|人次|人|名|位|户|家|个|项|辆|台|架|艘|件|套|场|次|所|座|栋|条|起|例|批|部|本|种|类|款|"
    "只|头|株|棵|层|期|届|轮|站|号线|班|列|间|张|份|处|支|枚|金|分|篇|集|票|所|片|块|门"
)
_NUMBER = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_SCALE = r"[多余]?(?:十|百|千|万|亿|万亿)?[多余]?"
_DIGIT = "[二三四五六七八九]"
_CHINESE = f"(?:[两三四五六七八九]|{_DIGIT}?十[一二三四五六七八九]?|[两三四五六七八九几]百)[多余]?"
FIGURE = re.compile(
    rf"(?<![第\d.])(?:{_NUMBER}{_SCALE}(?:{UNITS})?(?:至|到|—|-|~))?"
    rf"(?:{_NUMBER}{_SCALE}|(?<![第一二两三四五六七八九十百千几数]){_CHINESE}(?:万|亿)?)[多余]?"
    rf"(?P<unit>{UNITS})(?![\d年月日、/数方地边来国代])"
)
# "2023年" is a date, "三起" and the like mostly are no counts.
NOT_FIGURE = re.compile(r"^(?:\d{4}年|[\u4e00-\u9fff]+(?:起|位|分|门|次|本|部|年|天|期|届))$")
DATE = re.compile(
    r"(?:\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?|[初底末]|上半年|下半年)?|\d{1,2}月\d{1,2}日(?:[上下]午)?)"
    r"(?![前后间至到、\-—度电讯以起\d])"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹章潘葛范彭鲁马方任袁柳唐"
    "薛雷贺倪汤罗郝安常于傅康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒项祝董梁杜阮贾江颜郭梅"
    "林钟徐邱骆高夏蔡田樊胡凌霍万卢莫房丁邓石崔龚程邢裴陆翁侯段焦侯刘叶黎白蒲温庄曾关聂曲向易廖欧尤"
)
TITLES = (
    "部长|书记|主席|主任|市长|省长|区长|县长|校长|院长|所长|局长|处长|会长|秘书长|总经理|董事长|"
    "总裁|教授|研究员|工程师|发言人|大使|总统|总理|首相|队长|教练|主编|导演|经理|负责人|创始人|院士|理事长"
)
PERSON = re.compile(
    rf"(?P<title>{TITLES})(?P<target>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=表示|说|介绍|指出|强调|认为|告诉|致辞|出席|主持|宣布|在|，|、|；|等|对|向|透露|称|分析|解释|率)"
)
PLACE = re.compile(
    r"(?:在|于)(?P<target>[\u4e00-\u9fff]{2,14}?)(?<![后中前上下内时际近线力先届])"
    r"(?P<verb>举行|召开|举办|开幕|闭幕|启动|发布|成立|揭牌|开赛|首演|开工|落成|去世|签署|亮相|上演)(?!会|了会)"
)
SITE = re.compile(
    r"(?:位于|坐落于|坐落在|地处|毕业于|来自)(?P<target>[\u4e00-\u9fff0-9A-Za-z]{2,16})(?=[，。；的])"
)
_ITEM = "[\u4e00-\u9fffA-Za-z0-9《》“”·]{2,9}"
LIST = re.compile(
    "(?:包括|包含|涵盖|囊括|设有|设置|分为|分别是|分别为|涉及|拥有|有|即|如|来自|覆盖|辖|种植|生产|推出|开设|建成)了?"
    rf"(?P<target>{_ITEM}(?:、{_ITEM}){{1,7}}(?:(?:和|以及|及|与){_ITEM})?)(?<!等)(?P<tail>等[\u4e00-\u9fff]{{0,8}}|(?=[，。；]))"
)
MAKER = re.compile(
    r"由(?P<target>[\u4e00-\u9fffA-Za-z·]{2,24}?)(?P<verb>主办|承办|举办|研发|开发|建设|出品|执导|创办|组织|发起|设计|运营|投资|主演|负责|编写|制作|担任|饰演)"
)
WORK = re.compile(
    r"(?:发布|印发|出台|制定|出版|创作|著有|执导|主演|发表|签署|公布|推出|拍摄|播出)了?(?P<target>《[^《》]{2,20}》)"
)
REASON = re.compile(
    r"(?:由于|因为|因)(?P<target>[\u4e00-\u9fff0-9A-Za-z、“”]{4,24})，(?P<result>[\u4e00-\u9fff0-9A-Za-z“”]{6,30})(?=[，。])"
)
DEFINITION = re.compile(
    r"(?:^|[，。；])(?P<subject>(?!这|也|不|毕竟|而|特别|就|最|仅|都|还|只|我|他|她|它|那|其|但|如|可|正|更|又|既|即|一)[\u4e00-\u9fffA-Za-z0-9“”《》]{3,12})(?<![不也都就仅还只正更又都则乎能])是(?P<target>(?!否|在|为|因|由|说|如|不)[\u4e00-\u9fffA-Za-z0-9“”、]{5,30})(?=[，。；]|$)"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Something to ask about, text[start:end], its kind, and its unit, verb or title."""

    kind: str
    start: int
    end: int
    hint: str = ""


def find_targets(sentence: str) -> Iterator[Target]:
    """Yield every target of a sentence, overlapping ones too."""
    for match in FIGURE.finditer(sentence):
        if NOT_FIGURE.match(match.group()):
            continue
        yield Target("figure", match.start(), match.end(), match["unit"])
    for match in DATE.finditer(sentence):
        yield Target("date", match.start(), match.end())
    groups = {
        "person": (PERSON, "title"),
        "place": (PLACE, "verb"),
        "site": (SITE, ""),
        "list": (LIST, "tail"),
        "maker": (MAKER, "verb"),
        "work": (WORK, ""),
        "reason": (REASON, "result"),
        "definition": (DEFINITION, "subject"),
    }
    for kind, (pattern, hint) in groups.items():
        for match in pattern.finditer(sentence):
            start, end = match.span("target")
            yield Target(kind, start, end, match[hint] if hint else "")
