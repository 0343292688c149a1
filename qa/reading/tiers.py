"""Of values told tier by tier, the one of the tier that a question's case falls in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.language import Figure, admits, find_figures, same_unit
from qa.asking import Query

__all__ = ["meant_by_case"]

_PEOPLE = ("人", "员工", "职工")


@dataclass(slots=True)
class _Tier:
    """Bounds that hold together, and the values told after them; none for what comes first."""

    bounds: list[Figure] = field(default_factory=list)
    values: list[Figure] = field(default_factory=list)


def meant_by_case(query: Query, text: str) -> dict[int, int]:
    """For the starts of values of several tiers, the start of the one that is meant.

    「满80周岁的60元，满90周岁的180元」: for who is 95 it is 180元. Empty where no tier fits.
    """
    asked = query.standalone
    people = (
        replace(f, unit="人") if asked.startswith(_PEOPLE, f.end) else f  # 6个人, 150个员工
        for f in find_figures(asked)
    )
    cases = [case for case in people if case.unit]
    figures = list(find_figures(text)) if cases else []  # most questions put no case
    meant: dict[int, int] = {}
    for case in cases:
        meant |= _of(case, list(_tiers(case, figures, text)), query)
    return meant


def _of(case: Figure, tiers: Sequence[_Tier], query: Query) -> dict[int, int]:
    fitting = [t for t in tiers if t.bounds and all(admits(b, case) for b in t.bounds)]
    if not fitting:
        return {}
    tier = max(fitting, key=lambda t: t.bounds[0].value or 0)  # 满90周岁 is narrower than 满80周岁
    value = next((v for v in tier.values if same_unit(query.unit or v.unit, v.unit)), None)
    if value is None:
        return {}
    others = [v for t in tiers if t is not tier for v in t.values if same_unit(value.unit, v.unit)]
    return dict.fromkeys((other.start for other in others), value.start)


def _tiers(case: Figure, figures: Sequence[Figure], text: str) -> Iterator[_Tier]:
    """The tiers of a text that are told apart by what a case counts in."""
    tier = _Tier()
    end = 0
    for figure in figures:
        between = text[end : figure.start]
        if any(mark in between for mark in "。！？"):  # what comes after a sentence is of no tier
            yield tier
            tier = _Tier()
        if admits(figure, case) is not None:
            if tier.values:
                yield tier
                tier = _Tier()
            tier.bounds.append(figure)
        elif figure.unit:
            tier.values.append(figure)
        end = figure.end
    yield tier
