"""Write the vectors of the sayings in qa/asking/conversation.txt, after a change of them.

    PYTHONPATH=. python training/sayings.py

In the product's own environment: they are those of the bundled encoder, in half precision.
"""

from __future__ import annotations

import numpy as np

from index import load_embeddings
from qa.asking.conversation import VECTORS, read_sayings


def main() -> None:
    """Embed them and say how large the file is."""
    _, sayings, digest = read_sayings()
    vectors = np.array(load_embeddings().embed_queries(sayings), np.float16)
    np.savez(VECTORS, vectors=vectors, digest=digest)
    print(f"{len(sayings)} sayings, {VECTORS.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
