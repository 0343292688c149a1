"""The parts of the page that do not change while it is open, as HTML."""

from __future__ import annotations

import json

from corpus import SUFFIXES
from ui.page.render import escaped
from ui.page.words import Words

__all__ = ["brought", "conversation", "figures", "header", "say", "source_panel", "upload"]

_ACCEPTED = ",".join(SUFFIXES)


def header(words: Words) -> str:
    """The name of the page, what it does, and the way to its other language."""
    return (
        f'<header><h1>{words.title}</h1><a class="language" href="{words.other_path}">'
        f"{words.other_language}</a><p>{words.subtitle}</p></header>"
    )


def conversation(words: Words) -> str:
    """Where the turns go, what may be asked first, and what was asked before."""
    names = (
        *("lang", "pending", "failed", "copied", "shared", "thanks", "not_sent", "no_source"),
        *("busy", "expired", "not_a_question", "internal", "only_within", "everywhere"),
    )
    said = {name: getattr(words, name) for name in names}
    return (
        f'<div id="conversation" role="log" aria-live="polite" aria-label="{words.conversation}" '
        f'data-words="{escaped(json.dumps(said))}"></div>'
        '<div id="welcome"><div id="examples"></div>'
        f'<details id="history" hidden><summary>{words.history}</summary>'
        f'<ul class="examples"></ul><button type="button" data-action="clear">'
        f"{words.clear_history}</button></details></div>"
        '<div id="suggestions" aria-live="polite"></div>'
        f'<button type="button" id="again" data-action="begin" hidden>{words.again}</button>'
    )


def upload(words: Words) -> str:
    """The button to bring a document along."""
    return (
        f'<button type="button" data-action="upload">{words.upload}</button>'
        f'<input id="file" type="file" accept="{_ACCEPTED}" multiple hidden '
        f'aria-label="{words.upload}">'
    )


def source_panel(words: Words) -> str:
    """The side panel in which a source is shown."""
    return (
        f'<dialog id="source" aria-label="{words.source}"><div class="bar">'
        f'<strong id="source-place"></strong><a id="alone" target="_blank" rel="noopener">'
        f"{words.open_alone}</a>"
        f'<button type="button" data-action="close">{words.close}</button></div>'
        '<div id="source-body" tabindex="-1"></div></dialog>'
    )


def figures(words: Words) -> str:
    """The view of the figures, which `figures.js` fills from the API."""
    said = {
        "done": words.done,
        "target": words.target,
        "found": words.found,
        "no_series": words.no_series,
        "lang": words.lang,
    }
    columns = (
        ("indicator", words.indicator),
        ("number", words.value),
        ("unit", words.unit),
        ("year", words.year),
        ("status", words.status),
        ("", words.sentence),
    )
    heads = "".join(
        f'<th scope="col"><button type="button" data-sort="{key}">{name}</button></th>'
        if key
        else f'<th scope="col">{name}</th>'
        for key, name in columns
    )
    return (
        f'<div class="figures" data-words="{escaped(json.dumps(said))}">'
        f"<p>{words.figures_intro}</p>"
        f'<div class="filters"><input type="search" name="q" placeholder="{words.search_figures}" '
        f'aria-label="{words.search_figures}"><select name="status" aria-label="{words.status}">'
        f'<option value="">{words.all_statuses}</option><option value="done">{words.done}</option>'
        f'<option value="target">{words.target}</option></select>'
        f'<select name="year" aria-label="{words.year}"><option value="">{words.all_years}'
        '</option></select><span class="count" role="status"></span></div>'
        f'<div class="table" tabindex="0" role="region" aria-label="{words.figures_tab}"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody></tbody></table></div>"
        f'<button type="button" class="more" hidden>{words.more}</button>'
        f'<h2>{words.over_years}</h2><div class="series"></div></div>'
    )


def brought(names: str, words: Words) -> str:
    """Which documents of one's own are asked, and the way back."""
    return (
        f'{say(words.asking.format(names))} <button type="button" data-action="forget">'
        f"{words.remove}</button>"
    )


def say(text: str, role: str = "status") -> str:
    """A line that a screen reader is told of."""
    return f'<span role="{role}">{escaped(text)}</span>'
