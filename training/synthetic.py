"""Questions made from news: a clause reworded around a question word."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from targets import Target, find_targets

SENTENCE = re.compile(r"[^。！？\n]+[。！？]?”?")
HEADER = re.compile(r"^.{0,30}?正文：(?:原标题：)?")
FOOTER = re.compile(r"(?:返回搜狐|责任编辑|分享让更多人看到).*$")
LEADING = re.compile(
    r"^(?:其中|并且?|而且?|同时|此外|另外|据介绍|据了解|据悉|但是?|也|还|且|以及|则|已经?|将|表示|称|说|指出|[\s“”\"（）()、：]+)+"
)
TRAILING = re.compile(
    r"(?:大约|约为?|近|超过|超|逾|达到|达|为|是|共计?|总计|至|了|已|有|不少于|高达|仅|只有|突破|的|[\s“”（）()、：])+$"
)
SKIPPED = re.compile("记者|本报|摄影|通讯员|编辑|来源|供图|原标题|截图|点击|关注")
COMMA = re.compile(r"[，；：。！？]")
LEAST_CONTEXT = 5  # characters around the target below which a question could mean anything
MOST_CONTEXT = 34  # users' questions are shorter than news clauses
FEW = set("一二两三四五六七八九十")

OPENERS = ("请问", "我想问下", "想知道", "帮我查一下", "你知道", "麻烦问下", "那", "问一下，")
ENDINGS = ("？", "？", "？", "？", "?", "", "呢？", "啊？", "呀", "来着？")
REWORDINGS = (
    ("目前", "现在"), ("举行", "举办"), ("召开", "开"), ("位于", "在"), ("截至", "到"),
    ("共有", "一共有"), ("同比增长", "比上年增长"), ("同比增长", "涨了"), ("本次", "这次"),
    ("此次", "这次"), ("该", "这个"), ("获得", "拿到"), ("公里", "千米"), ("建成", "建好"),
    ("开展", "做"), ("超过", ""), ("全市", "整个市"), ("将", "会"), ("进行", ""), ("已", "已经"),
    ("人民币", ""), ("累计", "总共"), ("实现", "完成"), ("荣获", "获得"), ("抵达", "到"),
    ("购买", "买"), ("出席", "参加"), ("儿童", "小孩"), ("总额", "总数"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A question about text[start:end] of one document."""

    text: str
    kind: str
    start: int
    end: int


def clean_news(line: str) -> str:
    """Drop the date line and the site's footer of one article."""
    return FOOTER.sub("", HEADER.sub("", line.strip()))


def ask(document: str, rng: random.Random) -> Iterator[Question]:
    """Yield questions about a document, at most one a target."""
    for match in SENTENCE.finditer(document):
        sentence = match.group()
        if not 15 <= len(sentence) <= 160 or SKIPPED.search(sentence):
            continue
        for target in find_targets(sentence):
            text = _phrase(sentence, target, rng)
            if text is None or sentence[target.start : target.end] in text:
                continue
            offset = match.start()
            yield Question(
                _colloquial(text, rng), target.kind, offset + target.start, offset + target.end
            )


def _around(sentence: str, target: Target, rng: random.Random) -> tuple[str, str] | None:
    """Return the context left and right of the target, cut to a question's length."""
    cuts = [m.end() for m in COMMA.finditer(sentence, 0, target.start)]
    left = sentence[cuts[-1] if cuts else 0 : target.start]
    after = COMMA.search(sentence, target.end)
    right = sentence[target.end : after.start() if after else len(sentence)]
    left, right = LEADING.sub("", left), right.rstrip('”"）) ')
    if len(cuts) >= 1 and (len(left) + len(right) < 9 or rng.random() < 0.25):
        start = cuts[-2] if len(cuts) >= 2 and rng.random() < 0.8 else 0
        before = LEADING.sub("", sentence[start : cuts[-1] - 1])
        if len(before) <= 22:
            left = before + left
    if len(left) > 16 and "的" in left[:-6] and rng.random() < 0.4:
        left = left[left.index("的") + 1 :]
    if len(left) + len(right) > MOST_CONTEXT:
        right = right[:12] if len(right) > 12 else right
        left = left[-(MOST_CONTEXT - len(right)) :]
    if len(re.sub(r"[^\u4e00-\u9fffA-Za-z]", "", left + right)) < LEAST_CONTEXT:
        return None
    return left, right


