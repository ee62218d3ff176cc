"""What has happened in the city, and its risks: ten years of incidents and assessments."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import connection

from bench.city import INCIDENTS, LAST_DAY, LAST_YEAR, RISKS, YEARS, City, pour, write
from bench.papers import Words
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
from organisation.models import PersonsRank
from risks.models import AssessedConsequence, Assessment, Risk, Scale, Stage
from risks.ranking import Judged, Judgement, derived_columns, judge

LEVELS = 5
OPEN_CASES = 60
SEVERITY = {1: "low", 2: "moderate", 3: "high", 4: "extreme"}

# What stands beside each incident is written by the database itself, which is a hundred times quicker.
BESIDE_INCIDENTS = (
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


def write_incidents(city: City) -> None:
    """Write the incidents with text, reporter and first status; a fiftieth of them stand open."""
    count, chance = city.sized("incidents", INCIDENTS), city.chance
    still_open = max(0.02, OPEN_CASES / count)

    def rows() -> Iterator[Incident]:
        for number in range(count):
            day = LAST_DAY - timedelta(days=chance.randrange(365 * YEARS))
            moment = datetime(day.year, day.month, day.day, chance.randrange(24), tzinfo=UTC)
            kind = chance.choice(IncidentKind.values)
            still = chance.random() < still_open
            answered = None if still else moment + timedelta(hours=chance.randrange(1, 200))
            yield Incident(
                municipality=city.municipality,
                body=chance.choice(city.units),
                year=day.year,
                number=number + 1,
                kind=kind,
                occurred_on=day,
                reported_at=moment,
                became_aware_at=moment,
                answer_by=day + timedelta(days=5),
                state=IncidentState.NEW if still else IncidentState.CLOSED,
                affected=chance.choice(Affected.values),
                injury=chance.choice((Injury.NONE, Injury.NONE, Injury.PHYSICAL)),
                first_answered_at=answered,
                closed_at=answered,
                serious=chance.random() < 0.03,
                affects_persons=kind not in PROPERTY_KINDS,
                cost_ore=chance.randrange(1, 500) * 10_000 if chance.random() < 0.3 else None,
            )

    pour(rows())
    write(
        IncidentCounter(municipality=city.municipality, year=LAST_YEAR - back, last=count + 1) for back in range(YEARS)
    )
    people = [person.pk for person in city.people]
    rule = ClockRule.objects.create(
        municipality=city.municipality,
        key="authority",
        title={"sv": "Anmäl till myndigheten", "en": "Notify the authority"},
        authority="Myndigheten",
        basis="1 §",
    )
    told = {"municipality": city.municipality.pk, "people": people, "count": len(people), "rule": rule.pk}
    with connection.cursor() as cursor:
        for statement in BESIDE_INCIDENTS:
            cursor.execute(statement, told)


def write_risks(city: City, words: Words) -> list[Risk]:
    """Write the risks with their assessments: all judged before measures, three of five also after."""
    scale = Scale.objects.create(
        municipality=city.municipality,
        key="skala",
        name="Skala",
        likelihood=["Mycket låg", "Låg", "Måttlig", "Hög", "Mycket hög"],
        consequence=["Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Katastrofal"],
        bands=[{"key": key, "word": key, "severity": severity} for severity, key in SEVERITY.items()],
        cells=[[SEVERITY[min(4, 1 + row * column // 6)] for column in range(1, 6)] for row in range(1, 6)],
    )
    to_persons, to_work = words.dimensions[:2]

    @cache
    def judged(likelihood: int, persons: int, work: int) -> Judgement:
        return judge(scale, likelihood, {to_persons: persons, to_work: work})

    made: list[tuple[str, Judgement, tuple[int, int]]] = []

    def rows() -> Iterator[Risk]:
        for number in range(city.sized("risks", RISKS)):
            latest: dict[str, Judged] = {}
            for stage in (Stage.BEFORE, Stage.AFTER) if number % 5 < 3 else (Stage.BEFORE,):
                likelihood, persons, work = (city.chance.randint(1, LEVELS) for _part in range(3))
                judgement = judged(likelihood, persons, work)
                latest[stage] = judgement
                made.append((stage, judgement, (persons, work)))
            yield Risk(
                municipality=city.municipality,
                body=city.chance.choice(city.units),
                year=LAST_YEAR - number % YEARS,
                number=number + 1,
                title=f"Hot och våld i receptionen när besökare väntar länge, {number}",
                description="Vid högt tryck blir det trångt och ljudnivån stiger.",
                area=city.chance.choice(words.areas),
                protected_value=city.chance.choice(words.values),
                created_by=city.coordinator,
                created_at=datetime(LAST_YEAR - number % YEARS, 6, 1, tzinfo=UTC),
                **derived_columns(latest, PersonsRank.HIGHEST),
            )

    risks = write(rows())
    owners = (risk for number, risk in enumerate(risks) for _stage in range(2 if number % 5 < 3 else 1))
    assessments = write(
        Assessment(
            municipality=city.municipality,
            risk=risk,
            stage=stage,
            assessed_on=LAST_DAY,
            by=city.coordinator,
            **judgement.columns,
        )
        for risk, (stage, judgement, _steps) in zip(owners, made, strict=True)
    )
    write(
        AssessedConsequence(assessment=assessment, dimension=dimension, level=level)
        for assessment, (_stage, _judgement, steps) in zip(assessments, made, strict=True)
        for dimension, level in zip((to_persons, to_work), steps, strict=True)
    )
    return risks
