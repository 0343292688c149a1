"""One sentence that says what the documents lack, with the nearest thing they say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer import Answer, Citation
from qa.asking import asked_status
from qa.grounding import Grounding
from qa.question import Question
from qa.reader import Span

__all__ = ["refuse"]

SHORT_SUBJECT = 30  # characters of the question repeated in a refusal
YEARS_NAMED = 3  # of more that the documents hold, the nearest is named

_POLITE = re.compile(r"^(?:请问一?下?|我?想(?:知道|问(?:一?下)?)|麻烦问下|那么?)[,，]?")


def refuse(
    question: Question,
    nearest: tuple[Span, Grounding] | None,
    places: Sequence[str],
    years: Sequence[int],
) -> Answer:
    """One sentence that names what is missing, with the nearest thing said as a citation.

    `nearest` comes with the checks of its document; `places` are those asked for that the
    documents do not name, `years` those they hold.
    """
    span, check = nearest or (None, None)
    lack = check.lack(span) if span and check else ""
    missing = [year for year in question.years if year not in years]
    subject = _subject(question)
    if question.dangling:
        text = f"“{subject}”指的是什么？请把要问的对象说完整。"
    elif places:
        text = f"资料里没有提到{places[0]}。"
    elif missing and years:
        held = f"只有{'、'.join(f'{year}年' for year in years)}的"
        if len(years) > YEARS_NAMED:
            held = f"最近的是{min(years, key=lambda year: abs(year - missing[0]))}年"
        meant = f"（{question.relative}指{missing[0]}年）" if question.relative else ""
        text = f"资料里没有{missing[0]}年的内容{meant}，{held}。"
    elif lack == "place" and check:
        text = f"资料说的是{check.document.place}，没有说明“{subject}”。"
    elif lack == "status":
        held = "完成情况" if asked_status(question.text) == "target" else "目标"
        text = f"资料里只有{held}，没有说明“{subject}”。"
    elif lack == "premise":
        text = f"资料里的数字与所问不符，没有说明“{subject}”。"
    else:
        text = f"资料里没有说明“{subject}”。"
    if span is None or check is None:
        return Answer(text, "refused")
    cited = Citation.of(check.document, span.passage, *span.sentence)
    return Answer(text, "refused", (cited,))


def _subject(question: Question) -> str:
    """The question in a few words, to be quoted in a refusal."""
    asked = _POLITE.sub("", question.standalone).strip(" ?？。!！，,")
    asked = asked.replace("“", "‘").replace("”", "’")
    return asked if len(asked) <= SHORT_SUBJECT else asked[:SHORT_SUBJECT] + "…"
