"""The question as it is put to one passage: without what that passage need not say again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus import Passage
from corpus.language import LEVEL, count_as_place, plain_name, years_in
from qa.asking import Query
from qa.reading.tiers import meant_by_case
from qa.reading.view import View

__all__ = ["put_to", "without_claims"]


def put_to(question: Query, passage: Passage, view: View, place: str) -> str:
    """The question as it is put to one passage: without the year and the place known already."""
    named = {*years_in(view.text[view.body :])}
    given = passage.year in question.years and (passage.year not in named or len(named) == 1)
    told = bool(question.relative) and question.relative in passage.text
    asked = question.undated if given or told else question.standalone
    level = LEVEL.search(asked)
    if level and level[1] and level[0] not in view.text:  # 全区 goes without saying
        asked = re.sub(f"{level[0]}的?", "", asked) or asked
    name = plain_name(place)
    if not name or question.kind == "yesno":
        return asked
    if name not in view.text:
        return re.sub(rf"{re.escape(name)}[省市区县]?(?:的|全[省市区县])?", "", asked) or asked
    return asked if name in asked or not count_as_place(view.text, name) else name + asked


def without_claims(queries: Sequence[Query], texts: Sequence[str]) -> Iterator[list[str]]:
    """The questions in fewer words, one a text, "" where a text needs none.

    A yes/no question without its year, then without the figures of its case too; another without
    the figures of a case where the text tells tier by tier what holds for such.
    """
    if queries and queries[0].kind != "yesno":
        fewer = [
            query.bare if meant_by_case(query, text) else ""
            for query, text in zip(queries, texts, strict=True)
        ]
        if any(fewer):
            yield fewer
        return
    bare = [query.bare for query in queries]
    undated = [query.undated for query in queries]
    asked = [query.standalone for query in queries]
    yield from (less for less, more in ((undated, asked), (bare, undated)) if less != more)
