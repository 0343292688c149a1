"""The server behind a real nginx, by the configuration in the docs, and what it believes of one."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from gradio_client import Client as GradioClient  # type: ignore[import-untyped]
from mcp import Client as McpClient
from playwright.sync_api import BrowserContext, expect, sync_playwright
from starlette.testclient import TestClient

from gated import Gate, gated
from serving import Server, app_client
from ui.failures import SettingsError
from ui.guard.access import Access
from ui.guard.admission import COOKIE, UNFINISHED_OF_ONE
from ui.settings import Settings, load_settings
from waiting import PATIENCE, until

ROOT = Path(__file__).parent.parent
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
CHROMIUM = shutil.which("chromium")
HOST = "qa.example"  # as in the docs
PROXY = "127.0.0.1"
STRANGER = "127.0.0.9"
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
PAGE = {"Accept": "text/html"}
ANSWERED = "2024年改造了多少个小区？"
BRIDGES = "2023年甲镇新建了多少座桥？"
PASSWORD = "correct horse battery"

# What Debian's nginx.conf puts around a site, without what needs root.
AROUND = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {sites}
}}
"""


@dataclass
class Proxied:
    """A server behind nginx: on one port /qa is taken away, on the other it is kept."""

    server: Server
    gate: Gate
    strips: int
    keeps: int

    @property
    def address(self) -> str:
        """Where programs on this machine find it."""
        return f"https://127.0.0.1:{self.strips}/qa"

    def client(self, source: str = "") -> httpx2.Client:
        """A program that comes from an address of this machine, through the port that strips."""
        transport = httpx2.HTTPTransport(local_address=source or None)
        return httpx2.Client(base_url=self.address, transport=transport, timeout=PATIENCE)


@pytest.fixture(scope="module")
def proxied(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    if NGINX is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing; .ci/run installs it")
        pytest.skip("nginx is missing: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("proxy")
    Access(home).set_password(PASSWORD)
    options = ("--root-path", "/qa")
    trusting = {"trusted_proxies": PROXY, "rate": "100000"}
    with ExitStack() as stack:
        server, gate = stack.enter_context(gated(home, folder, *options, **trusting))
        certify(folder)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
        ports = stack.enter_context(nginx(folder, server))
        yield Proxied(server, gate, *ports)


def certify(folder: Path) -> None:
    """Make a certificate of the docs' host and this machine, that nobody has signed."""
    names = f"subjectAltName=DNS:{HOST},IP:127.0.0.1"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj /"
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    subprocess.run([*command.split(), "-addext", names, *files], check=True, capture_output=True)


@contextmanager
def nginx(folder: Path, server: Server) -> Iterator[tuple[int, int]]:
    """The site of the docs in front of a server, and once more without its last slash."""
    strips, keeps = free_ports(2)
    docs = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    site = exchange(docs, "http://127.0.0.1:7860/;", f"{server.address}/;")
    site = exchange(site, "/etc/ssl/certs/qa.example.pem", f"{folder}/cert.pem")
    site = exchange(site, "/etc/ssl/private/qa.example.key", f"{folder}/key.pem")
    sites = exchange(site, "listen 443", f"listen 127.0.0.1:{strips}")
    kept = exchange(site, f"{server.address}/;", f"{server.address};")
    sites += exchange(kept, "listen 443", f"listen 127.0.0.1:{keeps}")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, sites=sites), "utf-8")
    assert NGINX is not None
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "said").open("wb") as said, subprocess.Popen(command, stderr=said) as process:
        try:
            until(lambda: listens(strips) and listens(keeps))
            yield strips, keeps
        finally:
            process.terminate()


