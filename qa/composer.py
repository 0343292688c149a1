"""From the spans that hold, a short answer with its citations, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import Document, sentence_spans, simplify
from qa.answer import Answer, Citation
from qa.question import Question
from qa.reader import Span
from qa.verdict import judge

__all__ = ["compose", "join", "refuse"]

BRIDGED = 0.3  # share of the question that a second sentence must add to be cited too
SHORT_SUBJECT = 20  # characters of the question repeated in a refusal


def compose(question: Question, spans: Sequence[Span], document: Document) -> Answer:
    """The answer the best span gives; `spans` are grounded, best first, all of `document`."""
    best = spans[0]
    if question.kind == "yesno":
        verdict, decisive = judge(question, spans, document)
        return Answer(f"{verdict}，{decisive}", "answered", (_cite(best, document),))
    chosen = _one_a_year(question, spans) if len(question.years) > 1 else [best]
    parts = [
        f"{span.passage.year}年{span.text}" if len(chosen) > 1 else span.text for span in chosen
    ]
    citations = dict.fromkeys(
        citation for span in chosen for citation in _support(question, span, document)
    )
    return Answer("；".join(parts), "answered", tuple(citations))


def join(parts: Sequence[Answer]) -> Answer:
    """One answer of several, at least one of them answered; what is missing is said last."""
    answered = [part for part in parts if part.status == "answered"]
    texts = [part.text for part in (*answered, *(p for p in parts if p.status == "refused"))]
    citations = dict.fromkeys(citation for part in answered for citation in part.citations)
    return Answer("；".join(dict.fromkeys(texts)), "answered", tuple(citations))


def refuse(
    question: Question,
    nearest: tuple[Span, Document] | None,
    places: Sequence[str],
    years: Sequence[int],
) -> Answer:
    """One sentence that names what is missing, with the nearest thing said as a citation.

    `places` are those asked for that the documents do not name, `years` those they hold.
    """
    missing = [year for year in question.years if year not in years]
    if places:
        text = f"资料里没有提到{places[0]}。"
    elif missing and years:
        held = "、".join(f"{year}年" for year in years)
        text = f"资料里没有{missing[0]}年的内容，只有{held}的。"
    else:
        year = f"{question.years[0]}年" if question.years else ""
        subject = "".join(question.content)[:SHORT_SUBJECT] or question.text[:SHORT_SUBJECT]
        text = f"资料里没有说明{year}“{subject}”。"
    return Answer(text, "refused", (_cite(*nearest),) if nearest else ())


def _support(question: Question, span: Span, document: Document) -> list[Citation]:
    """The sentence of a span, and the one in its passage that says what the span is of.

    "12月19日，…决赛举行。某公司获一等奖。": who asks for the day of the prize needs both.
    """
    passage = span.passage
    asked = {run[i : i + 2] for run in question.content for i in range(len(run) - 1)}
    missing = {p for p in asked if p not in simplify(document.text[slice(*span.sentence)])}
    spans = [(passage.start + a, passage.start + b) for a, b in sentence_spans(passage.text)]
    held = {s: sum(p in simplify(document.text[slice(*s)]) for p in missing) for s in spans}
    other = max(held, key=lambda s: held[s], default=span.sentence)
    cited = [span.sentence]
    if held.get(other, 0) >= max(2, BRIDGED * len(asked)):
        cited.append(other)
    return [Citation.of(document, passage, *sentence) for sentence in cited]


def _one_a_year(question: Question, spans: Sequence[Span]) -> list[Span]:
    found: dict[int, Span] = {}
    for span in spans:
        if span.passage.year in question.years:
            found.setdefault(span.passage.year, span)
    return [found[year] for year in question.years if year in found] or [spans[0]]


def _cite(span: Span, document: Document) -> Citation:
    return Citation.of(document, span.passage, *span.sentence)
