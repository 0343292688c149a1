"""What the operator's page asks: what is indexed, changes to it, and what readers think."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from index import Progress, default_home, describe_generations, find_documents, unread_files
from qa import default_index
from ui.faces.problems import problem
from ui.failures import INTERNAL, BusyError, ServiceError, explain
from ui.page.progress import LINES, tell_progress
from ui.page.templating import Templates
from ui.page.words import CHINESE, Words, words_in
from ui.service.arrivals import Arrivals
from ui.service.changes import Change, Changes
from ui.service.collection import (
    Addition,
    Removal,
    Return,
    add_documents,
    delete_documents,
    go_back,
    is_own,
)
from ui.service.feedback import Feedback

__all__ = ["build_operations"]

ROWS = 50  # shown at once
UNREAD = 200  # files shown that gave no document


Language = Annotated[str, Query(max_length=20)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Searched = Annotated[str, Query(max_length=200)]
Key = Annotated[str, Field(max_length=64)]
Name = Annotated[str, Field(max_length=2000)]  # with the folders before it
Number = Annotated[int, Field(ge=0, le=2**63 - 1)]  # of an entry: what SQL takes
FilterVerdict = Literal["", "right", "wrong", "evidence", "missing"]


class RowsOut(BaseModel):
    """Rows as they are shown, how many are found in all, and the number of the latest."""

    html: str
    total: int
    last: int = 0


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NamesIn(_In):
    """The names of files that are to be sent."""

    names: Annotated[list[Name], Field(max_length=100_000)]


class BatchOut(BaseModel):
    """A batch to send files into, and which of them will take the place of another."""

    batch: str
    replaced: list[str]


class BatchIn(_In):
    """A batch that has been sent."""

    batch: Key


class DocumentsIn(_In):
    """Documents by their ids."""

    ids: Annotated[list[Key], Field(min_length=1, max_length=1000)]


class EntriesIn(_In):
    """Entries by their numbers."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=1000)]


class FoundIn(_In):
    """All entries that are found, but for those after the last that was seen."""

    words: Annotated[str, Field(max_length=200)] = ""
    verdict: FilterVerdict = ""
    last: Number


