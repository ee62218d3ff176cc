"""Who acts for the employer at a body: one named employee of the line, never an elected person."""

from dataclasses import dataclass
from datetime import date

from organisation.models import Appointment, Body, SeatKind, User
from organisation.responsibility import PassedOver, people_in, who_handles
from organisation.roster import Roster

# Elected people decide in meetings; what concerns one employee is handled by employees.
ELECTED = frozenset({SeatKind.CHAIR, SeatKind.MEMBER})


@dataclass(frozen=True)
class Acting:
    """The person who acts, under the title that the municipality uses."""

    person: User
    title: str


def who_acts(body: Body, on: date, *, but_not: PassedOver = None, roster: Roster | None = None) -> Acting | None:
    """Return who acts for the employer at ``body`` on the day ``on``: the one who handles it, else the line upwards.

    ``but_not``, the one who reports or asks, is passed over, and so is who is away. Where the line ends with elected
    people, the chief executive acts. None: nobody holds any of these seats. ``roster`` saves reading for many
    questions.
    """
    answer = who_handles(body, on, but_not=but_not, roster=roster)
    if answer.person and answer.seat and answer.seat.seat_type.kind not in ELECTED:
        return Acting(answer.person, answer.seat.seat_type.title)
    return _chief_executive(body, on, but_not)


def _chief_executive(body: Body, on: date, but_not: PassedOver) -> Acting | None:
    held = Appointment.objects.in_force(on).filter(
        municipality_id=body.municipality_id,
        seat__seat_type__kind=SeatKind.CHIEF_EXECUTIVE,
        seat__not_needed_reason="",
        person__is_active=True,
    )
    held = held.exclude(person__in=people_in(but_not))
    found = held.with_seat().order_by("is_deputy", "valid_from", "pk").first()
    return Acting(found.person, found.seat.seat_type.title) if found else None
