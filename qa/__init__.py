"""How we answer: read the question, search, read the passages, check, compose."""

from qa.answer import Answer, Citation
from qa.answering import answer, answer_over, default_index
from qa.errors import QaError, TestSetError
from qa.figure_table import FigureRow, Series, figure_rows, find_series, select_rows
from qa.followup import leans
from qa.question import QUESTION_LIMIT
from qa.stages import record
from qa.suggestions import openers, suggest

__all__ = [
    "QUESTION_LIMIT",
    "Answer",
    "Citation",
    "FigureRow",
    "QaError",
    "Series",
    "TestSetError",
    "answer",
    "answer_over",
    "default_index",
    "figure_rows",
    "find_series",
    "leans",
    "openers",
    "record",
    "select_rows",
    "suggest",
]
