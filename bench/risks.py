"""The city's risks and how they have been assessed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from bench.city import LAST_DAY, LAST_YEAR, RISKS, YEARS, City, write
from bench.papers import Words
from organisation.models import PersonsRank
from risks.models import AssessedConsequence, Assessment, Risk, Scale, Stage
from risks.ranking import Judged, Judgement, derived_columns, judge

LEVELS = 5
SEVERITY = {1: "low", 2: "moderate", 3: "high", 4: "extreme"}


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
