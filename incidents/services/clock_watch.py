"""Telling those who handle a case, and then the next in line, that the time to notify an authority runs out."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.clocks import mails
from incidents.clocks.times import remind_at
from incidents.clocks.words import title_of
from incidents.line import next_handlers, passed_over, those_who_coordinate, those_who_had
from incidents.models import Incident, IncidentStatus, StatutoryNotice
from incidents.permissions import HANDLE_INCIDENT
from incidents.services.letting import let_handle
from incidents.services.locking import note
from incidents.services.notifying import RUNNING, running_notices
from organisation import clock
from organisation.access import Scope
from organisation.models import User

log = logging.getLogger(__name__)

# How long those who handle the case have, after they were told that the time is out, before the next in line is told.
BEFORE_THE_NEXT = timedelta(hours=2)


def watch_clocks() -> int:
    """Tell whoever must be told now; return how many duties that was about. Each is told once, however often it runs.

    A duty about which somebody can't be told does not keep the others waiting: it is tried again the next time.
    """
    now = clock.now()
    told = 0
    for pk in _due_to_be_told(now):
        try:
            told += watch_one(pk, now)
        except Exception as error:
            # Only the kind of error: what it says may hold a name.
            log.error("clock not told", extra={"notice_id": pk, "error": type(error).__name__})
    return told


@transaction.atomic
def watch_one(notice_id: int, now: datetime) -> bool:
    """Tell whoever must be told at ``now`` of one duty, as it stands under its lock; tell whether anybody was."""
    rows = StatutoryNotice.objects.select_for_update(of=("self",)).select_related(
        "rule", "incident__municipality", "incident__body__municipality"
    )
    notice = rows.filter(pk=notice_id, state__in=RUNNING, due_at__isnull=False).first()
    if notice is None or notice.due_at is None:
        return False
    if notice.overdue_told_at is None and notice.due_at <= now:
        _tell_handler(notice, mails.say_overdue, ("overdue_told_at", "reminded_at"), now)
    elif notice.reminded_at is None and remind_at(notice.started_at, notice.due_at) <= now:
        _tell_handler(notice, mails.remind, ("reminded_at",), now)
    elif _is_for_the_next(notice, now):
        _tell_the_next(notice, now)
    else:
        return False
    return True


def _due_to_be_told(now: datetime) -> list[int]:
    """The running duties of which somebody may have to be told at ``now``, the most urgent first."""
    waiting = running_notices().filter(
        Q(reminded_at__isnull=True)
        | Q(overdue_told_at__isnull=True, due_at__lte=now)
        | Q(escalated_at__isnull=True, overdue_told_at__lte=now - BEFORE_THE_NEXT)
    )
    rows = waiting.order_by("due_at", "pk").values_list("pk", "reminded_at", "started_at", "due_at")
    return [
        pk
        for pk, reminded, started, due in rows.iterator()
        if due and (reminded is not None or remind_at(started, due) <= now)
    ]


def _is_for_the_next(notice: StatutoryNotice, now: datetime) -> bool:
    told = notice.overdue_told_at
    return notice.escalated_at is None and told is not None and told <= now - BEFORE_THE_NEXT


def _tell_handler(notice: StatutoryNotice, tell: mails.Telling, stamps: Iterable[str], now: datetime) -> None:
    for person in _handlers(notice.incident):
        tell(notice, person)
    _stamp(notice, stamps, now)
    note(notice.incident, IncidentStatus.Change.REMINDED, by=None)


def _tell_the_next(notice: StatutoryNotice, now: datetime) -> None:
    """Tell the next in line after all who have had the case, and let them handle it; else those who coordinate."""
    incident, today = notice.incident, clock.today()
    had = those_who_had([incident])[incident.pk] | {person.pk for person in _handlers(incident)}
    superior = next_handlers([incident], today, had_it={incident.pk: had})[incident.pk]
    if superior is not None:
        let_handle(incident, superior.person, today)
        told = [superior.person]
    else:
        told = those_who_coordinate(incident)
    for person in told:
        mails.ask_superior(notice, person)
    _stamp(notice, ("escalated_at",), now)
    with override(settings.LANGUAGE_CODE):
        reason = _("%(duty)s: the time is out, and the next in line has been told.") % {"duty": title_of(notice.rule)}
    note(incident, IncidentStatus.Change.NOTICE, by=None, reason=reason)


def _handlers(incident: Incident) -> list[User]:
    """Return who has the case and may handle it still, else who answers for the workplace, else who coordinates."""
    given = incident.assignments.filter(ended_at__isnull=True, person__is_active=True).select_related("person").first()
    if given is not None and _may_handle(given.person, incident):
        return [given.person]
    acting = next_handlers([incident], clock.today())[incident.pk]
    if acting is not None and _may_handle(acting.person, incident):
        return [acting.person]
    return those_who_coordinate(incident)


def _may_handle(person: User, incident: Incident) -> bool:
    return person.pk not in passed_over([incident])[incident.pk] and Scope.of(person).allows(HANDLE_INCIDENT, incident)


def _stamp(notice: StatutoryNotice, names: Iterable[str], now: datetime) -> None:
    for name in names:
        setattr(notice, name, now)
    notice.save(update_fields=list(names))
