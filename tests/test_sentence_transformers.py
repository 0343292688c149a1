"""The bundled retriever as sentence-transformers loads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index import load_embeddings
from index.embedding import MODEL_FOLDER

TEXTS = [
    "2021年全县新修公路120公里。",
    "谁在招待会上致辞？",
    "縣醫院新增了多少張床位",
    "the county's GDP in 2021",
    "x",
    "长" * 900,
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformer:
    # Loading a folder's own module copies it to the user's cache, which a test must not touch.
    patch = pytest.MonkeyPatch()
    cache = str(tmp_path_factory.mktemp("modules"))
    patch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", cache)
    loaded = SentenceTransformer(str(MODEL_FOLDER), trust_remote_code=True, device="cpu")
    patch.undo()
    return loaded


def test_questions_have_the_same_vectors_as_ours(model: SentenceTransformer) -> None:
    own = np.array([load_embeddings().embed_query(text) for text in TEXTS])
    # One at a time, as ours: in 8 bits a text's vector moves a little with its batch.
    theirs = model.encode_query(TEXTS, batch_size=1)
    assert np.sum(theirs * own, axis=1).min() >= 0.995


def test_passages_have_the_same_vectors_as_ours(model: SentenceTransformer) -> None:
    own = np.array([load_embeddings().embed_documents([text])[0] for text in TEXTS])
    theirs = model.encode_document(TEXTS, batch_size=1)
    assert np.sum(theirs * own, axis=1).min() >= 0.995


def test_the_folder_can_be_saved_and_loaded_again(
    model: SentenceTransformer, tmp_path: Path
) -> None:
    model.save(str(tmp_path))
    assert {file.name for file in MODEL_FOLDER.iterdir()} - {"model_card.md"} <= {
        file.name for file in tmp_path.iterdir()
    }
