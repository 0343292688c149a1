"""The words of the page, in Chinese and in English; answers are in the documents' language."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["CHINESE", "ENGLISH", "Words", "words_for", "words_in"]


class Words:
    """Everything a page says of its own, in one language, by name; `{}` is filled in."""

    def __init__(self, lang: str) -> None:
        file = Path(__file__).with_name(f"words.{lang}.json")
        self.all: dict[str, str] = json.loads(file.read_text("utf-8"))

    def __getattr__(self, name: str) -> str:
        try:
            return self.all[name]
        except KeyError:
            raise AttributeError(name) from None


CHINESE = Words("zh-CN")
ENGLISH = Words("en")


def words_in(lang: str) -> Words:
    """The words of a language that a page names; Chinese for any but English."""
    return ENGLISH if lang == ENGLISH.lang else CHINESE


def words_for(accept_language: str) -> Words:
    """The language for an Accept-Language header: English where another comes before Chinese."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        try:
            wanted.append((-float(weight or 1), name))
        except ValueError:
            continue
    _, first = min(wanted, key=lambda pair: pair[0], default=(0, ""))
    return ENGLISH if first and not first.startswith(("zh", "*")) else CHINESE
