"""One case: who sees what of it, and what is noted when somebody looks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.case.story import story_of
from incidents.models import IncidentGrant, IncidentState, IncidentStatus, ReadLog
from incidents.services import close_case, hand_over, open_case
from incidents.services.locking import note
from incidents.sight import Sight
from organisation import clock
from organisation.models import Appointment, User
from tests.factories.incidents import read, report

TEXT = "Han kastade en stol mot dörren."


@pytest.fixture
def incident(town):
    return report(town, text=TEXT)


def page_of(incident):
    return reverse("incidents:case", args=[incident.public_id])


def shown(client, incident):
    return client.get(page_of(incident)).content.decode()


@pytest.mark.parametrize("role", ["unit_manager", "head", "coordinator", "employee"])
def test_those_who_handle_and_the_reporter_read_the_text(as_, incident, role):
    assert TEXT in shown(as_(role), incident)


@pytest.mark.parametrize("role", ["safety_coordinator", "head_of_security", "safety_representative", "unit_ombud"])
def test_those_who_only_see_the_case_do_not_read_it(town, as_, incident, role):
    page = as_(role).get(page_of(incident))
    assert page.status_code == 200
    assert incident.label in page.content.decode()
    assert TEXT not in page.content.decode()
    assert town.employee.name not in page.content.decode()


def test_control_the_sight_is_what_hides_text_and_name(town, as_, incident, monkeypatch):
    everything = Sight(is_reporter=False, reads_text=True, sees_reporter=True, handles=False)
    monkeypatch.setattr(Sight, "of", classmethod(lambda *_: everything))
    page = shown(as_("safety_coordinator"), incident)
    assert TEXT in page
    assert town.employee.name in page


@pytest.mark.parametrize("role", ["other_manager", "other_head", "council_member", "board_chair", "committee_chair",
                                  "committee_secretary", "chief_executive", "administrator"])  # fmt: skip
def test_everyone_else_finds_nothing(as_, incident, role):
    assert as_(role).get(page_of(incident)).status_code == 404


def test_another_municipality_finds_nothing(other_town, client, incident):
    for person in other_town.people.values():
        client.force_login(person)
        assert client.get(page_of(incident)).status_code == 404


def test_login_is_needed(client, incident):
    assert "/account/login/" in client.get(page_of(incident)).url


def test_the_reporters_name_is_seen_by_those_who_handle_the_case(town, as_, incident):
    assert town.employee.name in shown(as_("unit_manager"), incident)


def test_a_superior_as_reader_does_not_tell_others_that_the_manager_reported(town, as_):
    """Whoever reported, the page names the workplace's own manager, and the superior never."""
    for by in ("unit_manager", "employee"):
        page = shown(as_("safety_representative"), report(town, by=by))
        assert town.head.name not in page
        assert page.count(town.unit_manager.name) == 1


def test_the_first_opening_makes_it_read_and_the_reporter_sees_by_whom(town, as_, incident):
    shown(as_("unit_manager"), incident)
    incident.refresh_from_db()
    assert incident.state == IncidentState.READ
    assert "Maja Exempelsson" in shown(as_("employee"), incident)
    shown(as_("head"), incident)
    assert incident.statuses.count() == 2


def test_looking_at_one_s_own_report_leaves_no_trace(as_, incident):
    shown(as_("employee"), incident)
    incident.refresh_from_db()
    assert incident.state == IncidentState.NEW
    assert not ReadLog.objects.exists()


def test_a_manager_does_not_read_their_own_report_for_themselves(town, as_):
    own = report(town, by="unit_manager", text=TEXT)
    page = as_("unit_manager").get(page_of(own))
    own.refresh_from_db()
    assert own.state == IncidentState.NEW
    assert page.context["forms"] == {}


@pytest.mark.parametrize("role", ["safety_coordinator", "safety_representative"])
def test_seeing_the_case_without_text_is_no_reading(as_, incident, role):
    shown(as_(role), incident)
    incident.refresh_from_db()
    assert incident.state == IncidentState.NEW
    assert not ReadLog.objects.exists()


def test_a_reading_is_noted_once_an_hour_per_person(town, incident, monkeypatch):
    start = clock.now()
    for minutes, noted in ((0, 1), (59, 1), (61, 2), (62, 2)):
        monkeypatch.setattr(clock, "now", lambda at=start + timedelta(minutes=minutes): at)
        open_case(incident=incident, by=town.unit_manager)
        assert ReadLog.objects.filter(by=town.unit_manager).count() == noted
    open_case(incident=incident, by=town.head)
    assert ReadLog.objects.filter(by=town.head).count() == 1


def test_asking_for_the_head_only_notes_nothing(as_, incident):
    as_("unit_manager").head(page_of(incident))
    assert not ReadLog.objects.exists()


def test_the_seat_that_ended_yesterday_sees_nothing_today(town, as_, incident):
    client = as_("unit_manager")
    assert TEXT in shown(client, incident)
    Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today())
    assert client.get(page_of(incident)).status_code == 404


