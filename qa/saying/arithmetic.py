"""Sums, differences, ratios and comparisons of answers, each found and cited on its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import permutations, product

from corpus import Document, Fact
from corpus.cells import year_of
from corpus.language import (
    DIGIT_YEAR,
    Figure,
    find_quantities,
    same_unit,
    written_form,
    years_in,
)
from corpus.language.numbers import read_amount
from qa.answer import Answer, Citation, Part
from qa.asking import Calculation, Multiple, Query, content_pairs
from qa.asking.query import without_year
from qa.reading import head_of_names
from qa.saying.parallel import TOTALS
from qa.saying.text import Told, answered

__all__ = ["asks_sum", "calculate", "change", "multiply", "reckon_rows"]

_OPPOSITE = {
    "多": "少", "少": "多", "高": "低", "低": "高", "大": "小", "小": "大", "贵": "便宜",
}  # fmt: skip
_UPWARD = "多高大贵快"
_SCALES = (("亿", Decimal(100_000_000)), ("万", Decimal(10_000)), ("", Decimal(1)))


HALF = 0.5  # share of a column's name that a question must have
ENDING = 2  # characters that names of one kind end with
_TWO = ("before", "after")
_EVERY = re.compile(
    "(?:(?P<count>[两二三四五六七八九十]+|\\d+)个|各个?|所有的?|全部的?)(?P<kind>[^，,。的\\d]{1,8})"
)
_LISTING = re.compile(
    rf"{DIGIT_YEAR}年?[初底末]?|这?[两几二三四五六]个?|[、，,和与及跟的在]|请问|全区|全市|全县"
)
_CHANGED = re.compile(
    "(?:增加|增长|上升|减少|下降|降低|变化|相差|差|多|少|增|减|涨|降)了?(?:多少|几)"
)
_FELL = re.compile("减少|下降|降低|(?<!多)少了?(?:多少|几)|减了?多少|降了?多少")
_APART_BY = re.compile("变化|相差")
_SUMMED = re.compile("一共|总共|合计|共计|总计|总和|之和|加起来|合起来|相加|加在?一起|总的")


def asks_sum(text: str) -> bool:
    """Whether several figures together are asked for."""
    return bool(_SUMMED.search(text))


def reckon_rows(query: Query, documents: Iterable[Document]) -> Answer | None:
    """A sum of rows of a table, or what a row's figures of two years differ by; else None.

    All rows that a question names, or all there are; one that the table has not is not left out.
    """
    asked = query.standalone
    for document in documents:
        tables: dict[tuple[tuple[int, int], ...], list[Fact]] = {}
        for fact in document.facts:
            block = document.block_at(fact.figure.start)
            if block.cells and block.heads and fact.subject not in TOTALS:
                tables.setdefault(block.heads, []).append(fact)
        for heads, facts in tables.items():
            first = head_of_names(document, heads)
            if len({fact.year for fact in facts if not years_in(fact.indicator)}) > 1:
                facts = [f for f in facts if not query.years or f.year in query.years]
            named = _named(asked, facts)
            told: Answer | None = None
            if asks_sum(asked):
                told = _sum_of(query, document, facts, _rows_asked(asked, first, facts, named))
            elif (len(named) == 1 or all(map(year_of, named))) and _CHANGED.search(asked):
                told = _change_of(query, document, [f for f in facts if f.subject in named])
            if told:
                return told
    return None


def _named(asked: str, facts: Sequence[Fact]) -> list[str]:
    """The rows a question names, but for those within longer names of others, in its order."""
    names = dict.fromkeys(f.subject for f in facts if len(f.subject) > 1 and f.subject in asked)
    held = [n for n in names if not any(n != other and n in other for other in names)]
    return sorted(held, key=asked.index)


def _rows_asked(asked: str, first: str, facts: Sequence[Fact], named: Sequence[str]) -> list[str]:
    """The names of the rows that are to be added, none where the table has not all of them."""
    if len(named) > 1:
        end = max(asked.index(name) + len(name) for name in named)
        listed, after = asked[:end], asked[end : end + 1]
        for name in named:
            listed = listed.replace(name, "")
        goes_on = after in tuple("、，,和与及跟")  # to one that the table has not
        return list(named) if not goes_on and not _LISTING.sub("", listed) else []
    every = list(dict.fromkeys(fact.subject for fact in facts))
    whole = _EVERY.search(asked)
    if named or not whole:
        return []
    count = read_amount(whole["count"]) if whole["count"] else None
    ending = [name for name in every if name.endswith(whole["kind"][:ENDING])]
    of_kind = len(whole["kind"]) >= ENDING and whole["kind"][:ENDING] in first
    for rows in (every if of_kind else [], ending):
        if len(rows) > 1 and count in (None, len(rows)):
            return rows
    return []


def _sum_of(
    query: Query, document: Document, facts: Sequence[Fact], rows: Sequence[str]
) -> Answer | None:
    """The sum of the figures that rows have in the one column a question asks for."""
    columns = {column for _, column in _columns(query, facts)}
    told = [fact for fact, column in _columns(query, facts) if fact.subject in rows]
    alike = len({fact.figure.unit for fact in told}) == 1
    if not rows or len(columns) != 1 or not alike or len(told) != len(rows):
        return None
    values = [fact.figure.value for fact in told if fact.figure.value is not None]
    if len(values) < len(rows):
        return None
    like = "".join(written_form(fact.figure) for fact in told)
    total = f"{_written(sum(values, Decimal(0)), like)}{told[0].figure.unit}"
    return _reckoned(document, told, total)


def _change_of(query: Query, document: Document, facts: Sequence[Fact]) -> Answer | None:
    """By how much a row's figure of one year is above or below that of another."""
    years = sorted(query.years)
    if len(years) != len(_TWO):
        return None
    dated = [(fact, without_year(column)) for fact, column in _columns(query, facts, said=False)]
    pairs = [
        (one, other)
        for one, column in dated
        for other, same in dated
        if column == same and [one.year, other.year] == years
    ]
    likely = [pair for pair in pairs if _share(pair[0].indicator, pair[0].subject, query) >= HALF]
    pairs = likely or pairs  # a column of two years need not be named where there is but one
    if len(pairs) != 1 or not same_unit(pairs[0][0].figure.unit, pairs[0][1].figure.unit):
        return None
    before, after = pairs[0][0].figure, pairs[0][1].figure
    if before.value is None or after.value is None:
        return None
    if before.value == after.value:
        return _reckoned(document, pairs[0], "一样")
    rose = after.value > before.value
    against = bool(_FELL.search(query.standalone)) == rose and not _APART_BY.search(query.text)
    way = ("增加" if rose else "减少") if against else ""
    apart = _written(abs(after.value - before.value), written_form(before) + written_form(after))
    return _reckoned(document, pairs[0], f"{way}{apart}{after.unit}")


