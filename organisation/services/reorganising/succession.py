"""What a closing body leaves, and who takes it over: places, seats, employees, the union's areas.

Cases, risks and plans stay where they are written: the closure keeps a closed body beneath its successor, so that
those who took over see and handle them, from the first request of the day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organisation.models import REPRESENTATIVES, Appointment, AreaBody, Body, BodyName, Seat, SeatKind, SeatType
from organisation.parenthood import ALWAYS_THERE, heirs_of
from organisation.services.reorganising.change import Change, in_words
from organisation.services.reorganising.errors import ChangeRefused
from organisation.services.reorganising.placing import end_places, hand_over_children
from organisation.services.reorganising.seating import give_seat

Period = tuple[date, date | None]


def refuse_to_close(change: Change, body: Body) -> None:
    """Raise ``ChangeRefused`` when the body can't end on the day."""
    words = {"name": body.name}
    if body.kind in ALWAYS_THERE:
        raise ChangeRefused(_("The council and the executive board are always there. They can be renamed."))
    if body.valid_to is not None:
        message = _("It is decided already that %(name)s closes on %(day)s.")
        raise ChangeRefused(message % (words | {"day": in_words(body.valid_to)}))
    if body.valid_from >= change.on:
        message = _("%(name)s begins on %(day)s. Choose a later day.")
        raise ChangeRefused(message % (words | {"day": in_words(body.valid_from)}), field="on")
    waiting = Body.objects.filter(successor=body, valid_to__gt=change.on).order_by("-valid_to").first()
    if waiting is not None and waiting.pk not in change.closing:
        message = _("%(name)s takes over from %(other)s on %(day)s. Choose a later day.")
        day = in_words(waiting.valid_to) if waiting.valid_to else ""
        raise ChangeRefused(message % (words | {"other": waiting.name, "day": day}), field="on")


def refuse_heir(change: Change, body: Body, heir: Body, field: str = "successor") -> None:
    """Raise ``ChangeRefused`` when ``heir`` can't take over from ``body``."""
    if heir.pk == body.pk:
        raise ChangeRefused(_("A body can't take over from itself."), field=field)
    if heir.kind not in heirs_of(body.kind):
        message = _("A body of the kind “%(heir)s” can't take over from one of the kind “%(kind)s”.")
        words = {"heir": heir.get_kind_display(), "kind": body.get_kind_display()}
        raise ChangeRefused(message % words, field=field)
    if heir.pk in change.before.below([body.pk]):
        message = _("%(heir)s stands below %(name)s. Move it first.")
        raise ChangeRefused(message % {"heir": heir.name, "name": body.name}, field=field)


def close(
    change: Change, body: Body, heir: Body, *, given: Mapping[int, Body] | None = None, areas: Sequence[Body] = ()
) -> None:
    """End ``body`` on the day of the change: ``heir`` takes over, and gets what stood below it.

    ``given`` names another parent for a child (its id), ``areas`` the bodies to which the unions' areas pass (none:
    the heir). Raises ``ChangeRefused``.
    """
    standing = Body.objects.get(pk=body.pk)
    standing.valid_to, standing.successor = change.on, heir
    standing.save()
    _pass_on_what_came_that_day(change, standing, heir)
    end_places(change, standing)
    hand_over_children(change, standing, heir, given or {})
    _end_later_names(change, standing)
    _pass_areas(change, standing, areas or [heir])
    _end_seats(change, standing, heir)
    _pass_seats_by_key(change, standing, heir)


def _pass_on_what_came_that_day(change: Change, body: Body, heir: Body) -> None:
    """Let ``heir`` take over from those as well that closed into the body on the very same day."""
    for earlier in Body.objects.filter(successor=body, valid_to=change.on):
        if heir.kind not in heirs_of(earlier.kind):
            message = _("%(name)s closes into %(body)s on that day, and %(heir)s can't take over from it.")
            words = {"name": earlier.name, "body": body.name, "heir": heir.name}
            raise ChangeRefused(message % words, field="successor")
        earlier.successor = heir
        earlier.save()


def _end_later_names(change: Change, body: Body) -> None:
    """Take back what the body was to be called later."""
    names = list(body.names.filter(valid_from__gte=change.on))
    for name in names:
        name.valid_to = name.valid_from
    change.update(BodyName, names, ["valid_to"])


def _end_seats(change: Change, body: Body, heir: Body) -> None:
    """End the seats and those who sit in them; employees follow to the heir, and the union's mandates run on."""
    seats = list(body.seats.exclude(valid_to__lte=change.on).select_related("seat_type"))
    lasting = Appointment.objects.filter(seat__in=seats).exclude(valid_to__lte=change.on).select_related("seat")
    appointments = list(lasting.order_by("pk"))
    # The employer can't end the union's mandate: its seat stays, and its area passes on.
    held = {appointment.seat_id for appointment in appointments}
    unions = {seat.pk for seat in seats if seat.seat_type.kind in REPRESENTATIVES and seat.pk in held}
    ending = [seat for seat in seats if seat.pk not in unions]
    employers = {seat.pk: seat.seat_type for seat in ending if seat.seat_type.kind == SeatKind.EMPLOYEE}
    followers = [
        (employers[one.seat_id], one.person_id, (max(change.on, one.valid_from), one.valid_to))
        for one in appointments
        if one.seat_id in employers and one.valid_to != one.valid_from
    ]
    for seat in ending:
        seat.valid_to = max(change.on, seat.valid_from)
    leaving = [one for one in appointments if one.seat_id not in unions]
    for appointment in leaving:
        appointment.valid_to = max(change.on, appointment.valid_from)
    change.update(Appointment, leaving, ["valid_to"])
    change.update(Seat, ending, ["valid_to"])
    change.seats |= {seat.pk for seat in seats}
    _employ(change, heir, followers)


