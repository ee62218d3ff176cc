"""Who appoints to a seat: the one whom the municipality's rule names, or who answers for that one's vacant seat."""

from collections.abc import Collection, Iterable

from organisation import clock
from organisation.access import Scope
from organisation.models import (
    AUTHORITIES,
    GROUPS,
    MEMBERSHIPS,
    REPRESENTATIVES,
    Body,
    BodyKind,
    Seat,
    SeatKind,
    User,
)
from organisation.permissions import ADMINISTER, APPOINT, RUN_GROUP
from organisation.responsibility import LEADS, LINE, Answer, who_answers
from organisation.roster import Roster

# Elected people are elected by the council, unless the municipality says otherwise (KL 5:1, 10:3).
ELECTED = frozenset({SeatKind.CHAIR, SeatKind.MEMBER})


def appointer_of(seat: Seat, roster: Roster | None = None) -> Answer:
    """Return who appoints to ``seat`` today (R49, R80, R129, R131, R200): one person, or a body that decides.

    The rule names a seat or a body; where it names nobody, the line above the seat appoints. ``roster`` must hold
    the seat's body.
    """
    roster = roster or Roster(seat.municipality, clock.today(), bodies=[seat.body_id])
    rule = seat.seat_type.appointed_by
    if not rule and seat.seat_type.kind in ELECTED and seat.body.kind in AUTHORITIES:
        rule = BodyKind.COUNCIL
    if not rule and seat.seat_type.kind in MEMBERSHIPS and seat.body.kind in GROUPS:
        return _acting(seat.body, roster)
    if named := next((row for row in roster.types.values() if row.key == rule), None):
        return who_answers(seat.body, named, roster.on, roster=roster)
    above = [roster.bodies[pk] for pk in roster.chain(seat.body_id)]
    if body := next((body for body in above if rule in (body.key, body.kind)), None):
        return _acting(body, roster)
    return _line_above(seat, above, roster)


def _line_above(seat: Seat, above: Iterable[Body], roster: Roster) -> Answer:
    kind = seat.seat_type.kind
    steps = LINE[LINE.index(SeatKind(kind)) + 1 :] if kind in LINE else LINE
    for body in above:
        for step in steps:
            if any(found.pk != seat.pk for found in roster.seats_of_kind(body.pk, step)):
                elected = step in ELECTED
                return _acting(body, roster) if elected else who_answers(body, step, roster.on, roster=roster)
    return _acting(roster.boards[0] if roster.boards else seat.body, roster)


def _acting(body: Body, roster: Roster) -> Answer:
    """Return who carries out what ``body`` has decided about its seats.

    Elected bodies decide in a meeting, and the secretary records it; a department acts through its head.
    """
    if lead := LEADS.get(BodyKind(body.kind)):
        return who_answers(body, lead, roster.on, roster=roster)
    for seat in roster.seats_of_kind(body.pk, SeatKind.SECRETARY):
        if held := roster.present(seat):
            return Answer(roster.on, seat.body, body, seat, held.person, held.is_deputy)
    return Answer(roster.on, body, body, None, None)


def may_appoint(person: User, seat: Seat) -> bool:
    """Tell whether ``person`` may appoint to ``seat``, and end appointments to it."""
    return seat.pk in may_appoint_to(person, [seat])


def may_appoint_to(person: User, seats: Collection[Seat], roster: Roster | None = None) -> set[int]:
    """Return the ids of those of ``seats`` (of one municipality) to which ``person`` may appoint.

    The municipality's administrator may record any appointment but the union's; others need the right for the
    body, and to be one of those whom the seat's own rule names, or to run the group (``_chooses_in_group``).
    ``roster`` must hold the seats' bodies.
    """
    employers = [seat for seat in seats if seat.seat_type.kind not in REPRESENTATIVES]
    scope = Scope.of(person)
    if scope.holds(ADMINISTER):
        return {seat.pk for seat in employers if scope.allows(ADMINISTER, seat.body)}
    return _by_rule(person, employers, roster)


def appoints_by_rule(person: User, seat: Seat) -> bool:
    """Tell whether the seat's own rule lets ``person`` appoint, and not only the administrator's right to record."""
    return seat.seat_type.kind not in REPRESENTATIVES and bool(_by_rule(person, [seat], None))


def _by_rule(person: User, employers: Collection[Seat], roster: Roster | None) -> set[int]:
    scope = Scope.of(person)
    chosen = {seat.pk for seat in employers if _chooses_in_group(scope, seat)}
    if not employers or not scope.holds(APPOINT):
        return chosen
    bodies = {seat.body_id for seat in employers}
    within = set(scope.bodies(APPOINT).filter(pk__in=bodies).values_list("pk", flat=True))
    reached = [seat for seat in employers if seat.body_id in within]
    if not reached:
        return chosen
    roster = roster or Roster(reached[0].municipality, clock.today(), bodies=bodies)
    return chosen | {seat.pk for seat in reached if person.pk in _people(appointer_of(seat, roster), roster)}


def _chooses_in_group(scope: Scope, seat: Seat) -> bool:
    """Tell whether the person chooses who sits there by running the group (R196, R206, R207).

    Members are chosen by whoever runs the group, its convener by those who run all groups; where the municipality
    says who appoints (R80), that holds instead.
    """
    if seat.body.kind not in GROUPS or seat.seat_type.appointed_by:
        return False
    if seat.seat_type.kind == SeatKind.GROUP_LEADER:
        return RUN_GROUP in scope.everywhere
    return seat.seat_type.kind in MEMBERSHIPS and scope.allows(RUN_GROUP, seat.body)


def _people(appointer: Answer, roster: Roster) -> set[int]:
    """Return the ids of all who hold the seat that appoints, and of those whom somebody stands in for."""
    holders = roster.holders.get(appointer.seat.pk, ()) if appointer.seat else ()
    away = {gap.person.pk for gap in appointer.trail if gap.person is not None}
    return away | {held.person_id for held in holders}
