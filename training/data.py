"""The reader's training examples: human questions, synthetic ones, and ones without an answer.

    python data.py [--data DIR] [--out DIR] [--course NAME] [--passes N] [--mined FILE]

A course is what a pass teaches: people's questions and some of the written ones (human), the
written ones and those over sections (written), those over sections and some of both others
(sections), shares of all that leave room for those asked of a search (even) or for those focused
on one thing (points), or all of them; `train_reader.py --course` takes the passes of one.

Never reads cmrc2018_dev.json nor any rgb_* file: those are for measuring.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from opencc import OpenCC
from tokenizers import Tokenizer

from corpus.language import DATE, clause_spans, find_figures
from reader_model import FORMS
from sections import Section, read_lookups, read_open
from sources import (
    NEWS,
    SQUAD,
    Example,
    read_chronoqa,
    read_news,
    read_sources,
    read_squad,
    read_written,
)  # fmt: skip
from unanswerable import find_lookalikes, swap

SEED = 20261122
SHORTEST, LONGEST = 90, 210  # characters of a window: what the product's splitter makes
WIDE_SHARE, WIDEST = 0.1, 320  # some longer ones, so that length itself means nothing
MOST_TOKENS = 224  # question and window together
UNKNOWN = -1
HUMAN_KINDS = ("human", "judged")
LONGEST_NAME = 20  # characters; a longer answer is told in clauses
OPEN_DOCUMENT = 1_000_000  # number of the first section with open questions
LOOKUP_DOCUMENT = 2_000_000  # number of the first document with lookups over its sections
HELD_OUT = 12  # of the articles with written questions every twelfth is kept for measuring
# Examples a pass beside all the open ones and the mined groups; those written are drawn anew.
WRITTEN, HUMAN_EMPTY, WRITTEN_EMPTY = 8000, 2000, 1500
COURSES = ("all", "human", "written", "sections", "even", "points")
WRITTEN_BESIDE_HUMAN = 4000  # in a pass of people's questions, so that no kind is forgotten
HUMAN_BESIDE, WRITTEN_BESIDE = 6000, 4000  # in a pass of those over sections
SHARES = {  # questions of each sort; of a sort not named all
    "even": {"human": 10_000, "written": 6000, "open": 7000, "focused": 0, "lookups": 5000},
    "points": {"human": 5500, "written": 3500, "searched": 4000, "open": 5000, "lookups": 3500},
}
SYNTHETIC, SYNTHETIC_EMPTY = 600, 200
ELSEWHERE = 0.4  # of the open questions: another part of the section is read beside what answers
WRONG_ONLY = 0.25  # of the groups: none of their passages answers
BESIDE = 2  # mined passages read beside the right one
# Of the unanswerable; the rest are look-alikes. More swapped words make the reader refuse
# questions in other words than the passage's.
SWAPPED, REMOVED = 0.25, 0.40
SYNTHETIC_SHARES = {
    "figure": 0.50, "date": 0.14, "list": 0.09, "person": 0.08, "definition": 0.05,
    "place": 0.05, "site": 0.03, "reason": 0.03, "work": 0.015, "maker": 0.015,
}  # fmt: skip
RENUMBERED = 0.3  # of the written questions: other figures, so that none is learnt by heart
# What a question without an answer asks for.
ASKED = {
    "date": "什么时候|何时|哪[年天月]|几[月号]",
    "figure": "多少|几|多[大高长久]|比例|金额",
    "list": "哪些",
    "yesno": "吗[？?]?$|是否|[是能]不[是能]",
}
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


def window(example: Example, rng: random.Random, anywhere: bool = False) -> Example:
    """Return the example with its passage cut to a window, around what answers if anything does.

    Of several clauses that answer it holds one, unless it is taken `anywhere`: it may have none.
    """
    start, end = example.start, example.end
    if example.marks and not anywhere:
        start, end = rng.choice(example.marks)
    if start < 0:
        start = rng.randrange(len(example.passage))
        end = start + 1
    left, right = crop(example.passage, start, end, rng)
    passage = example.passage[left:right]
    inside = tuple(
        (max(a, left) - left, min(b, right) - left)
        for a, b in example.marks
        if a < right and left < b
    )
    if example.start < 0:
        return replace(example, passage=passage, marks=inside)
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
    return without_answer(example, kept, f"{example.kind}-removed")


def empty(example: Example, lookalikes: Sequence[str], rng: random.Random) -> Example | None:
    """Return an unanswerable example made from an answerable one, or None where none comes out."""
    way = rng.random()
    if way < SWAPPED:
        cut = window(example, rng)
        question = swap(example.question, cut.passage, rng)
        if question is None:
            return None
        none = without_answer(cut, cut.passage, f"{example.kind}-swapped")
        return replace(none, question=question)
    if way < SWAPPED + REMOVED:
        return remove_answer(example, rng)
    answer = example.passage[example.start : example.end]
    usable = [p for p in lookalikes if answer not in p]
    if not usable:
        return None
    passage = rng.choice(usable)
    return without_answer(example, passage, f"{example.kind}-lookalike")


def balance(examples: list[Example], count: int, rng: random.Random) -> list[Example]:
    """Return `count` synthetic examples in the shares of SYNTHETIC_SHARES, as far as they go."""
    groups: dict[str, list[Example]] = collections.defaultdict(list)
    for example in examples:
        groups[example.kind].append(example)
    chosen: list[Example] = []
    for kind, share in SYNTHETIC_SHARES.items():
        chosen += rng.sample(groups[kind], min(len(groups[kind]), round(share * count)))
    return chosen


def windows(examples: list[Example], rng: random.Random) -> tuple[list[str], list[int]]:
    """The passages of examples cut into windows, and the document of each."""
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
    return passages, owners


def attach_lookalikes(examples: list[Example], rng: random.Random) -> list[list[str]]:
    """Return for each example up to three windows of other documents that resemble its question."""
    passages, owners = windows(examples, rng)
    nearest = find_lookalikes(
        [e.question for e in examples], passages, [e.document for e in examples], owners
    )
    return [[passages[j] for j in row] for row in nearest]


class Questions(NamedTuple):
    """What is asked of whole paragraphs, stretches and sections; `held` is kept to measure by.

    Those `searched` name what they ask of, as if of thousands of articles. Of sections there are
    open questions, more that are `focused` on one of the things a section speaks of, and lookups
    with other sections of their document.
    """

    human: list[Example]
    written: list[Example]
    searched: list[Example]
    held: list[Example]
    open: list[Example]
    focused: list[Example]
    lookups: list[tuple[Example, list[Section]]]


def read_questions(data: Path, questions: Path, rng: random.Random) -> Questions:
    """Read all questions that were asked of texts; those of every HELD_OUTth text are held."""
    converter = OpenCC("t2s")
    human: list[Example] = []
    for number, name in enumerate(SQUAD):
        change = converter if name.startswith("drcd") else None
        human += read_squad(data / f"{name}.json", number * 10_000, change, rng)
    human += read_chronoqa(data / "chronoqa_train.jsonl", len(SQUAD) * 10_000)
    sources = read_sources(data)
    asked = read_written(questions, sources, rng)
    held = [e for e in asked if e.document >= NEWS and e.document % HELD_OUT == 0]
    written = [e for e in asked if e.document < NEWS or e.document % HELD_OUT]
    searched = [
        replace(e, kind=e.kind.replace("written", "searched"))
        for e in read_written(questions / "searched", sources, rng)
    ]
    held += [e for e in searched if e.document % HELD_OUT == 0]
    searched = [e for e in searched if e.document % HELD_OUT]
    asked_open, focused = read_open_examples(
        [questions / "sections" / name for name in ("open.jsonl", "focused.jsonl")], data
    )
    lookups = read_lookup_examples(questions / "sections" / "lookups.jsonl", data)
    held += [e for e, _ in lookups if e.document % HELD_OUT == 0]
    kept = [pair for pair in lookups if pair[0].document % HELD_OUT]
    return Questions(human, written, searched, held, asked_open, focused, kept)


def read_open_examples(paths: Sequence[Path], data: Path) -> list[list[Example]]:
    """The open questions of each file as examples, under their headings."""
    numbers = itertools.count()
    return [
        [
            Example(
                asked.question,
                asked.section.text,
                -1,
                -1,
                "open" if asked.spans else "open-none",
                OPEN_DOCUMENT + next(numbers) // 6,
                context=asked.section.nearest,
                marks=asked.spans,
            )
            for asked in read_open(path, data)
        ]
        for path in paths
    ]


def read_lookup_examples(path: Path, data: Path) -> list[tuple[Example, list[Section]]]:
    """The lookups over sections, under their headings, each with what may be taken for its own.

    Those are the sections of the same document that share most pairs of characters with the
    question and do not hold the answer.
    """
    asked = read_lookups(path, data)
    numbers: dict[str, int] = {}
    together: dict[str, dict[Section, set[str]]] = collections.defaultdict(dict)
    for one in asked:
        numbers.setdefault(one.section.document, LOOKUP_DOCUMENT + len(numbers))
        if one.section not in together[one.section.document]:
            together[one.section.document][one.section] = pairs(one.section.text)
    found: list[tuple[Example, list[Section]]] = []
    for one in asked:
        section = one.section
        answer = section.text[one.start : one.end] if one.start >= 0 else ""
        wanted = pairs(one.question)
        likeness = {
            other: len(wanted & held)
            for other, held in together[section.document].items()
            if other != section and not (answer and answer in other.text)
        }
        near = sorted(likeness, key=likeness.__getitem__, reverse=True)[:1]
        example = Example(
            one.question,
            section.text,
            one.start,
            one.end,
            "section" if one.start >= 0 else "section-none",
            numbers[section.document],
            one.verdict,
            context=section.nearest,
        )
        found.append((example, near))
    return found


def pairs(text: str) -> set[str]:
    """Two characters side by side."""
    return {text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()}


Mined = Mapping[tuple[str, int], list[str]]  # passages by question and its document


def read_mined(path: Path) -> Mined:
    """The passages of other documents that do not answer, by question and its document."""
    rows = (json.loads(line) for line in path.open(encoding="utf-8"))
    return {
        (row["question"], row["document"]): [passage for passage, _, _ in row["wrong"]]
        for row in rows
        if row["wrong"]
    }


def gather(example: Example, others: list[Example], rng: random.Random) -> list[Example]:
    """The passages of one question, read as one group: the right one, unless only wrong ones."""
    if others and rng.random() < WRONG_ONLY:
        return others
    return [window(example, rng), *others[:BESIDE]]


def look_up(example: Example, near: Sequence[Section], rng: random.Random) -> list[Example]:
    """The passages of one lookup over a section: its own and others of the document."""
    wrong = (
        replace(without_answer(example, section.text, "beside"), context=section.nearest)
        for section in near
    )
    return gather(example, [window(one, rng) for one in wrong], rng)


def parts(example: Example, rng: random.Random) -> list[Example]:
    """The windows of a section that are read for an open question, as one group."""
    near = window(example, rng)
    if not example.marks or rng.random() >= ELSEWHERE:
        return [near]
    other = window(example, rng, anywhere=True)
    return [near, other] if other.passage != near.passage else [near]


def make_pass(
    asked: Questions,
    synthetic: list[Example],
    lookalikes: dict[int, list[str]],
    mined: Mined,
    rng: random.Random,
) -> list[list[Example]]:
    """Return one shuffled pass: groups of the passages that are read for one question."""
    human, written = asked.human, asked.written
    groups: list[list[Example]] = []
    alone: list[Example] = []
    for example in human + written:
        wrong = mined.get((example.question, example.document))
        if wrong and example.start >= 0:
            mined_ones = [replace(without_answer(example, p, "mined"), context=()) for p in wrong]
            groups.append(gather(example, mined_ones, rng))
        else:
            alone.append(example)
    examples = [window(e, rng) for e in alone if e.kind in HUMAN_KINDS]
    others = [e for e in alone if e.kind not in HUMAN_KINDS]
    drawn = rng.sample(others, min(WRITTEN, len(others)))
    cut = [window(e, rng) for e in drawn + asked.searched]
    examples += [renumber(e, rng) if rng.random() < RENUMBERED else e for e in cut]
    groups += [parts(e, rng) for e in asked.open + asked.focused]
    groups += [look_up(e, near, rng) for e, near in asked.lookups]
    examples += [window(e, rng) for e in balance(synthetic, SYNTHETIC, rng)]
    answered = [e for e in written + [e for e, _ in asked.lookups] if e.start >= 0]
    told = [e for e in human if e.start >= 0]
    pools = (told, HUMAN_EMPTY), (answered, WRITTEN_EMPTY), (synthetic, SYNTHETIC_EMPTY)
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
    groups += [[example] for example in examples]
    rng.shuffle(groups)
    return groups


def of_course(
    course: str, asked: Questions, mined: Mined, rng: random.Random
) -> tuple[Questions, Mined]:
    """The part of the questions and of the mined passages that a pass of a course takes."""
    if course == "human":
        some = rng.sample(asked.written, WRITTEN_BESIDE_HUMAN)
        return asked._replace(written=some, searched=[], open=[], focused=[], lookups=[]), {}
    if course == "written":
        hard = [e for e in asked.human if (e.question, e.document) in mined]
        return asked._replace(human=hard, searched=[]), mined
    if course == "sections":
        human = rng.sample(asked.human, HUMAN_BESIDE)
        written = rng.sample(asked.written, WRITTEN_BESIDE)
        return asked._replace(human=human, written=written, searched=[]), {}
    if course in SHARES:
        pools = {name: rng.sample(pool, len(pool)) for name, pool in asked._asdict().items()}
        for name in ("human", "written"):  # with mined passages first: no two courses hold others
            pools[name].sort(key=lambda e: (e.question, e.document) not in mined)
        return asked._replace(
            **{name: pools[name][:count] for name, count in SHARES[course].items()}
        ), mined
    return asked, mined


def form_of(example: Example) -> int:
    """The place in FORMS of the answer an example wants, by the answer it has or had.

    Where it never had one, by the words of the question.
    """
    if example.verdict >= 0:
        return FORMS.index("yesno")
    if example.kind.startswith("open"):
        return FORMS.index("clauses")
    if example.start < 0:
        return FORMS.index(example.form or _form_asked(example.question))
    return FORMS.index(_form_told(example.passage[example.start : example.end]))


def _form_told(answer: str) -> str:
    if any(f.start == 0 and f.end == len(answer) for f in find_figures(answer)):
        return "figure"
    if DATE.fullmatch(answer):
        return "date"
    if "、" in answer:
        return "list"
    return "clauses" if len(answer) > LONGEST_NAME else "name"


def _form_asked(question: str) -> str:
    return next((form for form, words in ASKED.items() if re.search(words, question)), "name")


def without_answer(example: Example, passage: str, kind: str) -> Example:
    """The question of an example over a passage that does not answer it."""
    form = FORMS[form_of(example)]
    return replace(example, passage=passage, start=-1, end=-1, verdict=-1, kind=kind, form=form)


class Encoded(NamedTuple):
    """An example in tokens: the first of the passage, of the answer and the last of it.

    The answer's are 0 where nothing answers, UNKNOWN where several clauses do. `marks` has for
    each token whether its clause answers, UNKNOWN outside the passage itself.
    """

    ids: list[int]
    begin: int
    first: int
    last: int
    marks: list[int]


def encode(tokenizer: Tokenizer, example: Example) -> Encoded | None:
    """Encode question and passage, what stands above it before it; None where it is too long."""
    above = "".join(f"{piece}：" for piece in example.context)
    encoding = tokenizer.encode(example.question, above + example.passage)
    if len(encoding.ids) > MOST_TOKENS:
        return None
    begin, end = encoding.sequence_ids.index(1), len(encoding.ids) - 1
    shift = len(above)

    def tokens(start: int, stop: int) -> list[int]:
        spans = encoding.offsets
        return [
            i
            for i in range(begin, end)
            if spans[i][1] > start + shift and spans[i][0] < stop + shift
        ]

    answers = example.marks
    if example.start >= 0:
        answers = tuple(
            c for c in clause_spans(example.passage) if c[0] < example.end and example.start < c[1]
        )
    marks = [UNKNOWN] * len(encoding.ids)
    for i in tokens(0, len(example.passage)):
        marks[i] = 0
    for start, stop in answers:
        for i in tokens(start, stop):
            marks[i] = 1
    if example.verdict >= 0 and example.start < 0:
        return Encoded(encoding.ids, begin, UNKNOWN, UNKNOWN, [UNKNOWN] * len(marks))
    if example.start < 0:
        place = UNKNOWN if example.marks else 0
        return Encoded(encoding.ids, begin, place, place, marks)
    inside = tokens(example.start, example.end)
    return Encoded(encoding.ids, begin, inside[0], inside[-1], marks) if inside else None


def save(tokenizer: Tokenizer, groups: list[list[Example]], path: Path) -> int:
    """Write encoded examples as flat arrays, a group's one after another; return how many."""
    kept: list[tuple[int, Encoded, Example]] = []
    for number, group in enumerate(groups):
        rows = [(number, encode(tokenizer, e), e) for e in group]
        kept += [(number, row, e) for number, row, e in rows if row is not None]
    lengths = np.array([len(row.ids) for _, row, _ in kept])
    np.savez(
        path,
        ids=np.concatenate([np.array(row.ids, dtype=np.int32) for _, row, _ in kept]),
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        groups=np.array([number for number, _, _ in kept], dtype=np.int32),
        spans=np.array([row[1:4] for _, row, _ in kept], dtype=np.int32),
        verdicts=np.array([e.verdict for _, _, e in kept], dtype=np.int8),
        marks=np.concatenate([np.array(row.marks, dtype=np.int8) for _, row, _ in kept]),
        forms=np.array([form_of(e) for _, _, e in kept], dtype=np.int8),
    )
    return len(kept)


