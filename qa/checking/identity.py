"""Asked what something is, is that said of it, or of what only stands beside it?"""

from __future__ import annotations

import re

from corpus.language import simplify
from qa.asking import Query
from qa.checking.judged import Judged, Lack, simplified

__all__ = ["told_of_another"]

_ASKED = re.compile(
    '^[“"《]?(?P<name>[^”"》,，?？的]{2,}?)[”"》]?(?:到底|究竟)?是一?[个家所]?(?:什么|啥)'
    r"(?P<kind>公司|企业|机构|单位|组织|学校|厂家?)?[?？]?$"
)
_LISTS = re.compile("[、，,；;]")
# What joins two names of a list, what links a name with what it is, and what such a word ends in.
_JOINED = re.compile('^[”"》]?(?:、|以?及|[和与跟同])|(?:、|以?及|[和与跟同])[“"《]?$')
_LINKED = re.compile("[是即]|(?<!华)为|系(?![统列])|属于|成为|称|[获被]评|认定|入选|—|[:：]")
_OF_KIND = re.compile('(?:公司|企业|集团|机构|单位|组织|学[校院]|中心|[商厂]|之一)[”"]?$')


def told_of_another(one: Judged, query: Query) -> Lack:
    """It is asked what something is, and evidence tells it of nothing or of another.

    「乙公司、甲公司」 does not say what 甲公司 is, nor does the rest of its name; what kind of firm
    it is stands before it (龙头企业甲公司) or after 是. Whole clauses are told as they stand.
    """
    asked = _ASKED.search(query.standalone)
    if not asked or one.evidence.whole or asked["name"] not in simplified(one.document):
        return ""
    passage, name = one.evidence.passage, asked["name"]
    above = simplify(f"{one.document.title} {passage.context}")
    said = simplify(one.document.text[slice(*one.evidence.sentence)])
    if name not in said:
        return "" if name in above or name in simplify(passage.text) else "unlikely"
    told = simplify(one.evidence.text)
    return "" if _says(name, told, said, strictly=bool(asked["kind"])) else "unlikely"


def _says(name: str, told: str, sentence: str, *, strictly: bool) -> bool:
    """Whether a sentence says of a name what is `told`; `strictly`, where it must be linked."""
    if name in told:
        linked = _LINKED.search(told.partition(name)[2])
        return bool(linked) or not (strictly or _LISTS.search(told))
    here, there = sentence.find(name), sentence.find(told)
    after = here < there
    between = sentence[here + len(name) : there] if after else sentence[there + len(told) : here]
    if _JOINED.search(between):
        return False
    of_kind = bool(_OF_KIND.search(told))
    if after:
        return bool(_LINKED.search(between)) or not (strictly or of_kind)
    if strictly:
        return of_kind and not between.strip('“"《') and not _LISTS.search(told)
    return not (of_kind and _LISTS.search(between))
