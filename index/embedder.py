"""Vectors of many passages: in this process, or on all cores where there are many."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue

from langchain_core.embeddings import Embeddings

from index.embedding import BUNDLED, BundledEmbeddings, load_embeddings
from index.framed import embed_framed
from index.onnx_model import share_cores
from index.processes import ChildProcess
from index.vectors import Matrix

__all__ = ["BATCH", "embed_batches", "embed_in_child"]

BATCH = 512  # passages between two steps; sorted by length within, so that little is padded
WORTH_WHILE = 2000  # passages; for fewer, starting other processes takes longer than it saves
AHEAD = 2  # batches that wait for each process


def embed_batches(
    embeddings: Embeddings, batches: Iterable[Sequence[str]], total: int
) -> Iterator[Matrix]:
    """The vectors of framed texts, a matrix a batch, in their order.

    Of the bundled encoder, one process a core reads `total` passages where they are many: two of
    one thread each are faster than one of two. Raises ProcessEndedError where one is killed.
    """
    cores = os.cpu_count() or 1
    if not isinstance(embeddings, BundledEmbeddings) or cores < 2 or total < WORTH_WHILE:
        for batch in batches:
            yield embed_framed(embeddings, batch)
        return
    with ExitStack() as stack, ThreadPoolExecutor(cores) as pool:
        idle: SimpleQueue[ChildProcess] = SimpleQueue()
        for _ in range(cores):
            idle.put(stack.enter_context(ChildProcess()))

        def embed(batch: Sequence[str]) -> Matrix:
            child = idle.get()
            try:
                return child.run(embed_in_child, batch, cores)
            finally:
                idle.put(child)

        waiting: deque[Future[Matrix]] = deque()
        for batch in batches:
            waiting.append(pool.submit(embed, list(batch)))
            if len(waiting) >= AHEAD * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def embed_in_child(batch: Sequence[str], processes: int) -> Matrix:
    """The vectors of framed texts by the bundled encoder, as one of several processes."""
    share_cores(processes)
    return embed_framed(load_embeddings(BUNDLED), batch)
