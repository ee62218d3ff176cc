"""Pages of requests and stops: what each side sees and does, errors kept, nothing for others."""

import io
import re
from datetime import timedelta

import page as page_validation
import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organisation import clock
from organisation.models import RequestState, User, WorkEnvironmentRequest, WorkStop
from organisation.services.work_environment_requests import answer_request
from organisation.services.work_stops import lift_stop
from organisation.work import work_for
from tests.factories.organisation import make_municipality
from tests.factories.union import file_request, give_area, mandate_of, stop_work

pytestmark = pytest.mark.django_db

SECRET = ("Larm vid kvällsbesök", "Två hot på en månad")
OUTSIDERS = (
    "employee",
    "unit_ombud",
    "committee_chair",
    "board_member",
    "administrator",
    "outside_member",
)


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


def asking(town, **changed) -> dict:
    return {
        "body": str(town.bodies["care-north"].public_id),
        "wanted": "measure",
        "text": SECRET[0],
        "reason": SECRET[1],
    } | changed


def titles(person: User) -> list[str]:
    return [item.title for item in work_for(User.objects.get(pk=person.pk))]


class TestFilingARequest:
    def test_the_page_that_follows_is_the_receipt(self, town, as_):
        page = as_("safety_representative").post("/organisation/requests/new/", asking(town), follow=True)
        text = page.content.decode()
        request = WorkEnvironmentRequest.objects.get()
        assert page.redirect_chain[-1][0] == f"/organisation/requests/{request.public_id}/"
        for said in (
            request.label,
            "Maja Exempelsson, Enhetschef",
            "waits for the employer",
            "what the municipality promises",
        ):
            assert said in text

    def test_sent_twice_from_the_same_page_it_is_one(self, town, as_):
        client = as_("safety_representative")
        key = client.get("/organisation/requests/new/").context["form"]["submission_key"].value()
        for _time in range(2):
            client.post("/organisation/requests/new/", asking(town, submission_key=str(key)))
        assert WorkEnvironmentRequest.objects.count() == 1

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, town, as_):
        page = as_("safety_representative").post("/organisation/requests/new/", asking(town, reason=""))
        assert page.status_code == 422
        text = page.content.decode()
        assert text.count("Write why it is needed") == 2
        assert SECRET[0] in text
        assert not WorkEnvironmentRequest.objects.exists()

    def test_only_workplaces_of_the_own_area_are_offered(self, town, as_):
        give_area(mandate_of(town.safety_representative), town.bodies["care-dept"])
        page = as_("safety_representative").get("/organisation/requests/new/").content.decode()
        assert "Tallmons gruppboende" in page
        assert "Björkhagens förskola" not in page
        sent = as_("safety_representative").post(
            "/organisation/requests/new/", asking(town, body=str(town.bodies["school-unit"].public_id))
        )
        assert sent.status_code == 422

    def test_in_a_large_area_the_workplace_is_searched_for(self, town, as_, monkeypatch):
        monkeypatch.setattr("organisation.forms.union.MOST_BODIES", 1)
        give_area(mandate_of(town.safety_representative), town.bodies["care-dept"])
        page = as_("safety_representative").post("/organisation/requests/new/", asking(town), follow=True)
        assert page.status_code == 200
        assert WorkEnvironmentRequest.objects.get().body == town.bodies["care-north"]

    @pytest.mark.parametrize("role", [*OUTSIDERS, "unit_manager", "head", "safety_coordinator"])
    def test_nobody_else_files(self, town, as_, role):
        for page in ("requests/new/", "stops/new/"):
            assert as_(role).get(f"/organisation/{page}").status_code == 403
            assert as_(role).post(f"/organisation/{page}", asking(town)).status_code == 403
        assert not WorkEnvironmentRequest.objects.exists()


