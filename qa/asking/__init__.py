"""What is asked: a text and what was said before become a query."""

from qa.asking.calculation import Calculation, Multiple, read_calculation, read_multiple
from qa.asking.comparison import Comparison, read_comparison
from qa.asking.conversation import read_conversation
from qa.asking.decomposition import (
    asks_apart,
    split_pair,
    split_question,
    split_sentences,
    with_subjects,
)
from qa.asking.earlier import alike_at_start, retrace
from qa.asking.english import is_english
from qa.asking.events import Events, read_events, read_moment
from qa.asking.followup import History, ask, ask_plainly, pushes, takes_over
from qa.asking.history import prepare, settle
from qa.asking.more import asks_detail, asks_more, asks_only_of_item, split_item
from qa.asking.overview import (
    asks_overview,
    asks_parts,
    asks_targets,
    field_section,
    introduced,
    named_section,
    year_outlined,
)
from qa.asking.query import (
    QUESTION_LIMIT,
    Query,
    clean,
    content_pairs,
    content_runs,
    read_query,
)
from qa.asking.ranking import Ranking, read_ranking
from qa.asking.references import leans, recall, refer, resolve
from qa.asking.wording import GRAMMAR, in_words_of
from qa.asking.words import (
    CHOICE,
    FUNCTION_WORDS,
    asked_status,
    asks_ahead,
    asks_change,
    asks_for_one,
    asks_growth,
    asks_how,
    asks_now,
    asks_why,
    has_any,
)

__all__ = [
    "CHOICE",
    "FUNCTION_WORDS",
    "GRAMMAR",
    "QUESTION_LIMIT",
    "Calculation",
    "Comparison",
    "Events",
    "History",
    "Multiple",
    "Query",
    "Ranking",
    "alike_at_start",
    "ask",
    "ask_plainly",
    "asked_status",
    "asks_ahead",
    "asks_apart",
    "asks_change",
    "asks_detail",
    "asks_for_one",
    "asks_growth",
    "asks_how",
    "asks_more",
    "asks_now",
    "asks_only_of_item",
    "asks_overview",
    "asks_parts",
    "asks_targets",
    "asks_why",
    "clean",
    "content_pairs",
    "content_runs",
    "field_section",
    "has_any",
    "in_words_of",
    "introduced",
    "is_english",
    "leans",
    "named_section",
    "prepare",
    "pushes",
    "read_calculation",
    "read_comparison",
    "read_conversation",
    "read_events",
    "read_moment",
    "read_multiple",
    "read_query",
    "read_ranking",
    "recall",
    "refer",
    "resolve",
    "retrace",
    "settle",
    "split_item",
    "split_pair",
    "split_question",
    "split_sentences",
    "takes_over",
    "with_subjects",
    "year_outlined",
]
