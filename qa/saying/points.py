"""Several clauses as an answer in points, in the order of their sources, under labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus import Document, enumerations_of
from corpus.language import find_quantities, sentence_spans, simplify
from corpus.language.numbers import DIGITS, NUMERAL, read_amount
from corpus.numbering import read_numbering, without_number
from qa.answer import Answer, Citation
from qa.asking import Query, content_pairs, introduced
from qa.checking import Judged, check, restates
from qa.reading import EDGE, Evidence, is_of_years, names_theme, theme_at, told_under
from qa.saying.text import Told, answered

__all__ = ["AROUND", "tell_more", "tell_points"]

_OPENING = re.compile("[^。！？!?]+")
_COUNTED = re.compile(rf"({NUMERAL}|{DIGITS})(?:大|个|类|种|项|家|条|位|座)(?!月|方面)")
# From which points are told though no span may be an answer; those that have the name of what is
# to be introduced.
ALONE, INTRODUCED = 1.5, 0.0
OF_POINT, OF_SPAN = 0.5, 0.35  # how much the best point speaks for points, the span against
TOLD = 0.0  # from which points are told beside a span; fitted on lookups and open ones held out
OPEN = 0.5  # log-odds from which a question is surely open
SURE = 3.0  # from which a span is the answer where it is a list, or in the one point
LEAST_NEW = 4  # characters that were not told, with which more is told
MORE_MARK, DETAIL_MARK = 1.0, -1.0  # from which a point is told then, and where detail is asked
MORE = 8  # points told at a time where more is asked for
AROUND = "相关原文"  # label of what stands beside the points
NO_MORE = "资料里与这个问题有关的内容，已经都列出来了。"
BEHIND = 4.0  # log-odds behind the best point from which one is not told
WEAKEST = -1.0  # mark from which a point is told beside others
FIRST = 8  # points told at once, but for items of a list; who asks for more gets the others
LEAST_NAME = 4  # characters of a heading's name with which it is no common word
LEAST_ITEMS, MOST = 2, 0.5  # items of a list, and share of them, with which all are told


def tell_points(
    query: Query, found: Sequence[Judged], spans: Sequence[Judged], several: float
) -> Answer | None:
    """The points that passed their checks, those of the best document first; None without any.

    `spans` are what passed of what answers by itself, best first; the question is `several`
    log-odds openly asked. Points are told where that and what the best of them has speak for them
    more than the best span does against; a list told in one clause is the answer of a question
    that is not surely open.
    """
    found = [
        one
        for one in found
        if is_of_years(one.evidence.text, query) and not restates(query, one.evidence.text)
    ]
    name = introduced(query.standalone, query.content)
    of_it = [one for one in found if name and _tells_of(one, name)]
    found = of_it or found  # 智创小镇是什么
    best = max((one.evidence.signs.mark for one in found), default=0.0)
    first = max((one.evidence.score for one in found), default=0.0)
    if query.dangling or not found or (not spans and best <= (INTRODUCED if of_it else ALONE)):
        return None
    if not spans and not (_hold_figures(query, found) and _may_tell_figure(query, found)):
        return None
    span = spans[0].evidence if spans else None
    if span and several + OF_POINT * best - OF_SPAN * span.score <= TOLD and not query.fully:
        return None
    is_open = several > OPEN
    told_in_one = span and query.kind == "list" and (span.items or "、" in span.text)
    if span and told_in_one and not is_open and span.score >= SURE:
        return None
    counted = _COUNTED.search(query.text)
    if span and counted and "、" in span.text and not span.items:
        count = read_amount(counted[1])
        if count == 1 + span.text.count("、"):
            return None  # 三大产业是哪几个: as many as are asked for
    near = [one for one in found if one.evidence.score >= first - BEHIND]
    sure = [one for one in near if one.evidence.signs.mark > WEAKEST]
    chosen = _best(_of_the_matter(query, sure or near))
    chosen = [
        one
        for one in _in_order(_with_themes(query, _with_lists(query, chosen)))
        if not _leads_in(one)
    ]
    if not chosen or (
        len(chosen) == 1 and spans and not is_open and _is_told_by(spans[0], chosen[0])
    ):
        return None
    labels = _labels(query, chosen)
    told = [_told(one, label) for one, label in zip(chosen, labels, strict=True)]
    order = list(dict.fromkeys(("", *(f"{year}年" for year in query.years), *labels)))
    return answered(sorted(told, key=lambda one: order.index(one.label)), lines=True)


def _best(found: Sequence[Judged]) -> list[Judged]:
    """The best of points, in their order."""
    best = sorted(found, key=lambda one: -one.evidence.score)[:FIRST]
    return [one for one in found if one in best]


def _with_lists(query: Query, chosen: Sequence[Judged]) -> list[Judged]:
    """Points with the items that are missing of their lists, where checks let them be told.

    A list is told whole where most of its items are, or what leads it in, which is not told then.
    """
    found = list(chosen)
    for document in dict.fromkeys(one.document for one in chosen):
        of_it = [one for one in chosen if one.document is document]
        for listed in enumerations_of(document):
            if listed.lead is None and any("\n" in document.text[a:b] for a, b in listed.items):
                continue  # may be sections
            lead = [one for one in of_it if listed.lead and _is_within(one, *listed.lead)]
            told = [_telling(of_it, start, end) for start, end in listed.items]
            beside = [one for one in told if one]
            if not lead and len(beside) < max(LEAST_ITEMS, MOST * len(told)):
                continue
            left = [span for span, one in zip(listed.items, told, strict=True) if one is None]
            like = (beside or lead)[0] if left else None
            items = [_item(like, start, end) for start, end in left if like and start < end]
            items = [one for one in items if is_of_years(one.text, query)]
            judged = check(query, items, {document.id: document})
            held = [one for one in judged if not one.lack]
            found += held
            if held or beside:
                found = [one for one in found if one not in lead]
    return found


def _with_themes(query: Query, chosen: Sequence[Judged]) -> list[Judged]:
    """Points with what is told under one that only names a theme, where none of that is told."""
    found = list(chosen)
    for one in chosen:
        under = told_under(one.document, one.evidence.start)
        of_it = [other for other in chosen if other.document is one.document]
        if under and not any(_telling(of_it, start, end) for start, end in under):
            items = [_item(one, start, end) for start, end in under]
            items = [item for item in items if is_of_years(item.text, query)]
            judged = check(query, items, {one.document.id: one.document})
            found += [item for item in judged if not item.lack]
    return found


def _sentence_under(one: Judged) -> str:
    """The sentence of a point, with the headings above."""
    return one.evidence.passage.context + one.document.text[slice(*one.evidence.sentence)]


def _is_within(one: Judged, start: int, end: int) -> bool:
    """Whether a point stands within a stretch of its document."""
    return start <= one.evidence.start and one.evidence.end <= end


def _telling(found: Sequence[Judged], start: int, end: int) -> Judged | None:
    """What tells some of a stretch of a document."""
    return next((o for o in found if o.evidence.start < end and start < o.evidence.end), None)


def _item(beside: Judged, start: int, end: int) -> Evidence:
    """The first line of an item, with its number, as sure as one beside it in its list."""
    document, block = beside.document, beside.document.block_at(start)
    numbering = read_numbering(document.text[block.start : start])
    if numbering and not document.text[block.start + len(numbering.text) : start].strip(EDGE):
        start = block.start
    text = document.text[start:end].split("\n", 1)[0].rstrip(EDGE)
    end = start + len(text)
    passage = replace(beside.evidence.passage, start=start, end=end, text=text)
    return replace(
        beside.evidence, passage=passage, start=start, end=end, text=text, sentence=(start, end)
    )


def _tells_of(one: Judged, name: str) -> bool:
    """Whether a point is told of a thing: its sentence or heading names it, or its passage's first.

    What follows 吴城锂电成立于2004年 in its paragraph is of it.
    """
    passage, text = one.evidence.passage, one.document.text
    opening = _OPENING.match(passage.text)
    told = passage.context + text[slice(*one.evidence.sentence)] + (opening[0] if opening else "")
    return name in told


def _leads_in(one: Judged) -> bool:
    """Whether a point only leads in what stands below it: 「补贴条件：」."""
    document, end = one.document, one.evidence.end
    block = document.block_at(one.evidence.start)
    return not block.cells and document.text[end : block.end].strip() in (":", "：")


def _is_told_by(span: Judged, point: Judged) -> bool:
    """Whether a sure span stands within the one point: it answers without the words around it."""
    one, other = span.evidence, point.evidence
    inside = other.start <= one.start and one.end <= other.end
    return inside and span.document.id == point.document.id and one.score >= SURE


def _hold_figures(query: Query, found: Sequence[Judged]) -> bool:
    """Whether the figures that a question takes for granted stand beside the points."""
    told = {f.value for one in found for f in find_quantities(one.evidence.passage.text)}
    return all(figure.value in told for figure in find_quantities(query.undated))


def _may_tell_figure(query: Query, found: Sequence[Judged]) -> bool:
    """Whether the best point's passage has a word of a question for a figure (房价多少)."""
    passage = max(found, key=lambda one: one.evidence.score).evidence.passage
    told = content_pairs(simplify(passage.context + passage.text))
    return query.kind != "figure" or not query.pairs or bool(query.pairs & told)


