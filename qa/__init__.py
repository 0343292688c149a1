"""How we answer: read the question, search, read the passages, check, compose."""

from qa.answer import Answer, Citation
from qa.answering import answer
from qa.errors import QaError, TestSetError

__all__ = ["Answer", "Citation", "QaError", "TestSetError", "answer"]
