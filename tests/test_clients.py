"""The service asked by the clients people have: OpenAI's, MCP's, Gradio's, curl, a fuzzer."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
import schemathesis
from gradio_client import Client as GradioClient  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from mcp import Client as McpClient
from mcp.types import CallToolResult, TextContent
from openai.types.chat import ChatCompletionMessageParam
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from offline import REFUSED
from serving import Server, serving
from waiting import PATIENCE, until

ANSWERED = "2024年改造了多少个小区？"
UNANSWERED = "市里的地铁票价是多少？"
QUOTE = "完成25个小区更新改造"
MODEL = "dongxihu-qa"
CITED = "25个 [1]"
LARGE = {"rate": "1000000", "body_kb": "4096", "queue": "64"}


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("clients") / "stderr"
    with serving(home, log, **LARGE) as server:
        yield server


@pytest.fixture(scope="module")
def chat(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as client:
        yield client


def user(question: str) -> ChatCompletionMessageParam:
    return {"role": "user", "content": question}


def test_openai_gets_an_answer_with_its_citations(chat: openai.OpenAI) -> None:
    reply = chat.chat.completions.create(model=MODEL, messages=[user(ANSWERED)], temperature=0)
    message = reply.choices[0].message
    assert message.content is not None
    assert message.content.startswith(f"{CITED}\n\n")
    assert f"\n1. > {QUOTE}" in message.content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == len(message.content)
    extra = message.model_extra or {}
    assert extra["status"] == "answered"
    assert QUOTE in extra["citations"][0]["quote"]
    refused = chat.chat.completions.create(model=MODEL, messages=[user(UNANSWERED)])
    assert (refused.choices[0].message.model_extra or {})["status"] == "refused"


def test_openai_streams(chat: openai.OpenAI) -> None:
    chunks = list(
        chat.chat.completions.create(
            model=MODEL,
            messages=[user(ANSWERED)],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    told = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert told.startswith(f"{CITED}\n\n")
    assert f"\n1. > {QUOTE}" in told
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    cited = [c for c in chunks if (c.model_extra or {}).get("citations")]
    assert QUOTE in (cited[0].model_extra or {})["citations"][0]["quote"]
    assert chunks[-1].usage is not None


def test_openais_earlier_messages_are_the_history(chat: openai.OpenAI) -> None:
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "答得短一些。"},
        user(ANSWERED),
        {"role": "assistant", "content": "25个"},
        {"role": "user", "content": [{"type": "text", "text": "那电梯呢？"}]},
    ]
    reply = chat.chat.completions.create(model=MODEL, messages=messages)
    assert (reply.choices[0].message.content or "").startswith("20部 [1]")


def test_openai_finds_the_models_and_one_that_gives_the_answer_alone(chat: openai.OpenAI) -> None:
    names = [model.id for model in chat.models.list()]
    assert names == [MODEL, "dongxihu-qa-bare"]
    assert chat.models.retrieve(MODEL).id == MODEL
    reply = chat.chat.completions.create(model=names[1], messages=[user(ANSWERED)])
    assert reply.choices[0].message.content == "25个"
    assert QUOTE in (reply.choices[0].message.model_extra or {})["citations"][0]["quote"]


def test_openai_is_told_what_is_wrong(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="没有模型 gpt，现有"):
        chat.chat.completions.create(model="gpt", messages=[user(ANSWERED)])
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError, match="问题是空的"):
            chat.chat.completions.create(model=MODEL, messages=[user(" ")], stream=stream)
    with pytest.raises(openai.BadRequestError, match="没有 user 的问题"):
        chat.chat.completions.create(
            model=MODEL, messages=[{"role": "system", "content": "答得短一些。"}]
        )
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        chat.chat.completions.create(model=MODEL, messages=[])


def test_mcp_offers_its_tools(server: Server) -> None:
    async def use() -> None:
        async with McpClient(f"{server.address}/mcp") as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} == {"answer", "search", "figures"}
            assert all(tool.description and tool.output_schema for tool in tools)
            found = data(await client.call_tool("answer", {"question": ANSWERED}))
            assert (found["text"], found["status"]) == ("25个", "answered")
            assert QUOTE in found["citations"][0]["quote"]
            followed = {"question": "那电梯呢？", "history": [ANSWERED]}
            assert data(await client.call_tool("answer", followed))["text"] == "20部"
            passages = await client.call_tool("search", {"query": ANSWERED, "limit": 2})
            assert len(data(passages)["result"]) == 2
            figures = await client.call_tool("figures", {"query": "电梯", "year": 2024})
            assert "20部" in {row["value"] for row in data(figures)["result"]}
            failed = await client.call_tool("answer", {"question": "问" * 600})
            assert failed.is_error
            said = failed.content[0]
            assert isinstance(said, TextContent)
            assert "500" in said.text

    def data(result: CallToolResult) -> dict[str, Any]:
        assert not result.is_error
        assert result.structured_content is not None
        return dict(result.structured_content)

    asyncio.run(use())


def test_gradios_client_asks(server: Server, tmp_path: Path) -> None:
    client = GradioClient(
        server.address,
        verbose=False,
        download_files=tmp_path,
        httpx_kwargs={"timeout": PATIENCE},
    )
    try:
        found = client.predict(ANSWERED, api_name="/answer")
        assert (found["text"], found["status"]) == ("25个", "answered")
        assert QUOTE in found["citations"][0]["quote"]
        assert client.predict("那电梯呢？", [ANSWERED], api_name="/answer")["text"] == "20部"
    finally:
        client.close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing: apt-get install curl")
def test_curl_asks(server: Server) -> None:
    asked = json.dumps({"question": ANSWERED}, ensure_ascii=False)
    kind = "Content-Type: application/json"
    command = ["curl", "-sS", "-H", kind, "-d", asked, f"{server.address}/api/answer"]
    result = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert json.loads(result.stdout)["text"] == "25个", result.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing: apt-get install curl")
def test_the_commands_of_the_manual_work_as_they_stand(server: Server) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "service.md").read_text("utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    commands = block.replace("\\\n", " ").splitlines()
    assert len(commands) == 3
    for command in commands:
        there = command.replace("http://127.0.0.1:7860", server.address)
        result = subprocess.run(there, shell=True, capture_output=True, encoding="utf-8")  # noqa: S602
        told = json.loads(result.stdout)
        assert "停车位" in result.stdout or told["text"] == "20部", command


def test_whatever_the_schema_allows_or_forbids_is_answered_as_it_says(server: Server) -> None:
    schema = schemathesis.openapi.from_url(f"{server.address}/openapi.json", timeout=PATIENCE)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 10
    for operation in operations:
        modes = [GenerationMode.POSITIVE]
        if operation.query or operation.body:  # any text will do for a part of the path
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:

            @settings(max_examples=20, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode))
            def conforms(case: schemathesis.Case[Any]) -> None:
                # No schema can say that a question of spaces is empty.
                case.call_and_validate(excluded_checks=[positive_data_acceptance], timeout=PATIENCE)

            conforms()


def test_the_log_is_json_without_the_words_of_a_question(server: Server) -> None:
    asked = httpx2.post(
        f"{server.address}/api/answer",
        json={"question": "电梯几部？"},
        headers={"X-Request-ID": "my-1"},
        timeout=PATIENCE,
    )
    assert asked.headers["x-request-id"] == "my-1"

    def lines(message: str) -> list[dict[str, Any]]:
        return [line for line in server.told(message) if line["request_id"] == "my-1"]

    mine = until(lambda: lines("request"))  # written when the answer has been sent
    assert [(m["route"], m["method"], m["status"]) for m in mine] == [("/api/answer", "POST", 200)]
    assert mine[0]["ms"] > 0
    assert [(line["outcome"], "text" in line) for line in lines("question")] == [
        ("answered", False)
    ]
    log = server.log.read_text("utf-8")
    assert "电梯" not in log
    assert "小区" not in log
    assert REFUSED not in log
    assert not [line for line in server.told("request") if line["status"] >= 500]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_stopped_server_answers_what_it_began(home: Path, tmp_path: Path, streamed: bool) -> None:
    # As many as keep it busy until all of them have come, however slow their sender is.
    questions = [f"2024年改造了多少个小区，新增了多少个车位？第{n}次。" for n in range(20)]
    room = {"queue": "20", "rate": "1000000", "log_questions": "1"}
    with serving(home, tmp_path / "stderr", **room) as server:
        limits = httpx2.Limits(max_connections=50)
        with httpx2.Client(base_url=server.address, timeout=PATIENCE, limits=limits) as client:

            def ask(question: str) -> httpx2.Response:
                if not streamed:
                    return client.post("/api/answer", json={"question": question})
                body = {"messages": [user(question)], "stream": True}
                return client.post("/v1/chat/completions", json=body)

            def all_begun() -> bool:
                answered = sum(one.done() for one in asked)  # first: none is counted twice
                queue = re.search(r"\ndongxihu_queue (\d+)", client.get("/metrics").text)
                assert queue
                return answered + int(queue[1]) == len(questions)

            stream = client.stream("GET", "/gradio_api/queue/data?session_hash=abc")
            with ThreadPoolExecutor(len(questions)) as pool, stream as events:
                assert events.status_code == 200
                asked = [pool.submit(ask, question) for question in questions]
                until(all_begun)
                assert not all(one.done() for one in asked)
                assert server.stop() == 0
                assert [one.result().status_code for one in asked] == [200] * len(questions)
                ends = {one.result().text.endswith("data: [DONE]\n\n") for one in asked}
                assert ends == {streamed}
                with pytest.raises(httpx2.TransportError):
                    httpx2.get(f"{server.address}/readyz", timeout=PATIENCE)
        texts = {line["text"] for line in server.told("question")}
        assert texts == set(questions)
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""
