"""What we search: passages by vector and by word, built once and swapped whole."""

from index.catalogue import Catalogue
from index.embedding import BUNDLED, load_embeddings
from index.errors import EncoderError, IndexingError, StaleIndexError
from index.generations import current_generation
from index.onnx_model import OnnxModel, share_cores
from index.retriever import HybridRetriever, ScoredPassage
from index.store import (
    Index,
    build_index,
    current_sources,
    default_home,
    empty_index,
    index_texts,
    open_index,
)

__all__ = [
    "BUNDLED",
    "Catalogue",
    "EncoderError",
    "HybridRetriever",
    "Index",
    "IndexingError",
    "OnnxModel",
    "ScoredPassage",
    "StaleIndexError",
    "build_index",
    "current_generation",
    "current_sources",
    "default_home",
    "empty_index",
    "index_texts",
    "load_embeddings",
    "open_index",
    "share_cores",
]
