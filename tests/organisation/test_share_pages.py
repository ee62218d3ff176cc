"""Sharing from the case and from the plan, what the receiver sees, and the administrator's list of all shares."""

import io
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplans.models import PlanGrant, PlanShare
from incidents.models import IncidentGrant, Narrative
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation import clock
from organisation.models import SeatKind
from organisation.services.sharing import end_sharing, share_with_group, share_with_person
from safety_portal.logs import JsonFormatter
from tests.factories.actionplans import make_plan, make_submitted
from tests.factories.incidents import report
from tests.factories.organisation import appoint, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db

CANARY = "kanariefagel-i-gruvan"
WHY, ASSESSED = "Hotet rör också förskolan", "OSL 26:1, ingen lider men"


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


@pytest.fixture
def case(town):
    return report(town, text=f"Ordet är {CANARY}.")


@pytest.fixture
def plan(town):
    return make_submitted(town).plan


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def answers(person=None, *, days=30, group=None, **changed) -> dict[str, str]:
    last = clock.today() + timedelta(days=days)
    until = {"until_day": str(last.day), "until_month": str(last.month), "until_year": str(last.year)}
    whom = {"group": str(group.public_id)} if group else {"person": str(person.public_id)}
    return whom | until | {"reason": WHY} | changed


class TestACase:
    def address(self, case, step="") -> str:
        return f"/incidents/{case.public_id}/{step}"

    def test_it_is_shared_from_its_page_and_read_by_the_other(self, town, as_, case):
        sent = answers(town.other_head, assessment=ASSESSED)
        page = as_("unit_manager").post(self.address(case, "share/"), sent, follow=True).content.decode()
        for said in ("Jan Modellberg", WHY, ASSESSED, "Maja Exempelsson", "Shared with one person"):
            assert said in page
        read = as_("other_head").get(self.address(case)).content.decode()
        assert CANARY in read
        assert "Shared with you by Maja Exempelsson" in read
        for hidden in (town.employee.name, WHY, ASSESSED, "Answer and close"):
            assert hidden not in read

    def test_to_another_authority_the_assessment_is_asked_for_and_nothing_is_lost(self, town, as_, case):
        page = as_("unit_manager").post(self.address(case, "share/"), answers(town.other_head))
        assert page.status_code == 422
        text = page.content.decode()
        assert text.count("The person belongs to another authority") == 2
        assert WHY in text
        assert not IncidentGrant.objects.exists()

    def test_it_is_ended_from_its_page_and_gone_on_the_next_request(self, town, as_, case):
        as_("unit_manager").post(self.address(case, "share/"), answers(town.other_head, assessment=ASSESSED))
        receiver = as_("other_head")
        assert receiver.get(self.address(case)).status_code == 200
        ended = as_("head").post(
            self.address(case, "unshare/"), {"person": str(town.other_head.public_id)}, follow=True
        )
        assert "Ended by Nils Påhittsson" in ended.content.decode()
        assert receiver.get(self.address(case)).status_code == 404
        assert CANARY not in receiver.get("/incidents/").content.decode()

    def test_sent_twice_it_is_one_share(self, town, as_, case):
        for _time in range(2):
            as_("unit_manager").post(self.address(case, "share/"), answers(town.other_head, assessment=ASSESSED))
        assert IncidentGrant.objects.count() == 2

    @pytest.mark.parametrize("role", ["employee", "unit_ombud", "safety_representative", "safety_coordinator"])
    def test_who_only_sees_it_shares_nothing(self, town, as_, case, role):
        client = as_(role)
        assert client.get(self.address(case, "share/")).status_code == 403
        assert client.post(self.address(case, "share/"), answers(town.head)).status_code == 403
        assert client.post(self.address(case, "unshare/"), {}).status_code == 403
        assert "Shared with" not in client.get(self.address(case)).content.decode()

    @pytest.mark.parametrize("role", ["administrator", "committee_chair", "other_head"])
    def test_who_does_not_see_it_is_not_told_that_it_is_there(self, as_, case, role):
        assert as_(role).get(self.address(case, "share/")).status_code == 404
        assert as_(role).post(self.address(case, "unshare/"), {}).status_code == 404

    def test_another_municipalitys_people_can_not_be_chosen_or_ended(self, town, as_, case):
        stranger = make_municipality("Grannby kommun").head
        sent = as_("unit_manager").post(self.address(case, "share/"), answers(stranger, assessment=ASSESSED))
        assert sent.status_code == 422
        for person in (str(stranger.public_id), "nonsense"):
            ended = as_("unit_manager").post(self.address(case, "unshare/"), {"person": person})
            assert ended.status_code == 404

    def test_ending_what_has_ended_says_so(self, town, as_, case):
        person = {"person": str(town.other_head.public_id)}
        page = as_("unit_manager").post(self.address(case, "unshare/"), person, follow=True)
        assert "already changed" in page.content.decode()

    def test_a_reader_in_vacant_seats_stands_once_and_without_a_button(self, town, as_):
        for role in ("unit_manager", "head", "coordinator"):
            town.people[role].appointments.update(valid_to=clock.today())
        case = report(town)
        page = as_("chief_executive").get(self.address(case)).content.decode()
        assert page.count("Anna Attrappén</th>") == 1
        assert "Reads and handles it" in page
        assert "unshare" not in page


