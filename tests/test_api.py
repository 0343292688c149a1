"""The REST API as its users see it: answers, errors with words, limits and headers."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from index import DamagedIndexError, StoreError
from qa import Answer
from serving import app_client
from ui.guard import admission
from ui.service import service as service_module
from ui.service.feedback import Feedback
from ui.service.service import Service
from waiting import PATIENCE, until

ANSWERED = "2024年改造了多少个小区？"
REFUSED = "市里的地铁票价是多少？"
HEADERS = {
    "content-security-policy": "default-src 'self'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-resource-policy": "same-origin",
}
SMALL: dict[str, Any] = {"workers": 1, "queue": 0, "timeout": 0.2, "body_kb": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with app_client(folder) as (client, _):
        yield client


@pytest.fixture(scope="module")
def small(folder: Path) -> Iterator[tuple[TestClient, Service]]:
    """A service of one worker with next to no queue, time and room."""
    with app_client(folder, **SMALL) as found:
        yield found


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Answering waits until this is set."""
    gate = threading.Event()

    def wait(*arguments: object, **named: object) -> Answer:
        gate.wait(PATIENCE)
        return Answer("没有。", "refused", reason="not_told")

    for name in ("answer", "answer_over"):
        monkeypatch.setattr(service_module, name, wait)
    yield gate
    gate.set()


