"""The tools answer, search and figures for agents, over MCP's streamable HTTP."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.applications import Starlette

from qa import QUESTION_LIMIT, FigureRow
from ui.faces.answers import AnswerOut
from ui.faces.rest import PassageOut, WhereIn, passages_out
from ui.service.service import Service
from ui.telemetry.log import explain_and_log

__all__ = ["build_mcp", "mcp_app"]

T = TypeVar("T")

INSTRUCTIONS = (
    "Answers Chinese questions from a fixed set of documents, with verbatim citations. A refusal "
    "means that the documents do not say it; do not fill it in from elsewhere."
)
READS_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def build_mcp(service: Service) -> MCPServer:
    """The tools; each raises ToolError with words that say what to do."""
    server = MCPServer("dongxihu-qa", instructions=INSTRUCTIONS)

    @server.tool(annotations=READS_ONLY)
    async def answer(
        question: Annotated[str, Field(description="a question in Chinese")],
        history: Annotated[
            list[str] | None, Field(description="earlier questions, oldest first")
        ] = None,
        where: Annotated[
            WhereIn | None, Field(description="limits what is looked at; may be left out")
        ] = None,
    ) -> AnswerOut:
        """Answer a question from the documents: short, with verbatim citations, or a refusal."""
        within = where.model_dump() if where else None
        return AnswerOut.of(await _told(service.answer(question, history or [], where=within)))

    @server.tool(annotations=READS_ONLY)
    async def search(
        query: Annotated[str, Field(description="words in Chinese", max_length=QUESTION_LIMIT)],
        limit: Annotated[int, Field(ge=1, le=50)] = 5,
    ) -> list[PassageOut]:
        """The passages of the documents nearest to a query, best first."""
        return passages_out(await _told(service.search(query, limit)))

    @server.tool(annotations=READS_ONLY)
    async def figures(
        query: Annotated[
            str,
            Field(
                description="words that must all be said; may be empty", max_length=QUESTION_LIMIT
            ),
        ] = "",
        year: Annotated[int | None, Field(ge=1, le=9999)] = None,
        limit: Annotated[int, Field(ge=1, le=200)] = 50,
    ) -> list[FigureRow]:
        """Figures of the documents with what they count, their year and their sentence."""
        _total, rows, _years = await _told(service.figures(query, year, limit=limit))
        return rows

    return server


def mcp_app(server: MCPServer) -> Starlette:
    """The tools at /mcp; which hosts may be asked for is decided before a request comes here."""
    return server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


async def _told(work: Awaitable[T]) -> T:
    """What the work gives; an error that is no bug in the words people get."""
    try:
        return await work
    except Exception as error:
        expected = explain_and_log(error)
        if expected is None:
            raise
        raise ToolError(expected[0]) from error
