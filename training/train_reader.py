"""Train the span reader; stop it at any time and start it again with the same command.

What is kept is the mean of the averaged weights when the rate begins to fall and at the end: the
last ones know the training questions too well, the mean reads unseen ones better.

python train_reader.py [--out DIR] [--run DIR] [--from FILE] [--minutes N]
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import numpy as np
import torch
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    log_softmax,
)

from reader_model import ReaderModel

SEED = 20261122
BATCH = 16
BUCKET = 64  # batches sorted together by length: padding falls below 3 %
PEAK_RATE = 2e-4
FALL = 0.4  # share of the time in which the rate falls
AVERAGED = 0.998  # of the running mean kept a step: it spans some 500
THREADS = 2
WARM_UP = 250  # steps
VERDICT_SHARE, MARK_SHARE, FORM_SHARE = 1.0, 2.0, 0.3  # of the loss beside that of spans
WEIGHT_DECAY = 0.01
CLIP = 1.0
SAVE_EVERY = 200  # steps
REPORT_EVERY = 50  # steps
PAD = 1


class Batch(NamedTuple):
    """The tensors of a batch: tokens, their masks, and what is to be told of them.

    `target` are the first and last token of the answer: 0 for none, -1 where clauses answer and
    no one span; `marks` by token, `forms` and `verdict` are -1 where nothing is known.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    passage: torch.Tensor
    target: torch.Tensor
    verdict: torch.Tensor
    marks: torch.Tensor
    forms: torch.Tensor


def read_batches(path: Path, seed: int) -> Iterator[Batch]:
    """Yield the batches of one pass in a seeded order."""
    stored = np.load(path)
    ids, offsets, spans, verdicts = (stored[k] for k in ("ids", "offsets", "spans", "verdicts"))
    marks, forms = stored["marks"], stored["forms"]
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
        marked = np.full((len(chosen), width), -1, dtype=np.float32)
        for row, i in enumerate(chosen):
            tokens[row, : lengths[i]] = ids[offsets[i] : offsets[i + 1]]
            marked[row, : lengths[i]] = marks[offsets[i] : offsets[i + 1]]
            passage[row, spans[i, 0] : lengths[i] - 1] = 1
        yield Batch(
            torch.from_numpy(tokens),
            torch.from_numpy((tokens != PAD).astype(np.int64)),
            torch.from_numpy(passage),
            torch.from_numpy(spans[chosen, 1:].astype(np.int64)),
            torch.from_numpy(verdicts[chosen].astype(np.float32)),
            torch.from_numpy(marked),
            torch.from_numpy(forms[chosen].astype(np.int64)),
        )


def measure_loss(model: ReaderModel, batch: Batch) -> torch.Tensor:
    """Return the mean loss of spans, verdicts, clause marks and forms, each where it is known.

    Position 0 stands for "no answer". Where clauses answer and no one span is known, any span is
    better than none.
    """
    with torch.autocast("cpu", torch.bfloat16):
        read = model(batch.ids, batch.mask, batch.passage)
    logits = torch.cat([read.none.unsqueeze(1), read.spans[:, 1:]], dim=1)
    span = torch.zeros(())
    for side in (0, 1):
        odds = log_softmax(logits[..., side], dim=1)
        known = batch.target[:, side].clamp(min=0)
        told = -odds.gather(1, known.unsqueeze(1)).squeeze(1)
        some = -torch.log1p(-odds[:, 0].exp().clamp(max=1 - 1e-4))
        judged = (batch.target[:, side] < 0) & (batch.verdict >= 0)
        each = torch.where(batch.target[:, side] >= 0, told, some)
        span = span + (each * ~judged).mean() / 2
    asked = batch.verdict >= 0
    verdict = binary_cross_entropy_with_logits(
        read.verdict, batch.verdict.clamp(min=0), reduction="none"
    )
    seen = batch.marks >= 0
    mark = binary_cross_entropy_with_logits(read.marks, batch.marks.clamp(min=0), reduction="none")
    form = cross_entropy(read.forms, batch.forms, ignore_index=-1, reduction="sum") / len(seen)
    return (
        span
        + VERDICT_SHARE * (verdict * asked).mean()
        + MARK_SHARE * (mark * seen).sum() / seen.sum().clamp(min=1)
        + FORM_SHARE * form
    )


