"""Public reading tests: CMRC 2018 dev for the span model, RGB (Chinese) for `answer()`.

    python -m benchmarks.reading WHAT… [--limit N] [--misses]

Needs the test files, which are not part of the project: cmrc2018_dev.json (CC BY-SA 4.0) and
rgb_zh_{refine,int,fact}_dev.jsonl (CC BY-NC-SA 4.0), for measuring only. CMRC: exact match
and F1 over single characters, best of the answers given. RGB: five passages a question, of
which the share `noise` does not answer it; an answer is right if it holds one of the forms
of each part. `spans` reads the questions that training/data.py held out. `chrono` asks those
of ChronoQA (CC BY 4.0) that training leaves out, over their passages among three others.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from corpus.language import sentence_spans, simplify
from qa import Answer, answer
from qa.reading.span_model import MODEL_FOLDER, NO_SPAN, SpanModel

SEED = 1
PASSAGES = 5  # a question, as RGB's authors have it
WINDOW = 200  # characters of a CMRC paragraph read at once, in whole sentences
LONGEST = 60  # characters; the longest answers of the trial set have 50
CHRONO_HELD_OUT = 12  # every twelfth line, as in training/sources.py
OTHERS = 3  # passages of other questions beside those of one of ChronoQA
ALIKE = 0.6  # F1 over characters from which an answer says what is wanted, as benchmarks.ablation


def measure_cmrc(data: Path, model: SpanModel, limit: int, show: bool) -> None:
    """Exact match and F1 of the span model alone, the best span of all windows."""
    scores = [
        rate(_read_alone(model, text, asked), golds)
        for text, asked, golds in read_cmrc(data, limit)
    ]
    print(f"CMRC 2018 dev, {len(scores)} questions: {_mean(scores)}")


def measure_cmrc_answers(data: Path, model: SpanModel, limit: int, show: bool) -> None:
    """Exact match and F1 of `answer()` over each question's paragraph, beside the model's own."""
    alone, through, refused = [], [], 0
    for text, asked, golds in read_cmrc(data, limit):
        alone.append(rate(_read_alone(model, text, asked), golds))
        found = answer(asked, documents=[text])
        told = found.text if found.status == "answered" else ""
        refused += not told
        through.append(rate(told, golds))
        if show and through[-1][1] < alone[-1][1]:
            print(f"  {asked} -> {found.text} | {golds[0]}")
    print(f"CMRC 2018 dev, {len(alone)} questions, the model alone: {_mean(alone)}")
    print(f"through answer(): {_mean(through)}, refused {refused / len(alone):.3f}")


def read_cmrc(data: Path, limit: int) -> Iterator[tuple[str, str, list[str]]]:
    """Paragraph, question and answers, of as many questions, taken from all over the file."""
    articles = json.loads((data / "cmrc2018_dev.json").read_text("utf-8"))["data"]
    cases = [
        (paragraph["context"], qa["question"], [gold["text"] for gold in qa["answers"]])
        for article in articles
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    yield from cases[:: max(1, len(cases) // limit)][:limit]


def _read_alone(model: SpanModel, text: str, asked: str) -> str:
    windows = _windows(text)
    readings = model.read([(simplify(asked), window) for window in windows])
    spans = [
        (odds, window[start:end])
        for window, reading in zip(windows, readings, strict=True)
        for start, end, odds in reading.best_spans()
        if end - start <= LONGEST
    ]
    return max(spans)[1] if spans else ""


def rate(text: str, golds: Sequence[str]) -> tuple[float, float]:
    """Exact match and F1 of a text, the best against any of the answers given."""
    exact = max(float(_characters(text) == _characters(gold)) for gold in golds)
    return exact, max(_f1(text, gold) for gold in golds)


def _mean(scores: Sequence[tuple[float, float]]) -> str:
    exact, overlap = (100 * sum(each) / len(scores) for each in zip(*scores, strict=True))
    return f"EM {exact:.1f}, F1 {overlap:.1f}"


def measure_spans(path: Path, model: SpanModel, show: bool) -> None:
    """How often the model's best span, its "none of it" and its verdict are right."""
    right: dict[str, list[bool]] = defaultdict(list)
    refused: dict[str, list[bool]] = defaultdict(list)
    for line in map(json.loads, path.read_text("utf-8").splitlines()):
        text = "".join(f"{piece}：" for piece in line["context"]) + line["passage"]
        (reading,) = model.read([(simplify(line["question"]), simplify(text))])
        start, end, odds = next(iter(reading.best_spans()), (0, 0, NO_SPAN))
        found = text[start:end] if odds > 0 else ""
        gold = line["passage"][line["start"] : line["end"]] if line["start"] >= 0 else ""
        right[line["kind"]].append(_characters(found) == _characters(gold))
        if line["verdict"] >= 0:
            right["verdict"].append((reading.verdict > 0) == line["verdict"])
            refused["verdict"].append(not found)
        refused[line["kind"]].append(not found)
        if show and not right[line["kind"]][-1]:
            print(f"  {line['question']} -> {found} | {gold}")
    for kind in sorted(right):
        same, none = right[kind], refused[kind]
        print(
            f"{kind}, {len(same)}: right {sum(same) / len(same):.3f}, "
            f"refused {sum(none) / len(none):.3f}"
        )


