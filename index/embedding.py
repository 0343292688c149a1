"""Sentence vectors: the bundled encoder on onnxruntime, or any sentence-transformers model."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from index.errors import EncoderError
from index.onnx_model import OnnxModel

__all__ = ["BUNDLED", "BundledEmbeddings", "SentenceTransformerEmbeddings", "load_embeddings"]

BUNDLED = "bundled"
MODEL_FOLDER = Path(__file__).parent / "models" / "e5-small-zh"
ASKED_KEPT = 256  # questions whose vectors are kept
BATCH_CHARACTERS = 1200  # of one batch, padded: attention takes memory as their square
BATCH_SIZE = 8  # what fits a core's cache: 43 passages a second, 16 at once 36, 64 28


class BundledEmbeddings(Embeddings):
    """multilingual-e5-small, Chinese vocabulary, int8; vectors of 384 floats, length 1.

    Loads on first use and may be shared between threads. Raises EncoderError where the
    model's files are missing.
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        try:
            self._config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        except OSError as error:
            raise EncoderError(f"缺少自带的检索模型（{folder}），请重新安装 dongxihu-qa") from error
        self.name = f"{self._config['name']}@{self._config['revision']}"
        self.dimension = int(self._config["dimension"])
        self._model = OnnxModel(folder, self._config["max_length"])
        # A question is looked at more than once on its way.
        self._asked = lru_cache(maxsize=ASKED_KEPT)(self._embed_asked)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages, one a text, in their order."""
        return self._in_batches(texts, self._config["passage_prefix"])

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [*self._asked(text)]

    def _embed_asked(self, text: str) -> tuple[float, ...]:
        return tuple(self.embed_queries([text])[0])

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Vectors of questions, one a text, in their order."""
        return self._in_batches(texts, self._config["query_prefix"])

    def _in_batches(self, texts: list[str], prefix: str) -> list[list[float]]:
        vectors: list[list[float]] = []
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # less padding a batch
        start = 0
        while start < len(order):
            size = BATCH_SIZE
            while size > 1 and size * len(texts[order[start:][:size][-1]]) > BATCH_CHARACTERS:
                size -= 1
            vectors += self._encode([prefix + texts[i] for i in order[start:][:size]]).tolist()
            start += size
        placed: list[list[float]] = [[] for _ in texts]
        for place, vector in zip(order, vectors, strict=True):
            placed[place] = vector
        return placed

    def _encode(self, texts: list[str]) -> np.ndarray[Any, Any]:
        tokenizer, session = self._model.load()
        encodings = tokenizer.encode_batch(texts)
        inputs = {
            "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
        }
        vectors: np.ndarray[Any, Any] = session.run(None, inputs)[0]
        return vectors


class SentenceTransformerEmbeddings(Embeddings):
    """Any sentence-transformers model, by name or folder; needs the extra `models`."""

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError(
                f"模型 {model!r} 需要 sentence-transformers： pip install 'dongxihu-qa[models]'"
            ) from error
        try:
            self._model = SentenceTransformer(model)
        except (OSError, ValueError) as error:
            raise EncoderError(f"模型 {model!r} 加载不了：{error}") from error
        self.name = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages, one a text, in their order, length 1."""
        encoded = self._model.encode_document(texts, normalize_embeddings=True)
        vectors: list[list[float]] = encoded.tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, length 1."""
        return self.embed_queries([text])[0]

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Vectors of questions, one a text, in their order, length 1."""
        vectors: list[list[float]] = self._model.encode_query(
            texts, normalize_embeddings=True
        ).tolist()
        return vectors


@lru_cache(maxsize=4)
def load_embeddings(name: str = BUNDLED) -> BundledEmbeddings | SentenceTransformerEmbeddings:
    """The bundled encoder, or a sentence-transformers model by name, loaded once.

    Raises EncoderError.
    """
    return BundledEmbeddings() if name == BUNDLED else SentenceTransformerEmbeddings(name)
