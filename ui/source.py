"""A whole document as a page, with the quoted sentence highlighted in its place."""

from __future__ import annotations

from corpus import Block, Document
from ui.render import escaped
from ui.words import Words

__all__ = ["render_plain_page", "render_source"]

_HEADINGS = ("title", "heading")


def render_source(document: Document, start: int, end: int, words: Words) -> str:
    """The page of a document; `document.text[start:end]` is marked where that is a span of it."""
    at = next((b for b in document.blocks if b.start <= start < b.end), None)
    section = " / ".join(at.section) if at else ""
    year = f"{at.year}年" if at and at.year else ""
    place = " · ".join(part for part in (section, year) if part)
    blocks = "".join(
        _render_block(block, document, start, end)
        for block in document.blocks
        if document.text[block.start : block.end] != document.title or block is at
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


def _render_block(block: Block, document: Document, start: int, end: int) -> str:
    first, last = max(block.start, start), min(block.end, end)
    text = document.text
    if first < last:
        inner = (
            f"{escaped(text[block.start : first])}"
            f'<mark id="quote" tabindex="-1">{escaped(text[first:last])}</mark>'
            f"{escaped(text[last : block.end])}"
        )
    else:
        inner = escaped(text[block.start : block.end])
    tag = "h2" if block.kind in _HEADINGS else "p"
    return f'<{tag} class="{block.kind}">{inner}</{tag}>'
