"""Who gets a case next: up the line, past those it is kept from, the reporter, and those who have had it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from incidents.models import Assignment, Identity, Incident, IncidentGrant, Withheld
from incidents.permissions import HANDLE_INCIDENT
from incidents.titles import titles_of
from organisation import clock
from organisation.access import holders_of
from organisation.employer import Acting, who_acts
from organisation.models import Appointment, SeatKind, User
from organisation.roster import Roster

# They see to it that somebody handles a case that nobody takes on.
COORDINATING = (SeatKind.HEAD_OF_SECURITY, SeatKind.SAFETY_COORDINATOR)


def next_handlers(
    incidents: Sequence[Incident], on: date, *, had_it: Mapping[int, set[int]] | None = None
) -> dict[int, Acting | None]:
    """Return incident id → who handles it on the day ``on``; none where nobody is left.

    ``had_it`` names those to pass over beside the reporter and whom the case is kept from: incident id → person ids.
    All incidents are of one municipality, their bodies read along. A constant number of queries, and one more for each
    case for which the line is empty.
    """
    if not incidents:
        return {}
    passed = passed_over(incidents)
    for incident_id, people in (had_it or {}).items():
        passed[incident_id] |= people
    known = User.objects.in_bulk({person for people in passed.values() for person in people})
    roster = Roster(incidents[0].municipality, on, bodies={incident.body_id for incident in incidents})
    return {
        incident.pk: who_acts(
            incident.body, on, but_not=[known[person] for person in passed[incident.pk]], roster=roster
        )
        for incident in incidents
    }


def passed_over(incidents: Sequence[Incident]) -> dict[int, set[int]]:
    """Return incident id → the ids of its reporter and of those from whom it is kept; two queries."""
    found: dict[int, set[int]] = defaultdict(set)
    reporters = Identity.objects.filter(incident__in=incidents, role=Identity.Role.REPORTER, person__isnull=False)
    for rows in (reporters, Withheld.objects.filter(incident__in=incidents)):
        for incident_id, person_id in rows.values_list("incident_id", "person_id"):
            found[incident_id].add(person_id)
    return found


def those_who_had(incidents: Sequence[Incident]) -> dict[int, set[int]]:
    """Return incident id → the ids of those who have, or have had, the case; one query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Assignment.objects.filter(incident__in=incidents).order_by()
    for incident_id, person_id in rows.values_list("incident_id", "person_id"):
        found[incident_id].add(person_id)
    return found


def those_who_coordinate(incident: Incident) -> list[User]:
    """Return the safety unit's people who may know of the case: never its reporter, nor whom it is kept from."""
    held = Appointment.objects.in_force(clock.today()).filter(
        municipality_id=incident.municipality_id,
        seat__seat_type__kind__in=COORDINATING,
        seat__not_needed_reason="",
        person__is_active=True,
    )
    left_out = passed_over([incident])[incident.pk]
    people = {one.person_id: one.person for one in held.select_related("person").order_by("pk")}
    return [person for person_id, person in people.items() if person_id not in left_out]


def those_who_may_have(incident: Incident) -> list[Acting]:
    """Return the people who may handle the case today, by seat or by a share of the portal's rule, by name.

    Each with the title that they hold at the workplace or above it. Never the reporter, nor whom it is kept from.
    """
    app_label, codename = HANDLE_INCIDENT.split(".", 1)
    granted = IncidentGrant.objects.in_force(clock.today()).filter(
        content_object=incident, permission__codename=codename, permission__content_type__app_label=app_label
    )
    by_grant = [grant.user for grant in granted.filter(user__is_active=True).select_related("user")]
    people = {person.pk: person for person in (*holders_of(HANDLE_INCIDENT, incident.body), *by_grant)}
    left_out = passed_over([incident])[incident.pk]
    titles = titles_of(people, incident.body, clock.today())
    found = [Acting(person, titles.get(pk, "")) for pk, person in people.items() if pk not in left_out]
    return sorted(found, key=lambda one: one.person.name)
