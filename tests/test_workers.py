"""The queue before the workers, what an operator may set, and the documents of a visit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus import DocumentError
from index import Catalogue, ProcessEndedError, check_time
from qa import answer_over, default_index
from ui.failures import BusyError, ClosingError, NotFoundError, SettingsError, TimeUpError
from ui.service import uploads as uploads_module
from ui.service import visits as visits_module
from ui.service.places import Places
from ui.service.service import Service
from ui.service.uploads import Upload
from ui.service.visits import Visits
from ui.service.workers import Workers, asker
from ui.settings import Settings, load_settings
from waiting import PATIENCE

BRIDGES = "某镇报告\n\n2023年，某镇新建了37座桥。\n"
ASKED = "某镇2023年新建了多少座桥？"


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What the calls of a test wait for; opened at its end at the latest."""
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def bridges(tmp_path: Path) -> Path:
    path = tmp_path / "bridges.txt"
    path.write_text(BRIDGES, "utf-8")
    return path


def quiet(done: int, total: int) -> None:
    """Nobody watches the progress."""


def test_what_does_not_fit_the_queue_is_told_to_come_back(gate: threading.Event) -> None:
    async def ask() -> None:
        workers = Workers(workers=1, queue=1, timeout=PATIENCE)
        begun = [asyncio.ensure_future(workers.run(gate.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        assert (workers.taken, workers.calm) == (2, False)
        with pytest.raises(BusyError, match="稍后再试"):
            await workers.run(gate.wait)
        gate.set()
        assert await asyncio.gather(*begun) == [True, True]
        assert await workers.run(lambda: "room again") == "room again"
        assert workers.taken == 0
        await workers.close()

    asyncio.run(ask())


def test_those_who_ask_take_turns_and_the_longest_line_makes_room(gate: threading.Event) -> None:
    done: list[str] = []

    async def ask() -> None:
        workers = Workers(workers=1, queue=3, timeout=PATIENCE)

        def put(name: str, call: Callable[[], object]) -> asyncio.Task[object]:
            token = asker.set(name)
            try:
                return asyncio.ensure_future(workers.run(call))
            finally:
                asker.reset(token)

        first = put("rude", gate.wait)
        rude = [put("rude", lambda: done.append("rude")) for _ in range(3)]
        polite = put("polite", lambda: done.append("polite"))
        with pytest.raises(BusyError, match="4 个请求"):
            await rude[-1]
        with pytest.raises(BusyError):  # whose line is as long as any
            await put("rude", gate.wait)
        assert workers.retry_seconds() >= 1
        gate.set()
        await asyncio.gather(first, *rude[:-1], polite)
        await workers.close()

    asyncio.run(ask())
    assert done == ["rude", "polite", "rude"]


def test_a_call_given_up_keeps_its_worker_until_it_ends(gate: threading.Event) -> None:
    async def ask() -> None:
        workers = Workers(workers=1, queue=0, timeout=0.05)
        with pytest.raises(TimeUpError, match=r"0\.05 秒"):
            await workers.run(gate.wait)
        with pytest.raises(BusyError):
            await workers.run(gate.wait)
        gate.set()
        await workers.close()
        assert workers.taken == 0

    asyncio.run(ask())


def test_a_call_given_up_ends_at_its_next_step() -> None:
    ended = threading.Event()

    def work() -> None:
        try:
            while True:
                check_time()
        finally:
            ended.set()

    async def ask() -> None:
        workers = Workers(workers=1, queue=0, timeout=0.05)
        with pytest.raises(TimeUpError):
            await workers.run(work)
        await workers.close()

    asyncio.run(ask())
    assert ended.is_set()


def test_a_call_given_up_while_it_waits_is_never_begun(gate: threading.Event) -> None:
    begun: list[int] = []

    async def ask() -> None:
        workers = Workers(workers=1, queue=1, timeout=0.05)
        results = await asyncio.gather(
            workers.run(gate.wait), workers.run(begun.append, 1), return_exceptions=True
        )
        assert [type(result) for result in results] == [TimeUpError, TimeUpError]
        gate.set()
        await workers.close()

    asyncio.run(ask())
    assert begun == []


def test_closing_finishes_what_was_begun_and_takes_nothing_new(gate: threading.Event) -> None:
    async def ask() -> None:
        workers = Workers(workers=1, queue=1, timeout=PATIENCE)
        begun = [asyncio.ensure_future(workers.run(gate.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(workers.close())
        await asyncio.sleep(0)
        with pytest.raises(ClosingError, match="正在停止"):
            await workers.run(gate.wait)
        gate.set()
        await closing
        assert await asyncio.gather(*begun) == [True, True]

    asyncio.run(ask())


def test_an_error_of_a_call_comes_out_and_frees_its_place() -> None:
    async def ask() -> None:
        workers = Workers(workers=1, queue=0, timeout=PATIENCE)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await workers.run(lambda: 1 / 0)
        await workers.close()

    asyncio.run(ask())


def test_settings_come_from_the_environment_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server.toml").write_text("workers = 3\nqueue = 5\n", "utf-8")
    monkeypatch.setenv("DONGXIHU_SERVER_QUEUE", "7")
    settings = load_settings(tmp_path)
    assert (settings.workers, settings.queue, settings.log_questions) == (3, 7, False)
    assert load_settings(tmp_path / "nowhere").workers == 2


@pytest.mark.parametrize(
    ("content", "named"),
    [("worker = 3", "worker"), ("queue = -1", "queue"), ("queue = 'x'", "queue"), ("[", "TOML")],
)
def test_a_wrong_setting_is_named(content: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=named):
        load_settings(tmp_path)


def test_a_visits_documents_answer_that_visit_alone(bridges: Path, tmp_path: Path) -> None:
    visits = Visits()
    key = visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet)
    other = tmp_path / "other.txt"
    other.write_text("另一份文档。", "utf-8")
    stranger = visits.add(Upload(other.read_bytes(), other.name), "", quiet)
    assert answer_over(visits.index(key), ASKED).text == "37座"
    assert answer_over(visits.index(stranger), ASKED).status == "refused"
    assert answer_over(default_index(), ASKED).status == "refused"
    assert visits.add(Upload(other.read_bytes(), other.name), key, quiet) == key
    assert visits.titles(key) == ["bridges.txt", "other.txt"]
    assert visits.titles(stranger) == ["other.txt"]


def test_a_service_answers_from_what_a_visitor_brought(bridges: Path) -> None:
    async def ask() -> None:
        service = Service(Settings())
        told: list[tuple[int, int]] = []
        key = await service.bring(
            bridges.read_bytes(), bridges.name, "", lambda done, total: told.append((done, total))
        )
        assert told[-1][0] == told[-1][1] > 0
        found = await service.answer(ASKED, visit=key)
        assert (found.text, found.citations[0].source) == ("37座", "bridges.txt")
        document = await service.document(found.citations[0].document_id, key)
        assert document.title == "某镇报告"
        with pytest.raises(NotFoundError):
            await service.document(document.id)
        service.visits.forget(key)
        with pytest.raises(NotFoundError, match="重新上传"):
            await service.answer(ASKED, visit=key)
        assert b'outcome="invalid"' in service.metrics.text()
        await service.close()

    asyncio.run(ask())


def test_a_document_half_read_is_let_go_when_the_service_stops(bridges: Path) -> None:
    async def stop() -> None:
        service = Service(Settings())
        begun = threading.Event()

        def progress(done: int, total: int) -> None:
            begun.set()

        long = "\n\n".join(f"第{n}条 {BRIDGES}" for n in range(2000)).encode()
        reading = asyncio.ensure_future(service.bring(long, bridges.name, "", progress))
        await asyncio.to_thread(begun.wait, PATIENCE)
        await service.close()
        with pytest.raises(ClosingError):
            await reading

    asyncio.run(stop())


def test_a_visit_is_forgotten_on_request_and_in_time(
    bridges: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = Visits()
    key = visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet)
    visits.forget(key)
    visits.forget(key)
    with pytest.raises(NotFoundError, match="重新上传"):
        visits.index(key)
    monkeypatch.setattr(visits_module, "SECONDS", 0)
    brief = Visits()
    with pytest.raises(NotFoundError):
        brief.index(brief.add(Upload(bridges.read_bytes(), bridges.name), "", quiet))


def test_visits_take_no_more_memory_than_they_may(
    bridges: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits_module, "CHARACTERS", 5 * len(BRIDGES))
    visits = Visits()
    keys = [visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet) for _ in range(8)]
    assert visits.titles(keys[-1]) == ["bridges.txt"]
    with pytest.raises(NotFoundError):
        visits.index(keys[0])
    bridges.write_text(BRIDGES * 2, "utf-8")
    with pytest.raises(DocumentError, match=r"bridges\.txt: 超过"):
        visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet)


def test_a_visit_holds_a_few_documents_and_no_path_is_told(tmp_path: Path) -> None:
    visits = Visits()
    key = ""
    for number in range(5):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"文档{number}。", "utf-8")
        key = visits.add(Upload(path.read_bytes(), path.name), key, quiet)
    assert visits.add(Upload("文档0。".encode(), "0.txt"), key, quiet) == key  # is there already
    last = tmp_path / "last.txt"
    last.write_text("还有一份。", "utf-8")
    with pytest.raises(DocumentError, match="最多带 5 份"):
        visits.add(Upload(last.read_bytes(), last.name), key, quiet)
    last.write_bytes(b"\xff\xff\xff")
    with pytest.raises(DocumentError) as failed:
        visits.add(Upload(last.read_bytes(), last.name), key, quiet)
    assert str(tmp_path) not in str(failed.value)


def test_a_visit_answers_from_what_was_there_while_a_document_is_stored(
    bridges: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = Visits()
    key = visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet)
    before = visits.index(key)
    storing = threading.Event()
    add = Catalogue.add

    def wait(*arguments: object) -> list[int]:
        storing.set()
        gate.wait(PATIENCE)
        return add(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Catalogue, "add", wait)
    other = Upload("另一份文档，2023年，某镇新修了12公里公路。".encode(), "other.txt")
    adding = threading.Thread(target=visits.add, args=(other, key, quiet))
    adding.start()
    assert storing.wait(PATIENCE)
    assert visits.titles(key) == ["bridges.txt"]
    assert answer_over(visits.index(key), ASKED).text == "37座"
    gate.set()
    adding.join()
    assert visits.titles(key) == ["bridges.txt", "other.txt"]
    # Another index: what was made of the one before, such as its openers, is not taken for its.
    assert visits.index(key) is not before
    assert before.document_ids() != visits.index(key).document_ids()
    assert answer_over(visits.index(key), "2023年某镇新修了多少公里公路？").text == "12公里"
    assert answer_over(visits.index(key), ASKED).text == "37座"


def test_a_document_that_cannot_be_stored_leaves_the_visit_as_it_was(
    bridges: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = Visits()
    key = visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet)
    add = Catalogue.add

    def break_down(*arguments: object) -> None:
        add(*arguments)  # type: ignore[arg-type]
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(Catalogue, "add", break_down)
        with pytest.raises(MemoryError):
            visits.add(Upload("另一份文档。".encode(), "other.txt"), key, quiet)
    assert visits.titles(key) == ["bridges.txt"]
    assert answer_over(visits.index(key), ASKED).text == "37座"


def test_what_a_text_was_read_from_weighs_and_has_a_limit(
    bridges: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits_module, "CHARACTERS", 5 * len(BRIDGES))
    visits = Visits()
    key = visits.add(Upload(bridges.read_bytes(), bridges.name), "", quiet)
    comment = f"<html><!--{'x' * 20 * len(BRIDGES)}--><p>短。</p></html>".encode()
    with pytest.raises(DocumentError, match="加起来太大"):
        visits.add(Upload(comment, "comment.html"), key, quiet)
    assert visits.titles(key) == ["bridges.txt"]
    monkeypatch.setattr(uploads_module, "RAW_ALWAYS", 0)
    with pytest.raises(DocumentError, match="标记、注释"):
        uploads_module.read_within_limits(comment, "comment.html", len(BRIDGES))


def test_a_reading_that_takes_too_long_is_told_in_words_of_its_own(
    bridges: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_module, "SECONDS", 0.01)
    with pytest.raises(TimeUpError, match=r"读这份文档超过 0\.01 秒，已放弃，请拆成小一些的再试"):
        Upload(bridges.read_bytes(), bridges.name).read(1000, quiet)


def test_a_reading_that_nobody_waits_for_ends_and_leaves_nothing(
    bridges: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[type[BaseException]] = []
    begun = threading.Event()
    read = Upload.read

    def watched(upload: Upload, longest: int, progress: Callable[[int, int], None]) -> object:
        begun.set()
        try:
            return read(upload, longest, progress)
        except BaseException as error:
            ended.append(type(error))
            raise

    monkeypatch.setattr(Upload, "read", watched)
    long = "\n\n".join(f"第{n}条 {BRIDGES}" for n in range(2000)).encode()

    async def leave() -> None:
        service = Service(Settings())
        reading = asyncio.ensure_future(service.bring(long, bridges.name, "", quiet))
        await asyncio.to_thread(begun.wait, PATIENCE)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await service.close()
        assert ended == [ProcessEndedError]
        stored = Upload(bridges.read_bytes(), bridges.name)
        stored.cancel()
        with pytest.raises(ProcessEndedError):
            service.visits.add(stored, "", quiet)

    asyncio.run(leave())


def test_places_are_few_and_no_one_takes_more_than_half() -> None:
    places = Places(3)
    with places.take(), places.take():
        with pytest.raises(BusyError, match="稍后再试"), places.take():
            pass
        token = asker.set("another")
        try:
            with places.take():
                pass
        finally:
            asker.reset(token)
    with places.take():
        pass
