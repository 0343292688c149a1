"""An Answer as text for a terminal and as HTML; nothing of it is trusted, all of it escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby
from urllib.parse import urlencode

from qa import DIFFERENT, Answer, Citation, Part, with_grounds
from qa.saying import render
from ui.page.words import CHINESE, Words
from ui.printing import printable

__all__ = [
    "QUESTION_SHOWN",
    "Turn",
    "escaped",
    "render_questions",
    "render_terminal",
    "render_turn",
]

SHORT_ANSWER = 14  # characters that fit one line in large type on a phone
QUESTION_SHOWN = 300  # characters; a pasted book would push its own answer out of sight

_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and its answer; `leans` tells whether it needs those before it."""

    number: int
    question: str
    answer: Answer
    leans: bool = False


def render_terminal(answer: Answer) -> str:
    """The answer, then its numbered citations, each with the place it stands in."""
    lines = _points_in_lines(answer) if answer.listed else [printable(answer.text)]
    if answer.status == "refused" and answer.citations:
        lines += ["", f"{CHINESE.nearest}："]
    for number, citation in enumerate(answer.citations, 1):
        page = f" {CHINESE.page.format(citation.page)}" if citation.page else ""
        place = f"{_place(citation)} · {citation.source}{page}"
        lines += ["", f"[{number}] {printable(citation.quote)}", f"    —— {printable(place)}"]
    return "\n".join(lines)


def _points_in_lines(answer: Answer) -> list[str]:
    """The points of an answer, each with the numbers of its citations, under their labels."""
    lines = render(answer.parts, listed=True, numbered=True).split("\n")
    return [printable(line) for line in (*lines, answer.untold) if line]


def render_turn(turn: Turn, words: Words, visit: str = "") -> str:
    """A question and its answer as HTML, over the documents of a visit where one is named.

    Its `data-` attributes tell the page what to send along with the next question.
    """
    asked = turn.question[:QUESTION_SHOWN] + "…" * (len(turn.question) > QUESTION_SHOWN)
    said = turn.answer.text if turn.answer.status == "answered" else ""
    return (
        f'<section class="turn" id="turn-{turn.number}" data-question="{escaped(turn.question)}" '
        f'data-answer="{escaped(said)}" data-leans="{"yes" if turn.leans else ""}" '
        f'data-visit="{escaped(visit)}"><h2 class="question">{escaped(asked)}</h2>'
        f"{_render_reply(turn, words, visit)}</section>"
    )


def render_questions(questions: Sequence[str], label: str) -> str:
    """Questions to choose from, under a label; "" where there are none."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="example" lang="zh-CN" data-ask="{escaped(question)}">'
        f"{escaped(question)}</button></li>"
        for question in questions
    )
    return f'<p class="label">{escaped(label)}</p><ul class="examples">{buttons}</ul>'


def _render_reply(turn: Turn, words: Words, visit: str) -> str:
    reply = turn.answer
    cited = reply.citations[0] if reply.citations else None
    place = f'data-document="{cited.document_id}" data-at="{cited.start}" ' if cited else ""
    label = "" if reply.status == "answered" else f'<p class="label">{words.refused}</p>'
    return (
        f'<article class="reply {reply.status}" {place}data-copy="{escape(_copied(reply))}">'
        f'{label}<div lang="zh-CN">{_render_text(reply, words, visit)}</div>'
        f"{_render_citations(reply, words, visit)}{_render_actions(turn, words, visit)}</article>"
    )


def _render_text(answer: Answer, words: Words, visit: str) -> str:
    """The answer, each of its parts with the markers of its own citations."""
    if answer.status == "refused":
        return f'<p class="text">{escaped(answer.text)}</p>'
    untold = f'<p class="untold">{escaped(answer.untold)}</p>' if answer.untold else ""
    if answer.listed:
        return _render_points(answer, words, visit) + untold
    rendered: list[str] = []
    for plain, beside, places in _shown(answer):
        short = " short" if len(plain) <= SHORT_ANSWER else ""
        markers = _render_markers(answer, places, words, visit)
        working = f'<span class="working">{escaped(beside)}</span>' if beside else ""
        rendered.append(f'<p class="text{short}">{escaped(plain)}{markers}</p>{working}')
    if len(rendered) == 1:
        return rendered[0] + untold
    # What tells the values of a conflict from each other: their sources, or that they differ.
    apart = {part.label for part in answer.parts} & {
        *(citation.source for citation in answer.citations),
        DIFFERENT,
    }
    told = f'<p class="label">{words.conflict}</p>' if apart else ""
    values = "".join(f"<li>{value}</li>" for value in rendered)
    return f'{told}<ul class="values">{values}</ul>{untold}'


def _render_points(answer: Answer, words: Words, visit: str) -> str:
    """The points of an answer as lists, each list under the label that its points share."""
    rendered: list[str] = []
    for label, points in groupby(answer.parts, key=lambda part: part.label):
        items = "".join(
            f"<li>{escaped(_in_line(one, grounds))}"
            f"{_render_markers(answer, one.citations, words, visit)}</li>"
            for one, grounds in with_grounds(tuple(points))
        )
        above = f'<p class="group">{escaped(label)}</p>' if label else ""
        rendered.append(f'{above}<ul class="points">{items}</ul>')
    return "".join(rendered)


def _in_line(part: Part, grounds: str) -> str:
    """A part in one line with what decides it or what it was computed from."""
    operands = "、".join(text for text, _ in part.operands)
    return "，".join(filter(None, (part.text, grounds))) + (f"（{operands}）" if operands else "")


def _shown(answer: Answer) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Each part as it is shown, what is said of it beside, and the places of its citations.

    The words that decide a yes/no question stand beside 是 or 否.
    """
    for part, grounds in with_grounds(answer.parts):
        operands = "、".join(text for text, _ in part.operands)
        yield part.text, grounds or part.label or operands, part.citations


