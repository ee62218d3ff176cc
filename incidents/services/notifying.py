"""Duties to notify in one case: computed from its answers, decided with a reason, done with a receipt."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.clocks.conditions import answers_something, holds, keys_in
from incidents.clocks.facts import facts_of
from incidents.clocks.keys import SEVERAL_INJURED
from incidents.clocks.rules import rules_in_force
from incidents.clocks.times import due_at
from incidents.clocks.words import title_of
from incidents.errors import DecidedWithAnother, ReasonMissing, TimeRefused
from incidents.models import ClockRule, Incident, IncidentStatus, NoticeChange, NoticeState, StatutoryNotice
from incidents.services.locking import locked_for_handler, note
from organisation import clock
from organisation.errors import WrongState
from organisation.models import User

# Still to be decided or done: the time runs.
RUNNING = frozenset({NoticeState.TO_DECIDE, NoticeState.DUE})


def running_notices() -> QuerySet[StatutoryNotice]:
    """Return the duties whose time runs, without those of cases that are gone.

    One in a merged case runs on, unless the case that it was merged into has the same duty.
    """
    there = StatutoryNotice.objects.filter(incident=OuterRef("incident__merged_into"), rule__key=OuterRef("rule__key"))
    running = StatutoryNotice.objects.filter(state__in=RUNNING, due_at__isnull=False, incident__disposed_at=None)
    return running.exclude(Exists(there.exclude(state=NoticeState.WITHDRAWN)))


def rules_of(incident: Incident) -> list[ClockRule]:
    """Return the rules of the day on which the municipality became aware: a later change leaves old cases alone."""
    return rules_in_force(incident.municipality, timezone.localtime(incident.became_aware_at).date())


def start_clocks(incident: Incident, *, open_answers: Mapping[str, Any] | None = None) -> list[StatutoryNotice]:
    """Begin the duties that a new report's answers call for (R98, AML 3:3a, SFB 42:10, GDPR 33, 2025:1506).

    ``open_answers`` are the answers without a column, when the caller holds them. No query when nothing was
    answered, else one, and two more when something must be notified.
    """
    facts = facts_of(incident, open_answers)
    now = clock.now()
    started: dict[str, StatutoryNotice] = {}
    # What was answered nothing to calls for nothing, and its rules need not be read: so it is with most reports.
    for rule in rules_of(incident) if answers_something(facts) else ():
        if holds(rule.condition, facts):
            started[rule.key] = _new(incident, rule, started)
    if not started:
        return []
    StatutoryNotice.objects.bulk_create(started.values())
    NoticeChange.objects.bulk_create(_change(one, "", None, now) for one in started.values())
    return list(started.values())


@transaction.atomic
def recompute_notices(incident: Incident, *, by: User | None = None, changed: Collection[str] = ()) -> None:
    """Compute anew what must be notified, after answers have changed; the caller holds the case's lock.

    ``changed`` names the columns and open answers that have changed: a decision that rested on one of them is to be
    made again, any other stays. What has been notified stays notified. Each change leaves its row.
    """
    told = set(changed) | ({SEVERAL_INJURED} if "injured_count" in changed else set())
    facts = facts_of(incident)
    standing = {one.rule.key: one for one in incident.notices.select_related("rule").order_by("pk")}
    rules = {rule.key: rule for rule in rules_of(incident)}
    # A rule that has ended meanwhile still holds for the cases that rest on it.
    rules |= {key: one.rule for key, one in standing.items() if key not in rules}
    for key, rule in rules.items():
        called_for = holds(rule.condition, facts)
        if key in standing:
            _renew(standing[key], rule, called_for, bool(told & keys_in(rule.condition)), standing, by)
        elif called_for:
            standing[key] = _new(incident, rule, standing)
            standing[key].save()
            _change(standing[key], "", by, clock.now()).save()
    _follow(standing, by)


@transaction.atomic
def decide_notice(*, notice: StatutoryNotice, notifiable: bool, reason: str, by: User) -> StatutoryNotice:
    """Decide, with a reason, whether the authority must be notified; for steps of one event, once for all.

    Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``, ``DecidedWithAnother``, ``WrongState``.
    """
    incident, standing = _locked(notice, by)
    notice = standing[notice.rule.key]
    wanted = NoticeState.DUE if notifiable else NoticeState.NOT_NEEDED
    if notice.state == wanted and notice.decided_by_id == by.pk:
        return notice
    if notice.rule.decided_with in standing:
        raise DecidedWithAnother
    if notice.state not in RUNNING | {NoticeState.NOT_NEEDED} or (notice.state == wanted and notice.decided_by_id):
        raise WrongState
    if not reason.strip():
        raise ReasonMissing
    notice.decided_at, notice.decided_by = clock.now(), by
    _move(notice, wanted, by, reason.strip())
    _follow(standing, by)
    _tell(incident, notice, by, reason.strip())
    return notice


@transaction.atomic
def note_notified(
    *, notice: StatutoryNotice, at: datetime, receipt: str, by: User, also: Collection[StatutoryNotice] = ()
) -> StatutoryNotice:
    """Note that the authority was notified at the moment ``at``, and the number of its receipt, which may come later.

    ``also`` are the other duties that the same report met. Raises ``NotAllowed``, ``OwnReport``, ``TimeRefused``,
    ``WrongState`` when it must be decided first, or is done.
    """
    incident, standing = _locked(notice, by)
    if not _can_be(at, incident):
        raise TimeRefused
    for key in dict.fromkeys(one.rule.key for one in (notice, *also)):
        one = standing[key]
        same_report = key == notice.rule.key or one.rule.together == notice.rule.together != ""
        if one.state != NoticeState.DUE or not same_report:
            raise WrongState
        one.done_at, one.done_by, one.receipt = at, by, receipt.strip()
        _move(one, NoticeState.DONE, by)
        _tell(incident, one, by)
    for follower in standing.values():
        base = standing.get(follower.rule.due.get("after", ""))
        if base is not None and follower.state in RUNNING and _retime(follower, base.done_at):
            _record(follower, follower.state, by)
    return standing[notice.rule.key]


@transaction.atomic
def note_receipt(*, notice: StatutoryNotice, receipt: str, by: User) -> StatutoryNotice:
    """Write down, or correct, the number of the authority's receipt; raises as ``note_notified``."""
    incident, standing = _locked(notice, by)
    notice = standing[notice.rule.key]
    if notice.state != NoticeState.DONE or not receipt.strip():
        raise WrongState
    if notice.receipt != receipt.strip():
        before, notice.receipt = notice.receipt, receipt.strip()
        _record(notice, notice.state, by, before)
        _tell(incident, notice, by)
    return notice


