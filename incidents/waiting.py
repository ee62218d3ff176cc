"""The cases in "my work" of those who have them, those that nobody has, and what is to be done in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import CaseTask, Identity, Incident, IncidentState
from incidents.permissions import HANDLE_INCIDENT
from organisation import clock
from organisation.access import Scope
from organisation.work import WorkItem

MOST_SHOWN = 20
# Reporters who have no answer yet before those who only wait for the case to be closed.
MOST_URGENT_FIRST = ("-serious", F("first_answered_at").asc(nulls_first=True), "answer_by", "pk")


def cases_waiting(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield the open cases that ``user`` has, and of those that nobody has the ones that ``user`` may answer.

    The most urgent first; never their own reports.
    """
    own = Identity.objects.filter(person=user, role=Identity.Role.REPORTER).values("incident_id")
    theirs = Incident.objects.visible_to(user).had_by(user)
    nobodys = Incident.objects.permitted(user, HANDLE_INCIDENT).had_by(None).exclude(pk__in=own)
    shared = Incident.objects.shared_with(user, HANDLE_INCIDENT).had_by(None)
    for cases in (theirs, shared, nobodys) if scope.holds(HANDLE_INCIDENT) else (theirs, shared):
        yield from _items(cases.open().select_related("body").order_by(*MOST_URGENT_FIRST)[:MOST_SHOWN])


def tasks_waiting(user: Any, _scope: Scope) -> Iterator[WorkItem]:
    """Yield what ``user`` is to do in open cases that they may still see: what it is, never in whose words."""
    tasks = CaseTask.objects.filter(
        assigned_to=user, done_at__isnull=True, incident__in=Incident.objects.visible_to(user).open()
    )
    # To answer the reporter is what the case itself asks for.
    tasks = tasks.exclude(kind=CaseTask.Kind.FEEDBACK)
    by_day = tasks.select_related("incident__body").order_by(F("due_on").asc(nulls_last=True), "pk")
    for task in by_day[:MOST_SHOWN]:
        late = task.due_on is not None and task.due_on < clock.today()
        yield WorkItem(
            title=f"{task.get_kind_display()}, {task.incident.label}",
            url=reverse("incidents:tasks", args=[task.incident.public_id]),
            why=task.incident.body.name,
            due_on=task.due_on,
            status=_("Overdue") if late else "",
            tone="late" if late else "new",
        )


def messages_waiting(user: Any, _scope: Scope) -> Iterator[WorkItem]:
    """Yield the open cases that ``user`` has in which the reporter has written something that nobody has read."""
    unread = Q(messages__from_reporter=True, messages__read_at__isnull=True)
    cases = Incident.objects.visible_to(user).had_by(user).open().filter(unread).distinct()
    for case in cases.select_related("body").order_by("pk")[:MOST_SHOWN]:
        yield WorkItem(
            title=_("Read what the reporter has written, %(number)s") % {"number": case.label},
            url=reverse("incidents:messages", args=[case.public_id]),
            why=case.body.name,
        )


def _items(cases: Iterable[Incident]) -> Iterator[WorkItem]:
    for case in cases:
        yield WorkItem(
            title=_what_waits(case) % {"number": case.label},
            url=reverse("incidents:case", args=[case.public_id]),
            why=f"{case.get_kind_display()}, {case.body}",
            # The promised day is that of the first answer.
            due_on=case.answer_by if case.first_answered_at is None else None,
            status=_("Serious") if case.serious else "",
            tone="late" if case.answer_is_late or case.serious else "new",
        )


def _what_waits(case: Incident) -> str:
    if case.state == IncidentState.NEW:
        return _("Read report %(number)s")
    return _("Answer report %(number)s") if case.first_answered_at is None else _("Close report %(number)s")