def problem_of(response: Response, status: int) -> str:
    """The words of a problem, which has to look like one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status
    assert told["title"]
    assert isinstance(told["detail"], str)
    assert not told["detail"].isascii()  # words for people are in Chinese
    return str(told["detail"])


def ask(client: TestClient, question: str, **more: Any) -> Response:
    return client.post("/api/answer", json={"question": question, **more})


def test_a_question_is_answered_with_its_sentence(client: TestClient) -> None:
    found = ask(client, ANSWERED).json()
    assert (found["text"], found["status"]) == ("25个", "answered")
    cited = found["citations"][0]
    document = client.get(f"/api/documents/{cited['document_id']}").json()
    assert document["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_a_refusal_is_no_error(client: TestClient) -> None:
    response = ask(client, REFUSED)
    assert response.status_code == 200
    assert response.json()["status"] == "refused"


@pytest.mark.parametrize("history", [[ANSWERED], [[ANSWERED, "25个"]]])
def test_a_question_may_lean_on_those_before_it(client: TestClient, history: list[Any]) -> None:
    assert ask(client, "那电梯呢？", history=history).json()["text"] == "20部"


def test_documents_are_listed_in_pages(client: TestClient) -> None:
    page = client.get("/api/documents").json()
    assert page["total"] == len(page["items"]) == 1
    head = page["items"][0]
    document = client.get(f"/api/documents/{head['id']}").json()
    assert head["characters"] == len(document["text"])
    assert {name: document[name] for name in ("id", "title", "source", "year")} == {
        name: head[name] for name in ("id", "title", "source", "year")
    }
    assert client.get("/api/documents?offset=1").json() == {"total": 1, "items": []}


def test_passages_are_found(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": ANSWERED, "limit": 3}).json()
    assert len(found) == 3
    assert any("25个小区" in passage["text"] for passage in found)
    assert [p["score"] for p in found] == sorted((p["score"] for p in found), reverse=True)


def test_figures_are_searched_sorted_and_paged(client: TestClient) -> None:
    found = client.get("/api/figures", params={"q": "小区 电梯", "year": 2024}).json()
    assert {row["value"] for row in found["items"]} >= {"25个", "20部"}
    assert all(row["year"] == 2024 for row in found["items"])
    every = client.get("/api/figures", params={"sort": "year", "limit": 200}).json()
    years = [row["year"] for row in every["items"] if row["year"]]
    assert years == sorted(years)
    second = client.get("/api/figures", params={"sort": "year", "limit": 1, "offset": 1}).json()
    assert second["items"] == every["items"][1:2]
    aims = client.get("/api/figures", params={"status": "target"}).json()
    assert {row["status"] for row in aims["items"]} == {"target"}
    for series in client.get("/api/figures/series").json():
        assert len({row["year"] for row in series["rows"]}) >= 2


def test_feedback_is_kept_with_the_answer_of_the_server(client: TestClient, folder: Path) -> None:
    given = {"question": ANSWERED, "verdict": "right", "note": "好"}
    assert client.post("/api/feedback", json=given).status_code == 204
    kept = list(Feedback(folder).export())[-1]
    assert (kept["question"], kept["verdict"], kept["said"]) == (ANSWERED, "right", "25个")
    told = problem_of(client.post("/api/feedback", json={**given, "verdict": "maybe"}), 422)
    assert "body.verdict" in told


@pytest.mark.parametrize("question", ["", " \n", "问" * 600])
def test_a_bad_question_is_told_what_is_wrong(client: TestClient, question: str) -> None:
    assert "请" in problem_of(ask(client, question), 400)


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (b"{", 422, "不是 JSON（第 2 个字符起）"),
        (b'{"question": "x",}', 422, "不是 JSON（第 "),
        (b"{'question': 'x'}", 422, "不是 JSON（第 2 个字符起）"),
        (b"question=x", 422, "不是 JSON（第 1 个字符起）"),
        (b"\xff", 400, "UTF-8"),
        (b"[]", 422, "body：要写一个对象"),
        (b'"x"', 422, "body：要写一个对象"),
        (b"", 422, "没有正文"),
        (b"{}", 422, "body.question：缺少"),
        (b'{"question": "x", "top": 1}', 422, "body.top：没有这一项"),
        (b'{"question": 5}', 422, "body.question：要写一段文字"),
        (b'{"question": null}', 422, "body.question：要写一段文字"),
        (b'{"question": "\\ud800"}', 422, "body.question：有不成对的代理字符"),
        (b'{"question": "x", "history": [["a"]]}', 422, "body.history"),
        (b'{"question": "x", "history": "a"}', 422, "body.history：要写一个列表"),
        (b'{"question": "x", "where": "a"}', 422, "body.where：要写一个对象"),
        (b'{"question": "x", "documents": "a"}', 422, "body.documents：要写一个列表"),
        (b'{"question": "x", "documents": [5]}', 422, "body.documents.0：要写一段文字"),
    ],
)
def test_a_wrong_request_is_told_where(
    client: TestClient, body: bytes, status: int, named: str
) -> None:
    response = client.post(
        "/api/answer", content=body, headers={"Content-Type": "application/json"}
    )
    assert named in problem_of(response, status)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "json"])
@pytest.mark.parametrize("path", ["/api/answer", "/api/feedback", "/v1/chat/completions"])
def test_a_body_that_is_not_said_to_be_json_is_told_to_say_so(
    client: TestClient, path: str, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    response = client.post(path, content=b'{"question": "x"}', headers=headers)
    assert "请加上 Content-Type: application/json" in problem_of(response, 415)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/ld+json"])
def test_json_of_any_kind_is_read(client: TestClient, kind: str) -> None:
    body = f'{{"question": "{ANSWERED}"}}'.encode()
    found = client.post("/api/answer", content=body, headers={"Content-Type": kind})
    assert found.json()["text"] == "25个"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/answer", "POST"),
        ("GET", "/api/feedback", "POST"),
        ("GET", "/v1/chat/completions", "POST"),
        ("PUT", "/v1/chat/completions/", "POST"),
        ("POST", "/api/search", "GET"),
        ("DELETE", "/api/documents", "GET"),
        ("POST", "/v1/models", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    assert f"只接受 {allowed}" in problem_of(response, 405)
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("page", ["", "/en", "/operator", "/operator/en"])
@pytest.mark.parametrize(
    "path",
    ["manifest.json", "pwa_icon", "pwa_icon/192", "pwa_icon/x", "svelte/x.js", "monitoring/x"],
)
def test_what_gradio_has_for_others_is_not_there(client: TestClient, page: str, path: str) -> None:
    assert "没有这个地址" in problem_of(client.get(f"{page}/{path}"), 404)


BRIDGES = "某镇报告\n\n2023年，某镇新建了37座桥。"
BUSES = "公交\n\n2023年，某镇开通了12条公交线路。"


def test_a_question_is_answered_from_texts_of_the_call(client: TestClient) -> None:
    found = ask(client, "某镇新建了多少座桥？", documents=[BRIDGES, BUSES]).json()
    assert (found["text"], found["reason"], found["listed"], found["untold"]) == (
        "37座",
        "",
        False,
        "",
    )
    assert [part["text"] for part in found["parts"]] == ["37座"]
    (cited,) = found["citations"]
    assert (cited["source"], cited["quote"]) == ("文档1", "2023年，某镇新建了37座桥。")
    history = ["2023年某镇新建了多少座桥？"]
    other = ask(client, "那开通了多少条公交线路？", documents=[BRIDGES, BUSES], history=history)
    assert other.json()["text"] == "12条"


@pytest.mark.parametrize("documents", [[], [""], [BUSES], [" \n", "\f"], ["2023年，修了路。"]])
def test_what_the_texts_of_a_call_do_not_tell_is_refused(
    client: TestClient, documents: list[str]
) -> None:
    found = ask(client, ANSWERED, documents=documents).json()  # it stands in the indexed document
    assert (found["status"], bool(found["reason"])) == ("refused", True)
    assert ask(client, ANSWERED, documents=None).json()["text"] == "25个"


def test_the_texts_of_a_call_have_limits(folder: Path) -> None:
    with app_client(folder, body_kb=8192) as (client, _):
        told = problem_of(ask(client, ANSWERED, documents=[BRIDGES] * 21), 422)
        assert "body.documents：太多，最多 20 项" in told
        told = problem_of(ask(client, ANSWERED, documents=["一" * 500_001] * 2), 400)
        assert "1000002 字，最多 1000000 字" in told
        assert "请输入" in problem_of(ask(client, " ", documents=[BRIDGES]), 400)
        wrong = ask(client, ANSWERED, documents=[BRIDGES], where={"date": "soon"})
        assert "date" in problem_of(wrong, 400)


def test_texts_that_are_too_large_are_told_how_to_be_let_in(client: TestClient) -> None:
    told = problem_of(ask(client, ANSWERED, documents=["一" * 90_000]), 413)
    assert "256 KB" in told
    assert "body_kb" in told


def test_texts_of_a_call_wait_in_a_queue_of_their_own(
    small: tuple[TestClient, Service], slow: threading.Event
) -> None:
    client, _ = small
    assert "0.2 秒" in problem_of(ask(client, ANSWERED, documents=[BRIDGES]), 504)
    told = problem_of(ask(client, ANSWERED, documents=[BRIDGES]), 429)
    assert "稍后再试" in told
    assert "0.2 秒" in problem_of(ask(client, ANSWERED), 504)  # it was taken
    slow.set()
    until(lambda: ask(client, ANSWERED, documents=[BRIDGES]).status_code == 200)


def test_what_is_not_there_is_told_so(client: TestClient) -> None:
    assert "接口说明见 /docs" in problem_of(client.get("/api/nothing"), 404)
    assert "没有这份文档" in problem_of(client.get("/api/documents/nothing"), 404)
    found = client.get("/v1/models/none")
    assert found.json()["error"]["message"] == problem_of(found, 404)


def test_a_bug_is_told_without_its_details(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*arguments: object, **named: object) -> None:
        raise RuntimeError("pipes burst")

    monkeypatch.setattr(service_module, "answer_over", break_down)
    response = ask(client, ANSWERED)
    assert "pipes" not in problem_of(response, 500)
    assert response.headers["x-request-id"]
    assert "pipes burst" in caplog.text


def test_the_schema_shows_examples_and_every_problem(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert {"/api/answer", "/api/documents", "/v1/chat/completions"} <= set(schema["paths"])
    assert not [path for path in schema["paths"] if not path.startswith(("/api/", "/v1/"))]
    models = schema["components"]["schemas"]
    assert models["QuestionIn"]["examples"][0]["question"] == ANSWERED
    assert models["FeedbackIn"]["examples"]
    for name in ("AnswerOut", "PartOut", "CitationOut"):
        assert all(field["description"] for field in models[name]["properties"].values())
    for path in schema["paths"].values():
        for operation in path.values():
            assert operation["description"]
            assert {"400", "404", "413", "422", "429", "500", "503", "504"} <= set(
                operation["responses"]
            )


def test_the_example_of_an_answer_is_one(client: TestClient) -> None:
    models = client.get("/openapi.json").json()["components"]["schemas"]
    (example,) = models["AnswerOut"]["examples"]
    asked, given = models["QuestionIn"]["examples"]
    answer = client.post("/api/answer", json=asked).json()
    for citation in answer["citations"]:
        assert citation.pop("page") is None  # the schema leaves out what is null
    assert answer == example
    assert client.post("/api/answer", json=given).json()["text"] == "37座"


@pytest.mark.parametrize("root", ["", "/qa"])
def test_the_api_is_described_in_a_page_without_the_internet(folder: Path, root: str) -> None:
    with app_client(folder, root_path=root) as (client, _):
        for path in ("/docs", "/docs/"):
            page = client.get(f"{root}{path}")
            assert page.status_code == 200
            assert page.headers["content-security-policy"]
            asked = re.findall(r"""(?:src|href)="([^"]+)"|url: '([^']+)'""", page.text)
            addresses = [first or second for first, second in asked]
            assert len(addresses) == 4
            for address in addresses:
                assert address.startswith(f"{root}/")
                assert client.get(address).status_code == 200
            assert f"{root}/openapi.json" in addresses
            assert "https://" not in page.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/documents", "/api/nothing", "/nothing"])
