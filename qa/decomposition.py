"""Questions that ask for two things, taken apart."""

from __future__ import annotations

import re

from qa.question import asks

__all__ = ["split_question"]

SHORT_NAME = 8  # characters of one of two things named side by side
_AND = "(?:和|与|及|以及|、)"
_YEARS = re.compile(rf"((?:19|20)\d{{2}})年?{_AND}((?:19|20)\d{{2}})(?=年|\D|$)")
_EACH = re.compile(r"(?:分别|各自|各)(?=是|为|有|在|多|几|叫|获|达|增|完|由|[^种类级项个地])")
_SENTENCE = re.compile(r"[^?？。；;]+[?？。；;]?")
_ASKED = re.compile("多少|几|哪|什么|谁|怎|何|吗|啥")
_HAN = r"[\u3400-\u9fffA-Za-z0-9]"
_ATTRIBUTES = re.compile(
    rf"^(.+的)({_HAN}{{2,6}}?){_AND}({_HAN}{{2,6}}?)((?:是|有|为)?(?:谁|什么|哪[里儿个些]|多少|何时)?[?？]?)$"
)
_PAIR = re.compile(rf"({_HAN}{{1,{SHORT_NAME}}}){_AND}({_HAN}+)")


def split_question(text: str) -> list[str]:
    """The questions a text asks, in order: those of its sentences, of its years, of its pair.

    A later one may lean on the one before it. One that asks for one thing comes back alone.
    """
    sentences = [part.strip() for part in _SENTENCE.findall(text) if asks(part)]
    if len(sentences) > 1:
        return sentences
    years = _YEARS.search(text)
    if years:
        before, after = _EACH.sub("", text[: years.start()]), _EACH.sub("", text[years.end() :])
        tail = after if after.startswith("年") else f"年{after}"
        return [f"{before}{year}{tail}" for year in years.groups()]
    clauses = re.split("[,，]", text)
    if len(clauses) > 1 and all(_ASKED.search(clause) for clause in clauses[-2:]):
        return ["，".join(clauses[:-1]), clauses[-1]]
    return _split_pair(text) or _split_attributes(text) or [text]


def _split_pair(text: str) -> list[str]:
    """「A和B分别…」 as two questions: B is as long as A, or ends in the same character."""
    if not _EACH.search(text):
        return []
    plain = _EACH.sub("", text)
    pair = _PAIR.search(plain)
    if not pair:
        return []
    left, rest = pair.groups()
    lengths = range(1, min(len(left), len(rest)) + 1)
    size = next((n for n in lengths if left[-1] == rest[n - 1]), min(2, lengths[-1]))
    first, second = left[-size:], rest[:size]
    head = plain[: pair.start()] + left[: len(left) - len(first)]
    tail = rest[size:] + plain[pair.end() :]
    return [f"{head}{name}{tail}" for name in (first, second)]


def _split_attributes(text: str) -> list[str]:
    """「某物的A和B」, with nothing after it but 是谁 or the like, as two questions."""
    found = _ATTRIBUTES.search(text)
    if not found:
        return []
    head, first, second, tail = found.groups()
    return [f"{head}{name}{tail}" for name in (first, second)]