@transaction.atomic
def change_aware_at(*, incident: Incident, at: datetime, reason: str, by: User) -> Incident:
    """Correct when the municipality became aware of the event, from which every duty's time is counted.

    Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``, ``TimeRefused``.
    """
    incident = locked_for_handler(incident, by)
    if not reason.strip():
        raise ReasonMissing
    if not _can_be(at, incident):
        raise TimeRefused
    if at != incident.became_aware_at:
        incident.became_aware_at = at
        incident.save(update_fields=["became_aware_at"])
        note(incident, IncidentStatus.Change.NOTICE, by=by, reason=reason.strip())
        recompute_notices(incident, by=by)
    return incident


def _locked(notice: StatutoryNotice, by: User) -> tuple[Incident, dict[str, StatutoryNotice]]:
    """Lock the case for its handler; return it and its duties by key."""
    incident = locked_for_handler(notice.incident, by)
    rows = incident.notices.select_related("rule").order_by("pk")
    return incident, {one.rule.key: one for one in rows}


def _can_be(at: datetime, incident: Incident) -> bool:
    return at <= clock.now() and timezone.localtime(at).date() >= incident.occurred_on


def _new(incident: Incident, rule: ClockRule, standing: Mapping[str, StatutoryNotice]) -> StatutoryNotice:
    notice = StatutoryNotice(municipality=incident.municipality, incident=incident, rule=rule)
    base = standing.get(rule.due.get("after", ""))
    _retime(notice, base.done_at if base else None)
    notice.state = _first_state(notice, standing)
    return notice


