"""The cases in "my work" of those who answer them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Identity, Incident, IncidentState
from incidents.permissions import HANDLE_INCIDENT
from organisation.access import Scope
from organisation.work import WorkItem

MOST_SHOWN = 20


def cases_waiting(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the open cases that ``user`` may answer, the most urgent first; never their own reports."""
    own = Identity.objects.filter(person=user, role=Identity.Role.REPORTER).values("incident_id")
    shared = Incident.objects.shared_with(user, HANDLE_INCIDENT)
    by_seat = Incident.objects.permitted(user, HANDLE_INCIDENT).exclude(pk__in=own)
    for cases in (shared, by_seat) if scope.holds(HANDLE_INCIDENT) else (shared,):
        yield from _items(cases.open().select_related("body").order_by("-serious", "answer_by", "pk")[:MOST_SHOWN])


def _items(cases: Iterable[Incident]) -> Iterator[WorkItem]:
    for case in cases:
        unread = case.state == IncidentState.NEW
        title = _("Read report %(number)s") if unread else _("Answer report %(number)s")
        yield WorkItem(
            title=title % {"number": case.label},
            url=reverse("incidents:case", args=[case.public_id]),
            why=f"{case.get_kind_display()}, {case.body}",
            due_on=case.answer_by,
            status=_("Serious") if case.serious else "",
            tone="late" if case.answer_is_late or case.serious else "new",
        )
