"""Write the trained reader as int8 ONNX, with its tokenizer and config.

python export_reader.py [--out DIR] [--run DIR] [--target DIR]
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
from pathlib import Path

import torch

from export import OPSET, quantise, smooth
from reader_model import ReaderModel
from train_reader import read_batches

NAME = "reader-small-zh"
REVISION = "6"
SAMPLES = 20  # batches of training examples whose activations are looked at before rounding


class ExportedReader(torch.nn.Module):
    """The reader with plain outputs."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, passage_mask: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Return start, end and mark logits (batch, tokens), those of no answer and the verdict
        (batch), and those of the forms (batch, forms).
        """
        read = self.model(input_ids, attention_mask, passage_mask)
        starts, ends = read.spans.unbind(2)
        return starts, ends, read.marks, read.none.sum(1), read.verdict, read.forms


def export_float(model: ReaderModel, path: Path, samples: Path) -> None:
    """Write the fp32 graph, smoothed on samples, with dynamic batch and sequence axes."""
    model.eval()

    def run() -> None:
        for batch in itertools.islice(read_batches(samples, 0), SAMPLES):
            model(batch.ids, batch.mask, batch.passage)

    smooth(model.layers, run)
    ids = torch.randint(5, 1000, (2, 24))
    mask = torch.ones_like(ids)
    mask[1, 16:] = 0
    passage = mask.clone()
    passage[:, :8] = 0
    names = ["input_ids", "attention_mask", "passage_mask"]
    outputs = ["start_logits", "end_logits", "mark_logits"]
    single = ["no_answer_logit", "verdict_logit", "form_logits"]
    axes: dict[str, dict[int, str]] = {n: {0: "batch", 1: "sequence"} for n in names + outputs}
    torch.onnx.export(
        ExportedReader(model).eval(),
        (ids, mask, passage),
        str(path),
        input_names=names,
        output_names=[*outputs, *single],
        dynamic_axes={**axes, **{name: {0: "batch"} for name in single}},
        opset_version=OPSET,
        dynamo=False,
    )


def main() -> None:
    """Export RUN/reader.pt, or the averaged weights so far while training still runs."""
    parser = argparse.ArgumentParser(description="Write the trained reader as int8 ONNX.")
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
        model.load_state_dict(state["average"], strict=False)
    plain = options.run / "reader.onnx"
    export_float(model, plain, min(options.out.glob("*_??.npz")))
    quantise(plain, options.target / "model.onnx", signed=True, per_channel=True, narrow=True)
    shutil.copy(options.out / "encoder" / "tokenizer.json", options.target / "tokenizer.json")
    config = {"name": NAME, "revision": REVISION}
    (options.target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    print(f"{(options.target / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
