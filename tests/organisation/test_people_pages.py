"""People in the portal itself: the list, one person, and adding, changing, ending and taking back."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import clock
from organisation.models import Appointment, SeatKind, User
from organisation.services.people import end_person
from organisation.views import people as views
from tests.factories import incidents
from tests.factories.importing import run as import_now
from tests.factories.organisation import Town, appoint, make_municipality, make_seat, make_user
from tests.reading import text_of

pytestmark = pytest.mark.django_db

CANARY = "Kanariefågel-4711"
PAGES = ("person", "person_edit", "person_end", "person_back")


@pytest.fixture
def town() -> Town:
    return make_municipality()


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def administrator(client, town):
    client.force_login(town.administrator)
    return client


def address(name: str, person: User) -> str:
    return reverse(f"organisation:{name}", args=[person.public_id])


class TestTheList:
    def test_people_by_name_with_their_seats(self, administrator, town):
        shown = text_of(administrator.get(reverse("organisation:people")))
        assert f"{town.municipality.people.count()} people are here now" in shown
        assert "Maja Exempelsson Enhetschef, Ängsgläntans hemtjänst unit_manager@" in shown

    @pytest.mark.parametrize("words", ["exempelsson", "unit_manager@", "4711", "maja EXEMPEL"])
    def test_searched_by_name_address_and_personnel_id(self, administrator, town, words):
        User.objects.filter(pk=town.unit_manager.pk).update(external_id="A-4711")
        shown = text_of(administrator.get(reverse("organisation:people"), {"q": words}))
        assert "1 person matches the filter" in shown
        assert "Maja Exempelsson" in shown

    def test_those_who_have_left_are_asked_for(self, administrator, town):
        end_person(person=town.unit_manager, by=town.administrator)
        url = reverse("organisation:people")
        assert "Maja Exempelsson" not in text_of(administrator.get(url))
        left = text_of(administrator.get(url, {"state": "left"}))
        assert "Maja Exempelsson Has left" in left
        assert "Nils Påhittsson" not in left
        both = text_of(administrator.get(url, {"state": "all"}))
        assert "Maja Exempelsson" in both
        assert "Nils Påhittsson" in both

    def test_by_where_they_work(self, administrator, town):
        url = reverse("organisation:people")
        shown = text_of(administrator.get(url, {"body": town.bodies["care-dept"].public_id}))
        assert "Maja Exempelsson" in shown
        assert "Nils Påhittsson" in shown
        assert "Lena Låtsas" not in shown

    def test_another_municipalitys_body_and_people_are_not_there(self, administrator, town):
        other = make_municipality("Grannby kommun")
        make_user(other.municipality, "Främmande Frändesson")
        url = reverse("organisation:people")
        assert "Främmande" not in text_of(administrator.get(url, {"state": "all", "q": "främmande"}))
        foreign = text_of(administrator.get(url, {"body": other.bodies["care-dept"].public_id}))
        assert "Maja Exempelsson" in foreign

    def test_it_asks_as_much_for_many_as_for_one(self, administrator, town):
        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                administrator.get(reverse("organisation:people"), {"q": "provgren"})
            return len(captured)

        appoint(make_user(town.municipality, "Anna Provgren"), town.seats["employee"])
        asked()
        one = asked()
        for number in range(20):
            appoint(make_user(town.municipality, f"Provgren {number}"), town.seats["employee"])
        assert asked() == one

    def test_more_than_a_page_are_counted(self, administrator, town):
        for number in range(30):
            make_user(town.municipality, f"Zeta {number:02}")
        assert "30 people match the filter" in text_of(administrator.get(reverse("organisation:people"), {"q": "zeta"}))

    def test_the_next_page_begins_after_the_last_name(self, administrator, town):
        for number in range(30):
            make_user(town.municipality, f"Zeta {number:02}")
        first = administrator.get(reverse("organisation:people"), {"q": "zeta"})
        following = re.search(r'href="(\?[^"]+)"[^>]*rel="next"', first.content.decode())
        second = administrator.get(reverse("organisation:people") + unescape(following[1]))
        assert "Zeta 24" in text_of(first)
        assert "Zeta 24" not in text_of(second)
        assert "Zeta 29" in text_of(second)

    def test_as_a_file_without_formulas(self, administrator, town):
        make_user(town.municipality, "=HYPERLINK(1)", external_id="77")
        file = administrator.get(reverse("organisation:people"), {"as": "csv", "q": "hyperlink"})
        assert file.getvalue().decode("utf-8-sig").splitlines()[1].startswith("'=HYPERLINK(1);")
        everybody = administrator.get(reverse("organisation:people"), {"as": "csv"}).getvalue().decode("utf-8-sig")
        assert "Maja Exempelsson;" in everybody
        assert len(everybody.splitlines()) == town.municipality.people.count() + 1


class TestOnePerson:
    def test_facts_seats_and_changes(self, administrator, town):
        import_now(town.municipality, people=["100;Anna Provgren;anna@exempelby.example.se;care-north"])
        anna = User.objects.get(external_id="100")
        administrator.post(
            address("person_edit", anna),
            {"name": "Anna Nygren", "email": "anna@exempelby.example.se", "external_id": "100"},
        )
        shown = text_of(administrator.get(address("person", anna)))
        assert "anna@exempelby.example.se" in shown
        assert "Medarbetare, Ängsgläntans hemtjänst" in shown
        assert "Name: Anna Provgren → Anna Nygren" in shown
        assert "Ada Ordnarsson" in shown
        assert "Appointed: Medarbetare, Ängsgläntans hemtjänst" in shown

    def test_it_asks_as_much_for_many_changes_as_for_few(self, administrator, town):
        person = town.unit_manager

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                administrator.get(address("person", person))
            return len(captured)

        asked()
        few = asked()
        for number in range(5):
            person.name = f"Maja {number}"
            person.save()
            appoint(person, make_seat(town.bodies["care-south"], SeatKind.OTHER, key=f"other-{number}"))
        assert asked() == few

    def test_adding(self, administrator, town):
        answers = {"name": " Ny Nysson ", "email": "Ny@Exempelby.example.se", "external_id": ""}
        response = administrator.post(reverse("organisation:person_new"), answers, follow=True)
        person = User.objects.get(email="ny@exempelby.example.se")
        assert (person.name, person.municipality, person.has_usable_password()) == (
            "Ny Nysson",
            town.municipality,
            False,
        )
        assert "Ny Nysson is added." in text_of(response)

    @pytest.mark.parametrize(
        ("answers", "message"),
        [
            ({"name": ""}, "Fill in “Name”."),
            ({"email": "ny"}, "Write the e-mail address as name@municipality.se."),
            ({"email": "unit_manager"}, "The e-mail address belongs to somebody else."),
            ({"external_id": "19121212-1212"}, "This looks like a personal identity number."),
        ],
    )
    def test_what_is_refused_keeps_the_answers(self, administrator, town, answers, message):
        sent = {"name": "Ny Nysson", "email": "ny@exempelby.example.se", "external_id": "77"} | answers
        if sent["email"] == "unit_manager":
            sent["email"] = town.unit_manager.email
        response = administrator.post(reverse("organisation:person_new"), sent)
        assert response.status_code == 422
        assert message in text_of(response)
        assert f'value="{sent["external_id"]}"' in response.content.decode()
        assert not User.objects.filter(name="Ny Nysson").exists()

    def test_no_field_but_the_three_is_taken(self, administrator, town):
        """Mass assignment: rights, municipality and log-in can't be sent along."""
        other = make_municipality("Grannby kommun")
        more = {
            "is_staff": "on",
            "is_superuser": "on",
            "municipality": other.municipality.pk,
            "password": "x" * 20,
            "is_active": "",
            "left_at": "2020-01-01",
            "public_id": str(other.administrator.public_id),
        }
        known = {"name": "Maja", "email": town.unit_manager.email, "external_id": ""}
        administrator.post(address("person_edit", town.unit_manager), known | more)
        person = User.objects.get(pk=town.unit_manager.pk)
        assert person.name == "Maja"
        assert (person.is_staff, person.is_superuser, person.is_active) == (False, False, True)
        assert (person.municipality, person.left_at) == (town.municipality, None)
        assert person.password == town.unit_manager.password

    def test_ending_shows_what_ends_and_what_is_handed_over_first(self, administrator, town):
        case = incidents.report(town, by="employee", at="care-north", text=CANARY)
        page = administrator.get(address("person_end", town.unit_manager))
        shown = text_of(page)
        assert "Check before Maja Exempelsson leaves" in shown
        assert "Enhetschef, Ängsgläntans hemtjänst" in shown
        assert "Answers meanwhile: Förvaltningschef Nils Påhittsson" in shown
        assert f"Open cases: {case.label}" in shown
        assert CANARY not in page.content.decode()
        assert town.unit_manager.is_active
        done = text_of(administrator.post(address("person_end", town.unit_manager), follow=True))
        assert "Maja Exempelsson has left, and is logged out everywhere." in done
        assert "Answers meanwhile: Förvaltningschef Nils Påhittsson" in done
        person = User.objects.get(pk=town.unit_manager.pk)
        assert not person.is_active
        assert not Appointment.objects.in_force(clock.today()).filter(person=person).exists()

    def test_the_button_pressed_twice_is_one_change(self, administrator, town):
        administrator.post(address("person_end", town.unit_manager))
        again = administrator.post(address("person_end", town.unit_manager), follow=True)
        assert "That is done already." in text_of(again)
        assert User.objects.get(pk=town.unit_manager.pk).history.filter(is_active=False).count() == 1

    def test_nobody_ends_their_own_account(self, administrator, town):
        shown = text_of(administrator.get(address("person_end", town.administrator)))
        assert "Nobody ends their own account." in shown
        assert "Let the person leave now" not in shown
        administrator.post(address("person_end", town.administrator))
        assert User.objects.get(pk=town.administrator.pk).is_active

    def test_taking_back_gives_no_seat_and_no_old_password(self, administrator, town):
        end_person(person=town.unit_manager, by=town.administrator)
        response = administrator.post(address("person_back", town.unit_manager), follow=True)
        assert "Maja Exempelsson is back, so far without a seat." in text_of(response)
        person = User.objects.get(pk=town.unit_manager.pk)
        assert (person.is_active, person.left_at, person.has_usable_password()) == (True, None, False)
        assert not Appointment.objects.in_force(clock.today()).filter(person=person).exists()


