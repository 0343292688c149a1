"""An answer for a terminal, and for whoever shows plain text."""

from __future__ import annotations

from qa import Answer, Citation
from qa.saying import render
from ui.page.words import CHINESE
from ui.printing import printable

__all__ = ["render_paragraph", "render_terminal"]


def render_terminal(answer: Answer) -> str:
    """The answer, then its numbered citations, each with the place it stands in.

    The points of a list have their numbers.
    """
    lines = _points_in_lines(answer) if answer.listed else [printable(answer.text)]
    if answer.status == "refused" and answer.citations:
        lines += ["", f"{CHINESE.nearest}："]
    for number, citation in enumerate(answer.citations, 1):
        lines += ["", f"[{number}] {printable(citation.quote)}", _place(citation)]
    return "\n".join(lines)


def render_paragraph(citation: Citation, paragraph: str) -> str:
    """The paragraph that a citation stands in, its quote in brackets, and where that is."""
    marked = paragraph.replace(citation.quote, f"【{citation.quote}】", 1)
    return f"{printable(marked)}\n{_place(citation)}"


def _points_in_lines(answer: Answer) -> list[str]:
    """The points of an answer, each with the numbers of its citations."""
    lines = render(answer.parts, listed=True, numbered=True).split("\n")
    return [printable(line) for line in (*lines, answer.untold) if line]


def _place(citation: Citation) -> str:
    page = f" {CHINESE.page.format(citation.page)}" if citation.page else ""
    place = f"{citation.section or citation.title} · {citation.source}{page}"
    return f"    —— {printable(place)}"
