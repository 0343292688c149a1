"""The OpenAI chat protocol, so that its clients and any chat front end can ask."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse
from starlette.exceptions import HTTPException

from qa import Answer
from ui.faces.chores import Said, do_chore
from ui.faces.problems import PROBLEMS
from ui.faces.rest import WhereIn
from ui.page.markdown import told_in_markdown
from ui.page.transcript import transcribe
from ui.page.words import CHINESE
from ui.service.service import Service

__all__ = ["build_openai_api"]

MODEL = "dongxihu-qa"
BARE_MODEL = "dongxihu-qa-bare"  # for programs that read `citations`
MODELS = (MODEL, BARE_MODEL)
NAMES = {"": MODEL, "dongxihu-qa-cited": MODEL, **{name: name for name in MODELS}}
TEXTS = ("text", "input_text", None)  # the types of a part that is read
STOP_SECONDS = 10  # in which a reply that is being sent when the server stops may end


class Part(BaseModel):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str | None = None
    text: str | None = None


class Message(BaseModel):
    """A message of a chat."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[str | Part | None] | None = None

    @property
    def text(self) -> str:
        """The words of a message."""
        parts = [self.content] if isinstance(self.content, str) else self.content or ()
        texts = (
            part.text if isinstance(part, Part) and part.type in TEXTS else part for part in parts
        )
        return "\n".join(text for text in texts if isinstance(text, str))


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

    model: Annotated[
        str | None,
        Field(
            description=f"{MODEL} (also where it is left out), or {BARE_MODEL}: the answer alone, "
            "with its sources in `citations` only; a prefix and a suffix of a gateway are read past"
        ),
    ] = None
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    where: WhereIn = WhereIn()


def build_openai_api(service: Service) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["OpenAI"], responses=PROBLEMS)

    @api.get("/models/", include_in_schema=False)
    @api.get("/models")
    async def models() -> dict[str, Any]:
        """The models there are: with the sources written below the answer, and without."""
        return {"object": "list", "data": [_model(name) for name in MODELS]}

    @api.get("/models/{name:path}")
    async def model(name: str) -> dict[str, Any]:
        """One model."""
        return _model(_known(name))

    @api.post("/chat/completions/", response_model=None, include_in_schema=False)
    @api.post("/chat/completions", response_model=None)
    async def complete(asked: Completion) -> dict[str, Any] | EventSourceResponse:
        """Answer the last message of the user; those before it are its history.

        What a chat front end asks for itself (a title of the chat, tags) is not searched for.
        """
        model = _known(asked.model or "")
        chore = do_chore([Said(message.role, message.text) for message in asked.messages])
        if chore is not None:
            reply = _Reply(asked, model, chore, {})
        else:
            question, history = _read(asked.messages)
            answer = await service.answer(question, history, where=asked.where.model_dump())
            reply = _Reply(asked, model, _in_words(answer, model), _extra(answer))
        if not asked.stream:
            return reply.whole()
        # Else a long one that its client takes slowly is cut off as soon as the server stops.
        return EventSourceResponse(reply.chunks(), sep="\n", shutdown_grace_period=STOP_SECONDS)

    return api


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL}


def _known(told: str) -> str:
    """The model of a name, which gateways write things before and behind; raises HTTPException."""
    name = told.strip().strip("/").rpartition("/")[2].partition(":")[0].lower()
    if name not in NAMES:
        raise HTTPException(404, f"没有模型 {told[:50]}，现有：{'、'.join(MODELS)}")
    return NAMES[name]


def _read(messages: list[Message]) -> tuple[str, list[str]]:
    """The last question, and those before it; what was answered is found anew where it matters."""
    questions = [message.text for message in messages if message.role == "user"]
    if not questions:
        raise ValueError("messages 里没有 user 的问题，请加上一条")
    return questions[-1], questions[:-1]


def _in_words(answer: Answer, model: str) -> str:
    if model == BARE_MODEL:
        return answer.text
    return told_in_markdown(transcribe("", answer, CHINESE))


def _extra(answer: Answer) -> dict[str, Any]:
    """What a reply has beside what the protocol knows."""
    return {"status": answer.status, "citations": answer.to_dict()["citations"]}


class _Reply:
    """A text in the protocol's two forms, with some extra fields."""

    def __init__(self, asked: Completion, model: str, text: str, extra: Mapping[str, Any]) -> None:
        self._text = text
        self._extra = extra
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": model,
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

    async def chunks(self) -> AsyncIterator[dict[str, str]]:
        """The reply as server-sent events; it is known before the first, so one holds it all."""
        yield self._chunk({"role": "assistant", "content": ""})
        yield self._chunk({"content": self._text})
        yield self._chunk(self._extra, "stop")
        if self._tell_usage:
            yield _event({**self._chunk_head, "choices": [], "usage": self._usage})
        yield {"data": "[DONE]"}

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, str]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        extra = self._extra if finish else {}
        return _event({**self._chunk_head, "choices": [choice], **extra})

    @property
    def _chunk_head(self) -> dict[str, Any]:
        return {**self._head, "object": "chat.completion.chunk"}


def _event(data: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}
