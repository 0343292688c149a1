"""No regular expression takes time without end: a short text would stop the whole server."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import corpus
import index
import qa
import ui

_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
SECONDS = 5  # of the processor; what is no fault takes milliseconds
SAMPLES = 40  # texts a repetition
TIMES = 30  # that a text is repeated: ways to part it beyond counting
MANY = 16  # times from which a repetition can be told to be one of any number
LOOKS = {"ASSERT", "ASSERT_NOT"}
REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}


def patterns() -> dict[re.Pattern[str], str]:
    """Every pattern that a module has, with its name."""
    found: dict[re.Pattern[str], str] = {}
    for package in (corpus, qa, index, ui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                for one in value if isinstance(value, (tuple, list)) else (value,):
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        found.setdefault(one, f"{module.name}.{name}")
    return found


def repeated(parsed: Any) -> Iterator[Any]:
    """What a pattern repeats as often as one likes."""
    for operation, value in parsed:
        name = str(operation)
        if name in REPEATS:
            if value[1] >= MANY:
                yield value[2]
            yield from repeated(value[2])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from repeated(branch)
        elif name == "SUBPATTERN":
            yield from repeated(value[3])
        elif name in LOOKS:
            yield from repeated(value[1])


def sample(parsed: Any, chance: random.Random) -> str:
    """A text that a part of a pattern matches, looks around it apart."""
    return "".join(_sample(str(operation), value, chance) for operation, value in parsed)


def _sample(operation: str, value: Any, chance: random.Random) -> str:
    if operation == "LITERAL":
        return chr(value)
    if operation == "IN":
        return _one_of(value, chance)
    if operation in REPEATS:
        least, most, body = value
        times = chance.randint(least, min(most, least + 2))
        return "".join(sample(body, chance) for _ in range(times))
    if operation == "BRANCH":
        return sample(chance.choice(value[1]), chance)
    if operation == "SUBPATTERN":
        return sample(value[3], chance)
    if operation == "ASSERT":  # taken by a reference to it
        return sample(value[1], chance)
    return "镇" if operation in ("ANY", "NOT_LITERAL") else ""


def _one_of(items: Any, chance: random.Random) -> str:
    operation, value = chance.choice(items)
    if str(operation) == "LITERAL":
        return chr(value)
    if str(operation) == "RANGE":
        return chr(chance.choice(value))
    return chance.choice("1 a镇")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing ends a search here")
@pytest.mark.parametrize(("pattern", "name"), [*patterns().items()], ids=[*patterns().values()])
def test_a_run_of_what_it_repeats_is_soon_searched(pattern: re.Pattern[str], name: str) -> None:
    chance = random.Random(1)
    bodies = [*repeated(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))]
    runs = {
        "".join(sample(body, chance) for _ in range(chance.choice((1, 1, 2, 3))))
        for body in bodies
        for _ in range(SAMPLES)
    }
    source = Path(str(sys.modules[name.rpartition(".")[0]].__file__)).read_text("utf-8")
    whole = f"{name.rpartition('.')[2]}.fullmatch" in source
    signal.signal(signal.SIGVTALRM, _give_up)
    for run in runs:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            for head in ("", "猫"):
                text = f"{head}{run * TIMES}猫\0"
                pattern.search(text)
                if whole:
                    pattern.fullmatch(text)
        except TimeoutError:
            pytest.fail(f"{name} does not come to an end with {run!r} again and again")
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _give_up(*_: object) -> None:
    raise TimeoutError
