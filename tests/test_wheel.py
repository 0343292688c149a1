"""The wheel alone in an empty environment: what a user installs who has no copy of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from serving import started

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "qa", "ui")
NOBODY = 65534  # the user that owns nothing
QUESTION, ANSWER = "2024年改造了多少个小区？", "25个"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building leaves folders behind."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("built")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--verbose", "--no-deps", "--no-build-isolation"]
    built_so = subprocess.run(
        [*pip, "--wheel-dir", str(built), str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built_so.returncode == 0, built_so.stdout + built_so.stderr
    assert "Warning" not in built_so.stdout  # of setuptools; they are told to those who build it
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == wanted


def as_user(*command: str) -> list[str]:
    """A command as an ordinary user in a folder where he may write nothing."""
    there = ["env", "--chdir=/", *command]
    if os.getuid() != 0:
        return there
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    return [*user, *there]


def common_python() -> str:
    """A Python that every user may run: the one here may lie in a folder of root's."""
    for python in (os.path.realpath(sys.executable), "/usr/local/bin/python3", "/usr/bin/python3"):
        told = subprocess.run(
            as_user(python, "-c", "import sys; print(sys.version_info >= (3, 10))"),
            capture_output=True,
            text=True,
            check=False,
        )
        if told.stdout.strip() == "True":
            return python
    pytest.fail("no Python of at least 3.10 here that another user may run")


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """A folder that everybody may enter, with an environment that holds the wheel alone."""
    if not os.environ.get("CI"):
        pytest.skip("it installs all anew, for a minute: set CI=1")
    folder = Path(tempfile.mkdtemp(prefix="dongxihu-"))  # not pytest's, which others cannot enter
    try:
        folder.chmod(0o755)
        venv = folder / "venv"
        subprocess.run([common_python(), "-m", "venv", "--without-pip", str(venv)], check=True)
        pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python"), "install"]
        limits = ["--no-compile", "--constraint", str(ROOT / "constraints.txt")]
        subprocess.run([*pip, "--quiet", *limits, str(wheel)], check=True, cwd="/")
        yield folder
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def house(installed: Path) -> Path:
    """The home of that user."""
    house = installed / "house"
    house.mkdir()
    if os.getuid() == 0:
        os.chown(house, NOBODY, NOBODY)
    return house


def environment(house: Path, **more: str) -> dict[str, str]:
    return {
        "HOME": str(house),
        "TMPDIR": str(house),
        "PATH": "/usr/bin:/bin",
        "PYTHONUTF8": "1",
        **more,
    }


def said_to_user(house: Path, *command: str, **more: str) -> str:
    """What a command tells an ordinary user, who sees no complaint."""
    done = subprocess.run(
        as_user(*command),
        env=environment(house, **more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def serve_in(installed: Path) -> list[str]:
    return as_user(str(installed / "venv" / "bin" / "dongxihu"), "serve", "--port", "0")


def answered(address: str) -> str:
    told = httpx.post(f"{address}/api/answer", json={"question": QUESTION}, timeout=60)
    assert told.status_code == 200, told.text
    return str(told.json()["text"])


def test_it_is_imported_without_a_warning(installed: Path, house: Path) -> None:
    python = str(installed / "venv" / "bin" / "python")
    told = said_to_user(house, python, "-W", "error", "-c", "import qa; print(qa.__file__)")
    assert Path(told.strip()).is_relative_to(installed)


@pytest.fixture(scope="module")
def read_only(installed: Path, house: Path) -> Path:
    """A copy, which that user may only read, of the data folder his first question made."""
    told = said_to_user(house, str(installed / "venv" / "bin" / "dongxihu"), "ask", QUESTION)
    assert told.startswith(ANSWER)
    copy = installed / "read-only"
    shutil.copytree(house / ".local" / "share" / "dongxihu-qa", copy)
    subprocess.run(["chmod", "-R", "a=rX", str(copy)], check=True)
    return copy


def test_it_asks_and_serves_from_a_folder_it_may_only_read(
    installed: Path, house: Path, read_only: Path
) -> None:
    ask = [str(installed / "venv" / "bin" / "dongxihu"), "ask", QUESTION]
    assert said_to_user(house, *ask, DONGXIHU_HOME=str(read_only)).startswith(ANSWER)
    there = environment(house, DONGXIHU_HOME=str(read_only))
    with started(serve_in(installed), there, installed / "log") as server:
        assert answered(server.address) == ANSWER
        server.stop()
    assert sorted(path.name for path in house.iterdir()) == [".local"]  # and leaves nothing


def test_it_serves_the_page_and_all_that_belongs_to_it(installed: Path, house: Path) -> None:
    with started(serve_in(installed), environment(house), installed / "log") as server:
        static = [f"site/{file.name}" for file in (ROOT / "ui" / "page" / "static").iterdir()]
        for path in ("", "en/", "docs", *static):
            told = httpx.get(f"{server.address}/{path}", timeout=60)
            assert (path, told.status_code) == (path, 200)
        assert answered(server.address) == ANSWER
