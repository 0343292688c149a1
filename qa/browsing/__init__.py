"""The figures of the documents and the questions they answer, without a question."""

from qa.browsing.figure_charts import Chart, find_charts
from qa.browsing.figure_table import FigureRow, Series, figure_rows, find_series
from qa.browsing.suggestions import Openers, openers, suggest

__all__ = [
    "Chart",
    "FigureRow",
    "Openers",
    "Series",
    "figure_rows",
    "find_charts",
    "find_series",
    "openers",
    "suggest",
]
