"""What the server tells its operator: a log and numbers."""

__all__: list[str] = []
