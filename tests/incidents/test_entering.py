"""A report that came by phone or on paper is entered for somebody else, and is a case like any other."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from incidents.clocks.rules import load_rules, packaged_rules
from incidents.errors import NotAWorkplace, NotYetHappened, SentBySomeoneElse
from incidents.models import Affected, Channel, Identity, Incident, Injury, InjuryDegree, StatutoryNotice
from incidents.services import entering
from incidents.services.codes import code_of
from incidents.services.entering import Told, ToldBy
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed
from tests.factories.incidents import report

WHO = {"name": "En kollega", "contact": "070-000 00 00"}


def enter(town, *, by="unit_manager", at="care-north", key=None, told_by=None, answers=None, **fields):
    said = {
        "channel": Channel.PHONE,
        "kind": "violence",
        "occurred_on": clock.today(),
        "became_aware_at": clock.now() - timedelta(hours=5),
        "text": "Slagen i korridoren.",
    } | fields
    return entering.enter_report(
        body=town.bodies[at],
        told=Told(**said),
        told_by=told_by or ToldBy(**WHO),
        answers=answers or {},
        by=town.people[by],
        submission_key=key or uuid.uuid4(),
    )


class TestTheCase:
    def test_it_says_how_it_came_and_who_wrote_it_down(self, town):
        case = enter(town, channel=Channel.PAPER)
        assert (case.channel, case.state, case.label) == ("paper", "new", f"H-{clock.today().year}-0001")
        assert case.statuses.get(to_state="new").by == town.unit_manager
        assert case.narratives.get().text == "Slagen i korridoren."

    def test_the_one_who_told_it_stands_apart(self, town):
        case = enter(town)
        told_by = case.identities.get()
        assert (told_by.role, told_by.name, told_by.contact) == (Identity.Role.REPORTER, *WHO.values())
        assert case.history.get().history_user is None

    def test_somebody_with_an_account_follows_it(self, town):
        case = enter(town, told_by=ToldBy(person=town.employee))
        assert case.is_reported_by(town.employee)
        assert case in Incident.objects.visible_to(town.employee)

    def test_nothing_of_the_reporter_need_be_known(self, town):
        assert not enter(town, told_by=ToldBy(name=" ")).identities.exists()

    def test_it_takes_the_next_number_among_all(self, town):
        report(town)
        assert enter(town).number == 2

    def test_it_has_a_code_to_give_away(self, town):
        assert len(code_of(enter(town))) == 16

    def test_the_clocks_run_from_when_the_workplace_heard_of_it(self, town):
        load_rules(town.municipality, packaged_rules())
        heard = clock.now() - timedelta(hours=30)
        answers = {"affected": Affected.EMPLOYEE, "injury": Injury.PHYSICAL, "injury_degree": InjuryDegree.SERIOUS}
        case = enter(town, became_aware_at=heard, answers=answers)
        assert case.injury_degree == InjuryDegree.SERIOUS
        assert {notice.started_at for notice in StatutoryNotice.objects.filter(incident=case)} == {heard}
        assert case.answer_by <= timezone.localtime(heard).date() + timedelta(days=6)

    def test_the_reader_is_told_and_the_safety_representative(self, town):
        case = enter(town, by="head")
        told = {row.payload.get("person_id") for row in OutboxMessage.objects.filter(once_key__contains=case.public_id)}
        assert {town.unit_manager.pk, town.safety_representative.pk} <= told

    def test_the_managers_own_report_goes_to_the_superior(self, town):
        case = enter(town, by="head", told_by=ToldBy(person=town.unit_manager))
        assert case.assignments.get().person != town.unit_manager

    def test_kept_from_the_manager_even_from_one_who_entered_it(self, town):
        case = enter(town, keep_from_manager=True)
        assert case not in Incident.objects.visible_to(town.unit_manager)
        assert case in Incident.objects.visible_to(town.head)

    def test_about_the_manager_it_is_kept_from_them_unasked(self, town):
        case = enter(town, by="head", answers={"other_party": "manager"})
        assert case not in Incident.objects.visible_to(town.unit_manager)


class TestRefusals:
    @pytest.mark.parametrize("by", ["employee", "unit_ombud", "safety_coordinator", "other_manager", "archivist"])
    def test_only_those_who_handle_cases_there(self, town, by):
        with pytest.raises(NotAllowed):
            enter(town, by=by)

    def test_not_at_a_committee(self, town):
        with pytest.raises((NotAWorkplace, NotAllowed)):
            enter(town, at="care", by="head")

    def test_not_in_the_future(self, town):
        for fields in (
            {"occurred_on": clock.today() + timedelta(days=1)},
            {"became_aware_at": clock.now() + timedelta(hours=1)},
        ):
            with pytest.raises(NotYetHappened):
                enter(town, **fields)

    def test_only_the_two_channels(self, town):
        with pytest.raises(NotAllowed):
            enter(town, channel=Channel.PORTAL)

    def test_nobody_of_another_municipality_told_it(self, town, other_town):
        with pytest.raises(NotAllowed):
            enter(town, told_by=ToldBy(person=other_town.employee))

    def test_a_refusal_leaves_nothing(self, town):
        with (
            mock.patch("incidents.services.entering.give_and_tell", side_effect=RuntimeError),
            pytest.raises(RuntimeError),
        ):
            enter(town)
        assert not Incident.objects.exists()
        assert enter(town).number == 1


class TestTwice:
    def test_the_same_form_is_the_same_case(self, town):
        key = uuid.uuid4()
        assert enter(town, key=key) == enter(town, key=key)
        assert Incident.objects.count() == 1

    def test_anothers_form_is_refused(self, town):
        key = uuid.uuid4()
        enter(town, key=key)
        with pytest.raises(SentBySomeoneElse):
            enter(town, key=key, by="head")


def typed(**more):
    today, now = clock.today(), timezone.localtime(clock.now()) - timedelta(minutes=2)
    return {
        "channel": "phone",
        "aware_on": now.date().isoformat(),
        "aware_at": now.strftime("%H.%M"),
        "kind": "accident",
        "occurred_on": today.isoformat(),
        "text": "Föll på isen.",
        "submission_key": str(uuid.uuid4()),
    } | more


@pytest.fixture
def address(town):
    return f"/incidents/enter/{town.bodies['care-north'].public_id}/"


class TestPages:
    def test_someone_with_one_workplace_is_led_there(self, as_, address):
        assert as_("unit_manager").get("/incidents/enter/").url == address

    def test_someone_with_more_chooses(self, town, as_):
        page = as_("head").get("/incidents/enter/").content.decode()
        assert town.bodies["care-south"].name in page
        assert town.bodies["school-unit"].name not in page

    def test_saved_from_the_first_screen(self, town, as_, address):
        client = as_("unit_manager")
        assert client.get(address).status_code == 200
        sent = client.post(address, typed(go="save", account=town.employee.email))
        case = Incident.objects.get()
        assert sent.url == f"/incidents/entered/{case.public_id}/"
        assert case.is_reported_by(town.employee)
        page = client.get(sent.url).content.decode()
        assert case.label in page
        assert code_of(case)[:4] in page

    def test_the_second_screen_asks_the_questions_of_the_kind_and_carries_the_first(self, as_, address):
        client = as_("unit_manager")
        answers = typed(go="more")
        page = client.post(address, answers).content.decode()
        assert 'name="q-injury"' in page
        assert 'value="Föll på isen."' in page
        client.post(
            address, answers | {"go": "save", "q-injury": "physical", "q-injured_count": "1", "q-place": "workplace"}
        )
        case = Incident.objects.get()
        assert (case.injury, case.injured_count, case.place) == ("physical", 1, "workplace")

    def test_mistakes_are_told_and_nothing_is_lost(self, as_, address):
        client = as_("unit_manager")
        answers = typed(go="save", account="ingen@exempelby.example.se", aware_at="", occurred_on="2999-01-01")
        page = client.post(address, answers | {"q-place": "workplace"})
        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"account", "aware_at", "occurred_on"}
        assert "Föll på isen." in page.content.decode()
        assert 'name="q-place" value="workplace"' in page.content.decode()
        wrong = client.post(address, typed(go="save", **{"q-injured_count": "många"}))
        assert wrong.status_code == 422
        assert not Incident.objects.exists()

    def test_kept_from_whoever_entered_it_they_see_its_number_and_no_more(self, as_, address):
        client = as_("unit_manager")
        sent = client.post(address, typed(go="save", keep_from_manager="on"), follow=True)
        case = Incident.objects.get()
        assert case.label in sent.content.decode()
        assert client.get(f"/incidents/entered/{case.public_id}/").status_code == 404

    def test_the_code_is_shown_to_nobody_else(self, town, as_):
        case = enter(town)
        assert as_("unit_manager").get(f"/incidents/entered/{case.public_id}/").status_code == 200
        assert as_("head").get(f"/incidents/entered/{case.public_id}/").status_code == 404
        Incident.objects.filter(pk=case.pk).update(reported_at=clock.now() - timedelta(days=1))
        assert as_("unit_manager").get(f"/incidents/entered/{case.public_id}/").status_code == 404
