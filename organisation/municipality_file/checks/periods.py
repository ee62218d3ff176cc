"""Questions about periods and chains that several checks ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from organisation.municipality_file.nouns.base import Dated

D = TypeVar("D", bound=Dated)


def overlapping(entries: Sequence[D]) -> list[tuple[D, D]]:
    """Every pair of entries that hold on a common day, the later one second."""
    return [(first, second) for first, second in combinations(entries, 2) if first.overlaps(second)]


def loops(next_of: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """Every circle in a mapping from each name to the one it leads to, each told once."""
    found = []
    settled: set[str] = set()
    for start in next_of:
        trail: list[str] = []
        name: str | None = start
        while name is not None and name not in settled and name not in trail:
            trail.append(name)
            name = next_of.get(name)
        if name is not None and name in trail:
            found.append(tuple(trail[trail.index(name) :]))
        settled.update(trail)
    return found


def grouped(pairs: Iterable[tuple[str, D]]) -> dict[str, list[D]]:
    """Entries by name, in the order of the file."""
    groups: dict[str, list[D]] = {}
    for name, entry in pairs:
        groups.setdefault(name, []).append(entry)
    return groups
