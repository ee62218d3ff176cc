"""What the reporter sees of the own report, by code or logged in: where it stands, who has read it, what is said."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.case.attachments import files_of
from incidents.models import Incident, IncidentState, IncidentStatus, Message, ReadLog, SupportOffer
from incidents.receipt_page import reading_step, reporter_of
from incidents.services.conversation import open_question
from incidents.support import open_offer
from incidents.titles import titles_of
from organisation import clock
from organisation.answer_words import in_a_sentence

# A case has few; an end for whoever would write a book.
MOST_MESSAGES = 200


def status_page(incident: Incident, form: Any) -> dict[str, Any]:
    """Return the context of the page; ``form`` is the one for a message, with its errors."""
    if open_question(incident):
        form.fields["text"].label = _("Your answer")
    return {
        "incident": incident,
        "municipality": incident.municipality,
        "is_demo": incident.municipality.is_demo,
        "form": form,
        "steps": _steps(incident),
        "messages_told": [
            _told(one) for one in incident.messages.select_related("by").order_by("at", "pk")[:MOST_MESSAGES]
        ],
        "files": files_of(incident),
        "offer": open_offer(incident),
        "said_yes": incident.support_offers.filter(answer=SupportOffer.Answer.ACCEPTED).exists(),
    }


def _steps(incident: Incident) -> list[dict[str, Any]]:
    """Return what has happened and what comes next, in order."""
    read = _readings(incident)
    steps = [{"title": _("The report came in"), "detail": when(incident.reported_at), "done": True}, *read]
    if not read and not incident.is_closed:
        steps.append(reading_step(incident, reporter_of(incident)))
    if incident.withdrawn_at:
        words = _("You have withdrawn the report. It stays where it is, and is read all the same.")
        steps.append({"title": words, "detail": when(incident.withdrawn_at), "done": True})
    steps += [_change(status) for status in _answers(incident)]
    if read and not incident.is_closed:
        steps.append(_answer_to_come(incident))
    return steps


def _answer_to_come(incident: Incident) -> dict[str, Any]:
    """Return what an open case's reporter can expect: an answer, and after the first one the closing."""
    if incident.first_answered_at is not None:
        first = _("First answered %(when)s") % {"when": when(incident.first_answered_at)}
        return {"title": _("You are told when the case is closed"), "detail": first}
    day = date_format(incident.answer_by, "l j F Y") if incident.answer_by else ""
    return {"title": _("You get an answer by %(day)s at the latest") % {"day": day} if day else _("You get an answer")}


def _readings(incident: Incident) -> list[dict[str, Any]]:
    """Return who has read the report, by title and when first; names stand with the municipality."""
    first: dict[int, ReadLog] = {}
    for one in incident.readings.filter(what=ReadLog.What.CASE).order_by("at", "pk"):
        first.setdefault(one.by_id, one)
    titles = titles_of(first, incident.body, clock.today()) if first else {}
    somebody = _("somebody who handles the case")
    read_by = {pk: {"who": in_a_sentence(titles.get(pk, somebody))} for pk in first}
    return [
        {"title": _("Read by %(who)s") % read_by[pk], "detail": when(one.at), "done": True} for pk, one in first.items()
    ]


def _answers(incident: Incident) -> list[IncidentStatus]:
    """Return where the case was answered, or taken up again."""
    moved = incident.statuses.exclude(from_state=F("to_state")).order_by("at", "pk")
    return [one for one in moved if IncidentState.CLOSED in (one.from_state, one.to_state)]


def _change(status: IncidentStatus) -> dict[str, Any]:
    change = IncidentStatus.Change
    titles = {
        change.CLOSED_UNANSWERED: _("Closed without an answer"),
        change.MERGED: _("Handled together with another report"),
    }
    closed = status.to_state == IncidentState.CLOSED
    title = titles.get(change(status.change)) or (_("Answered and closed") if closed else _("Taken up again"))
    return {"title": title, "detail": f"{when(status.at)}. {status.reason}".strip(), "done": True}


def _told(message: Message) -> dict[str, Any]:
    mine, read = message.from_reporter, ""
    if message.read_at:
        read = _("Read %(when)s") % {"when": when(message.read_at)}
    elif mine:
        read = _("Not read yet")
    who = _("You") if mine else message.by.name if message.by else _("Those who handle the case")
    return {
        "title": f"{who}: {message.get_kind_display()}",
        "when": when(message.at),
        "text": message.text,
        "read": read if mine else "",
        "mine": mine,
    }


def when(moment: datetime) -> str:
    """Return a moment as it is said: "today 14.10", else with its day."""
    local = localtime(moment)
    if local.date() == clock.today():
        return _("today %(time)s") % {"time": date_format(local, "TIME_FORMAT")}
    return date_format(local, "DATETIME_FORMAT")
