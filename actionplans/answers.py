"""What plans tell the floors below: measures that answer a risk, and what waits for a person."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actionplans.models import UNFINISHED, Measure, Plan, PlanVersion, VersionState
from actionplans.permissions import CHANGE_PLAN, RECORD_DECISION, VIEW_PLAN
from actionplans.wording import MEASURE_TONE
from organisation import clock
from organisation.access import Scope
from organisation.models import Appointment, SeatKind
from organisation.work import WorkItem
from risks.answers import Answer
from risks.models import Risk

# A list of work that nobody can read to its end helps nobody.
MOST = 25


def measures_answering(risk: Risk, scope: Scope) -> list[Answer]:
    """Return the measures, in force or on their way, that answer ``risk`` and that ``scope`` may see.

    A measure that stands both in force and in the next version is named once, as it is in force.
    """
    visible = Measure.objects.current().filter(risk_ties__risk=risk).filter(scope.condition(VIEW_PLAN, "plan__body"))
    drafts_of = scope.bodies(CHANGE_PLAN).values_list("pk", flat=True)
    shown = visible.select_related("plan__body", "version", "responsible__seat_type", "responsible__body")
    found: dict[Any, Measure] = {}
    prepares = set(drafts_of)
    for measure in shown.order_by("version__number")[:MOST]:
        if measure.version.state == VersionState.DRAFT and measure.plan.body_id not in prepares:
            continue
        found.setdefault(measure.key, measure)
    return [_answer(measure) for measure in found.values()]


def _answer(measure: Measure) -> Answer:
    in_force = measure.version.state == VersionState.IN_FORCE
    late = in_force and measure.is_late(clock.today())
    status = measure.get_state_display() if in_force else measure.version.get_state_display()
    return Answer(
        title=measure.what,
        url=reverse("actionplans:measure", args=[measure.public_id]),
        responsible=f"{measure.responsible.seat_type.title}, {measure.responsible.body.name}",
        due_on=measure.due_on,
        status=_("Overdue") if late else status,
        tone="late" if late else MEASURE_TONE[measure.state],
        where=measure.plan.title,
    )


def work(user: Any, scope: Scope) -> Iterable[WorkItem]:
    """Return what waits for ``user``: papers to read, decisions and minutes to record, measures to finish."""
    return [*_to_read(user), *_to_record(user, scope), *_to_finish(user)]


def _to_read(user: Any) -> list[WorkItem]:
    """Submitted plans of the bodies that the person sits in."""
    kinds = (SeatKind.CHAIR, SeatKind.MEMBER)
    held = Appointment.objects.in_force(clock.today()).filter(person_id=user.pk, seat__seat_type__kind__in=kinds)
    waiting = PlanVersion.objects.filter(state=VersionState.SUBMITTED, plan__body__in=held.values("seat__body_id"))
    return [
        WorkItem(
            title=_("Read “%(title)s”") % {"title": version.plan.title},
            url=reverse("actionplans:plan", args=[version.plan.public_id]),
            why=_("It is submitted for decision."),
        )
        for version in waiting.select_related("plan").order_by("submitted_at")[:MOST]
    ]


def _to_record(user: Any, scope: Scope) -> list[WorkItem]:
    if not scope.holds(RECORD_DECISION):
        return []
    waiting = PlanVersion.objects.filter(
        state__in=(VersionState.SUBMITTED, VersionState.PRELIMINARY),
        plan__in=Plan.objects.permitted(user, RECORD_DECISION),
    )
    words = {
        VersionState.SUBMITTED: (_("Record the decision on “%(title)s”"), "actionplans:decide"),
        VersionState.PRELIMINARY: (_("Approve the minutes for “%(title)s”"), "actionplans:minutes"),
    }
    items = []
    for version in waiting.select_related("plan").order_by("submitted_at")[:MOST]:
        title, name = words[VersionState(version.state)]
        url = reverse(name, args=[version.plan.public_id])
        items.append(WorkItem(title=title % {"title": version.plan.title}, url=url))
    return items


def _to_finish(user: Any) -> list[WorkItem]:
    """Measures in force that the person's seats answer for."""
    today = clock.today()
    held = Appointment.objects.in_force(today).filter(person_id=user.pk).values("seat_id")
    mine = Measure.objects.in_force(today).filter(responsible_id__in=held, state__in=UNFINISHED)
    return [
        WorkItem(
            title=_("Carry out “%(what)s”") % {"what": measure.what},
            url=reverse("actionplans:measure_progress", args=[measure.public_id]),
            why=_("It stands in “%(plan)s”, due %(day)s.")
            % {"plan": measure.plan.title, "day": date_format(measure.due_on, "DATE_FORMAT")},
            due_on=measure.due_on,
            status=measure.get_state_display(),
            tone=MEASURE_TONE[measure.state],
        )
        for measure in mine.select_related("plan").order_by("due_on", "pk")[:MOST]
    ]
