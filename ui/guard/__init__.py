"""Who and what may come in: tokens, rates, limits of a request."""

__all__: list[str] = []
