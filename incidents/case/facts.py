"""The facts at the top of a case, and those who may know more than others."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.case.story import moment
from incidents.models import Identity, Incident, IncidentQuerySet
from incidents.reader import reader_of_case
from incidents.sight import Sight
from organisation.models import User


def facts_of(incident: Incident, sight: Sight, person: User) -> list[dict[str, Any]]:
    """Return key and value of each fact, with what can be done about it."""
    facts = [
        _fact(_("What"), incident.get_kind_display()),
        _fact(_("Workplace"), incident.body.name),
        _fact(_("Happened"), _happened(incident)),
        _fact(_("Came in"), moment(incident.reported_at)),
        _fact(_("Answer by"), date_format(incident.answer_by, "j F Y") if incident.answer_by else None),
    ]
    # Who reads depends on who reported: a superior in the manager's place would tell that the manager did.
    if sight.sees_reporter:
        reporter = incident.identities.filter(role=Identity.Role.REPORTER).select_related("person").first()
        facts += [_who_has(incident, sight, reporter), _fact(_("Reported by"), _named(reporter))]
    return [*facts, *_ties(incident, sight, person)]


def _fact(key: str, value: str | None, *actions: dict[str, str]) -> dict[str, Any]:
    return {"key": key, "value": value, "actions": actions}


def _happened(incident: Incident) -> str:
    day = date_format(incident.occurred_on, "j F Y")
    return day if incident.occurred_on != incident.reported_on else f"{incident.get_occurred_when_display()}, {day}"


def _named(reporter: Identity | None) -> str:
    """Return who reported, as far as they have said."""
    if reporter is None:
        return _("Somebody who gave no name")
    if reporter.person is not None:
        return reporter.person.name
    return ", ".join(filter(None, (reporter.name, reporter.contact)))


def _who_has(incident: Incident, sight: Sight, reporter: Identity | None) -> dict[str, Any]:
    """Return who has the case and whether they have opened it; before cases were given to anybody, who was to read."""
    given = incident.assignments.select_related("person").filter(ended_at__isnull=True).first()
    if given is not None:
        value = ", ".join(filter(None, (given.person.name, given.title)))
        if given.acknowledged_at is None and not incident.is_closed:
            value += "\n" + _("Not opened yet; to be opened by %(moment)s") % {"moment": moment(given.acknowledge_by)}
    else:
        reader = reader_of_case(incident, reporter.person if reporter else None)
        value = f"{reader.person.name}, {reader.title}" if reader else ""
    if not sight.handles or incident.is_closed:
        return _fact(_("Has the case"), value)
    address = reverse("incidents:hand_over", args=[incident.public_id])
    return _fact(_("Has the case"), value, {"label": _("Hand over"), "url": address, "about": _("the case")})


def _ties(incident: Incident, sight: Sight, person: User) -> list[dict[str, Any]]:
    """Return the cases that this one is tied to, as links only where the person may see them."""
    seen = Incident.objects.visible_to(person)
    facts = []
    if incident.merged_into_id is not None:
        facts.append(_tied(_("Handled together with"), incident.merged_into, seen))
    for merged in seen.filter(merged_into=incident).order_by("pk"):
        facts.append(_tied(_("Merged here"), merged, seen))
    # That the same person wrote both would tell who reported, where one of the two is known.
    if incident.copied_from_id is not None and sight.sees_reporter:
        facts.append(_tied(_("Has happened before"), incident.copied_from, seen))
    return facts


def _tied(key: str, other: Incident | None, seen: IncidentQuerySet) -> dict[str, Any]:
    if other is None:
        return _fact(key, None)
    if not seen.filter(pk=other.pk).exists():
        return _fact(key, other.label)
    address = reverse("incidents:case", args=[other.public_id])
    return _fact(key, other.label, {"label": _("See the case"), "url": address, "about": other.label})
