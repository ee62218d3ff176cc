"""The pages of a seat: what they tell, who may do what there, and that mistakes keep what was typed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from organisation import clock
from organisation.models import Absence, Appointment, Seat, SeatKind, SeatType
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import appoint, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make_municipality()
    types = SeatType.objects.filter(municipality=town.municipality)
    types.filter(kind=SeatKind.DEPARTMENT_COORDINATOR).update(min_holders=1, max_holders=1, appointed_by="head")
    types.filter(kind=SeatKind.UNIT_OMBUD).update(appointed_by="unit-manager")
    rebuild_vacancies(town.municipality)
    return town


def page_of(thing, name: str = "seat") -> str:
    return reverse(f"organisation:{name}", args=[thing.public_id])


def shown(client, person, url: str) -> str:
    client.force_login(person)
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def day(date) -> dict[str, str]:
    return {"day": str(date.day), "month": str(date.month), "year": str(date.year)}


def dated(**dates) -> dict[str, str]:
    """The three boxes of each date."""
    return {f"{name}_{part}": text for name, date in dates.items() for part, text in day(date).items()}


def vacate(town, role: str, days: int = 0) -> None:
    held = Appointment.objects.filter(person=town.people[role], seat=town.seats[role])
    held.update(valid_from=clock.today() - timedelta(days=900), valid_to=clock.today() - timedelta(days=days))
    rebuild_vacancies(town.municipality)


class TestSeat:
    def test_it_names_holder_rule_and_who_appoints(self, town, client):
        page = shown(client, town.employee, page_of(town.seats["coordinator"]))
        for words in ("Sanna Låtsas", "Förvaltningschef Nils Påhittsson", "Äldreförvaltningen"):
            assert words in page

    def test_a_vacancy_tells_its_age_who_held_it_by_which_decision_and_who_answers(self, town, client):
        Appointment.objects.filter(person=town.coordinator).update(reference="§ 7, ÄN 2024-3")
        vacate(town, "coordinator", 47)
        page = shown(client, town.employee, page_of(town.seats["coordinator"]))
        left = clock.today() - timedelta(days=47)
        heading = page.split("</h1>")[0].rsplit("<h1", 1)[1]
        assert date_format(left, "j F Y") in heading
        for words in ("47", "§ 7, ÄN 2024-3", "Sanna Låtsas", "Nils Påhittsson"):
            assert words in page

    def test_deputies_absences_and_those_to_come_are_told(self, town, client):
        seat = town.seats["coordinator"]
        deputy, successor = (
            make_user(town.municipality, "Vikarie Vikström"),
            make_user(town.municipality, "Nya Nyström"),
        )
        appoint(deputy, seat, is_deputy=True)
        later = clock.today() + timedelta(days=40)
        Appointment.objects.filter(person=town.coordinator).update(valid_to=later)
        appoint(successor, seat, valid_from=later)
        own = Appointment.objects.get(person=town.coordinator)
        back = clock.today() + timedelta(days=9)
        Absence.objects.create(municipality=town.municipality, appointment=own, valid_from=clock.today(), valid_to=back)
        page = shown(client, town.employee, page_of(seat))
        for words in ("Vikarie Vikström", "Nya Nyström", date_format(back - timedelta(days=1), "j F Y")):
            assert words in page

    def test_only_what_a_person_may_do_is_offered(self, town, client):
        seat = town.seats["unit_ombud"]
        own = Appointment.objects.get(seat=seat)
        links = {name: page_of(seat, name) for name in ("appoint",)} | {
            name: page_of(own, name) for name in ("absence", "appointment_end")
        }
        offered = {
            role: {name for name, link in links.items() if link in shown(client, town.people[role], page_of(seat))}
            for role in ("unit_manager", "administrator", "unit_ombud", "head", "employee")
        }
        assert offered == {
            "unit_manager": {"appoint", "absence", "appointment_end"},
            "administrator": {"appoint", "absence", "appointment_end"},
            "unit_ombud": {"absence"},
            "head": set(),
            "employee": set(),
        }

    def test_the_unions_seat_is_the_unions(self, town, client):
        page = shown(client, town.administrator, page_of(town.seats["safety_representative"]))
        assert page_of(town.seats["safety_representative"], "appoint") not in page

    def test_an_employees_place_is_no_seat_and_a_strangers_seat_is_not_there(self, town, client):
        client.force_login(town.head)
        assert client.get(page_of(town.seats["employee"])).status_code == 404
        other = make_municipality("Grannby kommun")
        for name in ("seat", "appoint", "seat_needed"):
            assert client.get(page_of(other.seats["head"], name)).status_code == 404
        theirs = Appointment.objects.get(person=other.head)
        for name in ("appointment_end", "absence"):
            assert client.get(page_of(theirs, name)).status_code == 404

    def test_its_queries_do_not_grow_with_its_holders(self, town, client, django_assert_max_num_queries):
        seat = town.seats["committee_member"]
        client.force_login(town.administrator)
        with django_assert_max_num_queries(24):
            client.get(page_of(seat))
        for number in range(30):
            ends = None if number % 2 else clock.today()
            appoint(make_user(town.municipality), seat, valid_from=clock.today() - timedelta(days=9), valid_to=ends)
        with django_assert_max_num_queries(24):
            client.get(page_of(seat))


class TestAppointing:
    def test_a_person_is_searched_for_and_appointed_and_the_vacancy_goes(self, town, client):
        vacate(town, "coordinator", 47)
        person = make_user(town.municipality, "Siri Samordnarsson")
        url = page_of(town.seats["coordinator"], "appoint")
        client.force_login(town.head)
        answers = {"is_deputy": "no", "reference": "§ 12, KS 2026-14"} | dated(valid_from=clock.today())
        found = client.post(url, answers | {"person_words": "siri", "search_in": "person"})
        assert found.status_code == 200
        page = found.content.decode()
        assert str(person.public_id) in page
        assert "§ 12, KS 2026-14" in page
        sent = client.post(url, answers | {"person": str(person.public_id)})
        assert sent.status_code == 302
        made = Appointment.objects.get(seat=town.seats["coordinator"], person=person)
        assert (made.valid_from, made.valid_to, made.reference) == (clock.today(), None, "§ 12, KS 2026-14")
        assert client.post(url, answers | {"person": str(person.public_id)}).status_code == 302
        assert Appointment.objects.filter(person=person).count() == 1

    def test_the_last_day_is_the_last_day(self, town, client):
        vacate(town, "coordinator")
        person = make_user(town.municipality)
        client.force_login(town.head)
        last = clock.today() + timedelta(days=30)
        answers = {"is_deputy": "yes", "person": str(person.public_id)}
        client.post(
            page_of(town.seats["coordinator"], "appoint"),
            answers | dated(valid_from=clock.today(), last_day=last),
        )
        made = Appointment.objects.get(person=person)
        assert (made.valid_to, made.is_deputy) == (last + timedelta(days=1), True)

    def test_mistakes_and_refusals_are_told_and_answers_kept(self, town, client):
        client.force_login(town.head)
        url = page_of(town.seats["coordinator"], "appoint")
        page = client.post(url, {"is_deputy": "no", "reference": "Unikt beslut"})
        assert page.status_code == 422
        assert "Unikt beslut" in page.content.decode()
        person = make_user(town.municipality)
        answers = {"is_deputy": "no", "person": str(person.public_id)} | dated(valid_from=clock.today())
        taken = client.post(url, answers)
        assert taken.status_code == 422
        assert 'class="govuk-error-summary' in taken.content.decode()
        assert str(person.public_id) in taken.content.decode()

    def test_a_stranger_can_not_be_appointed(self, town, client):
        stranger = make_municipality("Grannby kommun").head
        client.force_login(town.head)
        answers = {"is_deputy": "yes", "person": str(stranger.public_id)} | dated(valid_from=clock.today())
        assert client.post(page_of(town.seats["coordinator"], "appoint"), answers).status_code == 422
        assert not Appointment.objects.filter(seat=town.seats["coordinator"], person=stranger).exists()


class TestEnding:
    def test_now_or_after_a_last_day(self, town, client):
        client.force_login(town.head)
        own = Appointment.objects.get(person=town.coordinator)
        last = clock.today() + timedelta(days=3)
        url = page_of(own, "appointment_end")
        assert client.post(url, {"when": "later"} | dated(last_day=last)).status_code == 302
        own.refresh_from_db()
        assert own.valid_to == last + timedelta(days=1)
        assert client.post(url, {"when": "now"}).status_code == 302
        own.refresh_from_db()
        assert own.valid_to == clock.today()

    def test_a_last_day_is_asked_for(self, town, client):
        client.force_login(town.head)
        url = page_of(Appointment.objects.get(person=town.coordinator), "appointment_end")
        for answers in (
            {"when": "later"},
            {"when": ""},
            {"when": "later"} | dated(last_day=clock.today().replace(year=2150)),
        ):
            assert client.post(url, answers).status_code == 422

    def test_one_to_come_is_taken_back(self, town, client):
        begins = clock.today() + timedelta(days=10)
        person = make_user(town.municipality)
        coming = appoint(person, town.seats["coordinator"], valid_from=begins)
        client.force_login(town.head)
        client.post(page_of(coming, "appointment_end"), {"when": "now"})
        coming.refresh_from_db()
        assert coming.valid_to == coming.valid_from == begins


class TestAbsence:
    def test_the_holder_notes_it_and_is_back(self, town, client):
        own = Appointment.objects.get(person=town.unit_ombud)
        first, last = clock.today(), clock.today() + timedelta(days=6)
        client.force_login(town.unit_ombud)
        url = page_of(own, "absence")
        assert client.post(url, dated(first_day=first, last_day=last)).status_code == 302
        absence = Absence.objects.get(appointment=own)
        assert (absence.valid_from, absence.valid_to) == (first, last + timedelta(days=1))
        assert client.get(page_of(absence, "absence_end")).status_code == 200
        assert client.post(page_of(absence, "absence_end")).status_code == 302
        absence.refresh_from_db()
        assert absence.valid_to == clock.today()

    def test_mistakes_are_told(self, town, client):
        client.force_login(town.unit_ombud)
        url = page_of(Appointment.objects.get(person=town.unit_ombud), "absence")
        today = clock.today()
        for answers in (
            {"first_day_day": ""},
            dated(first_day=today),
            dated(first_day=today, last_day=today - timedelta(days=3)),
        ):
            assert client.post(url, answers).status_code == 422


class TestNeeded:
    def test_not_needed_with_a_reason_and_needed_again(self, town, client):
        vacate(town, "unit_ombud")
        seat = town.seats["unit_ombud"]
        client.force_login(town.unit_manager)
        url = page_of(seat, "seat_needed")
        assert client.post(url, {"reason": " "}).status_code == 422
        assert client.post(url, {"reason": "Två anställda"}).status_code == 302
        assert "Två anställda" in shown(client, town.employee, page_of(seat))
        client.force_login(town.unit_manager)
        assert client.post(url).status_code == 302
        assert Seat.objects.get(pk=seat.pk).not_needed_reason == ""

    def test_a_seat_that_is_held_is_refused_in_words(self, town, client):
        client.force_login(town.unit_manager)
        page = client.post(page_of(town.seats["unit_ombud"], "seat_needed"), {"reason": "Nej"})
        assert page.status_code == 422


class TestWho:
    URL = reverse("organisation:who")

    def test_the_answer_heads_the_page_with_its_trail(self, town, client):
        vacate(town, "unit_ombud", 10)
        client.force_login(town.employee)
        asked = {"body": str(town.bodies["care-north"].public_id), "responsibility": "seat:unit-ombud"}
        page = " ".join(client.get(self.URL, asked).content.decode().split())
        heading = page.split("</h1>")[0].rsplit("<h1", 1)[1]
        assert "Maja Exempelsson" in heading
        assert date_format(clock.today() - timedelta(days=10), "j F Y") in heading

    def test_a_day_and_a_given_matter_can_be_asked_about(self, town, client):
        vacate(town, "head_of_security", 10)
        town.municipality.responsibilities = [{"key": "m", "title": "Bevaka försäkringar", "held_by": "safety"}]
        town.municipality.save()
        client.force_login(town.employee)
        asked = {"body": str(town.bodies["care-north"].public_id), "responsibility": "matter:m"}
        assert "Anna Attrappén" in client.get(self.URL, asked).content.decode()
        before = (clock.today() - timedelta(days=20)).isoformat()
        page = client.get(self.URL, asked | {"on": before}).content.decode()
        assert "Tor Testberg" in page
        assert "Bevaka försäkringar" in page

    def test_what_is_reported_is_asked_about_when_nothing_else_is(self, town, client):
        client.force_login(town.employee)
        page = client.get(self.URL, {"body": str(town.bodies["care-north"].public_id)}).content.decode()
        assert "Maja Exempelsson" in page.split("</h1>")[0]

    def test_bodies_are_searched_for_and_mistakes_told(self, town, client):
        client.force_login(town.employee)
        assert client.get(self.URL).status_code == 200
        found = client.get(self.URL, {"body_words": "ängs", "search_in": "body"})
        assert found.status_code == 200
        assert str(town.bodies["care-north"].public_id) in found.content.decode()
        other = make_municipality("Grannby kommun")
        for asked in (
            {"body": str(other.bodies["care"].public_id)},
            {"body": str(town.bodies["care"].public_id), "responsibility": "seat:nothing"},
            {"body": str(town.bodies["care"].public_id), "on": "9999-01-01"},
        ):
            assert client.get(self.URL, asked).status_code == 422

    def test_nobody_answers_in_the_unions_place(self, town, client):
        client.force_login(town.employee)
        page = client.get(self.URL).content.decode()
        assert 'value="seat:unit-ombud"' in page
        for key in ("safety-representative", "employee", "member", "outside-member"):
            assert f'value="seat:{key}"' not in page


def test_another_seat_of_the_same_kind_is_another_page(town, client):
    second = make_seat(town.bodies["care-dept"], SeatKind.HEAD, "Biträdande chef", key="second-head")
    page = shown(client, town.employee, page_of(second))
    assert "Biträdande chef" in page
