"""Sections of official texts, news and encyclopaedia, and the questions that are asked of them.

A question is open where its answer takes several clauses: 有哪些政策, 怎么办理, 介绍一下; one that
looks up is answered by a span. The questions and what answers them are in questions/sections/,
the texts in the data folder; a line names its text by a hash, so that another version of the
data is noticed.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus import Document, Passage, make_document, split
from synthetic import clean_news

LONGEST = 480  # characters of a section
HEADINGS, HEADING = 2, 40  # of those above it, and the characters of one, that are read with it
SKIPPED = ("title", "heading", "caption", "meta")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Section:
    """Passages of a document under the same headings, read as one text.

    `document[:16]` of the sha256 of its raw text and `start`, `end` say where it stands; `context`
    are the title and the headings and lead-in above it.
    """

    document: str
    start: int
    end: int
    context: tuple[str, ...]
    text: str

    @property
    def nearest(self) -> tuple[str, ...]:
        """The headings that are read above it."""
        return tuple(piece[:HEADING] for piece in self.context[-HEADINGS:])

    @property
    def key(self) -> tuple[str, int, int]:
        """What a line of questions names it by."""
        return self.document, self.start, self.end


@dataclass(frozen=True, slots=True)
class Open:
    """An open question over a section, with the spans of its text that answer, none if none do."""

    question: str
    section: Section
    spans: tuple[Span, ...]


def read_documents(data: Path) -> Iterator[tuple[str, str]]:
    """Each raw text of the data folder that questions may be asked of, with its file's name.

    news_more.txt.xz, cmrc2018_train.json and policy/ as they came; never what is for measuring.
    """
    for path in sorted((data / "policy" / "reports").glob("*.txt")):
        yield path.read_text("utf-8"), path.name
    for line in (data / "policy" / "state_council.jsonl").open(encoding="utf-8"):
        notice = json.loads(line)
        yield f"{notice['title']}\n\n{notice['text']}", f"{notice['title']}.txt"
    for path in sorted((data / "policy" / "pages").glob("*.html")):
        yield path.read_text("utf-8"), path.name
    with lzma.open(data / "news_more.txt.xz", "rt", encoding="utf-8") as file:
        for number, line in enumerate(file.read().splitlines()):
            yield clean_news(line), f"news-{number}"
    for article in json.loads((data / "cmrc2018_train.json").read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"], article.get("title") or "x"


def digest(raw: str) -> str:
    """What a raw text is named by."""
    return hashlib.sha256(raw.encode()).hexdigest()[:16]


def sections(raw: str, name: str) -> Iterator[Section]:
    """The sections of a raw text, in order."""
    document = make_document(raw, name)
    titled = document.title if document.title != name else ""
    group: list[Passage] = []
    for passage in (p for p in split(document) if p.kind not in SKIPPED):
        if group and not _belongs(group, passage):
            yield _join(document, group, digest(raw), titled)
            group = []
        group.append(passage)
    if group:
        yield _join(document, group, digest(raw), titled)


def _belongs(group: list[Passage], passage: Passage) -> bool:
    first = group[0]
    length = sum(len(_body(p)) for p in [*group, passage])
    same = first.section == passage.section and (first.kind == "row") == (passage.kind == "row")
    return same and passage.end - first.start <= LONGEST and length <= LONGEST


def _join(document: Document, group: list[Passage], key: str, title: str) -> Section:
    text = _body(group[0])
    for before, passage in pairwise(group):
        apart = "\n" in document.text[before.end : passage.start] or passage.pieces
        text += ("\n" if apart else "") + _body(passage)
    above = [p.text for p in group[0].frame if p.start >= 0 and p.text != document.title]
    context = tuple(filter(None, [title, *above]))
    return Section(key, group[0].start, group[-1].end, context, text)


def _body(passage: Passage) -> str:
    return "".join(piece.text for piece in passage.body)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question that a span of a section answers, text[start:end]; -1 where none does.

    `verdict` is 1 where the answer is 是, 0 where it is 否, else -1.
    """

    question: str
    section: Section
    start: int
    end: int
    verdict: int


def read_open(path: Path, data: Path) -> list[Open]:
    """The open questions of a file; raises ValueError where texts are missing or have changed."""
    return [
        Open(question, section, tuple((a, b) for a, b in spans))
        for section, questions in _read_questions(path, data)
        for question, *spans in questions
    ]


def read_lookups(path: Path, data: Path) -> list[Lookup]:
    """The questions of a file that look up; raises ValueError as `read_open` does."""
    asked: list[Lookup] = []
    for section, questions in _read_questions(path, data):
        for question, answer, *verdict in questions:
            start = section.text.index(answer) if answer else -1
            end = start + len(answer) if answer else -1
            decided = ("否", "是").index(verdict[0]) if verdict else -1
            asked.append(Lookup(question, section, start, end, decided))
    return asked


def _read_questions(path: Path, data: Path) -> Iterator[tuple[Section, list[Any]]]:
    lines = [json.loads(line) for line in path.open(encoding="utf-8")]
    wanted = {line["document"] for line in lines}
    found = {
        section.key: section
        for raw, name in read_documents(data)
        if digest(raw) in wanted
        for section in sections(raw, name)
    }
    sound = [
        (section, line["questions"])
        for line in lines
        if (section := found.get((line["document"], line["start"], line["end"])))
        and digest(section.text) == line["text"]
    ]
    if len(sound) < len(lines):
        raise ValueError(f"{path}: {len(lines) - len(sound)} of {len(lines)} sections have changed")
    yield from sound
