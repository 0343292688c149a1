"""From what passed its checks, a short answer in parts with its citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus import Document, FactStatus
from corpus.language import find_quantities, sentence_spans, simplify
from qa.answer import DIFFERENT, Answer, Citation, with_grounds
from qa.asking import Query, alike_at_start, asks_ahead, asks_change, asks_now, read_query
from qa.checking import Judged, decide, find_rivals
from qa.reading import Evidence, name_of_row, told_changes
from qa.saying.arithmetic import asks_sum, change
from qa.saying.parallel import TOTALS, named_apart, overlap, told_alike
from qa.saying.text import Told, answered

__all__ = ["compose", "join", "labels_of", "say_two_things"]

TWO = 2  # answers that their order tells apart
BRIDGED = 0.3  # share of the query that a second sentence must add to be cited too
NOT_ASKED = "一次问得太多，请再问一次：{}"
COMPARED = ("figure", "date", "entity", "keywords")  # kinds with one value, which may differ

_STATUS: dict[FactStatus, str] = {"done": "完成", "target": "目标", "": ""}


def compose(query: Query, held: Sequence[Judged]) -> Answer | None:
    """The answer of what passed its checks, best first, or None where nothing decides.

    Another value of the same thing stands beside the best: with its year where a query names
    none, with its source where the two contradict each other.
    """
    if not held or query.dangling or _one_of_a_sum(query, held[0]):
        return None
    if query.kind == "yesno":
        return _decided(query, held)
    chosen = _choose(query, held)
    return answered([told for one, label in chosen for told in _tell(query, one, label)])


def _one_of_a_sum(query: Query, best: Judged) -> bool:
    """Whether all are asked for together, and one row of a table is told that no one asked for."""
    row = best.document.block_at(best.evidence.start)
    if not row.cells or query.kind != "figure" or not asks_sum(query.text):
        return False
    name = name_of_row(best.document, row)
    return len(row.heads) > 1 and name not in TOTALS and simplify(name) not in query.standalone


def _decided(query: Query, held: Sequence[Judged]) -> Answer | None:
    """是 or 否 with the words of the evidence that decide it."""
    decided = decide(query, held)
    if decided is None:
        return None
    one, verdict, words = decided
    cited = (one.citation,)
    return answered([Told(verdict, cited), Told(words, cited)])


def _tell(query: Query, one: Judged, label: str) -> list[Told]:
    """Evidence as parts: the items of a list each with the line it stands in."""
    evidence = one.evidence
    if query.kind == "figure" and asks_change(query.text) and (told := _told_change(one)):
        return [told]
    if not evidence.items:
        return [Told(evidence.text, _support(query, one), label)]
    text = one.document.text
    return [
        Told(text[slice(*item)], (_cite_item(evidence, item, one.document),), label)
        for item in evidence.items
    ]


def _told_change(one: Judged) -> Told | None:
    """The difference of the figures that evidence is one of, 「由12条增加到15条」, or None."""
    first, last = one.evidence.sentence
    text = one.document.text[first:last]
    at = one.evidence.start - first
    cited = Citation.of(one.document, one.evidence.passage, first, last)
    for before, after in told_changes(text):
        told = change(before, after)
        if told and (before.start <= at < before.end or after.start <= at < after.end):
            return Told(told, [cited], operands=[(before.text, cited), (after.text, cited)])
    return None


def _choose(query: Query, held: Sequence[Judged]) -> list[tuple[Judged, str]]:
    """What answers, each with the label that tells it from the others, "" where there is one."""
    best = held[0]
    if len(query.years) > 1:
        found: dict[int, Judged] = {}
        for one in held:
            if one.year in query.years:
                found.setdefault(one.year, one)
        several = [found[year] for year in query.years if year in found]
        if len(several) > 1 and not overlap(*several[:2]):
            return [(one, f"{one.year}年") for one in several]
    rivals = find_rivals(query, held) if query.kind in COMPARED else []
    conflict = [best, *(r for r in rivals if r.year == best.year and _apart(best, r))]
    if len(conflict) > 1:
        return _tell_apart(conflict)
    of_years = [r for r in rivals if r.year and r.year != best.year]
    if of_years and best.year and not query.years:
        pair = sorted((best, of_years[0]), key=lambda one: one.year or 0)
        if asks_now(query.text):
            pair = pair[-1:]
        elif best.document.date and best.document.id != of_years[0].document.id:
            pair = _newest_first(pair)
        return [(one, f"{one.year}年{_STATUS[one.status]}") for one in pair]
    alike = told_alike(query, held)
    if len(alike) > 1:
        return [(one, "") for one in alike]
    label = f"{best.year}年" if query.relative and best.year else ""
    plain = query.kind == "figure" and not asks_ahead(query.text)
    return [(best, label + "目标" * (plain and best.status == "target"))]


def _tell_apart(conflict: Sequence[Judged]) -> list[tuple[Judged, str]]:
    """Values that contradict each other: by their dates, the newer first, else by their sources.

    Those of several names do not, and are told by these.
    """
    names = named_apart(conflict)
    if names:
        return list(zip(conflict, names, strict=True))
    dates = {one.document.date for one in conflict} - {""}
    if len(dates) == len(conflict):
        return [(one, _dated(one)) for one in _newest_first(conflict)]
    unlike = len({one.document.source for one in conflict}) > 1
    return [(one, one.document.source if unlike else DIFFERENT) for one in conflict]


def _newest_first(told: Sequence[Judged]) -> list[Judged]:
    """Evidence by the year it speaks of and the date of its document, the latest first."""
    return sorted(told, key=lambda one: (one.year or 0, one.document.date), reverse=True)


def _dated(one: Judged) -> str:
    """The date of evidence's document as people write it: 2024年7月1日."""
    parts = one.document.date.split("-")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def _apart(one: Judged, other: Judged) -> bool:
    """Whether two values contradict each other; under another heading one is of something else."""
    left, right = one.evidence.passage, other.evidence.passage
    return left.document_id != right.document_id or left.section == right.section


