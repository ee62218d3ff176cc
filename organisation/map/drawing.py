"""One piece of the responsibility map: some bodies with the cards of their seats, read in a fixed number of queries."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.answer_words import who_of
from organisation.map.reading import HolderRow, SeatRow, holders_at, seats_at, vacant_below
from organisation.models import ALWAYS, Body, BodyKind, Municipality, names_on
from organisation.responsibility import who_answers
from organisation.roster import Roster
from organisation.staff import staff_of
from organisation.tree import in_order

# Where elected people sit, nobody is employed.
WITHOUT_STAFF = (
    BodyKind.COUNCIL,
    BodyKind.BOARD,
    BodyKind.COMMITTEE,
    BodyKind.CRISIS_COMMITTEE,
    BodyKind.WORKING_COMMITTEE,
)


@dataclass(frozen=True)
class SeatCard:
    """One seat as the map shows it; ``days`` since it became vacant (none: nobody is known to have held it)."""

    title: str
    url: str
    holder: str = ""
    detail: str = ""
    vacant: bool = False
    days: int | None = None
    answers: str = ""

    @property
    def is_plain(self) -> bool:
        """Tell whether the card holds a name alone, as most do: it is drawn without a template of its own."""
        return not self.vacant and not self.detail


@dataclass(frozen=True)
class Below:
    """What lies below a body and is not drawn: how many bodies, how many vacant seats, and where it is shown."""

    bodies: int
    vacant: int
    url: str

    @property
    def bodies_in_words(self) -> str:
        """ "84 bodies below"."""
        return ngettext("%(count)s body below", "%(count)s bodies below", self.bodies) % {"count": self.bodies}

    @property
    def vacant_in_words(self) -> str:
        """ "9 vacant", or nothing."""
        words = ngettext("%(count)s vacant", "%(count)s vacant", self.vacant) % {"count": self.vacant}
        return words if self.vacant else ""


@dataclass(frozen=True)
class BodyNode:
    """One body with its seats, what stands below it, or how much does."""

    name: str
    url: str
    kind: str
    seats: Sequence[SeatCard]
    children: Sequence["BodyNode"] = field(default_factory=tuple)
    below: Below | None = None
    is_authority: bool = False


class Page(Protocol):
    """The map that a piece is drawn for."""

    municipality: Municipality
    on: date
    is_today: bool

    def branch_url(self) -> Callable[[Body], str]: ...


class Drawing:
    """Everything that the map shows of the bodies ``drawn``; of those ``closed``, how much lies below."""

    def __init__(
        self, page: Page, drawn: Sequence[int], closed: Collection[int], *, known: Mapping[int, Body] | None = None
    ) -> None:
        self.page, self.on = page, page.on
        municipality, is_today = page.municipality, page.is_today
        # ``known`` holds the bodies that have been read already, all or none.
        self.bodies = known or Body.objects.filter(municipality=municipality).in_bulk(drawn)
        if not is_today:
            for pk, name in names_on(municipality, page.on).items():
                if pk in self.bodies:
                    # As it was called that day; never saved.
                    self.bodies[pk].name = name
        self.seats = seats_at(municipality, drawn, self.on, is_today=is_today)
        self.holders = holders_at(drawn, self.on)
        self.vacant_below = vacant_below(municipality, closed, self.on, is_today=is_today)
        at_work = [pk for pk, body in self.bodies.items() if body.kind not in WITHOUT_STAFF]
        self.staff = staff_of(at_work, page.on) if at_work else {}
        self.branch_url = page.branch_url()
        self.kinds = {kind: capfirst(str(label)) for kind, label in BodyKind.choices}
        self.seat_url, self.body_url = address_of("organisation:seat"), address_of("organisation:body")

    @cached_property
    def roster(self) -> Roster:
        """Who sits where on the way up: read when the first gap asks who answers."""
        return Roster(self.page.municipality, self.on, bodies=list(self.bodies))

    def in_order(self, ids: Collection[int]) -> list[int]:
        return sorted(ids, key=lambda pk: in_order(self.bodies[pk]))

    def node(self, pk: int, children: Sequence[BodyNode], hidden: int) -> BodyNode:
        """Return the body with its seats; ``hidden`` bodies lie below it and are not drawn."""
        body = self.bodies[pk]
        return BodyNode(
            name=body.name,
            url=self.body_url(body.public_id),
            kind=self._kind(body),
            seats=[self.card(seat) for seat in self.seats.get(pk, ())],
            children=children,
            below=Below(hidden, self.vacant_below.get(pk, 0), self.branch_url(body)) if hidden else None,
            is_authority=body.is_authority,
        )

    def _kind(self, body: Body) -> str:
        """Return what the body is unless its name says so, how many work there, and whether the document names it."""
        parts = [kind] if (kind := kind_unless_named(body.name, self.kinds[body.kind])) else []
        if staff := self.staff.get(body.pk):
            parts.append(ngettext("%(count)s employee", "%(count)s employees", staff) % {"count": staff})
        if not body.from_document:
            parts.append(_("not from the document"))
        return capfirst(", ".join(parts))

    def card(self, seat: SeatRow) -> SeatCard:
        """Return one seat: its holders and who is away, or since when it is vacant and who answers meanwhile."""
        url, held = self.seat_url(seat.public_id), self.holders.get(seat.pk, [])
        holder = ", ".join(self._in_words(one) for one in held)
        if seat.vacant_since is not None:
            days = (self.on - seat.vacant_since).days if seat.vacant_since > ALWAYS else None
            return SeatCard(seat.title, url, holder=holder, vacant=True, days=days, answers=self._answer(seat))
        if seat.not_needed_reason:
            return SeatCard(seat.title, url, holder=_("Not needed here"))
        if not held:
            return SeatCard(seat.title, url, holder=_("Appointed where needed"), detail=self._answer(seat))
        return SeatCard(seat.title, url, holder=holder, detail=self._stands_in(seat, held))

    def _in_words(self, held: HolderRow) -> str:
        """Return the holder's name; who is away, or a deputy, is called so."""
        name = _("%(name)s (deputy)") % {"name": held.name} if held.is_deputy else held.name
        if held.back_on is None:
            return name
        last = date_format(held.back_on - timedelta(days=1), "j F Y")
        return _("%(name)s, away until and including %(day)s") % {"name": name, "day": last}

    def _stands_in(self, seat: SeatRow, held: Sequence[HolderRow]) -> str:
        """Return who answers while everybody who holds the seat is away."""
        there = any(not one.is_deputy and one.back_on is None for one in held)
        return "" if there else _("Answers meanwhile: %(who)s") % {"who": self._answer(seat)}

    def _answer(self, seat: SeatRow) -> str:
        roster = self.roster
        return who_of(who_answers(roster.bodies[seat.body_id], roster.types[seat.type_id], self.on, roster=roster))


def kind_unless_named(name: str, kind: str) -> str:
    """Return what a body is, or nothing when its name says so: "Socialnämnden" needs no "Nämnd"."""
    return "" if kind.casefold() in name.casefold() else kind


def address_of(name: str) -> Callable[[UUID], str]:
    """Return what gives the address of each of many rows at the named URL; Django is asked for one of them."""
    example = UUID(int=1)
    before, after = reverse(name, args=[example]).split(str(example))
    return lambda public_id: f"{before}{public_id}{after}"
