"""The secretary's pages: what the meeting decided, in steps that end on a check page; minutes; corrections."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplans import services
from actionplans.forms import CorrectionForm, DecisionForm, MinutesForm, changes_formset
from actionplans.models import PlanVersion, VersionState
from actionplans.paper import points_of
from actionplans.permissions import RECORD_DECISION
from actionplans.snapshot import content_of
from actionplans.views.drafting import PAGE_METHODS, refused
from actionplans.views.fetching import decision_seen, plan_seen
from actionplans.wording import Difference, day, differences, kronor
from organisation.access import require
from organisation.decisions import as_corrected
from organisation.errors import DomainError
from organisation.models import Meeting, Outcome
from organisation.requests import PersonRequest


@login_required
@require_http_methods(PAGE_METHODS)
def record_decision(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask what the meeting decided, ask for its changes, show all for a check, and record it."""
    plan = plan_seen(request, public_id)
    require(request.user, RECORD_DECISION, plan)
    version = plan.versions.filter(state=VersionState.SUBMITTED).first()
    step = request.POST.get("step", "")
    if version is None and step != "record":
        messages.error(request, str(services.AlreadyDecided.message))
        return redirect("actionplans:plan", plan.public_id)
    version = version or plan.versions.order_by("-number")[0]
    version.plan = plan
    flow = DecisionFlow(request, version)
    if step == "record" and flow.is_recorded:
        return redirect("actionplans:plan", plan.public_id)
    if request.method != "POST" or step == "details" or not flow.form.is_valid():
        return flow.show_details()
    if flow.changes is not None and not flow.changes.is_valid():
        return flow.show_changes()
    if step == "record" and flow.record():
        messages.success(request, _("The decision is recorded."))
        return redirect("actionplans:plan", plan.public_id)
    return flow.show_details() if flow.form.errors else flow.show_check()


class DecisionFlow:
    """The steps of recording a decision: details, changes, check. Each carries the answers of the others along."""

    def __init__(self, request: PersonRequest, version: PlanVersion) -> None:
        self.request = request
        self.version = version
        self.form = DecisionForm(request.POST or None, initial={"expected_hash": version.content_hash})
        self.changes: Any = None
        self.differences: list[Difference] = []
        if request.method == "POST" and self.form.is_valid() and self.form.with_changes:
            answered = "changes-TOTAL_FORMS" in request.POST
            self.changes = changes_formset(request.POST if answered else None, version)

    @property
    def is_recorded(self) -> bool:
        """Tell whether this very form has been sent before and was recorded."""
        if not self.form.is_valid():
            return False
        key = self.form.cleaned_data["submission_key"]
        return services.recorded(submission_key=key, by=self.request.user) is not None

    def record(self) -> bool:
        """Record the decision; a refusal stands at the form afterwards."""
        answers = self.form.cleaned_data
        try:
            services.record_decision(
                version=self.version,
                expected_hash=answers["expected_hash"],
                held_on=answers["held_on"],
                minutes=self.form.minutes(),
                minutes_approved_on=answers["minutes_approved_on"],
                measure_changes=self.changes.changes() if self.changes is not None else (),
                submission_key=answers["submission_key"],
                by=self.request.user,
            )
        except services.PlanChanged as error:
            self.differences = differences(error.changes, content_of(self.version))
            refused(self.form, error)
        except DomainError as error:
            refused(self.form, error)
        return not self.form.errors

    def show_details(self) -> HttpResponse:
        """The questions about the meeting."""
        context = self._context(carried=self._carried("changes-"))
        failed = self.request.method == "POST" and bool(self.form.errors)
        return render(self.request, "actionplans/decision.html", context, status=422 if failed else 200)

    def show_changes(self) -> HttpResponse:
        """The measures, to be changed as the meeting changed them."""
        context = self._context(carried=self._carried(but="changes-"))
        failed = self.changes.is_bound and not self.changes.is_valid()
        return render(self.request, "actionplans/decision_changes.html", context, status=422 if failed else 200)

    def show_check(self) -> HttpResponse:
        """Everything that will be recorded, before it is."""
        context = self._context(carried=self._carried())
        context |= {"rows": self._rows(), "changed": self._changed(), "points": points_of(content_of(self.version))}
        return render(self.request, "actionplans/decision_check.html", context)

    def _context(self, carried: list[tuple[str, str]]) -> dict[str, Any]:
        return {
            "plan": self.version.plan,
            "version": self.version,
            "form": self.form,
            "changes": self.changes,
            "differences": self.differences,
            "carried": carried,
        }

    def _carried(self, only: str = "", but: str = "") -> list[tuple[str, str]]:
        """Return posted answers to be sent along as hidden fields: those whose name begins with ``only``."""
        left_out = {"csrfmiddlewaretoken", "step"}
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in left_out and name.startswith(only) and not (but and name.startswith(but))
            for value in values
        ]

    def _rows(self) -> list[dict[str, Any]]:
        answers = self.form.cleaned_data
        return [
            {"key": _("Meeting"), "value": f"{self.version.plan.body.name}, {day(answers['held_on'])}"},
            {"key": _("Decision"), "value": capfirst(Outcome(answers["outcome"]).label)},
            {"key": _("Paragraph (§)"), "value": answers["section"]},
            {"key": _("Registry number (dnr)"), "value": answers["registry_number"]},
            {"key": _("Minutes approved"), "value": day(answers["minutes_approved_on"]) or _("Not yet")},
            {"key": _("Item approved at once"), "value": day(answers["approved_at_once_on"]) or _("No")},
            {"key": _("Reservations"), "value": answers["reservations"] or _("None")},
            {"key": _("Special statements"), "value": answers["special_statements"] or _("None")},
            {"key": _("Conflicts of interest"), "value": answers["conflicts_of_interest"] or _("None")},
        ]

    def _changed(self) -> list[Difference]:
        """Return the meeting's changes field by field: as submitted, as decided."""
        found = []
        for form in self.changes.forms if self.changes is not None else ():
            what = form.initial["what"]
            for name in form.changed_data:
                field = f"{what}: {form.fields[name].label}"
                found.append(
                    Difference(
                        field, _shown(form, name, form.initial.get(name)), _shown(form, name, form.cleaned_data[name])
                    )
                )
        return found


