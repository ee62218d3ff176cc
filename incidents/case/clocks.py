"""Duties to notify on a case's pages: the row on the first one, and their own page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.case.row import CaseRow
from incidents.case.way import way_to_part
from incidents.clocks.conditions import missing
from incidents.clocks.facts import facts_of
from incidents.clocks.keys import OPEN_KEYS, SEVERAL_INJURED
from incidents.clocks.words import law_says, moment, time_left, title_of
from incidents.models import Incident, NoticeChange, NoticeState, StatutoryNotice
from incidents.services.answers import label_of
from incidents.services.notifying import RUNNING, rules_of
from incidents.sight import Sight
from organisation import clock

TONES = {
    NoticeState.TO_DECIDE: "new",
    NoticeState.DUE: "go",
    NoticeState.DONE: "done",
    NoticeState.NOT_NEEDED: "off",
    NoticeState.WITHDRAWN: "off",
}


def clocks_row(incident: Incident, sight: Sight) -> CaseRow | None:
    """Return where the duties stand; none to those who don't handle the case, when there are no duties."""
    notices = list(incident.notices.exclude(state=NoticeState.WITHDRAWN).select_related("rule"))
    if not notices and not sight.handles:
        return None
    tone, status = _standing(notices, sight, clock.now())
    hint = ", ".join(title_of(one.rule) for one in notices)
    return CaseRow(_("Notify authorities"), reverse("incidents:notices", args=[incident.public_id]), status, tone, hint)


def _standing(notices: list[StatutoryNotice], sight: Sight, now: datetime) -> tuple[str, str]:
    """Return tone and words of the most urgent duty; the one who reported meets no alarm."""
    if not notices:
        return "", _("Nothing to notify")
    running = [one for one in notices if one.state in RUNNING]
    if not running:
        return "done", _("Done")
    if not sight.handles:
        return "wait", _("Being handled")
    # One that follows a step that is not done yet has no time of its own.
    first = min(running, key=lambda one: (one.due_at is None, one.due_at or now))
    words = _("To be decided") if first.state == NoticeState.TO_DECIDE else _("To be notified")
    if first.due_at is None:
        return "go", words
    late = first.due_at <= now
    return "late" if late else TONES[NoticeState(first.state)], f"{words}: {time_left(first.due_at, now)}"


def notices_page(incident: Incident, sight: Sight) -> dict[str, Any]:
    """Return the context of the page of a case's duties."""
    now = clock.now()
    notices = list(incident.notices.select_related("rule", "decided_by", "done_by").prefetch_related("changes__by"))
    notices.sort(key=lambda one: (one.rule.position, one.pk))
    return {
        "case": incident,
        "sight": sight,
        "duties": [_duty(one, notices, sight, now) for one in notices],
        "heading": _heading(notices),
        "aware_at": moment(incident.became_aware_at),
        "unanswered": _unanswered(incident) if sight.handles else [],
        "one_report": get_text_list(_one_report(notices), _("and")),
        "way_here": way_to_part(incident, sight),
    }


def _heading(notices: list[StatutoryNotice]) -> str:
    """The finding: how much is left to do."""
    running = sum(one.state in RUNNING for one in notices)
    if running:
        words = ngettext(
            "%(n)s notification is left to decide or make", "%(n)s notifications are left to decide or make", running
        )
        return words % {"n": running}
    return _("All notifications are decided or made") if notices else _("Nothing has to be notified")


def _duty(notice: StatutoryNotice, notices: list[StatutoryNotice], sight: Sight, now: datetime) -> dict[str, Any]:
    rule = notice.rule
    led = any(one.rule.key == rule.decided_with for one in notices)
    late = sight.handles and notice.state in RUNNING and notice.due_at is not None and notice.due_at <= now
    return {
        "notice": notice,
        "title": title_of(rule),
        "tone": "late" if late else TONES[NoticeState(notice.state)],
        "state": _("The time is out") if late else notice.get_state_display(),
        "facts": _facts(notice, now),
        "story": [_step(change, sight) for change in reversed(notice.changes.all())],
        "url": rule.url if notice.state == NoticeState.DUE else "",
        "may_decide": sight.handles and not led and notice.state in RUNNING | {NoticeState.NOT_NEEDED},
        "may_be_done": sight.handles and notice.state == NoticeState.DUE,
        "may_add_receipt": sight.handles and notice.state == NoticeState.DONE,
    }


def _facts(notice: StatutoryNotice, now: datetime) -> list[dict[str, Any]]:
    rule = notice.rule
    facts: list[tuple[str, Any]] = [(_("To whom"), rule.authority), (_("Basis"), rule.basis)]
    if words := law_says(rule):
        facts.append((_("When, by law"), capfirst(words)))
    if notice.state in RUNNING:
        due = (
            f"{moment(notice.due_at)} ({time_left(notice.due_at, now)})"
            if notice.due_at
            else _("Follows the step before")
        )
        facts.append((_("At the latest"), due))
    if notice.decided_at and notice.decided_by:
        facts.append((_("Decided"), f"{moment(notice.decided_at)}, {notice.decided_by.name}"))
    if notice.done_at and notice.done_by:
        facts.append((_("Notified"), moment(notice.done_at)))
        facts.append((_("Number of the receipt"), notice.receipt))
    if rule.unconfirmed:
        facts.append((_("Note"), _("Check with the authority that this rule and this authority are the right ones.")))
    return [{"key": key, "value": value} for key, value in facts]


def _step(change: NoticeChange, sight: Sight) -> dict[str, str]:
    titles = {
        "": _("Called for by the answers"),
        NoticeState.WITHDRAWN: _("Called for again by changed answers"),
    }
    title = titles.get(change.from_state) or str(NoticeState(change.to_state).label)
    if change.from_state == change.to_state:
        done = change.to_state == NoticeState.DONE
        title = _("Changed after it was notified") if done else _("The time has changed")
    elif change.to_state == NoticeState.TO_DECIDE and change.from_state not in titles:
        title = _("Answers have changed: to be decided again")
    who = change.by.name if change.by else ""
    return {"when": moment(change.at), "who": who, "title": title, "text": change.reason if sight.reads_text else ""}


def _one_report(notices: list[StatutoryNotice]) -> list[str]:
    """Return the authorities that one and the same report reaches, when two duties are left to do by it."""
    groups: dict[str, list[str]] = {}
    for one in notices:
        if one.rule.together and one.state in RUNNING:
            groups.setdefault(one.rule.together, []).append(one.rule.authority)
    return next((names for names in groups.values() if len(names) > 1), [])


def _unanswered(incident: Incident) -> list[str]:
    """Return the questions whose answers decide whether an authority must be notified, as far as they concern it."""
    facts = facts_of(incident)
    keys = set().union(*(missing(rule.condition, facts) for rule in rules_of(incident)))
    keys = {"injured_count" if key == SEVERAL_INJURED else key for key in keys}
    apart = {"personal_data", "significant_it"}
    concerned = keys - apart if incident.affects_persons else keys & set(OPEN_KEYS)
    return [label_of(key) for key in sorted(concerned)]
