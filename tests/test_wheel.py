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
    for name in (*PACKAGES, "pyproject.toml", "README.md", "LICENSE"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(built)]
    subprocess.run([*pip, str(copy)], check=True, cwd=built)
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


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """A folder that everybody may read, with an environment that holds the wheel alone."""
    if not os.environ.get("CI"):
        pytest.skip("it installs all anew, for some minutes: set CI=1")
    folder = Path(tempfile.mkdtemp(prefix="dongxihu-"))  # not pytest's, which others cannot enter
    try:
        folder.chmod(0o755)
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "-q"]
        limits = ["--disable-pip-version-check", "-c", str(ROOT / "constraints.txt")]
        subprocess.run([*pip, *limits, str(wheel)], check=True, cwd="/")
        yield folder
    finally:
        shutil.rmtree(folder)


def as_nobody(*command: str) -> list[str]:
    """A command as an ordinary user, where this is root."""
    if os.getuid() != 0:
        return [*command]
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    return [*user, *command]


@pytest.fixture(scope="module")
def house(installed: Path) -> Path:
    """The home of that user."""
    house = installed / "house"
    house.mkdir()
    if os.getuid() == 0:
        os.chown(house, NOBODY, NOBODY)
    return house


def environment(house: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(house), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", **more}


def test_it_answers_an_ordinary_user_who_may_write_nothing_here(
    installed: Path, house: Path
) -> None:
    ask = as_nobody(str(installed / "venv" / "bin" / "dongxihu"), "ask", QUESTION)
    asked = subprocess.run(
        ask, env=environment(house), cwd="/", capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.startswith(ANSWER)
    assert asked.stderr == ""
    home = house / ".local" / "share" / "dongxihu-qa"
    assert home.is_dir()
    copy = installed / "read-only"
    shutil.copytree(home, copy)
    if os.getuid() == 0:
        for path in (copy, *copy.rglob("*")):
            os.chown(path, 0, 0)
    again = subprocess.run(
        ask,
        env=environment(house, DONGXIHU_HOME=str(copy)),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert again.stdout == asked.stdout


def test_it_serves_the_page_and_all_that_belongs_to_it(installed: Path, house: Path) -> None:
    serve = as_nobody(str(installed / "venv" / "bin" / "dongxihu"), "serve", "--port", "0")
    with started(serve, environment(house), installed / "log") as server:
        page = httpx.get(f"{server.address}/", timeout=60)
        assert page.status_code == 200
        for file in sorted((ROOT / "ui" / "page" / "static").iterdir()):
            assert httpx.get(f"{server.address}/site/{file.name}", timeout=60).status_code == 200
        told = httpx.post(f"{server.address}/api/answer", json={"question": QUESTION}, timeout=60)
        assert told.json()["text"] == ANSWER
