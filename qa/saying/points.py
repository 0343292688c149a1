"""Several clauses as an answer in points, in the order of their sources, under labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import find_quantities, simplify
from corpus.language.numbers import DIGITS, NUMERAL, read_amount
from corpus.numbering import without_number
from qa.answer import Answer
from qa.asking import Query, content_pairs, introduced
from qa.checking import Judged, restates
from qa.reading import EDGE, is_of_years
from qa.saying.completing import with_lists, with_themes
from qa.saying.text import Told, answered

__all__ = ["in_order", "is_named", "leads_in", "tell_points", "told_of"]

_OPENING = re.compile("[^。！？!?]+")
_COUNTED = re.compile(rf"({NUMERAL}|{DIGITS})(?:大|个|类|种|项|家|条|位|座)(?!月|方面)")
# From which points are told though no span may be an answer; those that have the name of what is
# to be introduced.
ALONE, INTRODUCED = 1.5, 0.0
OF_POINT, OF_SPAN = 0.5, 0.35  # how much the best point speaks for points, the span against
TOLD = 0.0  # from which points are told beside a span; fitted on lookups and open ones held out
OPEN = 0.5  # log-odds from which a question is surely open
SURE = 3.0  # from which a span is the answer where it is a list, or in the one point
BEHIND = 4.0  # log-odds behind the best point from which one is not told
WEAKEST = -1.0  # mark from which a point is told beside others
FIRST = 8  # points told at once, but for items of a list; who asks for more gets the others
LEAST_NAME = 4  # characters of a heading's name with which it is no common word


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
        one for one in in_order(with_themes(query, with_lists(query, chosen))) if not leads_in(one)
    ]
    if not chosen or (
        len(chosen) == 1 and spans and not is_open and _is_told_by(spans[0], chosen[0])
    ):
        return None
    labels = _labels(query, chosen)
    told = [told_of(one, label) for one, label in zip(chosen, labels, strict=True)]
    order = list(dict.fromkeys(("", *(f"{year}年" for year in query.years), *labels)))
    return answered(sorted(told, key=lambda one: order.index(one.label)), lines=True)


def _best(found: Sequence[Judged]) -> list[Judged]:
    """The best of points, in their order."""
    best = sorted(found, key=lambda one: -one.evidence.score)[:FIRST]
    return [one for one in found if one in best]


def _tells_of(one: Judged, name: str) -> bool:
    """Whether a point is told of a thing: its sentence or heading names it, or its passage's first.

    What follows 吴城锂电成立于2004年 in its paragraph is of it.
    """
    passage, text = one.evidence.passage, one.document.text
    opening = _OPENING.match(passage.text)
    told = passage.context + text[slice(*one.evidence.sentence)] + (opening[0] if opening else "")
    return name in told


def leads_in(one: Judged) -> bool:
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
    under = [one for one in found if is_named(query, one)]
    if under:
        return under
    best = max(found, key=lambda one: one.evidence.score)
    named = query.pairs & content_pairs("".join(best.evidence.passage.section[-1:]))
    return [
        one for one in found if not named or named & content_pairs(one.evidence.passage.context)
    ]


def is_named(query: Query, one: Judged) -> bool:
    """Whether a question has the name of a heading above a point."""
    names = (without_number(heading).strip(EDGE) for heading in one.evidence.passage.section)
    return any(len(name) >= LEAST_NAME and name in query.standalone for name in names)


def in_order(found: Sequence[Judged]) -> list[Judged]:
    """Points as they stand in their sources, those of the best document first."""
    documents = list(dict.fromkeys(one.document.id for one in found))
    return sorted(found, key=lambda o: (documents.index(o.document.id), o.evidence.start))


def told_of(one: Judged, label: str) -> Told:
    """A point as a part, citing its sentence."""
    return Told(one.evidence.text, (one.citation,), label)


def _labels(query: Query, chosen: Sequence[Judged]) -> list[str]:
    """What tells the points apart: their documents, or the years asked for."""
    if len({one.document.id for one in chosen}) > 1:
        return [one.document.title for one in chosen]
    if len(query.years) > 1:
        return [f"{one.year}年" if one.year else "" for one in chosen]
    return ["" for _ in chosen]
