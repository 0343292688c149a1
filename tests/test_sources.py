"""What is indexed follows its files by content; files that are bad, go or move lose nothing."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import DocumentError, SourceFile
from fakes import BigramEmbeddings
from index import (
    Index,
    Summary,
    current_generation,
    describe_index,
    list_documents,
    open_index,
    remove_documents,
    sync_index,
)
from index import files as index_files
from index import sync as index_sync
from index.base import Base, find_base
from index.files import KnownFile

TEXT = "城东小学今年新增学位900个。\n\n城西医院新增床位120张。\n"
OTHER = "红山镇有茶园九百亩。\n"
QUESTIONS = ("医院床位", "新增学位", "茶园有多少", "游客", "镇上有什么")


class CountingEmbeddings(BigramEmbeddings):
    """Remembers what it was asked to read."""

    def __init__(self, name: str = "bigrams") -> None:
        super().__init__(name)
        self.read: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.read += texts
        return super().embed_documents(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def sync(home: Path, *paths: Path | str, **options: Any) -> Summary:
    return sync_index(paths, home, BigramEmbeddings(), **options)


def opened(home: Path, encoder: str = "bigrams") -> Index:
    return open_index(home, BigramEmbeddings(encoder))


def sources(home: Path) -> list[str]:
    return sorted(head.source for head in list_documents(home))


def texts(index: Index) -> list[str]:
    return sorted(document.raw for document in index.documents())


def told(index: Index) -> dict[tuple[str, ...], float]:
    """The scores of all that is found for some questions, by where it stands."""
    return {
        (
            question,
            index.document(one.passage.document_id).source,
            one.passage.id[-3:],
            one.passage.text,
        ): one.score
        for question in QUESTIONS
        for one in index.search(question, 50)
    }


def known(index: Index) -> tuple[object, ...]:
    """All that is told of a corpus without a question."""
    catalogue = index.catalogue
    documents = sorted(index.documents(), key=lambda document: document.source)
    return (
        [(d.source, d.raw, d.facts) for d in documents],
        catalogue.sizes(),
        catalogue.years(),
        sorted(catalogue.figures.of_years()),
        catalogue.pairs.characters(),
        [(catalogue.count(word), catalogue.holds(word)) for word in ("茶园", "学位", "新增", "镇")],
    )


def assert_as_if_built_anew(home: Path, *paths: Path) -> None:
    """The index answers as one made of nothing but these files."""
    fresh = home.with_name(f"{home.name} fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    sync(fresh, *paths)
    found, wanted = opened(home), opened(fresh)
    assert told(found) == pytest.approx(told(wanted), abs=1e-3)  # sums of floats in any order
    assert known(found) == known(wanted)


# What a sync tells


def test_a_sync_tells_what_it_did(folder: Path, home: Path) -> None:
    first = sync(home, folder)
    assert (first.added, first.documents, first.passages, first.embedded) == (["good.txt"], 1, 2, 2)
    again = sync(home, folder)
    assert (again.unchanged, again.generation, again.embedded) == (1, first.generation, 0)
    write(folder, "sub/other.txt", OTHER)
    write(folder, "good.txt", TEXT.replace("900", "800"))
    second = sync(home, folder)
    assert (second.added, second.changed, second.unchanged) == (["sub/other.txt"], ["good.txt"], 0)
    assert second.generation == current_generation(home) != first.generation
    assert second.documents == 2
    (folder / "good.txt").unlink()
    third = sync(home, folder)
    assert (third.gone, third.removed, third.documents) == (["good.txt"], [], 2)
    assert "800" in opened(home).search("新增学位", 1)[0].passage.text
    last = sync(home, folder, prune=True)
    assert (last.gone, last.removed, last.documents) == ([], ["good.txt"], 1)
    assert sources(home) == ["sub/other.txt"]


def test_nothing_is_done_in_a_dry_run_but_told(folder: Path, home: Path) -> None:
    empty = sync(home, folder, dry_run=True)
    assert empty.added == ["good.txt"]
    assert current_generation(home) == ""
    first = sync(home, folder).generation
    write(folder, "other.txt", OTHER)
    write(folder, "bad.txt", "")
    (folder / "good.txt").unlink()
    planned = sync(home, folder, dry_run=True, prune=True)
    assert (planned.added, planned.removed) == (["other.txt"], ["good.txt"])
    assert [*planned.failed] == ["bad.txt"]
    assert current_generation(home) == first
    assert sources(home) == ["good.txt"]


def test_a_sync_without_paths_looks_at_what_is_known(
    folder: Path, home: Path, tmp_path: Path
) -> None:
    lone = write(tmp_path, "lone.txt", "青山镇有果园三百亩。\n")
    sync(home, folder)
    sync(home, lone)
    write(folder, "other.txt", OTHER)
    lone.write_text("青山镇有果园四百亩。\n", "utf-8")
    again = sync(home)
    assert (again.added, again.changed, again.unchanged) == (["other.txt"], ["lone.txt"], 1)
    assert_as_if_built_anew(home, folder, lone)


def test_force_reads_again_what_has_not_changed(folder: Path, home: Path) -> None:
    first = sync(home, folder)
    again = sync(home, folder, force=True)
    assert again.changed == ["good.txt"]
    assert again.generation != first.generation
    assert again.embedded == 0
    assert_as_if_built_anew(home, folder)


def test_a_file_given_twice_is_one(folder: Path, home: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    spellings = (folder, f"{folder}/", f"{folder}/../in", link)
    first = sync(home, *spellings)
    assert (first.added, first.unchanged, first.duplicates) == (["good.txt"], 0, {})
    again = sync(home, *spellings)
    assert again.generation == first.generation
    assert (again.added, again.unchanged) == ([], 1)


# Vectors


def embedded_by(home: Path, *paths: Path, **options: Any) -> list[str]:
    """The texts that a sync had the encoder read."""
    counting = CountingEmbeddings()
    summary = sync_index(paths, home, counting, **options)
    assert summary.embedded <= len(counting.read)
    return counting.read


def test_only_passages_that_are_new_are_embedded(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "other.txt", OTHER)
    assert len(embedded_by(home, folder)) == 3
    assert embedded_by(home, folder) == []
    assert embedded_by(home, folder, force=True) == []
    write(folder, "good.txt", TEXT.replace("120", "130"))
    assert embedded_by(home, folder) == ["城西医院新增床位130张。"]
    (folder / "other.txt").rename(folder / "renamed.txt")
    assert embedded_by(home, folder, prune=True) == []
    assert sources(home) == ["good.txt", "renamed.txt"]
    (folder / "renamed.txt").unlink()
    assert embedded_by(home, folder, prune=True) == []
    for module in ("version", "writing"):
        monkeypatch.setattr(f"index.{module}.CUT", "another splitter")
    assert embedded_by(home, folder) == []
    monkeypatch.setattr("index.version.CUT", "another splitter")
    assert_as_if_built_anew(home, folder)


def test_vectors_stay_with_their_passages(folder: Path, home: Path) -> None:
    for number in range(40):
        write(folder, f"{number:02}.txt", f"第{number}号楼有{number}户，住着{number * 7}人。\n")
    sync(home, folder)
    for number in range(0, 40, 3):
        (folder / f"{number:02}.txt").unlink()
    write(folder, "20.txt", "第20号楼拆了，建起一座公园。\n")
    assert len(embedded_by(home, folder, prune=True)) == 1
    assert_as_if_built_anew(home, folder)


def test_another_encoder_reads_the_stored_texts(folder: Path, home: Path, tmp_path: Path) -> None:
    write(folder, "other.txt", OTHER)
    sync(home, folder)
    before = opened(home).documents()
    folder.rename(tmp_path / "away")
    counting = CountingEmbeddings("another")
    sync_index((), home, counting)
    assert len(counting.read) == 3
    after = opened(home, "another")
    assert after.documents() == before
    # Back again, the files are known for what they are.
    (tmp_path / "away").rename(folder)
    again = sync_index((), home, BigramEmbeddings("another"))
    assert (again.unchanged, again.generation) == (2, after.generation)


# Names


def test_files_of_one_name_are_told_apart(home: Path, tmp_path: Path) -> None:
    roots = [tmp_path / one / "in" for one in "abc"]
    for number, root in enumerate(roots):
        write(root, "报告.txt", f"第{number}镇有茶园{number + 3}00亩。\n")
    sync(home, *roots)
    index = opened(home)
    found = {index.document(f.passage.document_id).source for f in index.search("镇有茶园", 9)}
    assert len(found) == 3
    for number, root in enumerate(roots):
        write(root, "报告.txt", f"第{number}镇有茶园{number + 6}00亩。\n")
    assert len(sync(home).changed) == 3
    assert len(set(sources(home))) == 3
    assert sorted(d.text for d in opened(home).documents()) == [
        f"第{n}镇有茶园{n + 6}00亩。" for n in range(3)
    ]


def test_a_source_is_where_a_file_stands_in_its_folder(folder: Path, home: Path) -> None:
    write(folder, "镇/茶 园/报告.txt", OTHER)
    sync(home, folder)
    assert sources(home) == ["good.txt", "镇/茶 园/报告.txt"]


NAMES = {
    "newline": "一\n二.txt",
    "quote": 'it\'s "%s" 100%.txt',
    "blank": " .txt",
    "gb18030": os.fsdecode("报告.txt".encode("gb18030")),
    "no name": os.fsdecode(b"\xff\xfe.txt"),
    "long": f"{'长' * 80}.txt",
    "like a pattern": "[a-z]*?.txt",
}


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("is_folder", [False, True])
def test_any_name_is_indexed_and_known_again(
    kind: str, is_folder: bool, folder: Path, home: Path, tmp_path: Path
) -> None:
    inner = folder / NAMES[kind]
    write(inner, "page.txt", OTHER) if is_folder else write(folder, NAMES[kind], OTHER)
    for given in (folder, inner):
        here = tmp_path / f"home of {given.name[:4]!r}"
        first = sync(here, given)
        assert "茶园" in opened(here).search("茶园", 1)[0].passage.text
        assert sync(here).generation == sync(here, given).generation == first.generation
        name = next(head.source for head in list_documents(here) if head.source != "good.txt")
        assert remove_documents([name], here, BigramEmbeddings()).removed == [name]


def test_two_names_that_read_the_same_are_two_files(folder: Path, home: Path) -> None:
    write(folder, "报告.txt", OTHER)
    write(folder, os.fsdecode("报告.txt".encode("gb18030")), "青山镇有果园三百亩。\n")
    first = sync(home, folder)
    assert first.documents == 3
    assert sync(home, folder).generation == first.generation


@pytest.mark.parametrize("name", ["数据 文件夹", "a?b#c%20d", os.fsdecode(b"\xb1\xa8")])
def test_a_data_folder_may_have_any_name(name: str, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / name / "home"
    sync(home, folder)
    write(folder, "other.txt", OTHER)
    sync(home, folder)
    assert "茶园" in opened(home).search("茶园", 1)[0].passage.text


# Duplicates


REPORT = (
    "2023年，红山镇新建公园3座，栽种树木1200棵，沿河步道全线贯通，居民出门就能散步健身。\n\n"
    "全镇新增停车位560个，方便居民出行；老旧小区加装电梯，老人上下楼不再发愁。\n\n"
    "镇卫生院完成改造，门诊量达到4.2万人次，家庭医生定期上门，为行动不便的老人体检。\n\n"
    "学校食堂全部实行明厨亮灶，家长可以随时查看；放学后开设书法、足球等课程，由学生自选。\n"
)


def test_the_same_text_twice_is_one_until_the_first_goes(folder: Path, home: Path) -> None:
    write(folder, "copy.txt", OTHER)
    write(folder, "sub/again.txt", OTHER)
    first = sync(home, folder)
    assert first.duplicates == {"sub/again.txt": "copy.txt"}
    assert sources(home) == ["copy.txt", "good.txt"]
    assert sync(home, folder).generation == first.generation
    (folder / "copy.txt").unlink()
    second = sync(home, folder, prune=True)
    assert (second.removed, second.added, second.duplicates) == ([], [], {})
    assert second.changed == ["sub/again.txt"]
    assert_as_if_built_anew(home, folder)


def test_of_what_is_removed_a_copy_of_another_name_takes_the_place(
    folder: Path, home: Path
) -> None:
    write(folder, "copy.txt", OTHER)
    write(folder, "sub/again.txt", OTHER)
    sync(home, folder)
    summary = remove_documents(["copy.txt"], home, BigramEmbeddings())
    assert (summary.removed, summary.added) == (["copy.txt"], ["sub/again.txt"])
    assert sources(home) == ["good.txt", "sub/again.txt"]


def test_of_a_folder_that_is_removed_no_copy_takes_the_place(folder: Path, home: Path) -> None:
    write(folder, "sub/copy.txt", OTHER)
    write(folder, "sub/again.txt", OTHER)
    sync(home, folder)
    assert remove_documents(["sub"], home, BigramEmbeddings()).added == []
    assert sources(home) == ["good.txt"]
    sync(home, folder)
    assert sources(home) == ["good.txt", "sub/again.txt"]


@pytest.mark.parametrize("copy", ["0.txt", "z.txt"])
@pytest.mark.parametrize("what", ["changed", "gone"])
def test_a_copy_takes_the_place_of_what_changes(
    copy: str, what: str, folder: Path, home: Path
) -> None:
    write(folder, "m.txt", OTHER)
    sync(home, folder)
    write(folder, copy, OTHER)
    assert sync(home, folder).duplicates == {copy: "m.txt"}
    if what == "changed":
        write(folder, "m.txt", "青山镇有果园三百亩。\n")
    else:
        (folder / "m.txt").unlink()
    sync(home, folder, prune=True)
    assert_as_if_built_anew(home, folder)


def test_yearly_reports_of_one_form_are_no_duplicates(folder: Path, home: Path) -> None:
    for year, parks in ((2022, 3), (2023, 4), (2024, 5)):
        changed = REPORT.replace("2023", str(year)).replace("公园3", f"公园{parks}")
        write(folder, f"{year}.txt", changed)
    summary = sync(home, folder)
    assert summary.duplicates == {}
    assert summary.documents == 4


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("", ""),
        ("来源：红山发布\n\n", "责任编辑：王某某\n"),
        ("红山镇又有新变化\n\n", "（完）\n"),
        ("\ufeff  ", "\n\n\n"),
    ],
)
def test_a_repost_is_a_duplicate(head: str, foot: str, folder: Path, home: Path) -> None:
    write(folder, "first.txt", REPORT)
    write(folder, "second.txt", f"{head}{REPORT}{foot}")
    assert sync(home, folder).duplicates == {"second.txt": "first.txt"}


def test_one_root_within_another_holds_each_text_once(folder: Path, home: Path) -> None:
    inner = folder / "inner"
    write(inner, "other.txt", OTHER)
    sync(home, folder)
    again = sync(home, inner)
    assert (again.unchanged, again.duplicates) == (1, {})
    write(inner, "other.txt", OTHER.replace("九百", "八百"))
    sync(home)
    assert texts(opened(home)) == sorted([TEXT, OTHER.replace("九百", "八百")])
    (inner / "other.txt").unlink()
    write(inner, "new.txt", "青山镇有果园三百亩。\n")
    sync(home, inner, prune=True)
    sync(home, folder, prune=True)
    assert texts(opened(home)) == sorted([TEXT, "青山镇有果园三百亩。\n"])


# One file, one place


def roots_of(home: Path) -> tuple[str, ...]:
    told = describe_index(home)
    return told.roots if told else ()


def zipped(place: Path, **members: str) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return place


GIVEN = {  # what is given below a folder that is known, by how
    "file": lambda folder: folder / "sub/公 告.txt",
    "folder": lambda folder: folder / "sub",
    "relative": lambda folder: os.path.relpath(folder / "sub" / ".." / "sub" / "公 告.txt"),
    "linked folder": lambda folder: folder.parent / "link" / "sub",
    "linked file": lambda folder: folder.parent / "link.txt",
    "link in the folder": lambda folder: folder / "link.txt",
}


@pytest.mark.parametrize("how", GIVEN)
def test_what_is_given_below_a_known_folder_is_a_part_of_it(
    how: str, folder: Path, home: Path, tmp_path: Path
) -> None:
    path = write(folder, "sub/公 告.txt", OTHER)
    (tmp_path / "link").symlink_to(folder)
    if how == "link in the folder":  # to a file elsewhere
        away = write(tmp_path, "away.txt", OTHER)
        path.unlink()
        path, away = folder / "link.txt", away
        path.symlink_to(away)
    else:
        (tmp_path / "link.txt").symlink_to(path)
    first = sync(home, folder)
    names = sources(home)
    given = GIVEN[how](folder)
    again = sync(home, given)
    assert (again.generation, again.unchanged, again.duplicates) == (first.generation, 1, {})
    path.write_text(OTHER.replace("九百", "八百"), "utf-8")
    changed = sync(home, given)
    assert (changed.added, len(changed.changed), changed.documents) == ([], 1, 2)
    assert (sources(home), roots_of(home)) == (names, (str(folder),))
    assert_as_if_built_anew(home, folder)
    # What is new there is a part of the folder, too; what is gone beside it is not looked at.
    (folder / "good.txt").unlink()
    assert sync(home, given, prune=True).removed == []
    assert sync(home, folder, prune=True).removed == ["good.txt"]


def test_a_file_of_an_archive_below_a_known_folder_goes_when_it_is_given(
    folder: Path, home: Path
) -> None:
    place = zipped(folder / "x.zip", a=OTHER, b=REPORT)
    sync(home, folder)
    assert sync(home, place).unchanged == 2
    zipped(place, a=OTHER.replace("九百", "八百"), c="青山镇有果园三百亩。")
    (folder / "good.txt").unlink()
    summary = sync(home, place, prune=True)
    assert (summary.changed, summary.added) == (["x.zip/a.txt"], ["x.zip/c.txt"])
    assert summary.removed == ["x.zip/b.txt"]
    assert roots_of(home) == (str(folder),)


@pytest.mark.parametrize("inner", ["good.txt", "sub", "sub/x.zip", "sub/other.txt"])
@pytest.mark.parametrize("changed", [False, True])
def test_what_is_given_above_known_files_knows_them(
    inner: str, changed: bool, folder: Path, home: Path
) -> None:
    write(folder, "sub/other.txt", OTHER)
    zipped(folder / "sub" / "x.zip", a=REPORT)
    first = sync(home, folder / inner)
    if changed:
        write(folder, "good.txt", TEXT.replace("900", "800"))
        write(folder, "sub/other.txt", OTHER.replace("九百", "八百"))
        zipped(folder / "sub" / "x.zip", a=REPORT.replace("560", "570"))
    after = sync(home, folder)
    assert (after.documents, after.duplicates) == (3, {})
    known = len(after.changed) if changed else after.unchanged
    assert known == first.documents
    assert roots_of(home) == (str(folder),)
    assert len({*texts(opened(home))}) == 3
    assert sync(home).generation == after.generation
    if changed:
        assert_as_if_built_anew(home, folder)


def test_a_file_that_was_given_by_a_link_is_known_in_its_folder(
    folder: Path, home: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(folder / "good.txt")
    assert sync(home, link).added == ["link.txt"]
    write(folder, "good.txt", TEXT.replace("900", "800"))
    for paths in ((folder,), (link,), ()):
        summary = sync(home, *paths)
        assert (summary.added, summary.gone, summary.documents) == ([], [], 1)
    assert_as_if_built_anew(home, folder)


def test_a_folder_and_what_is_in_it_given_at_once_are_one(folder: Path, home: Path) -> None:
    write(folder, "sub/other.txt", OTHER)
    given = (folder / "sub/other.txt", folder / "sub", folder, folder / "good.txt")
    summary = sync(home, *given)
    assert (summary.added, summary.duplicates) == (["good.txt", "sub/other.txt"], {})
    write(folder, "sub/other.txt", OTHER.replace("九百", "八百"))
    assert sync(home, *given[:2]).changed == ["sub/other.txt"]
    assert_as_if_built_anew(home, folder)


def test_a_file_that_an_older_version_had_twice_is_one_again(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(index_sync, "settle", lambda looked, _: ([*looked], []))
        sync(home, folder)
        write(folder, "good.txt", TEXT.replace("900", "800"))
        assert sync(home, folder / "good.txt").documents == 2
    planned = sync(home, folder / "good.txt", dry_run=True)
    assert planned.changed == ["good.txt"]
    assert sync(home, folder / "good.txt").documents == 1
    assert_as_if_built_anew(home, folder)
    assert roots_of(home) == (str(folder),)


def test_what_a_folder_passes_over_is_kept_when_it_was_given_itself(
    folder: Path, home: Path
) -> None:
    hidden = write(folder, ".notes.txt", OTHER)
    for paths in ((folder,), (hidden,), (folder,), ()):
        summary = sync(home, *paths, prune=True)
        assert summary.removed == []
    assert len(sources(home)) == 2


@pytest.mark.parametrize("seed", range(4))
def test_a_dry_run_tells_what_the_run_does(seed: int, folder: Path, home: Path) -> None:
    chance = random.Random(seed)
    names = ["1.txt", "2.txt", "sub/3.txt", "sub/4.txt", "5.txt"]
    for _ in range(6):
        for name in chance.sample(names, 3):
            path = folder / name
            if path.exists() and chance.random() < 0.4:
                path.unlink()
            else:  # some are empty, some copies
                many = chance.randint(0, 3)
                write(folder, name, f"红山镇有茶园{many}00亩。\n" if many else "")
        given = (folder, folder / "sub") if [*folder.glob("sub/*")] else (folder,)
        paths = chance.choice((given[:1], given))
        options = {"prune": chance.random() < 0.5, "force": chance.random() < 0.2}
        before = sorted(home.rglob("*"))
        planned = sync(home, *paths, dry_run=True, **options)
        assert [p for p in sorted(home.rglob("*")) if p.name != "lock"] == [
            p for p in before if p.name != "lock"
        ]
        done = sync(home, *paths, **options)
        for what in ("added", "changed", "removed", "gone", "unchanged", "duplicates", "failed"):
            assert getattr(planned, what) == getattr(done, what), what


NOTICE = (
    "干部任前公示\n\n根据有关规定，现将拟任职人选的情况予以公示，听取干部群众的意见。\n\n"
    "公示期间，可以通过来信、来电或者来访的方式，向组织部门反映人选的问题。\n\n{post}\n\n"
    "反映问题要实事求是，提倡签署真实姓名，以便进一步了解核实有关情况。\n\n"
    "组织部门对反映人和反映的问题严格保密，对打击报复的行为严肃处理。\n\n"
    "对线索清楚、内容具体的问题，组织部门将组织人员认真调查，并将结果告诉反映人。\n"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟拟任区教育局局长。", "李娜拟任区卫生健康局局长。"),
        ("王伟：教育局局长", "李娜：卫生健康局局长"),
        ("新建学校。", "不建学校。"),
        ("本区新建一所学校。", "本区不建学校。\n\n不建学校是因为学位已够。"),
    ],
)
@pytest.mark.parametrize("place", ["middle", "head", "foot"])
def test_names_that_differ_are_no_duplicates(
    one: str, other: str, place: str, folder: Path, home: Path
) -> None:
    for name, post in (("1.txt", one), ("2.txt", other)):
        body = NOTICE.format(post=post if place == "middle" else "请广大干部群众监督。")
        head, foot = post if place == "head" else "", post if place == "foot" else ""
        write(folder, name, f"{head}\n{body}\n{foot}\n")
    summary = sync(home, folder)
    assert (summary.duplicates, summary.documents) == ({}, 3)


def test_the_order_of_names_and_the_point_of_a_number_are_told_apart(
    folder: Path, home: Path
) -> None:
    first = NOTICE.format(post="王伟\n教育局局长\n李娜\n卫生局局长\n收入增长1.5%。")
    write(folder, "1.txt", first)
    write(
        folder, "2.txt", first.replace("王伟", "某").replace("李娜", "王伟").replace("某", "李娜")
    )
    write(folder, "3.txt", first.replace("1.5", "15"))
    assert sync(home, folder).duplicates == {}


def test_a_repost_with_another_head_and_foot_is_a_duplicate(folder: Path, home: Path) -> None:
    write(folder, "1.txt", f"来源：红山发布\n\n{REPORT}\n责任编辑：王某某\n")
    write(folder, "2.txt", f"青山日报\n\n来源：青山网\n\n{REPORT}\n责任编辑：李某某\n")
    assert sync(home, folder).duplicates == {"2.txt": "1.txt"}


# Copies below roots that are not looked at


@pytest.fixture
def copies(home: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two folders that are indexed, the second with a copy of what is in the first."""
    first, second = tmp_path / "A", tmp_path / "B"
    write(first, "one.txt", OTHER)
    write(first, "stays.txt", TEXT)
    write(second, "two.txt", OTHER)
    assert sync(home, first, second).duplicates == {"two.txt": "one.txt"}
    return first, second


