"""What is said to the service and asks nothing of the documents: 你好, 谢谢, 你能做什么."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np

from index import cosines_of, load_embeddings
from qa.asking.words import ASKING

__all__ = ["VECTORS", "read_conversation", "read_sayings"]

SAYINGS = Path(__file__).with_name("conversation.txt")
# Theirs, so that no process makes them anew, which takes a quarter of a second:
# `training/sayings.py` writes it.
VECTORS = Path(__file__).with_name("conversation.npz")
LONGEST = 40  # characters; who says more asks something
LIKE, SURE = 0.74, 0.84  # cosine to a saying: from the first perhaps one, from the second surely
UNASKING = ("greeting", "thanks", "farewell", "reaction")  # kinds that have no word of asking
OF_US = ("who", "service")  # kinds that ask of the one who answers
SEVERAL = 2  # sentences
_WE = re.compile("[你您我咱这a-zA-Z]|机器人|人工")
_LEANING = re.compile("那.+呢[?？]?")  # asks on: 那前年呢
_PIECE = re.compile(r"[^\s,，.。!！?？~～、;；…]+")
_KEPT = 4096  # texts whose likeness is kept


def read_conversation(text: str, told: Callable[[str], bool]) -> str:
    """The kind of saying a text is, "" where it asks something.

    A text that is only like a saying asks something where `told` says that documents hold words
    of it. One of several sentences is a saying only if each of them is one.
    """
    if len(text) > LONGEST:
        return ""
    kind = _kind_of(text, told)
    pieces = _PIECE.findall(text)
    if len(pieces) < SEVERAL:
        return kind
    found = [_kind_of(piece, told) for piece in pieces]
    if all(found):
        return next((kind for kind in found if kind in OF_US), found[-1])
    asking = (piece for piece, said in zip(pieces, found, strict=True) if not said)
    return "" if any(ASKING.search(piece) for piece in asking) else kind


def _kind_of(text: str, told: Callable[[str], bool]) -> str:
    """The kind of saying that one stretch of a text is, or ""."""
    kind, likeness = _nearest(text)
    if kind in UNASKING and (ASKING.search(text) or _LEANING.fullmatch(text)):
        return ""
    of_us = kind in OF_US or (kind == "complaint" and ASKING.search(text))
    if of_us and not _WE.search(text) and (likeness < SURE or told(text)):
        return ""  # 靠什么做到, 投诉走什么流程, 要收费吗
    return kind if likeness >= SURE or (likeness >= LIKE and not told(text)) else ""


@lru_cache(maxsize=_KEPT)
def _nearest(text: str) -> tuple[str, float]:
    """The kind of the saying that means most nearly the same, and its cosine."""
    kinds, vectors = _sayings()
    cosines = cosines_of(vectors, np.array(load_embeddings().embed_query(text), np.float32))
    best = int(cosines.argmax())
    return kinds[best], float(cosines[best])


@lru_cache(maxsize=1)
def _sayings() -> tuple[list[str], np.ndarray]:
    kinds, sayings, digest = read_sayings()
    with suppress(OSError), np.load(VECTORS) as kept:
        if kept["digest"] == digest:
            return kinds, kept["vectors"].astype(np.float32)
    return kinds, np.array(load_embeddings().embed_queries(sayings))


def read_sayings() -> tuple[list[str], list[str], str]:
    """The kind and the text of each saying, and what changes with them or with the encoder."""
    kinds: list[str] = []
    sayings: list[str] = []
    kind = ""
    for line in SAYINGS.read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            kinds.append(kind)
            sayings.append(line)
    told = "\n".join([load_embeddings().name, *sayings])
    return kinds, sayings, hashlib.sha256(told.encode()).hexdigest()
