"""Whether a figure says what is done or what is aimed at, as a table of figures tells it.

An answer says what its sentence says; a row stands alone. So an estimate is an aim, an amount
that somebody strove for and got is none, and what a rule demands is neither.
"""

from __future__ import annotations

import re

from corpus.document import Document, Fact, FactStatus

__all__ = ["told_status"]

_AIMED = re.compile("预计|预期|预估|有望|力争|拟(?=[建投新开引])")
_ALREADY = re.compile("已(?![知婚])|截[至止]|实际")
_AIM_WORDS = re.compile("计划|目标|力争|争取|预[计期估]|拟|将|确保|打算|谋划")
_AIM_HEADS = re.compile("计划|目标|任务|打算|部署|安排|展望|这样干|怎么干")
# Names of plans, numbers of places planned, and money that was striven for and got.
_NO_AIM = re.compile(
    "原计划|比计划|计划[数总招]|总计划|(?:行动|支持|提升|攻坚|(?<!\\d{4})(?<![明来今本])年|专项|五年|工程|科技|倍增)计划|规划|"
    "(?:重点任务|目标任务|预期目标)|争取(?=[^，。；]{0,24}(?:资金|国债|债券|额度|贷款|补助))"
)
_RULES = re.compile(
    "应当?(?=[自于在按向当达])|应按|不得|可以?(?=按|申请|享受|在|于|向|获|再)|并?处(?=罚款|[以\\d])|[的者]，"
)
_RESULT = re.compile(
    "成立|集聚|招引|吸引|掌握|获|认定|入库|签约|发布|开通|改造|筹集|斩获|举办|承担|落[户地]|投产|"
    "开工|交付|转移|录取|制定|出台|带来|扩充|畅销|兑现|实施|提供|引进|建成|新[增建]|培育|覆盖|完成|"
    "实现|达|增长|下降|建立|组建|受理|办理|处置|查处"
)


def told_status(sentence: str, clause: str, fact: Fact, document: Document) -> FactStatus:
    """The status of a fact as its own sentence and the clause of its figure bear it out."""
    surely = bool(_ALREADY.search(clause))
    if _AIMED.search(clause) and not surely:
        return "target"
    late = bool(fact.year and document.year and fact.year > document.year)
    rule = bool(_RULES.search(sentence))
    if fact.status == "done" and not surely and (late or rule):
        return "target" if late else ""
    status = (
        ""
        if fact.status == "target" and not late and _aims_at_nothing(sentence, fact)
        else fact.status
    )
    if status == "" and not rule and _is_past(fact, document) and _RESULT.search(clause):
        return "done"
    return status


def _aims_at_nothing(sentence: str, fact: Fact) -> bool:
    """Whether what sounds like an aim is a name: 三年行动计划."""
    headed = _AIM_HEADS.search(_NO_AIM.sub("", fact.section))
    return not headed and not _AIM_WORDS.search(_NO_AIM.sub("", sentence))


def _is_past(fact: Fact, document: Document) -> bool:
    if fact.year is None:
        return False
    return fact.year == document.year or fact.year < (document.present or 0)
