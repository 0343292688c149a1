"""Which passages a question is asked over: those of a source, a date, a section."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.errors import SelectionError

__all__ = ["Selection"]

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
SOURCES = 100  # that may be named at once
_FIELDS = ("source", "date", "section")


@dataclass(frozen=True, slots=True)
class Selection:
    """What passages have to come from; what is empty selects nothing away.

    `sources` are names of documents or of folders they stand in; `since` and `until` are
    dates (2024, 2024-05 or 2024-05-01), each with all that it covers, and leave out documents
    that tell none; `section` is part of a heading above the passage.
    """

    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    section: str = ""

    @classmethod
    def read(cls, where: Mapping[str, object] | None) -> Selection | None:
        """The selection that `where` names, None for nothing; raises SelectionError.

        `source` and `section` are texts, the first also a list of them; `date` is a date or a
        pair of them, from and to, of which one may be empty.
        """
        if not where:
            return None
        if not isinstance(where, Mapping) or set(where) - {*_FIELDS}:
            raise SelectionError(f"where 只能有 {'、'.join(_FIELDS)} 这几项，请去掉其他的")
        sources = where.get("source") or ()
        sources = (sources,) if isinstance(sources, str) else sources
        section = where.get("section") or ""
        if not isinstance(sources, Sequence) or not all(isinstance(s, str) for s in sources):
            raise SelectionError("where 的 source 要写文件名、文件夹名，或它们的列表")
        if len(sources) > SOURCES:
            raise SelectionError(f"where 的 source 最多写 {SOURCES} 个")
        if any(_is_no_text(name) for name in (*sources, section) if isinstance(name, str)):
            raise SelectionError("where 里有不是文字的字符，请改正")
        if not isinstance(section, str):
            raise SelectionError("where 的 section 要写标题里的字")
        since, until = _read_dates(where.get("date") or "")
        selection = cls(tuple(filter(None, sources)), since, until, section.strip())
        return None if selection == cls() else selection

    def rows_query(self) -> tuple[str, list[object]]:
        """SQL that gives the rows of the passages selected, and its parameters."""
        tests: list[str] = []
        given: list[object] = []
        if self.sources:
            one = "(source = ? OR substr(source, 1, length(?)) = ?)"
            tests.append(f"({' OR '.join([one] * len(self.sources))})")
            for source in self.sources:
                folder = f"{source.rstrip('/')}/"
                given += [source, folder, folder]
        for sign, told in ((">=", self.since), ("<=", self.until)):
            if told:  # as far as both are told: a document of 2024 may be of May
                shorter = f"substr(date, 1, length(?)) {sign} substr(?, 1, length(date))"
                tests.append(f"date != '' AND {shorter}")
                given += [told, told]
        documents = f"SELECT number FROM documents WHERE {' AND '.join(tests)}" if tests else ""
        query = "SELECT row FROM passages WHERE 1"
        if documents:
            query += f" AND document IN ({documents})"
        if self.section:
            query += " AND EXISTS (SELECT 1 FROM json_each(section) WHERE instr(value, ?) > 0)"
            given.append(self.section)
        return query, given


def _is_no_text(name: str) -> bool:
    """Whether a name holds halves of characters, which no document has."""
    return any("\ud800" <= character <= "\udfff" for character in name)


def _is_date(written: str) -> bool:
    """Whether it is a year, a month or a day that there is."""
    if not _DATE.fullmatch(written):
        return False
    try:
        date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return False
    return True


def _read_dates(told: object) -> tuple[str, str]:
    pair = (told, told) if isinstance(told, (str, int)) else told
    if not isinstance(pair, Sequence) or len(pair) != 2:
        raise SelectionError("where 的 date 要写一个日期，或起止两个日期")
    since, until = (str(one) if one else "" for one in pair)
    for one in (since, until):
        if one and not _is_date(one):
            raise SelectionError(
                f"where 的 date {one!r} 不是 2024、2024-05 或 2024-05-01 这样的日期"
            )
    size = min(len(since), len(until))
    if size and since[:size] > until[:size]:
        raise SelectionError(f"where 的 date 从 {since} 到 {until}，先后反了")
    return since, until
