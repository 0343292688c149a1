"""How people reach the service with a browser."""

__all__: list[str] = []
