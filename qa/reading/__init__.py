"""Where an answer may stand: passages become evidence, scored."""

from qa.reading.candidates import trim
from qa.reading.cells import head_of_names, name_of_row, named_cells, named_rows, rows_of
from qa.reading.evidence import Evidence
from qa.reading.lists import is_of_years
from qa.reading.pairing import told_changes
from qa.reading.points import EDGE
from qa.reading.reader import Reader, Reading
from qa.reading.span_model import SpanModel
from qa.reading.themes import names_theme, theme_at, told_under

__all__ = [
    "EDGE",
    "Evidence",
    "Reader",
    "Reading",
    "SpanModel",
    "head_of_names",
    "is_of_years",
    "name_of_row",
    "named_cells",
    "named_rows",
    "names_theme",
    "rows_of",
    "theme_at",
    "told_changes",
    "told_under",
    "trim",
]
