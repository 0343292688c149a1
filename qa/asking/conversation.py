"""What is said to the service and asks nothing of the documents: 你好, 谢谢, 你能做什么."""

from __future__ import annotations

import re

__all__ = ["is_conversation"]

_SAID = re.compile(
    r"(?:你好|您好|大家好|嗨|哈喽|hi|hello|hey|早上?好|上午好|中午好|下午好|晚上好|早安|晚安|在吗|在不在|有人吗|"
    r"(?:非常|多|太)?(?:谢谢|感谢|谢)(?:你|您|了|啦)*|thanks?(?:you)?|thx|辛苦了?|再见|拜拜|bye|"
    r"好的?|嗯+|ok|okay|知道了|明白了|收到|哈+|没事了?|不用了|"
    r"(?:请问)?(?:你|您|这)(?:是谁|是什么|是干什么的|叫什么(?:名字)?|(?:能|会|可以)?(?:做|干|回答|帮我做?)?(?:什么|啥|些什么|哪些事情?|哪些问题)|"
    r"(?:都)?(?:有什么|有哪些)(?:功能|用))|(?:我)?(?:能|可以)问(?:你)?(?:什么|些什么|哪些问题)|怎么(?:用|使用)(?:你|这个)?|帮助|help)"
    r"[啊呀吗呢吧哦哈啦了]*",
    re.IGNORECASE,
)


def is_conversation(text: str) -> bool:
    """Whether a text only greets, thanks, or asks what the service can do."""
    pieces = [piece for piece in re.split(r"[\s,，.。!！?？~～、;；]+", text) if piece]
    return bool(pieces) and all(_SAID.fullmatch(piece) for piece in pieces)
