"""How Chinese characters sound, as people mishear and mistype them."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["sound", "spell"]

# Sounds that much of the country, Wuhan included, does not tell apart.
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_CONFUSED_ENDS = (("ng", "n"),)


@lru_cache(maxsize=20_000)
def spell(character: str) -> str:
    """The pinyin of a character without tones, as it is mostly read."""
    from pypinyin import Style, pinyin  # 0.12 s

    return pinyin(character, style=Style.NORMAL)[0][0]


@lru_cache(maxsize=20_000)
def sound(character: str) -> str:
    """How a character sounds: its spelling, sounds that are often confused folded into one."""
    spelling = spell(character)
    for one, other in _CONFUSED:
        if spelling.startswith(one):
            spelling = other + spelling[len(one) :]
            break
    for one, other in _CONFUSED_ENDS:
        if spelling.endswith(one):
            spelling = spelling[: -len(one)] + other
    return spelling
