"""What chat front ends ask for themselves: a title of the chat, tags, questions to follow.

They send these as messages like any other, with the chat inside or before them. No document
answers them, and an error would be shown beside every chat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from ui.printing import printable

__all__ = ["Said", "do_chore"]

HEAD, TAIL = 3000, 500  # characters of a message in which it says what is wanted
TITLE_CHARACTERS = 20
UNTITLED = "对话"
USERS = "user|human|用户"
ASKING = ("user", "system", "developer")

# Only what asks for a thing to be made, of a chat and in a certain form is a chore: "请概括文章的
# 主题" is a question.
_TITLE = re.compile(
    r"\b(?:title|topic)\b|conversation a name|标题|题目|主题(?!教育|党日|公园|活动|宣传)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\btags?\b|\bkeywords?\b|\bfollow[-_ ]?ups?\b|\bsearch quer|\bemojis?\b|\bautocomplet"
    r"|\bimage generation\b|标签|关键词|追问|(?:后续|推荐|下一步|接下来)的?问题|表情",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"\bsummar(?:y|i[sz]e)\b|总结|摘要|概括", re.IGNORECASE)
_OF_CHAT = re.compile(
    r"\b(?:conversation|chat|dialog(?:ue)?|discussion|message|chat_history)s?\b"
    r"|对话(?!会)|会话|聊天|这句话|这段话|(?:上述|以上|上面)的?(?:内容|消息|文字)",
    re.IGNORECASE,
)
_IN_FORM = re.compile(
    r"\b(?:json|words?|characters|only|concise|short|without|nothing else|your task)\b"
    r"|你的任务|[字词]以?内|[个\d] ?字|不要|控制在|直接(?:返回|输出)"
    r"|[只仅]需?要?(?:返回|输出|给出)",
    re.IGNORECASE,
)

_BLOCK = re.compile(r"<(chat_history|conversation|messages|history)>.*?</\1>|```.*?```", re.DOTALL)
_LINE = re.compile(
    rf"(?im)^[^\w\n]{{0,4}}(?:{USERS}|assistant|ai|response|助手)[^\w\n]{{0,4}}[:：].*"
)
_FIRST = re.compile(rf"(?im)^[^\w\n]{{0,4}}(?:{USERS})[^\w\n]{{0,4}}[:：]\s*(\S.*)")
_OBJECT = re.compile(r"""\{\s*["'](\w{1,40})["']\s*:\s*([\["'])""")
_ARRAY = re.compile(r"""\bjson ?(?:array\b|数组)|\[\s*["']""", re.IGNORECASE)
_WORD = re.compile(r"\w")


class Said(NamedTuple):
    """A message of a chat."""

    role: str
    text: str


def do_chore(said: Sequence[Said]) -> str | None:
    """The reply to what a front end asks for itself, None where a person asks.

    A title is the first question of the chat; of all else there is none, in the form asked for.
    """
    asked = [one for one in said if one.role in ASKING]
    if not asked or not asked[-1].text.strip():
        return None
    last = asked[-1].text
    wanted = next((told for told in _instructions(asked, last) if _is_chore(told)), None)
    if wanted is None:
        return None
    title = _title_of(asked, last) if _wants_title(wanted) else ""
    shape = _OBJECT.search(wanted)
    if shape:
        return json.dumps({shape[1]: [] if shape[2] == "[" else title}, ensure_ascii=False)
    return "[]" if _ARRAY.search(wanted) else title


def _instructions(asked: Sequence[Said], last: str) -> list[str]:
    """What may say what is wanted: the last message, or, where that is a chat, one before it."""
    before = [one.text for one in asked[:-1] if one.role != "user"] if _first_in(last) else []
    return [_without_chat(text) for text in (last, *before)]


def _without_chat(text: str) -> str:
    """What a message says itself; a chat in it may be about titles and tags."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    return _LINE.sub("<chat>", _BLOCK.sub("<chat>", text))


def _is_chore(told: str) -> bool:
    wanted = _TITLE.search(told) or _OTHER.search(told) or _SUMMARY.search(told)
    return bool(wanted and _OF_CHAT.search(told) and _IN_FORM.search(told))


def _wants_title(told: str) -> bool:
    """Whether a title is named before anything else that may be wanted."""
    title, other = _TITLE.search(told), _OTHER.search(told)
    return title is not None and (other is None or title.start() < other.start())


def _title_of(asked: Sequence[Said], last: str) -> str:
    """The first question of a chat, which is in the last message or before it."""
    before = (one.text for one in asked[:-1] if one.role == "user" and one.text.strip())
    first = printable(_first_in(last) or next(before, "") or _below_colon(last) or UNTITLED)
    return first.strip("\"'“”《》 ")[:TITLE_CHARACTERS]


def _first_in(text: str) -> str:
    """The first question of a chat that a message quotes, by speaker or as JSON; "" for none."""
    named = _FIRST.search(text)
    if named:
        return named[1]
    if not text.lstrip().startswith("["):
        return ""
    with suppress(ValueError, RecursionError):
        for one in json.loads(text):
            if isinstance(one, dict) and one.get("role") == "user":
                words = (value for name, value in one.items() if name != "role")
                return next((value for value in words if isinstance(value, str)), "")
    return ""


def _below_colon(text: str) -> str:
    """The line below the last one that announces something; "" for none."""
    lines = [line.strip() for line in text.splitlines() if _WORD.search(line)]
    pairs = zip(lines[-2::-1], lines[:0:-1], strict=True)
    return next((below for above, below in pairs if above.endswith((":", "："))), "")