class TestOneRequest:
    @pytest.fixture
    def asked(self, town):
        return file_request(town)

    @pytest.fixture
    def address(self, asked):
        return f"/organisation/requests/{asked.public_id}/"

    def test_the_manager_answers(self, town, as_, asked, address):
        assert f"{address}answer/" in as_("unit_manager").get(address).content.decode()
        answers = {"outcome": "rejected", "answer": "Vi prövar annat först"}
        page = as_("unit_manager").post(f"{address}answer/", answers, follow=True).content.decode()
        assert f"Request {asked.label} is rejected" in page
        assert "Vi prövar annat först" in page
        assert f"{address}answer/" not in page

    def test_an_answer_without_reasons_is_not_sent(self, town, as_, asked, address):
        page = as_("unit_manager").post(f"{address}answer/", {"outcome": "rejected", "answer": ""})
        assert page.status_code == 422
        assert page.content.decode().count("Write the employer&#x27;s answer and its reasons") == 2
        asked.refresh_from_db()
        assert asked.state == "filed"

    def test_the_representative_refers_and_adds_the_reference_later(self, town, as_, asked, address):
        answer_request(request=asked, outcome=RequestState.REJECTED, answer="Nej", by=town.unit_manager)
        client = as_("safety_representative")
        assert "Note that it is referred" in client.get(address).content.decode()
        client.post(f"{address}refer/", day(clock.today(), "on") | {"reference": ""})
        page = client.get(address).content.decode()
        assert "Add the authority" in page
        client.post(f"{address}refer/", day(clock.today(), "on") | {"reference": "2026/0042"})
        page = client.get(address).content.decode()
        assert "2026/0042" in page
        assert "The authority&#x27;s reference is added" in page

    def test_too_early_or_by_the_wrong_side_it_is_refused(self, town, as_, address):
        assert as_("safety_representative").get(f"{address}refer/").status_code == 403
        assert as_("unit_manager").get(f"{address}refer/").status_code == 403
        assert as_("unit_manager").post(f"{address}withdraw/", {"reason": "Nej"}).status_code == 403
        assert as_("safety_representative").post(f"{address}answer/", {}).status_code == 403
        assert as_("safety_coordinator").get(f"{address}answer/").status_code == 403

    def test_the_representative_withdraws(self, town, as_, asked, address):
        page = as_("safety_representative").post(f"{address}withdraw/", {"reason": "Ordnat"}, follow=True)
        assert f"Request {asked.label} is withdrawn" in page.content.decode()

    @pytest.mark.parametrize("role", OUTSIDERS)
    def test_it_is_not_there_for_others(self, town, as_, address, role):
        for step in ("", "pdf/", "answer/", "refer/", "withdraw/"):
            assert as_(role).get(address + step).status_code == 404
        assert as_(role).get("/organisation/requests/").status_code == 403

    def test_nor_for_another_municipality(self, town, address):
        client = Client()
        for person in (
            (p := make_municipality("Grannby kommun")).unit_manager,
            p.safety_representative,
            p.chief_executive,
        ):
            client.force_login(person)
            assert client.get(address).status_code == 404
            assert all(secret not in client.get("/organisation/requests/").content.decode() for secret in SECRET)

    def test_its_paper_is_tagged_and_tells_it_all(self, town, as_, asked, address):
        answer_request(request=asked, outcome=RequestState.PARTLY, answer="Larm på kvällar", by=town.unit_manager)
        sent = as_("safety_representative").get(f"{address}pdf/")
        assert sent["Content-Type"] == "application/pdf"
        assert asked.label in sent["Content-Disposition"]
        for profile in ("ua1", "3a"):
            checked = page_validation.validate_pdf_bytes(sent.content, profile=profile)
            assert checked.is_compliant, [(failure.rule_id, failure.message) for failure in checked.failures]
        opened = pypdfium2.PdfDocument(io.BytesIO(sent.content))
        text = re.sub(r"\s+", " ", " ".join(each.get_textpage().get_text_bounded() for each in opened))
        for said in (asked.label, *SECRET, "Larm på kvällar", "Maja Exempelsson", "Omar Påhittad"):
            assert said in text


