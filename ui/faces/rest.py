"""The REST API: answers, passages, documents and figures as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index import ScoredPassage
from qa import QUESTION_LIMIT, FigureRow, Series
from ui.faces.answers import EXAMPLE, AnswerOut
from ui.faces.problems import PROBLEMS
from ui.service.feedback import Feedback, Verdict
from ui.service.service import Service

__all__ = [
    "FigureSort",
    "Offset",
    "PassageOut",
    "Text",
    "Turns",
    "WhereIn",
    "Words",
    "Year",
    "build_api",
    "passages_out",
]

TURNS = 20  # of a history; the last six are looked at
TURN_CHARACTERS = 4000
DOCUMENTS = 20  # of one call

Text = Annotated[str, StringConstraints(max_length=TURN_CHARACTERS)]
Name = Annotated[str, StringConstraints(max_length=500)]
Turns = Annotated[list[Text | tuple[Text, Text]], Field(max_length=TURNS)]


class WhereIn(BaseModel):
    """What a question is limited to."""

    model_config = ConfigDict(extra="forbid")

    source: Name | Annotated[list[Name], Field(max_length=100)] = Field(
        default="", description="a document's file name or a folder's, or a list of them"
    )
    date: Name | tuple[Name, Name] = Field(
        default="",
        description="of the documents: 2024, 2024-05, 2024-05-01, or a pair, from and to",
    )
    section: Name = Field(default="", description="words of a heading above what answers")


class QuestionIn(BaseModel):
    """A question, and those before it that it may lean on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": EXAMPLE, "history": []},
                {"question": "新建了多少座桥？", "documents": ["2023年，某镇新建了37座桥。"]},
            ]
        },
    )

    question: Text
    history: Turns = Field([], description="earlier questions, oldest first, or [question, answer]")
    where: WhereIn = Field(WhereIn(), description="limits what is looked at; may be left out")
    documents: Annotated[list[str], Field(max_length=DOCUMENTS)] | None = Field(
        None,
        description="texts to answer from instead of the indexed documents, 1,000,000 characters "
        "in all; citations call them 文档1, 文档2 and so on",
    )


class PassageOut(BaseModel):
    """A passage found and its score (a z-score; larger is better)."""

    text: str
    score: float
    section: str
    year: int | None
    document_id: str
    start: int
    end: int


class DocumentOut(BaseModel):
    """A document as it was cleaned; citations' offsets are into `text`."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    source: str
    year: int | None
    text: str


class DocumentHead(BaseModel):
    """A document without its text: `characters` is how long that is."""

    id: str
    title: str
    source: str
    year: int | None
    date: str
    characters: int


class DocumentPage(BaseModel):
    """Some of the documents, and how many there are."""

    total: int
    items: list[DocumentHead]


class FigurePage(BaseModel):
    """Some of the figures found, how many there are, and the years that there are figures of."""

    total: int
    years: list[int]
    items: list[FigureRow]


class FeedbackIn(BaseModel):
    """What a reader thinks of an answer; the server asks again and keeps what it then says."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": EXAMPLE, "verdict": "right", "note": ""}]},
    )

    question: Annotated[str, Field(max_length=QUESTION_LIMIT)]
    verdict: Verdict
    history: Turns = []
    where: WhereIn = Field(WhereIn(), description="what the question was limited to")
    note: Annotated[str, Field(max_length=1000)] = ""


Limit = Annotated[int, Query(ge=1, le=200)]
Year = Annotated[int, Query(ge=1, le=9999)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Words = Annotated[str, Query(max_length=QUESTION_LIMIT)]
FigureSort = Literal["place", "indicator", "number", "unit", "year", "status", "section"]


def build_api(service: Service, feedback: Feedback) -> APIRouter:
    """The routes under /api."""
    api = APIRouter(prefix="/api", tags=["Dongxihu QA"], responses=PROBLEMS)

    @api.post("/answer")
    async def answer(asked: QuestionIn) -> AnswerOut:
        """Answer a question with the sentences the answer stands in, or refuse."""
        where = asked.where.model_dump()
        return AnswerOut.of(
            await service.answer(
                asked.question, asked.history, where=where, documents=asked.documents
            )
        )

    @api.get("/search")
    async def search(
        q: Annotated[str, Query(min_length=1, max_length=QUESTION_LIMIT, examples=[EXAMPLE])],
        limit: Annotated[int, Query(ge=1, le=50)] = 5,
    ) -> list[PassageOut]:
        """The passages nearest to a question, best first."""
        return passages_out(await service.search(q, limit))

    @api.get("/documents")
    async def documents(limit: Limit = 50, offset: Offset = 0) -> DocumentPage:
        """The documents there are, in the order they were added."""
        total, found = await service.documents(limit, offset)
        heads = [DocumentHead.model_validate(head, from_attributes=True) for head in found]
        return DocumentPage(total=total, items=heads)

    @api.get("/documents/{document_id}")
    async def document(document_id: str) -> DocumentOut:
        """A document by the id that citations name."""
        return DocumentOut.model_validate(await service.document(document_id))

    @api.get("/figures")
    async def figures(
        q: Words = "",
        year: Year | None = None,
        status: Literal["done", "target"] | None = None,
        sort: FigureSort = "place",
        descending: bool = False,
        limit: Limit = 50,
        offset: Offset = 0,
        section: Name = "",
    ) -> FigurePage:
        """Every figure of the documents: searched, sorted and cut into pages."""
        by = "" if sort == "place" else sort
        total, rows, years = await service.figures(
            q, year, status, by, descending, limit, offset, section
        )
        return FigurePage(total=total, years=years, items=rows)

    @api.get("/figures/series")
    async def series(limit: Limit = 50) -> list[Series]:
        """The figures given for at least two years."""
        return list(await service.series())[:limit]

    @api.post("/feedback", status_code=204)
    async def give_feedback(given: FeedbackIn) -> None:
        """Keep what a reader thinks of an answer, on this machine."""
        where = given.where.model_dump()
        answer = await service.answer(given.question, given.history, where=where)
        await asyncio.to_thread(
            feedback.add, given.question, given.history, answer, given.verdict, given.note
        )

    return api


def passages_out(found: Sequence[ScoredPassage]) -> list[PassageOut]:
    """Passages as they are given out."""
    return [
        PassageOut(
            text=scored.passage.text,
            score=scored.score,
            section=scored.passage.context,
            year=scored.passage.year,
            document_id=scored.passage.document_id,
            start=scored.passage.start,
            end=scored.passage.end,
        )
        for scored in found
    ]
