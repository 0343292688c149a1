"""Vectors kept between runs, so that a benchmark of 50,000 passages embeds them once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import platformdirs
from langchain_core.embeddings import Embeddings
from tqdm import tqdm

from index.embedding import MODEL_FOLDER, BundledEmbeddings

__all__ = ["CACHE", "KeptEmbeddings"]

CACHE = Path(platformdirs.user_cache_dir("dongxihu-qa")) / "embeddings"
BATCH = 256  # texts embedded between two writes


class KeptEmbeddings(Embeddings):
    """An encoder on onnxruntime, each vector kept in a folder by the hash of model and text."""

    def __init__(self, folder: Path, model: Path = MODEL_FOLDER) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = BundledEmbeddings(model)
        self._digest = hashlib.sha256((model / "model.onnx").read_bytes()).hexdigest()
        self._kept = sqlite3.connect(folder / "vectors.sqlite")
        self._kept.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB)")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages, in their order, embedded where they are not kept yet."""
        keys = [self._key(text) for text in texts]
        missing = {key: t for key, t in zip(keys, texts, strict=True) if not self._read(key)}
        rest = list(missing.items())
        bar = tqdm(total=len(rest), desc="embedding", disable=None, delay=1)
        for part in (rest[start : start + BATCH] for start in range(0, len(rest), BATCH)):
            self._keep(part, self._encoder.embed_documents([text for _, text in part]))
            bar.update(len(part))
        return [np.frombuffer(self._read(key), dtype=np.float32).tolist() for key in keys]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        key = self._key(f"query\0{text}")
        if not self._read(key):
            self._keep([(key, text)], [self._encoder.embed_query(text)])
        vector: list[float] = np.frombuffer(self._read(key), dtype=np.float32).tolist()
        return vector

    def _key(self, text: str) -> str:
        whole = f"{self._digest}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(whole).hexdigest()

    def _read(self, key: str) -> bytes:
        query = "SELECT vector FROM vectors WHERE key = ?"
        found = self._kept.execute(query, (key,)).fetchone()
        return found[0] if found else b""

    def _keep(self, part: Sequence[tuple[str, str]], vectors: Sequence[Sequence[float]]) -> None:
        rows = [np.asarray(vector, dtype=np.float32).tobytes() for vector in vectors]
        keys = [key for key, _ in part]
        with self._kept:
            self._kept.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)", zip(keys, rows, strict=True)
            )