@pytest.mark.parametrize("what", ["changed", "gone"])
@pytest.mark.parametrize("there", ["there", "changed", "bad", "gone", "unmounted"])
def test_what_a_copy_in_another_root_says_is_kept(
    what: str, there: str, copies: tuple[Path, Path], home: Path
) -> None:
    first, second = copies
    if what == "changed":
        write(first, "one.txt", "青山镇有果园三百亩。\n")
    else:
        (first / "one.txt").unlink()
    kept = OTHER
    if there == "changed":
        kept = write(second, "two.txt", "白沙镇有鱼塘五百亩。\n").read_text("utf-8")
    elif there == "bad":
        write(second, "two.txt", "")
    elif there == "gone":
        (second / "two.txt").rename(second / "three.txt")
    elif there == "unmounted":
        second.rename(second.with_name("away"))
    sync(home, first, prune=True)
    assert kept in texts(opened(home))
    assert "two.txt" in sources(home)
    if there == "unmounted":
        second.with_name("away").rename(second)
    if there == "bad":
        write(second, "two.txt", OTHER)
    sync(home, prune=True)
    assert_as_if_built_anew(home, first, second)
    generation = current_generation(home)
    assert sync(home, prune=True).generation == generation


def test_copies_that_go_together_leave_nothing(copies: tuple[Path, Path], home: Path) -> None:
    first, second = copies
    write(second, "stays.txt", "青山镇有果园三百亩。\n")
    (first / "one.txt").unlink()
    (second / "two.txt").unlink()
    sync(home, first, second, prune=True)
    assert_as_if_built_anew(home, first, second)


