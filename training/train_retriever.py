"""Train the retriever on (question, passage) pairs, with passages that only look alike against it.

    python train_retriever.py [--data DIR] [--out DIR] [--questions DIR] [--pairs N]

Starts from OUT/sentence (convert.py) and leaves OUT/retriever beside it, for export.py. Every
other passage of a batch is wrong for a question, and so is one of those that are nearest to it by
words and do not name all that it names. A run that was stopped goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.losses import MultipleNegativesRankingLoss
from sentence_transformers.training_args import BatchSamplers

from convert import PROMPTS
from data import LONGEST, SEED, read_questions, window
from mining import count_pairs, names_of, nearest_wrong, read_pool
from reader_model import FROZEN_LAYERS

BATCH = 48
RATE = 5e-5
WARM_UP = 0.1  # of the steps
SCALE = 50.0  # of cosines: those of e5 lie between .7 and .95
MOST_TOKENS = 128  # of a passage as the product cuts it
SHARE = (
    0.75  # of the trained weights in those saved, the rest the first ones: as good at news, better
)
# at encyclopaedia (CMRC 2018 dev by meaning alone, from none to all: .933, half .946, .940, .923)
SAVE_EVERY = 100  # steps


def read_pairs(data: Path, questions: Path, count: int, rng: random.Random) -> dict[str, Dataset]:
    """Pairs of a question and its passage, and triples with one that only looks alike."""
    asked = read_questions(data, questions, rng)
    told = asked.human + asked.written + asked.open + asked.focused
    every = [e for e in told if e.start >= 0 or e.marks]
    passages, owners = read_pool(data, every, rng)
    counts = count_pairs(passages)
    usable = [e for e in every if names_of(e, counts)]
    drawn = rng.sample(usable, min(count, len(usable)))
    chosen = [e for e in (window(e, rng) for e in drawn) if len(e.passage) <= LONGEST]
    pairs: list[dict[str, str]] = []
    triples: list[dict[str, str]] = []
    unlike = nearest_wrong(chosen, passages, owners, counts)
    for example, wrong in zip(chosen, unlike, strict=True):
        pair = {"question": example.question, "passage": example.passage}
        if wrong:
            triples.append({**pair, "wrong": rng.choice(wrong)[:LONGEST]})
        else:
            pairs.append(pair)
    return {"pairs": Dataset.from_list(pairs), "triples": Dataset.from_list(triples)}


def main() -> None:
    """Train once over the pairs and save the model."""
    parser = argparse.ArgumentParser(description="Train the retriever.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--questions", type=Path, default=Path("training/questions"))
    parser.add_argument("--pairs", type=int, default=60_000)
    options = parser.parse_args()
    pairs = read_pairs(options.data, options.questions, options.pairs, random.Random(SEED))
    print({name: len(part) for name, part in pairs.items()}, flush=True)
    model = SentenceTransformer(
        str(options.out / "sentence"),
        device="cpu",
        model_kwargs={"attn_implementation": "eager"},
        # Dropout takes a third of a step.
        config_kwargs={"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    )
    model.max_seq_length = MOST_TOKENS
    encoder: Any = model[0].auto_model
    before = {name: weight.detach().clone() for name, weight in encoder.named_parameters()}
    for module in (encoder.embeddings, *encoder.encoder.layer[:FROZEN_LAYERS]):
        module.requires_grad_(False)
    run = options.out / "retriever-run"
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(run),
        num_train_epochs=1,
        per_device_train_batch_size=BATCH,
        learning_rate=RATE,
        warmup_ratio=WARM_UP,
        bf16=True,
        use_cpu=True,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        prompts={
            "question": PROMPTS["query"],
            "passage": PROMPTS["passage"],
            "wrong": PROMPTS["passage"],
        },
        save_steps=SAVE_EVERY,
        save_total_limit=1,
        logging_steps=10,
        report_to="none",
        seed=SEED,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=pairs,
        loss=MultipleNegativesRankingLoss(model, scale=SCALE),
    )
    trainer.train(resume_from_checkpoint=any(run.glob("checkpoint-*")))
    with torch.no_grad():
        for name, weight in encoder.named_parameters():
            weight.copy_(torch.lerp(before[name], weight, SHARE))
    model.save(str(options.out / "retriever"))


if __name__ == "__main__":
    main()
