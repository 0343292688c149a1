"""The OpenAI chat protocol, so that its clients and any chat front end can ask."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from qa import Answer
from ui.faces.problems import PROBLEMS
from ui.faces.rest import WhereIn
from ui.page.render import render_terminal
from ui.service.service import Service

__all__ = ["build_openai_api"]

MODEL = "dongxihu-qa"
CITED_MODEL = "dongxihu-qa-cited"  # for front ends that show the words of a reply and no more
MODELS = (MODEL, CITED_MODEL)


class Part(BaseModel):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of a chat."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of a message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class StreamOptions(BaseModel):
    """What a client wants of a stream."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool | None = False


class Completion(BaseModel):
    """A chat; what steers a language model (temperature and the like) is read past."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "2024年改造了多少个小区？"}],
                }
            ]
        },
    )

    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    where: WhereIn = WhereIn()


def build_openai_api(service: Service) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["OpenAI"], responses=PROBLEMS)

    @api.get("/models")
    async def models() -> dict[str, Any]:
        """The models there are: with the answer alone, and with its sources written below it."""
        return {"object": "list", "data": [_model(name) for name in MODELS]}

    @api.get("/models/{name}")
    async def model(name: str) -> dict[str, Any]:
        """One model."""
        if name not in MODELS:
            raise _unknown(name)
        return _model(name)

    @api.post("/chat/completions", response_model=None)
    async def complete(asked: Completion) -> dict[str, Any] | StreamingResponse:
        """Answer the last message of the user; those before it are its history."""
        if asked.model not in MODELS:
            raise _unknown(asked.model)
        question, history = _read(asked.messages)
        answer = await service.answer(question, history, where=asked.where.model_dump())
        reply = _Reply(asked, answer)
        if asked.stream:
            return StreamingResponse(reply.chunks(), media_type="text/event-stream")
        return reply.whole()

    return api


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL}


def _unknown(name: str) -> HTTPException:
    return HTTPException(404, f"没有模型 {name[:50]}，现有：{'、'.join(MODELS)}")


def _read(messages: list[Message]) -> tuple[str, list[str]]:
    """The last question, and those before it; what was answered is found anew where it matters."""
    questions = [message.text for message in messages if message.role == "user"]
    if not questions:
        raise ValueError("messages 里没有 user 的问题，请加上一条")
    return questions[-1], questions[:-1]


class _Reply:
    """An answer in the protocol's two forms; `citations` and `status` are its extra fields."""

    def __init__(self, asked: Completion, answer: Answer) -> None:
        self._text = render_terminal(answer) if asked.model == CITED_MODEL else answer.text
        self._extra = {
            "status": answer.status,
            "citations": answer.to_dict()["citations"],
        }
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": asked.model,
        }
        prompt = sum(len(message.text) for message in asked.messages)
        self._usage = {  # characters: there are no tokens to bill
            "prompt_tokens": prompt,
            "completion_tokens": len(self._text),
            "total_tokens": prompt + len(self._text),
        }
        self._tell_usage = bool(asked.stream_options and asked.stream_options.include_usage)

    def whole(self) -> dict[str, Any]:
        """The reply at once."""
        message = {"role": "assistant", "content": self._text, **self._extra}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": self._usage,
            **self._extra,
        }

    def chunks(self) -> Iterator[str]:
        """The reply as server-sent events; it is known before the first, so one holds it all."""
        yield self._chunk({"role": "assistant", "content": ""})
        yield self._chunk({"content": self._text})
        yield self._chunk(self._extra, "stop")
        if self._tell_usage:
            yield _event({**self._chunk_head, "choices": [], "usage": self._usage})
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        extra = self._extra if finish else {}
        return _event({**self._chunk_head, "choices": [choice], **extra})

    @property
    def _chunk_head(self) -> dict[str, Any]:
        return {**self._head, "object": "chat.completion.chunk"}


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
