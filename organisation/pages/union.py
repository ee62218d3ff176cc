"""What stands on the pages of requests and stops for one person: finding, facts, story, and what they may do."""

from datetime import date
from typing import Any

from django.db.models import Exists
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from organisation import clock
from organisation.access import Scope
from organisation.employer import who_acts
from organisation.models import (
    WORKPLACES,
    Appointment,
    Body,
    RequestState,
    RequestStatus,
    User,
    WorkEnvironmentRequest,
    WorkStop,
)
from organisation.pages.representatives import union_of
from organisation.permissions import VIEW_REQUEST
from organisation.union import asked as union
from organisation.union.representatives import representatives_of

TONES = {
    RequestState.FILED: "new",
    RequestState.ACCEPTED: "done",
    RequestState.PARTLY: "go",
    RequestState.REJECTED: "off",
    RequestState.REFERRED: "wait",
    RequestState.WITHDRAWN: "off",
}


def moment(at: Any) -> str:
    """Return day and time in words, in the municipality's time."""
    return date_format(localtime(at), "DATETIME_FORMAT")


def status_of(request: WorkEnvironmentRequest, on: date) -> dict[str, str]:
    """Return how the request stands, as a tag."""
    if request.is_late(on):
        return {"tone": "late", "words": _("Answer overdue")}
    return {"tone": TONES[RequestState(request.state)], "words": capfirst(request.get_state_display())}


def request_page(request: WorkEnvironmentRequest, person: User) -> dict[str, Any]:
    """Return the context of a request's page; to the one who filed it, it is the receipt."""
    today = clock.today()
    referable = union.may_refer(person, request, today)
    return {
        "asked": request,
        "heading": _finding(request, today),
        "status": status_of(request, today),
        "receipt": _receipt(request),
        "promised": _promised(request),
        "facts": _request_facts(request),
        "story": [_step(row) for row in request.statuses.select_related("by").order_by("-at", "-pk")],
        "may_answer": union.may_answer(person, request),
        "may_refer": referable and request.state != RequestState.REFERRED,
        "may_add_reference": referable and request.state == RequestState.REFERRED,
        "may_withdraw": union.may_withdraw(person, request),
        "is_filer": union.is_filer(person, request),
    }


def _finding(request: WorkEnvironmentRequest, on: date) -> str:
    words = {
        RequestState.FILED: _("Request %(number)s waits for the employer's answer"),
        RequestState.ACCEPTED: _("Request %(number)s is accepted"),
        RequestState.PARTLY: _("Request %(number)s is accepted in part"),
        RequestState.REJECTED: _("Request %(number)s is rejected"),
        RequestState.REFERRED: _("Request %(number)s is with the Work Environment Authority"),
        RequestState.WITHDRAWN: _("Request %(number)s is withdrawn"),
    }
    late = _("Request %(number)s should have been answered by now")
    return (late if request.is_late(on) else words[RequestState(request.state)]) % {"number": request.label}


def _receipt(request: WorkEnvironmentRequest) -> list[tuple[str, str]]:
    """Return what the representative writes down: the number, and the day of the answer while it waits."""
    rows = [(_("Number"), request.label)]
    if _waits(request):
        rows.append((_("Answer at the latest"), date_format(request.answer_by, "j F Y")))
    return rows


def _promised(request: WorkEnvironmentRequest) -> list[str]:
    """Return what the employer confirms: when it came in, who answers, and what the day stands for."""
    received = [_("The employer received it %(when)s.") % {"when": moment(request.filed_at)}]
    if not _waits(request):
        return received
    acting = who_acts(request.body, clock.today(), but_not=request.appointment.person)
    if acting is None:
        answers = _("No manager is appointed there just now. Those in charge have been told to see to it.")
    else:
        answers = _("%(who)s answers for the employer.") % {"who": f"{acting.person.name}, {acting.title},"}
    return [*received, answers, _("The law says without delay. The day is what the municipality promises.")]


def _waits(request: WorkEnvironmentRequest) -> bool:
    return request.answered_at is None and request.state != RequestState.WITHDRAWN


