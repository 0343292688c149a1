"""Plain text and Markdown, in whichever encoding of Chinese it was saved.

chardet tells GB18030 from Big5, Shift-JIS and EUC-KR: of 360 cuttings of 20 to 200 Chinese
characters in GB18030 and Big5 it told all, charset-normalizer 336; of 360 in UTF-16 without its
mark it told 232, charset-normalizer 352 and the share of common characters taken here all.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import cache

from corpus.errors import DocumentError

__all__ = ["decode", "decode_as", "is_usual", "read_text"]

BROKEN_SHARE = 0.01  # of the characters: a byte lost here and there; more is another encoding
COMMON_SHARE = 0.75  # of characters in daily use; of text cut amid a character it is .4
WIDE_SHARE = 0.9  # the same, before bytes are taken for UTF-16 without its mark
SAMPLE = 20_000  # characters that tell
DETECTED = 200_000  # bytes that are looked at to tell the encoding

_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
            "big5": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "big5hkscs"}  # fmt: skip
_DECLARATION = re.compile(rb"<(?:meta|\?xml)[^>]*>", re.IGNORECASE)  # chardet believes it
_LOST = re.compile(r"[\ufffd\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")  # and controls


def read_text(data: bytes, name: str) -> str:
    """The text of a plain or Markdown file; raises DocumentError."""
    return decode(data, name)


def decode(data: bytes, name: str) -> str:
    """Text in UTF-8, UTF-16, UTF-32, GB18030 or Big5; raises DocumentError for any other.

    A form feed becomes a line end: in raw text it marks the pages of those formats that have them.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            text = decode_as(data[len(mark) :], codec)
            if text is None:
                raise _refusal(name, ())
            return text
    likely: list[str] = []
    for codec in _candidates(data):
        text = decode_as(data, codec)
        if text is not None and (codec == "utf-8" or is_usual(text)):
            return text
        if codec not in _CHINESE.values() and codec != "utf-8":
            likely.append(codec)
    raise _refusal(name, likely)


def decode_as(data: bytes, codec: str) -> str | None:
    """The text of an encoding, or None where more than a few bytes are not of it."""
    try:
        text = data.decode(codec, "replace")
    except (LookupError, ValueError):
        return None
    end = len(text) - text.endswith("\ufffd")  # of a file that was cut off
    if len(_LOST.findall(text, 0, end)) > BROKEN_SHARE * len(text):
        return None
    return text.replace("\f", "\n")


def is_usual(text: str) -> bool:
    """Whether what is not ASCII in a text is nearly all in daily use, as in no misread one."""
    others = [c for c in text[:SAMPLE] if not c.isascii()]
    return sum(map(_is_common, others)) >= COMMON_SHARE * len(others)


def _candidates(data: bytes) -> Iterable[str]:
    """Encodings in the order in which they are tried; one that is not read is only named."""
    if len(data) % 2 == 0 and data:
        for codec in ("utf-16-le", "utf-16-be"):
            text = data[: 2 * SAMPLE].decode(codec, "replace")
            usual = sum(
                _is_common(c) or (c.isprintable() and c.isascii()) or c in "\r\n\t" for c in text
            )
            if usual >= WIDE_SHARE * len(text):
                yield codec
    yield "utf-8"
    from chardet import detect_all

    for found in detect_all(_DECLARATION.sub(b"", data[:DETECTED])):
        codec = (found["encoding"] or "").lower()
        if codec:
            yield _CHINESE.get(codec, codec)
            if codec not in _CHINESE:
                return


@cache  # a text has few different characters
def _is_common(character: str) -> bool:
    """Whether a character is a mark of Chinese text or of the commoner half of an old charset."""
    if "\u3000" <= character <= "\u301f" or "\uff01" <= character <= "\uff5e":
        return True
    if character in "—…·“”‘’×℃①②③④⑤⑥⑦⑧⑨⑩●■◆○":
        return True
    if not "\u4e00" <= character <= "\u9fff":
        return False
    rows = character.encode("gb2312", "ignore")[:1], character.encode("big5", "ignore")[:1]
    return b"\xb0" <= rows[0] <= b"\xd7" or b"\xa4" <= rows[1] <= b"\xc6"


def _refusal(name: str, likely: Iterable[str]) -> DocumentError:
    named = "、".join(likely)
    found = f"像是 {named} 编码的" if named else "可能不是文字，或已损坏"
    return DocumentError(f"{name}: 不是 UTF-8、GB18030 或 Big5 文本（{found}），请另存为 UTF-8")
