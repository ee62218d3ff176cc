"""What waits for the two sides in "my work": requests to answer, answers to read, stops that stand."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from organisation import clock
from organisation.access import Scope
from organisation.employer import who_acts
from organisation.models import RequestState, WorkEnvironmentRequest, WorkStop
from organisation.permissions import ANSWER_REQUEST, FILE_REQUEST
from organisation.roster import Roster
from organisation.union.asked import ANSWERS
from organisation.work import WorkItem

MOST_SHOWN = 20
# Requests without an answer are few; no more are looked through for those that wait for one person.
MOST_ASKED = 200
# An answer is news for so long.
NEWS = timedelta(days=14)


def union_work(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Yield stops that stand, requests that ``user`` answers, and answers and delays of the user's own requests."""
    if scope.holds(ANSWER_REQUEST) or scope.holds(FILE_REQUEST):
        yield from _standing(scope)
    if scope.holds(ANSWER_REQUEST):
        yield from _to_answer(user, scope)
    if scope.holds(FILE_REQUEST):
        yield from _of_own(user)


def _standing(scope: Scope) -> Iterator[WorkItem]:
    """Stops concern all in the line, and the representatives of the area, until they are lifted."""
    reach = scope.condition(ANSWER_REQUEST) | scope.condition(FILE_REQUEST)
    stops = WorkStop.objects.filter(reach, lifted_at__isnull=True).select_related("body")
    for stop in stops.order_by("stopped_at", "pk")[:MOST_SHOWN]:
        yield WorkItem(
            title=_("Agree on stop %(number)s, or ask the authority") % {"number": stop.label},
            url=reverse("organisation:stop", args=[stop.public_id]),
            why=f"{stop.work}, {stop.body}",
            due_on=clock.today(),
            status=_("Work is stopped"),
            tone="late",
        )


def _to_answer(user: Any, scope: Scope) -> Iterator[WorkItem]:
    """Requests for which ``user`` is the one who acts for the employer today."""
    waiting = WorkEnvironmentRequest.objects.filter(
        scope.condition(ANSWER_REQUEST),
        state__in=(RequestState.FILED, RequestState.REFERRED),
        answered_at__isnull=True,
    )
    rows = waiting.select_related("body__municipality", "appointment__person").order_by("answer_by", "pk")
    asked = list(rows[:MOST_ASKED])
    if not asked:
        return
    roster = Roster(asked[0].municipality, clock.today(), bodies={one.body_id for one in asked})
    for request in asked:
        acting = who_acts(request.body, clock.today(), but_not=request.appointment.person, roster=roster)
        if acting is not None and acting.person == user:
            yield _item(request, _("Answer request %(number)s"), late=request.is_late(clock.today()))


def _of_own(user: Any) -> Iterable[WorkItem]:
    """The representative's own requests: no answer in time, or one to read."""
    own = WorkEnvironmentRequest.objects.filter(appointment__person=user).select_related("body")
    late = own.filter(state=RequestState.FILED, answer_by__lt=clock.today()).order_by("answer_by", "pk")
    answered = own.filter(state__in=ANSWERS, answered_at__gt=clock.now() - NEWS).order_by("-answered_at", "-pk")
    for request in late[:MOST_SHOWN]:
        yield _item(request, _("Request %(number)s has no answer: you can refer it to the authority"), late=True)
    for request in answered[:MOST_SHOWN]:
        yield _item(request, _("Read the answer to request %(number)s"))


def _item(request: WorkEnvironmentRequest, title: str, *, late: bool = False) -> WorkItem:
    open_still = request.answered_at is None
    return WorkItem(
        title=title % {"number": request.label},
        url=reverse("organisation:request", args=[request.public_id]),
        why=f"{request.get_wanted_display()}, {request.body}",
        due_on=request.answer_by if open_still else None,
        status=_("Answer overdue") if late else "",
        tone="late" if late else "new",
    )
