"""Who may come in: tokens, the operator's password, sessions, and what is open to whom."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from serving import app_client, program
from ui.cli import main
from ui.failures import AccessError
from ui.guard import admission
from ui.guard.access import FILE, Access
from ui.guard.admission import is_loopback

ADDRESS = "https://qa.example"
PASSWORD = "correct horse battery"
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("access")


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[TestClient]:
    """A service on an address that others can reach."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(admission, "LOGINS_A_MINUTE", 1000)
            client, _ = stack.enter_context(app_client(folder, ADDRESS))
        yield client


@pytest.fixture
def access(folder: Path) -> Access:
    (folder / FILE).unlink(missing_ok=True)
    access = Access(folder)
    access.set_password(PASSWORD)
    return access


@pytest.fixture
def client(shared: TestClient) -> TestClient:
    """The service for a browser that has no cookie yet."""
    shared.cookies.clear()
    return shared


def with_token(client: TestClient, token: str) -> Response:
    return client.get("/api/documents", headers={"Authorization": f"Bearer {token}"})


def log_in(client: TestClient, secret: str, next: str = "/") -> Response:
    return client.post("/login", params={"next": next}, data={"secret": secret})


def test_a_token_opens_the_api_until_it_is_revoked(client: TestClient, access: Access) -> None:
    token = access.create_token("小王")
    response = client.get("/api/documents")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert "Authorization: Bearer" in response.json()["detail"]
    assert with_token(client, token).status_code == 200
    assert with_token(client, "wrong").status_code == 401
    access.revoke_token("小王")  # the last one; that opens nothing
    assert with_token(client, token).status_code == 401


@pytest.mark.parametrize(
    "path", ["/v1/models", "/mcp", "/metrics", "/openapi.json", "/docs", "/config"]
)
def test_without_a_token_nothing_is_told(client: TestClient, access: Access, path: str) -> None:
    access.create_token("小王")
    assert client.get(path).status_code == 401
    assert client.post(path, json={}).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login", "/site/page.css"])
def test_what_a_stranger_needs_is_open(client: TestClient, access: Access, path: str) -> None:
    access.create_token("小王")
    assert client.get(path).status_code == 200


def test_a_browser_logs_in_with_its_token_and_comes_back(
    client: TestClient, access: Access
) -> None:
    token = access.create_token("小王")
    sent = client.get("/?q=电梯", headers=PAGE)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith("/login?next=%2F%3Fq%3D")
    wrong = client.post(sent.headers["location"], data={"secret": "wrong"})
    assert wrong.status_code == 401
    assert "不对" in wrong.text
    entered = client.post(sent.headers["location"], data={"secret": token})
    assert entered.status_code == 303
    assert entered.headers["location"].startswith("/?q=%")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie
    assert client.get("/", headers=PAGE).status_code == 200
    assert client.get("/api/documents").status_code == 200
    assert client.get("/operator/", headers=PAGE).status_code == 303
    client.post("/logout")
    assert client.get("/", headers=PAGE).status_code == 303


