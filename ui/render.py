"""An Answer as text for a terminal and as HTML; nothing of it is trusted, all of it escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from qa import Answer, Citation
from ui.words import CHINESE, Words

__all__ = [
    "QUESTION_SHOWN",
    "Turn",
    "escaped",
    "render_questions",
    "render_terminal",
    "render_turn",
]

DIFFERENT = "说法不一"  # of two values of one source, as `qa` puts it
SHORT_ANSWER = 14  # characters that fit one line in large type on a phone
QUESTION_SHOWN = 300  # characters; a pasted book would push its own answer out of sight

_OPERATORS = re.compile(r"[-+÷比：；（）]")
_LABELLED = re.compile(r"^(.*)（([^（）]*)）$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and its answer; `leans` tells whether it needs those before it."""

    number: int
    question: str
    answer: Answer
    leans: bool = False


def render_terminal(answer: Answer) -> str:
    """The answer, then its numbered citations, each with the place it stands in."""
    lines = [_printable(answer.text)]
    if answer.status == "refused" and answer.citations:
        lines += ["", f"{CHINESE.nearest}："]
    for number, citation in enumerate(answer.citations, 1):
        place = f"{_place(citation)} · {citation.source}"
        lines += ["", f"[{number}] {_printable(citation.quote)}", f"    —— {_printable(place)}"]
    return "\n".join(lines)


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
    """The answer, each of its values with the markers of its own citations."""
    if answer.status == "refused":
        return f'<p class="text">{escaped(answer.text)}</p>'
    values = list(_values(answer))
    rendered: list[str] = []
    for plain, label, numbers in values:
        short = " short" if len(plain) <= SHORT_ANSWER else ""
        markers = "".join(
            _render_marker(number, answer.citations[number - 1], words, visit) for number in numbers
        )
        labelled = f'<span class="working">{escaped(label)}</span>' if label else ""
        rendered.append(f'<p class="text{short}">{escaped(plain)}{markers}</p>{labelled}')
    if len(rendered) == 1:
        return rendered[0]
    sources = {citation.source for citation in answer.citations}
    labels = {value.label for value in values}
    apart = labels & {*sources, DIFFERENT}  # what tells the values of a conflict from each other
    told = f'<p class="label">{words.conflict}</p>' if apart else ""
    return f'{told}<ul class="values">{"".join(f"<li>{value}</li>" for value in rendered)}</ul>'


class _Value(NamedTuple):
    """One value of an answer, what is said of it beside, and the numbers of its citations."""

    plain: str
    label: str
    numbers: list[int]


def _values(answer: Answer) -> Iterator[_Value]:
    """The parts of an answer that rest on different sentences, with the numbers of these.

    A part's words stand in its quotes; parts that do not tell their citations apart are one.
    """
    every = list(range(1, len(answer.citations) + 1))
    split = [_split_label(part, answer) for part in answer.text.split("；")]
    values = [
        _Value(plain, label, [n for n in every if plain in answer.citations[n - 1].quote])
        for plain, label in split
    ]
    labelled = all(value.label for value in values)
    apart = len({tuple(value.numbers) for value in values} - {()}) == len(values)
    if len(values) == 1 or not (labelled or apart):
        yield _Value(*_split_label(answer.text, answer), every)
        return
    left = [n for n in every if not any(n in value.numbers for value in values)]
    yield from values[:-1]
    yield values[-1]._replace(numbers=values[-1].numbers + left)


def _split_label(text: str, answer: Answer) -> tuple[str, str]:
    """A value and what was put after it in brackets, "" where these are the document's own."""
    found = _LABELLED.match(text)
    if not found or not found[1] or any(text in c.quote for c in answer.citations):
        return text, ""
    return found[1], found[2]


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
    said = _said(answer) if answered else []
    rendered = "".join(
        f'<li><button type="button" class="citation" '
        f'data-source="{_address(citation, words, visit)}">'
        f'<span class="number">{number}</span>'
        f'<span class="excerpt" lang="zh-CN">{_mark(citation.quote, said)}</span>'
        f'<span class="section">{escaped(_placed(citation))}</span></button></li>'
        for number, citation in enumerate(answer.citations, 1)
    )
    return f'<h3 class="label">{label}</h3><ol class="citations">{rendered}</ol>'


def _said(answer: Answer) -> list[str]:
    """What an answer says word for word: its values, else the figures it was reckoned from."""
    values = [value.plain for value in _values(answer)]
    return [*values, *(part for part in _OPERATORS.split(answer.text) if len(part) > 1)]


def _mark(quote: str, said: Sequence[str]) -> str:
    """A quote with the first of the words that stands in it highlighted."""
    found = next((words for words in said if words and words in quote), "")
    before, _, after = quote.partition(found) if found else (quote, "", "")
    marked = f"<mark>{escaped(found)}</mark>" if found else ""
    return f"{escaped(before)}{marked}{escaped(after)}"


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
    lines = [_printable(answer.text)]
    lines += [
        f"[{number}] “{_printable(c.quote)}” ——《{_printable(c.title)}》{_printable(c.section)}"
        for number, c in enumerate(answer.citations, 1)
    ]
    return "\n".join(lines)


def _address(citation: Citation, words: Words, visit: str) -> str:
    """Where the whole document is shown with the quote highlighted."""
    query = {"start": citation.start, "end": citation.end, "lang": words.lang}
    if visit:
        query["visit"] = visit
    return escape(f"/source/{citation.document_id}?{urlencode(query)}")


def _placed(citation: Citation) -> str:
    year = f" · {citation.year}年" if citation.year else ""
    return f"{_place(citation)}{year}"


def _place(citation: Citation) -> str:
    return citation.section or citation.title


def escaped(text: str) -> str:
    """Text for HTML: printable, and with nothing in it that a browser obeys."""
    return escape(_printable(text))


def _printable(text: str) -> str:
    """Line ends as spaces; control, direction and surrogate characters dropped.

    They would move a terminal's cursor, reverse the words around them, or not encode.
    """
    return "".join(
        c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
