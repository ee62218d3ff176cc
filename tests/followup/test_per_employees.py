"""Incidents per 100 employees: only where the year's headcount is known, and never for a count that is not given."""

from datetime import date

import pytest
from django.urls import reverse

from followup import exports, paper
from followup.demo.headcounts import count_employees
from followup.demo.people import workplaces
from followup.figures import compute
from followup.models import Edition
from incidents.models import Incident
from organisation.models import Body, Headcount
from tests.factories.followup import YEAR, make_incident

END = date(YEAR, 12, 31)


@pytest.fixture
def count(town):
    def of(key: str, employees: int, year: int = YEAR, month: int = 10) -> Headcount:
        return Headcount.objects.create(
            municipality=town.municipality,
            body=town.bodies[key],
            counted_on=date(year, month, 31),
            employees=employees,
        )

    return of


@pytest.fixture
def rates(town):
    def of(edition: str = Edition.SECRET, cut_off: date = END, year: int = YEAR):
        told = compute("incidents", municipality=town.municipality, year=year, edition=edition, cut_off=cut_off)
        per = told["per_employees"]
        return {row["key"]: (row["now"], row["before"], row["employees"]) for row in per["rows"]}, per, told

    return of


def counted_by_hand(town, *keys: str, year: int = YEAR) -> int:
    bodies = [town.bodies[key].pk for key in keys]
    return Incident.objects.filter(body__in=bodies, occurred_on__year=year).count()


def test_the_rate_is_incidents_over_employees(town, count, rates):
    count("care-north", 40), count("care-south", 35), count("school-unit", 50)
    rows, per, _told = rates()
    care = counted_by_hand(town, "care-north", "care-south")
    assert rows["Äldrenämnden"] == (round(100 * care / 75, 1), None, 75)
    everything = counted_by_hand(town, "care-north", "care-south", "school-unit")
    assert per["total"]["now"] == round(100 * everything / 125, 1)
    assert per["counted_on"] == f"{YEAR}-10-31"


def test_the_latest_headcount_of_the_year_counts_and_last_years_for_last_year(town, count, rates):
    for year, month, employees in ((YEAR, 1, 10), (YEAR, 10, 50), (YEAR - 1, 10, 40)):
        count("school-unit", employees, year, month)
    now, before, employees = rates()[0]["Utbildningsnämnden"]
    assert employees == 50
    assert now == round(100 * counted_by_hand(town, "school-unit") / 50, 1)
    assert before == round(100 * counted_by_hand(town, "school-unit", year=YEAR - 1) / 40, 1)


def test_without_a_headcount_of_the_year_there_is_none(town, count, rates):
    assert rates()[0] == {}
    count("school-unit", 40, YEAR - 1)
    rows, per, _told = rates()
    assert (rows, per["total"], per["counted_on"]) == ({}, None, None)
    count("school-unit", 40, YEAR)
    assert rates(cut_off=date(YEAR, 9, 30))[0] == {}


def test_a_workplace_that_nobody_has_counted_leaves_its_committee_out(town, count, rates):
    """Its incidents over the others' employees would be a rate that is too high."""
    count("care-north", 40), count("school-unit", 50)
    rows, per, _told = rates()
    assert "Äldrenämnden" not in rows
    assert "Utbildningsnämnden" in rows
    assert per["total"] is None


def test_nobody_employed_is_no_rate(town, count, rates):
    count("school-unit", 0)
    assert "Utbildningsnämnden" not in rates()[0]


@pytest.fixture
def small_committee(town, count):
    """The company has three incidents: a count that the public edition does not give."""
    for body in ("care-north", "care-south", "school-unit", "company"):
        count(body, 30)
    Incident.objects.bulk_create(
        make_incident(town.bodies["company"], "theft", date(YEAR, 5, day)) for day in (1, 2, 3)
    )


def test_a_rate_never_tells_a_count_that_is_not_given(town, small_committee, rates):
    rows, per, told = rates(Edition.PUBLIC)
    hidden = {row["key"] for row in told["committees"] if row["now"] is None}
    assert "Demobostäder AB" in hidden
    for row in told["committees"]:
        now = rows[row["key"]][0]
        assert now == (None if row["now"] is None else round(100 * row["now"] / rows[row["key"]][2], 1))
    # What could be worked out from the rates that are given is what the counts give already.
    worked_out = {
        key: round(now * employees / 100) for key, (now, _before, employees) in rows.items() if now is not None
    }
    assert worked_out == {row["key"]: row["now"] for row in told["committees"] if row["now"] is not None}
    assert per["total"]["now"] == round(100 * told["total"]["now"] / 120, 1)


def test_control_the_edition_under_secrecy_tells_it(town, small_committee, rates):
    assert rates(Edition.SECRET)[0]["Demobostäder AB"][0] == 10.0


def test_page_paper_and_file_show_the_rates(client, town, count, make_report, small_committee):
    report = make_report(edition=Edition.PUBLIC)
    client.force_login(town.board_chair)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("followup:summary", args=[report.public_id])).content.decode()
    assert "Incidents per 100 employees" in page
    assert f"31 October {YEAR}" in page
    rows = {row["label"]: row for row in paper.context(report)["rates"]["rows"]}
    assert rows["Demobostäder AB"]["now"] == "–"
    lines = [row for row in exports.rows(report) if "Demobostäder AB" in row]
    assert any(row[2] == ".." for row in lines)


def test_a_report_that_was_made_before_headcounts_were_imported_can_still_be_read(client, town, make_report):
    report = make_report()
    chapter = report.chapters.get(key="incidents")
    del chapter.figures["per_employees"]
    chapter.save()
    client.force_login(town.board_chair)
    assert client.get(reverse("followup:summary", args=[report.public_id])).status_code == 200
    assert list(exports.rows(report))


def test_the_demo_counts_every_workplace_in_two_autumns(town):
    places = workplaces(town.municipality)
    count_employees(town.municipality, YEAR, places)
    assert Headcount.objects.count() == 2 * len(places)
    assert set(Headcount.objects.values_list("counted_on", flat=True)) == {
        date(YEAR - 1, 10, 31),
        END.replace(month=10),
    }
    assert Headcount.history.count() == Headcount.objects.count()
    again = list(Headcount.objects.order_by("body", "counted_on").values_list("employees", flat=True))
    Headcount.objects.all().delete()
    count_employees(town.municipality, YEAR, places)
    assert list(Headcount.objects.order_by("body", "counted_on").values_list("employees", flat=True)) == again
    assert Body.objects.filter(headcounts__isnull=False).exists()
