"""Train the span reader; stop it at any time and start it again with the same command.

What is kept is the mean of the averaged weights when the rate begins to fall and at the end: the
last ones know the training questions too well, the mean reads unseen ones better.

python train_reader.py [--out DIR] [--run DIR] [--from FILE] [--course NAME] [--heads]
    [--examples N]
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from reader_model import FORMS, MASKED, ReaderModel, Reading

SEED = 20261122
BATCH = 16
BUCKET = 64  # batches sorted together by length: padding falls below 3 %
PEAK_RATE = 2e-4
HEADS_RATE = 5e-3  # of the heads for marks and forms alone, the rest as it is
FALL = 0.4  # share of the examples in which the rate falls
AVERAGED = 0.998  # of the running mean kept a step: it spans some 500
THREADS = 2
WARM_UP = 250  # steps
VERDICT_SHARE, MARK_SHARE, FORM_SHARE = 1.0, 2.0, 0.3  # of the loss beside that of spans
LOOKUP_MARKS = 0.25  # weight of the marks of a question that one span answers, beside open ones
WEIGHT_DECAY = 0.01
CLIP = 1.0
SAVE_EVERY = 200  # steps
REPORT_EVERY = 50  # steps
PAD = 1
# Elsewhere bf16 takes 1.7 times as long; with one of these half or less.
HALVED = any(torch.cpu.get_capabilities().get(name) for name in ("amx_bf16", "avx512_bf16"))


class Batch(NamedTuple):
    """The tensors of a batch: tokens, their masks, and what is to be told of them.

    `target` are the first and last token of the answer: 0 for none, -1 where clauses answer and
    no one span; `marks` by token, `forms` and `verdict` are -1 where nothing is known. `group`
    numbers the questions: the passages of one are told from each other.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    passage: torch.Tensor
    target: torch.Tensor
    verdict: torch.Tensor
    marks: torch.Tensor
    forms: torch.Tensor
    group: torch.Tensor


def read_batches(path: Path, seed: int) -> Iterator[Batch]:
    """Yield the batches of one pass in a seeded order; a question's passages are in one batch."""
    stored = dict(np.load(path).items())
    lengths = np.diff(stored["offsets"])
    random = np.random.default_rng(seed)
    bounds = np.flatnonzero(np.diff(stored["groups"], prepend=-1, append=-1))
    groups = [np.arange(first, last) for first, last in pairwise(bounds)]
    order = random.permutation(len(groups))
    for at in range(0, len(order), BATCH * BUCKET):
        part = sorted(order[at : at + BATCH * BUCKET], key=lambda i: lengths[groups[i]].max())
        pieces: list[list[np.ndarray]] = [[]]
        for group in (groups[i] for i in part):
            if sum(map(len, pieces[-1])) + len(group) > BATCH:
                pieces.append([])
            pieces[-1].append(group)
        for i in random.permutation(len(pieces)):
            yield make_batch(stored, lengths, pieces[i])


def make_batch(
    stored: dict[str, np.ndarray], lengths: np.ndarray, groups: list[np.ndarray]
) -> Batch:
    """The tensors of the examples of some groups."""
    chosen = np.concatenate(groups)
    width = int(lengths[chosen].max())
    tokens = np.full((len(chosen), width), PAD, dtype=np.int64)
    passage = np.zeros((len(chosen), width), dtype=np.int64)
    marked = np.full((len(chosen), width), -1, dtype=np.float32)
    for row, i in enumerate(chosen):
        inside = slice(stored["offsets"][i], stored["offsets"][i + 1])
        tokens[row, : lengths[i]] = stored["ids"][inside]
        marked[row, : lengths[i]] = stored["marks"][inside]
        passage[row, stored["spans"][i, 0] : lengths[i] - 1] = 1
    return Batch(
        torch.from_numpy(tokens),
        torch.from_numpy((tokens != PAD).astype(np.int64)),
        torch.from_numpy(passage),
        torch.from_numpy(stored["spans"][chosen, 1:].astype(np.int64)),
        torch.from_numpy(stored["verdicts"][chosen].astype(np.float32)),
        torch.from_numpy(marked),
        torch.from_numpy(stored["forms"][chosen].astype(np.int64)),
        torch.from_numpy(np.repeat(np.arange(len(groups)), [len(g) for g in groups])),
    )


def span_loss(read: Reading, batch: Batch, group: torch.Tensor) -> torch.Tensor:
    """Return the mean loss of starts and ends, one distribution a group: its tokens and "none".

    Where clauses answer and no one span is known, any span of that passage is right. A verdict
    without a place says nothing of spans.
    """
    rows = torch.arange(int(group.max()) + 1).unsqueeze(1) == group
    known = rows & (batch.target[:, 0] != 0)
    told = (~rows | (batch.target[:, 0] >= 0) | (batch.verdict < 0)).all(1)
    loss = torch.zeros(())
    for side in (0, 1):
        odds = read.spans[:, 1:, side] - read.none[:, side].unsqueeze(1)
        some = odds.logsumexp(1)
        place = (batch.target[:, side] - 1).clamp(min=0).unsqueeze(1)
        right = torch.where(batch.target[:, side] > 0, odds.gather(1, place).squeeze(1), some)
        total = some.expand(rows.shape).masked_fill(~rows, MASKED).logsumexp(1)
        found = right.expand(rows.shape).masked_fill(~known, MASKED).logsumexp(1)
        found = torch.where(known.any(1), found, 0.0)
        each = torch.logaddexp(total, torch.zeros(())) - found
        loss = loss + (each * told).mean() / 2
    return loss


