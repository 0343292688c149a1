"""Score a test set: accuracy, points, citations, refusals, brevity and speed, and what changed."""

from qa.evaluation.cases import Case, Half, Point, fold, load_test_set
from qa.evaluation.recipes import RECIPES
from qa.evaluation.report import Report, evaluate, format_recipes, format_report
from qa.evaluation.scoring import Ask, Result, score

__all__ = [
    "RECIPES",
    "Ask",
    "Case",
    "Half",
    "Point",
    "Report",
    "Result",
    "evaluate",
    "fold",
    "format_recipes",
    "format_report",
    "load_test_set",
    "score",
]