def test_every_answer_is_protected_and_numbered(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"X-Request-ID": "abc-1", "Origin": "http://evil.example"})
    for name, value in HEADERS.items():
        assert response.headers[name].startswith(value)
    assert response.headers["x-request-id"] == "abc-1"
    assert not [name for name in response.headers if name.startswith("access-control-")]
    forged = client.get(path, headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]
    assert len(forged) == 32


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "[bad"},
    ],
)
def test_another_site_may_not_ask(client: TestClient, headers: dict[str, str]) -> None:
    asked = {"question": ANSWERED}
    response = client.post("/api/answer", json=asked, headers=headers)
    problem_of(response, 403)
    assert response.headers["x-content-type-options"] == "nosniff"
    same = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/answer", json=asked, headers=same).status_code == 200


@pytest.mark.parametrize("path", ["/api/answer", "/mcp", "/login", "/gradio_api/queue/join"])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_has_a_limit_told_beforehand_or_not(
    small: tuple[TestClient, Service], path: str, told: bool
) -> None:
    client, _ = small
    body = b'"' + b"x" * 3000 + b'"'
    pieces = body if told else (body[at : at + 100] for at in range(0, len(body), 100))
    kind = "application/x-www-form-urlencoded" if path == "/login" else "application/json"
    response = client.post(path, content=pieces, headers={"Content-Type": kind})
    assert "2 KB" in problem_of(response, 413)
    assert response.headers["x-request-id"]