class TestAPlan:
    def address(self, plan, step="") -> str:
        return f"/plans/{plan.public_id}/{step}"

    def test_with_a_person_who_has_no_plans_by_seat(self, town, as_, plan):
        assert as_("employee").get(self.address(plan)).status_code == 404
        page = as_("coordinator").post(self.address(plan, "share/"), answers(town.employee), follow=True)
        assert WHY in page.content.decode()
        client = as_("employee")
        assert plan.title in client.get(self.address(plan)).content.decode()
        assert self.address(plan) in client.get("/").content.decode(), "found from my work"
        assert self.address(plan) in client.get("/plans/", {"year": plan.year}).content.decode()
        version = plan.versions.get()
        assert client.get(f"/plans/versions/{version.public_id}/").status_code == 200
        assert WHY not in client.get(self.address(plan)).content.decode()

    def test_who_prepares_another_committees_plans_does_not_find_a_shared_ones_draft(self, town, as_):
        draft = make_plan(town, year=2029)
        as_("coordinator").post(self.address(draft, "share/"), answers(town.other_head, assessment="Ingen sekretess"))
        version = reverse("actionplans:version", args=[draft.versions.get().public_id])
        assert as_("other_head").get(self.address(draft)).status_code == 200
        assert as_("other_head").get(version).status_code == 404
        assert as_("coordinator").get(version).status_code == 200

    def test_of_a_draft_the_receiver_sees_that_it_is_prepared_and_no_more(self, town, as_):
        draft = make_plan(town, year=2029)
        as_("coordinator").post(self.address(draft, "share/"), answers(town.employee))
        assert "The plan is being prepared" in as_("employee").get(self.address(draft)).content.decode()

    def test_with_a_group_and_ended_again(self, town, as_, plan):
        sent = answers(group=town.bodies["group"])
        page = as_("coordinator").post(self.address(plan, "share/?with=group"), sent, follow=True)
        assert "Riskhanteringsgruppen" in page.content.decode()
        member = as_("outside_member")
        assert plan.title in member.get(self.address(plan)).content.decode()
        group = {"group": str(town.bodies["group"].public_id)}
        as_("coordinator").post(self.address(plan, "unshare/"), group)
        assert member.get(self.address(plan)).status_code == 404

    def test_only_groups_can_be_chosen(self, town, as_, plan):
        theirs = make_municipality("Grannby kommun").bodies["group"]
        for body in (town.bodies["care-dept"], theirs):
            sent = as_("coordinator").post(self.address(plan, "share/?with=group"), answers(group=body))
            assert sent.status_code == 422
        assert not PlanShare.objects.exists()

    @pytest.mark.parametrize("role", ["committee_member", "unit_manager", "board_member"])
    def test_who_only_reads_it_shares_nothing(self, as_, town, plan, role):
        assert as_(role).get(self.address(plan, "share/")).status_code == 403
        assert as_(role).post(self.address(plan, "unshare/"), {}).status_code == 403
        assert "Shared with" not in as_(role).get(self.address(plan)).content.decode()