def _employ(change: Change, heir: Body, followers: Sequence[tuple[SeatType, int, Period]]) -> None:
    """Let the employees of a closed body be the heir's, each for the time that is left."""
    if not followers:
        return
    seat = _employee_seat(change, heir, followers[0][0])
    there: dict[int, list[Period]] = {}
    for person_id, begins, ends in seat.appointments.values_list("person_id", "valid_from", "valid_to"):
        there.setdefault(person_id, []).append((begins, ends))
    begun = []
    for _seat_type, person_id, period in followers:
        for begins, ends in _free(period, there.get(person_id, [])):
            there.setdefault(person_id, []).append((begins, ends))
            begun.append(
                Appointment(
                    municipality=change.municipality,
                    seat=seat,
                    person_id=person_id,
                    valid_from=begins,
                    valid_to=ends,
                    reference=change.order.reference.strip(),
                )
            )
    change.create(Appointment, begun)
    change.seats.add(seat.pk)


def _employee_seat(change: Change, heir: Body, seat_type: SeatType) -> Seat:
    """Return the heir's seat for employees on the day; one that has none gets one of the same type."""
    standing = heir.seats.in_force(change.on).filter(seat_type__kind=SeatKind.EMPLOYEE).order_by("pk").first()
    if standing is not None:
        return standing
    later = heir.seats.filter(seat_type=seat_type, valid_from__gt=change.on).order_by("valid_from").first()
    return Seat.objects.create(
        municipality=change.municipality,
        seat_type=seat_type,
        body=heir,
        valid_from=change.on,
        valid_to=later.valid_from if later else heir.valid_to,
    )


def _pass_seats_by_key(change: Change, body: Body, heir: Body) -> None:
    """Let a seat type that sits at this very body, and not at every body of a kind, sit at its heir."""
    for seat_type in SeatType.objects.filter(municipality=change.municipality).order_by("pk"):
        if body.key not in seat_type.sits_at or heir.key in seat_type.sits_at:
            continue
        seat_type.sits_at = [*seat_type.sits_at, heir.key]
        seat_type.save()
        there = heir.seats.filter(seat_type=seat_type).exclude(valid_to__lte=change.on).exists()
        seat = None if there else give_seat(seat_type, heir, change.on)
        change.seats |= {seat.pk} if seat else set()


def _pass_areas(change: Change, body: Body, heirs: Sequence[Body]) -> None:
    """Let the areas that the unions gave reach whoever took over: the employer can't narrow them (AML 6:2)."""
    rows = list(AreaBody.objects.filter(body=body).exclude(valid_to__lte=change.on))
    passed = [(row.appointment, (max(change.on, row.valid_from), row.valid_to)) for row in rows]
    for row in rows:
        row.valid_to = max(change.on, row.valid_from)
    change.update(AreaBody, rows, ["valid_to"])
    begun = []
    for appointment in _without_area(change, body):
        # Until now its seat's own body was its area.
        if appointment.valid_from < change.on:
            begun.append(_area(appointment, body, (appointment.valid_from, change.on)))
        passed.append((appointment, (max(change.on, appointment.valid_from), None)))
    for appointment, period in passed:
        for heir in heirs:
            there = appointment.area.filter(body=heir).values_list("valid_from", "valid_to")
            begun += [_area(appointment, heir, free) for free in _free(period, list(there))]
    change.create(AreaBody, begun)


def _without_area(change: Change, body: Body) -> "QuerySet[Appointment]":
    """Return the mandates whose area is the body for want of another."""
    lasting = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=change.on), area__isnull=True)
    return lasting.filter(seat__body=body, seat__seat_type__kind__in=REPRESENTATIVES)


def _area(appointment: Appointment, body: Body, period: Period) -> AreaBody:
    return AreaBody(
        municipality_id=appointment.municipality_id,
        appointment=appointment,
        body=body,
        valid_from=period[0],
        valid_to=period[1],
    )


def _free(period: Period, taken: Sequence[Period]) -> Iterator[Period]:
    """Yield the parts of ``period`` that none of ``taken`` covers."""
    since, until = period
    for begins, ends in sorted(taken, key=lambda one: one[0]):
        if begins == ends or (ends is not None and ends <= since) or (until is not None and begins >= until):
            continue
        if begins > since:
            yield since, begins
        if ends is None:
            return
        since = max(since, ends)
    if until is None or since < until:
        yield since, until
