"""From the spans that hold, a short answer with its citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus import Document, FactStatus
from corpus.language import find_figures, find_quantities, same_unit, sentence_spans, simplify
from qa.answer import Answer, Citation
from qa.asking import asks_ahead
from qa.grounding import Grounding
from qa.question import Question
from qa.reader import Span
from qa.rivals import find_rivals
from qa.verdict import judge

__all__ = ["compose", "join"]

BRIDGED = 0.3  # share of the question that a second sentence must add to be cited too
COMPARED = ("figure", "date", "entity", "keywords")  # kinds with one value, which may differ

_STATUS: dict[FactStatus, str] = {"done": "完成", "target": "目标", "": ""}


def compose(
    question: Question, spans: Sequence[Span], checks: Mapping[str, Grounding]
) -> Answer | None:
    """The answer the best span gives; `spans` passed `checks`, by document id, best first.

    Another value of the same thing stands beside it: with its year where a question names
    none, with its source where the two contradict each other.
    """
    if question.kind == "yesno":
        return _decide(question, spans, checks)
    chosen, labels = _choose(question, spans, checks)
    texts = [f"{span.text}{label}" for span, label in zip(chosen, labels, strict=True)]
    citations = dict.fromkeys(
        citation
        for span in chosen
        for citation in _support(question, span, checks[span.passage.document_id].document)
    )
    return Answer("；".join(texts), "answered", tuple(citations))


def _decide(
    question: Question, spans: Sequence[Span], checks: Mapping[str, Grounding]
) -> Answer | None:
    """是 or 否 from the first passage whose words decide it."""
    for place, span in enumerate(spans):
        check = checks[span.passage.document_id]
        document = check.document
        same = [s for s in spans[place:] if s.passage.document_id == document.id]
        judged = judge(question, same, document)
        proves = check.is_of_year(span)  # another year's value proves nothing
        if judged and (proves or judged[0] == "否"):
            cited = Citation.of(document, span.passage, *span.sentence)
            return Answer("，".join(judged), "answered", (cited,))
    return None


def _choose(
    question: Question, spans: Sequence[Span], checks: Mapping[str, Grounding]
) -> tuple[list[Span], list[str]]:
    """The spans that answer, and what tells each from the others, "" where there is one."""
    best = _rather_done(question, spans, checks)
    spans = [best, *(span for span in spans if span is not best)]

    def year_of(span: Span) -> int | None:
        return next(iter(checks[span.passage.document_id].years_of(span)), None)

    if len(question.years) > 1:
        found: dict[int, Span] = {}
        for span in spans:
            year = year_of(span)
            if year in question.years:
                found.setdefault(year, span)
        several = [found[year] for year in question.years if year in found]
        if len(several) > 1:
            return several, [f"（{year_of(span)}年）" for span in several]
    documents = {key: check.document for key, check in checks.items()}
    rivals = find_rivals(question, spans, documents) if question.kind in COMPARED else []
    conflict = [best, *(r for r in rivals if year_of(r) == year_of(best) and _apart(best, r))]
    if len(conflict) > 1:
        sources = [documents[span.passage.document_id].source for span in conflict]
        unlike = len({*sources}) > 1
        return conflict, [f"（{source}）" if unlike else "（说法不一）" for source in sources]
    of_years = [r for r in rivals if year_of(r) and year_of(r) != year_of(best)]
    if of_years and year_of(best) and not question.years:
        pair = sorted((best, of_years[0]), key=lambda span: year_of(span) or 0)
        return pair, [
            f"（{year_of(s)}年{_STATUS[checks[s.passage.document_id].status_of(s)]}）" for s in pair
        ]
    told = f"{year_of(best)}年" if question.relative and year_of(best) else ""
    plain = question.kind == "figure" and not asks_ahead(question.text)
    if plain and checks[best.passage.document_id].status_of(best) == "target":
        told += "目标"
    return [best], [f"（{told}）" if told else ""]


def _rather_done(
    question: Question, spans: Sequence[Span], checks: Mapping[str, Grounding]
) -> Span:
    """The best span, or the result beside it where it is a target nobody asked for."""

    def status_of(span: Span) -> FactStatus:
        return checks[span.passage.document_id].status_of(span)

    best = spans[0]
    if question.kind != "figure" or asks_ahead(question.text) or status_of(best) != "target":
        return best
    beside = (s for s in spans if s.sentence == best.sentence and status_of(s) == "done")
    unit = _unit(best)
    return next((span for span in beside if same_unit(unit, _unit(span))), best)


def _unit(span: Span) -> str:
    return next((figure.unit for figure in find_figures(span.text)), "")


def _apart(one: Span, other: Span) -> bool:
    """Whether two values contradict each other; under another heading one is of something else."""
    left, right = one.passage, other.passage
    return left.document_id != right.document_id or left.section == right.section


def join(parts: Sequence[Answer]) -> Answer:
    """One answer of several, at least one of them answered; what is missing is said last."""
    answered = [part for part in parts if part.status == "answered"]
    refused = [_plainly(part.text) for part in parts if part.status == "refused"]
    texts = [*(part.text for part in answered), *refused]
    citations = dict.fromkeys(citation for part in answered for citation in part.citations)
    return Answer("；".join(dict.fromkeys(texts)), "answered", tuple(citations))


def _plainly(refusal: str) -> str:
    """A refusal beside an answer: it must not repeat a figure of the question there."""
    return "其余的资料里没有说明。" if find_quantities(refusal) else refusal


def _cite_items(span: Span, document: Document) -> list[Citation]:
    """The lines or sentences that tell the items of a list, which may go beyond its passage."""
    passage, cited = span.passage, []
    for start, end in dict.fromkeys(_around(document, item) for item in span.items):
        if not passage.start <= start < end <= passage.end:
            passage = replace(passage, start=start, end=end, text=document.text[start:end])
        cited.append(Citation.of(document, passage, start, end))
    return cited


def _around(document: Document, item: tuple[int, int]) -> tuple[int, int]:
    """The sentences that hold an item."""
    block = document.block_at(item[0])
    spans = [
        s
        for s in sentence_spans(document.text, block.start, block.end)
        if s[0] < item[1] and item[0] < s[1]
    ]
    return spans[0][0], spans[-1][1]


def _support(question: Question, span: Span, document: Document) -> list[Citation]:
    """The sentence of a span, and the one in its passage that says what the span is of.

    "12月19日，…决赛举行。某公司获一等奖。": who asks for the day of the prize needs both.
    """
    passage = span.passage
    if span.items:
        return _cite_items(span, document)
    asked = {run[i : i + 2] for run in question.content for i in range(len(run) - 1)}
    missing = {p for p in asked if p not in simplify(document.text[slice(*span.sentence)])}
    spans = [(passage.start + a, passage.start + b) for a, b in sentence_spans(passage.text)]
    held = {s: sum(p in simplify(document.text[slice(*s)]) for p in missing) for s in spans}
    other = max(held, key=lambda s: held[s], default=span.sentence)
    cited = [span.sentence]
    if held.get(other, 0) >= max(2, BRIDGED * len(asked)):
        cited.append(other)
    return [Citation.of(document, passage, *sentence) for sentence in cited]