class TestTheAdministratorsList:
    @pytest.fixture
    def shared(self, town, case, plan):
        until = clock.today() + timedelta(days=30)
        manager, coordinator = town.unit_manager, town.coordinator
        share_with_person(obj=case, person=town.other_head, reason=WHY, until=until, by=manager, assessment=ASSESSED)
        share_with_person(obj=plan, person=town.employee, reason="Läs igenom", until=until, by=coordinator)
        share_with_group(obj=plan, group=town.bodies["group"], reason="Till mötet", until=until, by=coordinator)
        return case

    def test_it_names_the_case_by_number_and_tells_nothing_of_it(self, town, as_, shared):
        page = as_("administrator").get("/organisation/shared/").content.decode()
        for said in (shared.label, "Jan Modellberg", "Maja Exempelsson", "secrecy is assessed", "1 share is in force"):
            assert said in page
        for hidden in (CANARY, WHY, ASSESSED, str(shared.public_id), shared.body.name, "Threat"):
            assert hidden not in page

    def test_plans_with_people_and_with_groups(self, town, as_, shared, plan):
        people = as_("administrator").get("/organisation/shared/", {"what": "plans"}).content.decode()
        for said in (plan.title, "Lisa Provling", "Läs igenom"):
            assert said in people
        groups = as_("administrator").get("/organisation/shared/", {"what": "plans-groups"}).content.decode()
        assert "Till mötet" in groups
        assert "Lisa Provling" not in groups

    def test_in_force_first_and_ended_by_filter(self, town, as_, shared):
        end_sharing(obj=shared, person=town.other_head, by=town.unit_manager)
        until = clock.today() + timedelta(days=3)
        share_with_person(
            obj=shared, person=town.other_manager, reason=WHY, until=until, by=town.unit_manager, assessment=ASSESSED
        )

        def shown(**asked):
            rows = as_("administrator").get("/organisation/shared/", asked).context["rows"]
            return [(row.receiver, row.in_force) for row in rows]

        assert shown() == [("Lena Låtsas", True)]
        assert shown(state="ended") == [("Jan Modellberg", False)]
        assert shown(state="all") == [("Lena Låtsas", True), ("Jan Modellberg", False)]

    def test_a_reader_in_vacant_seats_is_one_row(self, town, as_):
        for role in ("unit_manager", "head", "coordinator"):
            town.people[role].appointments.update(valid_to=clock.today())
        report(town)
        (row,) = as_("administrator").get("/organisation/shared/").context["rows"]
        assert (row.receiver, row.by_rule, row.disclosed) == ("Anna Attrappén", True, True)

    @pytest.mark.parametrize("role", ["safety_coordinator", "head", "unit_manager", "chief_executive", "employee"])
    def test_it_is_the_administrators_alone(self, as_, shared, role):
        assert as_(role).get("/organisation/shared/").status_code == 403

    def test_another_municipalitys_administrator_sees_none(self, shared):
        client = Client()
        client.force_login(make_municipality("Grannby kommun").administrator)
        for what in ("cases", "plans", "plans-groups", "nonsense"):
            assert client.get("/organisation/shared/", {"what": what, "state": "all"}).context["rows"] == []

    @pytest.mark.parametrize("what", ["cases", "plans"])
    def test_as_many_queries_for_thirty_as_for_one(self, town, as_, shared, plan, what):
        client = as_("administrator")
        client.get("/organisation/shared/", {"what": what})
        with CaptureQueriesContext(connection) as one:
            client.get("/organisation/shared/", {"what": what})
        (model, obj) = (IncidentGrant, shared) if what == "cases" else (PlanGrant, plan)
        first = model.objects.order_by("pk").first()
        for _place in range(30):
            model.objects.create(
                content_object=obj,
                user=make_user(town.municipality),
                permission=first.permission,
                reason=WHY,
                given_by=town.unit_manager,
                valid_from=clock.today(),
                valid_to=clock.today() + timedelta(days=9),
            )
        with CaptureQueriesContext(connection) as many:
            page = client.get("/organisation/shared/", {"what": what})
        assert len(page.context["rows"]) == 25
        assert len(one) == len(many)
        assert len(client.get("/organisation/shared/" + page.context["older_url"]).context["rows"]) == 6


