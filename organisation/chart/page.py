"""What the organisation chart shows of one day: authorities, what belongs to each, and units as counts (R133)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation import clock
from organisation.chart.drawing import Band, draw_chart
from organisation.chart.sheets import ON_SCREEN, on_screen
from organisation.chart.stacks import ChartBody, ChartColumn
from organisation.map.drawing import kind_unless_named
from organisation.models import AUTHORITIES, Body, BodyKind, Municipality, Seat, Vacancy, names_on
from organisation.tree import in_order
from organisation.tree_shape import Shape, shape_on

# Beside the line: groups and the safety unit, and committees within a committee.
BESIDE = frozenset(BodyKind.values) - AUTHORITIES - {BodyKind.DEPARTMENT, BodyKind.UNIT, BodyKind.OUTSIDE_PARTY}
NOT_DRAWN = (BodyKind.UNIT, BodyKind.OUTSIDE_PARTY)
# The board's duty of oversight reaches committees and companies, not the council (KL 6:1).
OVERSEEN = AUTHORITIES - {BodyKind.COUNCIL, BodyKind.BOARD}
# Of more bodies than this the chart shows the authorities, with what belongs to them as counts.
MOST_DRAWN = 400


@dataclass(frozen=True)
class Branch:
    """One body in the list that says what the drawing shows."""

    name: str
    note: str
    gap: str
    url: str
    children: tuple["Branch", ...]


@dataclass(frozen=True)
class OrganisationChart:
    """The drawings, the same as a nested list, and how many authorities of each sort there are."""

    on: date
    bands: list[dict[str, Any]]
    branches: list[Branch]
    finding: str


class ChartReading:
    """Reads the chart of ``municipality`` on the day ``on``; a constant number of queries."""

    def __init__(self, municipality: Municipality, on: date) -> None:
        self.municipality, self.on = municipality, on
        self.shape: Shape = shape_on(municipality, on)
        drawn = self._with_a_box()
        self.only_authorities = len(drawn) > MOST_DRAWN
        if self.only_authorities:
            drawn = [pk for pk in drawn if self.shape.kinds[pk] in AUTHORITIES]
        self.bodies = Body.objects.filter(municipality=municipality).in_bulk(drawn)
        for pk, name in names_on(municipality, on).items():
            if pk in self.bodies:
                # As it was called that day; never saved.
                self.bodies[pk].name = name
        self.vacant = self._vacant()
        self.kinds = {kind: capfirst(str(label)) for kind, label in BodyKind.choices}

    def _with_a_box(self) -> list[int]:
        """Return what the drawing holds: units are counted, except one that stands under nothing."""
        alone = {pk for pk in self.shape.tops if self.shape.kinds[pk] == BodyKind.UNIT}
        return [pk for pk, kind in self.shape.kinds.items() if kind not in NOT_DRAWN or pk in alone]

    def _vacant(self) -> Counter[int]:
        """Return body id → how many of its own seats are vacant."""
        if self.on == clock.today():
            rows = Vacancy.objects.filter(municipality=self.municipality).values_list("seat__body_id", flat=True)
            return Counter(rows)
        seats = Seat.objects.vacant_on(self.on).filter(municipality=self.municipality)
        return Counter(seats.values_list("body_id", flat=True))

    def chart(self) -> OrganisationChart:
        """Return the chart, drawn and in words."""
        branches = [self._branch(pk) for pk in self._heads]
        if self._council:
            branches = [self._branch(self._council, tuple(branches))]
        return OrganisationChart(self.on, on_screen(self.bands(ON_SCREEN)), branches, self.finding)

    def bands(self, across: int) -> list[Band]:
        """Return the drawings, so many stacks beside each other."""
        top = self._drawn(self._council, with_children=False) if self._council else None
        columns = [ChartColumn(self._drawn(pk), self._role(pk)) for pk in self._heads]
        return draw_chart(top, columns, _("and %(count)s more"), across=across)

    @cached_property
    def _council(self) -> int | None:
        return next((pk for pk in self._tops if self.shape.kinds[pk] == BodyKind.COUNCIL), None)

    @cached_property
    def _tops(self) -> list[int]:
        return self._in_order(pk for pk in self.shape.tops if pk in self.bodies)

    @cached_property
    def _heads(self) -> list[int]:
        """Return what stands beside each other below the council: authorities, and whatever belongs to none."""
        heads = self._in_order(pk for pk in self.bodies if self._is_authority(pk) and pk != self._council)
        heads += [pk for pk in self._tops if pk not in heads and pk != self._council]
        return heads + (self._children(self._council) if self._council else [])

    def _is_authority(self, pk: int) -> bool:
        return self.shape.kinds[pk] in AUTHORITIES

    def _role(self, pk: int) -> str:
        kind = self.shape.kinds[pk]
        return "board" if kind == BodyKind.BOARD else "overseen" if kind in OVERSEEN else ""

    def _in_order(self, ids: Iterable[int]) -> list[int]:
        return sorted(ids, key=lambda pk: in_order(self.bodies[pk]))

    def _children(self, pk: int) -> list[int]:
        """Return what the drawing puts under a body; what stands below a unit is put where the unit would be."""
        return self._in_order(self._nearest(pk))

    def _nearest(self, pk: int) -> Iterator[int]:
        for child in self.shape.children.get(pk, ()):
            # An authority has a column of its own.
            if not self._is_authority(child):
                yield from [child] if child in self.bodies else self._nearest(child)

    def _drawn(self, pk: int, *, with_children: bool = True) -> ChartBody:
        children = tuple(self._drawn(child) for child in self._children(pk)) if with_children else ()
        body = self.bodies[pk]
        return ChartBody(body.name, self._note(body), self._gap(pk), body.kind in BESIDE, children)

    def _branch(self, pk: int, children: tuple[Branch, ...] | None = None) -> Branch:
        body = self.bodies[pk]
        below = tuple(self._branch(child) for child in self._children(pk)) if children is None else children
        url = reverse("organisation:body", args=[body.public_id])
        return Branch(body.name, self._note(body), self._gap(pk), url, below)

    def _note(self, body: Body) -> str:
        """Return what the body is, unless its name says so, and how many units lie below it."""
        words = [kind] if (kind := kind_unless_named(body.name, self.kinds[body.kind])) else []
        below = self._count(body.pk)
        if self.only_authorities and (parts := below[BodyKind.DEPARTMENT]):
            words.append(ngettext("%(count)s department", "%(count)s departments", parts) % {"count": parts})
        if units := below[BodyKind.UNIT]:
            words.append(ngettext("%(count)s unit", "%(count)s units", units) % {"count": units})
        return ", ".join(words)

    def _count(self, pk: int) -> Counter[str]:
        """Return kind → how many such bodies lie below, authorities and what is theirs not counted."""
        found: Counter[str] = Counter()
        for child in self.shape.children.get(pk, ()):
            if not self._is_authority(child):
                found[self.shape.kinds[child]] += 1
                found += self._count(child)
        return found

    def _gap(self, pk: int) -> str:
        """Return how many seats are vacant at the body and at what lies below it and has no box of its own."""
        vacant = self._vacant_at(pk)
        return ngettext("%(count)s vacant", "%(count)s vacant", vacant) % {"count": vacant} if vacant else ""

    def _vacant_at(self, pk: int) -> int:
        without_box = [
            child
            for child in self.shape.children.get(pk, ())
            if child not in self.bodies and not self._is_authority(child)
        ]
        return self.vacant[pk] + sum(self._vacant_at(child) for child in without_box)

    @cached_property
    def finding(self) -> str:
        """The sentence that heads the page: how many committees and companies stand beside the board."""
        kinds = Counter(self.shape.kinds.values())
        committees = kinds[BodyKind.COMMITTEE] + kinds[BodyKind.JOINT_COMMITTEE]
        companies = kinds[BodyKind.COMPANY] + kinds[BodyKind.FEDERATION]
        words = []
        if committees:
            words.append(ngettext("%(count)s committee", "%(count)s committees", committees) % {"count": committees})
        if companies:
            words.append(ngettext("%(count)s company", "%(count)s companies", companies) % {"count": companies})
        *before, last = [*_first_words(kinds, alone=not words), *words] or [self._how_many()]
        return _("%(others)s and %(last)s") % {"others": ", ".join(before), "last": last} if before else last

    def _how_many(self) -> str:
        """Return how many bodies there are, where none of them is one that a chart is known by."""
        number = len(self.shape.kinds)
        if not number:
            return _("No bodies on that day")
        return ngettext("%(count)s body", "%(count)s bodies", number) % {"count": number}


def _first_words(kinds: Counter[str], *, alone: bool) -> list[str]:
    council, board = kinds[BodyKind.COUNCIL], kinds[BodyKind.BOARD]
    if council and board:
        return [_("The council and the board") if alone else _("The council, the board")]
    return [_("The council")] if council else [_("The board")] if board else []
