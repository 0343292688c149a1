"""The view of the figures: its frame, rows and charts as HTML, and what is picked as a file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from qa import Chart, FigureRow
from ui.faces.rest import FigureSort, Offset, Words, Year
from ui.page.figure_files import MEDIA_TYPES, FileKind, write_figures
from ui.page.templating import Templates
from ui.page.words import words_in
from ui.service.service import Service

__all__ = ["build_figures"]

ROWS = 50  # shown at once
CHARTS = 6  # shown at once
MOST_CHARTS = 60
MOST_IN_FILE = 20_000  # rows; Excel takes some seconds to open as many
MOST_SECTIONS = 100
BESIDE = " / "  # between the headings of a section

_BARE = re.compile(r"\d[\d,]*(?:\.\d+)?")

Visit = Annotated[str, Query(max_length=64)]
Language = Annotated[str, Query(max_length=20)]


class RowsOut(BaseModel):
    """Rows as they are shown, and how many are picked in all."""

    html: str
    total: int


@dataclass(frozen=True, slots=True)
class Picked:
    """What of the figures is picked, and whose."""

    q: Words = ""
    year: Year | None = None
    status: Literal["done", "target"] | None = None
    section: Annotated[str, Query(max_length=500)] = ""
    sort: FigureSort = "place"
    descending: bool = False
    visit: Visit = ""
    lang: Language = ""


Asked = Annotated[Picked, Depends()]


def build_figures(service: Service, templates: Templates) -> APIRouter:
    """The routes under /page/figures."""
    pages = APIRouter(prefix="/page/figures", include_in_schema=False)

    async def pick(
        picked: Picked, limit: int, offset: int = 0
    ) -> tuple[int, list[FigureRow], list[int]]:
        by = "" if picked.sort == "place" else picked.sort
        return await service.figures(
            *(picked.q, picked.year, picked.status, by, picked.descending, limit, offset),
            *(picked.section, picked.visit),
        )

    @pages.get("")
    async def frame(visit: Visit = "", lang: Language = "") -> Response:
        """The view without its rows, with what they may be picked by."""
        total, _, years = await pick(Picked(visit=visit), 1)
        paths, _ = await service.figure_sections(visit)
        seen = {"total": total, "years": years, "sections": _sections(paths)}
        return HTMLResponse(templates.render("figures", words_in(lang), most=MOST_IN_FILE, **seen))

    @pages.get("/rows")
    async def rows(picked: Asked, offset: Offset = 0) -> RowsOut:
        """Some of the rows that are picked."""
        total, found, _ = await pick(picked, ROWS, offset)
        _, documents = await service.figure_sections(picked.visit)
        html = templates.render(
            "figure_rows", words_in(picked.lang), rows=found, said=_said, several=documents > 1
        )
        return RowsOut(html=html, total=total)

    @pages.get("/charts")
    async def charts(picked: Asked) -> Response:
        """The charts that hold something of what is picked."""
        found = [one for one in await service.charts(picked.visit) if _holds(one, picked)]
        html = templates.render(
            "figure_charts",
            words_in(picked.lang),
            charts=found[:MOST_CHARTS],
            at_once=CHARTS,
            said=_said,
            shares=_shares,
        )
        return HTMLResponse(html)

    @pages.get("/file")
    async def file(picked: Asked, kind: FileKind) -> Response:
        """All rows that are picked, as a file."""
        _, found, _ = await pick(picked, MOST_IN_FILE)
        words = words_in(picked.lang)
        data = await asyncio.to_thread(write_figures, found, kind, words)
        named = {"Content-Disposition": f'attachment; filename="figures.{kind}"'}
        return Response(data, media_type=MEDIA_TYPES[kind], headers=named)

    return pages


def _sections(paths: Sequence[str]) -> list[tuple[str, str, int]]:
    """The headings of paths with all above them: path, last heading and depth, in order."""
    found: dict[str, tuple[str, str, int]] = {}
    for path in paths:
        headings = path.split(BESIDE)
        for depth, heading in enumerate(headings):
            whole = BESIDE.join(headings[: depth + 1])
            found.setdefault(whole, (whole, heading, depth))
    return list(found.values())[:MOST_SECTIONS]


def _said(row: FigureRow) -> str:
    """A figure with its unit, as its table tells that; a cell's bare number in threes."""
    if not _BARE.fullmatch(row.value):
        return row.written
    number = Decimal(row.value.replace(",", ""))
    return f"{number:,f}{row.written.removeprefix(row.value)}"


def _shares(chart: Chart) -> list[str]:
    """How long each bar is, in percent of the longest."""
    values = [abs(Decimal(bar.row.number)) for bar in chart.bars]
    most = max(values) or Decimal(1)
    return [f"{100 * value / most:.1f}" for value in values]


def _holds(chart: Chart, picked: Picked) -> bool:
    """Whether a chart is of words and has a bar of a year, a status and a section."""
    said = " ".join((chart.indicator, *(f"{bar.label} {bar.row.place}" for bar in chart.bars)))
    if not all(word in said.lower() for word in picked.q.lower().split()):
        return False
    under = f"{picked.section}{BESIDE}"
    return any(
        picked.year in (None, bar.row.year)
        and picked.status in (None, bar.row.status)
        and (not picked.section or f"{bar.row.section}{BESIDE}".startswith(under))
        for bar in chart.bars
    )
