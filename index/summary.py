"""What a sync or a removal did."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Summary"]


@dataclass(slots=True)
class Summary:
    """What a sync did, by the names of the files: `failed` and `duplicates` say why or of what,
    with the root where another one has a file of that name, and `barren` are the roots of which
    no file could be read.

    `documents` and `passages` are how many there are now, `embedded` how many passages were
    read by the encoder; `generation` is the one in use.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    duplicates: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    barren: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    generation: str = ""
