"""Sentence vectors: the bundled encoder on onnxruntime, or any sentence-transformers model."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from index.errors import EncoderError
from index.onnx_model import OnnxModel

__all__ = ["BUNDLED", "BundledEmbeddings", "SentenceTransformerEmbeddings", "load_embeddings"]

BUNDLED = "bundled"
MODEL_FOLDER = Path(__file__).parent / "models" / "e5-small-zh"
AT_ONCE = 1024  # texts whose tokens are held: 30 kB each of 300 characters
ASKED_KEPT = 256  # questions whose vectors are kept


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
        return self._embed(texts, self._config["passage_prefix"])

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [*self._asked(text)]

    def _embed_asked(self, text: str) -> tuple[float, ...]:
        return tuple(self.embed_queries([text])[0])

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Vectors of questions, one a text, in their order."""
        return self._embed(texts, self._config["query_prefix"])

    def _embed(self, texts: list[str], prefix: str) -> list[list[float]]:
        vectors: list[list[float]] = []
        for start in range(0, len(texts), AT_ONCE):
            told = self._model.run([prefix + text for text in texts[start : start + AT_ONCE]])
            vectors += [outputs.rows["embedding"].tolist() for outputs in told]
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


def load_embeddings(name: str = BUNDLED) -> BundledEmbeddings | SentenceTransformerEmbeddings:
    """The bundled encoder, or a sentence-transformers model by name, loaded once.

    Raises EncoderError.
    """
    return _load(name)


@lru_cache(maxsize=4)  # by the name, whether it was given or left out
def _load(name: str) -> BundledEmbeddings | SentenceTransformerEmbeddings:
    return BundledEmbeddings() if name == BUNDLED else SentenceTransformerEmbeddings(name)
