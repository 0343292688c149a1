"""What can go wrong while answering.

QaError
├── ModelError      the bundled reader's files are missing
└── TestSetError    a line of a test set is not what the format asks for

A question that is empty or too long raises ValueError; one the documents do not answer is
an `Answer` with the status "refused", not an error.
"""

__all__ = ["ModelError", "QaError", "TestSetError"]


class QaError(Exception):
    """Anything `qa` raises on purpose; the message says what to do."""


class ModelError(QaError):
    """The neural reader cannot be loaded."""


class TestSetError(QaError):
    """A test set cannot be read."""

    __test__ = False  # pytest collects classes named Test*
