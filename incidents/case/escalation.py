"""Escalation on a case's pages: the question whether it may get worse, who was asked when, and who answered."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.escalation import may_answer, was_called
from incidents.forms.escalation import AnswerEscalationForm, JudgeForm
from incidents.models import Escalation, EscalationCall, Incident, IncidentStatus
from incidents.sight import Sight
from organisation import clock
from organisation.models import User

JUDGED = (IncidentStatus.Change.ESCALATED, IncidentStatus.Change.NOT_ESCALATED)


def escalation_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return where escalation stands, to those who handle the case."""
    if not sight.handles:
        return None
    latest = incident.escalations.order_by("-asked_at", "-pk").first()
    tone, status = _standing(latest) if latest else _unasked(incident)
    return CaseRow(_("May it get worse?"), reverse("incidents:escalation", args=[incident.public_id]), status, tone)


def _standing(latest: Escalation) -> tuple[str, str]:
    if latest.acknowledged_at:
        return "done", _("Escalated and answered")
    if latest.exhausted_at:
        return "late", _("Escalated, nobody answers")
    return "go", _("Escalated, waits for an answer")


def _unasked(incident: Incident) -> tuple[str, str]:
    if incident.statuses.filter(change=IncidentStatus.Change.NOT_ESCALATED).exists():
        return "done", _("Judged: no")
    # A serious case is not left without an answer to this.
    return ("late", _("To be judged now")) if incident.serious and not incident.is_closed else ("", _("Not judged"))


def sees_escalation(incident: Incident, sight: Sight, person: User) -> bool:
    """Tell whether the page is for ``person``: who handles the case, who was asked, who is on duty; no reporter."""
    if sight.is_reporter:
        return False
    return sight.handles or was_called(person, incident) or may_answer(person, incident)


def escalation_page(incident: Incident, sight: Sight, person: User, *, sent: Any = None) -> dict[str, Any]:
    """Return the context of the page; ``sent`` is a form to show again with its errors."""
    rows = incident.escalations.select_related("asked_by", "acknowledged_by").prefetch_related("calls__person")
    escalations = list(rows.order_by("-asked_at", "-pk"))
    running = any(not one.acknowledged_at and not one.exhausted_at for one in escalations)
    judged = incident.statuses.filter(change=IncidentStatus.Change.NOT_ESCALATED).select_related("by")
    forms: dict[str, Any] = {}
    if sight.handles and not incident.is_closed and not running:
        forms["judge"] = JudgeForm()
    if may_answer(person, incident):
        forms["answer"] = AnswerEscalationForm()
    return {
        "case": incident,
        "sight": sight,
        "escalations": [_told(one) for one in escalations],
        "judged": [{"who": one.by, "when": _moment(one.at), "text": one.reason} for one in judged.order_by("-at")],
        "forms": {name: sent if isinstance(sent, type(form)) else form for name, form in forms.items()},
        "sent": sent,
        "page_error": sent is not None,
        "way_here": way_to_part(incident, sight),
    }


def _told(escalation: Escalation) -> dict[str, Any]:
    calls = sorted(escalation.calls.all(), key=lambda call: call.step)
    return {
        "asked": _("%(name)s, %(when)s") % {"name": escalation.asked_by.name, "when": _moment(escalation.asked_at)},
        "reason": escalation.reason,
        "calls": [_call(call, escalation) for call in calls],
        "answered_by": escalation.acknowledged_by,
        "answered_at": _moment(escalation.acknowledged_at) if escalation.acknowledged_at else "",
        "answer": escalation.answer,
        "exhausted": bool(escalation.exhausted_at and not escalation.acknowledged_at),
    }


def _call(call: EscalationCall, escalation: Escalation) -> dict[str, str]:
    """Return one call as a row: who was asked, how and when, and what came of it."""
    reached = call.person is not None or call.channel == EscalationCall.By.WEBHOOK
    if not reached:
        # The same words for an empty seat and for one whose holder is not to be asked.
        words, tone = _("Nobody could be reached"), "off"
    elif call.person_id and call.person_id == escalation.acknowledged_by_id:
        words, tone = _("Has answered"), "done"
    elif escalation.acknowledged_at or call.answer_by <= clock.now():
        words, tone = _("Did not answer in time"), "wait"
    else:
        answer_by = date_format(localtime(call.answer_by), "TIME_FORMAT")
        words, tone = _("Asked, answer by %(time)s") % {"time": answer_by}, "go"
    if escalation.acknowledged_at and tone == "wait" and call.answer_by > escalation.acknowledged_at:
        words = _("Was asked")
    return {
        "who": call.person.name if call.person else "",
        "title": call.title,
        "how": str(call.get_channel_display()) if reached else "",
        "when": _moment(call.called_at),
        "words": words,
        "tone": tone,
    }


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")