class TestTheListOfRequests:
    def test_newest_first_with_status_and_filter(self, town, as_):
        first, second = file_request(town), file_request(town)
        answer_request(request=first, outcome=RequestState.ACCEPTED, answer="Ja", by=town.unit_manager)
        client = as_("head")
        rows = client.get("/organisation/requests/").context["rows"]
        assert [row["asked"] for row in rows] == [second, first]
        waiting = client.get("/organisation/requests/", {"state": "waiting"}).context["rows"]
        assert [row["asked"] for row in waiting] == [second]
        elsewhere = {"body": str(town.bodies["care-south"].public_id)}
        assert client.get("/organisation/requests/", elsewhere).context["rows"] == []
        below = {"body": str(town.bodies["care-dept"].public_id)}
        assert len(client.get("/organisation/requests/", below).context["rows"]) == 2

    def test_a_late_one_is_marked(self, town, as_, monkeypatch):
        file_request(town)
        after = clock.today() + timedelta(days=15)
        monkeypatch.setattr(clock, "today", lambda: after)
        assert "Answer overdue" in as_("head").get("/organisation/requests/").content.decode()

    def test_nonsense_in_the_address_is_left_out_of_account(self, town, as_):
        file_request(town)
        asked = {"state": "nonsense", "body": "nobody", "page": "x"}
        assert len(as_("head").get("/organisation/requests/", asked).context["rows"]) == 1

    def test_as_many_queries_for_thirty_as_for_one(self, town, as_):
        file_request(town)
        client = as_("head")
        client.get("/organisation/requests/")
        with CaptureQueriesContext(connection) as one:
            client.get("/organisation/requests/")
        for _place in range(30):
            file_request(town)
        with CaptureQueriesContext(connection) as many:
            shown = client.get("/organisation/requests/")
        assert len(one) == len(many)
        assert len(client.get("/organisation/requests/" + shown.context["older_url"]).context["rows"]) == 6


class TestStops:
    def stopping(self, town, **changed):
        return {
            "body": str(town.bodies["care-north"].public_id),
            "work": "Lyft utan hjälpmedel",
            "reason": "danger",
            "at": f"{timezone.localtime(clock.now()):%H.%M}",
            "text": "",
        } | changed

    def test_a_stop_is_recorded_from_one_screen(self, town, as_):
        page = as_("safety_representative").post("/organisation/stops/new/", self.stopping(town), follow=True)
        assert "Work is stopped: Lyft utan hjälpmedel" in page.content.decode()
        assert WorkStop.objects.get().stopped_at <= clock.now()

    def test_the_hour_is_there_already_and_the_only_workplace_too(self, town, as_):
        form = as_("safety_representative").get("/organisation/stops/new/").context["form"]
        assert form["at"].value() is not None
        assert form["body"].value() == town.bodies["care-north"].public_id
        assert form["body"].is_hidden

    def test_sent_twice_it_is_one(self, town, as_):
        client = as_("safety_representative")
        key = client.get("/organisation/stops/new/").context["form"]["submission_key"].value()
        answers = self.stopping(town, submission_key=str(key))
        for _time in range(2):
            client.post("/organisation/stops/new/", answers)
        assert WorkStop.objects.count() == 1

    def test_mistakes_are_said_and_nothing_is_lost(self, town, as_):
        tomorrow = clock.today() + timedelta(days=1)
        page = as_("safety_representative").post(
            "/organisation/stops/new/", self.stopping(town, work="", reason="", text="Golvet ger vika")
        )
        assert page.status_code == 422
        text = page.content.decode()
        for said in ("Write which work is stopped", "Choose why", "Golvet ger vika"):
            assert said in text
        ahead = self.stopping(town, **day(tomorrow, "day"))
        assert "lie ahead" in as_("safety_representative").post("/organisation/stops/new/", ahead).content.decode()
        assert not WorkStop.objects.exists()

    def test_those_that_stand_are_pinned_and_the_lifted_follow(self, town, as_):
        old = stop_work(town, stopped_at=clock.now() - timedelta(days=3))
        new = stop_work(town)
        lift_stop(stop=new, how="agreed", because="Lagad", by=town.safety_representative)
        page = as_("unit_manager").get("/organisation/stops/")
        assert page.context["standing"] == [old]
        assert page.context["lifted"] == [new]
        assert "Work is stopped at 1 place" in page.content.decode()

    def test_either_side_takes_its_steps(self, town, as_):
        stop = stop_work(town, stopped_at=clock.now() - timedelta(hours=1))
        address = f"/organisation/stops/{stop.public_id}/"
        now = {"at": f"{timezone.localtime(clock.now()):%H.%M}"}
        page = as_("unit_manager").post(f"{address}authority/", now, follow=True)
        assert "It is noted when the authority was told" in page.content.decode()
        refused = as_("unit_manager").post(f"{address}lift/", {"how": "agreed", "because": "Lagad"})
        assert refused.status_code == 422
        page = as_("safety_representative").post(f"{address}lift/", {"how": "agreed", "because": "Lagad"}, follow=True)
        assert "The stop is lifted: Lyft utan hjälpmedel" in page.content.decode()
        again = as_("safety_representative").get(f"{address}lift/", follow=True)
        assert "already changed" in again.content.decode()

    @pytest.mark.parametrize("role", ["safety_coordinator", "coordinator"])
    def test_who_only_sees_it_does_nothing(self, town, as_, role):
        address = f"/organisation/stops/{stop_work(town).public_id}/"
        assert as_(role).get(address).status_code == 200
        for step in ("authority/", "lift/"):
            assert as_(role).get(address + step).status_code == 403

    @pytest.mark.parametrize("role", OUTSIDERS)
    def test_it_is_not_there_for_others(self, town, as_, role):
        address = f"/organisation/stops/{stop_work(town).public_id}/"
        for step in ("", "authority/", "lift/"):
            assert as_(role).get(address + step).status_code == 404
        assert as_(role).get("/organisation/stops/").status_code == 403

    def test_nor_for_another_municipality(self, town):
        client = Client()
        client.force_login(make_municipality("Grannby kommun").chief_executive)
        assert client.get(f"/organisation/stops/{stop_work(town).public_id}/").status_code == 404
        assert client.get("/organisation/stops/").context["standing"] == []

    def test_as_many_queries_for_many_as_for_one(self, town, as_):
        for _place in range(2):
            lift_stop(stop=stop_work(town), how="agreed", because="Lagad", by=town.safety_representative)
        stop_work(town)
        client = as_("head")
        client.get("/organisation/stops/")
        with CaptureQueriesContext(connection) as few:
            client.get("/organisation/stops/")
        for _place in range(5):
            stop_work(town)
        with CaptureQueriesContext(connection) as many:
            client.get("/organisation/stops/")
        assert len(few) == len(many)


