"""The versions of an index on the Chroma server, and which of them is in use.

    NAME-versions    what each version holds; its metadata name the one in use and the one before
    NAME-texts       the documents' texts as they came, by the documents' ids
    NAME-vectors-N   vectors of N numbers by `vector_key`

Ids are made of what they stand for, so nothing is ever changed that a version in use has: a new
version adds records, names them, and is put into use last, in one step.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from corpus import document_id
from index.errors import LockedIndexError, StoreError
from index.files import KnownFile
from index.remote.chroma import ChromaStore
from index.remote.collection import ChromaCollection

__all__ = [
    "TEXTS",
    "VERSIONS",
    "Pointer",
    "Version",
    "move_pointer",
    "pointer_of",
    "put_texts",
    "read_texts",
    "read_version",
    "vectors_kind",
    "whole_id",
    "write_version",
]

TEXTS, VERSIONS, VECTORS = "texts", "versions", "vectors"
PART = 4000  # characters of one record: at most 16 KB, as much as hosted servers take
TOGETHER = 50  # texts in one question
NONE = "nothing"  # stands for the version before the first


class Pointer(NamedTuple):
    """The version in use and the one before it, "" where there is none."""

    current: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What a version holds: ids and sources of its documents in their order, and the files they
    came from; by which encoder and how they were cut; `before` is the version it was made of.
    """

    encoder: str
    cut: str
    dimension: int
    documents: tuple[tuple[str, str], ...]
    files: tuple[KnownFile, ...]
    automatic: bool = False
    before: str = ""

    def dump(self) -> bytes:
        """As it is stored, the same for the same version."""
        return json.dumps(asdict(self), ensure_ascii=True).encode()

    @classmethod
    def load(cls, stored: bytes) -> Version:
        """The version of what `dump` gave."""
        told: dict[str, Any] = json.loads(stored)
        told["documents"] = tuple((id_, source) for id_, source in told["documents"])
        told["files"] = tuple(KnownFile(*file) for file in told["files"])
        return cls(**told)

    @property
    def name(self) -> str:
        """What it is called: a digest of all it says."""
        return blake2b(self.dump(), digest_size=16).hexdigest()


def vectors_kind(dimension: int) -> str:
    """The collection of vectors of so many numbers."""
    return f"{VECTORS}-{dimension}"


def pointer_of(store: ChromaStore) -> Pointer:
    """Which version is in use, in one small question."""
    told = store.metadata(VERSIONS)
    return Pointer(str(told.get("current", "")), str(told.get("before", "")))


def move_pointer(store: ChromaStore, base: str, after: Pointer) -> None:
    """Put a version into use in the place of `base`; raises LockedIndexError where another one
    has taken that place.

    Only one collection of a name can be made, so who makes the one named for what follows `base`
    is the first. Another one who finds it finishes what the first may have been killed in.
    """
    kind = _follower(base)
    found = store.claim(kind, after._asdict())
    first = Pointer(str(found.get("current", "")), str(found.get("before", "")))
    current = pointer_of(store).current
    if current == base and first.current:
        store.drop(_follower(first.current))  # one that was killed before the index went back
        # Looked at again, since others may have published meanwhile. What is left: the server
        # has no way to tell it on a condition, so who stalls between these two questions still
        # sets the pointer back to `first`, and what the others added is in no version in use
        # until they sync their files again.
        current = pointer_of(store).current
        if current == base:
            ChromaCollection(store, VERSIONS).tell(first._asdict())
            current = first.current
    store.drop(kind)
    if current != after.current:
        raise LockedIndexError("另一台机器刚刚更新了索引，请再运行一次")


def _follower(base: str) -> str:
    return f"after-{base or NONE}"


def write_version(store: ChromaStore, version: Version) -> None:
    """Store what a version holds, where it is not stored yet."""
    collection, name = ChromaCollection(store, VERSIONS), version.name
    if name not in collection.held([name]):
        told = base64.b64encode(zlib.compress(version.dump())).decode("ascii")
        _put_long(collection, {name: (told, {"dimension": version.dimension})})


def read_version(store: ChromaStore, name: str) -> Version:
    """What a version holds; raises StoreError where the server lacks it."""
    found = dict(_read_long(ChromaCollection(store, VERSIONS), [name])).get(name)
    try:
        if found:
            version = Version.load(zlib.decompress(base64.b64decode(found[0])))
            if version.name == name:
                return version
    except (ValueError, TypeError, KeyError, zlib.error):
        pass
    raise StoreError(
        f"向量服务 {store.url} 里缺少版本 {name} 的记录，请运行 dongxihu index --repair 重新发布"
    )


def put_texts(store: ChromaStore, texts: Iterator[tuple[str, str, str]]) -> None:
    """Store (id, source, raw text) of documents."""
    collection = ChromaCollection(store, TEXTS)
    while part := [*islice(texts, TOGETHER)]:
        told: dict[str, tuple[str, dict[str, Any]]] = {}
        for id_, source, raw in part:
            plain = _is_plain(raw) and _is_plain(source)
            words = (raw, source) if plain else (json.dumps(raw), json.dumps(source))
            told[id_] = words[0], {"source": words[1], "escaped": not plain}
        _put_long(collection, told)


def read_texts(store: ChromaStore, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Id, source and raw text of documents in their order; raises StoreError where one is not
    there as it was stored.
    """
    collection = ChromaCollection(store, TEXTS)
    left = iter(ids)
    while part := [*islice(left, TOGETHER)]:
        found = dict(_read_long(collection, part))
        for id_ in part:
            raw, told = found.get(id_, ("", {}))
            source = str(told.get("source", ""))
            if told.get("escaped"):
                raw, source = json.loads(raw), json.loads(source)
            if document_id(raw, source) != id_:
                raise StoreError(
                    f"向量服务 {store.url} 里缺少文章 {source or id_}，"
                    "请运行 dongxihu index --repair 重新发布"
                )
            yield id_, source, raw


def whole_id(record: str) -> str:
    """The id of the text that a record is a part of."""
    return record.partition(":")[0]


def _put_long(
    collection: ChromaCollection, texts: Mapping[str, tuple[str, dict[str, Any]]]
) -> None:
    """Store texts of any length; the first part, which tells how many there are, comes last."""
    records: list[tuple[str, str, dict[str, Any]]] = []
    for id_, (text, told) in texts.items():
        parts = [text[start : start + PART] for start in range(0, len(text), PART)] or [""]
        first = {**told, "parts": len(parts)}
        records += [
            (f"{id_}:{number}", part, {"part": number}) for number, part in enumerate(parts[1:], 1)
        ]
        records.append((id_, parts[0], first))
    ids, words, metadata = zip(*records, strict=True)
    collection.put(ids, np.ones((len(ids), 1), np.float32), words, metadata)


def _read_long(
    collection: ChromaCollection, ids: Sequence[str]
) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    firsts = collection.texts(ids)
    more = [f"{id_}:{n}" for id_, (_, told) in firsts.items() for n in range(1, told["parts"])]
    rest = collection.texts(more)
    for id_, (text, told) in firsts.items():
        parts = [rest.get(f"{id_}:{n}", ("", {}))[0] for n in range(1, told["parts"])]
        yield id_, ("".join([text, *parts]), told)


def _is_plain(text: str) -> bool:
    """Whether a text can be sent as it is."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
