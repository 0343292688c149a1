"""An answer to a question in English: the source's own words under English labels."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.answer import DIFFERENT, Answer, Reason
from qa.saying.further import AROUND
from qa.saying.text import render

__all__ = ["in_english"]

_REFUSED: dict[Reason, str] = {
    "not_told": "The documents do not say.",
    "other_year": "The documents tell of other years only.",
    "other_place": "The documents tell of another place.",
    "other_subject": "The documents tell of another one of the kind.",
    "false_premise": "The figures in the documents are not those of the question.",
    "incomplete": "It is not clear what this asks about; please name it in full.",
    "conversation": (
        "I answer from the indexed documents only: ask for figures, dates, names, policies or what"
        " was done, and I show the sentence it stands in."
    ),
}
_UNTOLD = "The rest is not told in the documents."
_UNDERSTOOD = " I read the question as “{}”; in Chinese it can be asked more exactly."
_LABELS = (
    (re.compile("年目标$"), " (target)"),
    (re.compile("年完成$"), " (done)"),
    (re.compile(r"(?<=\d)年$"), ""),
    (re.compile("^目标$"), "target"),
    (re.compile(f"^{DIFFERENT}$"), "sources differ"),
    (re.compile(f"^{AROUND}$"), "from the same passage"),
)


def in_english(answer: Answer, understood: str) -> Answer:
    """An answer with what is not a source's words in English.

    `understood` is the question as it was read, in Chinese.
    """
    if answer.status == "refused":
        read = (
            "" if answer.reason == "conversation" else _UNDERSTOOD.format(understood.strip("?？"))
        )
        return replace(answer, text=_REFUSED[answer.reason] + read)
    parts = tuple(replace(part, label=_label(part.label)) for part in answer.parts)
    untold = _UNTOLD if answer.untold else ""
    told = ("\n" if answer.listed else "; ").join(
        filter(None, (render(parts, answer.listed), untold))
    )
    return replace(answer, text=told, parts=parts, untold=untold)


def _label(label: str) -> str:
    for pattern, english in _LABELS:
        label = pattern.sub(english, label)
    return label
