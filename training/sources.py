"""Questions and the texts they are asked of: human, written, and made by rule from news."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

from synthetic import ask, clean_news

SQUAD = ("drcd_dev", "drcd_test", "cmrc2018_trial", "cmrc2018_train")
CHRONO_HELD_OUT = 12
NEWS = 100_000  # number of the first news document
TITLED_SHARE = 0.5  # of the paragraphs of articles with a title are read below it
TRADITIONAL_SHARE = 0.15  # users paste traditional text now and then
SHORTEST = 90  # characters of an article that questions are made from
HEADLINE = re.compile(r"[^，。？！：；\s]{6,40}")  # how an article begins is read as its title


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage; passage[start:end] answers it, or nothing does (start == -1).

    `verdict` is 1 where the answer to a yes/no question is 是, 0 where it is 否, else -1.
    `context` is what stands above the passage. `marks` are the stretches of it that answer an open
    question, which has no one span: such an example has a `start` of -1 and marks. `form` is that
    of the answer which one without an answer had before.
    """

    question: str
    passage: str
    start: int
    end: int
    kind: str
    document: int
    verdict: int = -1
    context: tuple[str, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    form: str = ""


def read_squad(
    path: Path, offset: int, converter: OpenCC | None, rng: random.Random
) -> list[Example]:
    """Read a SQuAD-style file, whole paragraphs as passages; a share stays traditional."""
    examples: list[Example] = []
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            change = converter if rng.random() >= TRADITIONAL_SHARE else None
            original = paragraph["context"]
            context = change.convert(original) if change else original
            if len(context) != len(original):
                continue
            title = article.get("title", "") if rng.random() < TITLED_SHARE else ""
            above = (change.convert(title) if change else title,) if title else ()
            for asked in paragraph["qas"]:
                answer = asked["answers"][0]
                start = answer["answer_start"]
                if original[start : start + len(answer["text"])] != answer["text"]:
                    start = original.find(answer["text"])
                question = change.convert(asked["question"]) if change else asked["question"]
                if start >= 0 and answer["text"]:
                    end = start + len(answer["text"])
                    examples.append(
                        Example(
                            question, context, start, end, "human", offset + number, context=above
                        )
                    )
    return examples


def read_chronoqa(path: Path, offset: int) -> list[Example]:
    """The questions of ChronoQA that one passage answers in its own words, or with 是 or 否.

    Every twelfth line is kept to measure by.
    """
    examples: list[Example] = []
    for number, line in enumerate(path.open(encoding="utf-8")):
        row = json.loads(line)
        asked, answer, texts = row["question"], row["answer"], row["documents"]
        holding = [text for text in texts if answer in text]
        if number % CHRONO_HELD_OUT == 0 or len(texts) > 1:
            continue
        if row["answer_type"] == "judgement":
            yes = int(answer.startswith("是"))
            examples.append(Example(asked, texts[0], -1, -1, "judged", offset + number, yes))
        elif holding:
            start = texts[0].index(answer)
            end = start + len(answer)
            examples.append(Example(asked, texts[0], start, end, "human", offset + number))
    return examples


def read_news(path: Path, offset: int, rng: random.Random) -> list[Example]:
    """Make synthetic examples from every article, whole articles as passages."""
    examples: list[Example] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        document = clean_news(line)
        if len(document) >= SHORTEST:
            examples.extend(
                Example(q.text, document, q.start, q.end, q.kind, offset + number)
                for q in ask(document, rng)
            )
    return examples


def read_written(
    path: Path, sources: dict[str, list[tuple[int, str]]], rng: random.Random
) -> list[Example]:
    """Read the written questions; their stretches of a source's texts are the passages.

    `sources` hold (document, text) by the number that the files below `path` give. A share of
    the stretches are read below how their article begins.
    """
    examples: list[Example] = []
    lines = [line for file in sorted(path.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    for row in map(json.loads, lines):
        document, text = sources[row["source"]][row["number"]]
        passage = text[row["start"] : row["end"]]
        headline = HEADLINE.match(text) if row["start"] and rng.random() < TITLED_SHARE else None
        above = (headline.group(),) if headline else ()
        for question, answer, *verdict in row["questions"]:
            start = passage.index(answer) if answer else -1
            end = start + len(answer) if answer else -1
            kind = "written" if answer else "written-none"
            decided = ("否", "是").index(verdict[0]) if verdict else -1
            examples.append(
                Example(question, passage, start, end, kind, document, decided, context=above)
            )
    return examples


def read_sources(data: Path) -> dict[str, list[tuple[int, str]]]:
    """Return the texts that questions were written over, simplified, with their document."""
    news = (data / "news.txt").read_text(encoding="utf-8").splitlines()
    sources = {"news": [(NEWS + i, clean_news(line)) for i, line in enumerate(news)]}
    simplify = OpenCC("t2s").convert
    for number, name in enumerate(SQUAD):
        articles = json.loads((data / f"{name}.json").read_text(encoding="utf-8"))["data"]
        sources[name] = [
            (number * 10_000 + i, simplify(paragraph["context"]).replace("\n", " "))
            for i, article in enumerate(articles)
            for paragraph in article["paragraphs"]
        ]
    return sources