def measure_chrono(data: Path, limit: int, show: bool, first: int) -> None:
    """Accuracy of `answer()` on news questions of one passage, of several, and yes or no."""
    lines = (data / "chronoqa_train.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines[first::CHRONO_HELD_OUT]]
    right: dict[str, list[bool]] = defaultdict(list)
    for number, row in enumerate(rows[:limit]):
        generator = random.Random(SEED + number)
        others = [text for other in rows if other is not row for text in other["documents"]]
        texts = [*row["documents"], *generator.sample(others, OTHERS)]
        generator.shuffle(texts)
        found = answer(row["question"], documents=texts)
        told = found.text if found.status == "answered" else ""
        gold = row["answer"].rstrip("。")
        kind = "several passages" if len(row["documents"]) > 1 else "one passage"
        if gold.removesuffix("的") in ("是", "不是", "否"):
            kind = "yes or no"
            right[kind].append(told[:1] == ("是" if gold.startswith("是") else "否"))
        else:
            right[kind].append(
                bool(told) and (_holds(told, [gold]) or rate(told, [gold])[1] >= ALIKE)
            )
        if show and not right[kind][-1]:
            print(f"  {kind}: {row['question']} -> {found.text} | {gold}")
    for kind, told_right in sorted(right.items()):
        share = sum(told_right) / len(told_right)
        print(f"ChronoQA, {kind}, {len(told_right)} questions: accuracy {share:.3f}")


def _windows(text: str) -> list[str]:
    """Overlapping runs of whole sentences of at most WINDOW characters, one from each sentence."""
    spans = list(sentence_spans(text))
    found: list[tuple[int, int]] = []
    for first, (start, end) in enumerate(spans):
        for _, after in spans[first + 1 :]:
            if after - start > WINDOW:
                break
            end = after
        if not found or end > found[-1][1]:
            found.append((start, end))
    return [text[start:end] for start, end in found] or [text]


def measure_rgb(data: Path, name: str, noise: float, limit: int, show: bool) -> None:
    """Accuracy and refusals of `answer(documents=…)` at a share of noise passages."""
    right: list[bool] = []
    refused: list[bool] = []
    for case in list(_read_rgb(data, name))[:limit]:
        found = answer(case["query"], documents=_draw(case, noise))
        refused.append(found.status == "refused")
        right.append(_is_right(found, case, joint=name == "int"))
        if show and (right[-1] if noise == 1 else not right[-1]):
            print(f"  {case['query']} -> {found.text} | {case['answer']}")
    print(
        f"RGB zh {name} dev, noise {noise}, {len(right)} questions: "
        f"accuracy {sum(right) / len(right):.3f}, refused {sum(refused) / len(refused):.3f}"
    )


def rgb_cases(data: Path) -> list[Callable[[], bool]]:
    """What asks each question and tells whether it is right: of each of the four tests."""

    def finds(case: dict[str, Any]) -> bool:
        return _is_right(answer(case["query"], documents=_draw(case, 0.4)), case)

    def refuses(case: dict[str, Any]) -> bool:
        return answer(case["query"], documents=_draw(case, 1)).status == "refused"

    def discloses(case: dict[str, Any]) -> bool:
        return _tells_both(_ask_both(case), case)

    def finds_both(case: dict[str, Any]) -> bool:
        return _is_right(answer(case["query"], documents=_draw(case, 0)), case, joint=True)

    refine, two, fact = (list(_read_rgb(data, name)) for name in ("refine", "int", "fact"))
    asked = [(finds, refine), (refuses, refine), (finds_both, two), (discloses, fact)]
    return [partial(ask, case) for ask, cases in asked for case in cases]


def _is_right(found: Answer, case: dict[str, Any], joint: bool = False) -> bool:
    return found.status == "answered" and _holds(found.text, case["answer"], joint)


def _ask_both(case: dict[str, Any]) -> Answer:
    """The answer over two right passages, two with a falsified value, and one of noise."""
    texts = [*case["positive"][:2], *case["positive_wrong"][:2], *case["negative"][:1]]
    return answer(case["query"], documents=texts)


def _tells_both(found: Answer, case: dict[str, Any]) -> bool:
    said = found.text + "".join(citation.quote for citation in found.citations)
    return _holds(said, [case["answer"]]) and _holds(said, [case["fakeanswer"]])


def measure_conflicts(data: Path, limit: int, show: bool) -> None:
    """How often both values are disclosed where falsified passages stand beside the true ones."""
    both: list[bool] = []
    for case in list(_read_rgb(data, "fact"))[:limit]:
        found = _ask_both(case)
        both.append(_tells_both(found, case))
        if show and not both[-1]:
            print(f"  {case['query']} -> {found.text} | {case['answer']} / {case['fakeanswer']}")
    print(
        f"RGB zh fact dev, {len(both)} questions: both values disclosed {sum(both) / len(both):.3f}"
    )


def _read_rgb(data: Path, name: str) -> Iterator[dict[str, Any]]:
    for line in (data / f"rgb_zh_{name}_dev.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def _draw(case: dict[str, Any], noise: float) -> list[str]:
    """Five passages in a seeded order; parts of a two-fact question are both among the right."""
    generator = random.Random(SEED + case["id"])
    positive = case["positive"]
    if positive and isinstance(positive[0], list):
        chosen = [generator.choice(group) for group in positive]
        rest = [text for group in positive for text in group if text not in chosen]
    else:
        chosen, rest = [], list(positive)
    generator.shuffle(rest)
    wanted = PASSAGES - round(PASSAGES * noise)
    texts = (chosen + rest)[:wanted] if wanted else []
    texts += case["negative"][: PASSAGES - len(texts)]
    generator.shuffle(texts)
    return texts


def _holds(text: str, parts: Sequence[Any], joint: bool = False) -> bool:
    folded = _fold(text)
    return (
        all(any(_fold(form) in folded for form in _forms(part)) for part in parts)
        if joint or len(parts) == 1
        else any(_holds(text, [part]) for part in parts)
    )


def _forms(part: Any) -> list[str]:
    """The ways one part may be written; the files nest them."""
    return [form for one in part for form in _forms(one)] if isinstance(part, list) else [part]


def _fold(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", simplify(text))).lower()


def _characters(text: str) -> list[str]:
    """Single characters; a Latin or number run is one; punctuation does not count."""
    return re.findall(r"[a-z0-9]+|[^\W_]", text.lower())


def _f1(text: str, gold: str) -> float:
    found, wanted = _characters(text), _characters(gold)
    shared = _longest_common_run(found, wanted)
    if not shared:
        return 0.0
    precision, recall = shared / len(found), shared / len(wanted)
    return 2 * precision * recall / (precision + recall)


def _longest_common_run(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest run both hold, as CMRC's own script scores it."""
    best = 0
    row: Counter[int] = Counter()
    for character in left:
        fresh: Counter[int] = Counter()
        for place, other in enumerate(right):
            if character == other:
                fresh[place] = row[place - 1] + 1
                best = max(best, fresh[place])
        row = fresh
    return best


def main() -> None:
    """Run the tests named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "what",
        choices=("cmrc", "answers", "spans", "chrono", "refine", "noise", "int", "fact"),
        nargs="+",
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="of cmrc and spans")
    parser.add_argument("--held-out", type=Path, default=Path("training/out/held_out.jsonl"))
    parser.add_argument("--limit", type=int, default=10**6)
    parser.add_argument("--first", type=int, default=0, help="line of chrono; 1: to develop on")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    rest = options.limit, options.misses
    for what in options.what:
        if what == "cmrc":
            measure_cmrc(options.data, SpanModel(options.model), *rest)
        elif what == "answers":
            measure_cmrc_answers(options.data, SpanModel(options.model), *rest)
        elif what == "spans":
            measure_spans(options.held_out, SpanModel(options.model), options.misses)
        elif what == "chrono":
            measure_chrono(options.data, *rest, options.first)
        elif what == "refine":
            for noise in (0.0, 0.4, 0.8):
                measure_rgb(options.data, "refine", noise, *rest)
        elif what == "noise":
            measure_rgb(options.data, "refine", 1.0, *rest)
        elif what == "int":
            measure_rgb(options.data, "int", 0.0, *rest)
        else:
            measure_conflicts(options.data, *rest)


if __name__ == "__main__":
    main()
