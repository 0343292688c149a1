"""Generations: swapped under those who ask, rolled back, and made of what version 0.1 left."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from corpus import DEFAULT_CORPUS, document_id
from fakes import BigramEmbeddings
from index import (
    CurrentIndex,
    DamagedIndexError,
    Index,
    IndexingError,
    LockedIndexError,
    StaleIndexError,
    check_index,
    current_generation,
    describe_index,
    list_documents,
    open_index,
    repair_index,
    roll_back,
    store,
    sync_index,
)
from index import info as info_module
from index.remote import versions
from index.remote.collection import ChromaCollection
from ui.cli import main
from waiting import PATIENCE, until

PLACES = ("红山镇", "青山镇", "白沙县", "黄河口", "绿水湾")
SWAPS = 60
CLIENTS = 20

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["pytest", "qa", "index.sync"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("DONGXIHU_HOME", str(home))
    monkeypatch.setattr(store, "load_embeddings", lambda name: BigramEmbeddings())
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def write_edition(folder: Path, number: int) -> None:
    """Texts each of which says which edition it is of."""
    for place in PLACES:
        write(folder, f"{place}.txt", f"{place}报告\n\n{place}有茶园{number}亩。\n")


def build(home: Path, folder: Path, *editions: int) -> list[str]:
    """The generations of some editions, indexed one after the other."""
    made: list[str] = []
    for edition in editions:
        write_edition(folder, edition)
        made.append(sync_index([folder], home, BigramEmbeddings()).generation)
    return made


def edition_of(index: Index) -> int:
    """The edition that an index answers from, which has to be one."""
    found = {
        one.passage.text.partition("茶园")[2].rstrip("亩。")
        for one in index.search("哪里有茶园多少亩", 50)
        if "茶园" in one.passage.text
    }
    (number,) = found
    return int(number)


def opened(home: Path) -> Index:
    return open_index(home, BigramEmbeddings())


# Going back


def test_the_generation_before_can_be_put_back(home: Path, folder: Path) -> None:
    _, second, third = build(home, folder, 1, 2, 3)
    index = CurrentIndex()
    assert edition_of(index.get()) == 3
    assert roll_back(home) == second
    assert edition_of(opened(home)) == 2
    assert edition_of(index.get()) == 2
    for _ in range(2):
        with pytest.raises(IndexingError, match="没有更早的索引"):
            roll_back(home)
        assert current_generation(home) == second
    # What is indexed then builds upon the one that was put back.
    again = sync_index([folder], home, BigramEmbeddings())
    assert len(again.changed) == len(PLACES)
    assert edition_of(index.get()) == 3
    assert {p.name for p in (home / "generations").iterdir()} == {second, again.generation}
    assert again.generation != third
    assert roll_back(home) == second


def test_the_only_generation_has_none_before_it(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index", "--rollback"]) == 1
    build(home, folder, 1)
    assert main(["index", "--rollback"]) == 1
    told = capsys.readouterr()
    assert told.err.count("没有更早的索引") == 2
    assert edition_of(opened(home)) == 1
    build(home, folder, 2)
    assert main(["index", "--rollback"]) == 0
    assert edition_of(opened(home)) == 1


@pytest.mark.parametrize("name", ["catalogue.sqlite", "vectors.bin", "manifest.json"])
def test_a_damaged_generation_is_not_put_back(name: str, home: Path, folder: Path) -> None:
    first, second = build(home, folder, 1, 2)
    os.truncate(home / "generations" / first / name, 30)
    with pytest.raises(DamagedIndexError, match=name):
        roll_back(home)
    assert current_generation(home) == second
    assert edition_of(opened(home)) == 2


# Clocks


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("lost", [False, True])
def test_a_clock_that_was_set_back_changes_nothing(
    order: tuple[int, int], lost: bool, home: Path, folder: Path
) -> None:
    generations = build(home, folder, 1, 2)
    for when, name in zip(order, generations, strict=True):
        inside = home / "generations" / name
        for path in (*inside.iterdir(), inside):
            os.utime(path, (when * 1000, when * 1000))
    if lost:
        (home / "current").unlink()
        with pytest.raises(DamagedIndexError, match="current"):
            opened(home)
        assert repair_index(home, BigramEmbeddings()).rebuilt is False
    assert current_generation(home) == generations[1]
    assert edition_of(opened(home)) == 2
    third = build(home, folder, 3)
    assert {p.name for p in (home / "generations").iterdir()} == {generations[1], *third}
    assert edition_of(opened(home)) == 3


def test_an_hour_is_gone_back_while_a_server_runs(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(home, folder, 1)
    index = CurrentIndex()
    assert edition_of(index.get()) == 1
    told = time.time
    monkeypatch.setattr(time, "time", lambda: told() - 3600)
    build(home, folder, 2)
    assert edition_of(index.get()) == 2


# Who asks meanwhile


@contextmanager
def watched(index: CurrentIndex, seconds: float = 0.002) -> Iterator[None]:
    ended = threading.Event()
    watching = threading.Thread(target=index.watch, args=(ended, seconds))
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def _settle(home: Path) -> None:
    """Make a data folder and an encoder those of this process, which is a test's child."""
    os.environ["DONGXIHU_HOME"] = str(home)
    vars(store)["load_embeddings"] = lambda name: BigramEmbeddings()


