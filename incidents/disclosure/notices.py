"""Mail about content that must not be here: number and workplace alone, never what it says."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.models import Identity, Incident
from incidents.permissions import HANDLE_INCIDENT
from notifications.mail import send_mail_to
from organisation import clock
from organisation.access import holders_of
from organisation.models import Appointment, SeatKind, User


def tell_of_classified(incident: Incident, *, removed: bool) -> None:
    """Tell those who handle the case, and the protective-security manager, that such content was met or removed."""
    with override(settings.LANGUAGE_CODE):
        facts = {
            "number": incident.label,
            "body": incident.body.name,
            "path": reverse("incidents:purge", args=[incident.public_id]),
        }
        if removed:
            subject = _("Content has been removed from case %(number)s")
            body = _("Content that must not be in the portal has been removed from case %(number)s, %(body)s.")
        else:
            subject = _("Case %(number)s may hold what must not be in the portal")
            body = _(
                "Somebody says that case %(number)s, %(body)s, holds protective-security classified content. "
                "Those who handle the case remove it at once: log in to the safety portal and open %(path)s\n\n"
                "Don't copy or forward it. The protective-security manager assesses what else must be done."
            )
        moment = clock.now()
        for person in _told(incident):
            send_mail_to(
                person=person,
                subject=subject % facts,
                body=body % facts,
                once_key=f"classified:{incident.public_id}:{int(removed)}:{moment:%Y%m%d%H%M}",
            )


def _told(incident: Incident) -> Iterable[User]:
    """Return each person once; never one whom the case is kept from, nor its reporter."""
    passed = set(incident.withheld.values_list("person_id", flat=True))
    reporters = incident.identities.filter(role=Identity.Role.REPORTER)
    passed |= set(reporters.values_list("person_id", flat=True))
    people = {person.pk: person for person in holders_of(HANDLE_INCIDENT, incident.body)}
    people |= {person.pk: person for person in _security(incident)}
    return [person for pk, person in people.items() if pk not in passed]


def _security(incident: Incident) -> list[User]:
    """Return who holds the protective-security manager's seat today, else the head of security's."""
    held = Appointment.objects.in_force(clock.today()).filter(
        municipality_id=incident.municipality_id, person__is_active=True, seat__not_needed_reason=""
    )
    for kind in (SeatKind.PROTECTIVE_SECURITY_MANAGER, SeatKind.HEAD_OF_SECURITY):
        if found := [one.person for one in held.filter(seat__seat_type__kind=kind).select_related("person")]:
            return found
    return []
