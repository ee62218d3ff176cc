"""Small counts are not published: neither as they are nor by subtraction.

A count from 1 to 4 may point out a person, so the public edition hides it (shown as ".."); a zero
concerns nobody and stays. Hiding one part of a known total would tell it all the same, so a second part
is hidden with it, the smallest that is large enough. A part whose own count is hidden shows no parts.

Counts are published as a tree: a total, its parts, their parts. Two trees may share their total, but no
table crosses one division with another, since its margins would give the hidden cells away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Counts under five are not published.
THRESHOLD = 5
# With less room than this between the hidden parts, their sum would tell each of them.
ROOM = 2

Counts = dict[str, int | None]


@dataclass
class Part:
    """A count and what it is made of; ``parts`` add up to ``count`` or are empty."""

    key: str
    count: int
    parts: list["Part"] = field(default_factory=list)


def is_small(count: int) -> bool:
    """Tell whether a count is too small to be published."""
    return 0 < count < THRESHOLD


def published(root: Part, *, public: bool) -> Counts:
    """Return key → count for the whole tree; none where the count must not be shown.

    ``public`` false shows everything: the edition under secrecy.
    """
    shown: Counts = {}
    _publish(root, hidden=public and is_small(root.count), public=public, into=shown)
    return shown


def hidden_parts(parts: Iterable[Part]) -> set[str]:
    """Return the keys of the parts to hide beside a total that is shown."""
    candidates = sorted((part for part in parts if part.count), key=lambda part: (part.count, part.key))
    hidden = [part for part in candidates if is_small(part.count)]
    others = [part for part in candidates if not is_small(part.count)]
    while hidden and not _is_safe(hidden) and others:
        hidden.append(others.pop(0))
    if hidden and not _is_safe(hidden):
        # Nothing left to hide behind: no part is shown, whatever it counts.
        hidden = candidates
    return {part.key for part in hidden}


def _is_safe(hidden: list[Part]) -> bool:
    together = sum(part.count for part in hidden)
    return len(hidden) > 1 and together >= THRESHOLD and together - len(hidden) >= ROOM


def _publish(part: Part, *, hidden: bool, public: bool, into: Counts) -> None:
    into[part.key] = None if hidden else part.count
    below = hidden_parts(part.parts) if public and not hidden else set()
    all_hidden = hidden or (bool(below) and not _is_safe([each for each in part.parts if each.key in below]))
    for each in part.parts:
        _publish(each, hidden=all_hidden or each.key in below, public=public, into=into)


def one_of(count: int, total: int, *, public: bool) -> int | None:
    """Return how many of ``total`` something holds for; none when that or the remainder is small."""
    if public and (is_small(total) or is_small(count) or is_small(total - count)):
        return None
    return count


def division(key: str, counts: Mapping[str, int]) -> Part:
    """Return a total divided once into ``counts``; the parts' keys are ``key:name``."""
    parts = [Part(f"{key}:{name}", count) for name, count in counts.items()]
    return Part(key, sum(counts.values()), parts)


def count_hidden(figures: object) -> int:
    """Count the hidden numbers in a chapter's stored figures: what the method page tells."""
    if isinstance(figures, dict):
        own = figures.get("hidden")
        return own if isinstance(own, int) else sum(count_hidden(value) for value in figures.values())
    if isinstance(figures, list | tuple):
        return sum(count_hidden(value) for value in figures)
    return 0
