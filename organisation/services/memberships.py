"""Who sits in a group: people of the municipality, and people from outside with no other rights (R207)."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.mail import send_mail_to
from organisation import clock
from organisation.appointers import may_appoint
from organisation.errors import NotAllowed
from organisation.models import Appointment, Body, BodyKind, Representation, Seat, SeatKind, User
from organisation.services.appointing import AppointmentRefused, appoint, lock_seat, write_appointment


@transaction.atomic
def add_member(
    *, seat: Seat, person: User, valid_from: date, valid_to: date | None = None, reference: str = "", by: User
) -> Appointment:
    """Let ``person``, of the municipality, sit in a group during [valid_from, valid_to), and tell them by mail.

    The same again gives the same membership. Raises ``NotAllowed``, ``AppointmentRefused``.
    """
    seat = lock_seat(seat)
    if kept := _same(seat, person, valid_from, valid_to):
        return kept
    appointment = appoint(
        seat=seat, person=person, valid_from=valid_from, valid_to=valid_to, reference=reference, by=by
    )
    with override("sv"):
        address = reverse("organisation:group", args=[seat.body.public_id])
        text = _("You sit in %(group)s. Log in and see its page: %(address)s")
        _tell(appointment, text % {"group": seat.body.name, "address": address})
    return appointment


@transaction.atomic
def add_outside_member(
    *,
    seat: Seat,
    name: str,
    email: str,
    party: Body | None = None,
    organisation: str = "",
    valid_from: date,
    valid_to: date | None = None,
    portal: str,
    by: User,
) -> Appointment:
    """Let somebody from outside sit in a group, for ``party`` or for an ``organisation`` that is no body here (R207).

    An unknown person gets an account without personnel id and without password; the seat is its only right. A mail
    says how to log in at ``portal``, the portal's address. The same again gives the same membership. Raises
    ``NotAllowed``, ``AppointmentRefused`` for somebody who works in the municipality or has an account elsewhere.
    """
    seat = lock_seat(seat)
    if seat.seat_type.kind != SeatKind.OUTSIDE_MEMBER or not may_appoint(by, seat):
        raise NotAllowed
    if (party is None) == (not organisation.strip()):
        raise AppointmentRefused(_("Say which organisation the person represents."))
    if party is not None and (party.municipality_id, party.kind) != (seat.municipality_id, BodyKind.OUTSIDE_PARTY):
        raise AppointmentRefused(_("Say which organisation the person represents."))
    person = _outside_person(seat, name, email)
    if kept := _same(seat, person, valid_from, valid_to):
        return kept
    appointment = write_appointment(seat=seat, person=person, valid_from=valid_from, valid_to=valid_to)
    Representation.objects.create(
        municipality=seat.municipality, appointment=appointment, party=party, name=organisation.strip()
    )
    _welcome(appointment, portal)
    return appointment


def _same(seat: Seat, person: User, valid_from: date, valid_to: date | None) -> Appointment | None:
    """Return the membership that was written when the same form was sent before."""
    return Appointment.objects.filter(seat=seat, person=person, valid_from=valid_from, valid_to=valid_to).first()


def _outside_person(seat: Seat, name: str, email: str) -> User:
    """Return the account of the e-mail address, made now if nobody has it."""
    email = email.strip().lower()
    known = User.objects.filter(email=email).first()
    if known is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(email, municipality=seat.municipality, name=name.strip())
        except IntegrityError as error:
            raise AppointmentRefused(_("The e-mail address belongs to somebody else.")) from error
    if known.municipality_id != seat.municipality_id:
        raise AppointmentRefused(_("The e-mail address belongs to somebody else."))
    held = Appointment.objects.in_force(clock.today()).filter(person=known)
    if known.external_id or held.exclude(seat__seat_type__kind=SeatKind.OUTSIDE_MEMBER).exists():
        raise AppointmentRefused(_("The person works in the municipality. Add them as a member instead."))
    return known


def _welcome(appointment: Appointment, portal: str) -> None:
    group, person = appointment.seat.body, appointment.person
    values = {
        "group": group.name,
        "municipality": group.municipality.full_name,
        "email": person.email,
        "address": f"{portal.rstrip('/')}{reverse('organisation:group', args=[group.public_id])}",
        "password": f"{portal.rstrip('/')}{reverse('account_reset_password')}",
    }
    with override("sv"):
        text = _(
            "You sit in %(group)s, %(municipality)s, for your organisation.\n\n"
            "You see the group's page, the notes of its meetings and what is shared with the group, and nothing "
            "else.\n\n"
            "Log in with %(email)s: %(address)s\n\n"
            "The first time, choose a password here: %(password)s"
        )
        _tell(appointment, text % values)


def _tell(appointment: Appointment, text: str) -> None:
    subject = _("You are a member of %(group)s") % {"group": appointment.seat.body.name}
    send_mail_to(
        person=appointment.person, subject=subject, body=text, once_key=f"group-member-{appointment.public_id}"
    )