class _OperatorsRoute(APIRoute):
    """Tells what is wrong with the index as it is: who asks here runs the machine."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except (ServiceError, HTTPException, RequestValidationError):
                raise  # as anywhere
            except Exception as error:
                expected = explain(error)
                if expected is None:
                    raise
                return problem(503 if expected[1] == INTERNAL else 400, expected[0])

        return told


def build_operations(feedback: Feedback, templates: Templates) -> APIRouter:
    """The routes under /operator/do."""
    pages = APIRouter(prefix="/operator/do", include_in_schema=False, route_class=_OperatorsRoute)
    home = default_home()
    _add_documents(pages, home, templates)
    _add_changes(pages, home, templates)
    _add_feedback(pages, feedback, templates)
    return pages


def _add_documents(pages: APIRouter, home: Path, templates: Templates) -> None:
    """What is indexed."""

    @pages.get("/documents")
    def documents(words: Searched = "", offset: Offset = 0, lang: Language = "") -> RowsOut:
        """Some of the documents that have the words, the latest first."""
        total, found = find_documents(default_index().catalogue, words, ROWS, offset)
        listed = [(one, is_own(one, home)) for one in found]
        html = templates.render("operator_documents", words_in(lang), documents=listed)
        return RowsOut(html=html, total=total)

    @pages.get("/state")
    def state(lang: Language = "") -> HTMLResponse:
        """How much is indexed, and which files are not."""
        catalogue = default_index().catalogue
        documents, passages = catalogue.sizes()
        count, unread = unread_files(catalogue, UNREAD)
        told = {"documents": documents, "passages": passages, "count": count, "unread": unread}
        return HTMLResponse(templates.render("operator_state", words_in(lang), **told))

    @pages.get("/generations")
    def generations(lang: Language = "") -> HTMLResponse:
        """The generation in use and the one before."""
        told = describe_generations(home)
        html = templates.render("operator_generations", words_in(lang), generations=told)
        return HTMLResponse(html)


def _add_changes(pages: APIRouter, home: Path, templates: Templates) -> None:
    """What changes the index, and how far that is."""
    arrivals, changes = Arrivals(home), Changes()

    @pages.post("/batches")
    def begin(told: NamesIn) -> BatchOut:
        """Begin to send files."""
        return BatchOut(batch=arrivals.begin(), replaced=arrivals.known(told.names))

    @pages.post("/files", status_code=204)
    async def send(
        request: Request,
        batch: Annotated[str, Query(max_length=64)],
        name: Annotated[str, Query(max_length=2000)],
    ) -> None:
        """Keep a file of a batch; it is indexed with the others."""
        data = await request.body()
        await asyncio.to_thread(arrivals.put, batch, name, data)

    @pages.post("/add", status_code=202)
    def add(told: BatchIn) -> None:
        """Index the files of a batch."""
        _add(told.batch, arrivals, changes, home)

    @pages.post("/delete", status_code=202)
    def delete(told: DocumentsIn) -> None:
        """Remove documents."""
        changes.begin(lambda _progress: delete_documents(told.ids, home))

    @pages.post("/back", status_code=202)
    def back() -> None:
        """Take the index before."""
        changes.begin(lambda _progress: go_back(home))

    @pages.get("/change")
    async def change(lang: Language = "") -> StreamingResponse:
        """How far the change is that goes on, and how the last one ended; nothing for none."""
        last = changes.last
        lines = _tell(last, templates, words_in(lang)) if last else iter(())
        return StreamingResponse(lines, media_type=LINES)

    @pages.delete("/change", status_code=204)
    def dismiss() -> None:
        """The last change has been seen."""
        changes.forget()


def _add_feedback(pages: APIRouter, feedback: Feedback, templates: Templates) -> None:
    """What readers think."""

    @pages.get("/feedback")
    def entries(
        words: Searched = "", verdict: FilterVerdict = "", offset: Offset = 0, lang: Language = ""
    ) -> RowsOut:
        """Some of the entries that are found, the latest first."""
        total, found = feedback.find(words, verdict, ROWS, offset)
        html = templates.render("operator_feedback", words_in(lang), entries=found)
        return RowsOut(html=html, total=total, last=max((one.number for one in found), default=0))

    @pages.get("/feedback/file")
    def exported() -> StreamingResponse:
        """All entries, as the command line exports them."""
        named = {"Content-Disposition": 'attachment; filename="feedback.jsonl"'}
        return StreamingResponse(_exported(feedback), media_type=LINES, headers=named)

    @pages.post("/feedback/delete", status_code=204)
    def forget(told: EntriesIn) -> None:
        """Forget entries."""
        feedback.delete(told.numbers)

    @pages.post("/feedback/delete-found", status_code=204)
    def forget_found(told: FoundIn) -> None:
        """Forget all entries that are found."""
        feedback.delete_found(told.words, told.verdict, told.last)


async def _tell(change: Change, templates: Templates, words: Words) -> AsyncIterator[str]:
    """How far a change is, line by line, and how it ended."""
    steps = {
        told: words.all[name] for name, told in CHINESE.all.items() if name.startswith("step_")
    }

    def how_far() -> dict[str, object]:
        what, done, total = change.step
        if what == CHINESE.step_passages and done == total:  # what comes then is not counted
            return {"step": words.finishing, "done": 0, "total": 0}
        return {"step": steps.get(what, words.preparing), "done": done, "total": total}

    def outcome(ended: Addition | Removal | Return) -> dict[str, object]:
        kind = type(ended).__name__
        told = {"kind": kind, "outcome": ended, "at": change.ended}
        return {"html": templates.render("operator_outcome", words, **told)}

    work = asyncio.wrap_future(change.outcome)
    try:
        async for line in tell_progress(work, how_far, outcome, lambda e: _explained(e, words)):
            yield line
    finally:
        work.cancel()  # the change itself goes on


def _add(batch: str, arrivals: Arrivals, changes: Changes, home: Path) -> None:
    """Begin to index the files of a batch, which ends with that; raises BusyError."""
    folder = arrivals.folder(batch)

    def call(progress: Progress) -> Addition:
        try:
            return add_documents(folder, home, progress)
        finally:
            arrivals.end(batch)

    try:
        changes.begin(call, batch)
    except BusyError:
        if not changes.is_about(batch):  # sent twice: its files are being read
            arrivals.end(batch)
        raise


def _explained(error: Exception, words: Words) -> str:
    """What the operator is told, who runs the machine; what nobody expected is in the log."""
    expected = explain(error)
    return expected[0] if expected else words.internal


def _exported(feedback: Feedback) -> Iterator[bytes]:
    for line in feedback.export():
        yield f"{json.dumps(line, ensure_ascii=False)}\n".encode("utf-8", "replace")
