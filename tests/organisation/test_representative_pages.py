"""Pages of safety representatives: everyone sees who stands for what; those who record notices record them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisation import clock
from organisation.models import Appointment, AreaBody, Mandate, SeatKind
from tests.factories.organisation import appoint, make_municipality, make_seat, make_user
from tests.factories.union import UNION, add_chief, give_area, mandate_of, note_union, stop_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture
def as_(town):
    def log_in(role: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(town.people[role])
        return client

    return log_in


def day(value, name: str) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def notice(town, appointed, **changed) -> dict:
    today = clock.today()
    answers = {
        "person": str(appointed.public_id),
        "kind": "safety_representative",
        "at": str(town.bodies["care-south"].public_id),
        "area": [str(town.bodies["care-south"].public_id), str(town.bodies["school-unit"].public_id)],
        "union": UNION,
        **day(today, "notified_on"),
        **day(today, "valid_from"),
    }
    return answers | changed


class TestTheList:
    def test_everyone_with_a_seat_sees_name_union_area_and_since(self, town, as_):
        note_union(mandate_of(town.safety_representative))
        page = as_("employee").get("/organisation/representatives/").content.decode()
        for said in ("Omar Påhittad", UNION, "Ängsgläntans hemtjänst"):
            assert said in page
        assert "Record a union" not in page

    def test_the_area_of_today_is_shown_and_not_the_seats_body(self, town, as_):
        mandate = mandate_of(town.safety_representative)
        give_area(mandate, town.bodies["school-dept"])
        give_area(mandate, town.bodies["office"], valid_to=clock.today())
        rows = as_("employee").get("/organisation/representatives/").context["rows"]
        assert [row["area"] for row in rows] == [["Utbildningsförvaltningen"]]

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("ängsgl", ["Omar Påhittad"]),
            ("tallmon", ["Hilda Huvudsson"]),
            ("omar", ["Omar Påhittad"]),
            ("björkhagen", []),
            ("", ["Hilda Huvudsson", "Omar Påhittad"]),
        ],
    )
    def test_searched_by_workplace_also_below_the_area_and_by_name(self, town, as_, words, found):
        add_chief(town, "care-south")
        rows = as_("employee").get("/organisation/representatives/", {"q": words}).context["rows"]
        assert [row["appointment"].person.name for row in rows] == found

    def test_a_workplace_without_any_says_so(self, town, as_):
        page = as_("employee").get("/organisation/representatives/", {"q": "björkhagen"}).content.decode()
        assert "No safety representative appointed by the union" in page

    def test_the_workplaces_without_one_are_counted_and_named(self, town, as_):
        page = as_("employee").get("/organisation/representatives/without/")
        before = page.context["count"]
        assert f"{before} workplaces have no safety representative" in page.content.decode()
        assert "Tallmons gruppboende" in page.content.decode()
        assert "Ängsgläntans hemtjänst" not in page.content.decode()
        give_area(mandate_of(town.safety_representative), town.bodies["care-dept"], town.bodies["care-north"])
        add_chief(town, "school-dept")
        after = as_("employee").get("/organisation/representatives/without/").context["count"]
        # The department and its other unit are covered now too; a chief representative covers none.
        assert before - after == 2

    def test_who_has_ended_is_left_out_and_so_is_another_municipality(self, town, as_):
        neighbour = make_municipality("Grannby kommun")
        Appointment.objects.filter(person=town.safety_representative).update(valid_to=clock.today())
        assert as_("employee").get("/organisation/representatives/").context["rows"] == []
        client = Client()
        client.force_login(neighbour.employee)
        assert len(client.get("/organisation/representatives/").context["rows"]) == 1

    def test_as_many_queries_for_thirty_as_for_one(self, town, as_):
        client = as_("employee")
        give_area(mandate_of(town.safety_representative), town.bodies["care-dept"])
        client.get("/organisation/representatives/")
        with CaptureQueriesContext(connection) as one:
            client.get("/organisation/representatives/")
        seat = make_seat(town.bodies["care-south"], SeatKind.SAFETY_REPRESENTATIVE)
        for place in range(30):
            held = appoint(make_user(town.municipality, f"Person {place:02}"), seat)
            give_area(held, town.bodies["care-dept"], town.bodies["school-dept"])
            note_union(held)
        with CaptureQueriesContext(connection) as many:
            page = client.get("/organisation/representatives/")
        assert len(page.context["rows"]) == 25
        assert len(one) == len(many)
        rest = client.get("/organisation/representatives/" + page.context["older_url"])
        assert len(rest.context["rows"]) == 6


class TestRecordingANotice:
    @pytest.mark.parametrize("role", ["administrator", "chief_safety_representative"])
    def test_it_is_recorded_and_shown(self, town, as_, role):
        add_chief(town)
        person = make_user(town.municipality, "Sam Skyddsson")
        page = as_(role).post("/organisation/representatives/new/", notice(town, person), follow=True)
        assert "Sam Skyddsson is skyddsombud" in page.content.decode()
        recorded = Mandate.objects.get(appointment__person=person)
        assert set(recorded.appointment.area.values_list("body__key", flat=True)) == {"care-south", "school-unit"}

    @pytest.mark.parametrize("role", ["head", "unit_manager", "safety_coordinator", "safety_representative"])
    def test_others_are_refused_before_they_begin(self, town, as_, role):
        assert as_(role).get("/organisation/representatives/new/").status_code == 403
        sent = as_(role).post("/organisation/representatives/new/", notice(town, town.employee))
        assert sent.status_code == 403
        assert not Mandate.objects.exists()

    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, town, as_):
        person = make_user(town.municipality, "Sam Skyddsson")
        answers = notice(town, person, union="", **day(clock.today() + timedelta(days=1), "notified_on"))
        page = as_("administrator").post("/organisation/representatives/new/", answers)
        assert page.status_code == 422
        text = page.content.decode()
        assert "Fill in “Which union?”" in text
        assert text.count('aria-invalid="true"') >= 1
        assert "checked" in text
        answers = notice(town, person, **day(clock.today() + timedelta(days=1), "notified_on"))
        refused = as_("administrator").post("/organisation/representatives/new/", answers)
        assert refused.status_code == 422
        assert "lies ahead" in refused.content.decode()

    def test_another_municipalitys_person_and_body_can_not_be_chosen(self, town, as_):
        other = make_municipality("Grannby kommun")
        for changed in (
            {"person": str(other.employee.public_id)},
            {"at": str(other.bodies["care"].public_id)},
            {"area": [str(other.bodies["care"].public_id)]},
        ):
            sent = as_("administrator").post(
                "/organisation/representatives/new/", notice(town, town.employee, **changed)
            )
            assert sent.status_code == 422
        assert not Mandate.objects.exists()


class TestOneMandate:
    @pytest.fixture
    def address(self, town):
        return f"/organisation/representatives/{mandate_of(town.safety_representative).public_id}/"

    def test_everyone_sees_it_and_those_who_record_may_change_it(self, town, as_, address):
        assert "Change the area" not in as_("employee").get(address).content.decode()
        page = as_("administrator").get(address).content.decode()
        assert "Change the area" in page
        assert "End the mandate" in page

    def test_no_other_appointment_is_shown_this_way(self, town, as_):
        other = Appointment.objects.get(person=town.head)
        assert as_("administrator").get(f"/organisation/representatives/{other.public_id}/").status_code == 404

    def test_never_another_municipality(self, town, address):
        client = Client()
        client.force_login(make_municipality("Grannby kommun").administrator)
        for step in ("", "area/", "end/"):
            assert client.get(address + step).status_code == 404

    def test_the_area_is_changed_from_a_day(self, town, as_, address):
        answers = {
            "area": [str(town.bodies["care-south"].public_id)],
            "union": UNION,
            **day(clock.today(), "on"),
            **day(clock.today(), "notified_on"),
        }
        page = as_("administrator").post(address + "area/", answers, follow=True)
        assert "Tallmons gruppboende" in page.content.decode()
        assert AreaBody.objects.in_force(clock.today()).get().body == town.bodies["care-south"]
        assert "Which union" not in as_("administrator").get(address + "area/").content.decode(), "known by now"

    def test_it_is_ended_now_and_can_not_be_changed_any_more(self, town, as_, address):
        answers = {"when": "now", "union": UNION, **day(clock.today(), "notified_on")}
        page = as_("administrator").post(address + "end/", answers, follow=True)
        assert "has been skyddsombud" in page.content.decode()
        assert "End the mandate" not in page.content.decode()

    @pytest.mark.parametrize("role", ["head", "unit_manager", "safety_coordinator", "safety_representative"])
    @pytest.mark.parametrize("step", ["area/", "end/"])
    def test_the_employer_is_refused(self, town, as_, address, role, step):
        assert as_(role).get(address + step).status_code == 403
        assert as_(role).post(address + step, {}).status_code == 403

    def test_a_mistake_keeps_the_answers(self, town, as_, address):
        answers = {"when": "later", "union": "", **day(clock.today(), "notified_on")}
        page = as_("administrator").post(address + "end/", answers)
        assert page.status_code == 422
        assert "Write the last day" in page.content.decode()


class TestTheBodysPage:
    def address(self, town, key):
        return f"/organisation/bodies/{town.bodies[key].public_id}/"

    def test_it_names_them_with_their_union(self, town, as_):
        note_union(mandate_of(town.safety_representative))
        page = as_("employee").get(self.address(town, "care-north")).content.decode()
        assert "Omar Påhittad</a>, Exempelförbundet" in page

    def test_the_union_appoints_to_the_seat(self, town, as_):
        page = as_("employee").get(self.address(town, "care-north")).content.decode()
        assert "The union</td>" in page

    def test_it_says_when_there_is_none(self, town, as_):
        assert "None appointed by the union" in as_("employee").get(self.address(town, "care-south")).content.decode()

    def test_a_committee_is_no_workplace(self, town, as_):
        page = as_("employee").get(self.address(town, "care")).content.decode()
        assert "None appointed by the union" not in page

    def test_work_that_is_stopped_is_told_to_both_sides_and_those_who_work_there(self, town, as_):
        stop = stop_work(town)
        link = f"/organisation/stops/{stop.public_id}/"
        for role in ("unit_manager", "safety_representative", "head"):
            assert link in as_(role).get(self.address(town, "care-north")).content.decode()
        page = as_("employee").get(self.address(town, "care-north")).content.decode()
        assert "Lyft utan hjälpmedel" in page
        assert link not in page
        for role in ("committee_chair", "other_manager", "administrator"):
            assert "Lyft" not in as_(role).get(self.address(town, "care-north")).content.decode()
