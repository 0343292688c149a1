"""What is in deploy/: the unit as systemd reads it, and of the image all but its building."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from serving import program, started
from ui.cli import app
from waiting import until

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
UNIT = (ROOT / "deploy" / "dongxihu.service").read_text("utf-8")
MOST_EXPOSED = 20  # of 100, as systemd-analyze counts; a unit that says nothing of it has 96


def instructions(name: str) -> list[str]:
    """What follows each instruction of that name in the Dockerfile."""
    whole = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"^{name} (.*)$", whole, re.MULTILINE)


def analyze(folder: Path, unit: str, *asked: str) -> tuple[int, list[str]]:
    """The exit code of systemd-analyze, and what it complains of in a unit."""
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing; .ci/run installs it")
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    file = folder / "dongxihu.service"
    file.write_text(unit.replace("/opt/dongxihu/bin/dongxihu", "/bin/true"), "utf-8")
    done = subprocess.run([program, *asked, str(file)], capture_output=True, text=True, check=False)
    return done.returncode, [line for line in done.stderr.splitlines() if "dongxihu" in line]


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    assert analyze(tmp_path, UNIT, "verify", "--man=no") == (0, [])


def test_systemd_would_complain_of_a_mistake(tmp_path: Path) -> None:
    wrong = UNIT.replace("MemoryMax=3G", "MemoryMax=lots")
    _, complaints = analyze(tmp_path, wrong, "verify", "--man=no")
    assert len(complaints) == 1
    assert "Invalid memory limit 'lots'" in complaints[0]


def test_little_is_exposed_to_the_unit(tmp_path: Path) -> None:
    asked = ("security", "--offline=yes", "--no-pager", f"--threshold={MOST_EXPOSED}")
    assert analyze(tmp_path, UNIT, *asked)[0] == 0
    assert analyze(tmp_path, UNIT.replace("CapabilityBoundingSet=\n", ""), *asked)[0] != 0


def test_the_unit_starts_a_command_that_there_is() -> None:
    (command,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    _, name, *options = shlex.split(command)
    group = typer.main.get_command(app)
    group.commands[name].make_context(name, options)  # type: ignore[attr-defined]


def test_the_image_is_made_of_what_there_is_and_runs_as_an_ordinary_user() -> None:
    sources = [words.split()[:-1] for words in instructions("COPY") if "--from" not in words]
    assert {source for several in sources for source in several} == {
        *("corpus", "index", "qa", "ui"),
        *("pyproject.toml", "README.md", "LICENSE", "constraints.txt"),
    }
    (user,) = instructions("USER")
    (made,) = [command for command in instructions("RUN") if "useradd" in command]
    assert int(user) > 0
    assert f"--uid {user} " in made
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")


def test_the_image_starts_with_a_token_only_and_tells_when_it_is_ready(tmp_path: Path) -> None:
    home, (words,), (check,) = tmp_path / "home", instructions("CMD"), instructions("HEALTHCHECK")
    environment = {**os.environ, "DONGXIHU_HOME": str(home), "PYTHONUTF8": "1"}
    command = program(*json.loads(words))
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "dongxihu token" in refused.stderr
    subprocess.run(program("token", "office"), env=environment, capture_output=True, check=True)
    with started([*command, "--port", "0"], environment, tmp_path / "log") as server:
        port = server.address.rpartition(":")[2]
        python, *rest = json.loads(check.partition(" CMD ")[2].replace("7860", port))
        assert python == "python"

        def is_healthy() -> bool:
            asked = [sys.executable, *rest]
            return subprocess.run(asked, capture_output=True, check=False).returncode == 0

        assert until(is_healthy)
    assert not is_healthy()