def rate(step: int, progress: float) -> float:
    """Return the learning rate: up over WARM_UP steps, level, then down to 0 at progress 1."""
    return PEAK_RATE * min((step + 1) / WARM_UP, 1.0, max(0.0, 1.0 - progress) / FALL)


class Average:
    """The running mean of the trained weights, which reads better than the last step's."""

    def __init__(self, model: ReaderModel) -> None:
        self.weights = {n: p.detach().clone() for n, p in model.named_parameters()}

    @torch.no_grad()
    def add(self, model: ReaderModel, step: int) -> None:
        """Take in the weights of one step; early ones count more: the start is forgotten."""
        share = max(1 - AVERAGED, 1 / (step + 1))
        for name, weight in model.named_parameters():
            if weight.requires_grad:
                self.weights[name].lerp_(weight, share)


def save(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint in one move, so that a stop in between leaves the last one whole."""
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def passes(out: Path, first: int) -> Iterator[tuple[int, Path, Batch]]:
    """Yield the batches of one pass after another, those written meanwhile too; then begin again.

    With each its pass's number and file; `first` is the first pass's number.
    """
    for number in itertools.count(first):
        files = sorted(out.glob("pass_*.npz"))
        file = files[number % len(files)]
        for batch in read_batches(file, SEED + number):
            yield number, file, batch


def train(out: Path, run: Path, start: Path | None, minutes: float, log: TextIO) -> None:
    """Train until the minutes are used up; the minutes of an earlier, stopped call count."""
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    model = ReaderModel(out / "encoder")
    if start is not None:
        model.load_state_dict(torch.load(start), strict=False)
    model.freeze()
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=PEAK_RATE, weight_decay=WEIGHT_DECAY, fused=True)
    average = Average(model)
    checkpoint, step, spent, first = run / "checkpoint.pt", 0, 0.0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.weights = state["average"]
        step, spent, first = state["step"], state["spent"], state["number"]
    began, losses, since = time.time() - spent, [], time.time()
    for number, file, batch in passes(out, first):
        spent = time.time() - began
        progress = spent / 60 / minutes
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(step, progress)
        loss = measure_loss(model, batch)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained, CLIP)
        optimiser.step()
        optimiser.zero_grad()
        average.add(model, step)
        if progress >= 1 - FALL and not (run / "level.pt").exists():
            torch.save(average.weights, run / "level.pt")
        losses.append(float(loss.detach()))
        step += 1
        if step % REPORT_EVERY == 0:
            speed = len(losses) * BATCH / (time.time() - since)
            log.write(
                f"{time.strftime('%H:%M:%S')} {file.name} step {step} loss "
                f"{np.mean(losses):.3f} {speed:.1f} examples/s {progress:.0%}\n"
            )
            log.flush()
            losses, since = [], time.time()
        if step % SAVE_EVERY == 0:
            weights = {"model": model.state_dict(), "average": average.weights}
            place = {"step": step, "spent": spent, "number": number}
            save(checkpoint, {**weights, **place, "optimiser": optimiser.state_dict()})
    level = torch.load(run / "level.pt")
    mean = {name: (weight + level[name]) / 2 for name, weight in average.weights.items()}
    torch.save(mean, run / "reader.pt")
    log.write(f"done at step {step} after {spent / 60:.0f} min\n")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--run", type=Path, default=Path("training/out/reader"))
    parser.add_argument("--minutes", type=float, default=100.0)
    parser.add_argument("--from", dest="start", type=Path, help="weights to go on from")
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    with (options.run / "train.log").open("a", encoding="utf-8") as log:
        train(options.out, options.run, options.start, options.minutes, log)


if __name__ == "__main__":
    main()
