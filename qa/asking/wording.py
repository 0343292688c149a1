"""A question in the words of the documents: official terms for everyday ones, typos mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from index import Catalogue, default_home
from qa.asking.english import is_english, translate
from qa.asking.pinyin import sound, spell

__all__ = ["GRAMMAR", "in_words_of"]

Segment = Callable[[str], list[tuple[int, int]]]

SYNONYMS = Path(__file__).with_name("synonyms.txt")
# Characters of the documents among which a mended one must stand: two may meet by chance. One that
# sounds only nearly the same must stand amid four, between those on both its sides.
WINDOW, LONG_WINDOW = 3, 4

# Characters of asking and of grammar: too common to be slips, and beside anything.
GRAMMAR = frozenset(
    "的了是在有和与及多少几哪什么谁怎吗呢吧个年月日我你他它这那一不也都就会能要去来到过得着为"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")


def in_words_of(catalogue: Catalogue, text: str, segment: Segment) -> str:
    """A question as it would be put in the words that the documents use.

    `segment` tells where the words of a text start and end. English is turned into Chinese, names
    the documents lack into others for the same, and characters typed for others that sound alike
    into those the documents have.
    """
    if is_english(text):
        return _use_official_names(translate(text, catalogue), catalogue, segment)
    return _mend_typos(_use_official_names(text, catalogue, segment), catalogue, segment)


def _use_official_names(text: str, catalogue: Catalogue, segment: Segment) -> str:
    """Replace names the documents lack, where they are whole words, by others of their group."""
    for group in sorted(_synonyms(), key=lambda names: -max(map(len, names), default=0)):
        for name in group:
            place = text.lower().find(name.lower())
            if place < 0 or catalogue.holds(name):
                continue
            edges = {edge for span in segment(text) for edge in span}
            known = next((n for n in group if n != name and catalogue.holds(n)), None)
            if known and known not in text and {place, place + len(name)} <= edges:
                text = text[:place] + known + text[place + len(name) :]
    return text


def _synonyms() -> list[tuple[str, ...]]:
    own = default_home() / "synonyms.txt"
    written = own.stat().st_mtime if own.is_file() else None
    return _read_synonyms(SYNONYMS) + (_read_synonyms(own, written) if written else [])


@lru_cache(maxsize=8)
def _read_synonyms(path: Path, written: float = 0.0) -> list[tuple[str, ...]]:
    """The groups of a file, read again when it was written anew; one character is no name."""
    lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    groups = [line.split() for line in lines if not line.startswith("#")]
    return [tuple(name for name in group if len(name) > 1) for group in groups if group]


def _mend_typos(text: str, catalogue: Catalogue, segment: Segment) -> str:
    """Replace a character that is no word's part, nor beside its neighbours in the documents."""
    known_pairs = catalogue.pairs
    alone = {start for start, end in segment(text) if end - start == 1}
    for run in _HAN.finditer(text):
        for place in range(run.start(), run.end()):
            pairs = [text[max(i, run.start()) : i + 2] for i in (place - 1, place)]
            in_word = place not in alone or text[place] in GRAMMAR
            if in_word or any(len(p) == 2 and p in known_pairs for p in pairs):
                continue
            mended = next(_candidates(text, run.span(), place, catalogue), text[place])
            text = text[:place] + mended + text[place + 1 :]
    return text


def _candidates(text: str, run: tuple[int, int], place: int, catalogue: Catalogue) -> Iterator[str]:
    """Characters that sound like the one at a place and stand so in the documents."""
    known_pairs = catalogue.pairs
    typed = text[place]
    for character in _sounding_alike(known_pairs.characters()).get(sound(typed), ()):
        same = spell(character) == spell(typed)
        window = WINDOW if same else LONG_WINDOW
        first, last = max(run[0], place - window + 1), min(place, run[1] - window)
        if not same:
            first += first == place - window + 1 and place + 1 < run[1]
            last -= last == place > run[0]
        for start in range(first, last + 1):
            there = text[start:place] + character + text[place + 1 : start + window]
            known = all(there[i : i + 2] in known_pairs for i in range(window - 1))
            if known and catalogue.holds(there):
                yield character


@lru_cache(maxsize=8)
def _sounding_alike(characters: tuple[str, ...]) -> dict[str, list[str]]:
    """Characters by sound."""
    found: dict[str, set[str]] = defaultdict(set)
    for character in characters:
        found[sound(character)].add(character)
    return {heard: sorted(alike) for heard, alike in found.items()}