@pytest.mark.parametrize("role", ["employee", "unit_manager", "head", "safety_coordinator", "board_chair", "neighbour"])
def test_nobody_else_runs_people(client, town, role):
    person = make_municipality("Grannby kommun").administrator if role == "neighbour" else town.people[role]
    client.force_login(person)
    target = town.committee_chair
    for name in PAGES:
        assert client.get(address(name, target)).status_code == 404
        if name != "person":
            assert client.post(address(name, target), {"name": "X", "email": "x@example.se"}).status_code == 404
    if role != "neighbour":
        assert client.get(reverse("organisation:people")).status_code == 403
        assert client.post(reverse("organisation:person_new"), {"name": "X"}).status_code == 403
    target.refresh_from_db()
    assert (target.name, target.is_active) == ("Karin Skissmark", True)


def test_control_with_the_scope_taken_away_a_neighbour_is_let_in(client, town, monkeypatch):
    client.force_login(make_municipality("Grannby kommun").administrator)
    monkeypatch.setattr(views, "people_run_by", lambda _user: User.objects.all())
    assert client.get(address("person", town.committee_chair)).status_code == 200


def test_an_operator_is_nobodys_to_run(administrator):
    operator = User.objects.create_superuser("drift@example.se", "x" * 20, name="Drift Driftsson")
    assert administrator.get(address("person", operator)).status_code == 404


