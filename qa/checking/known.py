"""Whether the documents can know at all of what is asked."""

from __future__ import annotations

from corpus.language import find_places, within
from index import Catalogue
from index.lexical import tokenize
from qa.asking import Query

__all__ = ["is_strange", "unknown_places"]


def is_strange(question: Query, catalogue: Catalogue) -> bool:
    """Whether not two characters of a question, nor a word or number, stand in the documents.

    One character alone tells something only of what is asked, not in a greeting (你好). What a
    document says of itself is asked in words it need not hold.
    """
    if question.labels:
        return False
    runs = (*question.earlier, *question.content)
    for run in runs:
        lone = len(run) == 1 and not run.isascii()
        if lone and question.kind == "keywords":
            continue
        if any(catalogue.holds(piece) for piece in tokenize(run)):
            return False
    return bool(runs)


def unknown_places(question: Query, catalogue: Catalogue) -> list[str]:
    """Places the question names and no document does: none can answer for them.

    A yes/no question may name a wrong place: its verdict tells.
    """
    if question.kind == "yesno":
        return []
    named = [place.name for place in find_places(question.standalone)]
    return [
        place
        for place in named
        if not catalogue.holds(place)
        and not any(other != place and within(other, place) for other in named)
    ]
