"""What is asked: its kind, the unit it counts in, its year, and the words that matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.language import (
    RELATIVE_YEARS,
    YEAR,
    find_quantities,
    relative_year,
    simplify,
    years_in,
)
from qa.asking.words import FUNCTION_WORDS, Kind, asked_labels, asked_unit, asks_how_long, kind_of

__all__ = [
    "QUESTION_LIMIT",
    "Query",
    "clean",
    "content_pairs",
    "content_runs",
    "read_query",
    "without_year",
]

QUESTION_LIMIT = 500  # characters; the longest question of CMRC 2018 and RGB has 86

_LEADS = ("那么", "那", "另外", "还有", "再")
_SHORT = r"(?:(?<=[\s，,、和与在到至比那])|^)(\d{2})年(?![来内以期间里中前后多])"  # not 成立20年
_YEAR_WORD = re.compile(rf"(?:{YEAR.pattern})年?度?|{_SHORT}|(?<![比较同与以])[今去明前后]年")
_SHORT_YEAR = re.compile(_SHORT)
_TWO_SHORT = re.compile(r"(?<!\d)([12]\d)年?[、和与,](2\d)年?[这那]?两年")  # 25、26两年
# 押 金 是 多 少: characters set apart.
_SPREAD = re.compile(
    r"(?<=(?<![\u3400-\u9fff])[\u3400-\u9fff]) (?=[\u3400-\u9fff](?![\u3400-\u9fff]))"
)
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+|\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it will be searched and read.

    `content` holds the runs of words that evidence should share; `earlier` those taken over
    from earlier questions; `standalone` is the question as one that needs no other;
    `unit` the measure word asked for, 年 or 日 of a date, or ""; `relative` the word that
    names its year (今年), or "". `dangling` where it leans on an earlier one that is not there,
    `fully` where all is asked for that may be told of it.
    """

    text: str
    kind: Kind
    content: tuple[str, ...]
    years: tuple[int, ...]
    unit: str = ""
    earlier: tuple[str, ...] = ()
    standalone: str = ""
    relative: str = ""
    dangling: bool = False
    fully: bool = False

    def seen_from(self, present: int | None) -> Query:
        """The question with 今年 and its like as the years they are for what was written then."""
        if not self.relative or self.years or present is None:
            return self
        year = present + RELATIVE_YEARS[self.relative]
        rest = self.standalone.replace(self.relative, "", 1)
        place = max(self.standalone.find(self.relative), 0)
        dated = f"{rest[:place]}{year}年{rest[place:]}"
        return replace(self, years=(year,), standalone=dated)

    @property
    def undated(self) -> str:
        """The standalone question without its years."""
        return without_year(self.standalone).lstrip("的") or self.standalone

    @property
    def bare(self) -> str:
        """The standalone question without its years and the figures of its case."""
        text = self.undated
        for figure in find_quantities(text):
            text = text.replace(figure.text, "", 1)
        return text

    @property
    def pairs(self) -> frozenset[str]:
        """Each two characters side by side of what matters: as words are compared."""
        return _pairs_of(self.content)

    @property
    def search_text(self) -> str:
        """What to search for: the words of this question and those it leans on.

        What a document says of itself is found under the names its lines are indexed by.
        """
        return " ".join([*self.earlier, self.text, *self.labels])

    @property
    def labels(self) -> tuple[str, ...]:
        """What is asked for of what a document says of itself: 发布日期, 文号."""
        return asked_labels(self.text)

    @property
    def how_long(self) -> bool:
        """Whether a length of time or an age is asked for."""
        return asks_how_long(self.text)


def read_query(text: str) -> Query:
    """Read a question by itself.

    Raises ValueError when it is empty or longer than QUESTION_LIMIT characters.
    """
    cleaned = clean(text)
    if not any(character.isalnum() for character in cleaned):
        raise ValueError("问题是空的，请输入要问的内容。")
    if len(cleaned) > QUESTION_LIMIT:
        raise ValueError(f"问题有 {len(cleaned)} 个字，最多 {QUESTION_LIMIT} 个字，请缩短后再问。")
    return _read(cleaned)


def without_year(text: str) -> str:
    """A question without the words that name its year."""
    return _YEAR_WORD.sub("", text)


def content_runs(text: str) -> tuple[str, ...]:
    """Chinese, Latin and number runs that are left when words of grammar are cut out."""
    without_years = _YEAR_WORD.sub(" ", text.lower())
    return tuple(_WORD.findall(FUNCTION_WORDS.sub(" ", without_years)))


def content_pairs(text: str) -> frozenset[str]:
    """Each two characters side by side of what matters in a text."""
    return _pairs_of(content_runs(text))


def clean(text: str) -> str:
    """A question without control characters, in half width and simplified characters."""
    kept = "".join(
        c
        for c in text
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") or c in "\n\t"
    )
    spaced = re.sub(r"\s+", " ", simplify(unicodedata.normalize("NFKC", kept))).strip()
    return _TWO_SHORT.sub(r"20\1年和20\2年", _SPREAD.sub("", spaced))


def _pairs_of(runs: Sequence[str]) -> frozenset[str]:
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def _without_lead(text: str) -> str:
    """A question without the word that goes on from another one."""
    lead = next((word for word in _LEADS if text.startswith(word)), "")
    return text.removeprefix(lead)


def _read(text: str) -> Query:
    kind = kind_of(text)
    years = years_in(text) + tuple(2000 + int(y) for y in _SHORT_YEAR.findall(text))
    return Query(
        text,
        kind,
        content_runs(_without_lead(text)),
        tuple(dict.fromkeys(years)),
        asked_unit(text, kind),
        standalone=text,
        relative=relative_year(text),
    )
