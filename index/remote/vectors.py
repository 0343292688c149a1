"""The vectors of a replica's passages, searched on the server."""

from __future__ import annotations

from collections.abc import Sequence

from index.catalogue import Catalogue
from index.remote.collection import ChromaCollection
from index.vectors import Matrix

__all__ = ["ChromaVectors"]

BESIDE = 16  # asked for beyond what is wanted: vectors of other versions are passed over
WIDER = 4  # times as many, where too few of those found are wanted
EXACT = 2000  # rows of a selection whose vectors are fetched and compared: 0.15 s
ASKED = 500  # rows or keys in one question to the catalogue


class ChromaVectors:
    """Vectors by the keys of the passages of a catalogue."""

    def __init__(self, catalogue: Catalogue, collection: ChromaCollection) -> None:
        self._catalogue = catalogue
        self._collection = collection

    def search(
        self,
        question: Matrix,
        limit: int,
        also: Sequence[int] = (),
        within: Sequence[int] | None = None,
    ) -> dict[int, float]:
        """Cosines of the nearest passages by row, best first, then of those of rows in `also`.

        The nearest are found by the server's graph, which may miss some; those of `also`, and of
        a selection of not too many passages, are compared one by one.
        """
        if within is not None and len(within) <= EXACT:
            every = self._cosines(question, within)
            best = dict(sorted(every.items(), key=lambda pair: -pair[1])[:limit])
            return best | {row: every[row] for row in also if row in every and row not in best}
        wanted = None if within is None else {*within}
        found = self._nearest(question, limit, wanted)
        rest = [row for row in also if row not in found and (wanted is None or row in wanted)]
        return found | self._cosines(question, rest)

    def _nearest(self, question: Matrix, limit: int, wanted: set[int] | None) -> dict[int, float]:
        asked = limit + BESIDE
        while True:
            near = self._collection.nearest(question, asked)
            rows: dict[bytes, list[int]] = {}
            keys = [bytes.fromhex(one) for one in near]
            for start in range(0, len(keys), ASKED):
                rows |= self._catalogue.rows_of_keys(keys[start : start + ASKED])
            found = {
                row: cosine
                for key, cosine in zip(keys, near.values(), strict=True)
                for row in rows.get(key, ())
                if wanted is None or row in wanted
            }
            if len(found) >= limit or len(near) < asked:
                return dict([*found.items()][:limit])
            asked *= WIDER

    def _cosines(self, question: Matrix, rows: Sequence[int]) -> dict[int, float]:
        keys: dict[int, str] = {}
        for start in range(0, len(rows), ASKED):
            part = self._catalogue.keys_of_rows(rows[start : start + ASKED])
            keys |= {row: key.hex() for row, key in part.items()}
        vectors = self._collection.vectors([*dict.fromkeys(keys.values())])
        return {
            row: float(vectors[keys[row]] @ question)
            for row in rows
            if row in keys and keys[row] in vectors
        }
