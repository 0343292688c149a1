"""What asks for more of what was told, or for an item of it: 还有呢, 详细说说, 第二个."""

from __future__ import annotations

import re

from corpus.language.numbers import read_numeral

__all__ = ["asks_detail", "asks_more", "asks_only_of_item", "split_item"]

LONGEST_MORE = 14  # characters of a text that only asks for more
# The second of what was told: 第二个, 最后一条, but not 第二季度 or 第二届.
_ITEM_OF = (
    "(?:(?:[个条块类家步段档]|项(?!目)|点(?!评)|种(?!植))(?![月年季])|大类|部分|方面)"
    "(?:政策|条件|措施|补贴)?"
)
_ITEM = re.compile(f"第([一二三四五六七八九十]|[0-9]{{1,2}}){_ITEM_OF}|(最后)[一那]{_ITEM_OF}")
# With these words around it nothing is asked of an item but what it says.
_OF_ITEM = re.compile(
    "(?:[那这]|它|请|再|能|可以|给我|帮我|我|想|看|要|[,，、。?？!！ 的是个呢吧啊呀吗了么下又]|"
    "具体|详细|完整|展开|仔细|"
    "[怎咋]么?(?:[说讲写样]|规定|要求)|如何[说讲写]|[说讲写]|介绍|列|念|原[话文句]|内容|规定|要求|"
    "什么|啥|哪些|有|来|一[些点下遍]|[些点遍]|告诉|知道|意思)*"
)
_POLITE = "(?:那|请|能|可以|你|再|给我|麻烦|好的?|嗯|[,， ])*"
_SAY = "(?:说|讲|谈|聊|介绍|列|展开|往下|下去|[,，])"
_MORE = re.compile(
    f"{_POLITE}(?:还有(?:没有|吗|呢|么|没|哪些|什么|啥)?|"
    "还有(?:没有)?(?:别的?|其[他它余]的?)[^多几哪什谁怎何]{0,4}?(?=[吗么没呢])|"
    "还有没有(?:别的?|其[他它余]的?)[^多几哪什谁怎何]{0,4}|"
    "(?:其[他它余]|别|剩下|另外)的|另外?几[个家项条所]|更多|"
    f"(?:继续|接着|往下|展开|详细|具体|完整|多|细|都|全部|逐[一个])地?(?:点|些|一点)?{_SAY}*(?:一?点|一?些|一?下|完|全)*|"
    f"再?{_SAY}(?:详细|具体|完整|全)(?:一?[点些])?|再?(?:补充|列举?)(?:一?[点些下])?|再?多{_SAY}几[个条项点])"
    "[吗呢么吧啊呀没有]*[?？。!！~]*"
)
_DETAIL = re.compile("详|具体|展开|细|完整|说|讲|谈|聊|介绍|继续|接着|往下")
_ALONE_MORE = re.compile(f"{_POLITE}(?:多|细|另外几[个家项条所])[?？。!！~]*")  # says nothing


def asks_more(text: str) -> bool:
    """Whether a text only asks for more of what was asked before: 还有呢, 详细说说."""
    found = len(text) <= LONGEST_MORE and _MORE.fullmatch(text)
    return bool(found) and not _ALONE_MORE.fullmatch(text)


def asks_detail(text: str) -> bool:
    """Whether what asks for more asks to be told on or in detail: 继续, 详细说说, not 还有吗."""
    return bool(_DETAIL.search(text))


def split_item(text: str) -> tuple[str, int, str] | None:
    """What stands before and after 第二个 in a question, and its number, -1 of 最后一个.

    None where no item is named so.
    """
    found = _ITEM.search(text)
    if not found:
        return None
    said = found[1]
    number = -1 if not said else int(said) if said.isdigit() else int(read_numeral(said))
    if not number:
        return None
    return text[: found.start()], number, text[found.end() :]


def asks_only_of_item(text: str) -> bool:
    """Whether a question asks nothing but what an item says: 第二个具体怎么说的."""
    found = split_item(text)
    return bool(found and _OF_ITEM.fullmatch(found[0]) and _OF_ITEM.fullmatch(found[2]))