def test_a_copy_that_is_gone_but_not_pruned_still_answers(
    copies: tuple[Path, Path], home: Path
) -> None:
    first, second = copies
    (second / "two.txt").rename(second / "three.txt")
    write(second, "three.txt", "青山镇有果园三百亩。\n")
    write(first, "one.txt", "白沙镇有鱼塘五百亩。\n")
    summary = sync(home, first, second)
    assert summary.gone == ["two.txt"]
    assert OTHER in texts(opened(home))


# Files that go, move and turn into others


def test_a_file_that_became_a_folder_and_back(folder: Path, home: Path) -> None:
    path = folder / "x.txt"
    write(folder, "x.txt", OTHER)
    sync(home, folder)
    path.unlink()
    write(path, "inner.txt", "青山镇有果园三百亩。\n")
    changed = sync(home, folder, prune=True)
    assert (changed.removed, changed.added) == (["x.txt"], ["x.txt/inner.txt"])
    shutil.rmtree(path)
    write(folder, "x.txt", OTHER)
    sync(home, folder, prune=True)
    assert_as_if_built_anew(home, folder)


@pytest.mark.parametrize("target", ["moved/good.txt", "Good.txt", "good.md", "good.TXT"])
def test_a_file_that_moved_is_known_by_its_new_name(target: str, folder: Path, home: Path) -> None:
    write(folder, "other.txt", OTHER)
    sync(home, folder)
    (folder / target).parent.mkdir(exist_ok=True)
    (folder / "good.txt").rename(folder / target)
    moved = sync(home, folder)
    assert (moved.changed, moved.gone, moved.duplicates) == ([target], [], {})
    assert (moved.added, moved.unchanged) == ([], 1)
    assert_as_if_built_anew(home, folder)
    assert sync(home, folder, prune=True).generation == moved.generation


