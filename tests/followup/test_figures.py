"""Every figure is what was recorded: counted anew here, by other means."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionplans.models import Measure, MeasureState
from followup.figures import CHAPTERS, compute
from followup.models import Edition
from incidents.models import Incident
from organisation.models import Body, SeatType
from policies.models import GoverningDocument
from risks.models import Risk, RiskState, RiskStatus, Scale
from tests.factories.followup import COUNTS, YEAR, make_incidents, make_risk
from tests.factories.organisation import Town, make_municipality

Computed = Callable[..., dict[str, Any]]
END = date(YEAR, 12, 31)


@pytest.fixture
def figures(town: Town) -> Computed:
    def of(key: str, *, edition: str = Edition.SECRET, year: int = YEAR, cut_off: date = END) -> dict[str, Any]:
        return compute(key, municipality=town.municipality, year=year, edition=edition, cut_off=cut_off)

    return of


def by_key(rows: list[dict[str, Any]], name: str = "key") -> dict[str, dict[str, Any]]:
    return {row[name]: row for row in rows}


def test_figures_are_plain_data_and_the_same_each_time(figures: Computed) -> None:
    for chapter in CHAPTERS:
        for edition in Edition.values:
            once, again = (json.dumps(figures(chapter.key, edition=edition)) for _time in range(2))
            assert once == again


def test_incidents_by_kind_this_year_and_last(figures: Computed) -> None:
    kinds = by_key(figures("incidents")["kinds"])
    assert {key: (row["now"], row["before"]) for key, row in kinds.items() if row["now"] or row["before"]} == {
        kind.value: counts for kind, counts in COUNTS.items()
    }


def test_groups_kinds_committees_and_months_add_up(figures: Computed) -> None:
    told = figures("incidents")
    total = sum(now for now, _before in COUNTS.values())
    assert told["total"]["now"] == total
    for rows in (told["groups"], told["kinds"], told["committees"]):
        assert sum(row["now"] for row in rows) == total
    kinds = by_key(told["kinds"])
    for chart in told["charts"]:
        assert sum(chart["now"]) == kinds[chart["key"]]["now"]
        assert sum(chart["before"]) == kinds[chart["key"]]["before"]


def test_incidents_count_at_the_committee_that_the_workplace_stands_in(figures: Computed, town: Town) -> None:
    told = by_key(figures("incidents")["committees"])
    own = Incident.objects.filter(occurred_on__year=YEAR)
    assert told["Utbildningsnämnden"]["now"] == own.filter(body=town.bodies["school-unit"]).count()
    assert told["Äldrenämnden"]["now"] == own.filter(body__key__startswith="care").count()


def test_a_closed_unit_counts_where_its_successor_stands(figures: Computed, town: Town) -> None:
    before = by_key(figures("incidents")["committees"])["Utbildningsnämnden"]["now"]
    moved = Incident.objects.filter(occurred_on__year=YEAR, body=town.bodies["care-south"]).count()
    Body.objects.filter(pk=town.bodies["care-south"].pk).update(
        successor=town.bodies["school-unit"], valid_to=date(YEAR, 7, 1)
    )
    town.bodies["care-south"].placements.update(valid_to=date(YEAR, 7, 1))
    assert by_key(figures("incidents")["committees"])["Utbildningsnämnden"]["now"] == before + moved


def test_a_year_that_goes_on_is_compared_up_to_the_same_day(figures: Computed) -> None:
    cut_off = date(YEAR, 4, 10)
    told = figures("incidents", cut_off=cut_off)
    for key, year in (("now", YEAR), ("before", YEAR - 1)):
        same = Incident.objects.filter(occurred_on__range=(date(year, 1, 1), date(year, 4, 10)))
        assert told["total"][key] == same.count()
    assert [len(told["charts"][0][side]) for side in ("now", "before")] == [4, 4]


def test_the_trend_has_the_years_that_have_data(figures: Computed, town: Town) -> None:
    assert [each["year"] for each in figures("incidents")["trend"]] == [YEAR - 1, YEAR]
    make_incidents(town, YEAR - 9, {"threat": (6, 0)})
    assert [each["year"] for each in figures("incidents")["trend"]] == list(range(YEAR - 4, YEAR + 1))


def test_another_municipality_counts_for_nothing(figures: Computed) -> None:
    before = {chapter.key: figures(chapter.key) for chapter in CHAPTERS}
    make_incidents(make_municipality("Annanby kommun"))
    assert {chapter.key: figures(chapter.key) for chapter in CHAPTERS} == before


def test_costs_add_up(figures: Computed) -> None:
    told = figures("damage")
    per_case = 1_500_00
    assert told["total"]["now"] == per_case * (COUNTS["vandalism"][0] + COUNTS["fire"][0])
    assert by_key(told["groups"])["property"]["now"] == per_case * COUNTS["vandalism"][0]
    assert sum(row["now"] for row in told["committees"]) == told["total"]["now"]


def test_public_costs_hide_sums_over_few_incidents(figures: Computed) -> None:
    groups = by_key(figures("damage", edition=Edition.PUBLIC)["groups"])
    # Three fires have a cost; the vandalism beside them would tell it by subtraction.
    assert groups["accidents"]["now"] is None
    assert groups["property"]["now"] is None


def test_public_edition_shows_no_small_count_anywhere(figures: Computed) -> None:
    told, risks = figures("incidents", edition=Edition.PUBLIC), figures("risks", edition=Edition.PUBLIC)
    counts = [
        row[side]
        for rows in (told["groups"], told["kinds"], told["committees"])
        for row in rows
        for side in ("now", "before")
    ]
    counts += [count for chart in told["charts"] for count in (*chart["now"], *chart["before"])]
    counts += [each["count"] for each in told["trend"]] + [told["serious"]["now"], told["persons"]["now"]]
    counts += [level[side] for level in risks["levels"] for side in ("before", "now")]
    counts += [cell[side] for cell in risks["matrix"]["cells"] for side in ("before", "now")]
    counts += [row["now"] for row in risks["areas"]] + [risks["high"], risks["high_last_year"]]
    assert None in counts
    assert not [count for count in counts if count is not None and 0 < count < 5]
    assert risks["top"] == []


def test_risks_stand_where_they_were_judged_last(figures: Computed) -> None:
    told = figures("risks")
    levels = by_key(told["levels"], "word")
    assert {word: (row["before"], row["now"]) for word, row in levels.items()} == {
        "Mycket hög": (4, 0),
        "Hög": (4, 4),
        "Måttlig": (4, 4),
        "Låg": (4, 8),
    }
    assert (told["open"], told["judged"], told["high"], told["high_last_year"]) == (16, 16, 4, 0)
    assert sum(cell["now"] for cell in told["matrix"]["cells"]) == 16


def test_a_judgement_after_the_cut_off_is_not_seen(figures: Computed) -> None:
    told = figures("risks", cut_off=date(YEAR, 6, 30))
    # "After" is judged in September: in June the risks stood as before.
    assert told["high"] == 8


def test_a_risk_counts_as_open_until_the_day_it_was_closed(figures: Computed, town: Town) -> None:
    risk = Risk.objects.get(title="Risk nummer 1")
    Risk.objects.filter(pk=risk.pk).update(state=RiskState.CLOSED)
    for day, state in ((2, RiskState.OPEN), (9, RiskState.CLOSED)):
        RiskStatus.objects.create(
            risk=risk,
            from_state="",
            to_state=state,
            by=town.safety_coordinator,
            at=datetime(YEAR, day, 1, tzinfo=UTC),
        )
    assert figures("risks", cut_off=date(YEAR, 6, 30))["open"] == 16
    assert figures("risks")["open"] == 15


def test_the_worst_risks_stand_in_the_municipalitys_order(figures: Computed, town: Town) -> None:
    scale = Scale.objects.get(municipality=town.municipality)
    worst = make_risk(town, scale, "Den värsta", before=(5, 5))
    Risk.objects.filter(pk=worst.pk).update(sort_key=9)
    told = figures("risks")["top"]
    assert (told[0]["title"], told[0]["now"], told[0]["severity"]) == ("Den värsta", "Mycket hög", 4)
    assert len(told) == 10


def test_measures_by_area_and_in_time(figures: Computed) -> None:
    told = figures("measures")
    own = Measure.objects.filter(version__plan__year=YEAR)
    assert told["total"]["all"] == own.count() == 12
    assert told["total"]["done"] == own.filter(state=MeasureState.DONE).count() == 8
    assert (told["due"], told["on_time"], told["on_time_percent"]) == (12, 8, 67)
    for rows in (told["areas"], told["committees"]):
        assert sum(row["all"] for row in rows) == 12
    assert all(row["eliminate"] + row["prevent"] + row["limit"] == row["all"] for row in told["areas"])


def test_a_measure_is_late_from_the_day_after_it_was_due(figures: Computed) -> None:
    fifth = date(YEAR, 9, 15)
    late = [figures("measures", cut_off=fifth + timedelta(days=days))["total"]["overdue"] for days in (0, 1)]
    assert late == [0, 2]


def test_what_was_done_after_the_cut_off_was_not_done(figures: Computed) -> None:
    assert figures("measures", cut_off=date(YEAR, 1, 31))["total"]["done"] == 2


def test_the_inventory_has_a_row_per_planning_body(figures: Computed) -> None:
    rows = by_key(figures("plans")["rows"], "body")
    assert {body: row["state"] for body, row in rows.items()} == {
        "Demobostäder AB": "",
        "Kommunstyrelsen": "in_force",
        "Utbildningsnämnden": "submitted",
        "Äldrenämnden": "in_force",
    }
    care = rows["Äldrenämnden"]
    assert (care["section"], care["measures"], care["with_risk"], care["with_resources"]) == ("42", 6, 6, 3)
    # Six of six answer a risk, three have resources, six have a holder: fifteen of eighteen.
    assert care["quality"] == 83


def test_documents_are_due_by_their_own_rule_else_by_the_municipalitys(figures: Computed, town: Town) -> None:
    rows = by_key(figures("documents")["rows"], "title")
    assert (rows["Säkerhetspolicy"]["state"], rows["Säkerhetspolicy"]["review_year"]) == ("due", 2023)
    assert rows["Riktlinje för hot och våld"]["state"] == "unsaid"
    rules = town.municipality.rules(END)
    rules.review = {"rule": "first_year_of_term"}
    rules.save()
    rows = by_key(figures("documents")["rows"], "title")
    # Decided in 2022, elections in 2022 and 2026: the first year of the next term is 2023.
    assert rows["Riktlinje för hot och våld"]["review_year"] == 2023


@pytest.mark.parametrize(
    ("decided", "expected"), [(date(2013, 1, 1), 2015), (date(2023, 5, 1), 2027), (date(2026, 12, 1), 2027)]
)
def test_first_year_of_the_next_term(figures: Computed, town: Town, decided: date, expected: int) -> None:
    document = GoverningDocument.objects.get(key="policy")
    document.review = {"rule": "first_year_of_term"}
    document.save()
    document.versions.update(decided_on=decided, valid_from=date(2000, 1, 1))
    rows = by_key(figures("documents")["rows"], "title")
    assert rows["Säkerhetspolicy"]["review_year"] == expected


def test_vacant_seats_and_since_when(figures: Computed, town: Town) -> None:
    left = date(YEAR, 9, 1)
    SeatType.objects.filter(pk=town.seats["coordinator"].seat_type_id).update(min_holders=1)
    town.seats["coordinator"].appointments.update(valid_to=left)
    told = figures("organisation")
    assert (told["vacant"], told["vacant_last_year"]) == (1, 0)
    assert told["longest_vacant"][0] | {"authority": ""} == {
        "title": "Säkerhetshandläggare",
        "body": "Äldreförvaltningen",
        "authority": "",
        "since": left.isoformat(),
        "days": (END - left).days,
    }
    assert figures("organisation", cut_off=left - timedelta(days=1))["vacant"] == 0


def test_goals_and_clauses(figures: Computed) -> None:
    told = figures("goals")
    assert [goal["name"] for goal in told["goals"]] == ["Färre olyckor"]
    assert {row["kind"]: row["count"] for row in told["clauses"]} == {"goal": 2, "duty": 1}


def test_a_year_without_anything_has_figures_all_the_same(figures: Computed) -> None:
    for chapter in CHAPTERS:
        figures(chapter.key, year=2010, cut_off=date(2010, 12, 31), edition=Edition.PUBLIC)


def test_more_cases_cost_no_more_queries(figures: Computed, town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for key in ("incidents", "damage", "risks", "organisation"):
                figures(key)
        return len(captured)

    before = queries()
    make_incidents(town, counts={"threat": (300, 300), "fire": (50, 50)})
    assert queries() == before
