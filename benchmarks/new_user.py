"""Ask a table of questions in Markdown and write each with its answer, to be judged by reading.

    python -m benchmarks.new_user ../shared/cases/new_user.md > answers.txt

The first cell of a row is a question, or turns of a conversation parted by " → "; 「 / 」 parts
questions that are asked each for itself.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from qa import answer

DANGEROUS = re.compile("Dangerous: (.*)")


def conversations(text: str) -> Iterator[list[str]]:
    """The turns of each conversation of the table, in order, then those named dangerous."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        dangerous = DANGEROUS.match(line)
        if dangerous:
            said = dangerous[1].split(";")
            yield from (one.split(" → ")[0].strip(" .").split(", then ") for one in said)
        elif (
            line.startswith("|")
            and len(cells) > 1
            and cells[0] != "question"
            and cells[0][:3] != "---"
        ):
            asked = re.sub(r"\s*\([^)]*\)$", "", cells[0])
            yield from (part.split(" → ") for part in asked.split(" / "))


def main() -> None:
    """Print each conversation, its last answer and the reason of a refusal."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("table", type=Path)
    arguments = parser.parse_args()
    for number, turns in enumerate(conversations(arguments.table.read_text("utf-8")), 1):
        found = answer(turns[-1].strip(), [turn.strip() for turn in turns[:-1]])
        reason = f" ({found.reason})" if found.reason else ""
        print(f"## {number}. {' → '.join(turns)}\n{found.status}{reason}\n{found.text}\n")


if __name__ == "__main__":
    main()