def _columns(query: Query, facts: Sequence[Fact], said: bool = True) -> list[tuple[Fact, str]]:
    """Facts of the columns that a question names, and of its year, each with its column's name."""
    named = [(fact, fact.indicator.removeprefix(fact.subject)) for fact in facts]
    if not said:
        return named
    shares = [_share(fact.indicator, fact.subject, query) for fact, _ in named]
    best = max(shares, default=0.0)
    found = [
        one for one, share in zip(named, shares, strict=True) if share == best and share >= HALF
    ]
    if not query.years:
        return [one for one in found if not years_in(one[1])]
    of_year = [one for one in found if one[0].year in query.years]
    return [one for one in of_year if years_in(one[1])] or of_year


def _share(indicator: str, subject: str, query: Query) -> float:
    """The share of a column's name, without its year, that a question has."""
    pairs = content_pairs(without_year(indicator.removeprefix(subject)))
    return sum(pair in query.pairs for pair in pairs) / len(pairs) if pairs else 0.0


def _reckoned(document: Document, facts: Sequence[Fact], result: str) -> Answer:
    """A result with the figures it was reckoned from, each with the row it stands in."""
    operands = [
        (written_form(fact.figure), Citation.of_block(document, *fact.sentence)) for fact in facts
    ]
    cited = list(dict.fromkeys(citation for _, citation in operands))
    return answered([Told(result, cited, operands=operands)])


