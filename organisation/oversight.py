"""The board's overview: what lies between chairs, and a row per authority, filled in by the apps above (R25, R175).

The board oversees committees and companies; they stand beside it and not below it (KL 6:1). The overview shows
numbers, and leads on to the lists behind them for those who may see those. It shows no case.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext

from organisation import clock
from organisation.access import Scope
from organisation.matters import matters_seen
from organisation.models import ALWAYS, AUTHORITIES, Body, BodyClosure, BodyKind, Municipality, User, Vacancy
from organisation.pages.matter import listed, with_bodies
from organisation.permissions import VIEW_BODY
from organisation.tree import in_order

# The council is overseen by nobody, and a crisis committee has no work of its own between crises.
NOT_OVERSEEN = (BodyKind.COUNCIL, BodyKind.CRISIS_COMMITTEE)
MATTERS_SHOWN = 5


@dataclass(frozen=True)
class Cell:
    """What one column says of one authority; ``url`` for those who may see what is behind it, ``tone`` for a tag."""

    text: str | Promise
    url: str = ""
    tone: str = ""
    is_empty: bool = False


NONE = Cell("0", is_empty=True)
NOTHING = Cell("–", is_empty=True)


@dataclass(frozen=True)
class Overview:
    """What a column is asked about: the authorities of one municipality, for one reader, on one day."""

    municipality: Municipality
    user: User
    on: date
    authorities: Sequence[Body]

    @cached_property
    def authority_of(self) -> Mapping[int, int]:
        """Body id → the id of the authority that it belongs to."""
        pairs = BodyClosure.objects.filter(ancestor__in=[body.pk for body in self.authorities])
        return dict(pairs.values_list("descendant_id", "ancestor_id"))

    def per_authority(self, numbers: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Return authority id → sum of ``numbers``, given as (body id, number)."""
        sums: dict[int, int] = {}
        for body_id, number in numbers:
            if (authority := self.authority_of.get(body_id)) is not None:
                sums[authority] = sums.get(authority, 0) + number
        return sums


Source = Callable[[Overview], Mapping[int, Cell]]


@dataclass(frozen=True)
class Column:
    """One column of the table: what it says of each authority (by id), empty where its source says nothing."""

    label: str | Promise
    source: Source
    order: int
    is_number: bool = True

    @property
    def empty(self) -> Cell:
        """The cell of an authority of which the source says nothing."""
        return NONE if self.is_number else NOTHING


_columns: list[Column] = []


def register(column: Column) -> None:
    """Add a column; called by an app when it is ready."""
    _columns.append(column)
    _columns.sort(key=lambda kept: kept.order)


@dataclass(frozen=True)
class Row:
    """One authority and its cells, in the order of the columns."""

    body: Body
    cells: Sequence[tuple[Column, Cell]] = field(default_factory=tuple)


def overview_of(municipality: Municipality, user: User) -> dict[str, Any]:
    """Return what the page shows: matters with their age, vacancies, and a row per authority; constant queries."""
    on = clock.today()
    overview = Overview(municipality, user, on, authorities_of(municipality, on))
    told = [(column, column.source(overview)) for column in _columns]
    matters = matters_seen(user).open().order_by("raised_at", "pk")
    shown = listed(with_bodies(matters)[:MATTERS_SHOWN], on)
    return {
        "on": on,
        "columns": [column for column, _cells in told],
        "rows": [
            Row(body, [(column, cells.get(body.pk, column.empty)) for column, cells in told])
            for body in overview.authorities
        ],
        "matters": shown,
        "matters_open": matters.count(),
        "vacant": Vacancy.objects.filter(municipality=municipality).count(),
        "sees_bodies": Scope.of(user).holds(VIEW_BODY),
    }


def authorities_of(municipality: Municipality, on: date) -> list[Body]:
    """Return the board, the committees, and the companies where the rules name them (R145), the board first."""
    kinds = set(AUTHORITIES) - set(NOT_OVERSEEN)
    if municipality.rules(on).companies_in_scope is False:
        kinds.discard(BodyKind.COMPANY)
    bodies = Body.objects.of(municipality).in_force(on).filter(kind__in=kinds)
    return sorted(bodies, key=in_order)


def _vacancies(overview: Overview) -> Mapping[int, Cell]:
    """Return how many seats are vacant at each authority and below it, and for how long the oldest has been."""
    known = Min("since", filter=Q(since__gt=ALWAYS))
    counted = Vacancy.objects.filter(municipality=overview.municipality).order_by().values("seat__body_id")
    by_body = list(counted.annotate(number=Count("pk"), oldest=known).values_list("seat__body_id", "number", "oldest"))
    numbers = overview.per_authority((body_id, number) for body_id, number, _oldest in by_body)
    oldest: dict[int, date] = {}
    for body_id, _number, since in by_body:
        authority = overview.authority_of.get(body_id)
        if authority is not None and since is not None:
            oldest[authority] = min(since, oldest.get(authority, since))
    by_id = {body.pk: body for body in overview.authorities}
    sees = Scope.of(overview.user).holds(VIEW_BODY)
    return {
        pk: Cell(
            text=_vacancy_words(number, (overview.on - oldest[pk]).days if pk in oldest else None),
            url=_vacancies_url(by_id[pk]) if sees else "",
        )
        for pk, number in numbers.items()
    }


def _vacancy_words(number: int, days: int | None) -> str:
    if days is None:
        return str(number)
    words = ngettext("%(number)s, the oldest %(days)s day", "%(number)s, the oldest %(days)s days", days)
    return words % {"number": number, "days": days}


def _vacancies_url(body: Body) -> str:
    return f"{reverse('organisation:vacancies')}?{urlencode({'body': str(body.public_id)})}"


register(Column(label=gettext_lazy("Vacant seats"), source=_vacancies, order=10))
