"""Does the product read, or does it remember? Altered copies of the article, the same test set.

    python -m benchmarks.altered [--half development|check|all]

Prints accuracy on the article as it is, with every figure replaced by another and with its years
shifted, and how often a question is refused once the sentences that answer it are deleted.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from langchain_core.embeddings import Embeddings

from corpus import DEFAULT_CORPUS, make_document
from corpus.language import sentence_spans
from index import Index, index_texts, load_embeddings
from qa.answer import Answer
from qa.answering import answer_over
from qa.evaluation import Case, Report, evaluate, fold, load_test_set

QUESTIONS = DEFAULT_CORPUS.with_name("questions.jsonl")
SEED = 7
SHIFT = 3  # years

# A figure to replace: not a year, a part of a date, nor digits in a name (3D, 3A, 1+3).
_FIGURE = re.compile(
    r"(?<![\d.+A-Za-z])(?!(?:19|20)\d\d(?![\d万亿个家人户套米]))\d+(?:\.\d+)?"
    r"(?![\d.+A-Za-z年月日]|至\d+日|“)"
)


# A year of the article's own, in four digits or two: 2024年, 制造业投资 25年, 大会2024.
_YEAR = re.compile(r"(?<!\d)(?:20)?2[45](?=年)|(?<!\d)202[45](?!\d)")


class CachedEmbeddings(Embeddings):
    """Embeds each text once: altered copies share nearly all their passages."""

    def __init__(self, inner: Embeddings) -> None:
        self._inner = inner
        self._known: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages; those known are not computed again."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._inner.embed_documents([text])[0]
        return [self._known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self._inner.embed_query(text)


def replace_figures(raw: str, cases: Sequence[Case]) -> tuple[str, list[Case]]:
    """The article and the test set with each distinct number replaced by another.

    Cases whose answer is computed (a sum, a difference) are left out: it follows no mapping.
    """
    numbers = sorted({match.group() for match in _FIGURE.finditer(raw)})
    generator = random.Random(SEED)
    mapping: dict[str, str] = {}
    for number in numbers:
        taken = {*numbers, *mapping.values()}
        fresh = number
        while fresh in taken:
            fresh = "".join(
                d if d == "." else str(generator.randint(1, 9))
                for d in number + "7" * (len(number) < 2)
            )
        mapping[number] = fresh

    def swap(text: str) -> str:
        return _FIGURE.sub(lambda m: mapping.get(m.group(), m.group()), text)

    return swap(raw), [_change(case, swap) for case in cases if not _is_computed(case, raw)]


def shift_years(raw: str, cases: Sequence[Case]) -> tuple[str, list[Case]]:
    """The article and the test set three years earlier; what is computed is left out."""

    def shift(text: str) -> str:
        return _YEAR.sub(lambda match: f"{match[0][:-2]}{int(match[0][-2:]) - SHIFT}", text)

    return shift(raw), [_change(case, shift) for case in cases if not _is_computed(case, raw)]


def _change(case: Case, change: Callable[[str], str]) -> Case:
    """A case with all its texts changed."""
    return dataclasses.replace(
        case,
        question=change(case.question),
        history=tuple(map(change, case.history)),
        all_of=tuple(tuple(map(change, group)) for group in case.all_of),
        none_of=tuple(map(change, case.none_of)),
        evidence=tuple(map(change, case.evidence)),
    )


def delete_evidence(raw: str, case: Case) -> str:
    """The cleaned article without the sentences that hold a case's evidence."""
    document = make_document(raw, "article")
    text = document.text
    for start, end in reversed(list(sentence_spans(text))):
        if any(fold(evidence) in fold(text[start:end]) for evidence in case.evidence):
            text = text[:start] + text[end:]
    return text


def score(index: Index, cases: Sequence[Case]) -> Report:
    """The test set over one index."""

    def ask(question: str, history: Sequence[str]) -> Answer:
        return answer_over(index, question, history)

    return evaluate(cases, ask)


def main() -> None:
    """Score the article as it is, with its figures replaced, and without its evidence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("development", "check", "all"), default="all")
    half = parser.parse_args().half
    cases = load_test_set(QUESTIONS, half)
    raw = Path(DEFAULT_CORPUS).read_text("utf-8")
    embeddings = CachedEmbeddings(load_embeddings())

    plain = score(index_texts([raw], embeddings), cases)
    print(_line("as it is", plain))
    for name, alter in (("figures replaced", replace_figures), ("years shifted", shift_years)):
        altered, altered_cases = alter(raw, cases)
        report = score(index_texts([altered], embeddings), altered_cases)
        same = {case.id for case in altered_cases}
        before = {r.id: r for r in plain.results if r.id in same}
        followed = [r.right for r in report.results if r.answerable and before[r.id].right]
        print(_line("as it is, the same cases", Report(tuple(before.values()))))
        print(f"{_line(name, report)}, of those right before {sum(followed) / len(followed):.3f}")

    deleted = [
        score(index_texts([delete_evidence(raw, case)], embeddings), [case]).results[0]
        for case in cases
        if case.answerable
    ]
    print(
        f"evidence deleted: {len(deleted)} cases, refused "
        f"{sum(result.refused for result in deleted) / len(deleted):.3f}"
    )


def _line(name: str, report: Report) -> str:
    metrics = report.metrics()
    return (
        f"{name}: {metrics['cases']} cases, accuracy {metrics['accuracy']:.3f}, "
        f"citation recall {metrics['citation_recall']:.3f}, refused {metrics['refused']:.3f}"
    )


def _is_computed(case: Case, raw: str) -> bool:
    """Whether the answer holds a number that stands nowhere in the article, or compares two."""
    if case.type == "temporal" and any(len(group[0]) == 1 for group in case.all_of):
        return True  # 多 or 少
    numbers = {n for group in case.all_of for word in group[:1] for n in re.findall(r"\d+", word)}
    return not numbers <= set(re.findall(r"\d+", raw))


if __name__ == "__main__":
    main()
