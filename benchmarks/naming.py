"""Which questions say what they are about, so that they can be answered among many documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from corpus.language import simplify

__all__ = ["names_subject", "runs"]

RARE = 40  # passages that hold three characters at most for them to name something
_RUN = re.compile("(?=([\u4e00-\u9fff]{3}))")


def runs(text: str) -> set[str]:
    """Each three Chinese characters in a row, simplified."""
    return {match[1] for match in _RUN.finditer(simplify(text))}


def names_subject(question: str, article: Set[str], count: Callable[[str], int]) -> bool:
    """Whether it shares three characters in a row with its article that few passages hold.

    新增就业多少人 does not say whose. `article` are its runs; `count` gives the passages of the
    index that hold one.
    """
    return any(count(run) <= RARE for run in runs(question) & article)