class TestTheAdministratorReadsNoCase:
    """Running people opens no case: not its page, not its text, not in any list."""

    def test_no_page_of_the_administrator_holds_a_cases_text(self, administrator, town):
        case = incidents.report(town, by="employee", at="care-north", text=CANARY)
        assert administrator.get(reverse("incidents:case", args=[case.public_id])).status_code == 404
        end_person(person=town.unit_manager, by=town.administrator)
        pages = [reverse(f"organisation:{name}") for name in ("administer", "people", "person_new", "imports")]
        pages += [address(name, person) for name in PAGES for person in (town.unit_manager, town.employee)]
        for page in (*pages, reverse("home"), reverse("incidents:inbox")):
            response = administrator.get(page)
            assert response.status_code == 200
            assert CANARY not in response.content.decode()

    def test_control_who_handles_the_case_reads_its_text(self, client, town):
        case = incidents.report(town, by="employee", at="care-north", text=CANARY)
        client.force_login(town.unit_manager)
        assert CANARY in client.get(reverse("incidents:case", args=[case.public_id])).content.decode()


def test_the_hub_names_everything_that_the_administrator_runs(administrator, town):
    response = administrator.get(reverse("organisation:administer"))
    shown = text_of(response)
    assert "Administer Exempelby kommun" in shown
    assert f"{town.municipality.people.count()} people" in shown
    for name in ("tree", "changes", "seat_types", "vacancies", "people", "imports", "grants", "login"):
        assert f'href="{reverse(f"organisation:{name}")}"' in response.content.decode()