class TestMyWork:
    def test_the_one_who_answers_and_nobody_else_in_the_line(self, town):
        asked = file_request(town)
        assert any(asked.label in title for title in titles(town.unit_manager))
        for person in (town.head, town.chief_executive, town.coordinator, town.safety_coordinator):
            assert not any(asked.label in title for title in titles(person))

    def test_an_answer_is_news_to_the_representative_for_a_while(self, town, monkeypatch):
        asked = answer_request(
            request=file_request(town), outcome=RequestState.ACCEPTED, answer="Ja", by=town.unit_manager
        )
        assert any(asked.label in title for title in titles(town.safety_representative))
        after = clock.now() + timedelta(days=15)
        monkeypatch.setattr(clock, "now", lambda: after)
        assert not any(asked.label in title for title in titles(town.safety_representative))

    def test_a_late_answer_can_be_referred(self, town, monkeypatch):
        asked = file_request(town)
        assert not any(asked.label in title for title in titles(town.safety_representative))
        after = clock.today() + timedelta(days=15)
        monkeypatch.setattr(clock, "today", lambda: after)
        assert any(asked.label in title for title in titles(town.safety_representative))

    def test_a_stop_that_stands_waits_for_all_in_the_line_and_the_representative(self, town):
        stop = stop_work(town)
        for person in (town.unit_manager, town.head, town.chief_executive, town.safety_representative):
            assert any(stop.label in title for title in titles(person))
        for person in (town.other_head, town.safety_coordinator, town.employee):
            assert not any(stop.label in title for title in titles(person))
        lift_stop(stop=stop, how="agreed", because="Lagad", by=town.safety_representative)
        assert not any(stop.label in title for title in titles(town.unit_manager))

    def test_as_many_queries_for_many_requests_as_for_one(self, town):
        person = User.objects.get(pk=town.unit_manager.pk)
        file_request(town)
        with CaptureQueriesContext(connection) as one:
            work_for(person)
        for _place in range(5):
            file_request(town)
        person = User.objects.get(pk=town.unit_manager.pk)
        with CaptureQueriesContext(connection) as many:
            work_for(person)
        assert len(one) == len(many)

    def test_the_representative_may_begin_both(self, town, as_):
        page = as_("safety_representative").get("/").content.decode()
        assert "/organisation/requests/new/" in page
        assert "/organisation/stops/new/" in page
        assert "/organisation/stops/new/" not in as_("unit_manager").get("/").content.decode()
