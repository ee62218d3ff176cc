"""The record of processing (GDPR article 30), made from what the portal is: fields, rights, rules and duties.

A new kind of field, seat, authority or retention rule shows here without anybody writing it down again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from incidents.catalogue import CATALOGUE, Kept
from incidents.disclosure.fields import IDENTITY, NARRATIVE, OPEN
from incidents.disclosure.items import FACTS
from incidents.models import Affected, ClockRule, Identity, IncidentKind, RetentionRule
from incidents.permissions import HANDLE_INCIDENT, READ_NARRATIVE, VIEW_INCIDENT
from organisation import clock
from organisation.models import AUTHORITIES, Appointment, Body, Municipality, SeatKind
from organisation.roles import kinds_with


@dataclass(frozen=True)
class Section:
    """One heading of the record, the letter of article 30.1 that it answers, and its lines."""

    title: str
    article: str
    lines: list[str]


def record_of(municipality: Municipality) -> list[Section]:
    """Return the record for the municipality as things stand today."""
    return [
        Section(_("Controllers"), "30.1 a", _controllers(municipality)),
        Section(_("Data-protection officer"), "30.1 a", _officers(municipality)),
        Section(_("Purposes and legal basis"), "30.1 b", _purposes()),
        Section(_("Whose data"), "30.1 c", _whose()),
        Section(_("Which data"), "30.1 c", _which()),
        Section(_("Who receives them"), "30.1 d", _recipients(municipality)),
        Section(_("Transfers to other countries"), "30.1 e", [_("None: the portal sends nothing out of the country.")]),
        Section(_("How long they are kept"), "30.1 f", _kept(municipality)),
        Section(_("Security"), "30.1 g", _security()),
    ]


def _controllers(municipality: Municipality) -> list[str]:
    """Each committee and each company is a controller of its own."""
    bodies = Body.objects.filter(municipality=municipality, kind__in=AUTHORITIES).in_force(clock.today())
    return list(bodies.order_by("kind", "name").values_list("name", flat=True))


def _officers(municipality: Municipality) -> list[str]:
    held = Appointment.objects.in_force(clock.today()).filter(
        municipality=municipality, seat__seat_type__kind=SeatKind.DATA_PROTECTION_OFFICER
    )
    named = [f"{one.person.name}, {one.person.email}" for one in held.with_seat().order_by("pk")]
    return named or [_("Nobody holds the seat today.")]


def _purposes() -> list[str]:
    return [
        _("To receive and handle reports of incidents, near misses and risks at work and in the services (AML 3:2)."),
        _("To notify authorities where the law says so (AML 3:3a, SFB 42:10, GDPR art. 33)."),
        _("To offer support to those affected."),
        _("To count what happens, so that it happens less often; figures name nobody."),
        _("Legal basis: legal obligation and task in the public interest (art. 6.1 c and e)."),
        _("Health data: work environment and public interest (art. 9.2 b, g and h)."),
    ]


def _whose() -> list[str]:
    roles = [str(capfirst(label)) for _value, label in Identity.Role.choices]
    affected = [str(label) for value, label in Affected.choices if value not in (Affected.NOBODY, Affected.UNSAID)]
    return [
        *roles,
        _("Affected persons as a group: %(groups)s") % {"groups": ", ".join(affected).lower()},
        _("The other party, as a kind of person only; there is no search by name."),
        _("Employees and elected representatives who handle or read cases."),
    ]


def _which() -> list[str]:
    asked = {kept: _sentences(one.label for one in CATALOGUE.values() if one.kept is kept) for kept in Kept}
    told = ", ".join(str(label).lower() for _name, label in FACTS)
    lines = {
        OPEN: _("Counted: %(fields)s.") % {"fields": told},
        NARRATIVE: _("In own words, kept apart: what happened, messages, files, notes of handling. Asked: %(asked)s")
        % {"asked": asked[Kept.NARRATIVE]},
        IDENTITY: _("Names and contact details, kept apart: %(asked)s") % {"asked": asked[Kept.IDENTITY]},
    }
    kinds = ", ".join(str(label).lower() for _value, label in IncidentKind.choices)
    return [
        _("Kinds of event: %(kinds)s.") % {"kinds": kinds},
        *lines.values(),
        _("Health data: kind and degree of injury, care and absence."),
        _("The read log: who has opened what and when."),
    ]


def _sentences(labels: Iterable[Any]) -> str:
    """Return the words of questions after each other; what is no question ends with a full stop."""
    words = [str(label) for label in labels]
    return " ".join(one if one.endswith("?") else f"{one}." for one in words)


def _recipients(municipality: Municipality) -> list[str]:
    def seats(permission: str) -> str:
        return ", ".join(str(SeatKind(kind).label) for kind in kinds_with(permission))

    rules = ClockRule.objects.filter(municipality=municipality).in_force(clock.today())
    authorities = list(dict.fromkeys(rules.order_by("position", "key").values_list("authority", flat=True)))
    lines = [
        _("Text: %(seats)s, each for their own workplaces.") % {"seats": seats(READ_NARRATIVE)},
        _("Names: %(seats)s, each for their own workplaces.") % {"seats": seats(HANDLE_INCIDENT)},
        _("That something has happened, without text and names: %(seats)s.") % {"seats": seats(VIEW_INCIDENT)},
        _("Whoever asks for an official document, after an assessment of secrecy."),
    ]
    if authorities:
        lines.append(_("Authorities that are notified: %(names)s.") % {"names": ", ".join(authorities)})
    return lines


def _kept(municipality: Municipality) -> list[str]:
    rules = RetentionRule.objects.filter(municipality=municipality).in_force(clock.today()).select_related("decided_by")
    lines = [_rule(rule) for rule in rules.order_by("kind")]
    if not lines:
        lines = [_("Cases: kept until the municipality has decided about disposal.")]
    return [
        *lines,
        _("Unsent reports: 24 hours."),
        _("Exports about a person: 7 days."),
    ]


def _rule(rule: RetentionRule) -> str:
    kind = str(IncidentKind(rule.kind).label) if rule.kind in IncidentKind.values else _("Other kinds")
    kept = _("%(years)s years after closing") % {"years": rule.keep_years} if rule.keep_years else _("for ever")
    facts = {
        "kind": kind,
        "kept": kept,
        "body": rule.decided_by.name,
        "day": date_format(rule.decided_on, "j F Y"),
        "paragraph": rule.paragraph,
    }
    return _("%(kind)s: %(kept)s (%(body)s %(day)s, § %(paragraph)s)") % facts


def _security() -> list[str]:
    return [
        _("Rights follow seats that are held today, and are read on each request."),
        _("Text and names stand in tables of their own; lists, exports, papers, mail and logs carry neither."),
        _("Every opening of a text is logged and shown to the reporter and to the officer."),
        _("Log-in with a second factor, as the municipality decides."),
        _("Files are checked, drawn anew and scanned before anybody opens them."),
    ]
