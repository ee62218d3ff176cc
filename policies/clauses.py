"""The clauses of a version, in groups of one kind, numbered through."""

from collections.abc import Iterable
from dataclasses import dataclass

from organisation.actors import Actors
from policies.models import Area, Clause
from policies.wording import CLAUSE_KINDS, STRENGTHS


@dataclass(frozen=True)
class Said:
    """A clause with whom it binds and what it is about in the municipality's words."""

    clause: Clause
    binds: str
    areas: str
    strength: str


@dataclass(frozen=True)
class Group:
    """Clauses of one kind; ``first`` is the number of the first of them."""

    title: str
    first: int
    clauses: list[Said]


def in_groups(clauses: Iterable[Clause], areas: Iterable[Area], actors: Actors) -> list[Group]:
    """Return the clauses by kind, in the order of the document within each kind."""
    by_kind: dict[str, list[Clause]] = {kind: [] for kind in CLAUSE_KINDS}
    for clause in clauses:
        by_kind.setdefault(clause.kind, []).append(clause)
    names = {area.key: area.name for area in areas}
    groups: list[Group] = []
    first = 1
    for kind, found in by_kind.items():
        if found:
            said = [_said(clause, names, actors) for clause in found]
            groups.append(Group(str(CLAUSE_KINDS.get(kind, kind)), first, said))
            first += len(found)
    return groups


def words_in(clauses: Iterable[Clause]) -> set[str]:
    """The words for actors that the clauses use, to be looked up at once."""
    return {word for clause in clauses for word in clause.applies_to}


def _said(clause: Clause, areas: dict[str, str], actors: Actors) -> Said:
    return Said(
        clause=clause,
        binds=", ".join(actors.names(clause.applies_to)),
        areas=", ".join(areas.get(key, key) for key in clause.areas),
        strength=str(STRENGTHS.get(clause.strength, "")),
    )