def _render_markers(answer: Answer, places: Sequence[int], words: Words, visit: str) -> str:
    return "".join(
        _render_marker(place + 1, answer.citations[place], words, visit) for place in places
    )


def _render_marker(number: int, citation: Citation, words: Words, visit: str) -> str:
    return (
        f'<button type="button" class="marker" data-source="{_address(citation, words, visit)}" '
        f'aria-label="{escaped(words.source_number.format(number))}">{number}'
        f'<span class="tip" aria-hidden="true">{escaped(citation.quote)}</span></button>'
    )


def _render_citations(answer: Answer, words: Words, visit: str) -> str:
    if not answer.citations:
        return ""
    answered = answer.status == "answered"
    label = words.evidence if answered else words.nearest
    said = [_said(answer, place) for place in range(len(answer.citations))]
    rendered = "".join(
        f'<li><button type="button" class="citation" '
        f'data-source="{_address(citation, words, visit)}">'
        f'<span class="number">{number}</span>'
        f'<span class="excerpt" lang="zh-CN">{_mark(citation.quote, said[number - 1])}</span>'
        f'<span class="section">{escaped(_placed(citation, words))}</span></button></li>'
        for number, citation in enumerate(answer.citations, 1)
    )
    return f'<h3 class="label">{label}</h3><ol class="citations">{rendered}</ol>'


def _said(answer: Answer, place: int) -> list[str]:
    """What an answer says word for word that a citation carries."""
    texts = [part.text for part in answer.parts if place in part.citations and not part.operands]
    return texts + [text for part in answer.parts for text, at in part.operands if at == place]


def _mark(quote: str, said: Sequence[str]) -> str:
    """A quote with the first of the words that stands in it highlighted."""
    found = next((words for words in map(partial(_held, quote), said) if words), "")
    before, _, after = quote.partition(found) if found else (quote, "", "")
    marked = f"<mark>{escaped(found)}</mark>" if found else ""
    return f"{escaped(before)}{marked}{escaped(after)}"


def _held(quote: str, words: str) -> str:
    """As much of words as stands in a quote: of 176.9万吨 a row of a table has 176.9."""
    size = next((n for n in range(len(words), 1, -1) if words[:n] in quote), 0)
    if 2 * size > len(words):
        return words[:size]
    number = _NUMBER.match(words)  # a table tells the unit elsewhere
    return number[0] if number and re.search(rf"(?<![\d.]){number[0]}(?![\d.])", quote) else ""


def _render_actions(turn: Turn, words: Words, visit: str) -> str:
    return (
        '<div class="actions">'
        f'<button type="button" data-action="copy">{words.copy}</button>'
        # A link does not carry the documents of a visit, and a verdict would keep them.
        f"{'' if visit else _render_sharing(turn, words)}"
        '<span class="told" role="status"></span></div>'
    )


def _render_sharing(turn: Turn, words: Words) -> str:
    choices = "".join(
        f'<label><input type="radio" name="verdict-{turn.number}" value="{value}" required> '
        f"{name}</label>"
        for value, name in (
            ("right", words.right),
            ("wrong", words.wrong),
            ("evidence", words.wrong_evidence),
            ("missing", words.missing),
        )
    )
    return (
        f'<button type="button" data-action="share">{words.share}</button>'
        f'<details class="feedback"><summary>{words.feedback}</summary><form>'
        f'<fieldset><legend class="label">{words.feedback}</legend>{choices}</fieldset>'
        f'<input type="text" name="note" maxlength="1000" placeholder="{words.note}" '
        f'aria-label="{words.note}"><button type="submit">{words.send}</button>'
        "</form></details>"
    )


def _copied(answer: Answer) -> str:
    """What the copy button takes along: the answer, its quotes and their sources."""
    lines = [printable(answer.text)]
    lines += [
        f"[{number}] “{printable(c.quote)}” ——《{printable(c.title)}》{printable(c.section)}"
        for number, c in enumerate(answer.citations, 1)
    ]
    return "\n".join(lines)


def _address(citation: Citation, words: Words, visit: str) -> str:
    """Where the whole document is shown with the quote highlighted."""
    query = {"start": citation.start, "end": citation.end, "lang": words.lang}
    if visit:
        query["visit"] = visit
    return escape(f"/source/{citation.document_id}?{urlencode(query)}")


def _placed(citation: Citation, words: Words) -> str:
    year = f" · {citation.year}年" if citation.year else ""
    page = f" · {words.page.format(citation.page)}" if citation.page else ""
    return f"{_place(citation)}{year}{page}"


def _place(citation: Citation) -> str:
    return citation.section or citation.title


def escaped(text: str) -> str:
    """Text for HTML: printable, and with nothing in it that a browser obeys."""
    return escape(printable(text))
