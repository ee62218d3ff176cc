"""What the pages of safety representatives tell: who stands for what, since when, and where there is none."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisation.access import Scope
from organisation.answer_words import in_a_sentence
from organisation.models import (
    REPRESENTATIVES,
    Appointment,
    Body,
    BodyClosure,
    Mandate,
    Municipality,
    SeatKind,
    User,
)
from organisation.permissions import VIEW_BODY
from organisation.searching import holding
from organisation.union.representatives import mandates_in_force, standing_for

# As many workplaces, and people, as a search looks at: somebody who gets more writes more of the name.
MOST_NAMED = 50


def found_by(words: str, municipality: Municipality, on: date) -> "QuerySet[Appointment]":
    """Return the mandates in force of the people that ``words`` name, and for the workplaces that they name."""
    # Both, so that they are read in the order of their names from the index of people.
    mandates = mandates_in_force(on).filter(municipality=municipality, person__municipality=municipality)
    if not words.strip():
        return mandates
    bodies = Body.objects.of(municipality).in_force(on).filter(holding(words, "name")).order_by("name", "pk")
    named = list(bodies.values_list("pk", flat=True)[:MOST_NAMED])
    found = set(standing_for(named, on).values_list("pk", flat=True)) if named else set()
    people = mandates.filter(holding(words, "person__name")).order_by("person__name", "pk")
    found |= set(people.values_list("pk", flat=True)[:MOST_NAMED])
    return mandates.filter(pk__in=found)


def without_any(municipality: Municipality, on: date) -> "QuerySet[Body]":
    """Return the workplaces for which no union has appointed a safety representative, chiefs not counted.

    Whoever leaves ends every appointment, so nobody's account need be looked at.
    """
    held = Appointment.objects.in_force(on).filter(
        municipality=municipality, seat__seat_type__kind=SeatKind.SAFETY_REPRESENTATIVE
    )
    lasts = Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=on)
    place = Case(
        When(area__isnull=True, then="seat__body_id"), When(lasts, area__valid_from__lte=on, then="area__body_id")
    )
    covered = BodyClosure.objects.filter(ancestor_id__in=held.order_by().values(place=place), municipality=municipality)
    return Body.objects.of(municipality).in_force(on).workplaces().exclude(pk__in=covered.values("descendant_id"))


def listed(rows: Iterable[Appointment], on: date) -> list[dict[str, Any]]:
    """Return the mandates as they are listed; ``rows`` come with ``mandate`` and ``area__body``."""
    return [
        {
            "appointment": row,
            "is_chief": row.seat.seat_type.kind == SeatKind.CHIEF_SAFETY_REPRESENTATIVE,
            "union": union_of(row),
            "area": [body.name for body in area_of(row, on)],
        }
        for row in rows
    ]


def union_of(appointment: Appointment) -> str:
    """Return the union that gave notice; "" where none is recorded."""
    mandate: Mandate | None = getattr(appointment, "mandate", None)
    return mandate.union if mandate else ""


def area_of(appointment: Appointment, on: date) -> list[Body]:
    """Return the bodies of the area on the day ``on``: those that the union gave, else the seat's own."""
    parts = list(appointment.area.all())
    if not parts:
        return [appointment.seat.body]
    return sorted((part.body for part in parts if part.is_in_force(on)), key=lambda body: body.name)


def mandate_page(appointment: Appointment, on: date, *, may_record: bool) -> dict[str, Any]:
    """Return the context of one mandate's page."""
    lasts = appointment.valid_to is None or appointment.valid_to > on
    return {
        "appointment": appointment,
        "heading": _heading(appointment, on),
        "facts": _facts(appointment),
        "area": _area_rows(appointment, on),
        "may_record": may_record and lasts,
    }


def _heading(appointment: Appointment, on: date) -> str:
    words = {"name": appointment.person.name, "title": in_a_sentence(appointment.seat.seat_type.title)}
    if appointment.valid_from > on:
        return _("%(name)s will be %(title)s") % words
    if appointment.is_in_force(on):
        return _("%(name)s is %(title)s") % words
    return _("%(name)s has been %(title)s") % words


def _facts(appointment: Appointment) -> list[dict[str, Any]]:
    mandate: Mandate | None = getattr(appointment, "mandate", None)
    facts: list[tuple[str, Any]] = [
        (_("Union"), union_of(appointment) or None),
        (_("The seat is at"), appointment.seat.body.name),
        (_("From"), date_format(appointment.valid_from, "j F Y")),
        (_("Last day"), _day_before(appointment.valid_to) or _("Until further notice")),
        (_("The union gave notice"), date_format(mandate.notified_on, "j F Y") if mandate else None),
    ]
    if mandate and mandate.end_notified_on:
        facts.append((_("The union gave notice of the end"), date_format(mandate.end_notified_on, "j F Y")))
    return [{"key": key, "value": value} for key, value in facts]


def _area_rows(appointment: Appointment, on: date) -> list[dict[str, Any]]:
    """Return every body of the area with its days, those of today first; the seat's own where the union gave none."""
    parts = list(appointment.area.select_related("body").order_by("body__name", "valid_from"))
    if not parts:
        return [{"body": appointment.seat.body, "begins": appointment.valid_from, "last_day": "", "now": True}]
    rows = [
        {
            "body": part.body,
            "begins": part.valid_from,
            "last_day": _day_before(part.valid_to),
            "now": part.is_in_force(on),
        }
        for part in parts
        if part.valid_to is None or part.valid_to > part.valid_from
    ]
    return sorted(rows, key=lambda row: not row["now"])


def _day_before(day: date | None) -> str:
    return date_format(day - timedelta(days=1), "j F Y") if day else ""


def mandates_seen(user: User) -> "QuerySet[Appointment]":
    """Return all appointments of the unions' representatives that ``user`` may see, also those that have ended."""
    seen = Scope.of(user).condition(VIEW_BODY, "seat__body")
    rows: Any = Appointment.objects.filter(seen, seat__seat_type__kind__in=REPRESENTATIVES)
    return rows.with_seat().select_related("mandate", "municipality")
