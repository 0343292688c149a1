"""Whether evidence holds: each check is named and gives a reason or nothing."""

from qa.checking.checks import check, restates, told_instead
from qa.checking.judged import Judged, Lack
from qa.checking.names import NearName, near_name
from qa.checking.rivals import find_rivals
from qa.checking.support import unsupported_figures
from qa.checking.verdict import decide

__all__ = [
    "Judged",
    "Lack",
    "NearName",
    "check",
    "decide",
    "find_rivals",
    "near_name",
    "restates",
    "told_instead",
    "unsupported_figures",
]
