"""One sentence that says what the documents lack, with the nearest thing they say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from corpus import Document
from corpus.language import find_places, sentence_spans, simplify, within
from index import Catalogue, Selection
from qa.answer import Answer, Citation, Reason
from qa.asking import Query, asked_status
from qa.checking import Judged, Lack, NearName, told_instead

__all__ = ["offer", "refuse", "refuse_selection", "reply"]

SHORT_SUBJECT = 30  # characters of the question repeated in a refusal
YEARS_NAMED = 3  # of more that the documents hold, the nearest is named

_REASONS: dict[Lack, Reason] = {
    "other_year": "other_year", "other_place": "other_place", "other_subject": "other_subject",
    "false_premise": "false_premise",
}  # fmt: skip
_TOLD: dict[Lack, str] = {
    "total": "资料里只有总数", "level": "资料里只有总量", "false_premise": "资料里的数字与所问不符",
}  # fmt: skip

_CAN_ASK = (
    "我只根据收录的资料回答：可以问其中的数字、日期、名称、政策和做法，"
    "例如“去年完成了多少”“申请要满足什么条件”。"
)
_REPLIES = {
    "greeting": "你好！", "thanks": "不客气！", "farewell": "再见！", "reaction": "好的。",
    "complaint": "抱歉没有帮上忙，换一个说法或把对象说完整，往往更容易找到。",
    "who": "我是东西湖问答，一个查资料的程序，不是真人，也不用大语言模型。",
    "service": "", "talk": "闲聊我不在行。",
}  # fmt: skip


def refuse(query: Query, judged: Sequence[Judged], catalogue: Catalogue) -> Answer:
    """One sentence that names what the catalogue lacks, with the nearest thing said as citation.

    `judged` is what was read, best first.
    """
    nearest = judged[0] if judged else None
    reason, text = _say(query, nearest, _unknown_places(query, catalogue), catalogue.years())
    sentences: dict[tuple[str, tuple[int, int]], Judged] = {}
    of_it = reason in ("other_place", "other_subject")  # what is said of a document is cited in it
    for one in judged:
        if of_it and nearest and one.document is not nearest.document:
            continue
        sentences.setdefault((one.document.id, one.evidence.sentence), one)
    near = max(sentences.values(), key=lambda one: _shared(query, one), default=None)
    if near is None or not _shared(query, near)[1]:
        return Answer(text, "refused", reason=reason)
    return Answer(text, "refused", (near.citation,), reason=reason)


def offer(near: NearName, documents: Iterable[Document]) -> Answer:
    """A refusal that offers the name the documents have, with the first sentence that has it."""
    cited = (
        Citation.of_block(document, start, end)
        for document in documents
        for start, end in sentence_spans(document.text)
        if near.told in simplify(document.text[start:end])
    )
    text = f"资料里没有“{near.asked}”，您是不是想问“{near.told}”？"
    return Answer(text, "refused", tuple(islice(cited, 1)), reason="other_subject")


def refuse_selection(selection: Selection, english: bool) -> Answer:
    """A refusal that says by what nothing at all was selected: a file that is not indexed."""
    dates = ("–" if english else "至").join(dict.fromkeys((selection.since, selection.until)))
    told = (", " if english else "、").join(
        name + said
        for name, said in (
            ("source " if english else "名为", _quoted("、".join(selection.sources))),
            ("date " if english else "日期为", dates),
            ("heading with " if english else "标题里有", _quoted(selection.section)),
        )
        if said
    )
    text = f"收录的资料里没有{told}的内容，请改一下要查的范围。"
    if english:
        text = f"Nothing that is indexed has {told}; please choose another scope."
    return Answer(text, "refused", reason="not_told")


def _quoted(name: str) -> str:
    return name and f"“{name}”"


def _shared(query: Query, one: Judged) -> tuple[int, int]:
    """How many pairs of characters of a query stand in a sentence, and with what it is under."""
    sentence = simplify(one.document.text[slice(*one.evidence.sentence)])
    frame = "".join(piece.text for piece in one.evidence.passage.frame)
    told = simplify(frame + one.evidence.passage.text)
    return (
        sum(pair in sentence for pair in query.pairs),
        sum(pair in told for pair in query.pairs),
    )


def _unknown_places(query: Query, catalogue: Catalogue) -> list[str]:
    """Places the query names and no document does, the widest first left out: 湖北武汉 is one."""
    named = [place.name for place in find_places(query.standalone)]
    return [
        place
        for place in named
        if not catalogue.holds(place)
        and not any(other != place and within(other, place) for other in named)
    ]


def reply(kind: str) -> Answer:
    """What is said to a saying, by its kind in `qa/asking/conversation.txt`."""
    return Answer(f"{_REPLIES.get(kind, '')}{_CAN_ASK}", "refused", reason="conversation")


def _say(
    query: Query, nearest: Judged | None, places: list[str], years: Sequence[int]
) -> tuple[Reason, str]:
    lack: Lack = nearest.lack if nearest else ""
    missing = [year for year in query.years if year not in years]
    subject = _subject(query)
    if query.dangling:
        return "incomplete", f"“{subject}”指的是什么？请把要问的对象说完整。"
    if places:
        return "other_place", f"资料里没有提到{places[0]}。"
    if missing and years:
        held = f"只有{'、'.join(f'{year}年' for year in years)}的"
        if len(years) > YEARS_NAMED:
            held = f"最近的是{min(years, key=lambda year: abs(year - missing[0]))}年"
        meant = f"（{query.relative}指{missing[0]}年）" if query.relative else ""
        return "other_year", f"资料里没有{missing[0]}年的内容{meant}，{held}。"
    reason = _REASONS.get(lack, "not_told")
    if lack == "other_place" and nearest:
        return reason, f"资料说的是{nearest.document.place}，没有说明“{subject}”。"
    if lack == "other_subject" and nearest:
        return reason, f"资料说的是{told_instead(nearest, query)}，没有说明“{subject}”。"
    if lack == "other_status":
        held = "完成情况" if asked_status(query.text) == "target" else "目标"
        return reason, f"资料里只有{held}，没有说明“{subject}”。"
    if lack in _TOLD:
        return reason, f"{_TOLD[lack]}，没有说明“{subject}”。"
    return reason, f"资料里没有说明“{subject}”。"


def _subject(query: Query) -> str:
    """The question in a few words, to be quoted in a refusal.

    In its own where those of an earlier one were only set before it, to search and to read.
    """
    set_before = query.standalone.endswith(f" {query.text}")
    asked = (query.text if set_before else query.standalone).strip(" ?？。!！，,")
    asked = asked.replace("“", "‘").replace("”", "’")
    return asked if len(asked) <= SHORT_SUBJECT else asked[:SHORT_SUBJECT] + "…"
