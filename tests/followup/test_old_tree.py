"""A report keeps the tree of its year: later names and places change neither it nor a new one of that year."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from followup.figures import compute
from followup.models import Edition, Report, ReportState
from incidents.models import IncidentKind
from organisation.models import BodyName, Placement
from organisation.services.reorganising import close_body, move_body, rename_body
from tests.factories.followup import YEAR, make_incident
from tests.factories.organisation import Town, make_order

NEW_YEAR = date(YEAR + 1, 2, 1)


@pytest.fixture
def reorganise(town: Town) -> Callable[[], None]:
    """Let the new year begin with other names, another place for a unit, and a unit that is closed."""

    def happen() -> None:
        words: dict[str, Any] = {"on": NEW_YEAR, "reference": "§ 12, KF 2025-210"}
        rename_body(body=town.bodies["school"], name="Bildningsnämnden", order=make_order(town, **words))
        rename_body(body=town.bodies["care-dept"], name="Omsorgskontoret", order=make_order(town, **words))
        move_body(body=town.bodies["care-north"], parent=town.bodies["school-dept"], order=make_order(town, **words))
        close_body(body=town.bodies["care-south"], successor=town.bodies["care-north"], order=make_order(town, **words))

    return happen


def committees(town: Town, year: int) -> dict[str, int]:
    """Committee → incidents of the year, as the report of that year counts them."""
    told = compute(
        "incidents",
        municipality=town.municipality,
        year=year,
        edition=Edition.SECRET,
        cut_off=date(year, 12, 31),
    )
    return {row["key"]: row["now"] for row in told["committees"] if row["now"]}


def figures_of(report: Report) -> dict[str, Any]:
    return dict(Report.objects.get(pk=report.pk).chapters.values_list("key", "figures"))


def test_stored_figures_and_the_next_report_of_the_old_year_are_as_before(make_report, reorganise):
    first = make_report()
    before = figures_of(first)
    reorganise()
    again = make_report()
    assert figures_of(first) == before
    assert figures_of(again) == before
    assert (again.state, again.same_as) == (ReportState.SAME, first)


def test_the_new_year_has_the_new_names_and_places(town, reorganise):
    reorganise()
    old = committees(town, YEAR)
    for body in ("care-north", "care-south", "school-unit"):
        make_incident(town.bodies[body], IncidentKind.THREAT, date(YEAR + 1, 2, 10)).save()
    assert "Utbildningsnämnden" in old
    assert committees(town, YEAR) == old
    assert committees(town, YEAR + 1) == {"Bildningsnämnden": 3}


@pytest.mark.parametrize("forgotten", [BodyName, Placement])
def test_control_without_dated_names_or_places_the_old_year_would_change(make_report, town, reorganise, forgotten):
    """If the change had overwritten what was, the next report of the old year would be another one."""
    first = make_report()
    reorganise()
    forgotten.objects.filter(municipality=town.municipality, valid_to=NEW_YEAR).delete()
    forgotten.objects.filter(municipality=town.municipality, valid_from=NEW_YEAR).update(valid_from=date(1971, 1, 1))
    again = make_report()
    assert again.state != ReportState.SAME
    assert figures_of(again) != figures_of(first)