def exchange(text: str, old: str, new: str) -> str:
    """A text with what stands in it once exchanged."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        for listener in listeners:
            stack.enter_context(listener)
        return [listener.getsockname()[1] for listener in listeners]


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def browser(proxied: Proxied) -> Iterator[BrowserContext]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing; .ci/run installs it")
        pytest.skip("chromium is missing: apt-get install chromium fonts-noto-cjk")
    flags = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    milliseconds = 1000 * PATIENCE
    expect.set_options(timeout=milliseconds)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=flags, timeout=milliseconds
        )
        with chromium.new_context(locale="zh-CN", ignore_https_errors=True) as context:
            context.set_default_timeout(milliseconds)
            yield context
        chromium.close()


@pytest.mark.parametrize("kind", ["strips", "keeps"])
def test_the_page_works_under_a_path(
    proxied: Proxied, browser: BrowserContext, kind: str, tmp_path: Path
) -> None:
    there = f"https://{HOST}:{getattr(proxied, kind)}/qa/"
    with browser.new_page() as page:
        requested: list[str] = []
        problems: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.on("console", lambda said: problems.append(f"{said.type} {said.text} {said.location}"))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{there}?q={ANSWERED}")
        expect(page.locator(".reply:not(.pending)")).to_contain_text("25个")
        page.locator(".marker").first.click()
        expect(page.locator("#source-body mark").first).to_be_visible()
        pictures = Path(os.environ.get("DONGXIHU_PICTURES") or tmp_path)
        page.screenshot(path=pictures / f"proxy-{kind}.png")
        with page.expect_popup() as opened:
            page.locator("#alone").click()
        expect(opened.value.locator("mark").first).to_contain_text("完成25个小区更新改造")
        assert opened.value.url.startswith(f"{there}source/")
        bridges = tmp_path / "桥.txt"
        bridges.write_text("甲镇2023年新建了37座桥。", "utf-8")
        page.locator("#file").set_input_files(bridges)
        expect(page.locator("#brought")).to_contain_text("桥.txt")
        expect(page.locator("#brought")).to_contain_text("正在问")
        page.locator("#question").fill(BRIDGES)
        page.keyboard.press("Enter")
        expect(page.locator(".reply:not(.pending)").last).to_contain_text("37座")
        page.locator("a.language").click()
        expect(page.locator("a.language")).to_have_text("中文")
        assert page.url.startswith(f"{there}en/")
        assert not [address for address in requested if not address.startswith(there)]
        # A browser looks at the host itself for an icon before Gradio has told it ours.
        assert not [one for one in problems if "/favicon.ico" not in one]


def test_the_operator_logs_in_and_out(proxied: Proxied, browser: BrowserContext) -> None:
    there = f"https://{HOST}:{proxied.strips}/qa"

    def sessions() -> list[Any]:
        return [one for one in browser.cookies() if one["name"] == COOKIE]

    with browser.new_page() as page:
        page.goto(f"{there}/operator")
        assert page.url == f"{there}/login?next=%2Foperator"
        page.locator("#secret").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("form[action='/qa/logout']")).to_be_visible()
        assert page.url == f"{there}/operator/"
        assert [(one["path"], one["secure"]) for one in sessions()] == [("/qa/", True)]
        page.locator("form[action='/qa/logout'] button").click()
        expect(page.locator("#secret")).to_be_visible()
        assert page.url == f"{there}/login"
        assert not sessions()


def test_programs_ask_through_it(proxied: Proxied, tmp_path: Path) -> None:
    with proxied.client() as client:
        asked = client.post("/api/answer", json={"question": ANSWERED})
        assert asked.json()["text"] == "25个"
        assert client.get("/openapi.json").json()["servers"] == [{"url": "/qa"}]
        assert client.get("/api/nothing").json()["detail"].startswith("没有这个地址")
    url = f"{proxied.address}/v1"
    with openai.OpenAI(base_url=url, api_key="none", max_retries=0) as chat:
        chunks = chat.chat.completions.create(
            model="dongxihu-qa", messages=[{"role": "user", "content": ANSWERED}], stream=True
        )
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert said.startswith("25个")

    async def use_mcp() -> Any:
        async with McpClient(f"{proxied.address}/mcp") as agent:
            return await agent.call_tool("answer", {"question": ANSWERED})

    assert asyncio.run(use_mcp()).structured_content["text"] == "25个"
    gradio = GradioClient(
        proxied.address, verbose=False, download_files=tmp_path, httpx_kwargs={"timeout": PATIENCE}
    )
    try:
        assert gradio.predict(ANSWERED, api_name="/answer")["text"] == "25个"
    finally:
        gradio.close()


def test_what_is_told_bit_by_bit_is_not_held_back(proxied: Proxied) -> None:
    proxied.gate.close()
    document = "甲镇2023年新建了37座桥。".encode()
    with (
        proxied.client() as client,
        client.stream(
            "POST", "/page/documents", params={"name": "桥.txt"}, content=document
        ) as reply,
    ):
        lines = reply.iter_lines()
        assert json.loads(next(lines)) == {"percent": 0}
        proxied.gate.open()
        assert "visit" in [json.loads(line) for line in lines][-1]


def test_a_document_that_is_too_large_is_told_in_words(proxied: Proxied) -> None:
    with proxied.client() as client:
        whole = b"a" * (Settings().upload_kb * 1024 + 1)
        refused = client.post("/page/documents", params={"name": "a.txt"}, content=whole)
    assert refused.status_code == 413
    assert "请求超过" in refused.json()["detail"]


def test_the_page_of_another_port_or_host_is_another_site(proxied: Proxied) -> None:
    host = f"{HOST}:{proxied.strips}"
    asked = {"question": ANSWERED}
    with proxied.client() as client:
        for origin, status in (
            (f"https://{host}", 200),
            (f"https://{HOST}", 403),
            (f"https://{HOST}:{proxied.keeps}", 403),
            (proxied.server.address, 403),
            ("https://evil.example", 403),
        ):
            headers = {"Host": host, "Origin": origin, "X-Forwarded-Host": "evil.example"}
            reply = client.post("/api/answer", json=asked, headers=headers)
            assert reply.status_code == status, origin


def test_each_client_has_tries_of_its_own_whatever_it_says_of_itself(proxied: Proxied) -> None:
    with proxied.client("127.0.0.5") as one, proxied.client("127.0.0.6") as other:
        for number in range(10):
            said = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
            assert one.post("/login", data={"secret": "no"}, headers=said).status_code == 401
        said = {"X-Forwarded-For": "203.0.113.99"}
        assert one.post("/login", data={"secret": "no"}, headers=said).status_code == 429
        assert other.post("/login", data={"secret": "no"}).status_code == 401


def test_the_clients_of_a_proxy_do_not_crowd_each_other_out(proxied: Proxied) -> None:
    port = int(proxied.server.address.rpartition(":")[2])
    body = json.dumps({"question": ANSWERED}).encode()
    with ExitStack() as stack:

        def begin(client: str) -> socket.socket:
            head = (
                "POST /api/answer HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nX-Forwarded-For: {client}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            made = stack.enter_context(socket.create_connection((PROXY, port), timeout=PATIENCE))
            made.sendall(head.encode() + body[:5])
            return made

        first = begin("198.51.100.1")
        for number in range(UNFINISHED_OF_ONE + 1):
            begin(f"203.0.113.{number}")
        httpx2.get(f"{proxied.server.address}/healthz", timeout=PATIENCE)  # all are taken now
        first.sendall(body[5:])
        assert first.recv(100).startswith(b"HTTP/1.1 200")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server of this computer alone that knows a proxy, and its clients that come through it."""
    folder = tmp_path_factory.mktemp("here")
    Access(folder).set_password(PASSWORD)
    told: dict[str, Any] = {"root_path": "/qa", "trusted_proxies": f"{PROXY}, 10.0.0.0/8"}
    with app_client(folder, rate=3, **told) as (client, _):
        yield client


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server that is open to everybody, and knows no proxy."""
    folder = tmp_path_factory.mktemp("public")
    Access(folder).set_password(PASSWORD)
    with app_client(folder, f"http://{HOST}", public=True) as (client, _):
        yield client


def coming(client: TestClient, address: str, host: str = HOST) -> TestClient:
    """A client of the same server that connects from an address."""
    return TestClient(
        client.app,
        f"http://{host}",
        client=(address, 40000),
        raise_server_exceptions=False,
        follow_redirects=False,
    )


def test_a_proxy_that_is_named_may_bring_others_to_a_local_server(here: TestClient) -> None:
    through = coming(here, "10.1.2.3").get("/api/documents", headers=FORWARDED)
    assert through.status_code == 200


def test_what_comes_another_way_is_refused_by_a_local_server(here: TestClient) -> None:
    unknown = coming(here, STRANGER).get("/healthz", headers=FORWARDED)
    assert unknown.status_code == 403
    for said in ("trusted_proxies", "DONGXIHU_SERVER_TRUSTED_PROXIES=", "dongxihu token"):
        assert said in unknown.json()["detail"]
    silent = coming(here, PROXY).get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert silent.status_code == 403
    assert "X-Forwarded-For" in silent.json()["detail"]
    direct = coming(here, PROXY).get("/healthz")  # a name of its own for this computer
    assert direct.status_code == 403
    assert "本机" in direct.json()["detail"]
    assert coming(here, PROXY, "127.0.0.1").get("/healthz").status_code == 200


def test_everybody_may_come_through_any_proxy_to_a_public_server(public: TestClient) -> None:
    assert coming(public, STRANGER).get("/api/documents", headers=FORWARDED).status_code == 200


def test_the_rate_is_that_of_the_client_behind_the_proxy(here: TestClient) -> None:
    proxy = coming(here, PROXY)
    statuses = [
        proxy.get("/api/documents", headers={"X-Forwarded-For": client}).status_code
        for client in ("198.51.100.1",) * 4 + ("198.51.100.2",)
    ]
    assert statuses == [200, 200, 200, 429, 200]


def test_the_host_and_scheme_are_those_a_named_proxy_tells(here: TestClient) -> None:
    proxy = coming(here, PROXY, "backend:7860")  # a proxy that puts its own name for the server
    told = {**FORWARDED, "X-Forwarded-Host": f"{HOST}:8443"}
    asked = {"secret": PASSWORD}
    entered = proxy.post("/login", data=asked, headers={**told, "Origin": f"https://{HOST}:8443"})
    assert entered.status_code == 303
    assert "secure" in entered.headers["set-cookie"].lower()
    other = proxy.post("/login", data=asked, headers={**told, "Origin": "http://backend:7860"})
    assert other.status_code == 403
    assert proxy.get("/config", headers=told).json()["root"] == f"https://{HOST}:8443/qa"


def test_nobody_else_is_believed(public: TestClient) -> None:
    told = {**FORWARDED, "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    entered = public.post("/login", data={"secret": PASSWORD}, headers=told)
    assert entered.status_code == 303
    assert "secure" not in entered.headers["set-cookie"].lower()
    evil = {**told, "Origin": "https://evil.example"}
    assert public.post("/login", data={"secret": PASSWORD}, headers=evil).status_code == 403
    assert public.get("/config", headers=told).json()["root"] == f"http://{HOST}"


@pytest.mark.parametrize("before", ["", "/qa"])
def test_whatever_leads_elsewhere_leads_to_the_path(here: TestClient, before: str) -> None:
    client = coming(here, PROXY, "127.0.0.1")

    def led(path: str, **headers: str) -> str:
        return str(client.get(path, headers={**PAGE, **headers}).headers["location"])

    assert led("/qa?q=电梯").startswith("/qa/?q=%E7")
    assert led("/qa") == "/qa/"
    assert led(f"{before}/en?q=a") == "/qa/en/?q=a"
    assert led(f"{before}/?q=a", **{"Accept-Language": "en"}) == "/qa/en/?q=a"
    assert led(f"{before}/operator/") == "/qa/login?next=%2Foperator%2F"
    entered = client.post(f"{before}/login?next=%2Foperator%2F", data={"secret": PASSWORD})
    assert entered.headers["location"] == "/qa/operator/"
    assert "path=/qa/;" in entered.headers["set-cookie"].lower()
    left = client.post(f"{before}/logout")
    assert left.headers["location"] == "/qa/login"
    assert "path=/qa/;" in left.headers["set-cookie"].lower()
    assert client.get("/qaz").status_code == 404


def test_the_settings_are_told_in_the_ways_people_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for told in ("qa", "/qa", "/qa/"):
        assert load_settings(tmp_path, root_path=told).root_path == "/qa"
    assert load_settings(tmp_path, root_path="/").root_path == ""
    (tmp_path / "server.toml").write_text('trusted_proxies = ["10.0.0.0/8", "::1"]\n', "utf-8")
    assert [str(one) for one in load_settings(tmp_path).trusted_proxies] == [
        "10.0.0.0/8",
        "::1/128",
    ]
    monkeypatch.setenv("DONGXIHU_SERVER_TRUSTED_PROXIES", "127.0.0.1, 192.168.0.0/16")
    assert len(load_settings(tmp_path).trusted_proxies) == 2
    monkeypatch.setenv("DONGXIHU_SERVER_TRUSTED_PROXIES", "localhost")
    with pytest.raises(SettingsError, match="trusted_proxies"):
        load_settings(tmp_path)
    monkeypatch.delenv("DONGXIHU_SERVER_TRUSTED_PROXIES")
    for wrong in ("/a b", "/问答", "/a//b", "/..", '/"><script>'):
        with pytest.raises(SettingsError, match="root_path"):
            load_settings(tmp_path, root_path=wrong)


def test_a_path_of_the_servers_own_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="/api"),
        app_client(tmp_path, root_path="/api"),
    ):
        pass
