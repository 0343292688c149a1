"""Does every figure of an answer stand in what it cites?"""

from __future__ import annotations

from collections.abc import Mapping

from corpus import Document
from corpus.language import find_figures, find_quantities, same_quantity
from qa.answer import Answer

__all__ = ["unsupported_figures"]


def unsupported_figures(answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """Figures of an answer that stand, with their unit, in none of its part's quotes.

    A table gives a figure its unit elsewhere than in the row that is quoted: the facts of
    `documents` (by id) know it. Of a computed value it is the operands that must stand.
    """
    missing: list[str] = []
    for part in answer.parts:
        told = part.operands or tuple((part.text, place) for place in part.citations[:1])
        for text, _ in told:
            quotes = [answer.citations[place] for place in part.citations]
            quoted = [figure for cited in quotes for figure in find_figures(cited.quote)]
            quoted += [
                fact.figure
                for cited in quotes
                for fact in (
                    documents[cited.document_id].facts if cited.document_id in documents else ()
                )
                if cited.start <= fact.figure.start < cited.end
            ]
            missing += [
                figure.text
                for figure in find_quantities(text)
                if not any(same_quantity(figure, other) for other in quoted)
            ]
    return missing
