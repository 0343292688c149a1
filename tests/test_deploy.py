"""What is in deploy/: the unit as systemd reads it, the Dockerfile as far as it can be here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from ui.cli import app

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
ANALYZE = shutil.which("systemd-analyze")


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with what follows each."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if ANALYZE is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing; .ci/run installs it")
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    program = tmp_path / "dongxihu"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "dongxihu.service"
    text = (DEPLOY / "dongxihu.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/dongxihu/bin/dongxihu", str(program)))
    found = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    said = [line for line in found.stderr.splitlines() if "dongxihu" in line]
    assert (found.returncode, said) == (0, [])


def test_systemd_would_tell_of_a_wrong_unit(tmp_path: Path) -> None:
    if ANALYZE is None:
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    unit = tmp_path / "dongxihu.service"
    unit.write_text("[Service]\nExecStart=dongxihu serve\nMemoryMax=lots\n")
    found = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert "dongxihu.service" in found.stderr


def test_commands_and_options_of_both_are_there() -> None:
    group = typer.main.get_command(app)
    serve = group.commands["serve"]  # type: ignore[attr-defined]
    known = {option for parameter in serve.params for option in parameter.opts}
    started = [words for name, words in instructions() if name == "CMD"]
    (unit,) = re.findall(
        r"^ExecStart=(.*)$", (DEPLOY / "dongxihu.service").read_text(), re.MULTILINE
    )
    for words in (re.findall(r'"([^"]+)"', started[0]), shlex.split(unit)[1:]):
        assert words[0] == "serve"
        assert {word for word in words if word.startswith("--")} <= known


def test_the_image_is_of_an_ordinary_user_and_copies_what_there_is() -> None:
    found = instructions()
    names = [name for name, _ in found]
    assert names.index("USER") > max(n for n, name in enumerate(names) if name == "RUN")
    assert dict(found)["USER"] not in ("root", "0")
    copied = [words.split()[0] for name, words in found if name == "COPY" and "--from" not in words]
    assert all((ROOT / source).exists() for source in copied)
    assert {"HEALTHCHECK", "VOLUME", "EXPOSE", "ENTRYPOINT"} <= {*names}
