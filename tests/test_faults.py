"""Kills, full disks, damage and second writers: the index answers as before, or says what to do."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import pytest
from xxhash import xxh3_128

from fakes import BigramEmbeddings
from index import (
    DamagedIndexError,
    Index,
    LockedIndexError,
    StaleIndexError,
    check_index,
    current_generation,
    list_documents,
    open_index,
    remove_documents,
    repair_index,
    store,
    sync_index,
    writing,
)
from index.vectors import VectorFile
from index.writing import Writer
from ui.cli import main
from ui.failures import explain
from waiting import PATIENCE

QUESTIONS = ("茶园有多少", "新建几座桥", "镇上有什么", "学校")
ASKED = "红山镇有多少亩茶园？"
FILES = ("current", "manifest.json", "catalogue.sqlite", "vectors.bin")
KILLS = 50
DAMAGED = 4

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
    """Some texts of a town: two passages each, without headings."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        write(folder, number, 900 + number)
    write(folder, "red", 0).write_text("红山镇有茶园900亩。\n", "utf-8")
    return folder


def write(folder: Path, name: object, tea: int) -> Path:
    path = folder / f"{name}.txt"
    path.write_text(
        f"第{name}村有茶园{tea}亩。\n\n第{name}村今年新建{tea % 7 + 1}座桥。\n", "utf-8"
    )
    return path


def change(folder: Path) -> None:
    """A text changed, one gone, one new."""
    write(folder, 1, 1901)
    (folder / "2.txt").unlink()
    write(folder, 7, 907)


def opened(home: Path, encoder: str = "bigrams") -> Index:
    return open_index(home, BigramEmbeddings(encoder))


def told(index: Index) -> dict[tuple[str, ...], float]:
    """The scores of all that is found for some questions, by where it stands."""
    return {
        (question, index.document(one.passage.document_id).source, one.passage.text): one.score
        for question in QUESTIONS
        for one in index.search(question, 50)
    }


def same(wanted: dict[tuple[str, ...], float]) -> object:
    return pytest.approx(wanted, abs=1e-3)  # sums of floats in any order


