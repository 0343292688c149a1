"""An Answer as text for a terminal and as HTML; nothing of it is trusted, all of it escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa import Answer, Citation

__all__ = ["NEAREST", "QUESTION_SHOWN", "Turn", "render_conversation", "render_terminal"]

SHORT_ANSWER = 24  # characters that fit one line in large type on a phone
QUESTION_SHOWN = 300  # characters; a pasted book would push its own answer out of sight

NEAREST = "最接近的内容（并未回答这个问题）"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and its reply: an Answer, words on what failed, or None yet."""

    question: str
    reply: Answer | str | None = None


def render_terminal(answer: Answer) -> str:
    """The answer, then its numbered citations, each with the place it stands in."""
    lines = [_printable(answer.text)]
    if answer.status == "refused" and answer.citations:
        lines += ["", f"{NEAREST}："]
    for number, citation in enumerate(answer.citations, 1):
        place = f"{_place(citation)} · {citation.source}"
        lines += ["", f"[{number}] {_printable(citation.quote)}", f"    —— {_printable(place)}"]
    return "\n".join(lines)


def render_conversation(turns: Sequence[Turn]) -> str:
    """The whole chat as HTML; "" before the first question."""
    if not turns:
        return ""
    rendered = "".join(_render_turn(number, turn) for number, turn in enumerate(turns, 1))
    return f'<div class="conversation" role="log" aria-live="polite">{rendered}</div>'


def _render_turn(number: int, turn: Turn) -> str:
    asked = turn.question[:QUESTION_SHOWN] + "…" * (len(turn.question) > QUESTION_SHOWN)
    question = f'<h2 class="question">{_escaped(asked)}</h2>' if asked.strip() else ""
    return f'<section class="turn">{question}{_render_reply(number, turn.reply)}</section>'


def _render_reply(number: int, reply: Answer | str | None) -> str:
    if reply is None:
        return '<article class="reply pending">正在查找…</article>'
    if isinstance(reply, str):
        return f'<article class="reply failed"><p class="text">{_escaped(reply)}</p></article>'
    answered = reply.status == "answered"
    short = " short" if answered and len(reply.text) <= SHORT_ANSWER else ""
    label = "" if answered else '<p class="label">没有找到答案</p>'
    return (
        f'<article class="reply {"answered" if answered else "refused"}">{label}'
        f'<p class="text{short}">{_escaped(reply.text)}</p>'
        f"{_render_citations(number, reply.citations, answered)}</article>"
    )


def _render_citations(turn: int, citations: Sequence[Citation], answered: bool) -> str:
    if not citations:
        return ""
    rendered = "".join(
        _render_citation(f"t{turn}c{number}", number, citation, answered)
        for number, citation in enumerate(citations, 1)
    )
    return f'<h3 class="label">{"原文依据" if answered else NEAREST}</h3>{rendered}'


def _render_citation(identity: str, number: int, citation: Citation, answered: bool) -> str:
    # The quote is a span of the passage by construction, so partition always finds it.
    before, quote, after = citation.passage.partition(citation.quote)
    quoted = f"<mark>{_escaped(quote)}</mark>" if answered else _escaped(quote)
    return (
        f'<details class="citation" id="{identity}"><summary>'
        f'<span class="number">{number}</span>'
        f'<span class="excerpt">{_escaped(citation.quote)}</span>'
        f'<span class="section">{_escaped(_place(citation))}</span></summary>'
        f'<blockquote class="passage">{_escaped(before)}{quoted}{_escaped(after)}</blockquote>'
        f'<p class="source">出自《{_escaped(citation.title)}》 · {_escaped(citation.source)}</p>'
        "</details>"
    )


def _place(citation: Citation) -> str:
    return citation.section or citation.title


def _escaped(text: str) -> str:
    return escape(_printable(text))


def _printable(text: str) -> str:
    """Line ends as spaces; control, direction and surrogate characters dropped.

    They would move a terminal's cursor, reverse the words around them, or not encode.
    """
    return "".join(
        c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
