"""An operator adds documents: they answer at once, and a bad file stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from index import (
    current_generation,
    find_documents,
    list_documents,
    load_chosen_embeddings,
    sync_index,
)
from qa import answer, default_index
from ui.failures import BusyError, NotFoundError
from ui.service import aside, collection
from ui.service.arrivals import Arrivals
from ui.service.collection import (
    Addition,
    add_documents,
    delete_documents,
    go_back,
    is_own,
)

ASKED = "某镇2023年新建了多少座桥？"
ARTICLE = "2024年改造了多少个小区？"


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("DONGXIHU_HOME", str(home))
    return home


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def add(home: Path, *files: Path) -> tuple[Addition, list[tuple[int, int]]]:
    """What became of files that come by their names, and how far it was told to be."""
    told: list[tuple[int, int]] = []
    arrivals = Arrivals(home)
    key = arrivals.begin()
    for file in files:
        arrivals.put(key, file.name, file.read_bytes())
    folder = arrivals.folder(key)
    try:
        added = add_documents(folder, home, lambda _what, done, total: told.append((done, total)))
    finally:
        arrivals.end(key)
    assert not [*(home / "arriving").iterdir()]
    return added, told


def state(home: Path) -> tuple[str, dict[str, bytes]]:
    folder = home / "documents"
    files = {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else {}
    return current_generation(home), files


def test_an_added_document_answers_beside_what_was_there(own_home: Path, tmp_path: Path) -> None:
    assert answer(ASKED).status == "refused"
    page = write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n")
    _, told = add(own_home, page)
    assert told[-1][0] == told[-1][1] > 0
    assert answer(ASKED).text == "37座"
    assert answer(ARTICLE).text == "25个"
    # A file of the same name takes its place; the folder is not indexed twice.
    add(own_home, write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了41座桥。\n"))
    assert answer(ASKED).text == "41座"
    assert len(default_index().catalogue.document_ids()) == 2
    assert [p.name for p in (own_home / "documents").iterdir()] == ["bridges.txt"]


def test_a_bad_file_is_named_and_the_others_go_on(own_home: Path, tmp_path: Path) -> None:
    add(own_home, write(tmp_path / "in", "kept.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    (tmp_path / "in" / "picture.png").write_bytes(b"\x89PNG")
    good = write(tmp_path / "in", "good.txt", "别镇报告\n\n2023年，别镇新建了12座桥。\n")
    empty = write(tmp_path / "in", "empty.txt", "\n")
    kept = write(tmp_path / "in", "kept.txt", "\n")  # a bad one takes no other's place
    added, _ = add(own_home, tmp_path / "in" / "picture.png", empty, kept, good)
    assert added.added == ("good.txt",)
    assert set(added.failed) == {"picture.png", "empty.txt", "kept.txt"}
    assert "图片" in added.failed["picture.png"]
    assert added.failed["empty.txt"] == "没有文字"
    assert answer(ASKED).text == "37座"
    assert set(state(own_home)[1]) == {"good.txt", "kept.txt"}


def test_only_bad_files_leave_everything_as_it_was(own_home: Path, tmp_path: Path) -> None:
    add(own_home, write(tmp_path / "in", "a.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    before = state(own_home)
    added, _ = add(own_home, write(tmp_path / "in", "empty.txt", "\n"))
    assert (added.added, added.documents) == ((), 2)
    assert state(own_home) == before


def test_a_build_that_fails_brings_the_files_back(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(own_home, write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    before = state(own_home)

    def break_down(*arguments: object, **named: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(collection, "sync_index", break_down)
    with pytest.raises(OSError, match="no space"):
        add(own_home, write(tmp_path / "in", "bridges.txt", "某镇新建了9座桥。"))
    assert state(own_home) == before
    assert answer(ASKED).text == "37座"


def test_files_of_a_build_that_was_killed_come_back(own_home: Path, tmp_path: Path) -> None:
    add(own_home, write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    before = (own_home / "documents" / "bridges.txt").read_bytes()
    (own_home / "replaced").mkdir()
    (own_home / "documents" / "bridges.txt").replace(own_home / "replaced" / "bridges.txt")
    write(own_home / "documents", "bridges.txt", "某镇新建了9座桥。")
    add(own_home, write(tmp_path / "in", "other.txt", "别镇报告\n\n2023年，别镇有茶园3亩。\n"))
    assert (own_home / "documents" / "bridges.txt").read_bytes() == before
    assert not (own_home / "replaced").exists()
    assert answer(ASKED).text == "37座"


class KilledError(BaseException):
    """What ends a process in the middle; nothing of it is tidied up."""


def test_what_was_replaced_does_not_come_back_once_it_is_indexed(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(own_home, write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    with monkeypatch.context() as patch:
        patch.setattr(aside, "_forget", _kill_once_indexed)
        with pytest.raises(KilledError):
            add(
                own_home,
                write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了9座桥。\n"),
            )
    add(own_home, write(tmp_path / "in", "other.txt", "别镇报告\n\n2023年，别镇有茶园3亩。\n"))
    assert answer(ASKED).text == "9座"
    assert not (own_home / "replaced").exists()


@pytest.mark.parametrize("later", [False, True])
def test_what_was_deleted_does_not_come_back_with_the_next(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    add(own_home, write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    (document,) = [d for d in list_documents(own_home) if d.source == "bridges.txt"]
    with monkeypatch.context() as patch:
        if later:
            patch.setattr(aside, "_forget", _kill_once_indexed)
        else:
            patch.setattr(collection, "remove_documents", _kill)
            patch.setattr(aside, "settle", lambda home: None)
        with pytest.raises(KilledError):
            delete_documents([document.id], own_home)
    add(own_home, write(tmp_path / "in", "other.txt", "别镇报告\n\n2023年，别镇有茶园3亩。\n"))
    assert (answer(ASKED).text == "37座") is not later  # it was not removed from the index before
    assert (own_home / "documents" / "bridges.txt").exists() is not later


def _kill(*_: object) -> None:
    raise KilledError


def _kill_once_indexed(home: Path) -> None:
    if (home / aside.SINCE).exists():
        raise KilledError


def test_a_file_where_a_folder_is_stops_no_other(own_home: Path, tmp_path: Path) -> None:
    write(own_home / "documents" / "b.txt", "c.txt", "乙镇报告\n\n2023年，乙镇有茶园2亩。\n")
    one = write(tmp_path / "in", "b.txt", "丙镇报告\n\n2023年，丙镇有茶园4亩。\n")
    two = write(tmp_path / "in", "d.txt", "丁镇报告\n\n2023年，丁镇有茶园5亩。\n")
    added, _ = add(own_home, one, two)
    assert "同名" in added.failed["b.txt"]
    assert added.added == ("d.txt",)
    assert added.also == ("b.txt/c.txt",)  # it was in the folder already


def test_only_one_at_a_time_changes_the_files(own_home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "in", "a.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n")
    add(own_home, page)
    with FileLock(own_home / "documents.lock"):
        for change in (lambda: add(own_home, page), lambda: go_back(own_home)):
            with pytest.raises(BusyError, match="请等它结束"):
                change()


def test_deleting_takes_the_files_that_were_added_here_alone(
    own_home: Path, tmp_path: Path
) -> None:
    elsewhere = write(tmp_path / "elsewhere", "far.txt", "远镇报告\n\n2023年，远镇有茶园9亩。\n")
    sync_index([elsewhere], own_home, load_chosen_embeddings())
    text = "某镇报告\n\n2023年，某镇新建了37座桥。\n"
    add(own_home, write(tmp_path / "in", "a.txt", text), write(tmp_path / "in", "twin.txt", text))
    total, found = find_documents(default_index().catalogue)
    assert total == 2
    assert {one.source: is_own(one, own_home) for one in found} == {"a.txt": True, "far.txt": False}
    removed = delete_documents([one.id for one in found], own_home)
    assert set(removed.removed) == {"a.txt", "far.txt"}
    assert (removed.left, removed.instead) == (("far.txt",), ("twin.txt",))
    assert elsewhere.exists()
    assert set(state(own_home)[1]) == {"twin.txt"}
    assert answer(ASKED).text == "37座"
    with pytest.raises(NotFoundError):
        delete_documents([one.id for one in found], own_home)


def test_documents_are_added_one_after_the_other(own_home: Path, tmp_path: Path) -> None:
    for name, bridges in (("a.txt", 37), ("b.txt", 12)):
        add(own_home, write(tmp_path / "in", name, f"{name}报告\n\n2023年新建了{bridges}座桥。\n"))
    before = state(own_home)
    assert [head.source for head in list_documents(own_home)] == ["article.txt", "a.txt", "b.txt"]
    # The same file once more changes nothing.
    add(own_home, write(tmp_path / "in", "a.txt", "a.txt报告\n\n2023年新建了37座桥。\n"))
    assert state(own_home) == before


def test_what_is_there_already_is_told_apart_from_what_is_added(
    own_home: Path, tmp_path: Path
) -> None:
    text = "某镇报告\n\n2023年，某镇新建了37座桥。\n"
    page, twin = write(tmp_path / "in", "a.txt", text), write(tmp_path / "in", "b.txt", text)
    added, _ = add(own_home, page)
    assert (added.added, added.documents) == (("a.txt",), 2)  # not the article that came with it
    added, _ = add(own_home, twin, page)
    assert (added.added, added.unchanged) == ((), ("a.txt",))
    assert added.duplicates == {"b.txt": "a.txt"}


LEVELS = [
    "白沙县简报\n\n全县进出口总额达到45亿元。\n",
    "海关消息\n\n上半年进出口总额达到8.4万亿元，增长3.9%。\n",
]


@pytest.mark.parametrize(
    "question",
    [
        "县里的进出口总额有多少？",
        "全县进出口总额是多少？",
        "我县进出口总额达到多少？",
        "县里的进出口总额达到多少亿元？",
        "本县的进出口总额多少？",
    ],
)
def test_what_is_asked_of_a_county_is_not_told_by_a_text_about_none(question: str) -> None:
    assert answer(question, documents=LEVELS).text.startswith("45亿元")
    assert answer(question, documents=LEVELS[1:]).status == "refused"