def _first_state(notice: StatutoryNotice, standing: Mapping[str, StatutoryNotice]) -> str:
    """To be decided first, where the rule says so; a step of an event stands as the one that is decided for it."""
    leader = standing.get(notice.rule.decided_with)
    if leader is None:
        return NoticeState.TO_DECIDE if notice.rule.needs_decision else NoticeState.DUE
    notice.decided_at, notice.decided_by = leader.decided_at, leader.decided_by
    return NoticeState.DUE if leader.state == NoticeState.DONE else leader.state


def _retime(notice: StatutoryNotice, base_done_at: datetime | None) -> bool:
    """Set from when and until when the time runs; tell whether it has changed. Who was told is told anew then."""
    after = notice.rule.due.get("after")
    started = base_done_at if after and base_done_at else notice.incident.became_aware_at
    due = due_at(notice.rule.due, started) if base_done_at or not after else None
    if (notice.started_at, notice.due_at) == (started, due):
        return False
    notice.started_at, notice.due_at = started, due
    notice.reminded_at = notice.overdue_told_at = notice.escalated_at = None
    return True


def _renew(
    notice: StatutoryNotice,
    rule: ClockRule,
    called_for: bool,
    touched: bool,
    standing: Mapping[str, StatutoryNotice],
    by: User | None,
) -> None:
    """Bring one standing duty in line with the answers. ``touched``: an answer that the rule asks for has changed."""
    if notice.state == NoticeState.DONE:
        if touched:
            # Done is done; whether the authority must be told of the change is for a person to see.
            _record(notice, notice.state, by)
        return
    if not called_for:
        if notice.state != NoticeState.WITHDRAWN:
            _move(notice, NoticeState.WITHDRAWN, by)
        return
    notice.rule = rule
    base = standing.get(rule.due.get("after", ""))
    moved = _retime(notice, base.done_at if base else None)
    back = notice.state == NoticeState.WITHDRAWN
    if back or (touched and notice.decided_at is not None):
        notice.decided_at = notice.decided_by = None
        notice.reminded_at = notice.overdue_told_at = notice.escalated_at = None
        _move(notice, _first_state(notice, standing), by)
    elif moved:
        _record(notice, notice.state, by)


def _follow(standing: Mapping[str, StatutoryNotice], by: User | None) -> None:
    """Let the steps of an event stand as the one that is decided for them all."""
    for notice in standing.values():
        leader = standing.get(notice.rule.decided_with)
        if leader is None or notice.state in (NoticeState.DONE, NoticeState.WITHDRAWN):
            continue
        if leader.state == NoticeState.WITHDRAWN:
            continue
        wanted = _first_state(notice, standing)
        if notice.state != wanted:
            _move(notice, wanted, by)


def _move(notice: StatutoryNotice, wanted: str, by: User | None, reason: str = "") -> None:
    before, notice.state = notice.state, wanted
    _record(notice, before, by, reason)


def _record(notice: StatutoryNotice, before: str, by: User | None, reason: str = "") -> None:
    notice.save()
    _change(notice, before, by, clock.now(), reason).save()


def _change(notice: StatutoryNotice, before: str, by: User | None, at: datetime, reason: str = "") -> NoticeChange:
    return NoticeChange(
        notice=notice,
        from_state=before,
        to_state=notice.state,
        due_at=notice.due_at,
        by=by,
        at=at,
        reason=reason,
    )


def _tell(incident: Incident, notice: StatutoryNotice, by: User, reason: str = "") -> None:
    """Append to the case's story which duty was decided or done; the words are for those who may read the text."""
    with override(settings.LANGUAGE_CODE):
        parts: Iterable[str] = (title_of(notice.rule), str(notice.get_state_display()), reason)
        words = _("%(duty)s: %(state)s. %(reason)s") % dict(zip(("duty", "state", "reason"), parts, strict=True))
    note(incident, IncidentStatus.Change.NOTICE, by=by, reason=words.strip())
