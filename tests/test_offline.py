"""No name is looked up, nobody reached, and nothing written outside the data folder.

Each way in runs in a process of its own with folders of its own before two witnesses: Python's
audit hooks, and strace for what native libraries do past them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from index.embedding import MODEL_FOLDER
from offline import REFUSED, WRITTEN
from serving import program, started
from tracing import Trace, can_trace, read_trace, traced
from ui.guard.access import Access

QUESTION = "2024年改造了多少个小区？"
ANSWER = "25个"
PASSWORD = "long enough to be one"
ROOT = Path(__file__).parent.parent
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where Python makes semaphores and removes them at once
NO_FILES = ("/dev/null", "/dev/tty", "/proc")  # written to, yet nothing is kept
# Under the audit hooks, as tests/offline.py runs the command line under them.
WATCHED = f"""
import os, offline
from pathlib import Path
offline.refuse_network()
offline.list_writes(Path(os.environ["{WRITTEN}"]))
"""
FROM_PYTHON = f"""{WATCHED}
from qa import answer
print(answer("{QUESTION}").text)
"""
FROM_SENTENCE_TRANSFORMERS = f"""{WATCHED}
from sentence_transformers import SentenceTransformer
model = SentenceTransformer("{MODEL_FOLDER}", trust_remote_code=True, device="cpu")
print(model.encode_query("{QUESTION}").shape)
"""

# What the witnesses are there to see; of a connected datagram socket nothing is sent.
AT_FAULT = f"""
import ctypes, os, socket, offline
from pathlib import Path
offline.list_writes(Path(os.environ["{WRITTEN}"]))
Path.home().joinpath("by Python").mkdir()
system = ctypes.CDLL(None)
system.mkdir(os.fsencode(Path.home() / "by native code"), 0o700)
system.open(b"/etc/resolv.conf", os.O_RDONLY)
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex(("192.0.2.1", 9))
offline.refuse_network()
try:
    socket.getaddrinfo("name.invalid", 80)
except ConnectionRefusedError:
    pass
"""


class Sandbox:
    """Fresh folders for one process, and the environment that leads it to them."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.data = data
        self.home = folder / "home"
        self.temporary = folder / "tmp"
        self.watched = folder / "watched"  # the witnesses' own notes
        for made in (self.home, self.temporary, self.watched / "trace"):
            made.mkdir(parents=True)
        # Nothing is handed on: onnxruntime, for one, keeps still where $CI is set.
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(Path(__file__).parent))),
            "PYTHONDONTWRITEBYTECODE": "1",  # compiled modules are the installation's
            "PYTHONUTF8": "1",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "DONGXIHU_HOME": str(data),
            WRITTEN: str(self.watched / "written"),
            # What these two libraries keep, and where, is for their users to say.
            "HF_HOME": str(self.watched / "huggingface"),
            "TORCHINDUCTOR_CACHE_DIR": str(self.watched / "torch"),
            **{
                f"XDG_{name}": str(self.home / name.lower())
                for name in ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR")
            },
        }

    def under(self, command: list[str]) -> list[str]:
        """The command, traced where the system can do that."""
        return traced(command, self.watched / "trace") if can_trace() else command

    def run(self, command: list[str]) -> str:
        """What a command says, once it has ended well."""
        ended = subprocess.run(
            self.under(command),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
        )
        said = ended.stdout + ended.stderr
        assert ended.returncode == 0, said
        return said

    def left(self) -> list[Path]:
        """What lies in the home and temporary folders."""
        return [path for folder in (self.home, self.temporary) for path in folder.rglob("*")]

    def listed(self) -> list[Path]:
        """The paths that Python opened for writing or made."""
        return [Path(line) for line in (self.watched / "written").read_text("utf-8").splitlines()]

    def trace(self) -> Trace | None:
        """What strace saw of an ended process, or None where it may not look."""
        return read_trace(self.watched / "trace") if can_trace() else None

    def outside(self, written: list[Path]) -> list[Path]:
        """Those outside the data folder; a temporary file that is gone by now does not count."""
        return [path for path in dict.fromkeys(written) if not self._may_write(path)]

    def _may_write(self, path: Path) -> bool:
        if path.is_relative_to(self.temporary) or path.is_relative_to(SHARED_MEMORY):
            return not path.exists()
        own = (self.data, self.watched, *NO_FILES)
        return any(path.is_relative_to(folder) for folder in own)


