"""The list of vacant seats: oldest first, filtered, with who answers meanwhile and who appoints; as CSV too."""

from datetime import timedelta

import pytest
from django.urls import reverse

from organisation import clock
from organisation.models import Appointment, Seat, SeatKind, SeatType
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("organisation:vacancies")


@pytest.fixture
def town():
    """The coordinator has been gone for 47 days, the unit's manager since yesterday."""
    town = make_municipality()
    types = SeatType.objects.filter(municipality=town.municipality)
    types.filter(kind=SeatKind.DEPARTMENT_COORDINATOR).update(min_holders=1, appointed_by="head")
    types.filter(kind=SeatKind.UNIT_MANAGER).update(min_holders=1, appointed_by="head")
    for role, days in (("coordinator", 47), ("unit_manager", 1)):
        held = Appointment.objects.filter(person=town.people[role])
        held.update(valid_from=clock.today() - timedelta(days=400), valid_to=clock.today() - timedelta(days=days))
    rebuild_vacancies(town.municipality)
    return town


def shown(client, person, **asked) -> str:
    client.force_login(person)
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_oldest_comes_first_with_its_age_who_answers_and_who_appoints(town, client):
    page = shown(client, town.employee)
    table = page[page.index("<table") :]
    assert table.index("Säkerhetshandläggare") < table.index("Enhetschef")
    for words in ("47", "Förvaltningschef Nils Påhittsson", "Äldreförvaltningen"):
        assert words in table


def test_only_those_who_may_are_offered_to_appoint(town, client):
    links = [
        reverse("organisation:appoint", args=[town.seats[role].public_id]) for role in ("coordinator", "unit_manager")
    ]
    assert all(link in shown(client, town.head) for link in links)
    assert all(link in shown(client, town.administrator) for link in links)
    for role in ("employee", "other_head", "committee_chair", "safety_coordinator"):
        assert not any(link in shown(client, town.people[role]) for link in links)


def test_it_is_filtered_by_body_and_by_kind_of_seat(town, client):
    unit = str(town.bodies["care-north"].public_id)
    page = shown(client, town.employee, body=unit)
    table = page[page.index("<table") :]
    assert "Enhetschef" in table
    assert "Säkerhetshandläggare" not in table
    page = shown(client, town.employee, seat_type="department-coordinator", body=str(town.bodies["care"].public_id))
    assert "Säkerhetshandläggare" in page[page.index("<table") :]
    assert "<table" not in shown(client, town.employee, body=str(town.bodies["school"].public_id))


def test_another_day_is_answered_as_it_was(town, client):
    before = clock.today() - timedelta(days=10)
    table = shown(client, town.employee, on=before.isoformat())
    table = table[table.index("<table") :]
    assert "Säkerhetshandläggare" in table
    assert "37" in table
    assert "Enhetschef, Ängsgläntans" not in table
    assert "<table" not in shown(client, town.employee, on=(clock.today() - timedelta(days=100)).isoformat())
    body = {"body": str(town.bodies["care-dept"].public_id), "on": before.isoformat()}
    assert "Säkerhetshandläggare" in shown(client, town.employee, **body)


def test_a_day_that_is_none_is_told_and_a_stranger_s_body_is_none(town, client):
    client.force_login(town.employee)
    for asked in ({"on": "9999-12-31"}, {"on_day": "1"}, {"body": "x"}, {"seat_type": "nothing"}):
        response = client.get(LIST, asked)
        assert response.status_code == 422
        assert 'class="govuk-error-summary' in response.content.decode()
    other = make_municipality("Grannby kommun")
    assert client.get(LIST, {"body": str(other.bodies["care"].public_id)}).status_code == 422


def test_another_municipalitys_vacancies_are_not_in_it(town, client):
    other = make_municipality("Grannby kommun")
    assert "Säkerhetshandläggare" not in shown(client, other.employee).split("<table")[-1].split("</select>")[-1]


def test_long_lists_come_in_pages_and_the_file_holds_all(town, client):
    for number in range(40):
        unit = make_body(town.municipality, "unit", f"Enhet {number}", town.bodies["care-dept"])
        make_seat(unit, SeatKind.UNIT_MANAGER)
    rebuild_vacancies(town.municipality)
    page = shown(client, town.head)
    assert page.count('role="rowheader"') == 25
    assert "?page=" in page
    older = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = client.get(older).content.decode()
    assert second.count('role="rowheader"') == 42 - 25
    file = b"".join(client.get(LIST, {"as": "csv"}).streaming_content).decode()
    assert len(file.strip().splitlines()) == 1 + 42
    assert "47" in file


def test_a_deputy_alone_is_no_holder_but_answers(town, client):
    appoint(make_user(town.municipality, "Vikarie Vikström"), town.seats["coordinator"], is_deputy=True)
    table = shown(client, town.employee)
    assert "Vikarie Vikström" in table[table.index("<table") :]


def test_its_queries_are_constant(town, client, django_assert_max_num_queries):
    client.force_login(town.head)
    with django_assert_max_num_queries(22):
        client.get(LIST)
    for number in range(24):
        unit = make_body(town.municipality, "unit", f"Enhet {number}", town.bodies["care-dept"])
        make_seat(unit, SeatKind.UNIT_MANAGER)
    rebuild_vacancies(town.municipality)
    assert Seat.objects.vacant_on(clock.today()).count() == 26
    with django_assert_max_num_queries(22):
        client.get(LIST)