def as_built_anew(home: Path, folder: Path, encoder: str = "bigrams") -> object:
    fresh = home.with_name("fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    sync_index([folder], fresh, BigramEmbeddings(encoder))
    return same(told(opened(fresh, encoder)))


def assert_nothing_is_left_over(home: Path) -> None:
    assert {path.name for path in home.iterdir()} == {"current", "generations", "lock"}
    generations = [*(home / "generations").iterdir()]
    assert current_generation(home) in [path.name for path in generations]
    assert len(generations) <= 2
    for generation in generations:
        assert {p.name for p in generation.iterdir()} == {*FILES} - {"current"}


def run(*arguments: str) -> int:
    return main(arguments)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """What went wrong, told in one line on stderr."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("出错了：")
    assert said.err.count("\n") == 1
    return said.err


# Builds that are killed


class LoggingEmbeddings(BigramEmbeddings):
    """Tells of each text before and after it is read."""

    def __init__(self, name: str, tell: Callable[[str], None]) -> None:
        super().__init__(name)
        self._tell = tell

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self._tell("read")
        found = super().embed_documents(texts)
        self._tell(f"have read {len(texts)}")
        return found


def _tell_steps(tell: Callable[[str], None], home: Path) -> None:
    """Tell of each file of the data folder that is opened, made, moved or removed."""
    steps = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect")

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in steps and str(home) in str(arguments[0]):
            tell(event)

    sys.addaudithook(audit)


def first_build(home: Path, folder: Path, encoder: BigramEmbeddings) -> None:
    sync_index([folder], home, encoder, prune=True)


def sync_again(home: Path, folder: Path, encoder: BigramEmbeddings) -> None:
    sync_index([folder], home, encoder, prune=True)


def read_anew(home: Path, folder: Path, encoder: BigramEmbeddings) -> None:
    sync_index([folder], home, encoder, prune=True, force=True)


def remove_some(home: Path, folder: Path, encoder: BigramEmbeddings) -> None:
    names = [name for name in ("3.txt", "4.txt") if name in sources(home)]
    if names:
        remove_documents(names, home, encoder)


def repair(home: Path, folder: Path, encoder: BigramEmbeddings) -> None:
    repair_index(home, encoder)


def sources(home: Path) -> list[str]:
    return [head.source for head in list_documents(home)]


KINDS: dict[str, tuple[Callable[[Path, Path, BigramEmbeddings], None], str]] = {
    "first": (first_build, "bigrams"),
    "sync": (sync_again, "bigrams"),
    "force": (read_anew, "bigrams"),
    "another encoder": (sync_again, "other"),
    "remove": (remove_some, "bigrams"),
    "repair": (repair, "bigrams"),
}


def _work(kind: str, home: Path, folder: Path, pipe: Connection, batch: int) -> None:
    """Do one kind of work, telling of every step; whoever listens may kill it at any."""
    vars(writing)["BATCH"] = batch
    vars(writing)["COMMIT"] = 3
    work, encoder = KINDS[kind]
    _tell_steps(pipe.send, home)
    work(home, folder, LoggingEmbeddings(encoder, pipe.send))
    pipe.send("done")


def _steps_of(kind: str, home: Path, folder: Path, kill_at: int | None = None) -> list[str]:
    """The steps of work in a process of its own, which is killed as soon as it told so many."""
    ours, theirs = processes.Pipe(duplex=False)
    child = processes.Process(target=_work, args=(kind, home, folder, theirs, 2), daemon=True)
    child.start()
    theirs.close()
    steps: list[str] = []
    try:
        while len(steps) != kill_at:
            assert ours.poll(PATIENCE)
            steps.append(ours.recv())
    except EOFError:
        assert steps[-1] == "done", steps
    else:
        assert child.pid is not None
        with suppress(ProcessLookupError):  # it may just have come to its end
            os.kill(child.pid, signal.SIGKILL)
    child.join(PATIENCE)
    try:
        while ours.poll():  # what it had told before it died
            steps.append(ours.recv())
    except EOFError:
        pass
    return steps


def _texts_read(steps: list[str]) -> int:
    return sum(int(step.rpartition(" ")[2]) for step in steps if step.startswith("have read"))


def prepare(kind: str, home: Path, folder: Path) -> None:
    """What there is before the work of a kind is done."""
    if kind == "first":
        return
    sync_index([folder], home, BigramEmbeddings())
    if kind == "repair":
        place = home / "generations" / current_generation(home) / "vectors.bin"
        os.truncate(place, 10)
    elif kind in ("sync", "another encoder"):
        change(folder)


@pytest.mark.parametrize("left", [b"", bytes(512), b"no journal" * 99])
def test_a_journal_that_a_kill_has_left_goes_with_the_build(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, left: bytes
) -> None:
    close = Writer.close

    def close_and_leave(writer: Writer) -> None:
        close(writer)
        for place in home.glob("generations/*/unfinished"):
            place.with_name("catalogue.sqlite-journal").write_bytes(left)

    monkeypatch.setattr(Writer, "close", close_and_leave)
    sync_index([folder], home, BigramEmbeddings())
    assert told(opened(home)) == as_built_anew(home, folder)
    assert_nothing_is_left_over(home)


@pytest.mark.parametrize("kind", KINDS)
def test_work_that_is_killed_at_any_moment_is_finished_by_the_next(
    kind: str, home: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, encoder = KINDS[kind]
    prepare(kind, home, folder)
    before = {} if kind in ("first", "repair") else told(opened(home))
    at_first = tmp_path / "at first"
    if home.exists():
        shutil.copytree(home, at_first)
    undisturbed = _steps_of(kind, home, folder)
    after = told(opened(home, encoder))
    monkeypatch.setattr(writing, "BATCH", 2)
    monkeypatch.setattr(writing, "COMMIT", 3)
    chance = random.Random(kind)
    for _ in range(KILLS // len(KINDS) + 1):
        shutil.rmtree(home)
        if at_first.exists():
            shutil.copytree(at_first, home)
        moment = chance.randint(1, len(undisturbed) - 1)
        steps = _steps_of(kind, home, folder, moment)
        # The old index answers, or the new one; of a first build there may be none.
        done = False
        try:
            found = told(opened(home, encoder)) if current_generation(home) else {}
            done = found == same(after)
            assert done or found == same(before)
        except StaleIndexError:
            assert kind == "another encoder"
            assert told(opened(home)) == same(before)
        except DamagedIndexError:
            assert kind == "repair"
        counted: list[str] = []
        work(home, folder, LoggingEmbeddings(encoder, counted.append))
        assert told(opened(home, encoder)) == same(after), f"killed after {steps}"
        # All that a kill may cost is the batch that was being read.
        assert _texts_read([*steps, *counted]) <= _texts_read(undisturbed) + 2
        if not done or kind == "force":
            assert_nothing_is_left_over(home)


def test_a_build_that_is_killed_again_and_again_comes_to_its_end(home: Path, folder: Path) -> None:
    """Also where texts that were read already are gone before the next try."""
    chance = random.Random(1)
    for number in range(10, 30):
        write(folder, number, number)
    for number in range(8):
        steps = _steps_of("sync", home, folder, chance.randint(60, 140) + 10 * number)
        if steps[-1] == "done":
            break
        (folder / f"{number + 10}.txt").unlink()
        write(folder, number + 20, 2000 + number)
    _steps_of("sync", home, folder)
    assert told(opened(home)) == as_built_anew(home, folder)
    change(folder)
    sync_index([folder], home, BigramEmbeddings(), prune=True)
    assert told(opened(home)) == as_built_anew(home, folder)
    assert_nothing_is_left_over(home)


def test_a_text_that_was_replaced_is_not_left_behind(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_index([folder], home, BigramEmbeddings())
    change(folder)
    monkeypatch.setattr(writing, "COMMIT", 1)
    with pytest.MonkeyPatch.context() as patch:

        def interrupt(*_: object) -> NoReturn:
            raise KeyboardInterrupt

        patch.setattr(writing.Writer, "remove", interrupt)
        with pytest.raises(KeyboardInterrupt):
            sync_index([folder], home, BigramEmbeddings(), prune=True)
    sync_index([folder], home, BigramEmbeddings(), prune=True)
    assert told(opened(home)) == as_built_anew(home, folder)


def test_what_was_cut_short_is_no_part_of_another_build(
    home: Path, folder: Path, tmp_path: Path
) -> None:
    """As where the folder was a wrong one."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for number in range(20, 30):
        write(wrong, number, number)

    def interrupt(texts: list[str]) -> NoReturn:
        raise KeyboardInterrupt

    encoder = BigramEmbeddings()
    encoder.embed_documents = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        sync_index([wrong], home, encoder)
    sync_index([folder], home, BigramEmbeddings())
    assert told(opened(home)) == as_built_anew(home, folder)
    assert_nothing_is_left_over(home)


def test_a_kill_after_the_pointer_was_moved_loses_nothing(home: Path, folder: Path) -> None:
    sync_index([folder], home, BigramEmbeddings())
    change(folder)
    second = sync_index([folder], home, BigramEmbeddings(), prune=True).generation
    (home / "generations" / second / "unfinished").write_text("{}", "utf-8")
    wanted = told(opened(home))
    assert repair_index(home, BigramEmbeddings()).generation == second
    assert told(opened(home)) == same(wanted)
    write(folder, 8, 908)
    sync_index([folder], home, BigramEmbeddings())
    assert_nothing_is_left_over(home)


@pytest.mark.parametrize("damage", ["empty", "overwrite", "zero", "words"])
def test_a_cut_short_catalogue_that_is_damaged_is_begun_anew(
    damage: str, home: Path, folder: Path
) -> None:
    """As after a power loss."""
    sync_index([folder], home, BigramEmbeddings())
    change(folder)

    def interrupt(texts: list[str]) -> NoReturn:
        raise KeyboardInterrupt

    encoder = BigramEmbeddings()
    encoder.embed_documents = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        sync_index([folder], home, encoder, prune=True)
    (unfinished,) = (home / "generations").glob("*/unfinished")
    place = unfinished.with_name("catalogue.sqlite")
    (unfinished.with_name("vectors.bin")).write_bytes(b"left over")
    if damage == "words":
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute("UPDATE lexical_data SET block = zeroblob(9) WHERE id > 10")
    else:
        {"empty": empty, "overwrite": overwrite, "zero": zero}[damage](place)
    sync_index([folder], home, BigramEmbeddings(), prune=True)
    assert told(opened(home)) == as_built_anew(home, folder)
    assert_nothing_is_left_over(home)


# Disks that are full


def no_room(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def cut(function: Callable[..., Any]) -> Callable[..., Any]:
    """Writes half of what it is given, and there is no room for the rest."""

    def write_half(place: Path, data: Any, *rest: Any) -> NoReturn:
        function(place, data[: len(data) // 2], *rest)
        no_room()

    return write_half


def while_copying(patch: pytest.MonkeyPatch) -> None:
    def copy_half(source: Path, target: Path) -> NoReturn:
        target.write_bytes(source.read_bytes()[:1000])
        no_room()

    patch.setattr(shutil, "copyfile", copy_half)


def while_storing(patch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def connect_small(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.execute("PRAGMA max_page_count = 40")  # no page more than there are
        return connection

    patch.setattr(sqlite3, "connect", connect_small)


def while_appending(patch: pytest.MonkeyPatch) -> None:
    append = VectorFile.append

    def append_half(file: VectorFile, rows: Any, matrix: Any) -> NoReturn:
        append(file, rows, matrix)
        place = file._place
        os.truncate(place, place.stat().st_size - 100)
        no_room()

    patch.setattr(VectorFile, "append", append_half)


def while_writing_the_manifest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Path, "write_bytes", cut(Path.write_bytes))


def while_writing_the_pointer(patch: pytest.MonkeyPatch) -> None:
    write_text = Path.write_text

    def write(path: Path, data: str, *rest: Any) -> int:
        half = path.name == "current.new"
        return cut(write_text)(path, data, *rest) if half else write_text(path, data, *rest)

    patch.setattr(Path, "write_text", write)


def while_syncing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "fsync", no_room)


FULL = [
    while_copying,
    while_storing,
    while_appending,
    while_writing_the_manifest,
    while_writing_the_pointer,
    while_syncing,
]


@pytest.mark.parametrize(
    ("when", "first"),
    [*((when, False) for when in FULL), *((when, True) for when in FULL[1:])],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_full_disk_leaves_the_index_as_it_was(
    when: Callable[[pytest.MonkeyPatch], None],
    first: bool,
    home: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {}
    if not first:
        assert run("index", str(folder)) == 0
        before = told(opened(home))
    change(folder)
    if when is while_storing:
        houses = "、".join(f"第{number}号楼{number}户" for number in range(400))
        write(folder, "long", 0).write_text(houses, "utf-8")
    capsys.readouterr()
    for _ in range(2):
        with pytest.MonkeyPatch.context() as patch:
            when(patch)
            assert run("index", str(folder), "--prune") == 1
            assert "磁盘满" in one_line(capsys)
        if first:
            assert current_generation(home) == ""
        else:
            assert told(opened(home)) == same(before)
    assert run("index", str(folder), "--prune") == 0
    assert told(opened(home)) == as_built_anew(home, folder)
    assert_nothing_is_left_over(home)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("may not mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="needs tmpfs")
def test_a_disk_that_is_full_in_earnest(
    small_disk: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = small_disk / "home"
    monkeypatch.setenv("DONGXIHU_HOME", str(home))
    assert run("index", str(folder)) == 0
    before = told(opened(home))
    change(folder)
    capsys.readouterr()
    block, rest = 4096, small_disk / "rest"
    room = shutil.disk_usage(small_disk).free // block
    refused = 0
    for left in range(0, room, max(room // 16, 1)):
        rest.write_bytes(b"")
        free = shutil.disk_usage(small_disk).free // block
        rest.write_bytes(bytes(block) * max(free - left, 0))
        if run("index", str(folder), "--prune") == 0:
            break
        refused += 1
        assert "磁盘满" in one_line(capsys)
        assert told(opened(home)) == same(before)
    assert refused
    rest.unlink()
    assert run("index", str(folder), "--prune") == 0
    assert told(opened(home)) == as_built_anew(home, folder)


def _ask_as_nobody(home: Path, pipe: Connection) -> None:
    os.environ["DONGXIHU_HOME"] = str(home)
    vars(store)["load_embeddings"] = lambda name: BigramEmbeddings()
    told(open_index())  # what is imported late may stand where nobody may look
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    writable = os.access(home, os.W_OK)
    answers = told(open_index())
    try:
        sync_index((), home, BigramEmbeddings())
    except OSError as error:
        pipe.send((writable, answers, explain(error)))


def test_a_folder_that_may_only_be_read_is_asked(folder: Path) -> None:
    place = Path(tempfile.mkdtemp())  # which others may look into, other than pytest's folders
    try:
        home = place / "home"
        sync_index([folder], home, BigramEmbeddings())
        before = told(opened(home))
        for path in (*home.rglob("*"), home, place):
            path.chmod(0o555 if path.is_dir() else 0o444)
        ours, theirs = processes.Pipe()
        child = processes.Process(target=_ask_as_nobody, args=(home, theirs), daemon=True)
        child.start()
        theirs.close()
        assert ours.poll(PATIENCE)
        writable, answers, refused = ours.recv()
        child.join(PATIENCE)
        assert not writable
        assert answers == same(before)
        assert refused is not None
        assert "没有权限" in refused[0]
    finally:
        for path in (place, *place.rglob("*")):
            path.chmod(stat.S_IRWXU)
        shutil.rmtree(place)


# Damage


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def spoil_the_middle(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(random.Random(0).randbytes(max(size // 3, 1)))


def overwrite(path: Path) -> None:
    path.write_bytes(random.Random(0).randbytes(path.stat().st_size))


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lengthen(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0" * 100)


def remove(path: Path) -> None:
    path.unlink()


DAMAGES = [halve, empty, spoil_the_middle, overwrite, zero, flip_a_bit, lengthen, remove]


def place_of(home: Path, name: str, generation: str = "") -> Path:
    inside = home / "generations" / (generation or current_generation(home))
    return home / name if name == "current" else inside / name


def two_generations(home: Path, folder: Path) -> tuple[str, str]:
    """Two generations that hold the same."""
    first = sync_index([folder], home, BigramEmbeddings()).generation
    second = sync_index([folder], home, BigramEmbeddings(), force=True).generation
    return first, second


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_told_and_repaired(
    damage: Callable[[Path], None],
    name: str,
    home: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    two_generations(home, folder)
    before, names = told(opened(home)), sources(home)
    damage(place_of(home, name))
    with pytest.raises(DamagedIndexError, match=r"--repair") as caught:
        opened(home)
    # A pointer in which letters changed cannot be told from a manifest that changed.
    blamed = ("current", "manifest.json") if name == "current" else (name,)
    assert any(one in str(caught.value) for one in blamed)
    with pytest.raises(DamagedIndexError):
        list_documents(home)
    with pytest.raises(DamagedIndexError):
        sync_index([folder], home, BigramEmbeddings())
    assert len(check_index(home)) == 1
    assert run("ask", ASKED) == 1
    assert "--repair" in one_line(capsys)
    assert run("index", "--check") == DAMAGED
    assert run("index", "--repair") == 0
    assert told(opened(home)) == same(before)
    assert sorted(sources(home)) == sorted(names)
    assert run("index", "--check") == 0
    assert check_index(home) == []
    # The files are known as before, so nothing is read again.
    repaired = current_generation(home)
    again = sync_index((), home, BigramEmbeddings())
    assert (again.generation, again.unchanged) == (repaired, len(names))


@pytest.mark.parametrize("name", FILES[1:])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_of_the_generation_before_is_told_and_cleared(
    damage: Callable[[Path], None], name: str, home: Path, folder: Path
) -> None:
    first, second = two_generations(home, folder)
    before = told(opened(home))
    damage(place_of(home, name, first))
    assert told(opened(home)) == same(before)
    (problem,) = check_index(home)
    assert name in problem
    assert repair_index(home, BigramEmbeddings()).generation == second
    assert check_index(home) == []
    assert told(opened(home)) == same(before)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_single_generation_is_repaired_from_what_can_be_read(
    damage: Callable[[Path], None], name: str, home: Path, folder: Path
) -> None:
    sync_index([folder], home, BigramEmbeddings())
    before = told(opened(home))
    damage(place_of(home, name))
    if name == "catalogue.sqlite" and damage in (empty, overwrite, zero, remove, halve):
        with pytest.raises(StaleIndexError, match="重新收录"):
            repair_index(home, BigramEmbeddings())
    else:
        repaired = repair_index(home, BigramEmbeddings())
        index = opened(home)
        assert len(index.documents()) == repaired.documents > 0
        if name != "catalogue.sqlite" or damage is lengthen:
            assert told(index) == same(before)
        assert {*sources(home)} <= {path.name for path in folder.iterdir()}
    assert sync_index([folder], home, BigramEmbeddings()).documents == 7
    assert told(opened(home)) == same(before)
    assert check_index(home) == []


def test_texts_are_taken_of_two_damaged_generations(home: Path, folder: Path) -> None:
    first, _ = two_generations(home, folder)
    before = told(opened(home))
    overwrite(place_of(home, "catalogue.sqlite"))
    flip_a_bit(place_of(home, "vectors.bin", first))
    repair_index(home, BigramEmbeddings())
    assert told(opened(home)) == same(before)
    assert check_index(home) == []


def test_what_a_repair_may_have_lost_is_told(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sync_index([folder], home, BigramEmbeddings())
    before = told(opened(home))
    change(folder)
    write(folder, 8, 908)
    sync_index([folder], home, BigramEmbeddings(), prune=True)
    overwrite(place_of(home, "catalogue.sqlite"))
    capsys.readouterr()
    assert run("index", "--repair") == 0
    assert "再运行一次 dongxihu index" in capsys.readouterr().err
    assert told(opened(home)) == same(before)
    assert run("index", "--prune") == 0
    assert told(opened(home)) == as_built_anew(home, folder)


@pytest.mark.parametrize("damage", [empty, overwrite, zero, remove], ids=lambda d: d.__name__)
@pytest.mark.parametrize("pointed", [True, False])
def test_where_all_is_damaged_the_files_are_indexed_again(
    damage: Callable[[Path], None],
    pointed: bool,
    home: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    generations = two_generations(home, folder)
    before = told(opened(home))
    for generation in generations:
        for name in FILES[1:]:
            damage(place_of(home, name, generation))
    if not pointed:
        damage(home / "current")
    if damage is remove and not pointed:
        return  # nothing tells that there was an index
    capsys.readouterr()
    assert run("ask", ASKED) == 1
    assert "--repair" in one_line(capsys)
    for _ in range(2):
        assert run("index", "--repair") == 1
        assert "重新收录" in one_line(capsys)
        for arguments in (("ask", ASKED), ("index",), ("corpus", "list")):
            assert run(*arguments) == 1, "the default article takes nobody's place"
            assert "--repair" in one_line(capsys)
    assert run("index", str(folder)) == 0
    assert told(opened(home)) == same(before)
    assert check_index(home) == []
    capsys.readouterr()
    assert run("ask", ASKED) == 0
    assert capsys.readouterr().out.startswith("900亩")


def test_a_second_repair_leaves_what_the_first_put_aside(home: Path, folder: Path) -> None:
    for generation in two_generations(home, folder):
        overwrite(place_of(home, "catalogue.sqlite", generation))
    for _ in range(3):
        with pytest.raises(StaleIndexError, match=r"damaged.*重新收录"):
            repair_index(home, BigramEmbeddings())
        assert len([*(home / "damaged").glob("*/catalogue.sqlite")]) == 2


def test_a_repair_beside_a_copy_of_what_a_store_holds_embeds_the_texts(
    home: Path, folder: Path
) -> None:
    first, second = two_generations(home, folder)
    wanted = told(opened(home))
    place_of(home, "vectors.bin", first).write_bytes(b"")
    change_manifest(
        home, first, version="1", files=lambda name, size: 0 if name == "vectors.bin" else size
    )
    flip_a_bit(place_of(home, "vectors.bin", second))
    assert repair_index(home, BigramEmbeddings()).rebuilt
    assert told(opened(home)) == same(wanted)


def change_manifest(
    home: Path, generation: str, version: str, files: Callable[[str, int], int]
) -> None:
    """Make a generation one of a store's, with files of other sizes."""
    place = place_of(home, "manifest.json", generation)
    manifest = json.loads(place.read_bytes())
    manifest["version"] = version
    manifest["files"] = [
        (name, files(name, size), digest if files(name, size) else xxh3_128(b"").hexdigest())
        for name, size, digest in manifest["files"]
    ]
    place.write_text(json.dumps(manifest), "utf-8")


def test_a_last_number_that_cannot_be_does_not_delay_a_repair(home: Path, folder: Path) -> None:
    sync_index([folder], home, BigramEmbeddings())
    wanted = told(opened(home))
    place = place_of(home, "catalogue.sqlite")
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE sqlite_sequence SET seq = ?", (2**60,))
        # Many came and went, so one stands far above.
        connection.execute("UPDATE documents SET number = 2000000000 WHERE number = 6")
    assert repair_index(home, BigramEmbeddings()).rebuilt
    assert {one for _, one, _ in told(opened(home))} == {one for _, one, _ in wanted}


def test_an_index_is_repaired_from_the_command_line(home: Path, folder: Path) -> None:
    from serving import program  # which takes the children of the other tests long to import

    environment = {**os.environ, "PYTHONUTF8": "1"}

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            program(*arguments), env=environment, capture_output=True, encoding="utf-8"
        )

    assert command("index", str(folder)).returncode == 0
    flip_a_bit(place_of(home, "vectors.bin"))
    refused = command("ask", ASKED)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert "vectors.bin" in refused.stderr
    assert command("index", "--repair").returncode == 0
    answered = command("ask", ASKED)
    assert answered.returncode == 0, answered.stderr
    assert answered.stdout.startswith("900亩")


def test_two_documents_of_one_name_are_both_repaired(home: Path, folder: Path) -> None:
    """As version 0.1 left them of two folders."""
    sync_index([folder], home, BigramEmbeddings())
    place = place_of(home, "catalogue.sqlite")
    with closing(sqlite3.connect(place)) as connection, connection:
        one, other = (
            connection.execute("SELECT text FROM documents WHERE source = ?", (name,)).fetchone()[0]
            for name in ("1.txt", "3.txt")
        )
        from corpus import document_id

        connection.execute(
            "UPDATE documents SET source = '1.txt', id = ?, raw = NULL WHERE source = '3.txt'",
            (document_id(other, "1.txt"),),
        )
        connection.execute(
            "UPDATE documents SET id = ?, raw = NULL WHERE text = ?",
            (document_id(one, "1.txt"), one),
        )
    repair_index(home, BigramEmbeddings())
    assert sources(home).count("1.txt") == 2


def _ask_while_it_is_damaged(home: Path, pipe: Connection) -> None:
    os.environ["DONGXIHU_HOME"] = str(home)
    index = opened(home)
    wanted = told(index)
    pipe.send("ready")
    assert pipe.recv() == "damaged"
    pipe.send({_outcome(index, wanted) for _ in range(5)})


def _outcome(index: Index, wanted: dict[tuple[str, ...], float]) -> str:
    try:
        return "as before" if told(index) == wanted else "otherwise"
    except Exception as error:  # noqa: BLE001 - told to the test
        return "explained" if explain(error) else repr(error)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_under_an_open_index_ends_no_process(
    damage: Callable[[Path], None], name: str, home: Path, folder: Path
) -> None:
    sync_index([folder], home, BigramEmbeddings())
    ours, theirs = processes.Pipe()
    child = processes.Process(target=_ask_while_it_is_damaged, args=(home, theirs), daemon=True)
    child.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    assert ours.recv() == "ready"
    damage(place_of(home, name))
    ours.send("damaged")
    assert ours.poll(PATIENCE), "it lives and answers"
    outcomes = ours.recv()
    child.join(PATIENCE)
    assert child.exitcode == 0
    allowed = {"as before", "explained"} if name == "catalogue.sqlite" else {"as before"}
    assert outcomes <= allowed


# Two writers


def _hold(home: Path, folder: Path, pipe: Connection) -> None:
    def tell(step: str) -> None:
        if step == "read":
            pipe.send(step)
            pipe.recv()

    sync_index([folder], home, LoggingEmbeddings("bigrams", tell))
    pipe.send("done")


@pytest.mark.parametrize("killed", [False, True])
def test_a_second_writer_is_told_to_wait(
    killed: bool, home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sync_index([folder], home, BigramEmbeddings())
    before = told(opened(home))
    change(folder)
    ours, theirs = processes.Pipe()
    child = processes.Process(target=_hold, args=(home, folder, theirs), daemon=True)
    child.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    assert ours.recv() == "read"
    with pytest.raises(LockedIndexError):
        sync_index([folder], home, BigramEmbeddings())
    capsys.readouterr()
    for arguments in (
        ("index", str(folder)),
        ("index",),
        ("index", "--repair"),
        ("index", "--rollback"),
        ("corpus", "remove", "1.txt"),
    ):
        assert run(*arguments) == 1
        assert "等它结束" in one_line(capsys)
    assert told(opened(home)) == same(before), "who asks waits for nobody"
    if killed:
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join(PATIENCE)
    else:
        ours.send("go on")
        assert ours.poll(PATIENCE)
        while ours.recv() != "done":
            ours.send("go on")
        child.join(PATIENCE)
        assert child.exitcode == 0
        assert "7.txt" in sources(home)
    assert run("index", str(folder), "--prune") == 0
    assert told(opened(home)) == as_built_anew(home, folder)
    assert_nothing_is_left_over(home)


def _open_first(home: Path, pipe: Connection) -> None:
    pipe.send("ready")
    pipe.recv()
    pipe.send(opened(home).generation)


def test_many_that_ask_for_the_first_time_make_one_index(home: Path) -> None:
    pipes = [processes.Pipe() for _ in range(4)]
    children = [
        processes.Process(target=_open_first, args=(home, theirs), daemon=True)
        for _, theirs in pipes
    ]
    for child in children:
        child.start()
    for _, theirs in pipes:
        theirs.close()
    for ours, _ in pipes:
        assert ours.poll(PATIENCE)
        ours.recv()
    for ours, _ in pipes:
        ours.send("go")
    for ours, _ in pipes:
        assert ours.poll(PATIENCE)
    assert {ours.recv() for ours, _ in pipes} == {current_generation(home)}
    for child in children:
        child.join(PATIENCE)
        assert child.exitcode == 0


@pytest.mark.parametrize("left", [b"", b"1234\n"])
def test_a_lock_that_is_left_over_stops_nobody(left: bytes, home: Path, folder: Path) -> None:
    home.mkdir()
    (home / "lock").write_bytes(left)
    (home / "lock").chmod(0o444)
    (home / "current.new").write_bytes(b"\xff" * 10)
    if os.getuid() == 0:  # others may not write it, and are told so
        sync_index([folder], home, BigramEmbeddings())
        assert_nothing_is_left_over(home)
    else:
        with pytest.raises(PermissionError):
            sync_index([folder], home, BigramEmbeddings())