def calculate(asked: Calculation, answers: Sequence[Answer]) -> Answer | None:
    """The result with its operands, citing each, or None where they are not such figures."""
    figures = [figure for one in answers if (figure := _only_figure(one))]
    values = [figure.value for figure in figures if figure.value is not None]
    if len(values) < len(answers) or (asked.operation == "ratio" and not values[1]):
        return None
    if any(_is_one_figure(values, answers, value) for value in set(values)):
        return None
    if not all(same_unit(figures[0].unit, figure.unit) for figure in figures):
        return None
    operands = [(f.text, _cited(one)[0]) for f, one in zip(figures, answers, strict=True)]
    if asked.operation == "difference" and values[0] < values[1]:
        operands.reverse()
    cited = [citation for one in answers for citation in _cited(one)]
    return answered([Told(_result(asked, figures, values), cited, operands=operands)])


def multiply(asked: Multiple, answer: Answer) -> Answer | None:
    """So many times a rate, with its own words; None where an answer is no rate of such a unit."""
    figure, part = _only_figure(answer), _only_part(answer)
    if not figure or not part or figure.value is None:
        return None
    cited = answer.citations[part.citations[0]]
    words = r"[^，。；\d一二两三四五六七八九十]{0,8}?"  # 每连续租满3年 is another rate
    each = rf"每{words}[1一]?个?{asked.unit}[^，。；]{{0,8}}?{re.escape(figure.text)}"
    rate = re.search(each, cited.quote)
    if not rate:
        return None
    told = f"{_written(figure.value * asked.times, figure.text)}{figure.unit}"
    return answered([Told(told, [cited], operands=[(rate[0], cited)])])


def change(one: Figure, other: Figure) -> str:
    """By how much a figure changed from one to the other, in their scale and unit; "" unknown."""
    if one.value is None or other.value is None:
        return ""
    about = "约" if one.qualifier or other.qualifier else ""
    return f"{about}{_written(abs(other.value - one.value), one.text + other.text)}{other.unit}"


def _result(asked: Calculation, figures: Sequence[Figure], values: Sequence[Decimal]) -> str:
    # 超10000个 less 6000个 is not 4000个
    about = "约" if any(figure.qualifier for figure in figures) else ""
    like, unit = "".join(figure.text for figure in figures), figures[0].unit
    if asked.operation == "sum":
        return f"{about}{_written(sum(values, Decimal(0)), like)}{unit}"
    if asked.operation == "choice":
        chosen = max(values) if asked.way in _UPWARD else min(values)
        named = [n for n, v in zip(asked.names, values, strict=True) if v == chosen]
        if len(named) == len(values):
            return "一样"
        return f"{'、'.join(named)}{'最' if len(values) > 2 else ''}{asked.way}"
    one, other = values
    if asked.operation == "ratio":
        return f"{about}{(one / other).quantize(Decimal('0.01')).normalize():f}倍"
    if asked.operation == "comparison":
        return "一样" if one == other else asked.way[0 if one > other else -1]
    fewer = (one < other) == (asked.way in _UPWARD)
    opposite = (
        _OPPOSITE.get(asked.way, "") if fewer and one != other else ""
    )  # asked 多多少: it is less
    return f"{opposite}{about}{_written(abs(one - other), like)}{unit}"


def _only_part(answer: Answer) -> Part | None:
    return answer.parts[0] if len(answer.parts) == 1 else None


def _only_figure(answer: Answer) -> Figure | None:
    part = _only_part(answer)
    figures = find_quantities(part.text) if part and not part.operands else []
    return figures[0] if len(figures) == 1 else None


def _cited(answer: Answer) -> list[Citation]:
    return [answer.citations[place] for part in answer.parts for place in part.citations]


def _is_one_figure(values: Sequence[Decimal], answers: Sequence[Answer], value: Decimal) -> bool:
    """Whether answers of one value stand in a sentence that tells it fewer times than they do."""
    cited = [one.citations for v, one in zip(values, answers, strict=True) if v == value]
    quotes = {
        citation.quote
        for ours, others in permutations(cited, 2)
        for citation, other in product(ours, others)
        if citation.document_id == other.document_id
        and citation.start < other.end
        and other.start < citation.end
    }
    told = sum(figure.value == value for quote in quotes for figure in find_quantities(quote))
    return bool(quotes) and told < len(cited)


def _written(value: Decimal, like: str) -> str:
    """A number in the largest scale that the operands are written in."""
    name, size = next((n, s) for n, s in _SCALES if n in like)
    return f"{(value / size).normalize():f}{name}"