def main() -> None:
    """Write one file a pass, and the held-out written questions as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--questions", type=Path, default=Path("training/questions"))
    parser.add_argument("--course", choices=COURSES, default="all")
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="number of the first pass")
    parser.add_argument("--mined", type=Path, help="passages that do not answer, of mining.py")
    options = parser.parse_args()
    rng = random.Random(SEED + options.first)
    tokenizer = Tokenizer.from_file(str(options.out / "encoder" / "tokenizer.json"))
    asked = read_questions(options.data, options.questions, rng)
    with (options.out / "held_out.jsonl").open("w", encoding="utf-8") as file:
        for e in asked.held:
            file.write(json.dumps(asdict(e), ensure_ascii=False) + "\n")
    documents = {e.document for e in asked.held}
    news = read_news(options.data / "news.txt", NEWS, rng)
    synthetic = balance([e for e in news if e.document not in documents], 40_000, rng)
    everyone = [e for e in asked.human + asked.written if e.start >= 0] + synthetic
    near = dict(zip(map(id, everyone), attach_lookalikes(everyone, rng), strict=True))
    mined = read_mined(options.mined) if options.mined else {}
    for number in range(options.first, options.first + options.passes):
        taken, wrong = of_course(options.course, asked, mined, rng)
        groups = make_pass(taken, synthetic, near, wrong, rng)
        count = save(tokenizer, groups, options.out / f"{options.course}_{number:02}.npz")
        kinds = collections.Counter(e.kind.rsplit("-")[-1] for group in groups for e in group)
        print(number, count, dict(kinds), flush=True)


if __name__ == "__main__":
    main()
