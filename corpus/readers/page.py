"""What a page holds: characters, and the lines and tables that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from corpus.readers.rulings import Ruling

__all__ = [
    "CELL_GAP",
    "HYPHEN",
    "SAME_LINE",
    "WORD_GAP",
    "Character",
    "Item",
    "Line",
    "Page",
    "Table",
    "apart",
    "find_pieces",
    "joined",
]

HYPHEN = "\u00ad"  # at a line's end: the word goes on in the next
SAME_LINE = 0.4  # of the size; what stands higher or lower by more is another line
RAISED = 0.6  # the same for the mark of a note, which is small and close behind
SMALLER = 0.85  # times the size, and no larger is such a mark
WORD_GAP = 0.22  # of the size; wider, between Latin letters, is a space
COVERED = 0.6  # of a character's width; one that is covered more has no place of its own
FOREIGN = 2.0  # times the size; what is larger, as a watermark is, is no part of a line
CELL_GAP = 1.0  # of the size; wider parts the columns of a page or of a table without lines


@dataclass(frozen=True, slots=True)
class Character:
    """A character from `left` to `right` on a base line, that far from the top, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True)
class Page:
    """A page's size, its characters in the order of the file, and the lines drawn on it."""

    width: float
    height: float
    characters: Sequence[Character] = ()
    rulings: Sequence[Ruling] = ()
    pictured: bool = False


@dataclass(slots=True)
class Line:
    """A line of text, with the edges of the column that it stands in."""

    text: str
    left: float
    right: float
    base: float
    size: float
    edges: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Table:
    """Rows of cells, and where the columns begin."""

    rows: list[list[str]]
    xs: list[float]
    left: float
    right: float
    base: float
    size: float = 0.0
    edges: tuple[float, float] = (0.0, 0.0)


Item = Line | Table


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph in one, a space between Latin words."""
    if before.endswith(HYPHEN):
        return before[:-1] + after
    return before + (" " if apart(before[-1:], after[:1]) else "") + after


def apart(left: str, right: str) -> bool:
    """Whether two characters are of Latin words, which a space parts."""
    return _latin(left) and _latin(right)


def _latin(character: str) -> bool:
    return character < "\u2000" and not character.isspace() and bool(character)


def find_pieces(characters: Iterable[Character]) -> Iterator[Line]:
    """Characters that follow one another closely on a line, from the left."""
    for run in _woven([*_runs(characters)]):
        yield run.line()


@dataclass(slots=True)
class _Run:
    """Characters that follow one another closely, with the spaces between them."""

    characters: list[Character]
    left: float
    right: float
    base: float
    size: float

    @classmethod
    def of(cls, first: Character) -> _Run:
        return cls([first], first.left, first.right, first.base, first.size)

    def line(self) -> Line:
        text, right, spaced = "", self.left, False
        for character in self.characters:
            if character.text.isspace():
                spaced = True
                continue
            wide = character.left - right > WORD_GAP * character.size
            space = text and (spaced or (wide and apart(text[-1], character.text)))
            text += (" " if space else "") + character.text
            right, spaced = max(right, character.right), False
        return Line(text, self.left, self.right, self.base, self.size)


def _runs(characters: Iterable[Character]) -> Iterator[_Run]:
    """The same in the order of the file."""
    run: _Run | None = None
    spaces: list[Character] = []
    for character in characters:
        if character.text.isspace():
            spaces.append(character)
            continue
        if run is not None and _follows(run, character):
            run.characters += [*spaces, character]
            run.right = max(run.right, character.right)
        else:
            if run is not None:
                yield run
            run = _Run.of(character)
        spaces = []
    if run is not None:
        yield run


def _follows(run: _Run, character: Character) -> bool:
    size = max(run.size, character.size)
    gap = character.left - run.right
    mark = character.size <= SMALLER * run.size and abs(gap) <= WORD_GAP * size
    near = abs(character.base - run.base) <= (RAISED if mark else SAME_LINE) * size
    return near and -0.5 * size <= gap <= CELL_GAP * size and not _before(character, run)


def _before(character: Character, run: _Run) -> bool:
    """Whether a character stands in front of the last of a run, as a narrow one may within reach
    of it; an accent stands over its letter, and letters of a ligature all at its place.
    """
    covered = character.right - run.characters[-1].left
    return character.left < run.characters[-1].left and covered <= COVERED * _width(character)


def _woven(runs: list[_Run]) -> list[_Run]:
    """Runs made one where those of a line stand in the holes of one another.

    LibreOffice draws what the font of a text has not, the ∶ of 4∶6, after all the rest of it, and
    other programs draw the characters of a page font by font. What has no hole to stand in is
    no part of the line: the second print of what is bold, a stamp, what fills a form in.
    """
    line: list[_Run] = []
    for run in sorted(runs, key=lambda r: r.base):
        if line and run.base - line[0].base > SAME_LINE * max(run.size, line[0].size):
            _weave(line)
            line = []
        line.append(run)
    _weave(line)
    return [run for run in runs if run.characters]


def _weave(line: list[_Run]) -> None:
    """Take into the runs of a line those that stand in their holes, and leave these empty."""
    line.sort(key=lambda r: r.left)
    open_: _Run | None = None
    for run in line:
        if open_ is not None and run.left < open_.characters[-1].left:
            characters = _interleaved(open_, run)
            if characters:
                larger = max(open_, run, key=lambda r: len(r.characters))
                open_.base, open_.size = larger.base, larger.size
                open_.characters, run.characters = characters, []
                open_.right = max(open_.right, run.right)
                continue
        if open_ is None or run.right > open_.right:
            open_ = run


def _interleaved(one: _Run, other: _Run) -> list[Character]:
    """The characters of both from the left; none where some stand upon one another."""
    if max(one.size, other.size) > FOREIGN * min(one.size, other.size):
        return []
    order = [*merge(_placed(one), _placed(other), key=lambda placed: placed[0])]
    drawn = [(c, of) for _, c, of in order if not c.text.isspace()]
    for place, (character, of) in enumerate(drawn):
        beside = drawn[max(0, place - 1) : place] + drawn[place + 1 : place + 2]
        covered = sum(max(0.0, _common(character, c)) for c, run in beside if run is not of)
        if covered > COVERED * _width(character):
            return []
    return [
        character
        for _, character, of in order
        if not character.text.isspace() or not _is_filled(character, of, drawn)
    ]


def _placed(run: _Run) -> Iterator[tuple[float, Character, _Run]]:
    """The characters of a run, each at its place or, an accent, at that of what is before it."""
    place = run.left
    for character in run.characters:
        place = max(place, character.left)
        yield place, character, run


def _is_filled(space: Character, of: _Run, drawn: Sequence[tuple[Character, _Run]]) -> bool:
    """Whether the other run has a character in the place of a space."""
    return any(
        _common(space, character) > COVERED * _width(space)
        for character, run in drawn
        if run is not of
    )


def _common(one: Character, other: Character) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _width(character: Character) -> float:
    return character.right - character.left
