"""How we answer: read the question, search, read the passages, check, compose."""

from qa.answer import DIFFERENT, Answer, Citation, Part, with_grounds
from qa.answering import answer, answer_over, current, default_index
from qa.asking import QUESTION_LIMIT, leans
from qa.browsing import (
    Chart,
    FigureRow,
    Openers,
    Series,
    figure_rows,
    find_charts,
    find_series,
    openers,
    suggest,
)
from qa.errors import QaError, TestSetError
from qa.stages import record

__all__ = [
    "DIFFERENT",
    "QUESTION_LIMIT",
    "Answer",
    "Chart",
    "Citation",
    "FigureRow",
    "Openers",
    "Part",
    "QaError",
    "Series",
    "TestSetError",
    "answer",
    "answer_over",
    "current",
    "default_index",
    "figure_rows",
    "find_charts",
    "find_series",
    "leans",
    "openers",
    "record",
    "suggest",
    "with_grounds",
]