def measure_loss(model: ReaderModel, batch: Batch) -> torch.Tensor:
    """Return the mean loss of spans, verdicts, clause marks and forms, each where it is known.

    Spans are told from "none" in each passage alone, and among all passages of a question.
    """
    with torch.autocast("cpu", torch.bfloat16, enabled=HALVED):
        read = model(batch.ids, batch.mask, batch.passage)
    alone = span_loss(read, batch, torch.arange(len(batch.group)))
    together = span_loss(read, batch, batch.group)
    asked = batch.verdict >= 0
    verdict = binary_cross_entropy_with_logits(
        read.verdict, batch.verdict.clamp(min=0), reduction="none"
    )
    several = batch.forms == FORMS.index("clauses")
    seen = (batch.marks >= 0) * torch.where(several, 1.0, LOOKUP_MARKS).unsqueeze(1)
    mark = binary_cross_entropy_with_logits(read.marks, batch.marks.clamp(min=0), reduction="none")
    form = cross_entropy(read.forms, batch.forms, ignore_index=-1, reduction="sum") / len(seen)
    return (
        (alone + together) / 2
        + VERDICT_SHARE * (verdict * asked).mean()
        + MARK_SHARE * (mark * seen).sum() / (batch.marks >= 0).sum().clamp(min=1)
        + FORM_SHARE * form
    )


def rate(step: int, progress: float) -> float:
    """The share of the peak rate: up over WARM_UP steps, level, then down to 0 at progress 1."""
    return min((step + 1) / WARM_UP, 1.0, max(0.0, 1.0 - progress) / FALL)


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


class Place(NamedTuple):
    """How far training is: the number of the pass, and the batches of it that are done."""

    number: int = 0
    batches: int = 0


def passes(out: Path, course: str, place: Place) -> Iterator[tuple[Place, Path, Batch]]:
    """Yield the batches of one pass of a course after another from a place on; then begin again.

    With each where training is after it, and its pass's file.
    """
    for number in itertools.count(place.number):
        files = sorted(out.glob(f"{course}_*.npz"))
        file = files[number % len(files)]
        done = place.batches if number == place.number else 0
        batches = itertools.islice(read_batches(file, SEED + number), done, None)
        for count, batch in enumerate(batches, done + 1):
            yield Place(number, count), file, batch


def train(
    out: Path, run: Path, start: Path | None, course: str, examples: int, heads: bool, log: TextIO
) -> None:
    """Train on so many examples of a course; those of an earlier, stopped call count.

    With `heads` only those for marks and forms are trained, as on the mean of several readers.
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    model = ReaderModel(out / "encoder")
    if start is not None:
        model.load_state_dict(torch.load(start), strict=False)
    model.freeze(but_heads=heads)
    peak = HEADS_RATE if heads else PEAK_RATE
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=peak, weight_decay=WEIGHT_DECAY, fused=True)
    average = Average(model)
    checkpoint, step, seen, place = run / "checkpoint.pt", 0, 0, Place()
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.weights = state["average"]
        step, seen, place = state["step"], state["seen"], Place(*state["place"])
    losses, since, before = [], time.time(), seen
    for reached, file, batch in passes(out, course, place):
        progress = seen / examples
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = peak * rate(step, progress)
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
        seen += len(batch.ids)
        if step % REPORT_EVERY == 0:
            speed = (seen - before) / (time.time() - since)
            log.write(
                f"{time.strftime('%H:%M:%S')} {file.name} step {step} loss "
                f"{np.mean(losses):.3f} {speed:.1f} examples/s {progress:.0%}\n"
            )
            log.flush()
            losses, since, before = [], time.time(), seen
        if step % SAVE_EVERY == 0:
            weights = {"model": model.state_dict(), "average": average.weights}
            progress_made = {"step": step, "seen": seen, "place": tuple(reached)}
            save(checkpoint, {**weights, **progress_made, "optimiser": optimiser.state_dict()})
    level = torch.load(run / "level.pt")
    mean = {name: (weight + level[name]) / 2 for name, weight in average.weights.items()}
    torch.save(mean, run / "reader.pt")
    log.write(f"done at step {step} after {seen} examples\n")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--run", type=Path, default=Path("training/out/reader"))
    parser.add_argument("--course", default="all", help="of data.py")
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--heads", action="store_true", help="train those for marks and forms only")
    parser.add_argument("--from", dest="start", type=Path, help="weights to go on from")
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    how = options.start, options.course, options.examples, options.heads
    with (options.run / "train.log").open("a", encoding="utf-8") as log:
        train(options.out, options.run, *how, log)


if __name__ == "__main__":
    main()
