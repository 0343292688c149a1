"""How programs reach the service: REST, the OpenAI protocol, MCP."""

__all__: list[str] = []
