"""What has the most or the least of something, by the figures of one document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from corpus import Document, Fact, without_number
from corpus.cells import year_of
from corpus.language import in_base_unit, same_unit
from corpus.rows import with_unit
from qa.answer import Answer, Citation
from qa.asking import Query, Ranking, asked_status, read_ranking
from qa.checking import Judged
from qa.saying.text import Told, answered

__all__ = ["rank"]

SHORTEST = 2  # characters of a measure
LONGEST_NAME = 20  # characters
_TOTALS = frozenset(("合计", "总计", "小计", "累计", "全县", "全市", "全区", "全省"))
_OF_ALL = re.compile("^(?:总|全部|合计)")
_WHEN = re.compile(r"\d{4}年?度?(?:[年月]?[末底初])?|全年|\s")
_LEVELS = ("街道", "社区", "镇", "乡", "村", "县", "区", "市", "街")

_Told = list[tuple[str, Fact, Decimal]]


def rank(query: Query, held: Sequence[Judged], documents: Iterable[Document]) -> Answer | None:
    """The name with the largest or smallest figure, which it is reckoned from, where one is asked.

    None without two to compare, and where the best evidence says it itself (面积最大的是…).
    """
    asked = read_ranking(query.standalone)
    said = any("最" in one.document.text[slice(*one.evidence.sentence)] for one in held[:1])
    if not asked or said:
        return None
    for document, told in _measured(query, asked, list(documents)):
        values = sorted({value for _, _, value in told})
        if len({name for name, _, _ in told}) < SHORTEST or len(values) < SHORTEST:
            continue
        best = values[-1 if asked.most else 0]
        first = [(name, fact) for name, fact, value in told if value == best]
        if len(first) == 1:
            name, fact = first[0]
            cited = Citation.of_block(document, *fact.sentence)
            written = f"{_year_of_row(query, name, fact, document)}{_written(fact, document)}"
            return answered([Told(name, [cited], operands=[(written, cited)])])
    return None


def _measured(
    query: Query, asked: Ranking, documents: Sequence[Document]
) -> list[tuple[Document, _Told]]:
    """The documents that tell what is measured, with its figures.

    A column that has the whole name of it goes before what only shares a word, in whichever
    document it stands: 总投资 before 完成投资.
    """
    for start in range(len(asked.measure) - SHORTEST + 1):
        for whole in (True, False):
            found = [(one, _alike(query, asked, start, one, whole)) for one in documents]
            if any(told is not None for _, told in found):
                return [(one, told) for one, told in found if told]
    return []


def _alike(
    query: Query, asked: Ranking, start: int, document: Document, whole: bool
) -> _Told | None:
    """The figures of what is measured, each with the name of what it is of and its value.

    None where a document has no such figures, none where they are not of one year.
    """
    measure = asked.measure[start:]
    kind = asked.kind or asked.measure[:start]  # 哪个镇面积最大 has both in one
    found = _columns(query, measure, document, whole)
    found = [fact for fact in found if same_unit(fact.figure.unit, found[0].figure.unit)]
    if kind.startswith("年"):  # 哪一年
        named = _by_year(query, found)
    else:
        named = [(_name(kind, measure, fact, document), fact) for fact in found]
    told = [
        (name, fact, value)
        for name, fact in named
        if name and name not in _TOTALS
        if (value := in_base_unit(fact.figure)[0]) is not None
    ]
    if not told or kind.startswith("年"):
        return told or None
    return _of_level(kind, _of_one_year(query, told))


def _by_year(query: Query, facts: Iterable[Fact]) -> list[tuple[str, Fact]]:
    """Figures of the one thing that a question names, or that a whole table is of, by years."""
    known = [fact for fact in facts if fact.year]
    named = [fact for fact in known if len(fact.subject) > 1 and fact.subject in query.standalone]
    of_one = named or [fact for fact in known if year_of(fact.subject)]
    alone = len({fact.subject for fact in named}) < SHORTEST
    return [(f"{fact.year}年", fact) for fact in of_one] if alone else []


def _columns(query: Query, measure: str, document: Document, whole: bool) -> list[Fact]:
    """The facts that tell a measure: of sentences all, of tables those of one column.

    Years apart, 2023年末人口 and 2024年末人口 are one.
    """
    columns: dict[tuple[object, str], list[Fact]] = defaultdict(list)
    for fact in document.facts:
        block = document.block_at(fact.figure.start)
        if not block.cells:
            if not whole and measure in fact.indicator:
                columns[(), ""].append(fact)
            continue
        column = fact.indicator.removeprefix(fact.subject)
        counted = _WHEN.sub("", column)
        if measure in (column, counted) if whole else measure in column:
            columns[block.heads, counted].append(fact)
    aimed = asked_status(query.text) == "target"

    def fitness(key: tuple[object, str]) -> tuple[bool, bool, bool]:
        status = columns[key][0].status
        in_years = any(fact.year in query.years for fact in columns[key])
        return not in_years, (status == "target") != aimed, not _OF_ALL.match(key[1])

    return columns[min(columns, key=fitness)] if columns else []


def _of_one_year(query: Query, told: _Told) -> _Told:
    """The figures of the year asked for, else of the newest that has one for each name."""
    if query.years:
        told = [one for one in told if one[1].year in (None, *query.years)]
    done = [one for one in told if one[1].status != "target"]
    told = done if done and asked_status(query.text) != "target" else told
    years = {fact.year for _, fact, _ in told}
    if len(years) < 2:
        return told
    newest = max(year or 0 for year in years)
    of_newest = [one for one in told if one[1].year == newest]
    names = {name for name, _, _ in told}
    return of_newest if {name for name, _, _ in of_newest} == names else []


def _of_level(kind: str, told: _Told) -> _Told:
    """Of places of several levels those that are asked for: 街道, no 镇."""
    level = next((level for level in _LEVELS if kind.endswith(level)), "")
    if kind.removesuffix(level).endswith(_LEVELS):  # 乡镇 are of both
        return told
    of_level = [one for one in told if level and one[0].endswith(level)]
    others = [one for one in told if one not in of_level]
    apart = all(name.endswith(_LEVELS) for name, _, _ in others)
    return of_level if len(of_level) >= SHORTEST and apart else told


def _written(fact: Fact, document: Document) -> str:
    """A figure with the unit that its table gives it."""
    block = document.block_at(fact.figure.start)
    return (with_unit(document.text, block, fact.figure.start) if block.cells else "") or (
        fact.figure.text
    )


def _year_of_row(query: Query, name: str, fact: Fact, document: Document) -> str:
    """The year that a row's own cell tells of a figure, where none was asked for."""
    block = document.block_at(fact.figure.start)
    cells = (document.text[slice(*cell)] for cell in block.cells)
    own = (
        not query.years
        and not year_of(name)
        and fact.year in {year_of(cell) for cell in cells} - {None}
    )
    return f"{fact.year}年" if own else ""


def _name(kind: str, measure: str, fact: Fact, document: Document) -> str:
    """Whose figure it is: the name of its row, or the words that open its sentence."""
    if document.block_at(fact.figure.start).cells:
        return fact.subject
    first = fact.sentence[0]
    opening = re.split("[，,：:（(]", document.text[first : fact.figure.start])[0]
    opening = without_number(opening)
    if kind and kind in opening:
        opening = opening[: opening.index(kind) + len(kind)]
    elif measure in opening:
        opening = opening[: opening.index(measure)]
    return opening.rstrip("的") if len(opening) <= LONGEST_NAME else ""
