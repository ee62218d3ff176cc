"""Once a week, whoever appoints is told by mail of the seats that have stood vacant; never daily, never for nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from notifications.mail import send_mail_to
from organisation import clock
from organisation.appointers import appointer_of, may_appoint_to
from organisation.models import (
    ALWAYS,
    REPRESENTATIVES,
    Appointment,
    Municipality,
    Seat,
    SeatKind,
    User,
    Vacancy,
)
from organisation.roster import Roster
from organisation.vacancies import take_in_the_day

# A seat that was left the other day is somebody's work already; a week later it may have been forgotten.
FORGOTTEN_AFTER = timedelta(days=7)
MOST_LISTED = 20


def remind_appointers(municipality: Municipality) -> int:
    """Tell everyone who appoints of the seats that have stood vacant for a week or more; return how many were told.

    Of a seat for which no person appoints in the portal, the municipality's administrators are told. However often
    it runs, each person gets one mail a week.
    """
    take_in_the_day(municipality)
    today = clock.today()
    waiting = seats_by_appointer(municipality, today)
    week = today.isocalendar()
    for person, vacancies in waiting.items():
        with override(settings.LANGUAGE_CODE):
            send_mail_to(
                person=person,
                subject=_subject(len(vacancies)),
                body=_body(vacancies, today),
                once_key=f"vacancies:{week.year}-W{week.week:02d}",
            )
    return len(waiting)


def seats_by_appointer(municipality: Municipality, on: date) -> Mapping[User, Sequence[Vacancy]]:
    """Return the person who appoints → the vacancies that are a week old or more, the oldest first."""
    old = Vacancy.objects.filter(municipality=municipality, since__lte=on - FORGOTTEN_AFTER)
    # The union's seats are the union's: the employer is reminded of none.
    employers = old.exclude(seat__seat_type__kind__in=REPRESENTATIVES)
    vacancies = list(employers.select_related("seat").order_by("since", "pk"))
    if not vacancies:
        return {}
    roster = Roster(municipality, on)
    seats: dict[int, Seat] = {seat.pk: seat for seat in roster.every_seat()}
    named: dict[User, list[Vacancy]] = defaultdict(list)
    without: list[Vacancy] = []
    for vacancy in vacancies:
        vacancy.seat = seats[vacancy.seat_id]
        person = appointer_of(vacancy.seat, roster).person
        (named[person] if person is not None else without).append(vacancy)
    for person, theirs in list(named.items()):
        may = may_appoint_to(person, [vacancy.seat for vacancy in theirs], roster)
        without += [vacancy for vacancy in theirs if vacancy.seat_id not in may]
        named[person] = [vacancy for vacancy in theirs if vacancy.seat_id in may]
    for administrator in _administrators(municipality, on) if without else ():
        named[administrator] += without
    return {person: sorted(theirs, key=lambda one: (one.since, one.pk)) for person, theirs in named.items() if theirs}


def _administrators(municipality: Municipality, on: date) -> list[User]:
    held = Appointment.objects.held(on).filter(
        municipality=municipality, seat__seat_type__kind=SeatKind.ADMINISTRATOR, seat__not_needed_reason=""
    )
    return list(User.objects.filter(pk__in=held.values("person_id")))


def _subject(number: int) -> str:
    return ngettext(
        "%(number)s seat that you appoint to is vacant", "%(number)s seats that you appoint to are vacant", number
    ) % {"number": number}


def _body(vacancies: Sequence[Vacancy], on: date) -> str:
    lines = [_line(vacancy, on) for vacancy in vacancies[:MOST_LISTED]]
    if (more := len(vacancies) - MOST_LISTED) > 0:
        lines.append(_("and %(more)s more") % {"more": more})
    text = _(
        "These seats have stood vacant for a week or more:\n\n%(seats)s\n\n"
        "Log in to the safety portal and open %(path)s"
    )
    return text % {"seats": "\n".join(lines), "path": reverse("organisation:vacancies")}


def _line(vacancy: Vacancy, on: date) -> str:
    words = {"seat": vacancy.seat.seat_type.title, "body": vacancy.seat.body.name}
    if vacancy.since <= ALWAYS:
        return _("– %(seat)s, %(body)s: nobody is known to have held it") % words
    days = (on - vacancy.since).days
    words |= {"day": date_format(vacancy.since, "j F Y"), "days": str(days)}
    return (
        ngettext(
            "– %(seat)s, %(body)s: vacant since %(day)s, %(days)s day",
            "– %(seat)s, %(body)s: vacant since %(day)s, %(days)s days",
            days,
        )
        % words
    )
