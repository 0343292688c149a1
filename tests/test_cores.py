"""Work on several cores: in order, with its errors, and where no thread can be begun any more."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from index import cores, cosines_of, share_cores, vectors

LATE = """
import threading, time
from index.cores import map_on_cores
import index.cores as cores
cores.core_share = lambda: 2
def ask():
    threading.main_thread().join()
    print(map_on_cores(lambda number: number + 1, [1, 2, 3]))
threading.Thread(target=ask).start()
"""


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "core_share", lambda: 4)
    monkeypatch.setattr(vectors, "core_share", lambda: 4)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("parts", [[], [3], [5, 1], [*range(50)]])
def test_results_come_in_the_order_of_the_parts(parts: list[int]) -> None:
    assert cores.map_on_cores(lambda part: part * part, parts) == [part * part for part in parts]


@pytest.mark.usefixtures("many")
def test_several_parts_are_worked_on_at_the_same_time() -> None:
    meeting = threading.Barrier(4, timeout=60)
    assert sorted(cores.map_on_cores(lambda _: meeting.wait(), range(4))) == [0, 1, 2, 3]


@pytest.mark.usefixtures("many")
def test_an_error_of_a_part_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        cores.map_on_cores(lambda part: 1 // part, [1, 0, 2])


def test_cores_are_divided_among_calls_and_never_none() -> None:
    alone = cores.core_share()
    try:
        share_cores(1000)
        assert (alone >= 1, cores.core_share()) == (True, 1)
    finally:
        share_cores(1)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("rows", [1, 3, 4, 1001])
def test_cosines_in_parts_are_those_of_the_whole(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "ALONE", 0)
    numbers = np.random.default_rng(rows)
    matrix = numbers.standard_normal((rows, 384), dtype=np.float32)
    question = numbers.standard_normal(384, dtype=np.float32)
    assert cosines_of(matrix, question) == pytest.approx(matrix @ question, abs=1e-3)


def test_a_thread_that_outlives_the_program_still_gets_its_results() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[2, 3, 4]\n", "")
