"""Correcting a case's answers: with a reason, with history, and with what must be notified computed anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.catalogue import CATALOGUE
from incidents.clocks.conditions import same_answer
from incidents.clocks.facts import yes_or_no
from incidents.clocks.keys import OPEN_KEYS
from incidents.errors import AnswersChanged, NotYetHappened, ReasonMissing, TimeRefused
from incidents.models import INJURIES, PROPERTY_KINDS, Incident, IncidentStatus, OpenAnswer, OtherParty
from incidents.services.locking import locked_for_handler, note
from incidents.services.notifying import recompute_notices
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import User

# What a handler may correct, in the order of the form; what was asked by other questions stays as it was answered.
COLUMNS = (
    "kind",
    "occurred_on",
    "occurred_at",
    "place",
    "event_channel",
    "other_party",
    "affected",
    "injury",
    "injury_degree",
    "injured_count",
    "absence_days",
    "working_alone",
    "happened_before",
    "threat_remains",
    "police_report",
)
CORRECTED = (*COLUMNS, *OPEN_KEYS)


def answers_of(incident: Incident) -> dict[str, Any]:
    """Return key → answer of everything that can be corrected, as it stands; costs one query."""
    kept = dict(incident.open_answers.filter(key__in=OPEN_KEYS).values_list("key", "value"))
    answers = {name: getattr(incident, name) for name in COLUMNS}
    return answers | {key: yes_or_no(kept.get(key)) for key in OPEN_KEYS}


@transaction.atomic
def change_answers(
    *, incident: Incident, answers: Mapping[str, Any], seen: Mapping[str, Any], reason: str, by: User
) -> Incident:
    """Correct or complete the case's answers, and compute anew what must be notified.

    ``answers`` holds the new answer of each key of ``CORRECTED``, ``seen`` what stood there when the form was opened:
    an answer that was left as it was seen stays as it is now. Raises ``NotAllowed``, ``OwnReport``, ``WrongState`` on a
    closed case, ``ReasonMissing``, ``NotYetHappened``, ``TimeRefused``, and ``AnswersChanged`` when somebody else has
    meanwhile given another answer to the same question.
    """
    incident = locked_for_handler(incident, by)
    if incident.is_closed:
        raise WrongState
    now = answers_of(incident)
    mine = {key: answers[key] for key in CORRECTED if key in answers and not _same(answers[key], seen.get(key))}
    theirs = [key for key in mine if not _same(now[key], seen.get(key)) and not _same(now[key], mine[key])]
    if theirs:
        raise AnswersChanged(theirs)
    changed = {key: answer for key, answer in mine.items() if not _same(answer, now[key])}
    if not changed:
        return incident
    if not reason.strip():
        raise ReasonMissing
    _check(incident, changed)
    _write(incident, changed)
    note(incident, IncidentStatus.Change.ANSWERS, by=by, reason=_story(changed, reason.strip()))
    recompute_notices(incident, by=by, changed=list(changed))
    return incident


def _same(one: Any, other: Any) -> bool:
    """No answer is kept as nothing or as an empty text."""
    empty = (None, "")
    if one in empty or other in empty:
        return one in empty and other in empty
    return same_answer(one, other)


def _check(incident: Incident, changed: Mapping[str, Any]) -> None:
    day: date = changed.get("occurred_on", incident.occurred_on)
    if day > clock.today():
        raise NotYetHappened
    if day > timezone.localtime(incident.became_aware_at).date():
        raise TimeRefused(_("The day lies after the municipality became aware of the event."))
    # From whom a case is kept is decided when it is reported; a correction neither opens nor closes it to anybody.
    if "other_party" in changed and OtherParty.MANAGER in (changed["other_party"], incident.other_party):
        raise NotAllowed(_("That the manager is the other party is only for the reporter to say."))


def _write(incident: Incident, changed: Mapping[str, Any]) -> None:
    columns = [key for key in changed if key in COLUMNS]
    for name in columns:
        empty: Any = None if Incident._meta.get_field(name).null else ""
        setattr(incident, name, empty if changed[name] in (None, "") else changed[name])
    if columns:
        incident.affects_persons = incident.kind not in PROPERTY_KINDS or incident.injury in INJURIES
        incident.save(update_fields=[*columns, "affects_persons"])
    for key in changed.keys() - set(columns):
        if changed[key] is None:
            OpenAnswer.objects.filter(incident=incident, key=key).delete()
        else:
            OpenAnswer.objects.update_or_create(incident=incident, key=key, defaults={"value": changed[key]})


def _story(changed: Mapping[str, Any], reason: str) -> str:
    """Which questions were answered anew, never with what, and why."""
    with override(settings.LANGUAGE_CODE):
        words = ", ".join(label_of(key) for key in CORRECTED if key in changed)
        return _("Answered anew: %(questions)s\n%(reason)s") % {"questions": words, "reason": reason}


def label_of(key: str) -> str:
    """Return the question in words."""
    question = CATALOGUE.get(key)
    own = {"kind": _("What happened?"), "occurred_on": _("Which day?")}
    return str(question.label) if question else own[key]
