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
    dates = [date_of(answer) for answer in answers]
    told = [
        (date, _parts(date), answer) for date, answer in zip(dates, answers, strict=True) if date
    ]
    if len(told) < len(answers):
        return None
    cited = [(date.text, answer.citations[0]) for date, _, answer in told]
    if len({citation for _, citation in cited}) < len(cited):
        return None  # one event found twice
    if asked.operation == "same":
        return _tell_same(asked, [parts for _, parts, _ in told], cited)
    every = [parts for _, parts, _ in told]
    depth = min(len(parts) for parts in every)
    first = min if asked.way == "早" else max
    best = first(parts[:depth] for parts in every)
    if [parts[:depth] for parts in every].count(best) > 1:
        return None
    name = asked.names[[parts[:depth] for parts in every].index(best)]
    return answered([Told(name, [citation for _, citation in cited], operands=cited)])


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


def _parts(date: DateSpan | None) -> tuple[int, ...]:
    """Year, month and day, as far as they are told one after another."""
    found: list[int] = []
    for part in (date.year, date.month, date.day) if date else ():
        if part is None:
            break
        found.append(part)
    return tuple(found)
