"""What we search: passages by vector and by word, synced with files and swapped whole."""

from index.catalogue import Catalogue, DocumentHead
from index.cores import share_cores
from index.current import CurrentIndex
from index.embedding import BUNDLED, load_embeddings
from index.errors import (
    DamagedIndexError,
    EncoderError,
    IndexingError,
    LockedIndexError,
    SelectionError,
    StaleIndexError,
    StoreError,
)
from index.framed import embed_framed, framed_text
from index.generations import current_generation
from index.info import (
    GenerationInfo,
    IndexInfo,
    ListedDocument,
    describe_generations,
    describe_index,
    find_documents,
    list_documents,
    unread_files,
)
from index.onnx_model import OnnxModel, TextOutputs
from index.processes import ChildProcess, ProcessEndedError
from index.remote.replica import roll_back
from index.repair import Repair, check_index, repair_index
from index.retriever import HybridSearch, ScoredPassage
from index.selection import Selection
from index.store import (
    Index,
    MemoryIndex,
    build_index,
    default_home,
    index_texts,
    load_chosen_embeddings,
    open_index,
)
from index.summary import Summary
from index.sync import remove_documents, sync_index
from index.time_limit import OutOfTimeError, check_time, limited
from index.vectors import Matrix, cosines_of
from index.writing import Progress

__all__ = [
    "BUNDLED",
    "Catalogue",
    "ChildProcess",
    "CurrentIndex",
    "DamagedIndexError",
    "DocumentHead",
    "EncoderError",
    "GenerationInfo",
    "HybridSearch",
    "Index",
    "IndexInfo",
    "IndexingError",
    "ListedDocument",
    "LockedIndexError",
    "Matrix",
    "MemoryIndex",
    "OnnxModel",
    "OutOfTimeError",
    "ProcessEndedError",
    "Progress",
    "Repair",
    "ScoredPassage",
    "Selection",
    "SelectionError",
    "StaleIndexError",
    "StoreError",
    "Summary",
    "TextOutputs",
    "build_index",
    "check_index",
    "check_time",
    "cosines_of",
    "current_generation",
    "default_home",
    "describe_generations",
    "describe_index",
    "embed_framed",
    "find_documents",
    "framed_text",
    "index_texts",
    "limited",
    "list_documents",
    "load_chosen_embeddings",
    "load_embeddings",
    "open_index",
    "remove_documents",
    "repair_index",
    "roll_back",
    "share_cores",
    "sync_index",
    "unread_files",
]
