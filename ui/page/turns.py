"""What the page asks of the server while it is open: turns, suggestions, verdicts, exports."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa import QUESTION_LIMIT, Answer, leans
from ui.faces.rest import Turns, WhereIn
from ui.page.export import MEDIA_TYPES, ExportKind, export
from ui.page.templating import Templates
from ui.page.turn import Turn, render_turn
from ui.page.words import words_in
from ui.service.feedback import Feedback
from ui.service.given import Given
from ui.service.service import Service

__all__ = ["build_turns"]

LONGEST = 1_000_000_000  # characters of any document, so that a place in it is a number SQL takes
KEPT_TURNS = 200  # of one conversation that is shown again, or exported

MOST_PARTS = 300  # of an answer that is kept
MOST_CITED = 3000  # times that all that is shown at once may cite its sources

Key = Annotated[str, Field(max_length=64)]
Question = Annotated[str, Field(max_length=QUESTION_LIMIT)]


class _FromPage(BaseModel):
    """What the page tells with everything it asks: its language, and whose documents it asks."""

    model_config = ConfigDict(extra="forbid")

    lang: Annotated[str, Field(max_length=20)] = ""
    visit: Key = ""


class TurnIn(_FromPage):
    """A question, and the turns before it."""

    question: str
    history: Turns = []
    where: WhereIn = WhereIn()


class TurnOut(BaseModel):
    """A turn as it is shown, with what the page keeps of it; `key` is for a verdict."""

    html: str
    answer: Answer
    leans: bool
    key: str


class KeptTurn(BaseModel):
    """A turn that the browser has kept."""

    model_config = ConfigDict(extra="forbid")

    question: Question
    answer: Answer
    visit: Key = ""

    @field_validator("answer", mode="before")
    @classmethod
    def _keep_short(cls, answer: object) -> object:
        """An answer of a size that answers have: what is wrong with each of its items is told."""
        lists = (
            [answer.get(name) for name in ("citations", "parts")]
            if isinstance(answer, dict)
            else []
        )
        if any(isinstance(one, list) and len(one) > MOST_PARTS for one in lists):
            raise ValueError("it has too many parts")
        return answer


class KeptIn(_FromPage):
    """A conversation that the browser has kept."""

    turns: Annotated[list[KeptTurn], Field(max_length=KEPT_TURNS)]

    @field_validator("turns")
    @classmethod
    def _cite_within_reason(cls, turns: list[KeptTurn]) -> list[KeptTurn]:
        """Turns whose HTML is not a thousand times as large as they are."""
        parts = [part for turn in turns for part in turn.answer.parts]
        if sum(len(part.citations) + len(part.operands) for part in parts) > MOST_CITED:
            raise ValueError("too many sources are cited")
        return turns


class ShownOut(BaseModel):
    """Turns as they are shown, in order."""

    html: list[str]


class SuggestIn(_FromPage):
    """Where the last answer stands, and what has been asked already."""

    document_id: Annotated[str, Field(max_length=64)] = ""
    at: Annotated[int, Field(ge=0, le=LONGEST)] = 0
    answered: bool = False
    asked: Annotated[list[Question], Field(max_length=100)]


class VerdictIn(_FromPage):
    """What a reader thinks of an answer, by the key it came with; else it is asked again."""

    key: Key
    question: Question
    history: Turns = []
    where: WhereIn = WhereIn()
    verdict: Literal["right", "wrong"]
    note: Annotated[str, Field(max_length=1000)] = ""


def build_turns(service: Service, feedback: Feedback, templates: Templates) -> APIRouter:
    """The routes under /page; their HTML is already escaped."""
    pages = APIRouter(prefix="/page", include_in_schema=False)

    @pages.get("/welcome")
    async def welcome(visit: Annotated[str, Query(max_length=64)] = "", lang: str = "") -> Response:
        """What is indexed, and questions to begin with that it answers."""
        seen = await service.overview(visit)
        return HTMLResponse(templates.render("welcome", words_in(lang), seen=seen, visit=visit))

    @pages.post("/turn")
    async def turn(asked: TurnIn) -> TurnOut:
        """A question with its reply."""
        where = asked.where.model_dump()
        answer = await service.answer(asked.question, asked.history, asked.visit, where)
        several = await asyncio.to_thread(service.has_several, asked.visit)
        shown = Turn(asked.question, answer, asked.visit, several)
        given = Given(asked.question, tuple(asked.history), answer, bool(asked.visit))
        return TurnOut(
            html=render_turn(shown, templates, words_in(asked.lang)),
            answer=_lighter(answer),
            leans=leans(asked.question, asked.history),
            key=service.given.keep(given),
        )

    @pages.post("/turns")
    async def turns(kept: KeptIn) -> ShownOut:
        """Turns that were answered before, shown again."""
        # Not on the event loop: what a browser kept may be anything.
        return ShownOut(html=await asyncio.to_thread(_show_again, kept, service, templates))

    @pages.post("/export")
    async def exported(kept: KeptIn, kind: ExportKind) -> Response:
        """A conversation as a file."""
        words = words_in(kept.lang)
        turns = [(one.question, one.answer) for one in kept.turns]
        data = await asyncio.to_thread(export, turns, kind, words)
        named = f"attachment; filename*=UTF-8''{quote(words.title)}.{kind}"
        return Response(data, media_type=MEDIA_TYPES[kind], headers={"Content-Disposition": named})

    @pages.post("/feedback", status_code=204)
    async def judge(told: VerdictIn) -> None:
        """Keep a verdict, on this machine; of a visitor's own documents nothing is kept."""
        given = service.given.find(told.key)
        if given is None and told.visit:
            service.visits.index(told.visit)  # else anybody might fill the operator's list
        elif given is None:
            where = told.where.model_dump()
            answer = await service.answer(told.question, told.history, where=where)
            given = Given(told.question, tuple(told.history), answer, False)
        number = await asyncio.to_thread(
            feedback.add_given, told.question, given, told.verdict, told.note
        )
        before = service.given.judged(told.key, number)
        if before is not None:  # the last verdict on an answer, with its note, is what is meant
            await asyncio.to_thread(feedback.delete, [before])

    @pages.post("/suggestions")
    async def suggestions(told: SuggestIn) -> HTMLResponse:
        """Questions to go on with, that the documents answer."""
        words = words_in(told.lang)
        found = await service.suggest(told.document_id, told.at, told.asked, told.visit)
        label = words.follow_ups if told.answered else words.can_answer
        return HTMLResponse(templates.render("questions", words, groups=[(label, found)]))

    return pages


def _show_again(kept: KeptIn, service: Service, templates: Templates) -> list[str]:
    words = words_in(kept.lang)
    several = {visit: service.has_several(visit) for visit in {one.visit for one in kept.turns}}
    shown = [Turn(one.question, one.answer, one.visit, several[one.visit]) for one in kept.turns]
    return [render_turn(turn, templates, words) for turn in shown]


def _lighter(answer: Answer) -> Answer:
    """An answer without the passages around its quotes, most of its size; no page shows them."""
    return replace(answer, citations=tuple(replace(c, passage="") for c in answer.citations))
