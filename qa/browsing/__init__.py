"""The figures of the documents and the questions they answer, without a question."""

from qa.browsing.figure_table import FigureRow, Series, figure_rows, find_series
from qa.browsing.suggestions import openers, suggest

__all__ = ["FigureRow", "Series", "figure_rows", "find_series", "openers", "suggest"]