def _request_facts(request: WorkEnvironmentRequest) -> list[dict[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("Workplace"), request.body.name),
        (_("Asked by"), f"{request.appointment.person.name}, {request.appointment.seat.seat_type.title}"),
        (_("Asks for"), capfirst(request.get_wanted_display())),
        (_("What the employer should do"), request.text),
        (_("Why"), request.reason),
    ]
    if request.answered_at is not None and request.answered_by is not None:
        facts.append((_("The employer's answer"), request.answer))
        facts.append((_("Answered by"), f"{request.answered_by.name}, {moment(request.answered_at)}"))
    if request.referred_on is not None:
        facts.append((_("Referred to the authority"), date_format(request.referred_on, "j F Y")))
        facts.append((_("The authority's reference"), request.referral_reference))
    return [{"key": key, "value": value} for key, value in facts]


def _step(row: RequestStatus) -> dict[str, str]:
    titles = {
        RequestState.FILED: _("Filed; the employer has received it"),
        RequestState.ACCEPTED: _("Answered: accepted"),
        RequestState.PARTLY: _("Answered: accepted in part"),
        RequestState.REJECTED: _("Answered: rejected"),
        RequestState.REFERRED: _("Referred to the Work Environment Authority"),
        RequestState.WITHDRAWN: _("Withdrawn"),
    }
    added = _("The authority's reference is added")
    title = added if row.from_state == row.to_state else titles[RequestState(row.to_state)]
    return {"when": moment(row.at), "who": row.by.name, "title": title, "text": row.note}


def stop_page(stop: WorkStop, person: User) -> dict[str, Any]:
    """Return the context of a stop's page."""
    takes_part = union.takes_part(person, stop)
    heading = _("Work is stopped: %(work)s") if stop.stands else _("The stop is lifted: %(work)s")
    return {
        "stop": stop,
        "heading": heading % {"work": stop.work},
        "facts": _stop_facts(stop),
        "may_note_told": takes_part and stop.stands and stop.authority_told_at is None,
        "may_lift": bool(union.ways_to_lift(person, stop)),
    }


def _stop_facts(stop: WorkStop) -> list[dict[str, Any]]:
    acting = who_acts(stop.body, clock.today(), but_not=stop.appointment.person)
    facts: list[tuple[str, Any]] = [
        (_("Workplace"), stop.body.name),
        (_("Which work"), stop.work),
        (_("Why"), capfirst(stop.get_reason_display())),
        (_("Stopped since"), moment(stop.stopped_at)),
        (_("Stopped by"), f"{stop.appointment.person.name}, {stop.appointment.seat.seat_type.title}"),
        (_("Acts for the employer"), f"{acting.person.name}, {acting.title}" if acting else None),
        (_("The authority was told"), moment(stop.authority_told_at) if stop.authority_told_at else _("Not noted yet")),
    ]
    if stop.text:
        facts.insert(3, (_("The representative adds"), stop.text))
    if stop.lifted_at is not None and stop.lifted_by is not None:
        facts += [
            (_("Lifted"), f"{moment(stop.lifted_at)}, {stop.lifted_by.name}"),
            (_("Why it is lifted"), f"{capfirst(stop.get_lifted_how_display())}.\n{stop.lifted_because}"),
        ]
    return [{"key": key, "value": value} for key, value in facts]


def at_body(body: Body, person: User, on: date) -> dict[str, Any]:
    """Return who stands for ``body``, and the work that is stopped there, for those concerned by it."""
    standing = WorkStop.objects.filter(body=body, lifted_at__isnull=True).order_by("-stopped_at", "-pk")
    sees = Scope.of(person).allows(VIEW_REQUEST, body)
    if not sees:
        # Those who work there know it already.
        works_there = Appointment.objects.in_force(on).filter(person=person, seat__body=body)
        standing = standing.filter(Exists(works_there))
    return {
        "representatives": [{"appointment": one, "union": union_of(one)} for one in representatives_of(body, on)],
        "stops_here": list(standing),
        "opens_stops": sees,
        "can_have_representatives": body.kind in WORKPLACES,
    }
