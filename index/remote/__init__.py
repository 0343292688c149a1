"""A Chroma server that keeps the texts and vectors for several machines, each with a copy."""

__all__: list[str] = []
