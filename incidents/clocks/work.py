"""Duties to notify in "my work" of those who handle the cases: told by the case's number, never by the duty."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.clocks.words import time_left
from incidents.models import Identity, Incident, NoticeState, StatutoryNotice
from incidents.permissions import HANDLE_INCIDENT
from incidents.services.notifying import running_notices
from organisation import clock
from organisation.access import Scope
from organisation.work import WorkItem

MOST_SHOWN = 20


def clocks_running(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the duties that wait in the cases that ``user`` handles, the most urgent first; never in their own."""
    own = Identity.objects.filter(person=user, role=Identity.Role.REPORTER).values("incident_id")
    shared = Incident.objects.shared_with(user, HANDLE_INCIDENT)
    by_seat = Incident.objects.permitted(user, HANDLE_INCIDENT)
    now = clock.now()
    for cases in (shared, by_seat) if scope.holds(HANDLE_INCIDENT) else (shared,):
        running = running_notices().filter(incident__in=cases.exclude(pk__in=own))
        for notice in running.select_related("incident__body").order_by("due_at", "pk")[:MOST_SHOWN]:
            yield _item(notice, now)


def _item(notice: StatutoryNotice, now: datetime) -> WorkItem:
    case, due = notice.incident, notice.due_at or now
    to_decide = notice.state == NoticeState.TO_DECIDE
    words = _("Decide whether %(number)s must be notified") if to_decide else _("Notify the authority of %(number)s")
    return WorkItem(
        title=words % {"number": case.label},
        url=reverse("incidents:notices", args=[case.public_id]),
        why=f"{case.body}: {time_left(due, now)}",
        due_on=localtime(due).date(),
        status=_("The time is out") if due <= now else "",
        tone="late" if due <= now else "new",
    )
