"""Pages of groups: what they show to whom, forms that grow without a script, two people at once, constant queries."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import clock
from organisation.models import Assignment, BodyKind, GroupMeeting, SeatKind, User
from organisation.services.appointing import end_appointment
from organisation.services.assignments import change_assignment
from organisation.services.group_meetings import edit_meeting
from organisation.services.memberships import add_outside_member
from organisation.services.sharing import share_with_group
from organisation.tree import rebuild_closure
from tests.factories import actionplans as plans
from tests.factories.groups import assignment_values, make_action, make_assignment, make_meeting, meeting_values
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


def get(client, user, name: str, *args, **asked):
    client.force_login(user)
    return client.get(reverse(f"organisation:{name}", args=args), asked)


def the_group(town):
    return town.bodies["group"].public_id


def day(name: str, value) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def notes(town, **changed) -> dict[str, Any]:
    """Return what a browser sends of a meeting's form with room for two decisions and two actions."""
    sent = {
        **day("held_on", clock.today()),
        "listed_on": clock.today().isoformat(),
        "place": "Stadshuset",
        "notes": "Läget vid resecentrum.",
        "attended": [str(town.group_leader.public_id)],
        "decisions-TOTAL_FORMS": "2",
        "decisions-INITIAL_FORMS": "2",
        "actions-TOTAL_FORMS": "2",
        "actions-INITIAL_FORMS": "2",
        "decisions-0-text": "Gå en vandring.",
        "actions-0-what": "Boka lokal",
        "actions-0-who": f"person:{town.outside_member.public_id}",
    }
    return sent | changed


class TestTheList:
    def test_it_tells_members_open_actions_and_what_is_due_next(self, client, town):
        make_action(town)
        make_assignment(town)
        shown = text_of(get(client, town.safety_coordinator, "groups"))
        assert "1 action waits in the groups" in shown
        assert "Riskhanteringsgruppen" in shown
        assert "Kartlägg otrygga platser vid resecentrum" in shown

    def test_a_member_sees_the_own_groups_only(self, client, town):
        make_body(town.municipality, BodyKind.SAFETY_GROUP, "Säkerhetsgruppen", town.bodies["board"])
        rebuild_closure(town.municipality)
        assert "Säkerhetsgruppen" in text_of(get(client, town.safety_coordinator, "groups"))
        assert "Säkerhetsgruppen" not in text_of(get(client, town.group_member, "groups"))

    def test_as_many_queries_for_many_groups_as_for_one(self, client, town):
        def queries() -> int:
            client.force_login(town.safety_coordinator)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("organisation:groups")).status_code == 200
            return len(captured)

        few = queries()
        for number in range(15):
            group = make_body(town.municipality, BodyKind.RISK_GROUP, f"Grupp {number}", town.bodies["office"])
            appoint(make_user(town.municipality), make_seat(group, SeatKind.GROUP_MEMBER))
        rebuild_closure(town.municipality)
        assert queries() == few
        assert few <= 12


