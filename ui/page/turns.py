"""What the page asks of the server while it is open: turns, suggestions, documents of a visit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from qa import QUESTION_LIMIT, leans
from ui.faces.rest import Turns, WhereIn
from ui.page import views
from ui.page.render import Turn, render_questions, render_turn
from ui.page.words import words_in
from ui.service.service import Service
from ui.service.workers import until_done
from ui.telemetry.log import explain_or_log

__all__ = ["build_turns"]

LONGEST = 1_000_000_000  # characters of any document, so that a place in it is a number SQL takes

Key = Annotated[str, Field(max_length=64)]


class _FromPage(BaseModel):
    """What the page tells with everything it asks: its language, and whose documents it asks."""

    model_config = ConfigDict(extra="forbid")

    lang: Annotated[str, Field(max_length=20)] = ""
    visit: Key = ""


class TurnIn(_FromPage):
    """A question, the number of its turn, and the turns before it."""

    number: Annotated[int, Field(ge=1, le=1_000_000)]
    question: str
    history: Turns = []
    where: WhereIn = WhereIn()


class SuggestIn(_FromPage):
    """Where the last answer stands, and what has been asked already."""

    document_id: Annotated[str, Field(max_length=64)] = ""
    at: Annotated[int, Field(ge=0, le=LONGEST)] = 0
    answered: bool = False
    asked: Annotated[list[Annotated[str, Field(max_length=QUESTION_LIMIT)]], Field(max_length=100)]


def build_turns(service: Service) -> APIRouter:
    """The routes under /page; they give HTML that is already escaped."""
    pages = APIRouter(prefix="/page", include_in_schema=False)

    @pages.get("/welcome")
    async def welcome(lang: str = "") -> HTMLResponse:
        """Questions to begin with, that the documents in use answer."""
        return HTMLResponse(render_questions(await service.examples(), words_in(lang).examples))

    @pages.post("/turn")
    async def turn(asked: TurnIn) -> HTMLResponse:
        """A question with its reply."""
        where = asked.where.model_dump()
        answer = await service.answer(asked.question, asked.history, asked.visit, where)
        leaning = leans(asked.question, asked.history)
        shown = Turn(asked.number, asked.question, answer, leaning)
        return HTMLResponse(render_turn(shown, words_in(asked.lang), asked.visit))

    @pages.post("/suggestions")
    async def suggestions(told: SuggestIn) -> HTMLResponse:
        """Questions to go on with, that the documents answer."""
        words = words_in(told.lang)
        found = await service.suggest(told.document_id, told.at, told.asked, told.visit)
        return HTMLResponse(
            render_questions(found, words.follow_ups if told.answered else words.can_answer)
        )

    @pages.post("/documents")
    async def bring(
        request: Request,
        name: Annotated[str, Query(max_length=200)],
        visit: Annotated[str, Query(max_length=64)] = "",
        lang: str = "",
    ) -> StreamingResponse:
        """Read a document into a visit: lines of JSON with what to show, at last with its key."""
        with ExitStack() as taking:
            taking.enter_context(service.receiving.take())  # before any of it is in memory
            data = await request.body()
            place = taking.pop_all()
        progress = _Progress()
        reading = asyncio.ensure_future(service.bring(data, name, visit, progress.tell))
        reading.add_done_callback(lambda _: place.close())
        return _Reading(reading, _tell(service, reading, progress, name, lang))

    @pages.get("/documents/{visit}")
    async def brought(visit: str, lang: str = "") -> HTMLResponse:
        """Which documents a visit asks, for a page that was loaded anew."""
        titles = "、".join(await asyncio.to_thread(service.visits.titles, visit))
        return HTMLResponse(views.brought(titles, words_in(lang)))

    @pages.delete("/documents/{visit}", status_code=204)
    async def forget(visit: str) -> None:
        """Drop the documents of a visit."""
        await asyncio.to_thread(service.visits.forget, visit)  # it is taken apart, too

    return pages


class _Progress:
    """How far a reading is."""

    def __init__(self) -> None:
        self.percent = 0

    def tell(self, done: int, total: int) -> None:
        """Note how many passages of all have been read."""
        self.percent = 100 * done // total


class _Reading(StreamingResponse):
    """What is told of a reading while it goes on; a client that leaves ends it."""

    def __init__(self, reading: asyncio.Future[str], lines: AsyncIterator[str]) -> None:
        super().__init__(lines, media_type="application/x-ndjson")
        self._reading = reading

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:  # also where the client has left before the first line
            self._reading.cancel()


async def _tell(
    service: Service, reading: asyncio.Future[str], progress: _Progress, name: str, lang: str
) -> AsyncIterator[str]:
    words = words_in(lang)
    try:
        async for _ in until_done(reading):
            yield _line(views.say(words.uploading.format(name, progress.percent)))
        key = reading.result()
        titles = "、".join(await asyncio.to_thread(service.visits.titles, key))
    except Exception as error:  # noqa: BLE001 - the answer has begun; it ends in words
        said = explain_or_log(error, "a document could not be read", words.internal)
        yield _line(views.say(said, "alert"))
        return
    yield _line(views.brought(titles, words), key)


def _line(html: str, visit: str = "") -> str:
    return json.dumps({"html": html, "visit": visit}) + "\n"
