"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import DEFAULT_CORPUS
from index import current_generation
from ui.cli import main

ANSWERED = "2024年改造了多少个小区？"
LIFTS = "那电梯呢？"
REFUSED = "市里的地铁票价是多少？"
REPORT_LINE = {"id": "t1", "type": "figure", "question": ANSWERED, "answerable": True}


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder apart from the one all tests share, for what replaces the index."""
    home = tmp_path / "home"
    monkeypatch.setenv("DONGXIHU_HOME", str(home))
    return home


@pytest.fixture
def test_set(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    trap = {"id": "t2", "type": "unans_far", "question": REFUSED, "answerable": False}
    line = {**REPORT_LINE, "all_of": [["25个"]], "evidence": ["25个小区"]}
    path.write_text("".join(json.dumps(item) + "\n" for item in (line, trap)), "utf-8")
    return path


def assert_one_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("出错了：")
    assert captured.err.count("\n") == 1


def test_an_answer_is_printed_with_its_citation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", ANSWERED]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "25个"
    assert "[1] 完成25个小区更新改造" in captured.out
    assert "出错了" not in captured.err


def test_a_refusal_has_an_exit_code_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", REFUSED]) == 3
    assert "没有" in capsys.readouterr().out.splitlines()[0]


def test_json_holds_the_fields_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", ANSWERED, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= {"text", "status", "citations"}
    assert found["status"] == "answered"
    fields = {"quote", "passage", "source", "title", "section", "start", "end"}
    assert fields <= set(found["citations"][0])


def test_a_question_goes_on_from_those_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", LIFTS]) == 3
    capsys.readouterr()
    assert main(["ask", LIFTS, "--history", ANSWERED]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "20部"
    earlier = ["--history", "地区生产总值是多少？", "--history", ANSWERED]
    assert main(["ask", LIFTS, *earlier, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "20部"


@pytest.mark.parametrize("question", ["", "  \n", "问" * 100_000])
def test_bad_questions_are_refused_in_one_line(
    question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", question]) == 2
    assert_one_line_on_stderr(capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["nothing"],
        ["ask", "一", "二"],
        ["serve", "--port", "99999"],
        ["index", "--repair", "--dry-run"],
        ["index", "--rollback", "folder"],
        ["index", "--check", "--prune"],
    ],
)
def test_wrong_usage_is_told_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert_one_line_on_stderr(capsys)


def test_files_are_indexed_and_then_answer(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("某镇报告\n\n2023年，某镇新建了37座桥。\n", "utf-8")
    assert main(["index", str(page)]) == 0
    assert "1 篇" in capsys.readouterr().out
    assert main(["ask", "某镇2023年新建了多少座桥？"]) == 0
    assert capsys.readouterr().out.startswith("37座")
    assert main(["index", str(DEFAULT_CORPUS)]) == 0  # beside it
    assert main(["ask", ANSWERED]) == 0
    assert main(["corpus", "remove", "page.txt"]) == 0
    assert main(["ask", "某镇2023年新建了多少座桥？"]) == 3
    assert own_home.exists()


def test_what_is_indexed_is_listed_checked_and_rolled_back(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corpus", "info"]) == 0
    assert main(["index", "--rollback"]) == 1
    folder = fill(tmp_path / "in", bridges=BRIDGES, empty="")
    capsys.readouterr()
    assert main(["index", str(folder), "--dry-run"]) == 0
    assert "将新增 1 个：bridges.txt" in (told := capsys.readouterr().out)
    assert "读不了 1 个" in told
    assert not (own_home / "current").exists()
    assert main(["index", str(folder)]) == 0
    (folder / "bridges.txt").write_text(BRIDGES.replace("37", "41"), "utf-8")
    capsys.readouterr()
    assert main(["index"]) == 0
    assert "更新 1 个：bridges.txt" in capsys.readouterr().out
    assert main(["corpus", "list"]) == 0
    assert "bridges.txt\t某镇报告\t2023" in capsys.readouterr().out
    assert main(["corpus", "info"]) == 0
    told = capsys.readouterr().out
    assert str(folder) in told
    assert "empty.txt" in told
    assert main(["index", "--check"]) == 0
    capsys.readouterr()
    assert main(["index", "--rollback"]) == 0
    assert f"现在用的是 {current_generation(own_home)}" in (told := capsys.readouterr().out)
    assert "共 1 篇文章" in told
    assert main(["ask", "某镇2023年新建了多少座桥？"]) == 0
    assert capsys.readouterr().out.startswith("37座")
    (folder / "bridges.txt").unlink()
    fill(folder, schools="某镇报告\n\n2023年，某镇新建了9所学校。\n")
    capsys.readouterr()
    assert main(["index", str(folder)]) == 0
    assert "文件已不在 1 个" in capsys.readouterr().out
    assert main(["index", str(folder), "--prune"]) == 0
    assert "移除 1 个：bridges.txt" in capsys.readouterr().out
    assert main(["ask", "某镇2023年新建了多少座桥？"]) == 3
    assert main(["corpus", "remove", "bridges.txt"]) == 2
    assert main(["index", "--check", "--repair"]) == 2


def test_a_question_is_asked_of_a_file_or_a_date_alone(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {
        f"y{y}": f"某镇报告\n\n{y}年12月1日\n\n某镇新建了{n}座桥。\n"
        for y, n in ((2022, 37), (2023, 41))
    }
    folder = fill(tmp_path / "in", **texts)
    assert main(["index", str(folder)]) == 0
    for options, said in (
        (["--source", "y2022.txt"], "37座"),
        (["--date", "2023"], "41座"),
        (["--date", "2022..2022-12"], "37座"),
        (["--date", "2023-11..", "--source", "y2022.txt"], ""),
    ):
        capsys.readouterr()
        assert main(["ask", "某镇新建了多少座桥？", *options]) == (0 if said else 3)
        assert not said or capsys.readouterr().out.split("\n")[0] == said
    capsys.readouterr()
    assert main(["ask", "某镇新建了多少座桥？", "--date", "去年"]) == 2
    assert_one_line_on_stderr(capsys)


@pytest.mark.parametrize("name", ["missing.txt", "picture.png"])
def test_what_cannot_be_indexed_is_named(
    name: str, own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert main(["index", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err
    assert not (own_home / "current").exists()


def fill(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


BRIDGES = "某镇报告\n\n2023年，某镇新建了37座桥。\n"


def test_a_bad_file_in_a_folder_is_named_and_the_others_answer(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(tmp_path / "in", good=BRIDGES, empty="", blank=" \n")
    (folder / "coded.txt").write_bytes(b"\xff\x00\x81\x8d\x03")
    for _ in range(2):  # the second time nothing is built, and the same is told
        assert main(["index", str(folder)]) == 0
        told = capsys.readouterr()
        assert "读不了 3 个" in told.out
        assert "共 1 篇文章" in told.out
        lines = told.err.splitlines()
        assert [line.startswith("跳过：") for line in lines] == [True] * 3
        reasons = {"empty.txt": "没有文字", "blank.txt": "没有文字", "coded.txt": "请"}
        for name, reason in reasons.items():
            assert any(name in line and reason in line for line in lines)
    assert main(["ask", "某镇2023年新建了多少座桥？"]) == 0
    assert capsys.readouterr().out.startswith("37座")


def test_every_file_is_named_once_and_in_the_same_way(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(tmp_path / "in", good=BRIDGES)
    fill(folder / "sub", empty="")
    (folder / "sub" / "picture.png").write_bytes(b"\x89PNG")  # told before it is read
    (folder / "旧 版.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    fill(tmp_path / "other", good="某县报告\n\n2023年，某县新建了8座桥。\n", empty="")
    fill(tmp_path / "other" / "sub", empty="")
    names = ["sub/picture.png", "旧 版.doc", "empty.txt"]
    names += [f"{tmp_path / one}/sub/empty.txt" for one in ("in", "other")]
    given = ["index", str(folder), str(tmp_path / "other")]
    for arguments in ([*given, "--dry-run"], given, given):
        assert main(arguments) == 0
        lines = capsys.readouterr().err.splitlines()
        told = {line.removeprefix("跳过：").split(": ")[0]: line for line in lines}
        assert {*told} == {*names}
        assert all(line.count(Path(name).name) == 1 for name, line in told.items())
    assert main(["corpus", "info"]) == 0
    lines = [one for one in capsys.readouterr().out.splitlines() if one.startswith("没有收录：")]
    assert {line.removeprefix("没有收录：").split("（")[0] for line in lines} == {*names}
    assert all("：" not in line.split("（", 1)[1] and ": " not in line for line in lines)


def test_an_old_format_that_is_named_is_told_with_what_to_do(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "旧 版.doc"
    place.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert main(["index", str(place)]) == 2
    assert "请另存为 .docx" in capsys.readouterr().err
    place.write_text(f"<!DOCTYPE html><p>{BRIDGES}</p>", "utf-8")  # as programs export it
    assert main(["index", str(place)]) == 0
    assert main(["ask", "某镇2023年新建了多少座桥？"]) == 0


@pytest.mark.parametrize("cut", ["政务大厅", "政务大厅 搬迁"])
def test_a_path_that_was_cut_at_a_space_is_told_with_quotes(
    cut: str, own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(tmp_path / "in", **{"政务大厅 搬迁 公告": BRIDGES, "政务大厅": BRIDGES})
    assert main(["index", str(folder / cut)]) == 2
    assert f'引号，如 "{folder}/政务大厅 搬迁 公告.txt"' in capsys.readouterr().err
    assert main(["index", str(folder / "别处")]) == 2
    assert "引号" not in capsys.readouterr().err


def test_that_nothing_is_indexed_yet_is_said(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["index", "--check"], ["corpus", "info"], ["corpus", "list"]):
        assert main(arguments) == 0
        told = "".join(capsys.readouterr())
        assert "文章；用 dongxihu index" in told
        assert "完好" not in told
    assert main(["index", str(fill(tmp_path / "in", bridges=BRIDGES))]) == 0
    assert main(["corpus", "remove", "bridges.txt"]) == 0
    capsys.readouterr()
    assert main(["corpus", "list"]) == 0
    out, err = capsys.readouterr()
    assert (out, "没有文章" in err) == ("", True)
    assert main(["index", "--check"]) == 0
    assert "索引完好" in capsys.readouterr().out


def test_a_bad_file_that_was_named_is_passed_over_but_the_exit_code_tells(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(tmp_path / "in", good=BRIDGES, empty="")
    assert main(["index", str(folder / "good.txt"), str(folder / "empty.txt")]) == 2
    told = capsys.readouterr()
    assert "共 1 篇文章" in told.out
    assert "empty.txt: 没有文字" in told.err
    assert "good.txt" not in told.err


def test_a_name_or_title_does_not_move_the_cursor(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "a\x1b[2Jb\u202e"
    title = "标题\u202e报告"
    folder = fill(tmp_path / "in", **{hostile: f"{title}\n\n{BRIDGES}", f"{hostile}c": ""})
    assert main(["index", str(folder)]) == 0
    assert main(["corpus", "list"]) == 0
    assert main(["corpus", "info"]) == 0
    assert main(["corpus", "remove", f"{hostile}.md"]) == 2
    assert main(["corpus", "remove", f"{hostile}.txt"]) == 0
    told = "".join(capsys.readouterr())
    assert "a[2Jb.txt" in told
    assert not {"\x1b", "\u202e"} & set(told)


@pytest.mark.parametrize("kind", ["empty", "unmounted", "nested", "pictures", "blank", "coded"])
def test_a_folder_with_nothing_to_read_leaves_the_index_in_use(
    kind: str, own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = fill(tmp_path / "good", bridges=BRIDGES)
    assert main(["index", str(good)]) == 0
    bad = tmp_path / kind
    if kind != "unmounted":
        (bad / "within").mkdir(parents=True)
    if kind == "pictures":
        (bad / "within" / "picture.png").write_bytes(b"\x89PNG")
    elif kind == "blank":
        fill(bad, one="", other="\n")
    elif kind == "coded":
        (bad / "within" / "coded.md").write_bytes(b"\xff\x00\x81\x8d\x03")
    for paths in ([bad], [good, bad]):  # beside a good one, too: it may be half of what was
        capsys.readouterr()
        assert main(["index", *map(str, paths)]) == 2
        told = capsys.readouterr().err
        assert kind in told
        assert "请" in told
        assert main(["ask", "某镇2023年新建了多少座桥？"]) == 0
        assert capsys.readouterr().out.startswith("37座")


def test_a_source_that_has_gone_is_told_and_asking_goes_on(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(tmp_path / "in", bridges=BRIDGES)
    assert main(["index", str(folder)]) == 0
    folder.rename(tmp_path / "elsewhere")
    capsys.readouterr()
    script = [sys.executable, "-m", "ui", "ask", "某镇2023年新建了多少座桥？"]
    found = subprocess.run(script, capture_output=True, text=True)
    assert found.returncode == 0
    assert found.stdout.startswith("37座")
    assert found.stderr == ""
    assert main(["index"]) == 2
    assert str(folder) in capsys.readouterr().err


def test_a_test_set_is_scored_saved_and_compared(
    test_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "report.json"
    assert main(["evaluate", str(test_set), "--json", str(saved)]) == 0
    assert "accuracy" in capsys.readouterr().out
    assert json.loads(saved.read_text("utf-8"))["metrics"]["cases"] == 2
    assert main(["evaluate", str(test_set), "--baseline", str(saved), "--verbose"]) == 0
    assert ANSWERED in capsys.readouterr().out


@pytest.mark.parametrize("content", ["not json", '{"id": "x"}', "[1]", None])
def test_a_bad_test_set_is_told_in_one_line(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["evaluate", str(path)]) == 2
    assert_one_line_on_stderr(capsys)


@pytest.mark.parametrize("content", ["not json", "{}", "[1]", '"x"'])
def test_a_bad_baseline_is_told_in_one_line(
    content: str, test_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    path.write_text(content, "utf-8")
    assert main(["evaluate", str(test_set), "--baseline", str(path)]) == 2
    assert_one_line_on_stderr(capsys)


def test_a_taken_port_is_named_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    captured = capsys.readouterr()
    assert str(port) in captured.err
    assert "--port" in captured.err


@pytest.mark.parametrize(
    "question", [b"\xff\xfe \xed\xa0\x80?", b"a\x1b[31mb\x07", "<b>’; DROP TABLE--😀".encode()]
)
def test_odd_bytes_from_a_shell_are_no_traceback(question: bytes) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}  # as poor a terminal as there is
    result = subprocess.run(
        [sys.executable, "-m", "ui", "ask", os.fsdecode(question)],
        capture_output=True,
        env=environment,
    )
    assert result.returncode in (0, 2, 3)
    assert b"Traceback" not in result.stderr
    assert b"\x1b" not in result.stdout


def test_the_console_script_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("dongxihu")
    outputs = [
        subprocess.run([*program, "ask", ANSWERED], capture_output=True, text=True).stdout
        for program in ([str(script)], [sys.executable, "-m", "ui"])
    ]
    assert outputs[0] == outputs[1] != ""


def test_a_bug_is_told_in_one_line_and_in_full_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*arguments: object, **named: object) -> None:
        raise RuntimeError("pipes burst")

    monkeypatch.setattr("index.sync_index", break_down)
    assert main(["index"]) == 1
    assert_one_line_on_stderr(capsys)
    monkeypatch.setenv("DONGXIHU_DEBUG", "1")
    with pytest.raises(RuntimeError, match="pipes burst"):
        main(["index"])


@pytest.mark.parametrize("arguments", [[], ["feedback"]])
def test_without_a_command_the_help_is_shown(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out.startswith("Usage:")
    assert shown.err == ""


def test_a_password_that_is_not_typed_is_no_traceback() -> None:
    program = [sys.executable, "-m", "ui", "password"]
    result = subprocess.run(program, input="", capture_output=True, text=True)
    assert result.returncode == 2
    assert "已取消" in result.stderr
    assert "Traceback" not in result.stderr
