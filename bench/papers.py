"""What the city has decided: its words, its governing documents, and an action plan per committee and year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from actionplans.models import (
    Measure,
    MeasureRisk,
    MeasureState,
    MeasureType,
    Plan,
    PlanDecision,
    PlanVersion,
    ResourceKind,
    ResourceLine,
    VersionState,
    content_hash,
)
from actionplans.snapshot import content_of_rows
from bench.city import LAST_YEAR, MEASURES, YEARS, City, write
from organisation.models import Decision, Meeting, Outcome, SeatKind
from policies.models import Area, Clause, Dimension, DocumentVersion, Goal, GoverningDocument, ProtectedValue
from policies.wording import CLAUSE_KINDS, DOCUMENT_KINDS
from risks.models import Risk

AREAS, VALUES, DIMENSIONS, GOALS = 10, 5, 4, 20
CLAUSES, VERSIONS = 30, 3
# The year that is planned when this is written has plans too.
LAST_PLAN = LAST_YEAR + 1


@dataclass(frozen=True)
class Words:
    """The municipality's own words."""

    areas: list[Area]
    values: list[ProtectedValue]
    dimensions: list[Dimension]


def write_words(city: City) -> Words:
    """Write areas, protected values and dimensions, the first dimension about persons."""

    def of(model: type, count: int, name: str) -> list:
        return write(
            model(municipality=city.municipality, key=f"{name}{n}", name=f"{name.capitalize()} {n}", position=n)
            for n in range(count)
        )

    words = Words(
        of(Area, AREAS, "område"), of(ProtectedValue, VALUES, "värde"), of(Dimension, DIMENSIONS, "dimension")
    )
    words.dimensions[0].about_persons = True
    words.dimensions[0].save()
    return words


def write_documents(city: City, words: Words) -> None:
    """Write two governing documents of each kind with three versions each, their clauses, and goals."""
    common = {"municipality": city.municipality}
    documents = write(
        GoverningDocument(**common, key=f"{kind}{n}", kind=kind, title=f"Styrdokument {kind} {n}")
        for kind in DOCUMENT_KINDS
        for n in range(2)
    )
    versions = write(
        DocumentVersion(
            **common,
            document=document,
            label=str(number + 1),
            decided_by="Kommunfullmäktige",
            valid_from=date(2016 + 4 * number, 1, 1),
            valid_to=date(2020 + 4 * number, 1, 1) if number + 1 < VERSIONS else None,
        )
        for document in documents
        for number in range(VERSIONS)
    )
    kinds = list(CLAUSE_KINDS)
    write(
        Clause(**common, version=version, key=f"k{n}", kind=kinds[n % len(kinds)], text=f"Mål {n} nås.", position=n)
        for version in versions
        for n in range(CLAUSES)
    )
    write(
        Goal(**common, key=f"mål{n}", name=f"Färre hot och mindre våld, {n}", area=words.areas[n % AREAS], position=n)
        for n in range(GOALS)
    )


def write_plans(city: City, words: Words, risks: list[Risk]) -> None:
    """Write one plan per committee and year, decided by its meeting and frozen, with the measures it promises."""
    years = range(LAST_PLAN - YEARS + 1, LAST_PLAN + 1)
    common = {"municipality": city.municipality}
    plans = write(
        Plan(
            **common,
            body=committee,
            year=year,
            title=f"Handlingsplan {year}, {committee.name}",
            created_by=city.coordinator,
            created_at=datetime(year - 1, 9, 1, tzinfo=UTC),
        )
        for year in years
        for committee in city.committees
    )
    versions = write(PlanVersion(**common, plan=plan, number=1) for plan in plans)
    _measures(city, words, risks, versions)
    for version in versions:
        version.content = content_of_rows(version).to_json()
        version.content_hash = content_hash(version.content)
        version.state = VersionState.IN_FORCE
        version.submitted_by, version.submitted_at = city.coordinator, version.plan.created_at
        version.in_force_from = date(version.plan.year, 1, 1)
        version.in_force_to = None if version.plan.year == LAST_PLAN else date(version.plan.year + 1, 1, 1)
    columns = ("content", "content_hash", "state", "submitted_by", "submitted_at", "in_force_from", "in_force_to")
    PlanVersion.objects.bulk_update(versions, columns, batch_size=50)
    _decisions(city, versions)


def _measures(city: City, words: Words, risks: list[Risk], versions: list[PlanVersion]) -> None:
    """Measures at the department's units, each for one risk there; those of past years are mostly done."""
    common = {"municipality": city.municipality}
    place = {committee.pk: number for number, committee in enumerate(city.committees)}
    department = {unit.pk: number % len(city.departments) for number, unit in enumerate(city.units)}
    within: dict[int, list[Risk]] = {}
    for risk in risks:
        within.setdefault(department[risk.body_id], []).append(risk)
    each = city.sized("measures", MEASURES) // len(versions)
    ties: list[Risk] = []

    def rows() -> Iterator[Measure]:
        for version in versions:
            number, year = place[version.plan.body_id], version.plan.year
            for position in range(each):
                done = year <= LAST_YEAR and city.chance.random() < 0.85
                due = date(year, city.chance.randint(1, 12), 28)
                ties.append(city.chance.choice(within[number]))
                unit = city.chance.choice(city.units_of(number))
                yield Measure(
                    **common,
                    plan=version.plan,
                    version=version,
                    what=f"Utbilda i lågaffektivt bemötande, grupp {position}",
                    how="Två halvdagar med extern kursledare, uppföljning på arbetsplatsträff.",
                    starts_on=date(year, 1, 1),
                    due_on=due,
                    responsible=city.seats[SeatKind.UNIT_MANAGER, unit.pk],
                    type=city.chance.choice(MeasureType.values),
                    area=city.chance.choice(words.areas),
                    state=MeasureState.DONE if done else MeasureState.STARTED,
                    done_on=due if done else None,
                    position=position,
                )

    measures = write(rows())
    write(MeasureRisk(**common, measure=one, risk=risk) for one, risk in zip(measures, ties, strict=True))
    write(
        ResourceLine(
            **common,
            measure=one,
            budget_year=one.plan.year,
            kind=ResourceKind.MONEY,
            amount_ore=city.chance.randrange(5, 300) * 100_000,
        )
        for one in measures
    )


def _decisions(city: City, versions: list[PlanVersion]) -> None:
    common = {"municipality": city.municipality}
    meetings = write(
        Meeting(
            **common,
            body=version.plan.body,
            held_on=date(version.plan.year - 1, 11, 20),
            minutes_approved_on=date(version.plan.year - 1, 11, 27),
        )
        for version in versions
    )
    decisions = write(
        Decision(
            **common,
            meeting=meeting,
            outcome=Outcome.APPROVE,
            section=str(number),
            recorded_by=city.coordinator,
        )
        for number, meeting in enumerate(meetings, start=1)
    )
    write(
        PlanDecision(**common, version=version, decision=decision, is_final=True, decided_hash=version.content_hash)
        for version, decision in zip(versions, decisions, strict=True)
    )