@pytest.mark.parametrize("kind", ["data", "files", "content"])
def test_what_cannot_be_a_secret_is_told_on_the_page(
    client: TestClient, access: Access, kind: str
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"} if kind == "content" else {}
    sent: dict[str, Any] = {
        "data": {"secret": "x" * 501},
        "files": {"secret": b"x"},
        "content": b"no form",
    }
    response = client.post("/login", headers=headers, **{kind: sent[kind]})
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("text/html")
    assert "令牌或密码不对" in response.text


def test_a_page_to_come_back_to_may_have_any_length(client: TestClient, access: Access) -> None:
    far = f"/{'a' * 5000}"
    assert client.get("/login", params={"next": far}).status_code == 200
    assert log_in(client, access.create_token("小王"), far).headers["location"] == far


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_logging_in_leads_nowhere_else(client: TestClient, access: Access, next: str) -> None:
    assert log_in(client, access.create_token("小王"), next).headers["location"] == "/"


def test_a_session_ends_with_the_token_it_was_opened_with(
    client: TestClient, access: Access
) -> None:
    log_in(client, access.create_token("小王"))
    assert client.get("/api/documents").status_code == 200
    access.revoke_token("小王")
    assert client.get("/api/documents").status_code == 401


def test_the_operator_has_a_password_and_a_changed_one_ends_the_session(
    client: TestClient, access: Access
) -> None:
    access.create_token("小王")
    assert client.get("/operator/").status_code == 401
    log_in(client, PASSWORD)
    assert client.get("/operator/", headers=PAGE).status_code == 200
    access.set_password("another long one")
    assert client.get("/operator/").status_code == 401


def test_without_tokens_the_operator_still_logs_in(client: TestClient, access: Access) -> None:
    with app_client(access.file.parent, public=True) as (local, _):
        assert local.get("/api/documents").status_code == 200
        for path in ("/operator", "/operator/", "/operator/en/", "/operator/config"):
            assert local.get(path).status_code == 401
        sent = local.get("/operator/", headers=PAGE)
        assert sent.headers["location"] == "/login?next=%2Foperator%2F"
        assert local.get("/operatorial", headers=PAGE).status_code == 404


def test_logging_in_is_tried_ten_times_a_minute(folder: Path, access: Access) -> None:
    with app_client(folder, ADDRESS) as (client, _):
        tries = [log_in(client, f"wrong {number}") for number in range(11)]
        assert [tried.status_code for tried in tries] == [401] * 10 + [429]
        assert int(tries[-1].headers["retry-after"]) > 1
        assert log_in(client, PASSWORD).status_code == 429


def test_only_hashes_are_kept_and_for_the_owners_eyes(access: Access, folder: Path) -> None:
    token = access.create_token("小王")
    kept = (folder / FILE).read_text("utf-8")
    assert token not in kept
    assert PASSWORD not in kept
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_what_cannot_be_made_is_told_why(access: Access) -> None:
    access.create_token("小王")
    for wrong in ("小王", ""):
        with pytest.raises(AccessError, match="另取一个"):
            access.create_token(wrong)
    with pytest.raises(AccessError, match="现有：小王"):
        access.revoke_token("小李")
    with pytest.raises(AccessError, match="至少 8 个字符"):
        access.set_password("short")


def test_nobody_comes_in_while_it_cannot_be_told_who_may(
    client: TestClient, access: Access, folder: Path
) -> None:
    token = access.create_token("小王")
    (folder / FILE).write_text("not json", "utf-8")
    response = with_token(client, token)
    assert response.status_code == 503
    assert "损坏" in response.json()["detail"]
    assert client.get("/api/documents").status_code == 401
    assert client.get("/healthz").status_code == 200


def test_tokens_and_the_password_are_made_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DONGXIHU_HOME", str(tmp_path))
    assert main(["token", "小王"]) == 0
    token = capsys.readouterr().out.strip()
    access = Access(tmp_path)
    assert access.owner_of(token) == "小王"
    assert main(["token", "小王"]) == 2
    assert "另取一个" in capsys.readouterr().err
    assert main(["token", "小王", "--revoke"]) == 0
    assert not access.needed
    assert main(["password", "--secret", PASSWORD]) == 0
    grant = access.grant_of(PASSWORD)
    assert grant is not None
    assert grant.role == "operator"


def test_an_open_address_needs_a_token_or_the_word_public(tmp_path: Path) -> None:
    environment = {"DONGXIHU_HOME": str(tmp_path), "PATH": "", "PYTHONUTF8": "1"}
    result = subprocess.run(
        program("serve", "--host", "0.0.0.0", "--port", "0"),  # noqa: S104
        capture_output=True,
        encoding="utf-8",
        env=environment,
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "dongxihu token" in result.stderr
    assert "--public" in result.stderr


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps([]), "utf-8")
    with pytest.raises(AccessError, match=FILE):
        Access(tmp_path).create_token("小王")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]:7860", True),
        ("localhost:7860", True),
        ("0.0.0.0", False),  # noqa: S104 - what is refused without a token
        ("::", False),
        ("example.com", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_computer(host: str, local: bool) -> None:
    assert is_loopback(host) is local
