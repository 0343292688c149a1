"""An index that several machines share: its vectors and texts on a Chroma server."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import httpx
import pytest

from corpus import DEFAULT_CORPUS
from fakes import BigramEmbeddings
from index import (
    CurrentIndex,
    Index,
    IndexingError,
    LockedIndexError,
    Selection,
    StaleIndexError,
    StoreError,
    build_index,
    check_index,
    open_index,
    remove_documents,
    repair_index,
    roll_back,
    sync_index,
)
from index.remote import chroma as chroma_module
from index.remote.chroma import ChromaStore, chosen_store
from index.remote.collection import ChromaCollection
from index.remote.versions import TEXTS, VERSIONS, pointer_of, vectors_kind
from serving import app_client, serving
from waiting import PATIENCE, until

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:chromadb")

TOWNS = ("红山镇", "青山镇", "白山镇", "黑山镇", "金山镇", "银山镇")
QUESTIONS = [f"{town}{what}？" for town in TOWNS for what in ("图书馆几点开放", "每人能借几本书")]
NAMES = count()


@dataclass
class Chroma:
    """A server process that can be stopped and started on the same port and data."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        command = [str(program), "run", "--path", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None
        try:
            return bool(httpx.get(f"{self.url}/api/v2/heartbeat").is_success)
        except httpx.TransportError:
            return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    server = Chroma(tmp_path_factory.mktemp("chroma"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(chroma: Chroma, monkeypatch: pytest.MonkeyPatch) -> Chroma:
    """The server, with a name of its own for what a test keeps there."""
    monkeypatch.setenv("DONGXIHU_CHROMA_URL", f"{chroma.url}/")
    monkeypatch.setenv("DONGXIHU_CHROMA_NAME", f"test{next(NAMES)}")
    return chroma


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for hour, town in enumerate(TOWNS, 3):
        write(folder, town, hour)
    return folder


def write(folder: Path, town: str, hour: int) -> Path:
    path = folder / f"{town}.txt"
    path.write_text(
        f"{town}图书馆开放规则\n\n{town}周末开放时间为上午{hour}点到下午五点。\n\n"
        f"{town}每人最多借阅{hour}本图书。\n",
        "utf-8",
    )
    return path


class Counting(BigramEmbeddings):
    """Counts the texts that are embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += len(texts)
        return super().embed_documents(texts)


def scores(index: Index, question: str) -> dict[str, float]:
    # All passages, since of those alike in score either may be the last of fewer.
    return {one.passage.id: one.score for one in index.search(question, 100)}


def found(index: Index) -> dict[str, dict[str, float]]:
    return {question: scores(index, question) for question in QUESTIONS}


def alike(one: dict[str, dict[str, float]], other: dict[str, dict[str, float]]) -> bool:
    return all(other[asked] == pytest.approx(told, abs=1e-4) for asked, told in one.items())


def chosen_store_here() -> ChromaStore:
    store = chosen_store()
    assert store
    return store


def there(kind: str) -> set[str]:
    return {id_ for page in ChromaCollection(chosen_store_here(), kind).pages() for id_ in page}


def vectors_there() -> set[str]:
    return there(vectors_kind(256))


def same(one: Index, other: Index) -> None:
    assert one.document_ids() == other.document_ids()
    assert alike(found(one), found(other))


def test_a_store_finds_what_an_index_on_this_machine_finds(
    pages: Path, tmp_path: Path, store: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = build_index([pages], tmp_path / "shared", BigramEmbeddings())
    with monkeypatch.context() as patch:
        patch.delenv("DONGXIHU_CHROMA_URL")
        own = build_index([pages], tmp_path / "own", BigramEmbeddings())
    same(own, shared)
    assert (
        tmp_path / "shared" / "generations" / shared.generation / "vectors.bin"
    ).stat().st_size == 0
    part = Selection(sources=("白山镇.txt", "黑山镇.txt"))
    same(own.within(part), shared.within(part))
    monkeypatch.setattr("index.remote.vectors.EXACT", 1)  # as for a selection of thousands
    same(own.within(part), shared.within(part))


def test_what_one_machine_changes_another_one_answers(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    build_index([pages], here, BigramEmbeddings())
    other = open_index(there, BigramEmbeddings())
    same(open_index(here, BigramEmbeddings()), other)

    write(pages, "新山镇", 9)  # added
    (pages / "红山镇.txt").unlink()  # removed
    write(pages, "青山镇", 11)  # changed
    sync_index([pages], here, BigramEmbeddings(), prune=True)
    same(open_index(here, BigramEmbeddings()), open_index(there, BigramEmbeddings()))
    texts = "".join(d.text for d in open_index(there, BigramEmbeddings()).documents())
    assert "新山镇" in texts
    assert "上午11点" in texts
    assert "红山镇" not in texts

    # The other machine changes, too: it has what this one indexed.
    remove_documents(["白山镇.txt"], there, BigramEmbeddings())
    renewed = open_index(here, BigramEmbeddings())
    same(open_index(there, BigramEmbeddings()), renewed)
    assert "白山镇.txt" not in {d.source for d in renewed.documents()}

    roll_back(here)
    same(open_index(there, BigramEmbeddings()), open_index(here, BigramEmbeddings()))
    third = open_index(tmp_path / "third", BigramEmbeddings())
    same(open_index(there, BigramEmbeddings()), third)
    assert "白山镇.txt" in {d.source for d in third.documents()}
    with pytest.raises(IndexingError, match="没有更早的索引"):
        roll_back(there)


def test_only_what_is_new_is_embedded_and_what_is_not_used_is_swept(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    home, encoder = tmp_path / "home", Counting()
    first = sync_index([pages], home, encoder)
    assert first.embedded == len(vectors_there()) > 0
    encoder.embedded = 0
    open_index(tmp_path / "other", encoder)
    assert encoder.embedded == 0
    write(pages, "新山镇", 9)
    second = sync_index([pages], tmp_path / "other", encoder)
    assert 0 < second.embedded < first.embedded
    assert len(vectors_there()) == first.embedded + second.embedded
    encoder.embedded = 0
    sync_index([pages], home, encoder)
    assert encoder.embedded == 0, "nothing changed since the other machine published"

    (pages / "红山镇.txt").unlink()
    for hour in (10, 11):  # with the second of these no version is left that had it
        write(pages, "新山镇", hour)
        sync_index([pages], home, encoder, prune=True)
    left = open_index(home, encoder)
    before = there(TEXTS) - {*left.document_ids()}
    assert len(before) == 1, "of the version before"
    keys = {key.hex() for key in left.catalogue.keys_of_rows([*range(100)]).values()}
    assert keys <= vectors_there()
    assert len(vectors_there() - keys) == 2, "of the version before"


def test_an_index_of_this_machine_is_published_without_embedding_again(
    pages: Path, tmp_path: Path, store: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, encoder = tmp_path / "home", Counting()
    with monkeypatch.context() as patch:
        patch.delenv("DONGXIHU_CHROMA_URL")
        build_index([pages], home, encoder)
    with pytest.raises(StoreError, match="dongxihu index"):
        open_index(home, encoder)
    encoder.embedded = 0
    build_index([], home, encoder)
    assert encoder.embedded == 0
    same(open_index(home, encoder), open_index(tmp_path / "other", encoder))
    with monkeypatch.context() as patch:
        patch.delenv("DONGXIHU_CHROMA_URL")
        with pytest.raises(StaleIndexError, match="DONGXIHU_CHROMA_URL"):
            open_index(home, encoder)
        own = build_index([], home, encoder)
    same(own, open_index(tmp_path / "other", encoder))
    with pytest.raises(StoreError, match="本机的索引"):
        open_index(home, encoder)


def _publish_until_killed(pages: Path, home: Path) -> None:
    def wait_for_the_end(*_: object) -> None:
        (home / "sent").touch()
        signal.pause()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.remote.publication.move_pointer", wait_for_the_end)
        sync_index([pages], home, BigramEmbeddings())


def test_a_publish_killed_before_its_end_leaves_the_version_before_it_in_use(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    home, encoder = tmp_path / "home", Counting()
    first = build_index([pages], home, encoder)
    write(pages, "新山镇", 9)
    process = multiprocessing.get_context("spawn").Process(
        target=_publish_until_killed, args=(pages, home), daemon=True
    )
    process.start()
    until((home / "sent").exists)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    same(first, open_index(tmp_path / "other", encoder))
    encoder.embedded = 0
    finished = build_index([pages], home, encoder)
    assert encoder.embedded == 0, "the vectors were sent before the kill"
    assert "新山镇.txt" in {d.source for d in finished.documents()}
    same(finished, open_index(tmp_path / "other", encoder))


def test_a_machine_is_told_that_another_one_was_first(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    build_index([pages], here, BigramEmbeddings())
    open_index(there, BigramEmbeddings())

    class Overtaken(BigramEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            build_index([write(tmp_path, "快山镇", 7)], there, BigramEmbeddings())
            return super().embed_documents(texts)

    slow = write(tmp_path, "慢山镇", 8)
    with pytest.raises(LockedIndexError, match="另一台机器"):
        sync_index([slow], here, Overtaken())
    sync_index([slow], here, BigramEmbeddings())
    sources = {d.source for d in open_index(there, BigramEmbeddings()).documents()}
    assert {"快山镇.txt", "慢山镇.txt"} <= sources
    assert check_index(here) == []


def test_machines_that_begin_together_all_answer(tmp_path: Path, store: Chroma) -> None:
    with ThreadPoolExecutor(3) as pool:
        opened = [*pool.map(lambda n: open_index(tmp_path / n, BigramEmbeddings()), "abc")]
    assert [d.source for d in opened[0].documents()] == [DEFAULT_CORPUS.name]
    for other in opened[1:]:
        same(opened[0], other)


def test_machines_of_one_home_fetch_a_version_once(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    build_index([pages], tmp_path / "first", BigramEmbeddings())
    home = tmp_path / "shared"
    with ThreadPoolExecutor(4) as pool:
        opened = [*pool.map(lambda _: open_index(home, BigramEmbeddings()), range(4))]
    assert len({index.generation for index in opened}) == 1


def test_no_question_fails_while_the_server_is_started_again(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    index = build_index([pages], tmp_path / "home", BigramEmbeddings())
    right = found(index)
    ended = threading.Event()
    answers: list[bool] = []

    def ask(first: int) -> None:
        for number in count(first):
            if ended.is_set():
                return
            question = QUESTIONS[number % len(QUESTIONS)]
            answers.append(scores(index, question) == pytest.approx(right[question], abs=1e-4))

    def more() -> None:
        told = len(answers)
        until(lambda: len(answers) > told + 20)

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask, number) for number in range(8)]
        try:
            for _ in range(2):
                more()
                store.stop()
                store.start()
            more()
        finally:
            ended.set()
        for one in asking:
            one.result()
    assert all(answers)


def test_a_server_that_is_gone_is_named(
    pages: Path, tmp_path: Path, store: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = build_index([pages], tmp_path / "home", BigramEmbeddings())
    monkeypatch.setattr(chroma_module, "PATIENCE", 0.1)
    store.stop()
    try:
        with pytest.raises(StoreError, match=f"{store.url} 没有回应，.*或去掉 DONGXIHU_CHROMA_URL"):
            index.search(QUESTIONS[0], 8)
        with pytest.raises(StoreError, match="没有回应"):
            sync_index([write(tmp_path, "新山镇", 9)], tmp_path / "home", BigramEmbeddings())
    finally:
        store.start()
    assert index.search(QUESTIONS[0], 8)


def test_the_index_in_use_is_renewed_and_outlives_the_server(
    pages: Path,
    tmp_path: Path,
    store: Chroma,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("DONGXIHU_HOME", str(tmp_path / "watched"))
    monkeypatch.setattr("index.store.load_embeddings", lambda name: BigramEmbeddings())
    build_index([pages], tmp_path / "publisher", BigramEmbeddings())
    current, ended = CurrentIndex(), threading.Event()
    first = current.get()

    def tells(hour: int) -> bool:
        return f"上午{hour}点" in current.get().documents()[-1].text

    watching = threading.Thread(target=current.watch, args=(ended, 0.01))
    watching.start()
    try:
        sockets = len([*Path("/proc/self/fd").iterdir()])
        for hour in range(20):
            sync_index([write(pages, "新山镇", hour)], tmp_path / "publisher", BigramEmbeddings())
            until(partial(tells, hour))
        assert len([*Path("/proc/self/fd").iterdir()]) < sockets + 10
        assert current.get() is not first
        last = current.get()
        monkeypatch.setattr(chroma_module, "PATIENCE", 0.1)
        store.stop()
        until(lambda: caplog.messages)
        assert current.get() is last
        store.start()
        sync_index([write(pages, "新山镇", 30)], tmp_path / "publisher", BigramEmbeddings())
        until(partial(tells, 30))
    finally:
        ended.set()
        watching.join()
        if store.process is None:
            store.start()
    assert len([m for m in caplog.messages if "没有回应" in m]) == 1


def test_what_the_server_has_lost_is_found_and_sent_again(
    pages: Path, tmp_path: Path, store: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    index = build_index([pages], home, BigramEmbeddings())
    right = found(index)
    assert check_index(home) == []
    server = chosen_store_here()
    assert not repair_index(home, BigramEmbeddings()).rebuilt
    ChromaCollection(server, vectors_kind(256)).drop([*vectors_there()][:3])
    server.drop(TEXTS)
    (said,) = check_index(home)
    assert "缺 3 段的向量、6 篇的文字" in said
    assert repair_index(home, BigramEmbeddings()).rebuilt
    assert check_index(home) == []
    assert alike(found(open_index(tmp_path / "other", BigramEmbeddings())), right)
    for kind in (TEXTS, VERSIONS, vectors_kind(256)):  # an empty disk in the old one's place
        server.drop(kind)
    assert check_index(home)
    with pytest.raises(StoreError, match="dongxihu index"):
        open_index(home, BigramEmbeddings())
    sync_index([], home, BigramEmbeddings())
    assert alike(found(open_index(tmp_path / "third", BigramEmbeddings())), right)
    place = home / "generations"
    for catalogue in place.glob("*/catalogue.sqlite"):
        catalogue.write_bytes(b"damaged")
    assert check_index(home)
    assert repair_index(home, BigramEmbeddings()).rebuilt
    assert alike(found(open_index(home, BigramEmbeddings())), right)


def test_texts_come_back_as_they_were(tmp_path: Path, store: Chroma) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "long.txt").write_text("某镇报告\n\n" + "2023年，某镇新建了37座桥。\n" * 900, "utf-8")
    (pages / "odd.txt").write_bytes("另一镇报告\n\n另一镇有🌉9座。\0\r\n\f第二页。".encode())
    index = build_index([pages], tmp_path / "home", BigramEmbeddings())
    other = open_index(tmp_path / "other", BigramEmbeddings())
    assert [d.raw for d in other.documents()] == [d.raw for d in index.documents()]
    assert other.documents() == index.documents()


def test_another_encoder_is_refused_until_all_have_it(
    pages: Path, tmp_path: Path, store: Chroma
) -> None:
    build_index([pages], tmp_path / "home", BigramEmbeddings())
    with pytest.raises(StaleIndexError, match="bigrams"):
        open_index(tmp_path / "other", BigramEmbeddings("newer"))
    newer = build_index([], tmp_path / "other", BigramEmbeddings("newer"))
    assert len(newer.documents()) == len(TOWNS)
    with pytest.raises(StaleIndexError, match="newer"):
        open_index(tmp_path / "home", BigramEmbeddings())


@contextmanager
def front(target: str, token: str, page: bytes = b"") -> Iterator[str]:
    """A server before Chroma's that wants a token, or shows a page whatever is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = {self.headers["Authorization"], self.headers["X-Chroma-Token"]}
            status, body = 401, b'{"error":"AuthError","message":"Forbidden"}'
            size = int(self.headers["Content-Length"] or 0)
            data = self.rfile.read(size) if size else None
            if page:
                status, body = 404, page
            elif given == {f"Bearer {token}", token}:
                kind = {"Content-Type": "application/json"}
                address = target + self.path
                answer = httpx.request(self.command, address, content=data, headers=kind)
                status, body = answer.status_code, answer.content
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_token_opens_the_server(
    pages: Path, tmp_path: Path, store: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    with front(store.url, "secret") as address:
        monkeypatch.setenv("DONGXIHU_CHROMA_URL", address)
        monkeypatch.setenv("DONGXIHU_CHROMA_TOKEN", "wrong")
        with pytest.raises(StoreError, match="DONGXIHU_CHROMA_TOKEN"):
            open_index(tmp_path / "home", BigramEmbeddings())
        monkeypatch.setenv("DONGXIHU_CHROMA_TOKEN", "secret")
        assert found(build_index([pages], tmp_path / "home", BigramEmbeddings()))


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://a:port"])
def test_what_is_no_address_is_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGXIHU_CHROMA_URL", address)
    with pytest.raises(StoreError, match="请写成 http"):
        open_index(tmp_path / "home", BigramEmbeddings())


def test_a_server_of_another_kind_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with front("", "", b"<html>Welcome</html>") as address:
        monkeypatch.setenv("DONGXIHU_CHROMA_URL", address)
        with pytest.raises(StoreError, match="不是 Chroma 服务"):
            open_index(tmp_path / "home", BigramEmbeddings())


def test_a_stale_claim_is_finished_by_the_next(pages: Path, tmp_path: Path, store: Chroma) -> None:
    home = tmp_path / "home"
    build_index([pages], home, BigramEmbeddings())
    server = chosen_store_here()
    first = pointer_of(server)
    second = build_index([write(tmp_path, "快山镇", 7)], home, BigramEmbeddings())
    claimed = pointer_of(server)
    # As if it had been killed between its claim and the pointer.
    ChromaCollection(server, VERSIONS).tell(first._asdict())
    server.claim(f"after-{first.current}", claimed._asdict())
    with pytest.raises(LockedIndexError, match="再运行一次"):
        sync_index([write(tmp_path, "慢山镇", 8)], tmp_path / "other", BigramEmbeddings())
    same(second, open_index(tmp_path / "other", BigramEmbeddings()))
    assert not server.metadata(f"after-{first.current}")


ASKED = {"question": "2024年改造了多少个小区？"}


def test_app_processes_with_empty_homes_answer_alike(tmp_path: Path, store: Chroma) -> None:
    with ExitStack() as stack:
        said = []
        for name in ("one", "two"):
            server = stack.enter_context(serving(tmp_path / name, tmp_path / f"{name}.log"))
            answer = httpx.post(f"{server.address}/api/answer", json=ASKED, timeout=PATIENCE)
            said.append(answer.json()["text"])
    assert said == ["25个", "25个"]
    assert pointer_of(chosen_store_here()).before == "", "the second one found it published"


def test_the_interface_says_that_the_server_is_gone(
    tmp_path: Path, store: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGXIHU_HOME", str(tmp_path / "home"))
    with app_client(tmp_path) as (client, _):
        assert client.post("/api/answer", json=ASKED).json()["text"] == "25个"
        monkeypatch.setattr(chroma_module, "PATIENCE", 0.1)
        store.stop()
        try:
            answer = client.post("/api/answer", json=ASKED)
        finally:
            store.start()
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert "索引暂时用不了" in answer.json()["detail"]
        assert client.post("/api/answer", json=ASKED).json()["text"] == "25个"
