"""The page of one measure: what is promised, who answers for it today, which risks it answers, how it goes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from actionplans import services
from actionplans.models import Measure, MeasureState
from organisation import clock
from organisation.models import Appointment
from tests.factories.actionplans import make_in_force, make_measure, make_plan, make_submitted
from tests.factories.organisation import make_municipality
from tests.factories.risks import make_risk, make_scale

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make_municipality()
    make_scale(town.municipality)
    return town


def page_of(measure: Measure) -> str:
    return reverse("actionplans:measure", args=[measure.public_id])


def shown(client, person, measure: Measure) -> str:
    client.force_login(person)
    response = client.get(page_of(measure))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_tells_everything_that_is_promised_and_who_answers(town, client):
    """R93: what, how, when, who, which resources; and the name of the one who holds the seat today."""
    measure = make_in_force(town).measures.first()
    page = shown(client, town.committee_member, measure)
    holder = Appointment.objects.get(seat=measure.responsible).person
    for words in (measure.what, measure.how, measure.responsible.seat_type.title, holder.name, "139/2023"):
        assert words in page
    assert reverse("organisation:seat", args=[measure.responsible.public_id]) in page


def test_an_empty_seat_is_told_with_the_one_who_answers_meanwhile(town, client):
    measure = make_in_force(town).measures.first()
    left = clock.today() - timedelta(days=10)
    Appointment.objects.filter(seat=measure.responsible).update(valid_to=left)
    page = shown(client, town.committee_member, measure)
    assert date_format(left, "j F Y") in page
    assert "Nils Påhittsson" in page


def test_its_progress_is_told_with_dates_also_from_earlier_versions(town, client):
    measure = make_in_force(town).measures.first()
    services.note_progress(
        measure=measure, state=MeasureState.STARTED, note="Larm är beställda", by=town.safety_coordinator
    )
    page = shown(client, town.committee_member, measure)
    assert "Larm är beställda" in page
    assert "Elin Modellgren" in page


def test_risks_that_the_reader_may_not_open_are_named_without_a_link(town, client):
    risk = make_risk(town.unit_manager, town.bodies["care-north"])
    plan = make_plan(town)
    measure = make_measure(town, plan, risks=[risk])
    link = reverse("risks:risk", args=[risk.public_id])
    assert link in shown(client, town.head, measure)


def test_a_draft_is_there_for_those_who_prepare_it_alone(town, client):
    measure = make_measure(town, make_plan(town))
    assert measure.what in shown(client, town.head, measure)
    for role, answer in (("committee_member", 404), ("unit_manager", 404), ("other_head", 404), ("employee", 404)):
        client.force_login(town.people[role])
        assert client.get(page_of(measure)).status_code == answer


def test_what_may_be_done_is_offered_to_those_who_may(town, client):
    measure = make_in_force(town).measures.first()
    progress = reverse("actionplans:measure_progress", args=[measure.public_id])
    assert progress in shown(client, town.safety_coordinator, measure)
    assert progress not in shown(client, town.committee_member, measure)


def test_another_municipalitys_measure_is_not_there(town, client):
    measure = make_in_force(town).measures.first()
    client.force_login(make_municipality("Grannby kommun").safety_coordinator)
    assert client.get(page_of(measure)).status_code == 404


def test_the_plans_rows_and_the_risks_answers_lead_to_it(town, client):
    risk = make_risk(town.unit_manager, town.bodies["care-north"])
    version = make_submitted(town)
    client.force_login(town.committee_member)
    plan = client.get(reverse("actionplans:plan", args=[version.plan.public_id])).content.decode()
    assert page_of(version.measures.first()) in plan
    measure = make_measure(town, make_plan(town, year=2031), risks=[risk])
    client.force_login(town.head)
    assert page_of(measure) in client.get(reverse("risks:risk", args=[risk.public_id])).content.decode()


def test_its_queries_are_constant(town, client, django_assert_max_num_queries):
    risks = [make_risk(town.unit_manager, town.bodies["care-north"]) for _number in range(8)]
    measure = make_measure(town, make_plan(town), risks=risks)
    client.force_login(town.head)
    with django_assert_max_num_queries(36):
        client.get(page_of(measure))
