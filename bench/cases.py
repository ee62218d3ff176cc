"""The city's cases: ten years of incidents with text, reporter and first status, drawn by the database itself."""

from typing import Any

from django.db import connection

from bench.city import INCIDENTS, LAST_DAY, LAST_YEAR, YEARS, City, write
from incidents.models import (
    PROPERTY_KINDS,
    Affected,
    ClockRule,
    Incident,
    IncidentCounter,
    IncidentKind,
    IncidentState,
    Injury,
)

# A fiftieth of the cases stand open, and never fewer than so many.
OPEN, OPEN_CASES = 0.02, 60
INJURIES = (Injury.NONE, Injury.NONE, Injury.PHYSICAL)

# A million rows one by one through Python take a quarter of an hour; so they take minutes.
DRAWN = """
    SELECT number, day, day + random() * interval '1 day' AS moment, stands, random() * interval '200 hours' AS took,
           (%(kinds)s::text[])[1 + floor(random() * cardinality(%(kinds)s::text[]))] AS kind
    FROM (SELECT number, %(last_day)s::date - floor(random() * %(days)s)::int AS day, random() < %(open)s AS stands
          FROM generate_series(1, %(count)s) AS number) AS days
"""
# What is drawn for each incident; every other column has the model's own default.
COLUMNS = {
    "municipality_id": "%(municipality)s",
    "public_id": "gen_random_uuid()",
    "submission_key": "gen_random_uuid()",
    "body_id": "(%(units)s::bigint[])[1 + floor(random() * cardinality(%(units)s::bigint[]))]",
    "year": "extract(year FROM day)",
    "number": "number",
    "kind": "kind",
    "occurred_on": "day",
    "reported_at": "moment",
    "became_aware_at": "moment",
    "answer_by": "day + 5",
    "state": "CASE WHEN stands THEN %(new)s ELSE %(closed)s END",
    "affected": "(%(affected)s::text[])[1 + floor(random() * cardinality(%(affected)s::text[]))]",
    "injury": "(%(injuries)s::text[])[1 + floor(random() * cardinality(%(injuries)s::text[]))]",
    "first_answered_at": "CASE WHEN NOT stands THEN moment + took END",
    "closed_at": "CASE WHEN NOT stands THEN moment + took END",
    "serious": "random() < 0.03",
    "affects_persons": "kind <> ALL (%(property_kinds)s::text[])",
    "cost_ore": "CASE WHEN random() < 0.3 THEN (1 + floor(random() * 499)) * 10000 END",
}
BESIDE = (
    """INSERT INTO incidents_narrative (incident_id, key, text)
       SELECT id, 'told', 'En person blev arg och skrek i receptionen. Vi bad om hjälp och personen gick därifrån.'
       FROM incidents_incident WHERE municipality_id = %(municipality)s""",
    """INSERT INTO incidents_identity (incident_id, role, person_id, name, contact)
       SELECT id, 'reporter', (%(people)s::bigint[])[1 + id %% %(count)s], '', ''
       FROM incidents_incident WHERE municipality_id = %(municipality)s""",
    """INSERT INTO incidents_incidentstatus (incident_id, change, from_state, to_state, by_id, at, reason)
       SELECT id, 'state', '', 'new', NULL, reported_at, ''
       FROM incidents_incident WHERE municipality_id = %(municipality)s""",
    # Who has each open case; a few have not taken it on yet.
    """INSERT INTO incidents_assignment
           (incident_id, person_id, title, reason, assigned_at, acknowledge_by, acknowledged_at)
       SELECT id, (%(people)s::bigint[])[1 + id %% %(count)s], 'Enhetschef', 'answers', reported_at,
              reported_at + interval '1 day', CASE WHEN id %% 4 = 0 THEN NULL ELSE reported_at + interval '1 hour' END
       FROM incidents_incident WHERE municipality_id = %(municipality)s AND state <> 'closed'""",
    # A twentieth must be notified to an authority, most of them in time.
    """INSERT INTO incidents_statutorynotice
           (municipality_id, public_id, incident_id, rule_id, state, started_at, due_at, done_at, done_by_id, receipt)
       SELECT municipality_id, gen_random_uuid(), id, %(rule)s, 'done', reported_at, reported_at + interval '1 day',
              reported_at + (id %% 30) * interval '1 hour', (%(people)s::bigint[])[1 + id %% %(count)s], 'A-' || id
       FROM incidents_incident WHERE municipality_id = %(municipality)s AND id %% 20 = 0""",
)


def write_cases(city: City) -> None:
    """Write the incidents, and beside each its text, reporter and first status; a fiftieth of them stand open."""
    count = city.sized("incidents", INCIDENTS)
    write(
        IncidentCounter(municipality=city.municipality, year=LAST_YEAR - back, last=count + 1) for back in range(YEARS)
    )
    rule = ClockRule.objects.create(
        municipality=city.municipality,
        key="authority",
        title={"sv": "Anmäl till myndigheten", "en": "Notify the authority"},
        authority="Myndigheten",
        basis="1 §",
    )
    told: dict[str, Any] = {
        "municipality": city.municipality.pk,
        "people": [person.pk for person in city.people],
        "count": len(city.people),
        "rule": rule.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [city.chance.random()])
        cursor.execute(*_incidents(city, count))
        for statement in BESIDE:
            cursor.execute(statement, told)


def _incidents(city: City, count: int) -> tuple[str, dict[str, Any]]:
    """Return the statement that writes the incidents, and its parameters."""
    plain = Incident()
    usual = {
        str(field.column): field.get_db_prep_save(getattr(plain, field.attname), connection)
        for field in Incident._meta.concrete_fields
        if not field.primary_key and field.column not in COLUMNS
    }
    columns = COLUMNS | {column: f"%({column})s" for column in usual}
    # From our own model: no word of anybody's.
    names, values = ", ".join(columns), ", ".join(columns.values())
    return f"INSERT INTO incidents_incident ({names}) SELECT {values} FROM ({DRAWN}) AS drawn", usual | {
        "municipality": city.municipality.pk,
        "units": [unit.pk for unit in city.units],
        "count": count,
        "last_day": LAST_DAY,
        "days": 365 * YEARS,
        "open": max(OPEN, OPEN_CASES / count),
        "kinds": IncidentKind.values,
        "property_kinds": [str(kind) for kind in PROPERTY_KINDS],
        "affected": Affected.values,
        "injuries": [str(injury) for injury in INJURIES],
        "new": IncidentState.NEW.value,
        "closed": IncidentState.CLOSED.value,
    }
