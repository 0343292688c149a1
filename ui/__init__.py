"""How people reach it: the command line and the chat page."""

__all__: list[str] = []