def test_a_grant_on_one_case_shows_that_case_while_it_is_in_force(town, as_, incident):
    from django.contrib.auth.models import Permission

    def share(codename):
        IncidentGrant.objects.create(
            content_object=incident,
            user=town.other_manager,
            permission=Permission.objects.get(content_type__app_label="incidents", codename=codename),
            reason="Utreder åt förvaltningen.",
            given_by=town.head,
            valid_to=clock.today() + timedelta(days=1),
        )

    share("view_incident")
    assert TEXT not in shown(as_("other_manager"), incident)
    share("read_narrative")
    assert TEXT in shown(as_("other_manager"), incident)
    IncidentGrant.objects.update(valid_to=clock.today(), valid_from=clock.today() - timedelta(days=1))
    assert as_("other_manager").get(page_of(incident)).status_code == 404


def test_the_answer_is_read_by_the_reporter_and_not_by_those_who_only_see_the_case(town, as_, incident):
    read(incident, town.unit_manager)
    close_case(incident=incident, feedback="Dörren har fått lås.", by=town.unit_manager)
    assert "Dörren har fått lås." in shown(as_("employee"), incident)
    assert "Dörren har fått lås." not in shown(as_("safety_coordinator"), incident)


class TestStory:
    @pytest.fixture
    def passed(self, town, incident):
        hand_over(incident=incident, to=town.head, reason="Jag är jävig.", by=town.unit_manager)
        return read(incident, town.head)

    def test_those_who_handle_it_read_to_whom_it_was_given_and_why(self, town, as_, passed):
        page = shown(as_("coordinator"), passed)
        assert "Jag är jävig." in page
        assert town.head.name in page

    def test_the_reporter_reads_who_has_it_and_not_the_handlers_own_words(self, town, as_, passed):
        page = shown(as_("employee"), passed)
        assert town.head.name in page
        assert "Jag är jävig." not in page

    def test_others_read_that_it_was_given_to_a_handler(self, town, as_):
        own = report(town, by="unit_manager")
        hand_over(incident=own, to=town.coordinator, reason="Jag är bortrest.", by=town.head)
        page = shown(as_("safety_representative"), own)
        for secret in (town.head.name, town.coordinator.name, "Jag är bortrest."):
            assert secret not in page
        assert str(IncidentStatus.Change.ASSIGNED.label) in page

    @pytest.mark.parametrize("change", IncidentStatus.Change)
    def test_every_change_has_a_title(self, town, incident, change):
        note(incident, change, by=None)
        told = story_of(incident, Sight.of(incident, town.unit_manager))
        assert all(line["title"] for line in told)


def test_who_has_it_and_whether_it_is_opened(town, as_, incident):
    page = shown(as_("coordinator"), incident)
    assert f"{town.unit_manager.name}, Enhetschef" in page
    assert reverse("incidents:hand_over", args=[incident.public_id]) in page
    assert reverse("incidents:hand_over", args=[incident.public_id]) not in shown(as_("employee"), incident)


def test_handed_over_by_the_page(town, as_, incident):
    client, address = as_("unit_manager"), reverse("incidents:hand_over", args=[incident.public_id])
    assert town.head.name in client.get(address).content.decode()
    assert client.post(address, {"to": town.head.public_id, "reason": ""}).status_code == 422
    assert client.post(address, {"to": town.employee.public_id, "reason": "Därför."}).status_code == 422
    assert client.post(address, {"to": town.head.public_id, "reason": "Därför."}).url == page_of(incident)
    assert incident.assignments.get(ended_at__isnull=True).person == town.head


def test_no_more_queries_for_a_long_story_than_for_a_short_one(town, as_, incident):
    def cost():
        client = as_("unit_manager")
        with CaptureQueriesContext(connection) as spent:
            shown(client, incident)
        return len(spent)

    read(incident, town.unit_manager)
    few = cost()
    for place in range(30):
        note(incident, IncidentStatus.Change.SERIOUS, by=town.head, reason=str(place))
        hand_over(incident=incident, to=(town.head, town.unit_manager)[place % 2], reason="Så.", by=town.unit_manager)
    assert cost() <= few


def test_the_text_is_shown_as_text(town, as_):
    page = shown(as_("unit_manager"), report(town, text="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_risk_can_be_logged_by_those_who_log_risks(as_, incident):
    link = f"?incident={incident.public_id}"
    assert link in shown(as_("unit_manager"), incident)
    assert link in shown(as_("safety_coordinator"), incident)
    assert link not in shown(as_("employee"), incident)


def test_rights_are_read_anew(town, incident):
    """The same object in memory keeps no rights from one request to the next."""
    assert Sight.of(incident, User.objects.get(pk=town.unit_manager.pk)).handles
    Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today())
    assert not Sight.of(incident, User.objects.get(pk=town.unit_manager.pk)).handles
