"""The folder's ONNX file as a module of sentence-transformers, for those who use that library.

    SentenceTransformer("index/models/e5-small-zh", trust_remote_code=True)

Needs sentence-transformers, onnxruntime and tokenizers, and nothing else of this project.
"""

from __future__ import annotations

import json
import os
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer

__all__ = ["E5SmallZh"]

# Else onnxruntime reports to its maker from its import on. It is imported by a string, since
# transformers imports whatever it reads an import of here, before a line of this has run.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
onnxruntime = import_module("onnxruntime")


class E5SmallZh(InputModule):
    """Sentence vectors of length 1 from `model.onnx`; pooling is inside, it cannot be trained."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._folder = folder
        self._config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        self.max_seq_length: int = self._config["max_length"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(self.max_seq_length)
        self.tokenizer.enable_padding(pad_id=self.tokenizer.token_to_id("<pad>"), pad_token="<pad>")
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
        )

    def preprocess(self, inputs: Any, prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        """Token numbers and attention mask of texts, shape (texts, tokens)."""
        encodings = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([e.ids for e in encodings]),
            "attention_mask": torch.tensor([e.attention_mask for e in encodings]),
        }

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Add `sentence_embedding`, shape (texts, 384)."""
        names = ("input_ids", "attention_mask")
        vectors = self._session.run(None, {name: features[name].cpu().numpy() for name in names})[0]
        features["sentence_embedding"] = torch.from_numpy(vectors).to(features["input_ids"].device)
        return features

    def get_embedding_dimension(self) -> int:
        """The length of a vector."""
        dimension: int = self._config["dimension"]
        return dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Copy the model's files."""
        for name in ("model.onnx", "tokenizer.json", "config.json", Path(__file__).name):
            shutil.copy(self._folder / name, output_path)

    @classmethod
    def load(cls, model_name_or_path: str, *args: Any, **kwargs: Any) -> E5SmallZh:
        """The module of a local folder."""
        return cls(Path(model_name_or_path))