def test_a_file_that_was_renamed_leaves_its_name_to_one_of_its_copies(
    folder: Path, home: Path
) -> None:
    write(folder, "a.txt", OTHER)
    write(folder, "b.txt", OTHER)
    first = sync(home, folder)
    assert first.duplicates == {"b.txt": "a.txt"}
    (folder / "a.txt").rename(folder / "c.txt")
    second = sync(home, folder)
    assert (second.gone, len(second.changed), len(second.duplicates)) == ([], 1, 1)
    assert_as_if_built_anew(home, folder)
    assert sync(home).generation == second.generation


def test_a_file_moved_from_one_folder_to_another(folder: Path, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, "stays.txt", "青山镇有果园三百亩。\n")
    write(folder, "moves.txt", OTHER)
    sync(home, folder, other)
    (folder / "moves.txt").rename(other / "moves.txt")
    sync(home, prune=True)
    assert sources(home) == ["good.txt", "moves.txt", "stays.txt"]
    assert_as_if_built_anew(home, folder, other)


def test_only_the_folders_given_are_pruned(folder: Path, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, "a.txt", OTHER)
    write(other, "b.txt", "青山镇有果园三百亩。\n")
    sync(home, folder, other)
    (other / "a.txt").unlink()
    write(folder, "new.txt", "白沙镇有鱼塘五百亩。\n")
    assert sync(home, folder, prune=True).removed == []
    assert "a.txt" in sources(home)
    assert sync(home, prune=True).removed == ["a.txt"]