class TestOneGroup:
    def test_it_tells_everything_of_the_group(self, client, town):
        make_action(town)
        make_assignment(town)
        version = plans.make_in_force(town)
        share_with_group(
            obj=version.plan,
            group=town.bodies["group"],
            reason="Gruppen ger råd.",
            until=clock.today() + timedelta(days=30),
            by=town.safety_coordinator,
        )
        shown = text_of(get(client, town.group_member, "group", the_group(town)))
        for words in (
            "Convened by Greta Gruppdahl",
            "Pia Polisson",
            "Byt lamporna i gångtunneln",
            "Kartlägg otrygga platser vid resecentrum",
            version.plan.title,
            "Stadshuset",
        ):
            assert words in shown

    def test_former_members_and_whom_outside_members_represent(self, client, town):
        add_outside_member(
            seat=town.seats["outside_member"],
            name="Paula Patrullén",
            email="paula@polisen.example.se",
            organisation="Polisen i Exempelby",
            valid_from=clock.today(),
            portal="https://x.example.se",
            by=town.group_leader,
        )
        end_appointment(
            appointment=town.seats["group_member"].appointments.get(), on=clock.today(), by=town.group_leader
        )
        shown = text_of(get(client, town.group_leader, "group", the_group(town)))
        assert "Paula Patrullén , Polisen i Exempelby" in shown
        assert "1 earlier member" in shown
        assert "Moa Modellén" in shown

    def test_buttons_only_for_those_who_may(self, client, town):
        leads = get(client, town.group_leader, "group", the_group(town)).content.decode()
        reads = get(client, town.outside_member, "group", the_group(town)).content.decode()
        for name in ("group_meeting_new", "assignment_new", "group_member_new", "group_outside_new"):
            address = reverse(f"organisation:{name}", args=[the_group(town)])
            assert address in leads
            assert address not in reads

    def test_meetings_come_in_pages_each_once(self, client, town):
        for number in range(23):
            make_meeting(town, held_on=clock.today() - timedelta(days=number), place=f"Rum {number:02d}.")
        client.force_login(town.group_member)
        seen, url = [], reverse("organisation:group", args=[the_group(town)])
        first = url
        while url:
            response = client.get(url)
            seen += re.findall(r"Rum (\d\d)\.", response.content.decode())
            url = response.context["older_url"] and first + response.context["older_url"]
        assert sorted(seen) == [f"{number:02d}" for number in range(23)]

    def test_as_many_queries_for_much_as_for_little(self, client, town):
        def queries() -> int:
            client.force_login(town.group_leader)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("organisation:group", args=[the_group(town)])).status_code == 200
            return len(captured)

        make_action(town)
        make_assignment(town)
        few = queries()
        for number in range(12):
            make_meeting(town, held_on=clock.today() - timedelta(days=number))
            make_assignment(town, title=f"Uppdrag {number}")
            appoint(make_user(town.municipality), town.seats["group_member"])
        assert queries() == few
        assert few <= 25

    def test_a_crisis_support_group_tells_how_it_is_reached(self, client, town):
        """R99."""
        town.municipality.support_contacts = [{"key": "krisstod", "title": "Krisstöd", "phone": "070-174 06 12"}]
        town.municipality.save()
        group = make_body(town.municipality, BodyKind.CRISIS_SUPPORT, "Krisgruppen", town.bodies["board"])
        appoint(town.head, make_seat(group, SeatKind.GROUP_MEMBER))
        rebuild_closure(town.municipality)
        shown = text_of(get(client, town.head, "group", group.public_id))
        assert "070-174 06 12" in shown
        assert "Nils Påhittsson" in shown
        assert get(client, town.unit_manager, "group", group.public_id).status_code == 404