def _shown(form: Any, name: str, value: Any) -> str:
    """Return a value of a change form in words."""
    if name == "due_on":
        return day(value)
    if name == "money":
        return kronor(value or 0)
    if name == "remove":
        return _("Yes") if value else _("No")
    if name == "responsible":
        field = form.fields[name]
        seat = field.queryset.filter(pk=getattr(value, "pk", value)).first()
        return field.label_from_instance(seat) if seat else ""
    return str(value)


@login_required
@require_http_methods(PAGE_METHODS)
def minutes(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note when the minutes of the meeting that approved the plan were approved."""
    plan = plan_seen(request, public_id)
    require(request.user, RECORD_DECISION, plan)
    waiting = Meeting.objects.filter(
        decisions__plan_decisions__version__plan=plan,
        decisions__plan_decisions__version__state=VersionState.PRELIMINARY,
    )
    meeting = waiting.select_related("body").distinct().first()
    if meeting is None:
        messages.error(request, _("No decision on this plan waits for its minutes."))
        return redirect("actionplans:plan", plan.public_id)
    form = MinutesForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            services.approve_minutes(meeting=meeting, on=form.cleaned_data["approved_on"], by=request.user)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The minutes are approved and the plan is in force."))
            return redirect("actionplans:plan", plan.public_id)
    context = {"plan": plan, "meeting": meeting, "form": form}
    return render(request, "actionplans/minutes.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(PAGE_METHODS)
def correct_decision(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct how a decision was written down; the first writing stays and is superseded."""
    tie = decision_seen(request, public_id)
    plan = tie.version.plan
    require(request.user, RECORD_DECISION, plan)
    standing = as_corrected(tie.decision)
    names = ("section", "registry_number", "reservations", "special_statements", "conflicts_of_interest")
    form = CorrectionForm(request.POST or None, initial={name: getattr(standing, name) for name in names})
    if request.method == "POST" and form.is_valid():
        item = form.minutes(standing.outcome, standing.approved_at_once_on)
        try:
            services.correct_decision(tie=tie, minutes=item, by=request.user)
        except DomainError as error:
            refused(form, error)
        else:
            messages.success(request, _("The decision is corrected. What was written first is kept."))
            return redirect("actionplans:version", tie.version.public_id)
    context = {"plan": plan, "tie": tie, "decision": standing, "form": form}
    return render(request, "actionplans/correct.html", context, status=422 if form.errors else 200)