def test_a_question_has_a_limited_time_and_a_full_queue_says_when_to_come_back(
    small: tuple[TestClient, Service], slow: threading.Event
) -> None:
    client, _ = small
    assert "0.2 秒" in problem_of(ask(client, ANSWERED), 504)
    response = ask(client, ANSWERED)  # the one given up keeps the worker
    assert "稍后再试" in problem_of(response, 429)
    assert int(response.headers["retry-after"]) >= 1
    slow.set()
    until(lambda: ask(client, ANSWERED).status_code == 200)


def test_one_client_may_not_ask_without_end(folder: Path) -> None:
    with app_client(folder, rate=3) as (client, _):
        answers = [client.get("/api/documents") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert "秒后再试" in problem_of(answers[-1], 429)
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
        assert client.get("/healthz").status_code == 200


def test_the_numbers_tell_of_stages_outcomes_errors_and_the_queue(client: TestClient) -> None:
    for question in (ANSWERED, REFUSED, ""):
        ask(client, question)
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'dongxihu_questions_total{outcome="answered"}',
        'dongxihu_questions_total{outcome="refused"}',
        'dongxihu_questions_total{outcome="invalid"}',
        'dongxihu_http_requests_total{route="/api/answer",status="200"}',
        'dongxihu_stage_seconds_bucket{le="0.1",stage="',
        "dongxihu_question_seconds_count",
        "dongxihu_queue 0.0",
    ):
        assert line in response.text
    assert ANSWERED not in response.text


