"""More of what was told: the points not told yet, and what stands around those told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from corpus import Document
from corpus.language import sentence_spans
from qa.answer import Answer, Citation
from qa.asking import Query, content_pairs
from qa.checking import Judged
from qa.reading import names_theme, theme_at
from qa.saying.points import in_order, is_named, leads_in, told_of
from qa.saying.text import Told, answered

__all__ = ["AROUND", "NO_MORE", "tell_more"]

LEAST_NEW = 4  # characters that were not told, with which more is told
MORE_MARK, DETAIL_MARK = 1.0, -1.0  # from which a point is told then, and where detail is asked
MORE = 8  # points told at a time where more is asked for
AROUND = "相关原文"  # label of what stands beside the points
NO_MORE = "资料里与这个问题有关的内容，已经都列出来了。"


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
    of_it = [one for one in of_it if is_named(query, one)] or of_it
    of_it = [
        one for one in of_it if not (leads_in(one) or names_theme(one.document, one.evidence.start))
    ]
    more = [told_of(one, "") for one in in_order(of_it)]
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


def _sentence_under(one: Judged) -> str:
    """The sentence of a point, with the headings above."""
    return one.evidence.passage.context + one.document.text[slice(*one.evidence.sentence)]
