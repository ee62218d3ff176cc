"""Support after an event: whom it is offered, which offer waits for an answer, and who is told (R99, R171)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.line import next_handlers, passed_over
from incidents.models import INJURIES, Affected, Identity, Incident, IncidentKind, SupportOffer
from incidents.permissions import HANDLE_INCIDENT
from organisation import clock
from organisation.access import Scope
from organisation.models import User
from organisation.work import WorkItem

# Whoever is named as affected is offered support, whatever kind of event it was.
PERSONS = frozenset(
    {
        Affected.EMPLOYEE,
        Affected.TEMP,
        Affected.PUPIL,
        Affected.CLIENT,
        Affected.RESIDENT,
        Affected.VISITOR,
        Affected.ELECTED,
        Affected.CONTRACTOR,
    }
)
# Something that was seen and has not happened to anyone.
NOTHING_HAPPENED = frozenset({IncidentKind.RISK_OBSERVATION})
# As rows: cases in which somebody may need support. The same rule as ``concerns_somebody``; a test compares them.
CONCERNS_SOMEBODY = (
    Q(injury__in=INJURIES)
    | Q(affected__in=PERSONS)
    | (Q(affects_persons=True) & ~Q(affected=Affected.NOBODY) & ~Q(kind__in=NOTHING_HAPPENED))
)
# Wanted, and not had yet.
WAITS = Q(answer=SupportOffer.Answer.ACCEPTED, given_at__isnull=True)
MOST_SHOWN = 20


def concerns_somebody(incident: Incident) -> bool:
    """Tell whether somebody may need support: named as affected, injured, or hit by an event that hits people."""
    if incident.injury in INJURIES or incident.affected in PERSONS:
        return True
    hits_people = incident.affects_persons and incident.kind not in NOTHING_HAPPENED
    return hits_people and incident.affected != Affected.NOBODY


def open_offer(incident: Incident) -> SupportOffer | None:
    """Return the latest offer that nobody has answered yet, if the case still is one in which support is offered."""
    if incident.withdrawn_at or incident.disposed_at or not concerns_somebody(incident):
        return None
    return incident.support_offers.filter(answer="").order_by("-offered_at", "-pk").first()


def wanted(incident: Incident) -> SupportOffer | None:
    """Return the latest offer that was accepted and not yet carried out."""
    return incident.support_offers.filter(WAITS).order_by("-offered_at", "-pk").first()


def who_sees_to_it(incident: Incident) -> User | None:
    """Return the one who has the case, else the one who acts for the employer; never one it is kept from."""
    not_these = passed_over([incident])[incident.pk]
    held = incident.assignments.filter(ended_at__isnull=True, person__is_active=True).exclude(person__in=not_these)
    if assignment := held.select_related("person").first():
        return assignment.person
    acting = next_handlers([incident], clock.today())[incident.pk]
    return acting.person if acting else None


def support_waiting(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the cases that ``user`` handles in which somebody has said yes to support and not had it, closed ones too.

    Never their own reports.
    """
    waiting = Exists(SupportOffer.objects.filter(WAITS, incident=OuterRef("pk")))
    own = Identity.objects.filter(person=user, role=Identity.Role.REPORTER).values("incident")
    shared = Incident.objects.shared_with(user, HANDLE_INCIDENT)
    by_seat = Incident.objects.permitted(user, HANDLE_INCIDENT).exclude(pk__in=own)
    for cases in (shared, by_seat) if scope.holds(HANDLE_INCIDENT) else (shared,):
        for case in cases.filter(waiting).select_related("body").order_by("reported_at", "pk")[:MOST_SHOWN]:
            yield WorkItem(
                title=_("See that support is given, report %(number)s") % {"number": case.label},
                url=reverse("incidents:support", args=[case.public_id]),
                why=case.body.name,
                due_on=clock.today(),
                tone="new",
            )