class TestMembers:
    def test_a_member_is_added_by_search(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_member_new", args=[the_group(town)])
        begun = day("valid_from", clock.today())
        found = client.post(address, {"person_words": "Nils", "search_in": "person", **begun})
        assert found.status_code == 200
        assert "Nils Påhittsson" in text_of(found)
        sent = {"person": str(town.head.public_id), "person_words": "Nils", "person_answered": "Nils"}
        response = client.post(address, {**sent, **begun}, follow=True)
        assert "Nils Påhittsson sits in the group" in text_of(response)
        assert town.seats["group_member"].appointments.filter(person=town.head).exists()

    def test_errors_keep_the_answers(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_outside_new", args=[the_group(town)])
        response = client.post(address, {"name": "Paula Patrullén", "email": "inte en adress"})
        assert response.status_code == 422
        assert "Paula Patrullén" in response.content.decode()
        assert "Say which organisation the person represents." in text_of(response)
        assert not User.objects.filter(name="Paula Patrullén").exists()

    def test_somebody_from_outside_is_added_and_ended(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_outside_new", args=[the_group(town)])
        sent = {"name": "Paula Patrullén", "email": "paula@polisen.example.se", "organisation": "Polisen"}
        added = client.post(address, {**sent, **day("valid_from", clock.today())}, follow=True)
        assert "Paula Patrullén sits in the group, and gets a mail" in text_of(added)
        held = town.seats["outside_member"].appointments.get(person__name="Paula Patrullén")
        end = reverse("organisation:group_member_end", args=[held.public_id])
        assert client.post(end, {"when": "later"}).status_code == 422
        last = clock.today() + timedelta(days=9)
        client.post(end, {"when": "later", **day("last_day", last)})
        held.refresh_from_db()
        assert held.valid_to == last + timedelta(days=1)
        client.post(end, {"when": "now"})
        held.refresh_from_db()
        assert held.valid_to == clock.today()
        assert "The membership has ended." in text_of(client.get(end, follow=True))

    def test_a_seat_of_another_municipality_and_another_body_is_not_there(self, client, town):
        neighbour = make_municipality("Grannby kommun")
        client.force_login(town.group_leader)
        for held in (neighbour.seats["outside_member"], town.seats["head"]):
            address = reverse("organisation:group_member_end", args=[held.appointments.get().public_id])
            assert client.get(address).status_code == 404
            assert client.post(address, {"when": "now"}).status_code == 404


class TestNotes:
    def test_a_meeting_is_written_and_read(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_meeting_new", args=[the_group(town)])
        response = client.post(address, notes(town), follow=True)
        shown = text_of(response)
        for words in ("1 decision and 1 action", "Gå en vandring.", "Boka lokal", "Pia Polisson", "Greta Gruppdahl"):
            assert words in shown
        meeting = GroupMeeting.objects.get()
        assert [row.person for row in meeting.attendances.all()] == [town.group_leader]
        assert meeting.actions.get().person == town.outside_member

    def test_the_same_form_sent_twice_is_one_meeting(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_meeting_new", args=[the_group(town)])
        key = re.search(r'name="submission_key" value="([^"]+)"', client.get(address).content.decode())[1]
        sent = notes(town, submission_key=key)
        assert client.post(address, sent).url == client.post(address, sent).url
        assert GroupMeeting.objects.count() == 1

    def test_more_rows_by_a_button_without_a_script_and_without_complaints(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_meeting_new", args=[the_group(town)])
        response = client.post(address, notes(town, more="actions", notes="Behåll mig", held_on_day=""))
        page = response.content.decode()
        assert response.status_code == 200
        assert 'name="actions-4-what"' in page
        assert 'name="decisions-2-text"' not in page
        assert "Behåll mig" in page
        assert "Gå en vandring." in page
        assert "error" not in page.lower().replace("error:", "")
        assert not GroupMeeting.objects.exists()

    def test_a_row_without_words_is_told_and_nothing_is_lost(self, client, town):
        client.force_login(town.group_leader)
        address = reverse("organisation:group_meeting_new", args=[the_group(town)])
        response = client.post(address, notes(town, **{"actions-0-what": ""}))
        assert response.status_code == 422
        assert "Say what is to be done, or leave the whole row empty." in text_of(response)
        assert "Gå en vandring." in response.content.decode()

    def test_another_day_offers_the_members_of_that_day_first(self, client, town):
        """Moa sat in the group last week and has left since."""
        end_appointment(
            appointment=town.seats["group_member"].appointments.get(), on=clock.today(), by=town.group_leader
        )
        last_week = clock.today() - timedelta(days=7)
        client.force_login(town.group_leader)
        address = reverse("organisation:group_meeting_new", args=[the_group(town)])
        sent = notes(town, **day("held_on", last_week))
        asked = client.post(address, sent)
        assert asked.status_code == 422
        assert "These sat in the group on that day." in text_of(asked)
        assert "Moa Modellén" in asked.content.decode()
        sent |= {"listed_on": last_week.isoformat(), "attended": [str(town.group_member.public_id)]}
        assert client.post(address, sent).status_code == 302
        assert [row.person for row in GroupMeeting.objects.get().attendances.all()] == [town.group_member]

    def test_whoever_saves_last_is_shown_both_versions_and_chooses(self, client, town):
        meeting = make_meeting(town)
        client.force_login(town.group_leader)
        address = reverse("organisation:group_meeting_edit", args=[meeting.public_id])
        opened = client.get(address).content.decode()
        count = re.search(r'name="edit_count" value="(\d+)"', opened)[1]
        edit_meeting(
            meeting=meeting,
            values=meeting_values(town, notes="Säkerhetssamordnaren skrev detta."),
            expected_edit_count=0,
            by=town.safety_coordinator,
        )
        response = client.post(address, notes(town, edit_count=count, notes="Sammankallande skrev detta."))
        assert response.status_code == 422
        shown = text_of(response)
        assert "Säkerhetssamordnaren skrev detta." in shown
        assert "Sammankallande skrev detta." in shown
        count = re.search(r'name="edit_count" value="(\d+)"', response.content.decode())[1]
        assert (
            client.post(address, notes(town, edit_count=count, notes="Sammankallande skrev detta.")).status_code == 302
        )
        meeting.refresh_from_db()
        assert meeting.notes == "Sammankallande skrev detta."

    def test_the_form_of_an_edit_holds_what_was_noted(self, client, town):
        meeting = make_meeting(town)
        page = get(client, town.group_leader, "group_meeting_edit", meeting.public_id).content.decode()
        for words in (
            "Polisen berättade om läget vid resecentrum.",
            "Gruppen går en trygghetsvandring i oktober.",
            "Byt lamporna i gångtunneln",
            str(meeting.actions.get().public_id),
            f'value="seat:{town.seats["unit_manager"].public_id}" selected',
        ):
            assert words in page


class TestAssignments:
    def test_given_read_changed_and_done(self, client, town):
        client.force_login(town.group_leader)
        sent = {"kind": "training", "title": "Öva utrymning", **day("given_on", clock.today())}
        given = client.post(reverse("organisation:assignment_new", args=[the_group(town)]), sent)
        assignment = Assignment.objects.get()
        assert given.url == reverse("organisation:assignment", args=[assignment.public_id])
        edit = reverse("organisation:assignment_edit", args=[assignment.public_id])
        assert client.post(edit, sent | {"title": "Öva mer", "edit_count": "0"}).status_code == 302
        done = reverse("organisation:assignment_done", args=[assignment.public_id])
        assert client.post(done, day("done_on", clock.today())).status_code == 422
        client.post(done, {**day("done_on", clock.today()), "outcome": "Alla har övat."})
        shown = text_of(get(client, town.outside_member, "assignment", assignment.public_id))
        assert "Öva mer" in shown
        assert "Alla har övat." in shown

    def test_whoever_saves_last_is_shown_both_versions(self, client, town):
        assignment = make_assignment(town)
        client.force_login(town.group_leader)
        change_assignment(
            assignment=assignment,
            values=assignment_values(title="Annans rubrik"),
            expected_edit_count=0,
            by=town.safety_coordinator,
        )
        sent = {"kind": "analysis", "title": "Min rubrik", "edit_count": "0", **day("given_on", clock.today())}
        address = reverse("organisation:assignment_edit", args=[assignment.public_id])
        response = client.post(address, sent)
        assert response.status_code == 422
        assert "Annans rubrik" in text_of(response)
        assert 'name="edit_count" value="1"' in response.content.decode()


class TestActions:
    def test_the_one_who_is_to_do_it_notes_it_as_done_and_it_can_be_taken_up_again(self, client, town):
        action = make_action(town, person=town.outside_member)
        client.force_login(town.outside_member)
        done = reverse("organisation:group_action_done", args=[action.public_id])
        response = client.post(done, {**day("done_on", clock.today()), "note": "Klart."}, follow=True)
        assert "Klart." in text_of(response)
        client.post(reverse("organisation:group_action_reopen", args=[action.public_id]))
        action.refresh_from_db()
        assert action.done_on is None

    def test_it_stands_in_my_work_of_the_one_who_is_to_do_it(self, client, town):
        make_action(town, seat=town.seats["unit_manager"], due_on=clock.today())
        client.force_login(town.unit_manager)
        assert "Byt lamporna i gångtunneln" in text_of(client.get("/"))
        client.force_login(town.head)
        assert "Byt lamporna i gångtunneln" not in text_of(client.get("/"))

    def test_an_assignment_due_within_a_month_stands_in_my_work_of_the_convener(self, client, town):
        today = clock.today()
        make_assignment(town, title="Snart", given_on=today, due_on=today + timedelta(days=20))
        make_assignment(town, title="Sent om", given_on=today, due_on=today + timedelta(days=90))
        client.force_login(town.group_leader)
        shown = text_of(client.get("/"))
        assert "See to the assignment “Snart”" in shown
        assert "Sent om" not in shown
        client.force_login(town.group_member)
        assert "Snart" not in text_of(client.get("/"))

    def test_whoever_holds_the_seat_sees_the_action_and_not_the_meeting(self, client, town):
        action = make_action(town, seat=town.seats["unit_manager"])
        page = get(client, town.unit_manager, "group_action", action.public_id).content.decode()
        assert reverse("organisation:group_meeting", args=[action.meeting.public_id]) not in page
        assert get(client, town.unit_manager, "group_meeting", action.meeting.public_id).status_code == 404


def test_another_municipality_finds_nothing(client, town):
    neighbour = make_municipality("Grannby kommun")
    action, assignment = make_action(town), make_assignment(town)
    addresses = {
        "group": the_group(town),
        "group_member_new": the_group(town),
        "assignment": assignment.public_id,
        "assignment_edit": assignment.public_id,
        "group_meeting": action.meeting.public_id,
        "group_meeting_edit": action.meeting.public_id,
        "group_action": action.public_id,
        "group_action_done": action.public_id,
    }
    for name, public_id in addresses.items():
        for user in (neighbour.safety_coordinator, neighbour.group_leader):
            assert get(client, user, name, public_id).status_code == 404
