"""Where an answer may stand: passages become evidence, scored."""

from qa.reading.candidates import trim
from qa.reading.reader import Evidence, Reader
from qa.reading.span_model import SpanModel

__all__ = ["Evidence", "Reader", "SpanModel", "trim"]