def empty(folder: Path) -> None:
    (folder / "good.txt").unlink()


def remove(folder: Path) -> None:
    empty(folder)
    folder.rmdir()


def make_a_file(folder: Path) -> None:
    remove(folder)
    folder.write_text("", "utf-8")


def change_format(folder: Path) -> None:
    (folder / "good.txt").rename(folder / "good.png")


def link_nowhere(folder: Path) -> None:
    remove(folder)
    folder.symlink_to("/nowhere")


GONE: list[Callable[[Path], None]] = [empty, remove, make_a_file, change_format, link_nowhere]


@pytest.mark.parametrize("prune", [False, True])
@pytest.mark.parametrize("go", GONE, ids=lambda go: go.__name__)
def test_a_folder_that_is_empty_or_gone_loses_nothing(
    go: Callable[[Path], None], prune: bool, folder: Path, home: Path
) -> None:
    first = sync(home, folder).generation
    go(folder)
    for given in ((), (folder,)):
        with pytest.raises(DocumentError, match="没有改动"):
            sync(home, *given, prune=prune)
    assert opened(home).generation == first
    assert opened(home).search("医院床位", 1)


def test_a_folder_that_cannot_be_listed_keeps_what_was_in_it(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    write(closed, "other.txt", OTHER)
    sync(home, folder)
    scan, listed = os.scandir, os.listdir

    def allowed(path: str) -> str:
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return path

    # root may list anything
    monkeypatch.setattr(os, "scandir", lambda path: scan(allowed(path)))
    monkeypatch.setattr(os, "listdir", lambda path: listed(allowed(path)))
    for force in (False, True):  # the other files are read again, or nothing is
        summary = sync(home, folder, prune=True, force=force)
        assert "Permission denied" in summary.failed["closed"]
        assert (summary.removed, summary.gone) == ([], [])
        assert "closed/other.txt" in sources(home)


def test_an_archive_that_is_cut_off_keeps_what_was_in_it(folder: Path, home: Path) -> None:
    packed = folder / "pages.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("other.txt", OTHER)
    sync(home, folder)
    assert "pages.zip/other.txt" in sources(home)
    os.truncate(packed, 20)
    for force in (False, True):
        summary = sync(home, folder, prune=True, force=force)
        assert [*summary.failed] == ["pages.zip"]
        assert (summary.removed, summary.gone) == ([], [])
        assert "pages.zip/other.txt" in sources(home)


def test_a_link_to_another_folder_is_followed(folder: Path, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, "other.txt", OTHER)
    link = folder / "linked.txt"
    link.symlink_to(other / "other.txt")
    sync(home, folder)
    write(other, "new.txt", "青山镇有果园三百亩。\n")
    link.unlink()
    link.symlink_to(other / "new.txt")
    assert sync(home, folder).changed == ["linked.txt"]
    assert_as_if_built_anew(home, folder)


# Files that are bad


def too_large(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, 20 * 2**20 + 1)


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
    "image": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "图片"),
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
    spoil(folder / "bad.txt")
    for _ in range(2):
        summary = sync(home, folder)
        assert [*summary.failed] == ["bad.txt"]
        assert reason in summary.failed["bad.txt"]
        assert "120张" in opened(home).search("医院床位", 1)[0].passage.text
    assert sources(home) == ["good.txt"]


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_turned_bad_is_answered_from_as_it_was(
    kind: str, folder: Path, home: Path
) -> None:
    write(folder, "other.txt", OTHER)
    sync(home, folder)
    BAD[kind][0](folder / "good.txt")
    for options in ({}, {"prune": True}, {"force": True, "prune": True}):
        summary = sync(home, folder, **options)
        assert [*summary.failed] == ["good.txt"]
        assert "120张" in opened(home).search("医院床位", 1)[0].passage.text
    # Another encoder too keeps what cannot be read.
    sync_index((), home, BigramEmbeddings("another"))
    assert len(opened(home, "another").documents()) == 2
    # Mended, it is read again, and what was read before is forgotten.
    (folder / "good.txt").unlink()
    write(folder, "good.txt", TEXT.replace("120", "130"))
    sync(home, folder)
    assert_as_if_built_anew(home, folder)


