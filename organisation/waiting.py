"""What waits for a person in groups and between chairs, for "My work"."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation import clock
from organisation.access import Scope
from organisation.groups import own_actions
from organisation.matters import age_in_words, days_open, matters_seen
from organisation.models import Assignment
from organisation.permissions import COORDINATE_MATTER, RUN_GROUP, TAKE_OVER_MATTER
from organisation.work import WorkItem

# A list of work that nobody can read to its end helps nobody.
MOST = 25
# An assignment is the convener's to think of from a month before it is due.
SOON = timedelta(days=30)


def group_work(user: Any, scope: Scope) -> Iterable[WorkItem]:
    """Return the person's own open actions, and the assignments that are due in groups that they convene."""
    return [*_own_actions(user), *_assignments_due(scope)]


def _own_actions(user: Any) -> Iterable[WorkItem]:
    mine = own_actions(user).unfinished().select_related("meeting__body")  # type: ignore[attr-defined]
    for action in mine.order_by("due_on", "pk")[:MOST]:
        words = {"group": action.meeting.body.name, "day": date_format(action.meeting.held_on, "DATE_FORMAT")}
        yield WorkItem(
            title=action.what,
            url=reverse("organisation:group_action", args=[action.public_id]),
            why=_("Agreed on by %(group)s, %(day)s") % words,
            due_on=action.due_on,
        )


def _assignments_due(scope: Scope) -> Iterable[WorkItem]:
    """For conveners of single groups; those who coordinate all of them see the list of groups."""
    groups = scope.own.get(RUN_GROUP)
    if not groups:
        return
    due = Assignment.objects.unfinished().filter(body__in=groups, due_on__lte=clock.today() + SOON)
    for assignment in due.select_related("body").order_by("due_on", "pk")[:MOST]:
        yield WorkItem(
            title=_("See to the assignment “%(title)s”") % {"title": assignment.title},
            url=reverse("organisation:assignment", args=[assignment.public_id]),
            why=_("Given to %(group)s") % {"group": assignment.body.name},
            due_on=assignment.due_on,
        )


def matters_waiting(user: Any, scope: Scope) -> Iterable[WorkItem]:
    """Return the matters that nobody has taken: for the safety unit as one, for the bodies concerned one by one."""
    if scope.holds(COORDINATE_MATTER):
        return _to_coordinate(user)
    return _to_take_over(user, scope)


def _to_coordinate(user: Any) -> Iterable[WorkItem]:
    matters, today = matters_seen(user).open().order_by("raised_at", "pk"), clock.today()
    oldest, number = matters.first(), matters.count()
    if oldest is None:
        return
    title = ngettext(
        "Coordinate %(number)s matter between chairs", "Coordinate %(number)s matters between chairs", number
    )
    days = days_open(oldest, today)
    why = ngettext("The oldest has been open for %(days)s day", "The oldest has been open for %(days)s days", days)
    yield WorkItem(
        title=title % {"number": number}, url=reverse("organisation:matters"), why=why % {"days": days}, tone="wait"
    )


def _to_take_over(user: Any, scope: Scope) -> Iterable[WorkItem]:
    """Only for bodies in which the person's own seat stands: those above see the list."""
    own = scope.roots.get(TAKE_OVER_MATTER)
    if not own:
        return
    matters = matters_seen(user).open().filter(involved__body__in=own).distinct().order_by("raised_at", "pk")
    for matter in matters[:MOST]:
        yield WorkItem(
            title=_("Take over, or say whose it is: %(question)s") % {"question": matter.question},
            url=reverse("organisation:matter", args=[matter.public_id]),
            why=_("Between chairs, %(age)s") % {"age": age_in_words(matter, clock.today())},
        )
