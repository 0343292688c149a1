"""What every face asks: answers, documents and figures behind one queue."""

__all__: list[str] = []
