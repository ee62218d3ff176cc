"""Hand-over: what people who leave had to do, told to whoever answers for it now.

Each app adds its own open tasks when it is ready. Cases are told by number alone: who ends an account need not be
allowed to read one. Nothing is stored: what was handed over, or finished, is no longer here.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from organisation import clock
from organisation.access import Scope
from organisation.answer_words import who_of
from organisation.models import Appointment, BodyClosure, BodyKind, GroupAction, Municipality, Seat, SeatKind, User
from organisation.models.seat import AppointmentQuerySet
from organisation.responsibility import Answer, who_answers
from organisation.roster import Roster
from organisation.work import WorkItem

# So long a vacated seat is a hand-over in "my work"; after that it is a vacancy among others.
REMEMBERED_FOR = timedelta(days=60)
MOST_SHOWN = 20
MOST_KEPT = 500


@dataclass(frozen=True)
class Leaver:
    """Somebody who leaves or has left, with the seats that nobody else holds after them."""

    person: User
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True)
class OpenTask:
    """Something that a person had to do, or several of a kind: what, where, and the seat that it came with (none: the
    person's own).
    """

    person_id: int
    what: str
    where: str = ""
    seat_id: int | None = None
    url: str = ""


@dataclass(frozen=True)
class SeatToHandOver:
    """A seat that the person was alone in: who answers for it now, and what is open in it."""

    seat: Seat
    answer: Answer
    tasks: list[OpenTask] = field(default_factory=list)

    @property
    def who(self) -> str:
        """Title and name of the one who answers now."""
        return who_of(self.answer)


@dataclass(frozen=True)
class HandOver:
    """All that one person leaves behind."""

    person: User
    seats: list[SeatToHandOver]
    own: list[OpenTask]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to hand over."""
        return not self.seats and not self.own


Source = Callable[[Municipality, Sequence[Leaver]], Iterable[OpenTask]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source of open tasks, called by an app when it is ready; its queries don't grow with the people."""
    _sources.append(source)


def hand_overs(municipality: Municipality, people: Collection[int]) -> list[HandOver]:
    """Return what each of ``people`` (ids) leaves behind, in order of name; those who still work as if they left today.

    A constant number of queries.
    """
    leavers = _leavers(municipality, people)
    roster = Roster(municipality, clock.today(), bodies={seat.body_id for one in leavers for seat in one.seats})
    tasks: dict[tuple[int, int | None], list[OpenTask]] = defaultdict(list)
    for source in _sources:
        for task in source(municipality, leavers):
            tasks[task.person_id, task.seat_id].append(task)
    return [
        HandOver(
            person=one.person,
            seats=[
                SeatToHandOver(seat, _answer(seat, one.person, roster), tasks[one.person.pk, seat.pk])
                for seat in one.seats
            ],
            own=tasks[one.person.pk, None],
        )
        for one in leavers
    ]


def those_with_tasks(municipality: Municipality, people: Collection[int]) -> list[UUID]:
    """Return the public ids of those among ``people`` (ids) who leave something behind, in order of name."""
    if not people:
        return []
    left = [one.person.public_id for one in hand_overs(municipality, people) if not one.is_empty]
    return left[:MOST_KEPT]


def _leavers(municipality: Municipality, people: Collection[int]) -> list[Leaver]:
    """Return the people with the seats that stand empty after them."""
    found = User.objects.filter(municipality=municipality, pk__in=people).order_by("name", "pk")
    seats: dict[int, list[Seat]] = defaultdict(list)
    last = _held_last(municipality).filter(person__in=people).with_seat().order_by("pk")
    held_by_others = _held_by_others({one.seat_id for one in last}, people)
    for appointment in last:
        if appointment.seat_id not in held_by_others:
            seats[appointment.person_id].append(appointment.seat)
    return [Leaver(person, tuple(seats[person.pk])) for person in found]


def _held_last(municipality: Municipality) -> AppointmentQuerySet:
    """Appointments that people hold today, or held on the day on which they left; not what they did for a living."""
    today = clock.today()
    rows = Appointment.objects.filter(municipality=municipality, is_deputy=False, seat__not_needed_reason="")
    rows = rows.exclude(seat__seat_type__kind=SeatKind.EMPLOYEE).exclude(seat__valid_to__lte=today)
    runs = Q(person__is_active=True, valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    ended = Q(person__is_active=False, left_on=F("valid_to"), valid_from__lt=F("valid_to"))
    return rows.annotate(left_on=TruncDate("person__left_at")).filter(runs | ended)


def _held_by_others(seats: Collection[int], people: Collection[int]) -> set[int]:
    others = Appointment.objects.in_force(clock.today()).filter(seat__in=seats, is_deputy=False, person__is_active=True)
    return set(others.exclude(person__in=people).values_list("seat_id", flat=True))


def _answer(seat: Seat, person: User, roster: Roster) -> Answer:
    return who_answers(seat.body, seat.seat_type, roster.on, but_not=person, roster=roster)


# --- The organisation's own ----------------------------------------------------------------


def group_actions(_municipality: Municipality, leavers: Sequence[Leaver]) -> Iterator[OpenTask]:
    """Yield what groups have agreed that the people see to, themselves or by a seat of theirs."""
    seats = {seat.pk: one.person.pk for one in leavers for seat in one.seats}
    people = {one.person.pk for one in leavers}
    actions = GroupAction.objects.unfinished().filter(Q(person__in=people) | Q(seat__in=seats))
    for action in actions.select_related("meeting__body").order_by("due_on", "pk"):
        yield OpenTask(
            person_id=action.person_id or seats[action.seat_id or 0],
            what=_("Action of a group: %(what)s") % {"what": action.what},
            where=action.meeting.body.name,
            seat_id=action.seat_id,
        )


# --- My work -------------------------------------------------------------------------------


def waiting(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the hand-overs of people who left lately, to the one who answers for their seats now."""
    for one, seats in answered_by(user, scope):
        names = ", ".join(f"{each.seat.seat_type.title}, {each.seat.body.name}" for each in seats)
        yield WorkItem(
            title=_("Hand over after %(person)s") % {"person": one.person.name},
            url=reverse("organisation:handover", args=[one.person.public_id]),
            why=_("You answer meanwhile: %(seats)s") % {"seats": names},
        )


def answered_by(user: Any, scope: Scope, person: User | None = None) -> list[tuple[HandOver, list[SeatToHandOver]]]:
    """Return the hand-overs of those who left lately (or of ``person``), with the seats for which ``user`` answers."""
    if scope.municipality_id is None or user.municipality is None:
        return []
    left = _left_seats_near(user).filter(person=person) if person else _left_seats_near(user)
    people = list(dict.fromkeys(left.order_by("-valid_to", "pk").values_list("person_id", flat=True)[:MOST_SHOWN]))
    if not people:
        return []
    found = []
    for one in hand_overs(user.municipality, people):
        if mine := [each for each in one.seats if each.answer.person == user]:
            found.append((one, mine))
    return found


def _left_seats_near(user: User) -> AppointmentQuerySet:
    """Last appointments of people who left lately, at bodies for which ``user`` may be the one who answers."""
    today = clock.today()
    own = Appointment.objects.in_force(today).filter(person=user).exclude(seat__seat_type__kind=SeatKind.EMPLOYEE)
    bodies = own.values("seat__body_id")
    below = BodyClosure.objects.filter(ancestor_id__in=bodies).values("descendant_id")
    # The board answers last, for whatever body it is.
    on_the_board = Q(Exists(own.filter(seat__body__kind=BodyKind.BOARD)))
    left = Appointment.objects.filter(valid_to__gte=today - REMEMBERED_FOR, person__is_active=False)
    last = _held_last(user.municipality) & left  # type: ignore[arg-type]
    return last.filter(Q(seat__body_id__in=below) | on_the_board)