def test_a_file_that_vanishes_while_they_are_read_is_named(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = write(folder, "bad.txt", OTHER)
    load = SourceFile.load

    def lose_and_load(file: SourceFile) -> bytes:
        bad.unlink(missing_ok=True)
        return load(file)

    monkeypatch.setattr(SourceFile, "load", lose_and_load)
    assert [*sync(home, folder).failed] == ["bad.txt"]
    assert sources(home) == ["good.txt"]


def test_a_file_that_stays_bad_makes_no_new_index(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sync(home, folder).generation
    write(folder, "bad.txt", "")
    second = sync(home, folder)
    assert second.generation != first
    for options in ({}, {"dry_run": True}, {"prune": True}):
        again = sync(home, folder, **options)
        assert (again.generation, again.failed) == (second.generation, second.failed)
        assert (again.added, again.changed, again.unchanged) == ([], [], 1)
    # What changed beside it has it named as before.
    write(folder, "new.txt", OTHER)
    third = sync(home, folder)
    assert (third.failed, third.added) == (second.failed, ["new.txt"])
    assert sync(home, folder, force=True).failed == second.failed
    # Another version may read it, and a good one is read.
    monkeypatch.setattr(index_files, "CUT", "another")
    again = sync(home, folder, dry_run=True)
    assert (again.changed, again.failed) == ([], second.failed)
    write(folder, "bad.txt", "青山镇有果园三百亩。\n")
    sync(home, folder)
    assert_as_if_built_anew(home, folder)


def test_files_of_one_name_in_two_roots_are_told_apart(home: Path, tmp_path: Path) -> None:
    bad, good = tmp_path / "r2", tmp_path / "r3"
    write(bad, "x.txt", "")
    write(good, "x.txt", OTHER)
    for options in ({}, {"dry_run": True}, {}):
        summary = sync(home, bad, good, **options)
        assert [*summary.failed] == [str(bad / "x.txt")]
        assert summary.barren == [str(bad)]
    write(good, "x.txt", "")
    summary = sync(home, bad, good)
    assert len(summary.failed) == 2
    assert summary.barren == [str(bad), str(good)]


def test_unchanged_files_of_a_stored_index_of_another_version_are_no_error(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(home, folder)
    held = find_base(home, BigramEmbeddings(), replaces=False)

    class StoredBase(Base):
        def files(self) -> list[KnownFile]:
            return held.files()

        def texts(self) -> Iterator[tuple[str, str]]:
            return held.texts()

    stored = StoredBase(version="another", documents=1)
    monkeypatch.setattr(index_sync, "base_and_target", lambda *_: (stored, None))
    summary = sync(home.with_name("second"), folder)
    assert (summary.unchanged, summary.documents) == (1, 1)


@pytest.mark.parametrize("name", ["报告", "年报 2024", "報告", "①", "第1期"])
def test_a_name_in_gb18030_is_read_and_shown(name: str, folder: Path, home: Path) -> None:
    write(folder, os.fsdecode(f"{name}.txt".encode("gb18030")), OTHER)
    first = sync(home, folder)
    assert f"{name}.txt" in sources(home)
    assert sync(home, folder).generation == first.generation


# What is removed on purpose


def test_a_document_that_was_removed_is_known_no_more(folder: Path, home: Path) -> None:
    write(folder, "other.txt", OTHER)
    write(folder, "2023.txt", REPORT)
    sync(home, folder)
    summary = remove_documents(["other.txt", "2023.txt"], home, BigramEmbeddings())
    assert (summary.removed, summary.documents) == (["other.txt", "2023.txt"], 1)
    for name in ("other.txt", "2023.txt"):
        (folder / name).unlink()
    assert_as_if_built_anew(home, folder)
    assert sync(home).unchanged == 1


@pytest.mark.parametrize("name", ["sub", "sub/"])
def test_a_folder_is_removed_as_a_whole(name: str, folder: Path, home: Path) -> None:
    for one in ("sub/a.txt", "sub/deep/b.txt", "sub.txt", "subway/c.txt"):
        write(folder, one, f"{one}里写着红山镇。\n")
    sync(home, folder)
    summary = remove_documents([name], home, BigramEmbeddings())
    assert summary.removed == ["sub/a.txt", "sub/deep/b.txt"]
    assert sources(home) == ["good.txt", "sub.txt", "subway/c.txt"]


@pytest.mark.parametrize("name", ["missing.txt", "", "/", "goo", "%", "good.txt/", "../in"])
def test_an_unknown_name_removes_nothing(name: str, folder: Path, home: Path) -> None:
    write(folder, "other.txt", OTHER)
    first = sync(home, folder).generation
    with pytest.raises(DocumentError, match="没有收录过"):
        remove_documents(["other.txt", name], home, BigramEmbeddings())
    assert current_generation(home) == first
    assert [p.name for p in (home / "generations").iterdir()] == [first]
    assert sources(home) == ["good.txt", "other.txt"]


def test_a_folder_all_of_whose_documents_were_removed_is_looked_at_no_more(
    folder: Path, home: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    write(old, "old.txt", OTHER)
    write(old, "copy.txt", OTHER)
    write(old, "bad.txt", "")
    sync(home, folder, old)
    shutil.rmtree(old)
    with pytest.raises(DocumentError, match="old"):
        sync(home)
    remove_documents(["copy.txt"], home, BigramEmbeddings())
    assert sync(home).unchanged == 1


def test_an_index_may_be_emptied_and_filled_again(folder: Path, home: Path) -> None:
    sync(home, folder)
    assert remove_documents(["good.txt"], home, BigramEmbeddings()).documents == 0
    index = opened(home)
    assert index.documents() == []
    assert index.search("医院床位", 3) == []
    sync(home, folder)
    assert_as_if_built_anew(home, folder)


# Whatever is done


CONTENTS = (
    TEXT.replace("城", "河"),
    OTHER,
    REPORT,
    "白沙县简报\n\n全县进出口总额达到45亿元。\n\n接待游客{n}万人次。\n",
    "# 青山镇\n\n## 果园\n\n果园有{n}亩。\n\n## 茶园\n\n茶园有{n}亩，比上年多。\n",
    "| 名称 | 数量 |\n| --- | --- |\n| 学校 | {n} |\n| 医院 | 2 |\n",
)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_the_index_is_as_if_built_anew(
    seed: int, folder: Path, home: Path
) -> None:
    chance = random.Random(seed)
    serial = 0
    for step in range(12):
        for _ in range(chance.randint(1, 3)):
            number = chance.randrange(len(CONTENTS))
            path = folder / ("sub" if number % 2 else "") / f"{number}.txt"
            if path.exists() and chance.random() < 0.4:
                path.unlink()
                continue
            serial += 1
            text = CONTENTS[number].replace("{n}", str(serial))
            changed = text if chance.random() < 0.5 else f"{text}\n第{serial}次更新了镇上的事。\n"
            write(folder, path.relative_to(folder).as_posix(), changed)
        encoder = BigramEmbeddings()
        sync_index([folder], home, encoder, prune=True, force=chance.random() < 0.2)
        if step % 3 == 2:
            assert_as_if_built_anew(home, folder)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_copied_no_text_is_lost(seed: int, folder: Path, home: Path) -> None:
    chance = random.Random(seed)
    names = ["1.txt", "2.txt", "sub/3.txt", "sub/4.txt", "5.txt"]
    for _ in range(12):
        for name in chance.sample(names, 2):
            path = folder / name
            if path.exists() and chance.random() < 0.3:
                path.unlink()
            else:
                write(folder, name, f"红山镇有茶园{chance.randint(1, 3)}00亩。\n")
        sync(home, folder, prune=True)
        there = {path.read_text("utf-8") for path in folder.rglob("*.txt")}
        assert {*texts(opened(home))} == there
        assert len(opened(home).documents()) == len(there)
