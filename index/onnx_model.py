"""A model folder on onnxruntime: tokenizer.json and model.onnx, loaded on first use."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.cores import map_on_cores
from index.time_limit import check_time

__all__ = ["OnnxModel", "TextOutputs"]

# onnxruntime reports to its maker from its import on, and keeps an id of the user for it; a call
# of its API comes too late. Set for whoever imports it first, a library of ours too.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Tokens run at once: what fits a core's cache. Eight texts of 90 to 300 tokens took 526 ms as one
# batch on two threads, 234 one by one on two threads of their own. Of short texts more at once:
# of 15 tokens 1.6 ms each by eights, 3.2 one by one.
BATCH_TOKENS = 128
# Fused with the addition before it, onnxruntime 1.32 normalises a layer in scalar code: a tenth
# of all time.
SLOW_FUSIONS = ["SkipLayerNormFusion"]

Text = str | tuple[str, str]


class TextOutputs(NamedTuple):
    """What the model makes of a text: its tokens, and each output's row, padded as in its batch."""

    encoding: Any  # tokenizers.Encoding
    rows: dict[str, Any]


class OnnxModel:
    """The tokenizer and session of a folder; may be shared between threads."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        self._folder = folder
        self._max_tokens = max_tokens
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def load(self) -> tuple[Any, Any]:
        """The tokenizers.Tokenizer and onnxruntime.InferenceSession, loaded once."""
        with self._lock:
            if self._loaded is None:
                import onnxruntime  # heavy: 80 MB on disk, 0.1 s
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                tokenizer.enable_truncation(self._max_tokens)
                tokenizer.no_padding()
                options = onnxruntime.SessionOptions()
                # Texts run beside each other, each in one thread: that needs no waiting in between.
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                session = onnxruntime.InferenceSession(
                    str(self._folder / "model.onnx"),
                    options,
                    providers=["CPUExecutionProvider"],
                    disabled_optimizers=SLOW_FUSIONS,
                )
                self._loaded = tokenizer, session
            return self._loaded

    def run(self, texts: Sequence[Text]) -> list[TextOutputs]:
        """What the model makes of texts or pairs of texts, in their order."""
        tokenizer, session = self.load()
        encodings = tokenizer.encode_batch(list(texts))
        batches = list(_batches([len(encoding.ids) for encoding in encodings]))
        padding = tokenizer.token_to_id("<pad>")

        def outputs(batch: list[int]) -> list[TextOutputs]:
            check_time()
            return _run([encodings[place] for place in batch], session, padding)

        done = map_on_cores(outputs, batches)
        found: dict[int, TextOutputs] = {}
        for batch, told in zip(batches, done, strict=True):
            found |= zip(batch, told, strict=True)
        return [found[place] for place in range(len(texts))]


def _batches(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts to run at once, by their sizes in tokens; the longest come first.

    A long one begun last would leave the other threads without work.
    """
    places = sorted(range(len(sizes)), key=lambda place: -sizes[place])
    while places:
        fitting = max(1, BATCH_TOKENS // max(1, sizes[places[0]]))
        yield places[:fitting]
        del places[:fitting]


def _run(encodings: Sequence[Any], session: Any, padding: int) -> list[TextOutputs]:
    """The outputs of one batch; a graph that asks for it is told which tokens are the passage's."""
    shape = len(encodings), max(len(encoding.ids) for encoding in encodings)
    inputs = {
        "input_ids": np.full(shape, padding, np.int64),
        "attention_mask": np.zeros(shape, np.int64),
        "passage_mask": np.zeros(shape, np.int64),
    }
    for row, encoding in enumerate(encodings):
        size = len(encoding.ids)
        inputs["input_ids"][row, :size] = encoding.ids
        inputs["attention_mask"][row, :size] = 1
        inputs["passage_mask"][row, :size] = [part == 1 for part in encoding.sequence_ids]
    asked = {each.name: inputs[each.name] for each in session.get_inputs()}
    names = [each.name for each in session.get_outputs()]
    arrays = dict(zip(names, session.run(names, asked), strict=True))
    return [
        TextOutputs(encoding, {name: array[row] for name, array in arrays.items()})
        for row, encoding in enumerate(encodings)
    ]
