"""Train the span reader; stop it at any time and start it again with the same command.

python train_reader.py [--out DIR] [--run DIR] [--minutes N] [--steps N]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from reader_model import ReaderModel

SEED = 20261122
BATCH = 16
BUCKET = 64  # batches sorted together by length: padding falls below 3 %
PEAK_RATE = 2e-4  # what the first trial used
WARM_UP = 250  # steps
WEIGHT_DECAY = 0.01
CLIP = 1.0
SAVE_EVERY = 100  # steps
REPORT_EVERY = 20  # steps
PAD = 1

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def read_batches(path: Path, seed: int) -> Iterator[Batch]:
    """Yield ids, attention mask, passage mask and (start, end) of one pass, in a seeded order."""
    stored = np.load(path)
    ids, offsets, spans = stored["ids"], stored["offsets"], stored["spans"]
    lengths = np.diff(offsets)
    random = np.random.default_rng(seed)
    order = random.permutation(len(lengths))
    groups: list[np.ndarray] = []
    for at in range(0, len(order), BATCH * BUCKET):
        part = order[at : at + BATCH * BUCKET]
        part = part[np.argsort(lengths[part], kind="stable")]
        pieces = [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
        groups += [pieces[i] for i in random.permutation(len(pieces))]
    for chosen in groups:
        width = int(lengths[chosen].max())
        tokens = np.full((len(chosen), width), PAD, dtype=np.int64)
        passage = np.zeros((len(chosen), width), dtype=np.int64)
        for row, i in enumerate(chosen):
            tokens[row, : lengths[i]] = ids[offsets[i] : offsets[i + 1]]
            passage[row, spans[i, 0] : lengths[i] - 1] = 1
        yield (
            torch.from_numpy(tokens),
            torch.from_numpy((tokens != PAD).astype(np.int64)),
            torch.from_numpy(passage),
            torch.from_numpy(spans[chosen, 1:].astype(np.int64)),
        )


def measure_loss(model: ReaderModel, batch: Batch) -> torch.Tensor:
    """Return the mean cross entropy of start and end; position 0 stands for "no answer"."""
    ids, mask, passage, target = batch
    with torch.autocast("cpu", torch.bfloat16):
        logits, none = model(ids, mask, passage)
    logits = torch.cat([none.unsqueeze(1), logits[:, 1:]], dim=1)
    return (
        cross_entropy(logits[..., 0], target[:, 0]) + cross_entropy(logits[..., 1], target[:, 1])
    ) / 2


def rate(step: int, progress: float) -> float:
    """Return the learning rate: linear up over WARM_UP steps, then down to 0 at progress 1."""
    return PEAK_RATE * min((step + 1) / WARM_UP, max(0.0, 1.0 - progress))


def save(
    path: Path, model: ReaderModel, optimiser: torch.optim.Optimizer, step: int, began: float
) -> None:
    """Write a checkpoint in one move, so that a stop in between leaves the last one whole."""
    trained = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    state = {"model": trained, "optimiser": optimiser.state_dict(), "step": step, "began": began}
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def train(out: Path, run: Path, minutes: float, most: int | None, log: TextIO) -> None:
    """Train until the passes or the minutes are used up, whichever comes first."""
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    model = ReaderModel(out / "encoder")
    model.freeze()
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=PEAK_RATE, weight_decay=WEIGHT_DECAY, fused=True)
    files = sorted(out.glob("pass_*.npz"))
    total = sum(-(-len(np.load(f)["spans"]) // BATCH) for f in files)
    total = min(total, most or total)
    checkpoint, done, began = run / "checkpoint.pt", 0, time.time()
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"], strict=False)
        optimiser.load_state_dict(state["optimiser"])
        done, began = state["step"], state["began"]
    step, losses, since = 0, [], time.time()
    for number, file in enumerate(files):
        for batch in read_batches(file, SEED + number):
            if step < done:
                step += 1
                continue
            progress = max(step / total, (time.time() - began) / 60 / minutes)
            if progress >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = rate(step, progress)
            loss = measure_loss(model, batch)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(trained, CLIP)
            optimiser.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach()))
            step += 1
            if step % REPORT_EVERY == 0:
                speed = len(losses) * BATCH / (time.time() - since)
                left = min((total - step) * BATCH / speed, minutes * 60 - (time.time() - began))
                log.write(
                    f"{time.strftime('%H:%M:%S')} pass {number} step {step}/{total} "
                    f"loss {np.mean(losses):.3f} {speed:.1f} examples/s ETA {left / 60:.0f} min\n"
                )
                log.flush()
                losses, since = [], time.time()
            if step % SAVE_EVERY == 0:
                save(checkpoint, model, optimiser, step, began)
    save(checkpoint, model, optimiser, step, began)
    torch.save(model.state_dict(), run / "reader.pt")
    log.write(f"done at step {step} after {(time.time() - began) / 60:.0f} min\n")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--run", type=Path, default=Path("training/out/reader"))
    parser.add_argument("--minutes", type=float, default=75.0)
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    with (options.run / "train.log").open("a", encoding="utf-8") as log:
        train(options.out, options.run, options.minutes, options.steps, log)


if __name__ == "__main__":
    main()
