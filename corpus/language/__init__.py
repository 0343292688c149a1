"""How Chinese texts write numbers, units, dates, clauses and places: one home for each spelling."""

from corpus.language.clauses import (
    CLAUSE_MARKS,
    clause_end,
    clause_spans,
    clause_start,
    sentence_spans,
)
from corpus.language.dates import (
    DATE,
    DIGIT_YEAR,
    RELATIVE_YEARS,
    YEAR,
    DateSpan,
    find_dates,
    find_years,
    relative_year,
    years_in,
)
from corpus.language.figures import (
    Figure,
    admits,
    find_figures,
    find_quantities,
    in_base_unit,
    plainest_form,
    same_quantity,
)
from corpus.language.folding import simplify
from corpus.language.places import (
    LEVEL,
    count_as_place,
    find_places,
    own_place,
    places_asked,
    plain_name,
    within,
)
from corpus.language.units import DURATIONS, UNIT, same_unit
from corpus.language.written import written_form

__all__ = [
    "CLAUSE_MARKS",
    "DATE",
    "DIGIT_YEAR",
    "DURATIONS",
    "LEVEL",
    "RELATIVE_YEARS",
    "UNIT",
    "YEAR",
    "DateSpan",
    "Figure",
    "admits",
    "clause_end",
    "clause_spans",
    "clause_start",
    "count_as_place",
    "find_dates",
    "find_figures",
    "find_places",
    "find_quantities",
    "find_years",
    "in_base_unit",
    "own_place",
    "places_asked",
    "plain_name",
    "plainest_form",
    "relative_year",
    "same_quantity",
    "same_unit",
    "sentence_spans",
    "simplify",
    "within",
    "written_form",
    "years_in",
]
