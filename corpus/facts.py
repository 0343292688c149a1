"""What a figure says: of what, of which year, whether done or aimed at, where, and whose."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from corpus.document import Block, Document, Fact, FactStatus, Span
from corpus.language import (
    CLAUSE_MARKS,
    DIGIT_YEAR,
    RELATIVE_YEARS,
    YEAR,
    Figure,
    clause_end,
    clause_start,
    find_dates,
    find_quantities,
    find_years,
    sentence_spans,
    years_in,
)
from corpus.numbering import without_number
from corpus.rows import naming_columns, row_figures, row_name

__all__ = ["find_facts", "status_of", "years_of"]

NAMING = 3  # first cells of a row, in which its name may stand
REACH = 200  # characters after a figure, in which an aim may follow what was done before
LONGEST_SUBJECT = 20  # characters of a heading that says whose the figures below it are

_OPENING = re.compile(
    r"(?:(?:^|[，。；：、！？\s“」”])(?:到|至|截至|在|预计|力争|计划)?|[及并]于)$"
)
_FIELD = re.compile("([^，。；：:！？\\d]{2,14})[：:](?=.)")
_YEARS_IN_TURN = re.compile(r"年?[、和与及]$")
# Words that say so by themselves; a section's heading decides before the weaker ones.
_AIMS = re.compile(
    r"(?<!完成)(?<!完成年度)(?<!招生)(?<!项目)(?:(?<![比较超])计划(?!单列|生育|经济|外)|目标(?!任务完成|完成|管理|责任|考核))"
    r"|力争|争取|打算|拟(?=[建投新开引])|谋划|确保|"
    rf"将(?=于|在|新|建|达|投|完|实|开|增|打|继|超|突)|到{DIGIT_YEAR}年底?[，达实建]"
)
_DESCRIBES = re.compile("[^，。；]{0,12}的(?=[^，。；])")
_AIMS_OF_SECTION = re.compile(r"计划|目标|任务|打算|部署|安排|展望|这样干|怎么干")
_DONE_OF_SECTION = re.compile(r"成绩|回顾|总结|成就|成果|亮点|答卷|完成情况")
_DONE_OF_HEAD = re.compile(r"实际|完成|已(?![知婚])")
_SURELY_DONE = re.compile(r"已(?![知婚])|累计|截至|截止|实际")
_DONE = re.compile(r"完成|新增|实现|建成|投用|投入使用|获评|突破|发放|兑现|竣工|达到|增长|同比")
_LATER = re.compile("明年|来年|下一?年|下一步|今后")
_COMPARED = ("自", "从", "比", "较", "同")
_RELATIVE = ("去年", "上年", "前年", "明年")
_BEGUN = re.compile(rf"(?:{YEAR.pattern})年(?=[，,全])")
_MARKS = CLAUSE_MARKS + ":!?\n"
_LOOSE = re.compile(
    r"^(?:其中|共|约|预计|全年|当年|年内|并|还|已|累计|实现|完成|达到?|为|是|的|、)+|[的为达到是共约、]+$"
)


def find_facts(document: Document) -> Iterator[Fact]:
    """The figures of a document with their units, in order."""
    tables: dict[tuple[Span, ...], list[Block]] = defaultdict(list)
    for block in document.blocks:
        if block.heads:
            tables[block.heads].append(block)
    naming = {heads: naming_columns(document.text, rows) for heads, rows in tables.items()}
    for block in document.blocks:
        if block.kind == "row":
            yield from _facts_of_row(document, block, naming.get(block.heads, (0,)))
        elif block.kind != "heading":
            yield from _facts_of_text(document, block)


def _facts_of_text(document: Document, block: Block) -> Iterator[Fact]:
    text = document.text
    governing = block.year
    subject = _subject(text, block)
    for start, end in sentence_spans(text, block.start, block.end):
        sentence = text[start:end]
        figures = find_quantities(sentence)
        for place, figure in enumerate(figures):
            years = years_of(sentence, figure.start, governing)
            yield Fact(
                figure.moved(start),
                _indicator(sentence, figures, place),
                years[0] if years else None,
                status_of(sentence, figure.start, block, document),
                document.place,
                subject,
                (start, end),
                " / ".join(block.section),
            )
        governing = _opening_year(sentence) or governing


def _facts_of_row(document: Document, block: Block, naming: Sequence[int]) -> Iterator[Fact]:
    """The figures of a table's row: of what the row names, told by the column's head."""
    text = document.text
    if not block.cells:
        return
    subject = row_name(text, block, naming)
    for column, figure in row_figures(text, block):
        years = years_in(column) or ((block.year,) if block.year else ())
        yield Fact(
            figure,
            f"{subject}{column}",
            years[0] if years else None,
            _status_of_head(column) or _status_of_head(subject),
            document.place,
            subject,
            (block.start, block.end),
            " / ".join(block.section),
        )


def _subject(text: str, block: Block) -> str:
    """Whose figures stand in a block, where its own name (国庆节：…) or nearest heading says so."""
    line = without_number(text[block.start : block.end])
    field = _FIELD.match(line)
    if field:
        return field[1]
    heading = without_number(block.section[-1]) if block.section else ""
    return heading if len(heading) <= LONGEST_SUBJECT else ""


def years_of(sentence: str, at: int, governing: int | None, before: str = "") -> tuple[int, ...]:
    """The years that what stands at a place of a sentence may be of, likeliest first.

    One that opens a clause before it (「2022年，计划…」) rules the others out. Otherwise the one
    that opened a sentence `before` it in its passage, else the one that governs the passage, then
    those the sentence names, and 去年 and 明年 counted from it.
    """
    governing = _begun(before) or governing
    named = _years_named(sentence)
    led = [place for place in named if place[1] <= at]
    for (_, end, year), (start, _, other) in pairwise(led):
        told_apart = _YEARS_IN_TURN.fullmatch(sentence[end:start]) and "分别" in sentence[:at]
        if told_apart:  # 2024年、2025年分别新增10个、20个
            return (year, other)
    opening = [place for place in led if _opens_clause(sentence, place[0], place[1])]
    if opening:
        # 2024年…，已超过2022年的60亿元: its clause may have a year of its own
        own = [
            y
            for start, _, y in led
            if start >= clause_start(sentence, at) and _spoken(sentence, start)
        ]
        return tuple(dict.fromkeys((*_with_rest_of_span(sentence, opening[-1]), *own)))
    years = tuple(year for start, _, year in named if _spoken(sentence, start))
    if governing is None:
        return years
    relative = [governing + RELATIVE_YEARS[word] for word in _RELATIVE if word in sentence]
    return (governing, *years, *relative)


def _spoken(sentence: str, start: int) -> bool:
    """Whether a year is spoken of, not one to compare with or to count from: 比2022年, 自2022年."""
    return sentence[start - 1 : start] not in _COMPARED


@lru_cache(maxsize=64)  # a sentence's figures are looked at one after the other
def _years_named(sentence: str) -> tuple[tuple[int, int, int], ...]:
    return tuple(find_years(sentence))


def _with_rest_of_span(sentence: str, opening: tuple[int, int, int]) -> tuple[int, ...]:
    """The year that opens a clause, and the later one of a span: 2018年12月30日至2019年1月1日."""
    start, _, year = opening
    dates = (d for d in find_dates(sentence) if d.start <= start < d.end)
    named = next((years_in(d.text) for d in dates), ())
    return tuple(dict.fromkeys((*reversed(named), year)))


def _begun(before: str) -> int | None:
    """The year that opens the last sentence before, of those that one opens: 2022年，…"""
    opened = None
    for start, end in sentence_spans(before):
        opened = _opening_year(before[start:end]) or opened
    return opened


def _opening_year(sentence: str) -> int | None:
    found = _BEGUN.match(sentence)
    return years_in(found[0])[0] if found else None


def _opens_clause(sentence: str, start: int, end: int) -> bool:
    return (
        bool(_OPENING.search(sentence[:start]))
        and sentence[end : end + 1] == "年"
        and sentence[end + 1 : end + 3] not in ("以来", "之来")
    )


def status_of(sentence: str, at: int, block: Block, document: Document) -> FactStatus:
    """Whether what stands at a place of a sentence is done or aimed at.

    The clause tells, else the sentence before it, else the section's headings, else whether
    its year comes after the one the document reports on. A heading's aim is none of what stands
    before the aim of a later year: 2025年举办18场；2026年计划举办24场.
    """
    if block.heads and (told := _status_of_cell(sentence, at, block, document)):
        return told
    before = clause_start(sentence, at, _MARKS)
    clause = sentence[before : clause_end(sentence, at, _MARKS)]
    if _AIMS.search(clause):
        return "target"
    if _SURELY_DONE.search(clause):
        return "done"
    past = _turned_to_past(sentence, at)
    if _first_aim(sentence) <= before and not past:
        return "target"
    year = next(iter(years_of(sentence, at, block.year)), None)
    place = document.text.find(sentence, block.start) + at
    after = document.text[place : min(place + REACH, block.end)]
    headings = " ".join(block.section)
    past = past or _turns_to_aim(after, year)
    past = past or bool(year and year < min(years_in(headings), default=0))
    for pattern, status in _OF_SECTION:
        if pattern.search(headings) and not (status == "target" and past):
            return status
    if year and document.year and year != document.year:
        return "target" if year > document.year else "done"
    return "done" if _DONE.search(clause) else ""


def _status_of_cell(sentence: str, at: int, block: Block, document: Document) -> FactStatus:
    """What its column's head says of a cell (2025年目标), else the first cells of its row."""
    place = document.text.find(sentence, block.start, block.end) + at
    column = next((i for i, (a, b) in enumerate(block.cells) if a <= place < b), 0)
    spans = [*block.heads[column : column + 1], *block.cells[:column][:NAMING]]
    said = (_status_of_head(document.text[slice(*span)]) for span in spans)
    return next(filter(None, said), "")


