"""What every test runs under: no network, and a data folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from offline import refuse_network

refuse_network()

# The first example of a test may build an index; a run must not fail because another is slow.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of all tests; the index in it is built once, by the first to need it."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONGXIHU_HOME", str(folder))
        patch.delenv("DONGXIHU_ENCODER", raising=False)
        yield folder
