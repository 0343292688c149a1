"""Pages of the web: HTML in the encoding that it is in or says, and what a browser saved whole."""

from __future__ import annotations

import codecs
import re
from email import policy
from email.parser import BytesParser

from corpus.errors import DocumentError
from corpus.readers.text import decode, decode_as, is_usual

__all__ = ["read_html", "read_mhtml"]

_DECLARED = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_WITHIN = 4096  # bytes in which a page says its encoding
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}  # as browsers read them


def read_html(data: bytes, name: str) -> str:
    """The page as it came: UTF-8 where it is, else as it says, else as text is told."""
    declared = _DECLARED.search(data, 0, _WITHIN)
    codec = _codec(declared[1].decode("ascii", "replace")) if declared else ""
    if codec.startswith("utf"):
        codec = ""  # what can be read as UTF-8 is, whatever it says
    if codec in _WIDER.values() and decode_as(data, "utf-8") is None:
        text = decode_as(data, codec)
        if text is not None and is_usual(text):
            return text
    try:
        return decode(data, name)
    except DocumentError:
        text = decode_as(data, codec) if codec else None  # another language's, but it says which
        if text is None:
            raise
        return text


def read_mhtml(data: bytes, name: str) -> str:
    """The page in a file of mail parts, as browsers save it whole; raises DocumentError."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                charset = _codec(part.get_content_charset() or "")
                text = decode_as(content, charset) if charset else None
                return text if text is not None else read_html(content, name)
    raise DocumentError(f"{name}: 里面没有网页，请另存为 .html")


def _codec(charset: str) -> str:
    try:
        found = codecs.lookup(charset).name
    except LookupError:
        return ""
    return _WIDER.get(found, found)