def test_it_is_ready_when_warm_and_no_longer_once_it_closes(folder: Path) -> None:
    with app_client(folder) as (client, service):
        assert client.get("/readyz").status_code == 200
        assert client.portal is not None
        client.portal.call(service.close)
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        response = ask(client, ANSWERED)
        assert "正在停止" in problem_of(response, 503)
        assert response.headers["retry-after"]


@pytest.mark.parametrize(
    "path",
    [
        "file=/etc/passwd",
        "file=http://example.com/x.png",
        "proxy=http://example.com/",
        "component_server",
        "process_recording",
        "upload",
        "deep_link",
        "call/nope",
        "call/v2/answer",
        "call/answer/x/y",
    ],
)
@pytest.mark.parametrize("page", ["", "/en"])
def test_gradio_opens_no_door_of_its_own(client: TestClient, page: str, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, f"{page}/gradio_api/{path}").status_code == 404


def test_no_file_of_the_machine_comes_in_through_a_gradio_event(client: TestClient) -> None:
    folder = Path(tempfile.gettempdir(), "gradio")
    before = set(folder.rglob("passwd"))
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    for number in range(6):
        asked = {"fn_index": number, "session_hash": "s", "data": [file, file]}
        client.post("/gradio_api/queue/join", json=asked)
    assert set(folder.rglob("passwd")) == before


LONG = "a" * 5000  # more than a file's name may have
NO_FUNCTION = '{"data": ["q"], "session_hash": "s", "fn_index": %s}'


@pytest.mark.parametrize("page", ["", "/en"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/assets/{LONG}", 404),
        (f"/static/{LONG}", 404),
        ("/assets/..%2f..%2fx", 403),
        ("/static/img", 403),
        ("/nothing", 404),
        ("/?page=x", 404),
        ("/gradio_api/call/answer/x", 404),
        ("/gradio_api/queue/data", 400),
    ],
)
def test_what_gradio_does_not_have_is_told_as_we_tell_it(
    client: TestClient, capfd: pytest.CaptureFixture[str], page: str, path: str, status: int
) -> None:
    problem_of(client.get(f"{page}{path}"), status)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *((path, '"\\ud800"') for path in ("call/answer", "queue/join", "reset", "cancel")),
        *((path, "{") for path in ("call/answer", "queue/join", "reset", "cancel")),
        *(("queue/join", NO_FUNCTION % number) for number in (99, -1, 10**30)),
        ("queue/join", '{"data": ["q"]}'),
        ("call/answer", '{"data": "q"}'),
    ],
)
def test_what_gradio_cannot_read_is_told_as_we_tell_it(
    client: TestClient, capfd: pytest.CaptureFixture[str], path: str, body: str
) -> None:
    headers = {"Content-Type": "application/json"}
    problem_of(client.post(f"/gradio_api/{path}", content=body, headers=headers), 400)
    assert "Traceback" not in capfd.readouterr().err


FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "question：缺少这一项"),
        ([123], "question：要写一段文字"),
        ([None, None], "question：要写一段文字"),
        ([FILE, None], "question：要写一段文字"),
        (["\ud800", None], "question：有不成对的代理字符"),
        (["问" * 5000, None], "question：太长"),
        ([" ", None], "问题是空的"),
        (["q", [123]], "history.0"),
        (["q", [["a"]]], "history.0"),
        (["q", "a"], "history：要写一个列表"),
        (["q", FILE], "history：要写一个列表"),
        (["q", ["a"] * 21], "history：太多"),
    ],
)
def test_gradios_endpoint_tells_in_words_what_is_wrong(
    client: TestClient,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    given: list[Any],
    told: str,
) -> None:
    kind, said = through_gradio(client, given)
    assert kind == "error"
    assert told in said["error"]
    assert "Traceback" not in capfd.readouterr().err
    assert "a question failed" not in caplog.text


def test_gradios_endpoint_takes_what_the_api_takes(client: TestClient) -> None:
    assert through_gradio(client, [ANSWERED])[1][0]["text"] == "25个"
    for history in ([ANSWERED], [[ANSWERED, "25个"]]):
        kind, (found,) = through_gradio(client, ["那电梯呢？", history])
        assert (kind, found["text"]) == ("complete", "20部")


