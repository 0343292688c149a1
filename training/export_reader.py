"""Write the trained reader as int8 ONNX, and run it the way the product does.

python export_reader.py [--out DIR] [--run DIR] [--target DIR]
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Encoding, Tokenizer

from export import OPSET, quantise
from reader_model import ReaderModel

NAME = "reader-small-zh"
REVISION = "1"
MAX_LENGTH = 384  # tokens; trained on at most 224, positions go to 512
LONGEST_ANSWER = 40  # tokens; 99 % of the training answers are shorter
CANDIDATES = 20  # best starts and ends that are paired up
EDGES = " ，。；：、！？,.;:!?“”\"'（(\n"  # tokens carry punctuation that no answer ends on


@dataclass(frozen=True, slots=True)
class Span:
    """The best span of one passage, passage[start:end]; margin > 0 where it beats "not here"."""

    text: str
    start: int
    end: int
    score: float
    margin: float


class ExportedReader(torch.nn.Module):
    """The reader with three plain outputs."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, passage_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return start and end logits, (batch, tokens), and the no-answer logit, (batch,)."""
        logits, none = self.model(input_ids, attention_mask, passage_mask)
        return logits[..., 0], logits[..., 1], none.sum(1)


class OnnxReader:
    """The exported file with onnxruntime, tokenizers and numpy only."""

    def __init__(self, folder: Path, threads: int = 2, model: str = "model.onnx") -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(folder / model), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self.tokenizer.enable_truncation(MAX_LENGTH, strategy="only_second")

    def read(self, question: str, passages: Sequence[str]) -> list[Span]:
        """Return the best span of each passage."""
        encoded = self.tokenizer.encode_batch([(question, p) for p in passages])
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        passage = np.array([[s == 1 for s in e.sequence_ids] for e in encoded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "passage_mask": passage}
        starts, ends, none = self.session.run(None, feed)
        return [
            best_span(p, e, s, t, float(n))
            for p, e, s, t, n in zip(passages, encoded, starts, ends, none, strict=True)
        ]


def best_span(
    passage: str, encoding: Encoding, starts: np.ndarray, ends: np.ndarray, none: float
) -> Span:
    """Pair the best starts and ends of one passage."""
    first = np.argsort(-starts)[:CANDIDATES]
    last = np.argsort(-ends)[:CANDIDATES]
    total = starts[first][:, None] + ends[last][None, :]
    length = last[None, :] - first[:, None]
    total = np.where((length >= 0) & (length < LONGEST_ANSWER), total, -np.inf)
    row, column = np.unravel_index(int(np.argmax(total)), total.shape)
    begin, finish = encoding.offsets[first[row]][0], encoding.offsets[last[column]][1]
    while begin < finish and passage[begin] in EDGES:
        begin += 1
    while finish > begin and passage[finish - 1] in EDGES:
        finish -= 1
    score = float(total[row, column])
    return Span(passage[begin:finish], begin, finish, score, score - none)


def export_float(model: ReaderModel, path: Path) -> None:
    """Write the fp32 graph with dynamic batch and sequence axes."""
    ids = torch.randint(5, 1000, (2, 24))
    mask = torch.ones_like(ids)
    mask[1, 16:] = 0
    passage = mask.clone()
    passage[:, :8] = 0
    names = ["input_ids", "attention_mask", "passage_mask"]
    outputs = ["start_logits", "end_logits"]
    axes: dict[str, dict[int, str]] = {n: {0: "batch", 1: "sequence"} for n in names + outputs}
    torch.onnx.export(
        ExportedReader(model).eval(),
        (ids, mask, passage),
        str(path),
        input_names=names,
        output_names=[*outputs, "no_answer_logit"],
        dynamic_axes={**axes, "no_answer_logit": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def measure_speed(folder: Path, threads: int) -> float:
    """Return the median milliseconds of one question over five passages of 150 characters."""
    reader = OnnxReader(folder, threads)
    passages = [
        f"{i}月，全区完成固定资产投资{i}30.5亿元，同比增长6.{i}%。" * 8 for i in range(1, 6)
    ]
    taken: list[float] = []
    for _ in range(20):
        began = time.perf_counter()
        reader.read("今年全区固定资产投资是多少？", [p[:150] for p in passages])
        taken.append((time.perf_counter() - began) * 1000)
    return float(np.median(taken))


def main() -> None:
    """Export reader.pt, or the last checkpoint while training still runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--run", type=Path, default=Path("training/out/reader"))
    parser.add_argument("--target", type=Path, default=Path("training/out/reader/onnx"))
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    model = ReaderModel(options.out / "encoder")
    if (options.run / "reader.pt").exists():
        model.load_state_dict(torch.load(options.run / "reader.pt"))
    else:
        state = torch.load(options.run / "checkpoint.pt")
        model.load_state_dict(state["model"], strict=False)
    plain = options.run / "reader.onnx"
    export_float(model, plain)
    quantise(plain, options.target / "model.onnx", signed=True, per_channel=True, narrow=True)
    shutil.copy(options.out / "encoder" / "tokenizer.json", options.target / "tokenizer.json")
    config = {"name": NAME, "max_length": MAX_LENGTH, "revision": REVISION}
    (options.target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    size = (options.target / "model.onnx").stat().st_size / 1e6
    print(f"{size:.1f} MB", *(f"{measure_speed(options.target, t):.0f} ms" for t in (1, 2)))


if __name__ == "__main__":
    main()
