"""A whole document as a page, with the quoted sentence highlighted in its place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from corpus import Block, Document, Span
from ui.page.render import escaped
from ui.page.words import Words

__all__ = ["render_plain_page", "render_source"]

_HEADINGS = ("title", "heading")


def render_source(document: Document, start: int, end: int, words: Words) -> str:
    """The page of a document; `document.text[start:end]` is marked where that is a span of it."""
    at = next((b for b in document.blocks if b.start <= start < b.end), None)
    section = " / ".join(at.section) if at else ""
    year = f"{at.year}年" if at and at.year else ""
    place = " · ".join(part for part in (section, year) if part)
    shown = (
        block
        for block in document.blocks
        if document.text[block.start : block.end] != document.title or block is at
    )
    blocks = "".join(
        _render_table([*run], document, (start, end))
        if tabular
        else "".join(_render_block(block, document, (start, end)) for block in run)
        for tabular, run in groupby(shown, key=lambda block: block.kind == "row")
    )
    body = (
        f'<p class="label">{words.source} · {escaped(document.source)}</p>'
        f'<p class="place">{escaped(place)}</p><article class="document" lang="zh-CN">{blocks}'
        "</article>"
    )
    return render_plain_page(document.title, body, words)


def render_plain_page(title: str, body: str, words: Words) -> str:
    """A page of our own around HTML that is already escaped."""
    return (
        f'<!doctype html><html lang="{words.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escaped(title)} · {words.title}</title>"
        '<link rel="icon" href="/site/favicon.svg">'
        '<link rel="stylesheet" href="/site/page.css"></head>'
        f'<body class="plain"><main><h1>{escaped(title)}</h1>{body}</main></body></html>'
    )


def _render_block(block: Block, document: Document, quote: Span) -> str:
    inner = _marked(document, (block.start, block.end), quote, block.start)
    tag = "h2" if block.kind in _HEADINGS else "p"
    return f'<{tag} class="{block.kind}">{inner}</{tag}>'


def _render_table(rows: Sequence[Block], document: Document, quote: Span) -> str:
    """Rows that stand together as a table; those whose cells head others are its head."""
    heads = {row.heads for row in rows}
    rendered = []
    for row in rows:
        tag, scope = ("th", ' scope="col"') if row.cells in heads else ("td", "")
        begun, cells = row.start, ""
        for cell in row.cells or ((row.start, row.end),):
            cells += f"<{tag}{scope}>{_marked(document, cell, quote, begun)}</{tag}>"
            begun = cell[1]
        rendered.append(f"<tr>{cells}</tr>")
    return f"<table>{''.join(rendered)}</table>"


def _marked(document: Document, span: Span, quote: Span, begun: int) -> str:
    """A stretch of a document, escaped, with what it shares with the quote marked.

    Links lead to the mark in which the quote begins: it does after `begun`.
    """
    text = document.text
    first, last = max(span[0], quote[0]), min(span[1], quote[1])
    if first >= last:
        return escaped(text[slice(*span)])
    anchor = ' id="quote" tabindex="-1"' if quote[0] >= begun else ""
    return (
        f"{escaped(text[span[0] : first])}<mark{anchor}>{escaped(text[first:last])}</mark>"
        f"{escaped(text[last : span[1]])}"
    )
