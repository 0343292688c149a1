"""Write the bundled retriever: int8 ONNX with pooling inside, tokenizer, config; then measure it.

python export.py [--out DIR] [--model DIR] [--data DIR] [--target DIR]

What is exported is OUT/retriever, of train_retriever.py, or the sentence-transformers folder given.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers import AutoModel

from convert import MAX_LENGTH, PROMPTS, read_sentences

FloatArray = npt.NDArray[np.float32]
NAME = "e5-small-zh"
REVISION = "2"
OPSET = 17
SMOOTHED = 0.3  # the cosine to fp32: .9966 without, .9975 with 0.3, .9967 with 0.5
PROJECTIONS = ("query", "key", "value")
LEAST_NORM = 1e-12  # keeps an all-padding row from dividing by zero


class PooledEncoder(torch.nn.Module):
    """The encoder with mean pooling and unit length, (batch, tokens) in, (batch, hidden) out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False
        )

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return one unit vector a row."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        unit: torch.Tensor = mean / mean.norm(dim=1, keepdim=True).clamp(min=LEAST_NORM)
        return unit


class OnnxEncoder:
    """The exported file run as the product runs it: onnxruntime, tokenizers and numpy only."""

    def __init__(self, folder: Path, threads: int, model: str = "model.onnx") -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(folder / model), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self.tokenizer.enable_truncation(MAX_LENGTH)

    def encode(self, texts: Sequence[str], prefix: str, batch: int = 16) -> FloatArray:
        """Return unit vectors, shape (len(texts), dimension)."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows: list[FloatArray] = [np.empty(0, dtype=np.float32)] * len(texts)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            encoded = self.tokenizer.encode_batch([prefix + texts[i] for i in chosen])
            feed = {
                "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
                "attention_mask": np.array([e.attention_mask for e in encoded], dtype=np.int64),
            }
            for i, row in zip(chosen, self.session.run(None, feed)[0], strict=True):
                rows[i] = row
        return np.stack(rows)


def smooth(layers: Iterable[Any], run: Callable[[], None]) -> None:
    """Move the outliers of activations into the weights they meet, so that 8 bits hold both.

    Activations are quantised with one scale a tensor, and a few channels of this encoder are
    tens of times larger than the rest. Each input is divided, channel by channel, by
    (its largest value / the weights' largest) ** SMOOTHED and the weights are multiplied by it:
    the same function (SmoothQuant, Xiao et al. 2023). `run` puts samples through the model.
    """
    groups: list[tuple[Any, list[Any]]] = [
        group
        for layer in layers
        for group in (
            (layer.attention.self, [getattr(layer.attention.self, n) for n in PROJECTIONS]),
            (layer.attention.output.dense, [layer.attention.output.dense]),
            (layer.intermediate.dense, [layer.intermediate.dense]),
            (layer.output.dense, [layer.output.dense]),
        )
    ]
    largest: dict[torch.nn.Module, torch.Tensor] = {}

    def watch(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(seen, largest.get(module, seen))

    watching = [module.register_forward_pre_hook(watch) for module, _ in groups]
    with torch.no_grad():
        run()
    for handle in watching:
        handle.remove()
    for module, linears in groups:
        weights = torch.stack([linear.weight.detach().abs().amax(0) for linear in linears]).amax(0)
        scale = (largest[module] / weights).clamp(min=1e-4).pow(SMOOTHED)
        for linear in linears:
            linear.weight.data *= scale
        module.register_buffer("smoothing", 1 / scale, persistent=False)
        module.register_forward_pre_hook(lambda m, inputs: (inputs[0] * m.smoothing, *inputs[1:]))


def export_float(folder: Path, path: Path, samples: Sequence[str]) -> None:
    """Write the fp32 graph, smoothed on samples, with dynamic batch and sequence axes."""
    model = PooledEncoder(folder).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def run() -> None:
        for text in samples:
            tokens = torch.tensor([tokenizer.encode(PROMPTS["passage"] + text).ids])
            model(tokens, torch.ones_like(tokens))

    smooth(model.encoder.encoder.layer, run)
    ids = torch.randint(5, 1000, (2, 24))
    mask = torch.ones_like(ids)
    mask[1, 16:] = 0
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        model,
        (ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(source: Path, target: Path, *, signed: bool, per_channel: bool, narrow: bool) -> None:
    """Quantise weights and embeddings to 8 bits; activations are quantised at run time.

    `narrow` keeps weights to 7 bits: processors without VNNI would overflow on 8 (x86 before 2019).
    """
    quantize_dynamic(
        source,
        target,
        per_channel=per_channel,
        reduce_range=narrow,
        weight_type=QuantType.QInt8 if signed else QuantType.QUInt8,
        extra_options={"MatMulConstBOnly": True},
    )


def measure_speed(encoder: OnnxEncoder, texts: Sequence[str], prefix: str, rounds: int) -> float:
    """Return the median milliseconds one text takes."""
    encoder.encode(texts[:1], prefix)
    taken: list[float] = []
    for i in range(rounds):
        began = time.perf_counter()
        encoder.encode([texts[i % len(texts)]], prefix)
        taken.append((time.perf_counter() - began) * 1000)
    return float(np.median(taken))


def measure_retrieval(encoder: OnnxEncoder, data: Path, questions: int = 1000) -> dict[str, float]:
    """Return R@1, R@5 and MRR over the CMRC 2018 dev passages."""
    articles = json.loads((data / "cmrc2018_dev.json").read_text(encoding="utf-8"))["data"]
    paragraphs = [p for article in articles for p in article["paragraphs"]]
    asked = [(q["question"], i) for i, p in enumerate(paragraphs) for q in p["qas"]]
    asked = [asked[int(k)] for k in np.linspace(0, len(asked) - 1, questions)]
    passages = encoder.encode([p["context"] for p in paragraphs], PROMPTS["passage"], batch=4)
    queries = encoder.encode([q for q, _ in asked], PROMPTS["query"])
    scores = queries @ passages.T
    gold = np.array([i for _, i in asked])
    rank = 1 + np.sum(scores > scores[np.arange(len(gold)), gold][:, None], axis=1)
    return {
        "passages": len(paragraphs),
        "questions": len(asked),
        "R@1": float(np.mean(rank == 1)),
        "R@5": float(np.mean(rank <= 5)),
        "MRR": float(np.mean(1 / rank)),
    }


def main() -> None:
    """Export, quantise, write the bundle and print every figure of the model card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    parser.add_argument("--model", type=Path, help="OUT/retriever if not given")
    parser.add_argument("--target", type=Path, default=Path("index/models") / NAME)
    options = parser.parse_args()
    source = options.model or options.out / "retriever"
    options.target.mkdir(parents=True, exist_ok=True)
    plain = options.out / "encoder.onnx"
    sentences = read_sentences(options.data, 400)
    samples = ["".join(sentences[i : i + 4])[:400] for i in range(200, 400, 4)]
    export_float(source, plain, samples)
    quantise(plain, options.target / "model.onnx", signed=True, per_channel=True, narrow=True)
    # That of `source` cuts at the length it was trained with.
    shutil.copy(options.out / "encoder" / "tokenizer.json", options.target / "tokenizer.json")
    encoder = OnnxEncoder(options.target, threads=2)
    config = {
        "name": NAME,
        "dimension": int(encoder.encode(["长度"], "").shape[1]),
        "max_length": MAX_LENGTH,
        "query_prefix": PROMPTS["query"],
        "passage_prefix": PROMPTS["passage"],
        "revision": REVISION,
    }
    (options.target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    sentences = sentences[:200]
    folder = SentenceTransformer(str(source), device="cpu")
    exact = folder.encode(sentences, prompt_name="passage", convert_to_numpy=True)
    cosine = np.sum(exact * encoder.encode(sentences, PROMPTS["passage"]), axis=1)
    report: dict[str, float] = {
        "megabytes": (options.target / "model.onnx").stat().st_size / 1e6,
        "cosine_mean": float(cosine.mean()),
        "cosine_least": float(cosine.min()),
    }
    passages = ["".join(sentences[i : i + 12])[:300] for i in range(0, 120, 12)]
    for threads in (1, 2):
        timed = OnnxEncoder(options.target, threads)
        questions = ["东西湖区2023年的地区生产总值是多少？", "谁在招待会上致辞？"]
        report[f"query_ms_{threads}"] = measure_speed(timed, questions, PROMPTS["query"], 60)
        report[f"passage_ms_{threads}"] = measure_speed(timed, passages, PROMPTS["passage"], 30)
    report.update(measure_retrieval(encoder, options.data))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
