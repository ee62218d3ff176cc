"""The responsibility map: the tree of a day with every seat, its holder or the gap, and who answers meanwhile."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.models import ALWAYS, Appointment, Body, Municipality, Seat, SeatKind
from organisation.responsibility import Roster
from organisation.tree import children_on


@dataclass(frozen=True)
class SeatCard:
    """One seat as the map shows it; ``days`` since it became vacant (none: nobody has held it)."""

    title: str
    holder: str = ""
    detail: str = ""
    vacant: bool = False
    days: int | None = None
    answers: str = ""


@dataclass
class BodyNode:
    """One body with its seats and what stands below it."""

    name: str
    url: str
    kind: str
    seats: list[SeatCard]
    children: list["BodyNode"] = field(default_factory=list)

    @property
    def vacancies(self) -> list[SeatCard]:
        return [seat for seat in self.seats if seat.vacant]


@dataclass(frozen=True)
class ResponsibilityMap:
    """The map of one day with its count: seats that must be held, and those of them that are vacant."""

    on: date
    nodes: list[BodyNode]
    seats: int
    vacancies: list[SeatCard]

    @property
    def oldest_days(self) -> int | None:
        """Days that the oldest dated vacancy has lasted."""
        return max((card.days for card in self.vacancies if card.days is not None), default=None)


class _Drawing:
    """Draws one map; everything is read in a fixed number of queries, however large the tree."""

    def __init__(self, municipality: Municipality, on: date) -> None:
        self.on = on
        self.roster = Roster(municipality, on)
        self.children = children_on(municipality, on)
        employed = Appointment.objects.in_force(on).filter(
            municipality=municipality, seat__seat_type__kind=SeatKind.EMPLOYEE
        )
        self.staff = Counter(employed.values_list("seat__body_id", flat=True))

    def node(self, body: Body) -> BodyNode:
        """Return the body with all below it."""
        seats = self.roster.by_body.get(body.pk, ())
        return BodyNode(
            name=body.name,
            url=reverse("organisation:body", args=[body.public_id]),
            kind=self.kind(body),
            seats=[self.card(seat) for seat in seats if seat.seat_type.kind != SeatKind.EMPLOYEE],
            children=[self.node(child) for child in self.children.get(body.pk, ())],
        )

    def kind(self, body: Body) -> str:
        """Return what the body is, how many work there, and whether the document names it."""
        parts = [str(body.get_kind_display()).capitalize()]
        if staff := self.staff.get(body.pk):
            parts.append(ngettext("%(count)s employee", "%(count)s employees", staff) % {"count": staff})
        if not body.from_document:
            parts.append(_("not from the document"))
        return ", ".join(parts)

    def card(self, seat: Seat) -> SeatCard:
        """Return one seat: its holders, or since when it is empty and who answers meanwhile."""
        title, held = seat.seat_type.title, self.roster.holders.get(seat.pk, [])
        names = ", ".join(
            _("%(name)s (deputy)") % {"name": one.person.name} if one.is_deputy else one.person.name for one in held
        )
        ordinary = [one for one in held if not one.is_deputy]
        if ordinary or (not seat.seat_type.min_holders and held):
            return SeatCard(title=title, holder=names)
        answer = self.roster.who_answers(seat.body_id, seat.seat_type.kind)
        answers = f"{answer.seat.seat_type.title} {answer.person}" if answer.seat and answer.person else ""
        if not seat.seat_type.min_holders:
            return SeatCard(title=title, holder=_("Appointed where needed"), detail=answers)
        since = self.roster.last_held.get(seat.pk)
        if since is None and seat.valid_from > ALWAYS:
            since = seat.valid_from
        return SeatCard(title=title, vacant=True, days=(self.on - since).days if since else None, answers=answers)


def _cards(nodes: list[BodyNode]) -> list[SeatCard]:
    return [card for node in nodes for card in (*node.seats, *_cards(node.children))]


def _with_vacancies(nodes: list[BodyNode]) -> list[BodyNode]:
    """Return the bodies that have a vacancy, flat, each with its vacant seats only."""
    kept = []
    for node in nodes:
        if node.vacancies:
            kept.append(BodyNode(name=node.name, url=node.url, kind=node.kind, seats=node.vacancies))
        kept += _with_vacancies(node.children)
    return kept


def draw_map(municipality: Municipality, on: date, *, only_vacant: bool = False) -> ResponsibilityMap:
    """Return the responsibility map of ``municipality`` on the day ``on`` (R18–R21, R133)."""
    drawing = _Drawing(municipality, on)
    nodes = [drawing.node(body) for body in drawing.children.get(None, ())]
    cards = [card for card in _cards(nodes) if card.detail == ""]
    vacancies = [card for card in cards if card.vacant]
    return ResponsibilityMap(
        on=on, nodes=_with_vacancies(nodes) if only_vacant else nodes, seats=len(cards), vacancies=vacancies
    )
