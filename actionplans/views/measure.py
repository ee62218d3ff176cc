"""One measure as it is promised: what, how, when, who answers today, with which resources, and how it goes."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplans.models import Measure, MeasureRisk, VersionState
from actionplans.permissions import CHANGE_PLAN
from actionplans.querysets import as_corrected
from actionplans.services import may_note_progress
from actionplans.snapshot import resources_of
from actionplans.views.fetching import Actions, measure_seen
from actionplans.views.progress import notes_of
from actionplans.wording import MEASURE_TONE, VERSION_TONE, day, resource
from organisation import clock
from organisation.access import Scope
from organisation.groups import actions_seen
from organisation.permissions import VIEW_BODY
from organisation.requests import PersonRequest
from organisation.responsibility import who_answers
from risks.models import Risk

# A draft is changed as it stands, what is in force by way of the next version.
CHANGEABLE = (VersionState.DRAFT, VersionState.IN_FORCE)


@login_required
@require_safe
def measure(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a plan promises, who answers for it today, which risks it answers, and what has been noted of it."""
    found = measure_seen(request, public_id)
    scope, version = Scope.of(request.user), found.version
    if version.state == VersionState.DRAFT and not scope.allows(CHANGE_PLAN, found.plan):
        raise Http404
    seat, today = found.responsible, clock.today()
    is_in_force = version.state == VersionState.IN_FORCE
    is_late = is_in_force and found.is_late(today)
    context = {
        "measure": found,
        "plan": found.plan,
        "version": version,
        "facts": _facts(found),
        "answer": who_answers(seat.body, seat.seat_type, today),
        "sees_seats": scope.holds(VIEW_BODY),
        "risks": _risks(request, found),
        "visible_actions": _origin_seen(request, found),
        "decision": _decision(found),
        "notes": notes_of(found),
        "status": _("Overdue") if is_late else found.get_state_display(),
        "tone": "late" if is_late else MEASURE_TONE[found.state],
        "version_tone": VERSION_TONE[version.state],
        "is_in_force": is_in_force,
        "may_note": is_in_force and may_note_progress(request.user, found),
        "may_change": version.state in CHANGEABLE and Actions(request.user, found.plan).edit,
    }
    return render(request, "actionplans/measure_page.html", context)


def _facts(found: Measure) -> list[dict[str, Any]]:
    lines = resources_of(found)
    return [
        {"key": _("How"), "value": found.how},
        {"key": _("Start"), "value": day(found.starts_on)},
        {"key": _("When"), "value": day(found.due_on)},
        {"key": _("Responsible"), "value": f"{found.responsible.seat_type.title}, {found.responsible.body.name}"},
        {"key": _("Resources"), "value": "\n".join(resource(line, year=True) for line in lines)},
        {"key": _("Type"), "value": capfirst(found.get_type_display())},
        {"key": _("Area"), "value": found.area.name if found.area else None},
    ]


def _risks(request: PersonRequest, found: Measure) -> list[dict[str, Any]]:
    """Return the risks that the measure answers; those that the person may not open are named without a link."""
    ties = MeasureRisk.objects.filter(municipality=found.municipality, measure=found).select_related("risk")
    risks = [tie.risk for tie in ties.order_by("-risk__sort_key", "-risk__pk")]
    seen = set(Risk.objects.visible_to(request.user).filter(measure_ties__measure=found).values_list("pk", flat=True))
    return [{"risk": risk, "seen": risk.pk in seen} for risk in risks]


def _origin_seen(request: PersonRequest, found: Measure) -> set[int]:
    """Return the id of the group's action that the measure was made of, if the person may open it."""
    if found.from_action_id is None:
        return set()
    return set(actions_seen(request.user).filter(pk=found.from_action_id).values_list("pk", flat=True))


def _decision(found: Measure) -> Any:
    """Return the decision that adopted the version, as last corrected; none while nothing is decided."""
    tie = found.version.decisions.filter(is_final=True).select_related("decision__meeting").first()
    return as_corrected([tie.decision])[0] if tie else None