def _status_of_head(head: str) -> FactStatus:
    """Whether a head or a row's name says that what it is of is aimed at or done."""
    if _AIMS.search(head):
        return "target"
    return "done" if _DONE_OF_HEAD.search(head) else ""


@lru_cache(maxsize=64)
def _first_aim(sentence: str) -> int:
    """The place where the first word of an aim ends; past the end where there is none.

    One that only describes a thing (计划的任务全部完成) is none for what comes after it.
    """
    found = (m for m in _AIMS.finditer(sentence) if not _DESCRIBES.match(sentence, m.end()))
    return next((m.end() for m in found), len(sentence) + 1)


def _turned_to_past(sentence: str, at: int) -> bool:
    """Whether what stands at a place is told of a year before the aim's: 计划2026年…；2025年…"""
    named = [place for place in _years_named(sentence) if place[1] <= at]
    opening = [place for place in named if _opens_clause(sentence, place[0], place[1])]
    if not opening:
        return False
    start, _, year = opening[-1]
    earlier = any(other > year for first, _, other in named if first < start)
    return earlier and not _AIMS.search(sentence, start, at)


def _turns_to_aim(after: str, year: int | None) -> bool:
    """Whether what follows a figure of a year, from its next clause on, is the aim of a later."""
    rest = after[clause_end(after, 0) :]
    aim = _AIMS.search(rest)
    if not aim:
        return False
    clause = rest[: clause_end(rest, aim.end())]
    return bool(_LATER.search(clause)) or (
        year is not None and any(other > year for other in years_in(clause))
    )


_OF_SECTION: tuple[tuple[re.Pattern[str], FactStatus], ...] = (
    (_DONE_OF_SECTION, "done"),
    (_AIMS_OF_SECTION, "target"),
)


def _indicator(sentence: str, figures: Sequence[Figure], place: int) -> str:
    """The words of a clause around a figure: no further than the figures beside it reach."""
    figure = figures[place]
    before = clause_start(sentence, figure.start, _MARKS)
    last = figures[place - 1].end if place else 0
    if last > before:
        before = max(last, sentence.rfind("、", last, figure.start) + 1)
    head = _LOOSE.sub("", sentence[before : figure.start])
    after = min(
        clause_end(sentence, figure.end, _MARKS + "、" * bool(head)),
        figures[place + 1].start if place + 1 < len(figures) else len(sentence),
    )
    return head + _LOOSE.sub("", sentence[figure.end : after])