def _phrase(sentence: str, target: Target, rng: random.Random) -> str | None:  # noqa: C901 - one branch a kind of target
    if target.kind == "reason":
        if rng.random() < 0.3:
            return target.hint + rng.choice(["的原因是什么", "的原因", "是为什么"])
        return rng.choice(["为什么", "为何", "为啥"]) + target.hint
    if target.kind == "definition":
        return target.hint + rng.choice(["是什么", "是啥", "是怎样的", "指的是什么", "是个什么"])
    around = _around(sentence, target, rng)
    if around is None:
        return None
    left, right = around
    if target.kind == "figure":
        return _figure(left, right, sentence[target.start : target.end], target.hint, rng)
    if target.kind == "date":
        if len(right) < LEAST_CONTEXT and len(left) < 2 * LEAST_CONTEXT:
            return None
        return _date(left, right, sentence[target.start : target.end], rng)
    if target.kind == "person":
        if rng.random() < 0.6 or len(right) < LEAST_CONTEXT or right[0] in "、，和":
            if len(left) < LEAST_CONTEXT:
                return None
            return left + rng.choice(["是谁", "叫什么", "叫什么名字", "是哪位", "是哪个"])
        return rng.choice(["谁", "哪位" + target.hint, "哪个人"]) + right
    if target.kind in ("place", "site"):
        word = rng.choice(["哪里", "哪儿", "哪", "什么地方", "哪个地方"])
        if target.kind == "site":
            return re.sub("(?:位于|坐落[于在]|地处)$", "在", left) + word + right
        if rng.random() < 0.4:
            stem = re.sub("[在于]$", "", left)
            return stem + right + rng.choice(["的地点是哪里", "的地点", "是在哪", "在什么地方"])
        return left + word + right
    if target.kind == "list":
        tail = re.sub("^等", "", target.hint)
        right = re.sub("^等", "", right)
        if not tail and len(left) < LEAST_CONTEXT:
            return None
        return left + rng.choice(["哪些", "哪几个", "什么", "哪些"]) + right
    if target.kind == "maker":
        word = rng.choice(
            ["谁", "哪个单位", "哪家单位", "哪些单位", "哪家公司", "什么机构", "哪个"]
        )
        return left + word + right
    word = rng.choice(["哪部", "什么", "哪个", "哪部作品", "哪份文件", "哪本书"])
    return left + word + right


def _figure(left: str, right: str, value: str, unit: str, rng: random.Random) -> str:
    stem = TRAILING.sub("", left)
    if unit in ("%", "％"):
        words = ["多少", "百分之多少", "百分之几", "几个点", "多少个百分点"]
    elif unit.endswith("元"):
        words = ["多少钱", "多少元", "多少", "多少" + unit]
    elif unit in ("平方公里", "平方千米", "平方米", "公顷", "亩", "万亩"):
        words = ["多大", "多少" + unit, "多少"]
    elif unit in ("公里", "千米", "米", "厘米"):
        words = ["多少" + unit, "多远" if "距" in left else "多高" if "高" in left else "多长"]
    elif unit in ("个小时", "小时", "分钟", "天", "个月", "年", "秒"):
        words = ["多久", "多长时间", "几" + unit, "多少" + unit]
    elif unit == "岁":
        words = ["多大", "多少岁", "几岁"]
    else:
        words = [
            "多少" + unit,
            "多少",
            "几" + unit if value[0] in FEW or len(value) < 3 else "多少",
        ]
    word = rng.choice(words)
    chance = rng.random()
    if len(right) < 2 and len(stem) >= LEAST_CONTEXT and chance < 0.65:
        return stem + rng.choice(["是", "有", "", "达到", "为", "一共"]) + word
    if len(right) >= LEAST_CONTEXT and unit in ("人", "名", "位", "人次") and chance < 0.5:
        return left + right + rng.choice(["的有多少人", "的人数是多少", "人数", "的一共几个人"])
    if len(right) >= 2 and len(stem) >= LEAST_CONTEXT and chance < 0.15:
        return stem + right + rng.choice(["的数量", "数量是多少", "数是多少"])
    return left + word + right


def _date(left: str, right: str, value: str, rng: random.Random) -> str:
    words = ["什么时候", "何时", "啥时候", "什么时间"]
    if "日" in value:
        words += ["哪天", "几月几日", "几号", "哪一天"]
    elif "年" in value:
        words += ["哪年", "哪一年", "哪年", "哪一年"]
    if rng.random() < 0.3:
        return TRAILING.sub("", left) + right + "是" + rng.choice(words)
    return left + rng.choice(words) + right


def _colloquial(text: str, rng: random.Random) -> str:
    for formal, plain in rng.sample(REWORDINGS, 10):
        if formal in text and rng.random() < 0.5:
            text = text.replace(formal, plain)
    if rng.random() < 0.3:
        text = re.sub('[“”《》"（）()]', "", text)
    if rng.random() < 0.12:
        text = rng.choice(OPENERS) + text
    return text + rng.choice(ENDINGS)
