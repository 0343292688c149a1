"""Train the reader on, with fewer swapped words and more human questions, and average the two.

    python training/refine_reader.py [--data DIR] [--out DIR] [--run DIR] [--minutes N]

The first training makes it strict: a question in other words than the passage's is refused.
This pass holds few swapped attributes; the mean of both sets of weights reads the district
test set better than either. Writes RUN/refined/reader.pt for export_reader.py.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import data
from data import Example
from reader_model import ReaderModel
from train_reader import BATCH, CLIP, WEIGHT_DECAY, measure_loss, read_batches
from unanswerable import swap

SEED = 99
PEAK_RATE = 9e-5  # under half of the first training's, from weights that have come to rest
WARM_UP = 40  # steps
SWAPPED, REMOVED = 0.25, 0.40  # shares of the unanswerable; the rest are look-alikes
SYNTHETIC, SYNTHETIC_EMPTY, HUMAN_EMPTY = 1500, 700, 2600


def empty(example: Example, lookalikes: Sequence[str], rng: random.Random) -> Example | None:
    """Return an unanswerable example made from an answerable one, or None where none comes out."""
    way = rng.random()
    if way < SWAPPED:
        cut = data.window(example, rng)
        question = swap(example.question, cut.passage, rng)
        if question is None:
            return None
        return replace(cut, question=question, start=-1, end=-1, kind=f"{example.kind}-swapped")
    if way < SWAPPED + REMOVED:
        return data.remove_answer(example, rng)
    answer = example.passage[example.start : example.end]
    usable = [passage for passage in lookalikes if answer not in passage]
    if not usable:
        return None
    passage = rng.choice(usable)
    return replace(example, passage=passage, start=-1, end=-1, kind=f"{example.kind}-lookalike")


def write_pass(source: Path, out: Path) -> Path:
    """Write one pass of the gentler mix below `out` and return its file."""
    folder = out / "refined"
    folder.mkdir(exist_ok=True)
    if not (folder / "encoder").exists():
        (folder / "encoder").symlink_to((out / "encoder").resolve())
    data.SEED, data.empty = SEED, empty
    data.SYNTHETIC, data.SYNTHETIC_EMPTY, data.HUMAN_EMPTY = SYNTHETIC, SYNTHETIC_EMPTY, HUMAN_EMPTY
    sys.argv = ["data.py", "--data", str(source), "--out", str(folder), "--passes", "1"]
    data.main()
    return folder / "pass_0.npz"


def refine(model: ReaderModel, file: Path, minutes: float) -> None:
    """One pass over a file, the rate falling to 0 at its end or after the minutes."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=PEAK_RATE, weight_decay=WEIGHT_DECAY, fused=True)
    total = -(-len(np.load(file)["spans"]) // BATCH)
    began = time.time()
    for step, batch in enumerate(read_batches(file, SEED)):
        progress = max(step / total, (time.time() - began) / 60 / minutes)
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = PEAK_RATE * min((step + 1) / WARM_UP, 1 - progress)
        loss = measure_loss(model, batch)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained, CLIP)
        optimiser.step()
        optimiser.zero_grad()
        if step % 50 == 0:
            print(f"step {step}/{total} loss {float(loss.detach()):.3f}", flush=True)


def main() -> None:
    """Refine RUN/reader.pt and write the mean of both."""
    parser = argparse.ArgumentParser(description="Train the reader on and average.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--run", type=Path, default=Path("training/out/reader"))
    parser.add_argument("--minutes", type=float, default=12.5)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    before = torch.load(options.run / "reader.pt")
    model = ReaderModel(options.out / "encoder")
    model.load_state_dict(before)
    model.freeze()
    model.train()
    refine(model, write_pass(options.data, options.out), options.minutes)
    after = model.state_dict()
    mean = {
        k: (before[k] + after[k]) / 2 if after[k].is_floating_point() else after[k] for k in after
    }
    (options.run / "refined").mkdir(exist_ok=True)
    torch.save(mean, options.run / "refined" / "reader.pt")


if __name__ == "__main__":
    main()
