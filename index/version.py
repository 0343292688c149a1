"""By what an index was made: the encoder, and how this version cuts, frames and stores."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from corpus import SPLITTER
from index.figures import TABLED
from index.framed import FRAMED
from index.generations import Manifest
from index.lexical import LEXICAL

__all__ = ["CUT", "dimension_of", "is_current", "name_of"]

# Recorded in an index; a change has its texts read again.
CUT = f"{SPLITTER} {FRAMED} {LEXICAL} {TABLED}"


def name_of(embeddings: Embeddings) -> str:
    """What an encoder is called in a manifest."""
    return getattr(embeddings, "name", "")


def dimension_of(embeddings: Embeddings) -> int:
    """The length of an encoder's vectors."""
    told = getattr(embeddings, "dimension", None)
    return int(told) if told else len(embeddings.embed_query("。"))


def is_current(manifest: Manifest, embeddings: Embeddings) -> bool:
    """Whether an index was made by this version and for an encoder."""
    return (manifest.encoder, manifest.splitter) == (name_of(embeddings), CUT)
