"""Questions a passage cannot answer: another year, place or attribute, a look-alike passage."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

YEAR = re.compile(r"(?:19|20)\d{2}(?=年)")
MONTH = re.compile(r"(?<!\d)(?:1[0-2]|[1-9])(?=月)")
PLACES = (
    "北京", "上海", "天津", "重庆", "广东", "广州", "深圳", "浙江", "杭州", "宁波", "江苏",
    "南京", "苏州", "山东", "济南", "青岛", "四川", "成都", "湖北", "武汉", "湖南", "长沙",
    "河南", "郑州", "河北", "石家庄", "山西", "太原", "陕西", "西安", "安徽", "合肥", "福建",
    "厦门", "福州", "江西", "南昌", "广西", "南宁", "云南", "昆明", "贵州", "贵阳", "海南",
    "辽宁", "沈阳", "大连", "吉林", "长春", "黑龙江", "哈尔滨", "内蒙古", "新疆", "西藏", "甘肃",
    "兰州", "青海", "宁夏", "香港", "澳门", "台湾", "台北", "高雄", "美国", "英国", "法国",
    "德国", "日本", "韩国", "俄罗斯", "印度", "巴西", "加拿大", "澳大利亚", "意大利", "西班牙",
    "南非", "埃及", "泰国", "越南", "新加坡", "欧洲", "非洲", "亚洲", "浦东新区", "朝阳区",
    "海淀区", "徐汇区", "静安区", "黄浦区", "天河区", "南山区", "武侯区", "江汉区", "武昌区",
    "洪山区", "汉阳区", "江岸区", "东西湖区", "黄陂区", "江夏区", "蔡甸区",
)  # fmt: skip
SIBLINGS = (
    ("出口", "进口"), ("增长", "下降"), ("男", "女"), ("上半年", "下半年"), ("一季度", "三季度"),
    ("受伤", "死亡"), ("最大", "最小"), ("最高", "最低"), ("首次", "第五次"), ("第一", "第三"),
    ("收入", "支出"), ("面积", "人口"), ("人口", "耕地面积"), ("城镇", "农村"), ("工业", "农业"),
    ("生产总值", "财政收入"), ("总投资", "年产值"), ("东部", "西部"), ("市长", "市委书记"),
    ("南部", "北部"), ("出生", "去世"), ("开工", "竣工"), ("成立", "解散"), ("导演", "编剧"),
    ("作者", "译者"), ("小学", "幼儿园"), ("公园", "医院"), ("桥", "隧道"), ("学生", "教师"),
    ("长度", "宽度"), ("全长", "宽"), ("高度", "深度"), ("父亲", "母亲"), ("哥哥", "妹妹"),
    ("妻子", "岳父"), ("左", "右"), ("买", "卖"), ("冠军", "季军"), ("主席", "秘书长"),
    ("企业", "村庄"), ("公里", "公斤"), ("汽车", "自行车"), ("白天", "夜间"), ("去年", "前年"),
    ("今年", "2015年"), ("动画", "小说"), ("早期", "晚期"), ("国内", "国外"), ("人均", "户均"),
    ("开始", "结束"), ("开幕", "闭幕"), ("大学", "中学"), ("蔬菜", "水果"), ("投资", "利润"),
    ("街道", "乡镇"), ("铁路", "高速公路"), ("项目", "专利"), ("博物馆", "体育馆"),
    ("游客", "志愿者"), ("歌曲", "电影"), ("战争", "谈判"),
)  # fmt: skip
WORDS = {a: b for pair in SIBLINGS for a, b in (pair, pair[::-1])}
TOO_NEAR = 2  # years: "2023年" and "2022年" are the usual slip, kept likely
BATCH = 2000


def swap(question: str, passage: str, rng: random.Random) -> str | None:
    """Return the question about a year, month, place or attribute the passage does not hold."""
    ways = [_swap_year, _swap_place, _swap_word, _swap_month]
    rng.shuffle(ways)
    for way in ways:
        changed = way(question, passage, rng)
        if changed is not None and changed != question:
            return changed
    return None


def _swap_year(question: str, passage: str, rng: random.Random) -> str | None:
    match = YEAR.search(question)
    if match is None:
        return None
    year = int(match.group())
    near = rng.random() < 0.7
    spread = TOO_NEAR if near else 12
    options = [y for y in range(year - spread, year + spread + 1) if str(y) not in passage]
    return question.replace(match.group(), str(rng.choice(options))) if options else None


def _swap_month(question: str, passage: str, rng: random.Random) -> str | None:
    match = MONTH.search(question)
    if match is None:
        return None
    options = [m for m in range(1, 13) if f"{m}月" not in passage]
    if not options:
        return None
    return question[: match.start()] + str(rng.choice(options)) + question[match.end() :]


def _swap_place(question: str, passage: str, rng: random.Random) -> str | None:
    for place in rng.sample(PLACES, len(PLACES)):
        if place in question:
            same = [p for p in PLACES if p not in passage and len(p) == len(place)]
            return question.replace(place, rng.choice(same)) if same else None
    return None


def _swap_word(question: str, passage: str, rng: random.Random) -> str | None:
    for word in rng.sample(list(WORDS), len(WORDS)):
        if word in question and WORDS[word] not in passage:
            return question.replace(word, WORDS[word], 1)
    return None


def find_lookalikes(
    questions: Sequence[str],
    passages: Sequence[str],
    sources: Sequence[int],
    owners: Sequence[int],
    count: int = 3,
) -> list[list[int]]:
    """Return for each question the nearest passages of other documents, by character bigrams.

    `sources[i]` is question i's document, `owners[j]` passage j's.
    """
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 2), sublinear_tf=True, min_df=2, max_df=0.02
    )
    table = vectorizer.fit_transform(passages).T.tocsr()
    owner = np.asarray(owners)
    found: list[list[int]] = []
    for start in range(0, len(questions), BATCH):
        block = (vectorizer.transform(questions[start : start + BATCH]) @ table).tocsr()
        for row in range(block.shape[0]):
            columns = block.indices[block.indptr[row] : block.indptr[row + 1]]
            values = block.data[block.indptr[row] : block.indptr[row + 1]]
            ranked = columns[np.argsort(-values)[: 4 * count]]
            other = [int(c) for c in ranked if owner[c] != sources[start + row]]
            found.append(other[:count])
    return found
