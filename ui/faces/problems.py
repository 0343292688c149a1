"""Errors as problem+json (RFC 9457), and beside it as the OpenAI clients read them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from corpus import CorpusError
from index import IndexingError
from qa import QaError
from ui.failures import INTERNAL, ServiceError, UiError
from ui.telemetry.log import explain_and_log

__all__ = [
    "MANUAL",
    "PROBLEMS",
    "Problem",
    "add_unknown",
    "handle_problems",
    "handle_refusals",
    "problem",
    "tell_wrong",
]

RETRY_SECONDS = 1  # a full queue is worked off in about this time
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MANUAL = "/docs"

# What the frameworks say in English, by status.
_STATUS_WORDS = {
    400: "请求读不了，请发 UTF-8 编码的 JSON",
    403: "这个地址不能看，请换一个",
    404: "没有这个地址，请检查拼写",
    405: "这个地址不接受这种请求方法，请换一种",
    503: "服务正在停止，请稍后再试",
}
# What is wrong with a part of a request, by pydantic's name for it.
_PART_WORDS = {
    "missing": "缺少这一项，请加上",
    "extra_forbidden": "没有这一项，请去掉",
    "string_too_long": "太长，最多 {max_length} 个字符",
    "string_too_short": "太短，最少 {min_length} 个字符",
    "too_long": "太多，最多 {max_length} 项",
    "too_short": "太少，最少 {min_length} 项",
    "literal_error": "只能是 {expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_type": "要写一段文字，放在引号里",
    "string_unicode": "有不成对的代理字符，请去掉",
    "list_type": "要写一个列表，放在方括号里",
    "tuple_type": "要写一个列表，放在方括号里",
    "dict_type": "要写一个对象，放在花括号里",
    "model_type": "要写一个对象，放在花括号里",
    "model_attributes_type": "要写一个对象，放在花括号里",
    "int_type": "要写一个整数",
    "int_parsing": "要写一个整数",
    "int_from_float": "要写一个整数",
    "bool_type": "要写 true 或 false",
    "bool_parsing": "要写 true 或 false",
}

_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong and what to do, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(examples=["问题是空的，请输入问题。"])


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": f"{HTTPStatus(status).phrase}; see `detail`",
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }
    for status in (400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503, 504)
}


def problem(
    status: int, detail: str, path: str = "", retry_seconds: int = RETRY_SECONDS
) -> Response:
    """A problem+json response; on the OpenAI protocol's paths with the `error` its clients read."""
    told: dict[str, Any] = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail
    ).model_dump()
    if path.startswith("/v1/"):
        kind = "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "api_error"
        told["error"] = {"message": detail, "type": kind, "param": None, "code": str(status)}
    headers = {}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = str(retry_seconds)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(told, status, headers, media_type="application/problem+json")


def handle_refusals(app: FastAPI, root: str, invalid: int = 422) -> None:
    """Make what an app that stands under `root` refuses a problem; `invalid` is the status of what
    is not as its route declares it.
    """
    see = f"；接口说明见 {root}{MANUAL}"

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> Response:
        detail = str(error.detail)
        allowed = (error.headers or {}).get("Allow")
        if allowed:
            detail = f"这个地址只接受 {allowed}，请换成它{see}"
        elif detail.isascii() and error.status_code in _STATUS_WORDS:
            detail = f"{_STATUS_WORDS[error.status_code]}{see}"
        answer = problem(error.status_code, detail, request.url.path)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    def of_validation(request: Request, error: RequestValidationError) -> Response:
        if isinstance(error.body, bytes):  # it was not read as JSON
            return problem(415, f"请加上 Content-Type: application/json{see}", request.url.path)
        return problem(invalid, f"{tell_wrong(error.errors()[0])}{see}", request.url.path)


def handle_problems(app: FastAPI, root: str) -> None:
    """Make every error of an app that stands under `root` a problem."""
    handle_refusals(app, root)

    @app.exception_handler(ServiceError)
    def of_service(request: Request, error: ServiceError) -> Response:
        return problem(error.status, str(error), request.url.path)

    @app.exception_handler(ValueError)
    @app.exception_handler(CorpusError)
    @app.exception_handler(IndexingError)
    @app.exception_handler(QaError)
    @app.exception_handler(UiError)
    @app.exception_handler(OSError)
    @app.exception_handler(Exception)
    def of_anything(request: Request, error: Exception) -> Response:
        expected = explain_and_log(error)
        if expected is None:
            _log.exception("a request failed", exc_info=error)
            return problem(500, "程序内部出错了，详情在服务器日志里。", request.url.path)
        return problem(503 if expected[1] == INTERNAL else 400, expected[0], request.url.path)


def tell_wrong(part: Mapping[str, Any]) -> str:
    """What is wrong with a part of a request, and where it stands."""
    kind, place = part["type"], part["loc"]
    if kind == "json_invalid":
        return f"正文不是 JSON（第 {place[-1] + 1} 个字符起），请改正"
    if place == ("body",) and kind == "missing":
        return "请求没有正文，请在正文里写 JSON，并加上 Content-Type: application/json"
    words = _PART_WORDS.get(kind, "不合要求，请改正").format(**part.get("ctx", {}))
    return f"{'.'.join(map(str, place))}：{words}"


def add_unknown(app: FastAPI, prefixes: Sequence[str]) -> None:
    """Refuse what no route so far takes under these paths, lest a later one does."""
    routes = list(app.router.routes)

    async def refuse(scope: Scope, _receive: Receive, _send: Send) -> None:
        asked = {**scope, "root_path": scope.get("app_root_path", "")}
        allowed = [
            method
            for method in METHODS
            if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in routes)
        ]
        if allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
        raise HTTPException(404)

    for prefix in prefixes:
        app.mount(prefix, refuse)