def _of_the_matter(query: Query, found: Sequence[Judged]) -> Sequence[Judged]:
    """Points without those under other headings than the one that names what is asked.

    That is one whose whole name the question has, or the best point's where it shares a word with
    it: 条件 is asked, and there is 申请条件.
    """
    under = [one for one in found if _is_named(query, one)]
    if under:
        return under
    best = max(found, key=lambda one: one.evidence.score)
    named = query.pairs & content_pairs("".join(best.evidence.passage.section[-1:]))
    return [
        one for one in found if not named or named & content_pairs(one.evidence.passage.context)
    ]


def _is_named(query: Query, one: Judged) -> bool:
    """Whether a question has the name of a heading above a point."""
    names = (without_number(heading).strip(EDGE) for heading in one.evidence.passage.section)
    return any(len(name) >= LEAST_NAME and name in query.standalone for name in names)


def tell_more(
    query: Query,
    found: Sequence[Judged],
    told: Answer,
    times: int,
    detailed: bool,
    document: Callable[[str], Document],
) -> Answer:
    """The points that were not told yet, so many at a time; `detailed` what stands around, too.

    `told` is the answer they go on from, `times` how often more was asked for, now as well;
    `document` gives one by its id. A refusal where nothing is left.
    """
    themes = {
        (cited.document_id, theme_at(document(cited.document_id), cited.start))
        for cited in told.citations
    }
    of_it = [
        one
        for one in found
        if one.evidence.signs.mark > (DETAIL_MARK if detailed else MORE_MARK)
        and (
            (one.document.id, theme_at(one.document, one.evidence.start)) in themes
            or query.pairs & content_pairs(_sentence_under(one))
        )
    ]
    of_it = [one for one in of_it if _is_named(query, one)] or of_it
    of_it = [
        one
        for one in of_it
        if not (_leads_in(one) or names_theme(one.document, one.evidence.start))
    ]
    more = [_told(one, "") for one in _in_order(of_it)]
    if detailed:
        more += [one for cited in told.citations for one in _around(query, cited, document)]
    said = [_bare(part.text) for part in told.parts]
    fresh: dict[str, Told] = {}
    for one in more:
        words = _bare(one.text)
        new = len(words) - sum(len(other) for other in said if other in words)
        known = any(words in other for other in (*said, *fresh)) or any(o in words for o in fresh)
        if new >= LEAST_NEW and not known:
            fresh[words] = one
    rest = list(fresh.values())[MORE * (times - 1) : MORE * times]
    if rest:
        return answered(rest, lines=True)
    return Answer(NO_MORE, "refused", told.citations, reason="not_told")


