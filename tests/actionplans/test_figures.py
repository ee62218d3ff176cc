"""Figures: the inventory of plans and their quality, measures by area, what is overdue, what a risk has to hope for."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionplans import services
from actionplans.answers import measures_answering, work
from actionplans.models import Measure, VersionState
from actionplans.querysets import by_area_type_and_state, expected_to_plan, inventory, plans_with_state
from organisation import clock
from organisation.access import Scope
from organisation.models import Appointment, Body, Ruleset, User
from tests.factories.actionplans import decide, make_in_force, make_measure, make_plan, make_submitted, yesterday
from tests.factories.risks import make_areas


def rows_for(town, year=2027, on=None):
    bodies = Body.objects.of(town.municipality).planning().order_by("name")
    return {row.body.key: row for row in inventory(bodies=bodies, year=year, on=on or clock.today())}


def test_the_inventory_names_bodies_with_and_without_a_plan(town):
    make_in_force(town)
    rows = rows_for(town)
    care = rows["care"]
    assert (care.state, care.adopted_on, care.section, care.measures) == ("in_force", yesterday(), "139/2023", 2)
    assert rows["school"].plan is None
    assert plans_with_state(rows.values())[""] == 3


def test_quality_is_the_share_that_answers_a_risk_has_resources_and_a_holder(town, risk):
    plan = make_plan(town)
    make_measure(town, plan, risks=(risk,))
    make_measure(town, plan)
    make_measure(town, plan, risks=(risk,), resources=())
    make_measure(town, plan, risks=(risk,), responsible=town.seats["unit_ombud"])
    Appointment.objects.filter(seat=town.seats["unit_ombud"]).update(valid_to=yesterday())
    assert rows_for(town)["care"].quality == 25


def test_the_inventory_of_an_earlier_day_shows_what_stood_then(town):
    first = make_in_force(town, on=yesterday())
    make_measure(town, first.plan, what="Tredje")
    second = services.submit_plan(plan=first.plan, by=town.safety_coordinator)
    decide(town, second, held_on=clock.today(), minutes_approved_on=clock.today())
    assert rows_for(town, on=yesterday())["care"].version == first
    assert rows_for(town)["care"].version == second


def test_the_inventory_costs_the_same_for_many_bodies(town):
    for body in ("care", "school", "board"):
        make_plan(town, body=body)

    def cost(keys):
        with CaptureQueriesContext(connection) as queries:
            inventory(bodies=Body.objects.filter(key__in=keys), year=2027, on=clock.today())
        return len(queries)

    assert cost(["care"]) == cost(["care", "school", "board"])


def test_companies_are_expected_to_plan_only_where_the_rules_name_them(town):
    def names():
        return set(expected_to_plan(town.municipality, clock.today()).values_list("key", flat=True))

    assert names() == {"board", "care", "school"}
    Ruleset.objects.filter(municipality=town.municipality).update(companies_in_scope=True)
    assert names() == {"board", "care", "school", "company"}


def test_a_closed_body_is_not_expected_to_plan(town):
    school = town.bodies["school"]
    school.valid_to, school.successor = clock.today(), town.bodies["care"]
    school.save()
    assert "school" not in expected_to_plan(town.municipality, clock.today()).values_list("key", flat=True)


def test_measures_are_counted_by_area_type_and_state(town):
    areas = make_areas(town.municipality)
    plan = make_plan(town)
    for area in (areas[0], areas[0], areas[1], None):
        make_measure(town, plan, area=area)
    counts = {(row.area, row.type, row.state): row.count for row in by_area_type_and_state(Measure.objects.all())}
    assert counts == {
        (areas[0].name, "prevent", "planned"): 2,
        (areas[1].name, "prevent", "planned"): 1,
        ("", "prevent", "planned"): 1,
    }


def test_overdue_is_promised_unfinished_and_past_its_day(town):
    version = make_in_force(town)
    due = version.measures.all()[0].due_on
    later = due + timedelta(days=1)
    assert Measure.objects.overdue(due).count() == 0
    assert Measure.objects.overdue(later).count() == 2
    services.note_progress(measure=version.measures.all()[0], state="done", note="", by=town.unit_manager)
    assert Measure.objects.overdue(later).count() == 1
    make_submitted(town, year=2026)
    assert Measure.objects.overdue(later).count() == 1


def answers_for(risk, person):
    return measures_answering(risk, Scope.of(User.objects.get(pk=person.pk)))


def test_a_risks_page_names_the_measures_that_the_reader_may_see(town, risk):
    plan = make_plan(town)
    make_measure(town, plan, risks=(risk,), what="Larm")
    assert [answer.title for answer in answers_for(risk, town.coordinator)] == ["Larm"]
    assert answers_for(risk, town.committee_member) == []
    version = services.submit_plan(plan=plan, by=town.coordinator)
    assert [answer.title for answer in answers_for(risk, town.committee_member)] == ["Larm"]
    assert answers_for(risk, town.other_head) == []
    decide(town, version, minutes_approved_on=clock.today())
    make_measure(town, plan, what="Annat")
    assert len(answers_for(risk, town.coordinator)) == 1


def titles(person):
    person = User.objects.get(pk=person.pk)
    return [item.title for item in work(person, Scope.of(person))]


@pytest.mark.usefixtures("in_english")
def test_what_waits_for_whom(town):
    version = make_submitted(town, measures=1)
    assert titles(town.committee_member) == ["Read “Handlingsplan för trygghet 2027”"]
    assert titles(town.committee_secretary) == ["Record the decision on “Handlingsplan för trygghet 2027”"]
    decide(town, version)
    assert titles(town.committee_member) == []
    assert titles(town.committee_secretary) == ["Approve the minutes for “Handlingsplan för trygghet 2027”"]
    assert titles(town.unit_manager) == []
    meeting = version.decisions.get().decision.meeting
    services.approve_minutes(meeting=meeting, on=clock.today(), by=town.committee_secretary)
    assert titles(town.unit_manager) == ["Carry out “Åtgärd 1”"]
    assert version.plan.versions.get().state == VersionState.IN_FORCE


def test_a_measure_is_in_force_only_within_its_versions_days(town):
    make_in_force(town)
    assert Measure.objects.in_force(clock.today()).count() == 2
    assert not Measure.objects.in_force(date(2020, 1, 1)).exists()
