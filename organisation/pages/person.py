"""What the page of a person tells the administrator: facts, seats with their dates, and what has been changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation import clock
from organisation.models import ALWAYS, Appointment, User

MOST_CHANGES = 50
FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "external_id": gettext_lazy("Personnel id"),
}


@dataclass(frozen=True)
class HeldSeat:
    """An appointment as the page shows it."""

    appointment: Appointment
    period: str
    tone: str
    status: str


@dataclass(frozen=True)
class Change:
    """One change: when, by whom, and what differs."""

    at: datetime
    title: str
    text: str
    who: str

    @property
    def when(self) -> str:
        """The moment in words."""
        return date_format(timezone.localtime(self.at), "j F Y H.i")


def facts_of(person: User) -> list[dict[str, Any]]:
    """Return what is known of the person, row by row."""
    rows = [
        {"key": _("E-mail"), "value": person.email},
        {"key": _("Personnel id"), "value": person.external_id or _("None: not employed, or not in the staff lists")},
    ]
    if person.left_at is not None:
        rows.append({"key": _("Left"), "value": date_format(timezone.localtime(person.left_at), "j F Y H.i")})
    return rows


def seats_of(person: User) -> list[HeldSeat]:
    """Return the person's seats: those held, those to come, and then those of the past."""
    today = clock.today()
    held = [one for one in Appointment.objects.filter(person=person).with_seat() if one.valid_from != one.valid_to]
    ordered = sorted(held, key=lambda one: (_place(one, today), -one.valid_from.toordinal()))
    words = {0: ("go", _("Holds it now")), 1: ("wait", _("To come")), 2: ("off", _("Ended"))}
    return [HeldSeat(one, period_of(one.valid_from, one.valid_to), *words[_place(one, today)]) for one in ordered]


def _place(held: Appointment, today: date) -> int:
    if held.is_in_force(today):
        return 0
    return 1 if held.valid_from > today else 2


def period_of(valid_from: date, valid_to: date | None) -> str:
    """Return [valid_from, valid_to) in words: its first and its last day."""
    begins = date_format(valid_from, "j F Y") if valid_from > ALWAYS else ""
    if valid_to is not None and valid_to <= valid_from:
        return _("taken back the day it began")
    if valid_to is None:
        return _("since %(day)s") % {"day": begins} if begins else _("until further notice")
    last = date_format(valid_to - timedelta(days=1), "j F Y")
    return _("%(first)s – %(last)s") % {"first": begins, "last": last} if begins else _("until %(day)s") % {"day": last}


def changes_of(person: User) -> list[Change]:
    """Return the newest changes of the person and of who they were appointed as, newest first; three queries."""
    found = [*_of_the_person(person), *_of_appointments(person)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST_CHANGES]


def _of_the_person(person: User) -> Iterator[Change]:
    rows = list(
        person.history.select_related("history_user").order_by("-history_date", "-history_id")[: MOST_CHANGES + 1]
    )
    for now, before in zip_longest(rows[:MOST_CHANGES], rows[1:]):
        if before is None:
            yield _change(now, _("Added") if now.history_type == "+" else _("Changed"), "")
            continue
        differences = [
            _("%(what)s: %(before)s → %(after)s")
            % {"what": label, "before": getattr(before, name) or "–", "after": getattr(now, name) or "–"}
            for name, label in FIELDS.items()
            if getattr(before, name) != getattr(now, name)
        ]
        title = _("Changed")
        if before.is_active != now.is_active:
            title = _("Came back") if now.is_active else _("Left")
        if differences or before.is_active != now.is_active or now.history_change_reason:
            yield _change(now, title, "; ".join(differences))


def _of_appointments(person: User) -> Iterator[Change]:
    rows = Appointment.history.filter(person=person).order_by("-history_date", "-history_id")
    rows = rows.select_related("history_user", "seat__seat_type", "seat__body")[: MOST_CHANGES * 2]
    later: dict[int, Any] = {}
    for row in rows:
        if now := later.get(row.id):
            yield _changed_appointment(now, row)
        later[row.id] = row
    for row in later.values():
        if row.history_type == "+":
            yield _change(row, _("Appointed: %(seat)s") % {"seat": _seat(row)}, period_of(row.valid_from, row.valid_to))


def _changed_appointment(now: Any, before: Any) -> Change:
    periods = (period_of(before.valid_from, before.valid_to), period_of(now.valid_from, now.valid_to))
    ended = before.valid_to is None and now.valid_to is not None
    title = _("Appointment ended: %(seat)s") if ended else _("Appointment changed: %(seat)s")
    return _change(now, title % {"seat": _seat(now)}, " → ".join(dict.fromkeys(periods)))


def _seat(row: Any) -> str:
    return f"{row.seat.seat_type.title}, {row.seat.body.name}"


def _change(row: Any, title: str, text: str) -> Change:
    why = row.history_change_reason or ""
    who = row.history_user.name if row.history_user else ""
    return Change(at=row.history_date, title=title, text=". ".join(part for part in (text, why) if part), who=who)
