"""A document put together from a raw text: lines cleaned, structure found, figures read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from corpus.cleaning import clean_lines
from corpus.document import Document, Span
from corpus.errors import DocumentError
from corpus.facts import find_facts
from corpus.kinds import mark_kinds
from corpus.language.places import own_place
from corpus.lines import Line, read_lines
from corpus.markup import is_html, read_html_lines
from corpus.outline import outline
from corpus.years import present_year, release_date, subject_year

__all__ = ["LINES_LIMIT", "document_id", "make_document"]

LINES_LIMIT = 20_000  # that are not blank; the longest of 30 provinces' reports has 400
FIGURES_LIMIT = 40_000  # with a unit; those reports have up to 410


def make_document(raw: str, source: str) -> Document:
    """Read a text once: its structure, its year and place, its facts; raises DocumentError.

    Its id is made from content and source.
    """
    lines = mark_kinds(clean_lines(_read_lines(raw, source)))
    spans: list[Span] = []
    offsets: list[int] = []
    for line in lines:
        if offsets:
            offsets.append(offsets[-1])  # the line end we write stands for the gap in raw
        spans.append((len(offsets), len(offsets) + len(line.offsets)))
        offsets += line.offsets
    text = "\n".join(line.text for line in lines)
    year = subject_year(lines)
    blocks = outline(lines, spans, year)
    present = present_year(lines, blocks, year)
    title = next((line.text for line in lines if line.kind == "title"), "")
    document = Document(
        document_id(raw, source),
        title or source,
        source,
        text,
        raw,
        tuple(offsets),
        blocks,
        year,
        present,
        own_place(title, text),
        release_date(lines, present),
    )
    facts = tuple(islice(find_facts(document), FIGURES_LIMIT + 1))
    if len(facts) > FIGURES_LIMIT:  # counts without a unit are left out first
        of_unit = (fact for fact in find_facts(document) if fact.figure.unit)
        facts = tuple(islice(of_unit, FIGURES_LIMIT + 1))
    if len(facts) > FIGURES_LIMIT:
        raise DocumentError(f"{source}: 带单位的数字超过 {FIGURES_LIMIT} 个，请拆成几份")
    return replace(document, facts=facts)


def document_id(raw: str, source: str) -> str:
    """What a text of a source is known by."""
    told = f"{source}\0{raw}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()[:16]


def _read_lines(raw: str, source: str) -> list[Line]:
    _check_length([line for line in raw.splitlines() if line.strip()], source)
    lines = read_html_lines(raw) if is_html(raw) else read_lines(raw)
    _check_length(lines, source)  # a page may have all of its lines in one
    return lines


def _check_length(lines: Sequence[object], source: str) -> None:
    if len(lines) > LINES_LIMIT:
        raise DocumentError(f"{source}: 有 {len(lines)} 行，最多 {LINES_LIMIT} 行，请拆成几份")
