"""A conversation in the terminal: typed at one, and piped in."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from docx.text.paragraph import Paragraph

from ui.cli import main
from waiting import PATIENCE, until

ASKED, LIFTS = "2024年改造了多少个小区？", "那电梯呢？"
TITLE = "奋力谱写中国式现代化“中国网谷”新篇章"
Told = tuple[str, str]


@pytest.fixture
def chat(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Told]:
    """What a conversation of lines that are piped in says, and what it says is wrong."""

    def piped(*lines: str, options: tuple[str, ...] = ()) -> Told:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        capsys.readouterr()
        assert main(["chat", *options]) == 0
        shown = capsys.readouterr()
        return shown.out, shown.err

    return piped


def test_questions_piped_in_are_answered_each_from_those_before_it(
    chat: Callable[..., Told],
) -> None:
    out, err = chat(ASKED, "", LIFTS)
    first, second = out.removeprefix("问：").split("问：")
    assert first.splitlines()[:2] == [ASKED, "25个"]
    assert "[1] 完成25个小区更新改造" in first
    assert second.splitlines()[:2] == [LIFTS, "20部"]
    assert err == ""


def test_what_answers_nothing_is_passed_over_by_the_next_question(
    chat: Callable[..., Told],
) -> None:
    out, err = chat(ASKED, "市里的地铁票价是多少？", "问" * 1000, LIFTS)
    assert re.findall("^出错了：.*字", err)
    assert "没有" in out
    assert len(err.splitlines()) == 2  # with an empty line below


@pytest.mark.parametrize("begin", ["/新", "/new", "／新", "、新", "/ NEW"])
def test_a_new_conversation_knows_nothing_of_the_one_before(
    begin: str, chat: Callable[..., Told]
) -> None:
    out, err = chat(ASKED, begin, LIFTS, "/出处 1")
    assert "20部" not in out.split("问：")[3].split("[1]")[0]
    assert err == ""


def test_a_source_is_shown_in_its_paragraph(chat: Callable[..., Told]) -> None:
    out, err = chat(ASKED, "/出处", "/source 1")
    for shown in out.split("问：")[2:]:
        assert "【完成25个小区更新改造，加装既有住宅电梯20部。】新沟镇" in shown
        assert "住房保障 · article.txt" in shown
    assert err == ""


@pytest.mark.parametrize("number", ["0", "2", "-1", "一", "1 2"])
def test_a_source_that_is_not_there_is_told_with_those_that_are(
    number: str, chat: Callable[..., Told]
) -> None:
    _, err = chat("/出处 1", ASKED, f"/出处 {number}")
    assert err.count("出错了：") == 2
    assert "请先问一个问题" in err
    assert number in err.splitlines()[2]
    assert "1 到 1" in err.splitlines()[2]


def test_a_conversation_is_exported_and_no_file_is_written_over(
    chat: Callable[..., Told], tmp_path: Path
) -> None:
    text, word = tmp_path / "我的 对话.md", tmp_path / "b.DOCX"
    out, err = chat(ASKED, LIFTS, f"/导出 {text}", f'/export "{word}"', f"/导出 {text}")
    assert out.count("已导出到") == 2
    written = text.read_text("utf-8")
    assert f"## {ASKED}\n\n25个 [1]" in written
    assert f"## {LIFTS}\n\n20部 [1]" in written
    headings = [p.text for p in docx.Document(str(word)).paragraphs if "Heading" in styled(p)]
    assert headings == [ASKED, LIFTS]
    assert err.count("已经有了") == 1


def styled(paragraph: Paragraph) -> str:
    return (paragraph.style.name if paragraph.style else "") or ""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", ".docx 结尾"),
        ("a.pdf", ".docx 结尾"),
        ("no/such/folder/a.md", "没有文件夹"),
        ("~n0/a.md", "没有文件夹 ~n0"),
    ],
)
def test_what_cannot_be_exported_is_told_and_the_conversation_goes_on(
    name: str, told: str, chat: Callable[..., Told], tmp_path: Path
) -> None:
    given = f"{tmp_path}/{name}" if name.startswith("no/") else name
    out, err = chat("/导出 a.md", ASKED, f"/导出 {given}", LIFTS)
    assert "请先问一个问题" in err.splitlines()[0]
    assert told in err.splitlines()[2]
    assert out.splitlines().count("20部") == 1
    assert not Path("a.md").exists()


@pytest.mark.parametrize("leave", ["/退出", "/quit", "/exit", "/EXIT"])
def test_a_conversation_is_left(leave: str, chat: Callable[..., Told]) -> None:
    out, err = chat(leave, ASKED)
    assert "25个" not in out
    assert err == ""


def test_help_names_every_command_and_an_unknown_one_points_to_it(
    chat: Callable[..., Told],
) -> None:
    out, err = chat("/帮助", "/HELP", "/不知道", "/")
    names = ("新", "new", "出处", "source", "导出", "export", "帮助", "help", "退出", "quit")
    for name in names:
        assert out.count(f"/{name}") == 2 + (name == "帮助"), name  # once it is typed
    assert "没有命令 /不知道" in err
    assert err.count("/帮助") == 2


def test_only_what_is_selected_is_asked(
    chat: Callable[..., Told], capsys: pytest.CaptureFixture[str]
) -> None:
    question = "有多少个小区？"
    assert "25个" in chat(question, options=("--section", "住房"))[0]
    assert "25个" not in chat(question, options=("--section", "教育"))[0]
    assert "25个" not in chat(question, options=("--date", "2001..2002"))[0]
    assert main(["chat", "--date", "去年"]) == 2
    assert capsys.readouterr().err.startswith("出错了：")


def test_odd_bytes_are_no_traceback_and_move_no_cursor() -> None:
    lines = b"\xff\xfe \xed\xa0\x80?\n/\x1b[2J\xe2\x80\xae\n/\xe5\xaf\xbc\xe5\x87\xba a\x00.md\n"
    found = subprocess.run(
        [sys.executable, "-m", "ui", "chat"],
        input=lines,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert found.returncode == 0
    assert b"Traceback" not in found.stderr
    assert not {0x1B, 0} & {*found.stdout, *found.stderr}


@dataclass
class Terminal:
    """A conversation at a terminal: what is shown so far."""

    master: int
    process: subprocess.Popen[bytes]
    output: bytes = b""

    @property
    def shown(self) -> str:
        """What is shown; the last character may have come in part."""
        return self.output.decode(errors="ignore")

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def wait_for(self, words: str, times: int = 1) -> None:
        until(lambda: self._read().count(words) >= times)

    def end(self, keys: str) -> int:
        """The exit code of pressing keys that end it."""
        self.type(keys)
        until(self._has_ended)
        return self.process.wait()

    def _has_ended(self) -> bool:
        # Python sees a Ctrl+C that comes just before it waits for a key at the next line only.
        ended = self.process.poll() is not None
        if not ended:
            with suppress(OSError):  # it has ended meanwhile
                self.type("\r")
        self._read()
        return ended

    def _read(self) -> str:
        try:
            self.output += os.read(self.master, 65536)
        except BlockingIOError:
            pass
        except OSError:  # it has ended
            assert self.process.wait(PATIENCE) == 0
        return self.shown


@contextmanager
def at_terminal() -> Iterator[Terminal]:
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    environment = {**os.environ, "TERM": "dumb", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        [sys.executable, "-m", "ui", "chat"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        preexec_fn=_take_terminal,
    ) as process:
        os.close(slave)
        try:
            yield Terminal(master, process)
        finally:
            process.kill()
            os.close(master)


def _take_terminal() -> None:
    """Let its keys reach the process: Ctrl+C is one of the terminal it controls."""
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is begun in the background ignores it
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_the_first_screen_says_what_is_indexed_and_what_can_be_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with at_terminal() as terminal:
        terminal.wait_for("问：")
        assert terminal.end("\x04") == 0
    assert "收录了 1 篇文章" in terminal.shown
    assert TITLE in terminal.shown
    examples = re.findall(r"^  (.*？)\s*$", terminal.shown, re.MULTILINE)
    assert len(examples) == 2
    assert [main(["ask", question]) for question in examples] == [0, 0]
    assert "Traceback" not in terminal.shown


def test_what_is_typed_is_answered_recalled_and_interrupted() -> None:
    pytest.importorskip("readline")
    with at_terminal() as terminal:
        terminal.wait_for("问：")
        terminal.type(f"{ASKED}\r")
        terminal.wait_for("[1] 完成25个小区更新改造")
        terminal.wait_for("问：", 2)
        terminal.type("\x10\r")  # Ctrl+P, the line before
        terminal.wait_for("[1] 完成25个小区更新改造", 2)
        terminal.wait_for("问：", 3)
        assert terminal.end("\x03") == 0
    assert "Traceback" not in terminal.shown
    assert "出错了" not in terminal.shown
