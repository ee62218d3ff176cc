"""What the unions have notified: who is safety representative, for which area, from when and until when (AML 6:2).

The employer neither appoints nor ends; it is told. Only the chief safety representative, on the unions' behalf, and
the administrator, who records a written notice, write here.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, WrongState
from organisation.models import REPRESENTATIVES, Appointment, AreaBody, Body, Mandate, Seat, SeatType, User
from organisation.permissions import RECORD_MANDATE
from organisation.services.appointing import lock_seat, write_appointment, write_end
from organisation.tree import lock_municipality


class MandateRefused(DomainError):
    """The notice can't be true: its days, its bodies or its union speak against it."""

    message = gettext_lazy("The notice can't be recorded so.")


@transaction.atomic
def record_mandate(
    *,
    person: User,
    kind: str,
    at: Body,
    area: Collection[Body] = (),
    union: str,
    notified_on: date,
    valid_from: date,
    valid_to: date | None = None,
    by: User,
) -> Mandate:
    """Record that a union has appointed ``person`` safety representative (``kind``: of an area, or chief).

    ``at`` is the body where the seat stands, ``area`` the bodies that the union gave, each with all below it; without
    any it is ``at`` itself. Areas of different people may overlap. The same notice again is the same mandate. Raises
    ``NotAllowed``, ``MandateRefused``, ``AppointmentRefused``.
    """
    municipality = lock_municipality(at.municipality)
    require(by, RECORD_MANDATE, at)
    _refuse_notice(union, notified_on)
    _refuse_bodies([at, *area], municipality.pk, valid_from)
    seat = _seat_at(at, kind, valid_from)
    same = Mandate.objects.filter(appointment__seat=seat, appointment__person=person, union=union.strip())
    if already := same.filter(appointment__valid_from=valid_from, appointment__valid_to=valid_to).first():
        return already
    # One that was imported, without a notice, gets it now.
    appointment = write_appointment(seat=seat, person=person, valid_from=valid_from, valid_to=valid_to)
    if Mandate.objects.filter(appointment=appointment).exists():
        raise MandateRefused(_("Another union's notice is recorded for the same days."))
    if not appointment.area.exists():
        for body in {body.pk: body for body in area}.values():
            _begin(appointment, body, valid_from)
    return _mandate_of(appointment, union, notified_on)


@transaction.atomic
def change_area(
    *, appointment: Appointment, area: Collection[Body], on: date, by: User, union: str = "", notified_on: date
) -> Appointment:
    """Record that from the day ``on`` the union gives the representative the bodies ``area``, and no others.

    ``union`` is asked for only where no notice had been recorded. Raises ``NotAllowed``, ``MandateRefused``.
    """
    appointment = _locked(appointment, by)
    mandate = _mandate_of(appointment, union, notified_on)
    _refuse_notice(mandate.union, notified_on)
    if not area:
        raise MandateRefused(_("Choose at least one body. End the mandate if there is none."))
    if on < appointment.valid_from or (appointment.valid_to is not None and on >= appointment.valid_to):
        raise MandateRefused(_("The area can change only while the mandate lasts."))
    _refuse_bodies(area, appointment.municipality_id, on)
    wanted = {body.pk: body for body in area}
    for part in _area_rows(appointment):
        if part.valid_to is not None and part.valid_to <= on:
            continue
        if part.body_id in wanted and part.valid_from <= on and part.valid_to is None:
            del wanted[part.body_id]
            continue
        part.valid_to = max(on, part.valid_from)
        part.save()
    for body in wanted.values():
        _begin(appointment, body, on)
    return appointment


@transaction.atomic
def end_mandate(*, appointment: Appointment, on: date, notified_on: date, by: User, union: str = "") -> Mandate:
    """Record that the union has ended the mandate: its last day is the day before ``on``.

    ``union`` is asked for only where no notice had been recorded. Raises ``NotAllowed``, ``MandateRefused``,
    ``WrongState`` when it has ended already.
    """
    appointment = _locked(appointment, by)
    mandate = _mandate_of(appointment, union, notified_on)
    _refuse_notice(mandate.union, notified_on)
    write_end(appointment, on)
    mandate.end_notified_on = notified_on
    mandate.save()
    return mandate


def _locked(appointment: Appointment, by: User) -> Appointment:
    """Lock the appointment, check that it is the union's and that ``by`` records, and return it as it stands."""
    found = Appointment.objects.select_for_update(of=("self",)).with_seat().select_related("municipality")
    appointment = found.get(pk=appointment.pk)
    require(by, RECORD_MANDATE, appointment.seat.body)
    if appointment.seat.seat_type.kind not in REPRESENTATIVES:
        raise WrongState
    return appointment


def _mandate_of(appointment: Appointment, union: str, notified_on: date) -> Mandate:
    """Return what is recorded of the union's notice, or record it now."""
    found = Mandate.objects.filter(appointment=appointment).first()
    if found is None:
        _refuse_notice(union, notified_on)
        found = Mandate.objects.create(
            municipality=appointment.municipality, appointment=appointment, union=union.strip(), notified_on=notified_on
        )
    return found


def _refuse_notice(union: str, notified_on: date) -> None:
    if not union.strip():
        raise MandateRefused(_("Write which union has given notice."))
    if notified_on > clock.today():
        raise MandateRefused(_("The union's notice can't have come on a day that lies ahead."))


def _refuse_bodies(bodies: Collection[Body], municipality_id: int, on: date) -> None:
    for body in bodies:
        if body.municipality_id != municipality_id or not body.is_in_force(on):
            raise MandateRefused(_("%(body)s does not exist on that day.") % {"body": body.name})


def _seat_at(body: Body, kind: str, on: date) -> Seat:
    """Return the union's seat at the body, locked; one is made where there is none, since the union chooses where."""
    if kind not in REPRESENTATIVES:
        raise MandateRefused
    standing = Seat.objects.in_force(on).filter(body=body, seat_type__kind=kind, not_needed_reason="")
    if found := standing.order_by("pk").first():
        return lock_seat(found)
    seat_type = SeatType.objects.filter(municipality=body.municipality, kind=kind).order_by("pk").first()
    if seat_type is None:
        raise MandateRefused(
            _("The municipality has no such seat yet. The administrator adds it among the seat types first.")
        )
    return Seat.objects.create(municipality=body.municipality, seat_type=seat_type, body=body, valid_from=on)


def _area_rows(appointment: Appointment) -> list[AreaBody]:
    """Return the rows of the area; where the seat's own body was all of it, that is written down first."""
    rows = list(AreaBody.objects.select_for_update().filter(appointment=appointment))
    return rows or [_begin(appointment, appointment.seat.body, appointment.valid_from)]


def _begin(appointment: Appointment, body: Body, on: date) -> AreaBody:
    return AreaBody.objects.create(
        municipality=appointment.municipality, appointment=appointment, body=body, valid_from=on
    )