class TestTheCanary:
    """What a shared case says stands in its own table and on the pages of those who may read it, nowhere else."""

    def test_no_mail_outbox_log_or_table_holds_it(self, town, as_, case, logged, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            sent = answers(town.other_head, assessment=ASSESSED)
            as_("unit_manager").post(f"/incidents/{case.public_id}/share/", sent)
        for message in OutboxMessage.objects.filter(done_at__isnull=True):
            deliver_message(message.pk)
            assert WHY not in str(message.payload)
            assert ASSESSED not in str(message.payload)
        as_("other_head").get(f"/incidents/{case.public_id}/")
        logging.getLogger("incidents").error("control line")
        assert "control line" in logged.getvalue()
        for secret in (CANARY, WHY, ASSESSED):
            assert secret not in logged.getvalue()
        holding = {
            model
            for model in apps.get_models(include_auto_created=True)
            if CANARY in serializers.serialize("json", model._base_manager.all())
        }
        assert holding == {Narrative}

    def test_a_crash_while_sharing_logs_places_and_not_words(self, town, as_, case, logged, monkeypatch):
        def fail(**_answers):
            raise RuntimeError(f"could not write {WHY}")

        monkeypatch.setattr("organisation.services.sharing.share_with_person", fail)
        client = as_("unit_manager")
        client.raise_request_exception = False
        sent = client.post(f"/incidents/{case.public_id}/share/", answers(town.other_head, assessment=ASSESSED))
        assert sent.status_code == 500
        assert "RuntimeError" in logged.getvalue()
        for secret in (WHY, ASSESSED):
            assert secret not in logged.getvalue()

    def test_no_page_of_the_administrator_holds_it(self, town, as_, case):
        until = clock.today() + timedelta(days=30)
        share_with_person(
            obj=case, person=town.other_head, reason=WHY, until=until, by=town.unit_manager, assessment=ASSESSED
        )
        client = as_("administrator")
        for address in (
            "/",
            "/incidents/",
            "/incidents/?state=all",
            "/organisation/shared/",
            "/organisation/shared/?state=all",
            f"/organisation/bodies/{case.body.public_id}/",
        ):
            page = client.get(address).content.decode()
            for secret in (CANARY, WHY, ASSESSED):
                assert secret not in page
        assert client.get(f"/incidents/{case.public_id}/").status_code == 404

    def test_control_the_receiver_does_see_it(self, town, as_, case):
        until = clock.today() + timedelta(days=30)
        share_with_person(
            obj=case, person=town.other_head, reason=WHY, until=until, by=town.unit_manager, assessment=ASSESSED
        )
        assert CANARY in as_("other_head").get(f"/incidents/{case.public_id}/").content.decode()


def test_a_colleague_is_found_by_search_and_kept_while_the_rest_is_filled_in(town, as_, case):
    colleague = make_user(town.municipality, "Kim Kollegasson")
    appoint(colleague, make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE))
    page = as_("unit_manager").post(
        f"/incidents/{case.public_id}/share/", {"person_words": "kollegasson", "reason": WHY}
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "Kim Kollegasson" in text
    assert WHY in text