def _ask_all_the_time(home: Path, pipe: Connection) -> None:
    """Ask with many threads until told to stop; tell what failed, and the editions seen."""
    _settle(home)
    index = CurrentIndex()
    stopped = threading.Event()
    seen: set[int] = set()
    failed: list[str] = []
    asked = [0] * CLIENTS

    def ask(number: int) -> None:
        while not stopped.is_set():
            try:
                seen.add(edition_of(index.get()))
            except Exception as error:  # noqa: BLE001 - told to the test
                failed.append(repr(error))
            asked[number] += 1

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    with watched(index):
        for client in clients:
            client.start()
        until(lambda: all(asked))
        pipe.send("ready")
        last = pipe.recv()
        until(lambda: last in seen)
        stopped.set()
        for client in clients:
            client.join()
    pipe.send((failed, sorted(seen), asked))


def test_no_question_fails_or_is_answered_from_two_generations(home: Path, folder: Path) -> None:
    build(home, folder, 1)
    ours, theirs = processes.Pipe()
    child = processes.Process(target=_ask_all_the_time, args=(home, theirs), daemon=True)
    child.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    assert ours.recv() == "ready"
    build(home, folder, *range(2, SWAPS + 2))
    ours.send(SWAPS + 1)
    assert ours.poll(PATIENCE)
    failed, seen, asked = ours.recv()
    child.join(PATIENCE)
    assert child.exitcode == 0
    assert failed == []
    assert seen[-1] == SWAPS + 1
    assert len(seen) > 2, "the swaps were seen while they were made"
    assert all(asked)


def _use() -> tuple[int, int, int]:
    """Open files, threads and kilobytes of memory of this process."""
    status = Path("/proc/self/status").read_text("ascii")
    memory = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return len([*Path("/proc/self/fd").iterdir()]), threading.active_count(), int(memory.split()[1])


