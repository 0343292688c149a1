"""Files that are bad, go or come back: the others are indexed, and the index in use stays."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from corpus import FILE_LIMIT, Document, DocumentError, read
from fakes import BigramEmbeddings
from index import StaleIndexError, build_index, current_generation, open_index, sources

TEXT = "城东小学今年新增学位900个。\n\n城西医院新增床位120张。\n"
OTHER = "红山镇有茶园九百亩。\n"


@pytest.fixture(autouse=True)
def _encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.load_embeddings", lambda name: BigramEmbeddings())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def too_large(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, FILE_LIMIT + 1)


def unreadable(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("/proc/self/mem")  # a file whose reading fails, for root as well


def broken_link(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.with_name("moved away"))


def circle(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path)


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "没有文字"),
    "blank": (lambda path: path.write_text(" \n\u3000\n", "utf-8"), "没有文字"),
    "binary": (lambda path: path.write_bytes(b"\xff\xfe\x80\x00"), "不是 UTF-8"),
    "utf-16": (lambda path: path.write_bytes(TEXT.encode("utf-16")), "不是 UTF-8"),
    "too large": (too_large, "20 MB"),
    "unreadable": (unreadable, "读不了"),
    "broken link": (broken_link, "读不了"),
    "circle": (circle, "读不了"),
    "pipe": (pipe, "不是普通文件"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_named_and_the_others_are_indexed(
    kind: str, folder: Path, home: Path
) -> None:
    spoil, reason = BAD[kind]
    bad = folder / "bad.txt"
    spoil(bad)
    for _ in range(2):
        index = build_index([folder], home, BigramEmbeddings())
        assert list(index.skipped) == [bad]
        assert str(bad) in index.skipped[bad]
        assert reason in index.skipped[bad]
        assert "120张" in index.search("医院床位", 1)[0].passage.text
    assert open_index(home).generation == index.generation


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_alone_is_an_error_and_replaces_nothing(
    kind: str, folder: Path, home: Path, tmp_path: Path
) -> None:
    first = build_index([folder], home, BigramEmbeddings()).generation
    spoil, reason = BAD[kind]
    lone = tmp_path / "lone"
    lone.mkdir()
    spoil(lone / "bad.txt")
    with pytest.raises(DocumentError, match=rf"(?s)lone.*{reason}"):
        build_index([lone], home, BigramEmbeddings(), forget=True)
    assert current_generation(home) == first
    assert [p.name for p in (home / "generations").iterdir()] == [first]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_turned_bad_is_answered_from_as_it_was(
    kind: str, named: bool, folder: Path, home: Path
) -> None:
    (folder / "other.txt").write_text(OTHER, "utf-8")
    given = sorted(folder.iterdir()) if named else [folder]
    first = build_index(given, home, BigramEmbeddings()).generation
    BAD[kind][0](folder / "good.txt")
    index = open_index(home)
    assert index.generation == first
    assert "120张" in index.search("医院床位", 1)[0].passage.text
    with pytest.raises((StaleIndexError, DocumentError), match=r"good\.txt"):
        build_index(given, home, BigramEmbeddings())
    # Mended, it is read again.
    (folder / "good.txt").unlink()
    (folder / "good.txt").write_text(TEXT.replace("120", "130"), "utf-8")
    assert "130张" in open_index(home).search("医院床位", 1)[0].passage.text


def empty(folder: Path) -> None:
    (folder / "good.txt").unlink()


def remove(folder: Path) -> None:
    empty(folder)
    folder.rmdir()


def make_a_file(folder: Path) -> None:
    remove(folder)
    folder.write_text("", "utf-8")


def change_format(folder: Path) -> None:
    (folder / "good.txt").rename(folder / "good.docx")


def leave_a_bad_one(folder: Path) -> None:
    empty(folder)
    (folder / "bad.txt").write_text("", "utf-8")


def link_nowhere(folder: Path) -> None:
    remove(folder)
    folder.symlink_to("/nowhere")


GONE: list[Callable[[Path], None]] = [
    empty,
    remove,
    make_a_file,
    change_format,
    leave_a_bad_one,
    link_nowhere,
]


@pytest.mark.parametrize("go", GONE, ids=lambda go: go.__name__)
def test_a_folder_that_is_empty_or_gone_keeps_its_index(
    go: Callable[[Path], None], folder: Path, home: Path
) -> None:
    first = build_index([folder], home, BigramEmbeddings()).generation
    go(folder)
    for _ in range(2):
        assert open_index(home).generation == first
    with pytest.raises(DocumentError):
        build_index([folder], home, BigramEmbeddings(), forget=True)
    assert open_index(home).search("医院床位", 1)


@pytest.mark.parametrize("go", GONE, ids=lambda go: go.__name__)
def test_another_encoder_indexes_the_texts_kept_where_the_files_are_gone(
    go: Callable[[Path], None], folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build_index([folder], home, BigramEmbeddings())
    go(folder)
    monkeypatch.setattr("index.store.load_embeddings", lambda name: BigramEmbeddings("other"))
    index = open_index(home)
    assert index.generation != before.generation
    assert index.documents() == before.documents()
    assert open_index(home).generation == index.generation


def test_texts_an_older_version_indexed_are_kept_where_the_files_are_gone(
    folder: Path, home: Path
) -> None:
    name = build_index([folder], home, BigramEmbeddings()).generation
    generation = home / "generations" / name
    told = json.loads((generation / "manifest.json").read_text("utf-8"))
    del told["files"], told["skipped"]
    (generation / "manifest.json").write_text(json.dumps({**told, "splitter": "older"}), "utf-8")
    with closing(sqlite3.connect(generation / "catalogue.sqlite")) as connection:
        connection.execute("ALTER TABLE documents DROP COLUMN place")
    remove(folder)
    index = open_index(home)
    assert index.generation != name
    assert "120张" in index.search("医院床位", 1)[0].passage.text
    assert index.documents()[0].source == "good.txt"


def test_a_file_taken_out_of_a_folder_is_forgotten(folder: Path, home: Path) -> None:
    (folder / "other.txt").write_text(OTHER, "utf-8")
    build_index([folder], home, BigramEmbeddings())
    (folder / "good.txt").unlink()
    assert [d.source for d in open_index(home).documents()] == ["other.txt"]


def test_a_bad_file_beside_does_not_keep_new_ones_out(folder: Path, home: Path) -> None:
    build_index([folder], home, BigramEmbeddings())
    (folder / "bad.txt").write_text("", "utf-8")
    (folder / "other.txt").write_text(OTHER, "utf-8")
    index = open_index(home)
    assert "茶园" in index.search("红山镇茶园", 1)[0].passage.text
    assert [path.name for path in index.skipped] == ["bad.txt"]


def test_what_is_indexed_anew_on_purpose_forgets_what_turned_bad(folder: Path, home: Path) -> None:
    (folder / "other.txt").write_text(OTHER, "utf-8")
    build_index([folder], home, BigramEmbeddings())
    (folder / "good.txt").write_text("", "utf-8")
    index = build_index([folder], home, BigramEmbeddings(), forget=True)
    assert [d.source for d in index.documents()] == ["other.txt"]
    assert [path.name for path in index.skipped] == ["good.txt"]


def test_a_file_that_vanishes_while_they_are_read_is_named(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = folder / "bad.txt"
    bad.write_text(OTHER, "utf-8")

    def lose_and_read(path: Path) -> Document:
        bad.unlink(missing_ok=True)
        return read(path)

    monkeypatch.setattr(sources, "read", lose_and_read)
    index = build_index([folder], home, BigramEmbeddings())
    assert list(index.skipped) == [bad]
    assert len(index.documents()) == 1


def test_a_folder_that_cannot_be_listed_is_named(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir()
    (closed / "other.txt").write_text(OTHER, "utf-8")
    first = build_index([folder], home, BigramEmbeddings()).generation
    scan, listdir = os.scandir, os.listdir

    def allowed(path: str) -> str:
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return path

    # root may list anything
    monkeypatch.setattr(os, "scandir", lambda path: scan(allowed(path)))
    monkeypatch.setattr(os, "listdir", lambda path: listdir(allowed(path)))
    assert open_index(home).generation == first
    index = build_index([folder], home, BigramEmbeddings(), forget=True)
    assert list(index.skipped) == [closed]
    assert "Permission denied" in index.skipped[closed]


@pytest.mark.parametrize("name", ["报告", "年报 2024", "報告", "①", "第1期"])
def test_a_name_in_gb18030_is_read_and_shown(name: str, folder: Path, home: Path) -> None:
    path = os.path.join(os.fsencode(folder), f"{name}.txt".encode("gb18030"))  # noqa: PTH118
    Path(os.fsdecode(path)).write_text(OTHER, "utf-8")
    index = build_index([folder], home, BigramEmbeddings())
    assert f"{name}.txt" in [document.source for document in index.documents()]
    assert open_index(home).generation == index.generation
