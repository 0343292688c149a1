"""What is said: judged evidence becomes parts, text or a refusal."""

from qa.saying.arithmetic import calculate, multiply
from qa.saying.chronology import date_of, in_moment, tell_events
from qa.saying.composing import compose, join, labels_of, say_two_things
from qa.saying.english import in_english
from qa.saying.further import tell_more
from qa.saying.outline import outline, outline_parts, outline_section, outline_targets
from qa.saying.points import tell_points
from qa.saying.ranking import rank
from qa.saying.refusal import offer, refuse, refuse_selection, reply
from qa.saying.text import Item, Told, answered, items_of, render

__all__ = [
    "Item", "Told", "answered", "calculate", "compose", "date_of", "in_english", "in_moment",
    "items_of", "join", "labels_of", "multiply", "offer", "outline", "outline_parts",
    "outline_section", "outline_targets", "rank", "refuse", "refuse_selection", "render", "reply",
    "say_two_things", "tell_events", "tell_more", "tell_points",
]  # fmt: skip
