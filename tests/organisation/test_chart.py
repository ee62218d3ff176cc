"""The organisation chart: who stands beside whom, as a drawing and a list; of any day and any size."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from organisation import clock
from organisation.chart import page as chart_page
from organisation.chart.page import ChartReading
from organisation.chart.paper import MOST_ROWS, content_of
from organisation.models import ALWAYS, Body, BodyKind, Placement
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_body
from tests.organisation.gaps import make_town_with_gaps

pytestmark = pytest.mark.django_db
CHART = reverse("organisation:chart")


@pytest.fixture
def town():
    return make_town_with_gaps()


def read(town, on=None, language="sv"):
    with translation.override(language):
        return ChartReading(town.municipality, on or clock.today()).chart()


def names_in(branches) -> list:
    return [(branch.name, names_in(branch.children)) for branch in branches]


class TestChart:
    def test_the_council_is_on_top_and_the_others_stand_beside_each_other(self, town):
        """R133; committees and companies beside the board under the council."""
        (council,) = read(town).branches
        assert council.name == "Kommunfullmäktige"
        assert [branch.name for branch in council.children] == [
            "Kommunstyrelsen",
            "Utbildningsnämnden",
            "Äldrenämnden",
            "Demobostäder AB",
        ]

    def test_the_finding_counts_those_beside_the_board(self, town):
        finding = read(town, language="en").finding
        assert finding == "The council, the board, 2 committees and 1 company"

    def test_departments_stand_under_and_units_are_counted(self, town):
        (council,) = read(town).branches
        care = next(branch for branch in council.children if branch.name == "Äldrenämnden")
        (department,) = care.children
        assert department.name == "Äldreförvaltningen"
        assert "2 " in department.note
        assert department.children == ()
        board = council.children[0]
        assert names_in(board.children) == [
            ("Kommunledningskontoret", [("Säkerhetsenheten", []), ("Riskhanteringsgruppen", [])])
        ]

    def test_vacancies_stand_at_the_box_that_holds_them(self, town):
        (council,) = read(town).branches
        gaps = {child.name: child.gap for branch in council.children for child in (branch, *branch.children)}
        assert gaps["Äldreförvaltningen"].startswith("1 ")
        assert gaps["Utbildningsförvaltningen"].startswith("1 ")
        assert gaps["Äldrenämnden"] == ""

    def test_the_drawing_says_what_the_list_says(self, town):
        chart = read(town)
        (band,) = chart.bands
        assert set(band["names"]) == {
            "Kommunfullmäktige",
            "Kommunstyrelsen",
            "Kommunledningskontoret",
            "Säkerhetsenheten",
            "Riskhanteringsgruppen",
            "Utbildningsnämnden",
            "Utbildningsförvaltningen",
            "Äldrenämnden",
            "Äldreförvaltningen",
            "Demobostäder AB",
        }
        assert len([line for line in band["lines"] if line["dashed"]]) == 3

    def test_of_a_very_large_municipality_departments_are_counted_too(self, town, monkeypatch):
        monkeypatch.setattr(chart_page, "MOST_DRAWN", 5)
        (council,) = read(town).branches
        care = next(branch for branch in council.children if branch.name == "Äldrenämnden")
        assert care.children == ()
        assert care.gap.startswith("1 ")
        assert len(re.findall(r"\d", care.note)) == 2

    def test_another_day_is_drawn_as_it_was(self, town):
        new = make_body(
            town.municipality, BodyKind.COMMITTEE, "Nya nämnden", town.bodies["council"], valid_from=clock.today()
        )
        rebuild_closure(town.municipality)
        (council,) = read(town).branches
        assert new.name in [branch.name for branch in council.children]
        (council,) = read(town, clock.today() - timedelta(days=60)).branches
        assert new.name not in [branch.name for branch in council.children]
        assert all(branch.gap == "" for branch in council.children)

    def test_what_a_body_is_is_not_said_twice(self, town):
        notes = {branch.name: branch.note for branch in read(town).branches[0].children}
        assert notes["Utbildningsnämnden"].startswith("1 ")
        assert notes["Demobostäder AB"]
        in_english = {branch.name: branch.note for branch in read(town, language="en").branches[0].children}
        assert in_english["Utbildningsnämnden"].startswith("Committee, 1 ")

    def test_what_stands_below_a_unit_or_below_nothing_is_not_lost(self, town):
        make_body(town.municipality, BodyKind.SAFETY_GROUP, "Hemtjänstens säkerhetsgrupp", town.bodies["care-north"])
        make_body(town.municipality, BodyKind.UNIT, "Ensamma enheten")
        (council,) = read(town).branches
        care = next(branch for branch in council.children if branch.name == "Äldrenämnden")
        assert names_in(care.children) == [("Äldreförvaltningen", [("Hemtjänstens säkerhetsgrupp", [])])]
        assert council.children[-1].name == "Ensamma enheten"

    def test_long_names_are_drawn_in_lines_and_read_aloud_whole(self, town):
        long = "Samhällsbyggnads- och gatuförvaltningsnämnden för stadsdelarna söder om ån " * 2
        Body.objects.filter(pk=town.bodies["care"].pk).update(name=long.strip())
        (band,) = read(town).bands
        assert long.strip() in band["names"]
        box = next(box for box in band["boxes"] if " ".join(one["words"] for one in box["lines"]).startswith(long[:20]))
        assert len(box["lines"]) > 5
        assert float(box["lines"][-1]["y"]) < float(box["y"]) + float(box["height"])

    def test_a_day_before_there_was_anything_says_so(self, town, client):
        Body.objects.filter(municipality=town.municipality).update(valid_from=clock.today())
        before = clock.today() - timedelta(days=1)
        chart = read(town, before)
        assert (chart.bands, chart.branches) == ([], [])
        client.force_login(town.employee)
        html = client.get(CHART, {"on": before.isoformat()}).content.decode()
        assert 'class="tp-org"' not in html
        assert reverse("organisation:chart_pdf") not in html

    def test_five_thousand_bodies_are_counted_and_not_drawn(self, town):
        """Departments and units as counts; the same few drawings, read by the same few queries."""
        kinds = [BodyKind.DEPARTMENT] * 1000 + [BodyKind.UNIT] * 4000
        new = [
            Body(municipality=town.municipality, kind=kind, name=f"Del {n}", key=f"del-{n}", valid_from=ALWAYS)
            for n, kind in enumerate(kinds)
        ]
        Body.objects.bulk_create(new)
        above = [(body, town.bodies["care"] if n < 1000 else new[n % 1000]) for n, body in enumerate(new)]
        Placement.objects.bulk_create(
            Placement(municipality=town.municipality, body=body, parent=parent, valid_from=ALWAYS)
            for body, parent in above
        )
        chart = read(town)
        (council,) = chart.branches
        care = next(branch for branch in council.children if branch.name == "Äldrenämnden")
        assert re.findall(r"\d+", care.note) == ["1001", "4002"]
        assert care.children == ()
        assert sum(len(band["boxes"]) for band in chart.bands) == 5
        content = content_of(town.municipality, clock.today())
        assert content["note"]
        listed = {one["name"]: (len(one["bodies"]), one["left_out"]) for one in content["authorities"]}
        assert sum(listed["Äldrenämnden"]) == 1001
        assert 400 < listed["Äldrenämnden"][0] < MOST_ROWS
        # A large committee takes no other's place: all of them are listed.
        assert "Utbildningsnämnden" in listed

    def test_its_queries_are_constant(self, town, client, django_assert_max_num_queries):
        client.force_login(town.employee)
        with django_assert_max_num_queries(14):
            client.get(CHART)
        for number in range(60):
            make_body(town.municipality, BodyKind.DEPARTMENT, f"Kontor {number}", town.bodies["care"])
        rebuild_closure(town.municipality)
        with django_assert_max_num_queries(14):
            client.get(CHART)

    def test_the_page_holds_the_drawing_with_its_words(self, town, client):
        client.force_login(town.employee)
        html = client.get(CHART).content.decode()
        drawing = re.search(r"<svg class=\"tp-org\".*?</svg>", html, re.S).group()
        assert re.match(r"<svg[^>]*>\s*<title>[^<]+</title>\s*<desc>[^<]+</desc>", drawing)
        assert not re.search(r'\d,\d+"', drawing)
        assert "style=" not in drawing
        assert client.get(CHART, {"on": "9999-01-01"}).status_code == 422