def _bare(text: str) -> str:
    """A text without its marks."""
    return "".join(character for character in text if character.isalnum())


def _around(query: Query, cited: Citation, document: Callable[[str], Document]) -> Iterator[Told]:
    """What is cited, whole, and the sentences of its block that share a word with the question."""
    text, block = document(cited.document_id), document(cited.document_id).block_at(cited.start)
    for start, end in sentence_spans(text.text, block.start, block.end):
        said = text.text[start:end].strip()
        if (start < cited.end and cited.start < end) or query.pairs & content_pairs(said):
            yield Told(said, [Citation.of_block(text, start, end)], AROUND)


def _in_order(found: Sequence[Judged]) -> list[Judged]:
    """Points as they stand in their sources, those of the best document first."""
    documents = list(dict.fromkeys(one.document.id for one in found))
    return sorted(found, key=lambda o: (documents.index(o.document.id), o.evidence.start))


def _told(one: Judged, label: str) -> Told:
    return Told(one.evidence.text, (one.citation,), label)


def _labels(query: Query, chosen: Sequence[Judged]) -> list[str]:
    """What tells the points apart: their documents, or the years asked for."""
    if len({one.document.id for one in chosen}) > 1:
        return [one.document.title for one in chosen]
    if len(query.years) > 1:
        return [f"{one.year}年" if one.year else "" for one in chosen]
    return ["" for _ in chosen]
