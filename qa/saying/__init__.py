"""What is said: judged evidence becomes parts, text or a refusal."""

from qa.saying.arithmetic import calculate
from qa.saying.composing import compose, join, say_two_things
from qa.saying.ranking import rank
from qa.saying.refusal import refuse, reply

__all__ = ["calculate", "compose", "join", "rank", "refuse", "reply", "say_two_things"]
