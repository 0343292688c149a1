"""HTML by templates: whatever is filled in is visible, and escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ui.page.words import Words
from ui.printing import visible

__all__ = ["Templates"]

FOLDER = Path(__file__).parent / "templates"


class Templates:
    """The templates of the page; `root` is the path that the server stands under, "" at its own.

    Each gets the `words` of a language and that `root`, beside what is given to it by name.
    """

    def __init__(self, root: str = "") -> None:
        self.root = root
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["root"] = root

    def render(self, name: str, words: Words, **given: Any) -> str:
        """What a template makes of what it is given."""
        return self._environment.get_template(f"{name}.html").render(words=words, **given)


def _finalize(value: Any) -> Any:
    """What is shown of a value: none of the characters that no browser shows."""
    plain = isinstance(value, str) and not hasattr(value, "__html__")
    return visible(value) if plain else value
