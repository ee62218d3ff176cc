"""What the page of one seat tells: who holds it and did, who is away, who answers meanwhile, and who appoints."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.answer_words import in_a_sentence, who_of
from organisation.appointers import appointer_of, may_appoint_to
from organisation.models import ALWAYS, REPRESENTATIVES, Absence, Appointment, Seat, User, Vacancy
from organisation.responsibility import who_answers
from organisation.roster import Roster
from organisation.seat_words import actors_of, rule_of
from organisation.services.appointing import rules_ask_for

# Who held a seat long ago is read in its history; a page of hundreds helps nobody.
MOST_EARLIER = 30


@dataclass(frozen=True)
class Holding:
    """One appointment as the page shows it; ``last_day`` is none while it runs until further notice."""

    appointment: Appointment
    person: User
    is_deputy: bool
    since: date | None
    last_day: date | None
    reference: str
    absences: list["Away"]
    is_own: bool


@dataclass(frozen=True)
class Away:
    """An absence as it is said: first and last day."""

    absence: Absence
    first_day: date
    last_day: date


def seat_page(seat: Seat, person: User, on: date) -> dict[str, Any]:
    """Return what ``person`` sees of ``seat`` on the day ``on``, and what they may do there."""
    roster = Roster(seat.municipality, on, bodies=[seat.body_id])
    seat.seat_type = roster.types[seat.seat_type_id]
    now, coming, earlier = _holdings(seat, person, on)
    vacancy = Vacancy.objects.filter(seat=seat).first()
    appointer = appointer_of(seat, roster)
    return {
        "seat": seat,
        "heading": _heading(seat, now, roster.vacant_since(seat)),
        "rule": rule_of(seat.seat_type, actors_of(seat.municipality, [seat.seat_type])),
        "vacancy": vacancy,
        "days": (on - vacancy.since).days if vacancy and vacancy.since > ALWAYS else None,
        "answer": who_answers(seat.body, seat.seat_type, on, roster=roster),
        "appointer": who_of(appointer) if seat.seat_type.kind not in REPRESENTATIVES else "",
        "now": now,
        "coming": coming,
        "earlier": earlier,
        "may_appoint": seat.pk in may_appoint_to(person, [seat], roster),
        "may_be_unneeded": not now and not coming and not rules_ask_for(seat),
    }


def _holdings(seat: Seat, person: User, on: date) -> tuple[list[Holding], list[Holding], list[Holding]]:
    """Return those who hold the seat, those who will, and the last ones who did."""
    lasting: QuerySet[Appointment] = seat.appointments.select_related("person").prefetch_related("absences")
    rows = list(lasting.exclude(valid_to__lte=on).order_by("is_deputy", "valid_from", "pk"))
    gone = lasting.filter(valid_to__lte=on).exclude(valid_from__gte=on).order_by("-valid_to", "-pk")[:MOST_EARLIER]
    return (
        [_holding(row, person, on) for row in rows if row.valid_from <= on],
        [_holding(row, person, on) for row in rows if row.valid_from > on and row.valid_to != row.valid_from],
        [_holding(row, person, on) for row in gone if row.valid_to != row.valid_from],
    )


def _holding(row: Appointment, person: User, on: date) -> Holding:
    return Holding(
        appointment=row,
        person=row.person,
        is_deputy=row.is_deputy,
        since=row.valid_from if row.valid_from > ALWAYS else None,
        last_day=_day_before(row.valid_to),
        reference=row.reference,
        absences=[
            Away(one, one.valid_from, last)
            for one in row.absences.all()
            if one.valid_to and one.valid_to > max(on, one.valid_from) and (last := _day_before(one.valid_to))
        ],
        is_own=row.person_id == person.pk,
    )


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _heading(seat: Seat, now: list[Holding], since: date | None) -> str:
    """Return the finding: who holds the seat, or that nobody does."""
    title = in_a_sentence(seat.seat_type.title)
    held = [holding for holding in now if not holding.is_deputy]
    if seat.not_needed_reason:
        return capfirst(_("no %(title)s is needed here") % {"title": title})
    if len(held) == 1:
        return _("%(person)s is %(title)s") % {"person": held[0].person.name, "title": title}
    if held:
        words = {"count": len(held), "title": title}
        return ngettext("%(count)s person is %(title)s", "%(count)s people are %(title)s", len(held)) % words
    if since is None:
        return capfirst(_("no %(title)s is appointed") % {"title": title})
    return capfirst(_("no %(title)s since %(day)s") % {"title": title, "day": date_format(since, "j F Y")})