def _watch_swaps(home: Path, pipe: Connection) -> None:
    """After each swap that is announced, wait until it is seen, and tell what is used.

    From the third on, once no more files and threads are than then: the one that watches may be
    at work.
    """
    _settle(home)
    index = CurrentIndex()
    told: list[tuple[int, int, int]] = []
    with watched(index):
        pipe.send("ready")
        while (wanted := pipe.recv()) is not None:
            until(lambda: edition_of(index.get()) == wanted)
            until(lambda: len(told) < 3 or _use()[:2] == told[2][:2])
            told.append(_use())
            pipe.send(told[-1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_swaps_leave_no_files_threads_or_memory_behind(home: Path, folder: Path) -> None:
    build(home, folder, 1)
    ours, theirs = processes.Pipe()
    child = processes.Process(target=_watch_swaps, args=(home, theirs), daemon=True)
    child.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    assert ours.recv() == "ready"
    used: list[tuple[int, int, int]] = []
    for number in range(2, 23):
        build(home, folder, number)
        ours.send(number)
        assert ours.poll(PATIENCE)
        used.append(ours.recv())
    ours.send(None)
    child.join(PATIENCE)
    assert child.exitcode == 0
    early, late = used[2], used[-1]
    assert late[:2] == early[:2]
    assert late[2] - early[2] < 6_000, "kilobytes"


def test_a_check_meanwhile_finds_no_damage(home: Path, folder: Path) -> None:
    build(home, folder, 1)
    problems: list[str] = []
    ended = threading.Event()

    def check() -> None:
        while not ended.is_set():
            problems.extend(check_index(home))

    checking = [threading.Thread(target=check) for _ in range(4)]
    for one in checking:
        one.start()
    build(home, folder, *range(2, 20))
    ended.set()
    for one in checking:
        one.join()
    assert problems == []


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize("ask", ["open", "list", "describe"])
def test_a_swap_between_two_looks_is_no_damage(
    ask: str, swept: bool, home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(home, folder, 1)
    asked: dict[str, Callable[[], int]] = {
        "open": lambda: opened(home).catalogue.sizes()[0],
        "list": lambda: len(list_documents(home)),
        "describe": lambda: info.documents if (info := describe_index(home)) else 0,
    }
    swaps = [*range(2, 8)]

    def swap_and_check(check: Callable[..., None], *given: object, **more: object) -> None:
        if swept:
            check(*given, **more)
        if swaps:
            build(home, folder, swaps.pop(), swaps.pop())
        if not swept:
            check(*given, **more)

    for module in (store, info_module):
        check = module.check_generation
        monkeypatch.setattr(module, "check_generation", partial(swap_and_check, check))
    assert asked[ask]() == len(PLACES)
    assert swaps == []


def test_a_copy_of_what_a_store_holds_is_not_put_back_without_the_store(
    home: Path, folder: Path
) -> None:
    first, second = build(home, folder, 1, 2)
    place = home / "generations" / first / "manifest.json"
    place.write_text(json.dumps({**json.loads(place.read_bytes()), "version": "1"}), "utf-8")
    with pytest.raises(IndexingError, match="DONGXIHU_CHROMA_URL"):
        roll_back(home)
    assert current_generation(home) == second


def test_who_publishes_late_does_not_set_the_pointer_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one publishes while the follower is dropped."""
    current = ["base"]

    class Store:
        def claim(self, kind: str, metadata: dict[str, str]) -> dict[str, str]:
            return metadata

        def metadata(self, kind: str) -> dict[str, str]:
            return {"current": current[-1]}

        def drop(self, kind: str) -> None:
            if kind == "after-mine":
                current.extend(["second", "third"])

    def tell(collection: object, told: dict[str, str]) -> None:
        current.append(told["current"])

    monkeypatch.setattr(ChromaCollection, "tell", tell)
    with pytest.raises(LockedIndexError):
        versions.move_pointer(Store(), "base", versions.Pointer("mine"))  # type: ignore[arg-type]
    assert current[-1] == "third"


def test_what_is_written_to_disk_may_be_written(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows asks of a file that is synced."""
    synced: list[int] = []

    def sync_to_disk(descriptor: int) -> None:
        os.write(descriptor, b"")
        synced.append(descriptor)

    monkeypatch.setattr(os, "fsync", sync_to_disk)
    build(home, folder, 1)
    assert synced


def test_a_question_that_has_begun_keeps_its_generation(home: Path, folder: Path) -> None:
    build(home, folder, 1)
    index = CurrentIndex().get()
    build(home, folder, 2, 3, 4)
    assert edition_of(index) == 1
    assert len(index.documents()) == len(PLACES)


@pytest.mark.parametrize("watching", [False, True])
def test_a_data_folder_that_is_away_for_a_while_changes_no_answer(
    watching: bool, home: Path, folder: Path
) -> None:
    build(home, folder, 1)
    index = CurrentIndex()
    assert edition_of(index.get()) == 1
    home.rename(home.with_name("away"))
    home.mkdir()
    with watched(index) if watching else threading.Lock():
        assert edition_of(index.get()) == 1
    assert [*home.iterdir()] == [], "the default article takes nobody's place"
    home.rmdir()
    home.with_name("away").rename(home)
    build(home, folder, 2)
    assert edition_of(index.get()) == 2


def test_a_new_generation_that_is_damaged_leaves_the_old_one_in_use(
    home: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build(home, folder, 1)
    index = CurrentIndex()
    assert edition_of(index.get()) == 1
    (second,) = build(home, folder, 2)
    os.truncate(home / "generations" / second / "vectors.bin", 10)
    for _ in range(3):
        assert edition_of(index.get()) == 1
    assert [record.message.count("vectors.bin") for record in caplog.records] == [1]
    repair_index(home, BigramEmbeddings())
    assert edition_of(index.get()) == 2


# Version 0.1


def older_home(home: Path, texts: dict[str, str], *sources: Path) -> None:
    """A data folder as version 0.1 wrote it."""
    folder = home / "generations" / "0123456789ab"
    (folder / "chroma").mkdir(parents=True)
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"vectors")
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as connection, connection:
        connection.execute(
            "CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT, source TEXT, text TEXT,"
            " raw TEXT, offsets BLOB, blocks TEXT, year INTEGER, present INTEGER, place TEXT)"
        )
        connection.execute("CREATE TABLE passages (row INTEGER PRIMARY KEY, id TEXT, text TEXT)")
        for source, text in texts.items():
            row = (document_id(text, source), source, source, text.strip(), text.encode())
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, x'', '[]', NULL, NULL, '')", row
            )
    told = {
        "encoder": "bigrams",
        "splitter": "older",
        "corpus": "0",
        "sources": [*map(str, sources)],
    }
    (folder / "manifest.json").write_text(json.dumps(told), "utf-8")
    (home / "current").write_text(folder.name, "utf-8")


OLDER = {
    "a.txt": "红山镇报告\n\n红山镇有茶园九百亩。\n",
    "b.txt": "青山镇报告\n\n青山镇有果园三百亩。\n",
}


def found(home: Path, question: str) -> str:
    return opened(home).search(question, 1)[0].passage.text


@pytest.mark.parametrize("there", [True, False])
def test_an_index_of_version_0_1_is_made_new_from_its_texts(
    there: bool, home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older_home(home, OLDER, folder)
    if there:
        for name, text in OLDER.items():
            write(folder, name, text)
    else:
        folder.rmdir()
    with pytest.raises(StaleIndexError, match="运行 dongxihu index"):
        opened(home)
    assert main(["ask", "红山镇有茶园多少亩？"]) == 1
    assert check_index(home) == []
    capsys.readouterr()
    assert main(["index"]) == 0
    assert "九百亩" in found(home, "红山镇茶园")
    assert "三百亩" in found(home, "青山镇果园")
    assert sorted(head.source for head in list_documents(home)) == ["a.txt", "b.txt"]
    generation = current_generation(home)
    if there:
        assert main(["index"]) == 0
        assert current_generation(home) == generation
    capsys.readouterr()


def test_what_version_0_1_read_in_inner_folders_is_not_there_twice(
    home: Path, folder: Path
) -> None:
    older_home(home, OLDER, folder)
    (folder / "sub").mkdir()
    write(folder / "sub", "a.txt", OLDER["a.txt"])
    write(folder, "b.txt", OLDER["b.txt"].replace("三百", "四百"))  # changed in the meantime
    sync_index((), home, BigramEmbeddings())
    assert sorted(head.source for head in list_documents(home)) == ["b.txt", "sub/a.txt"]
    assert "四百" in found(home, "青山镇果园")
    write(folder / "sub", "a.txt", OLDER["a.txt"].replace("九百", "八百"))
    sync_index((), home, BigramEmbeddings())
    assert [one.passage.text for one in opened(home).search("茶园", 9)].count(
        "红山镇有茶园九百亩。"
    ) == 0


def test_files_that_are_added_to_an_index_of_version_0_1_leave_the_others(
    home: Path, folder: Path, tmp_path: Path
) -> None:
    older_home(home, OLDER, folder)
    folder.rmdir()
    page = write(tmp_path, "c.txt", "白沙县有鱼塘五百亩。\n")
    sync_index([page], home, BigramEmbeddings(), prune=True)
    assert [head.source for head in list_documents(home)] == ["a.txt", "b.txt", "c.txt"]


def test_the_default_article_of_version_0_1_is_made_anew_by_itself(home: Path) -> None:
    text = DEFAULT_CORPUS.read_text("utf-8")
    older_home(home, {"article.txt": text}, DEFAULT_CORPUS)
    index = opened(home)
    assert [document.source for document in index.documents()] == ["article.txt"]
    assert opened(home).generation == index.generation != "0123456789ab"


def test_the_default_article_of_version_0_1_gives_way(home: Path, folder: Path) -> None:
    older_home(home, {"article.txt": DEFAULT_CORPUS.read_text("utf-8")}, DEFAULT_CORPUS)
    build(home, folder, 1)
    assert edition_of(opened(home)) == 1
    assert len(list_documents(home)) == len(PLACES)


def test_a_killed_update_of_version_0_1_leaves_it_as_it_was(home: Path, folder: Path) -> None:
    older_home(home, OLDER, folder)
    for name, text in OLDER.items():
        write(folder, name, text)

    class Broken(BigramEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise MemoryError

    with pytest.raises(MemoryError):
        sync_index((), home, Broken())
    with pytest.raises(StaleIndexError):
        opened(home)
    shutil.rmtree(folder)
    sync_index((), home, BigramEmbeddings())
    assert sorted(head.source for head in list_documents(home)) == ["a.txt", "b.txt"]
