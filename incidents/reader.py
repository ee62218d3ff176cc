"""Who reads a report: one named person, told before it is sent and on the receipt."""

from dataclasses import dataclass
from datetime import date

from organisation.models import Appointment, Body, BodyClosure, SeatKind, User
from organisation.responsibility import who_handles

# Elected people never read a case's text: what happened to an employee is handled by employees.
ELECTED = frozenset({SeatKind.CHAIR, SeatKind.MEMBER})


@dataclass(frozen=True)
class Reader:
    """The person who reads and answers, under the title that the municipality uses."""

    person: User
    title: str


def reader_of(body: Body, reporter: User, on: date) -> Reader | None:
    """Return who reads what ``reporter`` reports at ``body``: the one who handles it, else the superior.

    A manager's own report goes to the manager's superior. Where the line ends with elected people, the
    chief executive reads. None: nobody holds any of these seats.
    """
    answer = who_handles(body, on, but_not=reporter)
    if answer.person and answer.seat and answer.seat.seat_type.kind not in ELECTED:
        return Reader(answer.person, answer.seat.seat_type.title)
    return _chief_executive(body, reporter, on)


def _chief_executive(body: Body, reporter: User, on: date) -> Reader | None:
    held = Appointment.objects.in_force(on).filter(
        municipality_id=body.municipality_id,
        seat__seat_type__kind=SeatKind.CHIEF_EXECUTIVE,
        seat__not_needed_reason="",
        person__is_active=True,
    )
    found = held.exclude(person=reporter).with_seat().order_by("is_deputy", "valid_from", "pk").first()
    return Reader(found.person, found.seat.seat_type.title) if found else None


def safety_representatives(body: Body, on: date) -> list[User]:
    """Return the safety representatives (skyddsombud) whose area holds ``body``, in order of name."""
    above = BodyClosure.objects.filter(descendant=body).values("ancestor_id")
    held = Appointment.objects.in_force(on).filter(
        municipality_id=body.municipality_id,
        seat__body_id__in=above,
        seat__seat_type__kind=SeatKind.SAFETY_REPRESENTATIVE,
    )
    return list(User.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name", "pk"))
