"""An answer as programs get it, with words for each of its fields."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from qa import Answer
from qa.answer import Reason, Status

__all__ = ["EXAMPLE", "AnswerOut"]

EXAMPLE = "2024年改造了多少个小区？"
EXAMPLE_ANSWER: dict[str, Any] = {
    "text": "25个",
    "status": "answered",
    "citations": [
        {
            "quote": "完成25个小区更新改造，加装既有住宅电梯20部。",
            "passage": "完成25个小区更新改造，加装既有住宅电梯20部。"
            "新沟镇百花苑、辛安渡五龙御园二期等5处还建房交付使用。筹集保障性租赁住房6434套(间)、人才公寓1750套。",
            "source": "article.txt",
            "title": "“新”潮澎湃，新质生产力加快培育 串珠成“链”，高质量发展扎实推进"
            " 奋力谱写中国式现代化“中国网谷”新篇章",
            "section": "数读东西湖2024民生成绩单 / 住房保障",
            "start": 5592,
            "end": 5616,
            "document_id": "7ff486bb3e55f056",
            "year": 2024,
            "page": None,
            "date": "2025",
        }
    ],
    "parts": [{"text": "25个", "citations": [0], "label": "", "operands": []}],
    "reason": "",
    "untold": "",
    "listed": False,
}


class CitationOut(BaseModel):
    """A sentence of a document, verbatim, and where it stands."""

    model_config = ConfigDict(from_attributes=True)

    quote: str = Field(description="the sentence, verbatim")
    passage: str = Field(description="the text around it")
    source: str = Field(description="the document's file or address")
    title: str = Field(description="the document's title")
    section: str = Field(description="the headings above it, with ` / ` between them")
    start: int = Field(description="where it begins in the document's `text`, in characters")
    end: int = Field(description="where it ends there")
    document_id: str = Field(description="for `/api/documents/{document_id}`")
    year: int | None = Field(description="the year that it speaks of; null where none is told")
    page: int | None = Field(description="the page that it begins on; null where there are none")
    date: str = Field(description="when the document was released, empty where nothing tells")


class PartOut(BaseModel):
    """One thing that an answer tells."""

    model_config = ConfigDict(from_attributes=True)

    text: str = Field(description="words of a document, 是 or 否, or a value computed of others")
    citations: tuple[int, ...] = Field(description="what shows it: places in `citations`, from 0")
    label: str = Field(
        description="what tells it from other parts (a year, 计划, a source), else empty"
    )
    operands: tuple[tuple[str, int], ...] = Field(
        description="what a computed value was computed of, each with the place of its citation"
    )


class AnswerOut(BaseModel):
    """A short answer with the sentences it stands in, or a refusal."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [EXAMPLE_ANSWER]}
    )

    text: str = Field(description="the answer in words, or what the documents do not tell")
    status: Status = Field(description="`refused` where the documents do not tell it")
    citations: tuple[CitationOut, ...] = Field(
        description="the sentences that show it; of a refusal the nearest thing said, if any"
    )
    parts: tuple[PartOut, ...] = Field(
        description="what `text` is made of, each with its own citations; none of a refusal"
    )
    reason: Reason = Field(
        description="why it is refused, empty where it is answered: `not_told`; told of an "
        "`other_year`, `other_place` or `other_subject` only; a `false_premise` in the question; "
        "an `incomplete` question; part of a `conversation`, no question about documents"
    )
    untold: str = Field(
        description="what of the question the documents do not tell; at the end of `text`"
    )
    listed: bool = Field(description="whether the parts stand one a line in `text`")

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        """An answer as it is given out."""
        return cls.model_validate(answer)