def through_gradio(client: TestClient, given: list[Any]) -> tuple[str, Any]:
    """How Gradio's endpoint ends, and with what."""
    body = json.dumps({"data": given})
    headers = {"Content-Type": "application/json"}
    begun = client.post("/gradio_api/call/answer", content=body, headers=headers)
    event = f"/gradio_api/call/answer/{begun.json()['event_id']}"
    kind, data = client.get(event).text.split("\n")[:2]
    problem_of(client.get(event), 404)  # it has been told
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_stream_that_breaks_off_is_ended(
    client: TestClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/gradio_api/queue/data?session_hash=gone")
    assert json.loads(response.text.removeprefix("data: "))["session_not_found"]
    assert "Traceback" not in capfd.readouterr().err + caplog.text
    (logged,) = [one for one in caplog.records if one.message == "a mounted app broke off"]
    assert "response already started" in vars(logged)["why"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("POST", "/nothing", 404),
        ("GET", "/en/nothing", 404),
        ("GET", "/mcp/nothing", 404),
        ("GET", "/site/nothing", 404),
        ("GET", "/source", 404),
        ("GET", "/docs/nothing", 404),
        ("POST", "/healthz", 404),
        ("POST", "/openapi.json", 405),
        ("PUT", "/", 405),
        ("POST", "/login/", 400),
        ("GET", "/source/x?start=1000000000", 422),
        ("GET", "/source/x?end=1000000000", 422),
    ],
)
def test_every_address_tells_of_a_problem_in_one_form(
    client: TestClient, method: str, path: str, status: int
) -> None:
    problem_of(client.request(method, path), status)


VERDICT = {"key": "unknown", "question": ANSWERED, "verdict": "right"}


def test_a_verdict_is_on_what_was_answered_here(client: TestClient, folder: Path) -> None:
    before = Feedback(folder).count()
    forged = client.post("/page/feedback", json={**VERDICT, "visit": "made up"})
    assert "已过期" in problem_of(forged, 404)
    assert Feedback(folder).count() == before
    text = "某镇报告\n\n2023年，某镇新建了37座桥。\n".encode()
    lines = client.post("/page/documents?name=a.txt", content=text).text.splitlines()
    visit = json.loads(lines[-1])["visit"]
    asked = {"question": "某镇新建了多少座桥？", "visit": visit}
    key = client.post("/page/turn", json=asked).json()["key"]
    for known in ({"key": "forgotten", "visit": visit}, {"key": key, "visit": "forgotten"}):
        assert client.post("/page/feedback", json={**VERDICT, **known}).status_code == 204
    assert Feedback(folder).count() == before + 2
    assert {line["said"] for line in [*Feedback(folder).export()][-2:]} == {""}


