"""Conversations and answers as Markdown: only what is ours is a heading, a list or a quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ui.page.transcript import Exchange

__all__ = ["as_markdown", "escape", "told_in_markdown"]

# What CommonMark, its tables and formulas obey anywhere, and what programs make links of by
# themselves: http://…, www.….cn, name@host.
_OBEYED = re.compile(r"[\\`*_~^\[\]<>#|&$@]|[:/](?=/)|(?<=\w)\.(?=[^\W\d_])")
# What it obeys at the start of a line: the mark of an item, a table or a line above, a number.
_OBEYED_FIRST = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=:]))")


def escape(line: str) -> str:
    """A line that Markdown shows as it is; it begins with no space."""
    return _OBEYED_FIRST.sub(r"\1\\", _OBEYED.sub(r"\\\g<0>", line))


def as_markdown(title: str, exchanges: Sequence[Exchange]) -> str:
    """The text of a file."""
    blocks = [f"# {escape(title)}"]
    for exchange in exchanges:
        blocks += [f"## {escape(exchange.question)}", told_in_markdown(exchange)]
    return "\n\n".join(blocks) + "\n"


def told_in_markdown(exchange: Exchange) -> str:
    """What is answered, with its sources below it."""
    return "\n\n".join(_blocks(exchange))


def _blocks(exchange: Exchange) -> Iterator[str]:
    if exchange.notice:
        yield f"**{escape(exchange.notice)}**"
    for group in exchange.groups:
        points = [f"{_lines(point.text, '  ')} {point.markers}".rstrip() for point in group.points]
        if not exchange.listed:
            yield "；".join(points)
            continue
        if group.label:
            yield f"**{escape(group.label)}**"
        yield "\n".join(f"- {point}" for point in points)
    if exchange.untold:
        yield _lines(exchange.untold)
    if exchange.sources:
        yield f"**{escape(exchange.evidence)}**"
    for source in exchange.sources:
        indent = " " * len(f"{source.number}. ")
        quote = _lines(source.quote, f"{indent}> ")
        yield f"{source.number}. > {quote}\n\n{indent}{escape(source.place)}"


def _lines(text: str, indent: str = "") -> str:
    return f"\\\n{indent}".join(map(escape, text.split("\n")))
