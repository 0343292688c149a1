"""Which of several events came first, or whether they were in one month, by their dates."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.language import DateSpan, find_dates
from qa.answer import Answer, Citation
from qa.asking import Events
from qa.saying.text import Told, answered

__all__ = ["date_of", "in_moment", "tell_events"]

_UNITS = {"年": 1, "月": 2, "天": 3}  # parts of a date that two events in one such share


def tell_events(asked: Events, answers: Sequence[Answer]) -> Answer | None:
    """What the dates of events tell, each found and cited on its own; None where they do not."""
    dated = [(date, one.citations[0]) for one in answers if (date := date_of(one))]
    if len({citation for _, citation in dated}) < len(answers):
        return None  # one was not found, or one event twice
    dates = [_parts(date) for date, _ in dated]
    cited = [(date.text, citation) for date, citation in dated]
    tell = _tell_same if asked.operation == "same" else _tell_first
    return tell(asked, dates, cited)


def in_moment(asked: str, unit: str, date: DateSpan) -> str:
    """A question dated by the day, month or year (`unit`) of an event."""
    parts = _parts(date)[: _UNITS[unit]]
    return "".join(f"{n}{mark}" for n, mark in zip(parts, "年月日", strict=False)) + asked


def date_of(answer: Answer) -> DateSpan | None:
    """The date that an answer tells, None where it is none or has no year."""
    if answer.status == "refused" or not answer.parts:
        return None
    date = next(iter(find_dates(answer.parts[0].text)), None)
    return date if date and date.year else None


def _tell_same(
    asked: Events, dates: Sequence[tuple[int, ...]], cited: Sequence[tuple[str, Citation]]
) -> Answer | None:
    depth = min(_UNITS[asked.way], *map(len, dates))
    alike = len({parts[:depth] for parts in dates}) == 1
    if alike and depth < _UNITS[asked.way]:
        return None
    verdict = Told("是" if alike else "否", [citation for _, citation in cited])
    return answered([verdict, *(Told(text, [citation]) for text, citation in cited)])


def _tell_first(
    asked: Events, dates: Sequence[tuple[int, ...]], cited: Sequence[tuple[str, Citation]]
) -> Answer | None:
    depth = min(map(len, dates))
    known = [parts[:depth] for parts in dates]
    best = min(known) if asked.way == "早" else max(known)
    if known.count(best) > 1:
        return None
    name = asked.names[known.index(best)]
    return answered([Told(name, [citation for _, citation in cited], operands=cited)])


def _parts(date: DateSpan) -> tuple[int, ...]:
    """Year, month and day, as far as they are told one after another."""
    found: list[int] = []
    for part in (date.year, date.month, date.day):
        if part is None:
            break
        found.append(part)
    return tuple(found)
