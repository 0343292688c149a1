"""Traditional to simplified characters, one for one, so that offsets stay."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["simplify"]

_FIRST, _LAST = 0x3400, 0x9FFF  # the Han blocks that OpenCC's tables cover


def simplify(text: str) -> str:
    """The text in simplified characters, of the same length.

    For searching and reading only: what is shown and cited stays as it was written.
    """
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    import opencc  # 10 ms, and only where something is searched

    characters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(before): after
        for before, after in zip(characters, converted, strict=True)
        if before != after and len(after) == 1
    }
