"""The bundled neural reader on onnxruntime: where in a passage an answer starts and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import OnnxModel, TextOutputs
from qa.errors import ModelError

__all__ = ["NO_SPAN", "PassageReading", "SpanModel"]

MODEL_FOLDER = Path(__file__).parent / "models" / "reader-small-zh"
MAX_TOKENS = 320  # training windows have at most 224; a longer passage loses its tail
SPAN_TOKENS = 60  # the longest answer considered, about 90 characters
TOP = 8  # starts and ends combined a passage
CLAUSES = 4  # place of "several clauses" among the forms of answers the model tells apart
NO_SPAN = -30.0  # log-odds of a place the model cannot point at


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the model makes of one passage, by token: logits less those of "not in here".

    `offsets` are the tokens' character offsets into the passage. A sum of one start and
    one end is the log-odds of that span against no answer; `marks` are the log-odds that a
    token's clause answers; `verdict` those of 是, should the question be a yes/no one; `several`
    those that it takes several clauses to answer.
    """

    starts: Any
    ends: Any
    marks: Any
    offsets: tuple[tuple[int, int], ...]
    verdict: float
    several: float

    def mark(self, start: int, end: int) -> float:
        """The mean log-odds that the clause of these characters answers."""
        tokens = self._tokens(start, end)
        return float(np.mean(self.marks[tokens])) if tokens else NO_SPAN

    def score(self, start: int, end: int) -> float:
        """The log-odds of the best span of tokens within these characters."""
        best = NO_SPAN
        top_start = NO_SPAN
        for token in self._tokens(start, end):
            top_start = max(top_start, float(self.starts[token]))
            best = max(best, top_start + float(self.ends[token]))
        return best

    def best_spans(self) -> list[tuple[int, int, float]]:
        """(start, end, log-odds) of the likeliest spans, best first."""
        found: dict[tuple[int, int], float] = {}
        for i in np.argsort(-self.starts)[:TOP]:
            for j in np.argsort(-self.ends)[:TOP]:
                start, end = self.offsets[i][0], self.offsets[j][1]
                if i <= j < i + SPAN_TOKENS and start < end:
                    odds = float(self.starts[i] + self.ends[j])
                    found[start, end] = max(odds, found.get((start, end), NO_SPAN))
        return sorted(((s, e, odds) for (s, e), odds in found.items()), key=lambda x: -x[2])

    def _tokens(self, start: int, end: int) -> list[int]:
        return [i for i, (a, b) in enumerate(self.offsets) if a < end and b > start]


class SpanModel:
    """Loads on first use; may be shared between threads. Raises ModelError without its files."""

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        if not (folder / "model.onnx").is_file():
            raise ModelError(f"缺少自带的阅读模型（{folder}），请重新安装 dongxihu-qa")
        self._model = OnnxModel(folder, MAX_TOKENS)

    def words(self, text: str) -> list[tuple[int, int]]:
        """Where the words of a text start and end, as the model's vocabulary has them."""
        tokenizer, _ = self._model.load()
        encoding = tokenizer.encode(text, add_special_tokens=False)
        pairs = zip(encoding.tokens, encoding.offsets, strict=True)
        return [span for token, span in pairs if token != "▁" and span[0] < span[1]]

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PassageReading]:
        """One reading for each question and passage, in their order."""
        return [_reading(outputs) for outputs in self._model.run(pairs)]


def _reading(outputs: TextOutputs) -> PassageReading:
    """The reading of one passage, of the tokens that are the passage's."""
    rows, parts = outputs.rows, outputs.encoding.sequence_ids
    inside = [place for place, part in enumerate(parts) if part == 1]
    forms = rows["form_logits"]
    half = rows["no_answer_logit"] / 2  # taken off each end, so that a start and an end make odds
    return PassageReading(
        rows["start_logits"][inside] - half,
        rows["end_logits"][inside] - half,
        rows["mark_logits"][inside],
        tuple(outputs.encoding.offsets[place] for place in inside),
        float(rows["verdict_logit"]),
        float(forms[CLAUSES] - np.logaddexp.reduce(np.delete(forms, CLAUSES))),
    )
