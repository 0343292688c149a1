"""The reader's training examples: human questions, synthetic ones, and ones without an answer.

    python data.py [--data DIR] [--out DIR] [--passes N]

Never reads cmrc2018_dev.json nor any rgb_* file: those are for measuring.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from opencc import OpenCC
from tokenizers import Tokenizer

from sources import NEWS, SQUAD, Example, read_news, read_sources, read_squad, read_written
from unanswerable import find_lookalikes, swap

SEED = 20261122
SHORTEST, LONGEST = 90, 210  # characters of a window: what the product's splitter makes
WIDE_SHARE, WIDEST = 0.1, 320  # some longer ones, so that length itself means nothing
MOST_TOKENS = 224  # question and window together
HELD_OUT = 12  # of the articles with written questions every twelfth is kept for measuring
# Examples a pass, beside all the written ones; human questions drawn anew each time.
HUMAN, HUMAN_EMPTY, WRITTEN_EMPTY = 3500, 1200, 3000
SYNTHETIC, SYNTHETIC_EMPTY = 900, 300
# Of the unanswerable; the rest are look-alikes. More swapped words make the reader refuse
# questions in other words than the passage's.
SWAPPED, REMOVED = 0.25, 0.40
KIND_SHARES = {
    "figure": 0.50, "date": 0.14, "list": 0.09, "person": 0.08, "definition": 0.05,
    "place": 0.05, "site": 0.03, "reason": 0.03, "work": 0.015, "maker": 0.015,
}  # fmt: skip
RENUMBERED = 0.3  # of the written questions: other figures, so that none is learnt by heart
BREAK = re.compile(r"(?<=[。！？!?；;\n])")
NUMBER = re.compile(r"(?<![\d.A-Za-z])\d+(?:\.\d+)?(?![\d.A-Za-z年月日号])")


def crop(text: str, start: int, end: int, rng: random.Random) -> tuple[int, int]:
    """Return the bounds of a run of whole sentences holding text[start:end]."""
    bounds = [0, *(m.start() for m in BREAK.finditer(text) if m.start()), len(text)]
    first = max(i for i, b in enumerate(bounds[:-1]) if b <= start)
    last = min(i for i, b in enumerate(bounds) if b >= end and i > first)
    most = WIDEST if rng.random() < WIDE_SHARE else LONGEST
    wanted = rng.randint(SHORTEST, most)
    while bounds[last] - bounds[first] < wanted:
        choices = []
        if first > 0 and bounds[last] - bounds[first - 1] <= most:
            choices.append("left")
        if last < len(bounds) - 1 and bounds[last + 1] - bounds[first] <= most:
            choices.append("right")
        if not choices:
            break
        if rng.choice(choices) == "left":
            first -= 1
        else:
            last += 1
    return bounds[first], bounds[last]


def window(example: Example, rng: random.Random) -> Example:
    """Return the example with its passage cut to a window, around the answer if it has one."""
    start, end = example.start, example.end
    if start < 0:
        start = rng.randrange(len(example.passage))
        end = start + 1
    left, right = crop(example.passage, start, end, rng)
    passage = example.passage[left:right]
    if example.start < 0:
        return replace(example, passage=passage)
    return replace(example, passage=passage, start=example.start - left, end=example.end - left)


def renumber(example: Example, rng: random.Random) -> Example:
    """Return the example with each number replaced by another as long, in question and passage.

    Dates stay, and so do yes/no questions that name a number: they may compare it.
    """
    if example.verdict >= 0 and NUMBER.search(example.question):
        return example
    mapping: dict[str, str] = {}
    for number in NUMBER.findall(example.passage + " " + example.question):
        digits = (c if c == "." else str(rng.randint(0, 9)) for c in number[1:])
        mapping.setdefault(number, str(rng.randint(1, 9)) + "".join(digits))

    def change(text: str) -> str:
        return NUMBER.sub(lambda match: mapping[match.group()], text)

    return replace(example, question=change(example.question), passage=change(example.passage))


def remove_answer(example: Example, rng: random.Random) -> Example | None:
    """Return the same question over sentences of its document that do not hold the answer."""
    answer = example.passage[example.start : example.end]
    sentences = [s for s in BREAK.split(example.passage) if s]
    if rng.random() < 0.5:
        near = BREAK.split(window(example, rng).passage)
        kept = "".join(s for s in near if answer not in s)
        if len(kept) < SHORTEST // 2:
            return None
    else:
        at = rng.randrange(len(sentences))
        begin = sum(map(len, sentences[:at]))
        left, right = crop(example.passage, begin, begin + 1, rng)
        kept = example.passage[left:right]
        if answer in kept or len(kept) < SHORTEST // 2:
            return None
    return replace(
        example, passage=kept, start=-1, end=-1, verdict=-1, kind=f"{example.kind}-removed"
    )


def empty(example: Example, lookalikes: Sequence[str], rng: random.Random) -> Example | None:
    """Return an unanswerable example made from an answerable one, or None where none comes out."""
    way = rng.random()
    if way < SWAPPED:
        cut = window(example, rng)
        question = swap(example.question, cut.passage, rng)
        if question is None:
            return None
        return replace(
            cut, question=question, start=-1, end=-1, verdict=-1, kind=f"{example.kind}-swapped"
        )
    if way < SWAPPED + REMOVED:
        return remove_answer(example, rng)
    answer = example.passage[example.start : example.end]
    usable = [p for p in lookalikes if answer not in p]
    if not usable:
        return None
    passage = rng.choice(usable)
    return replace(
        example, passage=passage, start=-1, end=-1, verdict=-1, kind=f"{example.kind}-lookalike"
    )


def balance(examples: list[Example], count: int, rng: random.Random) -> list[Example]:
    """Return `count` synthetic examples in the shares of KIND_SHARES, as far as they go."""
    groups: dict[str, list[Example]] = collections.defaultdict(list)
    for example in examples:
        groups[example.kind].append(example)
    chosen: list[Example] = []
    for kind, share in KIND_SHARES.items():
        chosen += rng.sample(groups[kind], min(len(groups[kind]), round(share * count)))
    return chosen


def attach_lookalikes(examples: list[Example], rng: random.Random) -> list[list[str]]:
    """Return for each example up to three windows of other documents that resemble its question."""
    passages: list[str] = []
    owners: list[int] = []
    seen: set[tuple[int, str]] = set()
    for example in examples:
        if (example.document, example.passage[:60]) in seen:
            continue
        seen.add((example.document, example.passage[:60]))
        at = 0
        while at < len(example.passage):
            left, right = crop(example.passage, at, min(at + 1, len(example.passage)), rng)
            passages.append(example.passage[left:right])
            owners.append(example.document)
            at = max(right, at + 1)
    nearest = find_lookalikes(
        [e.question for e in examples], passages, [e.document for e in examples], owners
    )
    return [[passages[j] for j in row] for row in nearest]


def make_pass(
    human: list[Example],
    written: list[Example],
    synthetic: list[Example],
    lookalikes: dict[int, list[str]],
    rng: random.Random,
) -> list[Example]:
    """Return one shuffled pass: human and written questions, synthetic and unanswerable ones."""
    examples = [window(e, rng) for e in rng.sample(human, min(HUMAN, len(human)))]
    cut = [window(e, rng) for e in written]
    examples += [renumber(e, rng) if rng.random() < RENUMBERED else e for e in cut]
    examples += [window(e, rng) for e in balance(synthetic, SYNTHETIC, rng)]
    answered = [e for e in written if e.start >= 0]
    pools = (human, HUMAN_EMPTY), (answered, WRITTEN_EMPTY), (synthetic, SYNTHETIC_EMPTY)
    for pool, count in pools:
        source = balance(synthetic, 3 * count, rng) if pool is synthetic else pool
        made: list[Example] = []
        for example in rng.sample(source, len(source)):
            new = empty(example, lookalikes.get(id(example), []), rng)
            if new is not None:
                made.append(new)
            if len(made) == count:
                break
        examples += made
    rng.shuffle(examples)
    return examples


def encode(tokenizer: Tokenizer, example: Example) -> tuple[list[int], int, int, int] | None:
    """Return ids, the passage's first token, and the answer's first and last token (0 without one).

    None where the pair is too long or no token lies on the answer.
    """
    encoding = tokenizer.encode(example.question, example.passage)
    if len(encoding.ids) > MOST_TOKENS:
        return None
    begin = encoding.sequence_ids.index(1)
    if example.start < 0:
        return encoding.ids, begin, 0, 0
    inside = [
        i
        for i in range(begin, len(encoding.ids) - 1)
        if encoding.offsets[i][1] > example.start and encoding.offsets[i][0] < example.end
    ]
    return (encoding.ids, begin, inside[0], inside[-1]) if inside else None


def save(tokenizer: Tokenizer, examples: list[Example], path: Path) -> int:
    """Write encoded examples as flat arrays; return how many."""
    pairs = [(encode(tokenizer, e), e.verdict) for e in examples]
    kept = [(row, verdict) for row, verdict in pairs if row is not None]
    lengths = np.array([len(row[0]) for row, _ in kept])
    np.savez(
        path,
        ids=np.concatenate([np.array(row[0], dtype=np.int32) for row, _ in kept]),
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        spans=np.array([row[1:] for row, _ in kept], dtype=np.int32),
        verdicts=np.array([verdict for _, verdict in kept], dtype=np.int8),
    )
    return len(kept)


def main() -> None:
    """Write one file a pass, and the held-out written questions as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--questions", type=Path, default=Path("training/questions"))
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="number of the first pass")
    options = parser.parse_args()
    rng = random.Random(SEED + options.first)
    tokenizer = Tokenizer.from_file(str(options.out / "encoder" / "tokenizer.json"))
    converter = OpenCC("t2s")
    human: list[Example] = []
    for number, name in enumerate(SQUAD):
        change = converter if name.startswith("drcd") else None
        human += read_squad(options.data / f"{name}.json", number * 10_000, change, rng)
    asked = read_written(options.questions, read_sources(options.data))
    held = {e.document for e in asked if e.document >= NEWS and e.document % HELD_OUT == 0}
    written = [e for e in asked if e.document not in held]
    with (options.out / "held_out.jsonl").open("w", encoding="utf-8") as file:
        for e in asked:
            if e.document in held:
                file.write(json.dumps(asdict(e), ensure_ascii=False) + "\n")
    news = read_news(options.data / "news.txt", NEWS, rng)
    synthetic = balance([e for e in news if e.document not in held], 40_000, rng)
    everyone = human + [e for e in written if e.start >= 0] + synthetic
    near = dict(zip(map(id, everyone), attach_lookalikes(everyone, rng), strict=True))
    for number in range(options.first, options.first + options.passes):
        examples = make_pass(human, written, synthetic, near, rng)
        count = save(tokenizer, examples, options.out / f"pass_{number:02}.npz")
        kinds = collections.Counter(e.kind.rsplit("-")[-1] for e in examples)
        print(number, count, dict(kinds), flush=True)


if __name__ == "__main__":
    main()
