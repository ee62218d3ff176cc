"""How the bodies of an authority stand in stacks below it, so that a chart is broad rather than tall.

A body stands in the same stack as those below it, where a stack has room for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from organisation.chart.text import LETTER, wrapped

WIDTH, GAP = 168.0, 15.0
LINE, PADDING, BETWEEN = 15.0, 9.0, 12.0
INDENT, DEEPEST = 10.0, 3
# What belongs to an authority stands in at most so many stacks of this height; what there is no room for is counted.
TALLEST, MOST_STACKS = 280.0, 3
# How closely the evenest runs are looked for.
HALVINGS = 12

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class ChartBody:
    """One body of the chart: its name, what is said of it, how many of its seats are vacant, what stands below it.

    ``beside`` marks what stands beside the line, such as a group.
    """

    name: str
    note: str = ""
    gap: str = ""
    beside: bool = False
    children: tuple["ChartBody", ...] = ()


@dataclass(frozen=True)
class ChartColumn:
    """An authority and all below it; ``role`` is "board", "overseen" by it, or neither."""

    body: ChartBody
    role: str = ""


@dataclass(frozen=True)
class Place:
    """A body in a stack, so many steps below its authority."""

    body: ChartBody
    depth: int

    @property
    def indent(self) -> float:
        return INDENT * min(self.depth, DEEPEST)

    @property
    def room(self) -> float:
        """What the box takes of its stack, with the space before it."""
        return height_of(self.body, WIDTH - self.indent) + BETWEEN


@dataclass(frozen=True)
class Stacked:
    """An authority with what belongs to it in stacks, each from the top down."""

    column: ChartColumn
    stacks: tuple[tuple[Place, ...], ...]

    @property
    def across(self) -> int:
        """How many stacks it takes of a band: one also where nothing belongs to it."""
        return max(len(self.stacks), 1)

    @property
    def width(self) -> float:
        return self.across * (WIDTH + GAP) - GAP


def said_in(body: ChartBody, width: float) -> list[tuple[str, str]]:
    """Return the lines of a box of that width, each as (words, sort)."""
    told = (("name", body.name), ("note", body.note), ("gap", body.gap))
    room = width - 2 * PADDING
    return [(words, sort) for sort, text in told for words in wrapped(text, room / LETTER[sort])]


def height_of(body: ChartBody, width: float) -> float:
    """Return how tall the box of ``body`` is when it is so wide."""
    return 2 * PADDING + LINE * len(said_in(body, width))


def stacked(column: ChartColumn, more: str) -> Stacked:
    """Return the column in the fewest stacks; ``more`` is said of bodies that there is no room for."""
    branches: list[list[Place]] = []
    for child in column.body.children:
        branch = _flat(child, 1)
        branches += [branch] if _room(branch) <= TALLEST else [[place] for place in branch]
    runs = evenly(branches, _room, TALLEST)
    stacks = [[place for branch in run for place in branch] for run in runs]
    if len(stacks) > MOST_STACKS:
        stacks = _cut(stacks, more)
    return Stacked(column, tuple(map(tuple, stacks)))


def evenly(things: Sequence[Thing], size: Callable[[Thing], float], most: float) -> list[list[Thing]]:
    """Return ``things`` in the fewest runs of at most ``most`` in all, and of those in the most even ones.

    What is larger than ``most`` is a run by itself.
    """
    sizes = [size(thing) for thing in things]
    fewest = len(_ends(sizes, most))
    too_small, enough = max(sizes, default=0.0) / 2, most
    for _halving in range(HALVINGS):
        middle = (too_small + enough) / 2
        if len(_ends(sizes, middle)) > fewest:
            too_small = middle
        else:
            enough = middle
    ends = _ends(sizes, enough)
    return [list(things[first:last]) for first, last in pairwise([0, *ends])]


def _ends(sizes: Sequence[float], most: float) -> list[int]:
    """Return where each run ends when runs are filled in turn."""
    ends: list[int] = []
    filled = 0.0
    for place, size in enumerate(sizes):
        if place and filled + size > most:
            ends.append(place)
            filled = 0.0
        filled += size
    return [*ends, len(sizes)] if sizes else []


def _cut(stacks: list[list[Place]], more: str) -> list[list[Place]]:
    """Return the first stacks; the place of the last body says how many are left out."""
    *kept, last = stacks[:MOST_STACKS]
    left_out = sum(map(len, stacks[MOST_STACKS:])) + 1
    return [*kept, [*last[:-1], Place(ChartBody(more % {"count": left_out}, beside=True), 1)]]


def _room(places: Sequence[Place]) -> float:
    return sum(place.room for place in places)


def _flat(body: ChartBody, depth: int) -> list[Place]:
    """Return the places of ``body`` and all those below it, in order."""
    return [Place(body, depth), *(place for child in body.children for place in _flat(child, depth + 1))]