def say_two_things(answers: Sequence[Answer]) -> bool:
    """Whether answers to two questions say something of its own each."""
    if len(answers) < 2 or any(one.status == "refused" for one in answers):
        return False
    one, other = (answer.text for answer in answers)
    return one not in other and other not in one


def join(
    answers: Sequence[Answer], labels: Sequence[str] = (), beyond: Sequence[str] = ()
) -> Answer:
    """One answer of several, at least one of them answered; what is missing is said last.

    `labels` tell what each answers, where something does: a year. `beyond` are questions that
    were not looked into.
    """
    labels = labels or [""] * len(answers)
    told = [
        Told(
            part.text,
            [one.citations[place] for place in part.citations],
            _within(label, part.label),
            [(text, one.citations[place]) for text, place in part.operands],
        )
        for one, label in zip(answers, labels, strict=True)
        for part in one.parts
    ]
    untold = [_plainly(one.text) for one in answers if one.status == "refused"]
    untold += [NOT_ASKED.format("".join(beyond))] * bool(beyond)
    return answered(told, "；".join(dict.fromkeys(untold)), any(map(_tells_several, answers)))


def labels_of(questions: Sequence[str], answers: Sequence[Answer]) -> list[str]:
    """What tells answers to several questions apart: a year, a name, or the question.

    None where each of two tells one thing.
    """
    years = [read_query(question).years for question in questions]
    if all(len(one) == 1 for one in years) and len(set(years)) == len(questions):
        return [f"{one[0]}年" for one in years]
    alike = alike_at_start([question[::-1] for question in questions])
    if len(questions) > TWO and alike > 1:  # 食堂、托育园和书屋各建了几个
        return [question[: len(question) - alike] for question in questions]
    if any(map(_tells_several, answers)):
        return [question.strip(" ?？。;；").removesuffix("呢") for question in questions]
    return []


def _tells_several(answer: Answer) -> bool:
    """Whether an answer stands in several lines, or has parts that nothing tells apart."""
    alike = [part for part, _ in with_grounds(answer.parts) if not part.label]
    return answer.listed or len(alike) > 1


def _within(label: str, inner: str) -> str:
    """The label of a part of an answer that has one itself: 2025年目标, 总投资多少（目标）."""
    if not inner or inner.startswith(label):
        return inner or label
    return f"{label}{inner}" if label.endswith("年") else f"{label}（{inner}）"


def _plainly(refusal: str) -> str:
    """A refusal beside an answer: it must not repeat a figure of the question there."""
    return "其余的资料里没有说明。" if find_quantities(refusal) else refusal


def _cite_item(evidence: Evidence, item: tuple[int, int], document: Document) -> Citation:
    """The sentences that hold an item of a list, which may go beyond its passage."""
    passage = evidence.passage
    block = document.block_at(item[0])
    spans = [
        s
        for s in sentence_spans(document.text, block.start, block.end)
        if s[0] < item[1] and item[0] < s[1]
    ]
    start, end = spans[0][0], spans[-1][1]
    if not passage.start <= start < end <= passage.end:
        passage = replace(passage, start=start, end=end, text=document.text[start:end])
    return Citation.of(document, passage, start, end)


def _support(query: Query, one: Judged) -> list[Citation]:
    """The sentence of evidence, and the one in its passage that says what it is of.

    "12月19日，…决赛举行。某公司获一等奖。": who asks for the day of the prize needs both.
    """
    document, sentence = one.document, one.evidence.sentence
    passage = one.evidence.passage
    asked = query.pairs
    missing = {p for p in asked if p not in simplify(document.text[slice(*sentence)])}
    spans = [(passage.start + a, passage.start + b) for a, b in sentence_spans(passage.text)]
    held = {s: sum(p in simplify(document.text[slice(*s)]) for p in missing) for s in spans}
    other = max(held, key=lambda s: held[s], default=sentence)
    cited = [sentence]
    if held.get(other, 0) >= max(2, BRIDGED * len(asked)):
        cited.append(other)
    return [Citation.of(document, passage, *span) for span in cited]
