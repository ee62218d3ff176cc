"""People of a municipality: added, changed, and ended the same second they leave; nobody is deleted."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.access import require
from organisation.errors import DomainError, WrongState
from organisation.login.sessions import end_all_visits
from organisation.models import Appointment, Municipality, User
from organisation.permissions import ADMINISTER
from organisation.tree import lock_municipality
from organisation.vacancies import refresh_vacancies


class PersonRefused(DomainError):
    """The person can't be added or changed so."""

    message = _("Check the person's e-mail address and personnel id.")


@transaction.atomic
def add_person(*, municipality: Municipality, name: str, email: str, external_id: str = "", by: User) -> User:
    """Add a person without seats and without password; raises ``NotAllowed``, ``PersonRefused``."""
    require(by, ADMINISTER)
    if by.municipality_id != municipality.pk:
        raise WrongState
    _refuse_taken(municipality, email, external_id)
    return User.objects.create_user(
        email, municipality=municipality, name=name.strip(), external_id=external_id.strip()
    )


@transaction.atomic
def change_person(*, person: User, name: str, email: str, external_id: str = "", by: User) -> User:
    """Correct what is known of a person; raises ``NotAllowed``, ``PersonRefused``."""
    person = _locked(person, by)
    _refuse_taken(person.municipality, email, external_id, but_not=person)
    person.name, person.email, person.external_id = name.strip(), email.strip().lower(), external_id.strip()
    person.save()
    return person


@transaction.atomic
def end_person(*, person: User, by: User) -> User:
    """Let a person leave now: every seat and every session ends the same second.

    The account stays, so that history and old cases keep their names; its password does not. Raises ``NotAllowed``,
    ``WrongState`` for somebody who has left, ``PersonRefused`` for oneself.
    """
    person = _locked(person, by)
    if not person.is_active:
        raise WrongState
    if person == by:
        raise PersonRefused(_("Nobody ends their own account. Another administrator can."))
    seats = end_appointments_of(person)
    person.is_active, person.left_at = False, clock.now()
    # Whatever proved who they were proves nothing any more, also if they come back one day.
    person.set_unusable_password()
    person.save()
    end_all_visits([person])
    if person.municipality is not None:
        refresh_vacancies(person.municipality, seats)
    return person


@transaction.atomic
def take_back(*, person: User, by: User) -> User:
    """Let a person who left log in again; seats and password are chosen anew. Raises ``NotAllowed``, ``WrongState``."""
    person = _locked(person, by)
    if person.is_active:
        raise WrongState
    person.is_active, person.left_at = True, None
    person.save()
    return person


def end_appointments_of(person: User) -> set[int]:
    """End today every appointment that runs, and take back those to come; return the ids of their seats."""
    today = clock.today()
    ahead = Appointment.objects.filter(person=person).exclude(valid_to__lte=today).exclude(valid_to=F("valid_from"))
    seats = set()
    for appointment in ahead:
        appointment.valid_to = max(today, appointment.valid_from)
        appointment.save()
        seats.add(appointment.seat_id)
    return seats


def _locked(person: User, by: User) -> User:
    require(by, ADMINISTER)
    if by.municipality is not None:
        # First, as for whoever appoints: in two orders, two could wait for each other.
        lock_municipality(by.municipality)
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.municipality_id != by.municipality_id or person.municipality is None:
        raise WrongState
    return person


def _refuse_taken(
    municipality: Municipality | None, email: str, external_id: str, *, but_not: User | None = None
) -> None:
    others = User.objects.exclude(pk=but_not.pk) if but_not else User.objects.all()
    if others.filter(email=email.strip().lower()).exists():
        raise PersonRefused(_("The e-mail address belongs to somebody else."))
    if external_id and others.filter(municipality=municipality, external_id=external_id.strip()).exists():
        raise PersonRefused(_("The personnel id belongs to somebody else."))