@dataclass(frozen=True, slots=True)
class Run:
    """A process that has ended: what it said, what it wrote and, where strace can look, did."""

    said: str
    sandbox: Sandbox
    trace: Trace | None


def run_python(sandbox: Sandbox) -> str:
    said = sandbox.run([sys.executable, "-c", FROM_PYTHON])
    assert said.startswith(ANSWER)
    return said


def run_sentence_transformers(sandbox: Sandbox) -> str:
    """The bundled retriever as users of that library load it, without the rest of the project."""
    said = sandbox.run([sys.executable, "-c", FROM_SENTENCE_TRANSFORMERS])
    assert "(384,)" in said
    return said


def run_index(sandbox: Sandbox) -> str:
    return sandbox.run(program("index"))


def run_ask(sandbox: Sandbox) -> str:
    said = sandbox.run(program("ask", QUESTION))
    assert said.startswith(ANSWER)
    return said


def run_serve(sandbox: Sandbox) -> str:
    """The pages, a question, and a document that the operator sends, as a browser sends it."""
    log = sandbox.watched / "log"
    Access(sandbox.data).set_password(PASSWORD)
    command = sandbox.under(program("serve", "--port", "0"))
    with (
        started(command, sandbox.environment, log) as server,
        httpx2.Client(base_url=server.address, timeout=60) as client,
    ):
        for page in ("/", "/en/", "/config", "/theme.css"):
            assert client.get(page).status_code == 200
        asked = client.post("/api/answer", json={"question": QUESTION})
        assert asked.json()["text"] == ANSWER
        client.post("/login", data={"secret": PASSWORD})
        there = "/operator/do"
        batch = client.post(f"{there}/batches", json={"names": []}).json()["batch"]
        named = {"batch": batch, "name": "乙区.txt"}
        sent = client.post(f"{there}/files", params=named, content="乙区报告".encode())
        assert sent.status_code == 204
        code = server.stop()
    assert code == 0
    return log.read_text("utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("offline") / "dongxihu-qa"


@pytest.fixture(
    scope="module",
    params=[run_index, run_ask, run_python, run_serve, run_sentence_transformers],
)
def run(
    request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    way_in: Callable[[Sandbox], str] = request.param
    sandbox = Sandbox(tmp_path_factory.mktemp(way_in.__name__), data)
    return Run(way_in(sandbox), sandbox, sandbox.trace())


def seen(run: Run) -> Trace:
    if run.trace is None:
        if os.environ.get("CI"):
            pytest.fail("strace is missing or may not look; .ci/run installs it")
        pytest.skip("what native code does is seen by strace alone: apt-get install strace")
    return run.trace


def test_nothing_is_left_outside_the_data_folder(run: Run) -> None:
    assert run.sandbox.left() == []


def test_python_writes_only_to_the_data_folder(run: Run) -> None:
    assert run.sandbox.outside(run.sandbox.listed()) == []


def test_native_code_writes_only_to_the_data_folder(run: Run) -> None:
    written = list(seen(run).written)
    assert written
    assert run.sandbox.outside(written) == []


def test_python_reaches_nobody(run: Run) -> None:
    assert REFUSED not in run.said


def test_native_code_looks_up_no_name_and_reaches_nobody(run: Run) -> None:
    assert seen(run).reached == ()


def test_the_witnesses_would_see_a_fault(data: Path, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, data)
    said = sandbox.run([sys.executable, "-c", AT_FAULT])
    by_python, by_native = sandbox.home / "by Python", sandbox.home / "by native code"
    assert set(sandbox.left()) == {by_python, by_native}
    assert sandbox.outside(sandbox.listed()) == [by_python]
    assert f"{REFUSED} 'name.invalid'" in said
    trace = seen(Run(said, sandbox, sandbox.trace()))
    assert sandbox.outside(list(trace.written)) == [by_python, by_native]
    looked_up, reached = trace.reached
    assert "resolv.conf" in looked_up
    assert "192.0.2.1" in reached