@pytest.mark.parametrize("path", ["/page/feedback", "/api/feedback"])
def test_one_address_gives_some_verdicts_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(admission, "VERDICTS_A_MINUTE", 2)
    given = dict(VERDICT)
    if path == "/api/feedback":
        del given["key"]
    with app_client(tmp_path) as (client, _):
        answers = [client.post(path, json=given) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [204, 204, 429]
        assert "太频繁" in problem_of(answers[-1], 429)
        assert int(answers[-1].headers["retry-after"]) > 1
        assert ask(client, ANSWERED).status_code == 200
    assert Feedback(tmp_path).count() == 2


def test_what_came_through_a_proxy_is_not_taken_for_this_computer(client: TestClient) -> None:
    through = client.get("/api/documents", headers={"X-Forwarded-For": "203.0.113.9"})
    assert through.status_code == 403
    assert "dongxihu token" in through.json()["detail"]


def test_the_page_asks_for_turns_and_for_what_to_ask_next(client: TestClient) -> None:
    asked = {"question": ANSWERED, "lang": "en"}
    turn = client.post("/page/turn", json=asked).json()
    assert "25个" in turn["html"]
    assert "Where it says so" in turn["html"]
    assert not turn["leans"]
    followed = {"question": "那电梯呢？", "history": [[ANSWERED, "25个"]]}
    second = client.post("/page/turn", json=followed).json()
    assert "20部" in second["html"]
    assert second["leans"]
    cited = second["answer"]["citations"][0]
    place = {"document_id": cited["document_id"], "at": cited["start"]}
    place |= {"answered": True, "asked": [ANSWERED]}
    offered = client.post("/page/suggestions", json=place).text
    assert offered.count("data-ask=") == 3
    assert ANSWERED not in offered
    assert client.post("/page/turn", json={**asked, "question": " "}).status_code == 400
    assert client.post("/page/turn", json={**asked, "visit": "gone"}).status_code == 404
    assert client.get("/page/documents/gone").status_code == 404


def test_rows_of_which_nothing_is_known_come_last_either_way(client: TestClient) -> None:
    for descending in (False, True):
        query = {"sort": "status", "descending": descending, "limit": 200}
        found = [row["status"] for row in client.get("/api/figures", params=query).json()["items"]]
        known = [status for status in found if status]
        assert found[: len(known)] == sorted(known, reverse=descending)
        assert "" in found


def test_a_year_is_one_that_can_be(client: TestClient) -> None:
    for year in ("99999999999999999999", "0"):
        assert "query.year" in problem_of(client.get(f"/api/figures?year={year}"), 422)


def test_feedback_is_about_what_was_asked_within(client: TestClient, folder: Path) -> None:
    for date, said in (("2024", ANSWERED), ("1999", ANSWERED)):
        given = {"question": said, "verdict": "right", "note": date, "where": {"date": date}}
        assert client.post("/api/feedback", json=given).status_code == 204
    first, second = list(Feedback(folder).export())[-2:]
    within = ask(client, ANSWERED, where={"date": "1999"}).json()
    assert second["said"] == within["text"] != "25个"
    assert first["said"] == ask(client, ANSWERED, where={"date": "2024"}).json()["text"]


@pytest.mark.parametrize(
    "error",
    [
        StoreError("向量服务 http://user:password@store:8000 没有回应"),
        DamagedIndexError("/srv/data/current 不见了"),
        OSError(5, "Input/output error", "/srv/data/current"),
    ],
)
@pytest.mark.parametrize("face", ["/api/answer", "/v1/chat/completions"])
def test_how_the_server_is_set_up_is_told_in_the_log_alone(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    face: str,
) -> None:
    def break_down(*arguments: object, **named: object) -> None:
        raise error

    monkeypatch.setattr(service_module, "answer_over", break_down)
    body: dict[str, Any] = {"question": ANSWERED}
    if face != "/api/answer":
        messages = [{"role": "user", "content": ANSWERED}]
        body = {"model": "dongxihu-qa", "messages": messages}
    response = client.post(face, json=body)
    assert problem_of(response, 503) == "索引暂时用不了，请稍后再试；运维人员可看服务器日志"
    assert response.headers["retry-after"]
    (logged,) = [one for one in caplog.records if one.message == "the index cannot be used"]
    told = str(vars(logged)["why"])
    assert "password@store" in told or "/srv/data" in told


def test_an_upload_finds_no_place_where_too_many_are_on_their_way(folder: Path) -> None:
    with app_client(folder, queue=0) as (client, service):
        assert client.portal is not None
        place = service.receiving.take()
        client.portal.call(place.__enter__)
        response = client.post("/page/documents?name=a.txt", content=b"x")
        assert "上传的文档太多" in problem_of(response, 429)
        assert response.headers["retry-after"]
        client.portal.call(place.__exit__, None, None, None)
        text = "某镇报告\n\n2023年，某镇新建了37座桥。\n".encode()
        for _ in range(2):  # the place is free again
            lines = client.post("/page/documents?name=a.txt", content=text).text.splitlines()
            visit = json.loads(lines[-1])["visit"]
            assert client.get(f"/page/documents/{visit}").json() == ["a.txt"]


def test_nothing_is_asked_before_the_index_is_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app_client(folder) as (client, service):
        monkeypatch.setattr(service, "_warm", False)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        response = ask(client, ANSWERED)
        assert "正在启动" in problem_of(response, 503)
        assert response.headers["retry-after"]
