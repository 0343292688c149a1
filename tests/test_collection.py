"""An operator adds documents: they answer at once, and a bad file changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import DocumentError
from index import current_generation, list_documents
from qa import answer, default_index
from ui.page.words import CHINESE
from ui.service import collection
from ui.service.collection import add_documents

ASKED = "某镇2023年新建了多少座桥？"
ARTICLE = "2024年改造了多少个小区？"


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("DONGXIHU_HOME", str(home))
    return home


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def add(home: Path, *files: Path) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    add_documents(files, home, lambda _what, done, total: told.append((done, total)))
    return told


def state(home: Path) -> tuple[str, dict[str, bytes]]:
    folder = home / "documents"
    files = {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else {}
    return current_generation(home), files


def test_an_added_document_answers_beside_what_was_there(own_home: Path, tmp_path: Path) -> None:
    assert answer(ASKED).status == "refused"
    page = write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n")
    told = add(own_home, page)
    assert told[-1][0] == told[-1][1] > 0
    assert answer(ASKED).text == "37座"
    assert answer(ARTICLE).text == "25个"
    # A file of the same name takes its place; the folder is not indexed twice.
    add(own_home, write(tmp_path / "in", "bridges.txt", "某镇报告\n\n2023年，某镇新建了41座桥。\n"))
    assert answer(ASKED).text == "41座"
    assert len(default_index().catalogue.document_ids()) == 2
    assert [p.name for p in (own_home / "documents").iterdir()] == ["bridges.txt"]


@pytest.mark.parametrize("name", ["picture.png", "empty.txt", "missing.txt"])
def test_a_bad_file_leaves_everything_as_it_was(name: str, own_home: Path, tmp_path: Path) -> None:
    good = write(tmp_path / "in", "good.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n")
    (tmp_path / "in" / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "in" / "empty.txt").write_text("\n", "utf-8")
    before = state(own_home)
    with pytest.raises(DocumentError, match=name):
        add(own_home, good, tmp_path / "in" / name)
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


def test_two_files_of_one_name_change_nothing(own_home: Path, tmp_path: Path) -> None:
    add(own_home, write(tmp_path / "in", "a.txt", "某镇报告\n\n2023年，某镇新建了37座桥。\n"))
    before = state(own_home)
    one = write(tmp_path / "one", "a.txt", "某镇报告\n\n2023年，某镇新建了1座桥。\n")
    other = write(tmp_path / "other", "a.txt", "某镇报告\n\n2023年，某镇新建了2座桥。\n")
    with pytest.raises(DocumentError, match="同名"):
        add(own_home, one, other)
    assert state(own_home) == before


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
    from ui.page.operator_page import tell_added  # Gradio: it takes a while

    text = "某镇报告\n\n2023年，某镇新建了37座桥。\n"
    page, twin = write(tmp_path / "in", "a.txt", text), write(tmp_path / "in", "b.txt", text)
    summary = add_documents([page], own_home, lambda *_: None)
    told = tell_added({"a.txt"}, summary, CHINESE)
    assert told.startswith("新收录 1 篇，更新 0 篇，现共 2 篇")  # not the article that came with it
    summary = add_documents([twin], own_home, lambda *_: None)
    told = tell_added({"b.txt"}, summary, CHINESE)
    assert "新收录 0 篇，更新 0 篇，现共 2 篇" in told
    assert "重复、没有再收录：b.txt = a.txt" in told


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
