"""A report that the manager should not read goes to the superior, and the manager meets it nowhere."""

import uuid
from unittest import mock

import pytest
from django.urls import NoReverseMatch, reverse

from incidents.case.told import told_row
from incidents.handover import open_cases
from incidents.holdings import case_holdings
from incidents.models import Incident, IncidentQuerySet, Withheld
from incidents.permissions import HANDLE_INCIDENT, READ_NARRATIVE, VIEW_INCIDENT
from incidents.reader import managers_of, reader_of_case
from incidents.sight import Sight
from incidents.waiting import cases_waiting
from notifications.models import OutboxMessage
from organisation import clock
from organisation.access import Scope
from organisation.handover import Leaver
from organisation.models import Absence, Appointment
from organisation.services.reorganising import close_body
from tests.access.matrix import read_rows
from tests.factories.incidents import report
from tests.factories.organisation import appoint, make_order, make_user

pytestmark = pytest.mark.django_db

CANARY = "Chefen gjorde KANARIEORD."


@pytest.fixture
def hidden(town):
    return report(town, keep_from_manager=True, text=CANARY)


def fresh(person):
    """The person as the next request reads them."""
    return type(person).objects.get(pk=person.pk)


def managers(town, by="employee", at="care-north"):
    return set(managers_of(town.bodies[at], town.people[by] if by else None, clock.today()))


class TestWhoIsMeant:
    def test_the_manager_and_deputies(self, town):
        deputy = make_user(town.municipality)
        appoint(deputy, town.seats["unit_manager"], is_deputy=True)
        assert managers(town) == {town.unit_manager, deputy}

    def test_a_manager_who_is_away_comes_back(self, town):
        held = Appointment.objects.get(person=town.unit_manager)
        Absence.objects.create(
            municipality=town.municipality,
            appointment=held,
            valid_from=clock.today(),
            valid_to=clock.today().replace(year=clock.today().year + 1),
        )
        assert managers(town) == {town.unit_manager}

    def test_of_a_vacant_seat_whoever_reads_instead(self, town):
        Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today())
        assert managers(town) == {town.head}

    def test_the_managers_manager(self, town):
        assert managers(town, by="unit_manager") == {town.head}

    def test_somebody_who_stands_in_for_the_manager_means_the_manager(self, town):
        appoint(town.employee, town.seats["unit_manager"], is_deputy=True)
        assert managers(town) == {town.unit_manager}

    def test_also_without_login(self, town):
        assert managers(town, by=None) == {town.unit_manager}

    def test_where_elected_people_are_all_that_is_left_it_is_the_chief_executive(self, town):
        Appointment.objects.filter(person__in=[town.unit_manager, town.head]).update(valid_to=clock.today())
        assert managers(town) == {town.chief_executive}


class TestRouting:
    def test_the_superior_reads(self, town, hidden):
        assert hidden.withheld.get().person == town.unit_manager
        assert reader_of_case(hidden, town.employee).person == town.head
        assert hidden.assignments.get().person == town.head

    def test_the_manager_as_the_other_party_is_enough(self, town):
        case = report(town, answers={"other_party": "manager"})
        assert case.withheld.get().person == town.unit_manager

    @pytest.mark.parametrize("answers", [{}, {"other_party": "colleague"}])
    def test_else_nothing_is_withheld(self, town, answers):
        assert not report(town, answers=answers).withheld.exists()

    def test_the_superior_and_the_representative_are_mailed_and_the_manager_is_not(self, town, hidden):
        told = set(OutboxMessage.objects.filter(topic="mail").values_list("payload__person_id", flat=True))
        assert told == {town.head.pk, town.safety_representative.pk}

    def test_a_manager_who_is_also_the_representative_is_not_told(self, town):
        appoint(town.unit_manager, town.seats["safety_representative"])
        report(town, keep_from_manager=True)
        assert not OutboxMessage.objects.filter(payload__person_id=town.unit_manager.pk).exists()

    def test_where_nobody_else_reads_those_who_see_to_it_are_told_without_the_manager(self, town):
        Appointment.objects.filter(person__in=[town.head, town.committee_chair, town.chief_executive]).update(
            valid_to=clock.today()
        )
        report(town, keep_from_manager=True)
        told = set(OutboxMessage.objects.filter(topic="mail").values_list("payload__person_id", flat=True))
        assert town.safety_coordinator.pk in told
        assert town.unit_manager.pk not in told

    def test_the_receipt_names_the_superior(self, town, as_, hidden):
        page = as_("employee").get(reverse("report:receipt", args=[hidden.public_id])).content.decode()
        assert town.head.name in page
        assert town.unit_manager.name not in page

    def test_the_superior_is_told_to_keep_it(self, town, hidden):
        assert told_row(hidden, Sight.of(hidden, town.head)).hint
        assert not told_row(hidden, Sight.of(hidden, town.safety_representative)).hint
        assert not told_row(hidden, Sight.of(hidden, town.employee)).hint


class TestHidden:
    """The manager meets the case nowhere; every other handler does."""

    def test_it_is_in_no_list_or_count(self, town, hidden):
        manager = fresh(town.unit_manager)
        assert not Incident.objects.visible_to(manager).exists()
        assert not Incident.objects.permitted(manager, HANDLE_INCIDENT).exists()
        assert Incident.objects.visible_to(town.head).get() == hidden

    @pytest.mark.parametrize("permission", [VIEW_INCIDENT, READ_NARRATIVE, HANDLE_INCIDENT])
    def test_no_right_reaches_it(self, town, hidden, permission):
        assert not fresh(town.unit_manager).has_perm(permission, hidden)
        assert fresh(town.head).has_perm(permission, hidden)

    def test_it_is_no_work_of_the_managers(self, town, hidden):
        manager = fresh(town.unit_manager)
        assert not list(cases_waiting(manager, Scope.of(manager)))
        assert list(cases_waiting(town.head, Scope.of(town.head)))

    def test_every_page_that_the_manager_may_open(self, town, as_, hidden):
        """Each GET page without arguments, and each page about a case: neither number, address nor words."""
        client, opened = as_("unit_manager"), 0
        for url in {row.url for row in read_rows() if row.method == "GET"}:
            for arguments in ({}, {"public_id": hidden.public_id}):
                try:
                    address = reverse(url, kwargs=arguments)
                except NoReverseMatch:
                    continue
                page = client.get(address)
                content = b"".join(page) if page.streaming else page.content
                for trace in (hidden.label, str(hidden.public_id), "KANARIEORD"):
                    # An address that is asked for may stand in the answer's own form or log-in link.
                    if trace not in address:
                        assert trace not in content.decode(errors="ignore"), f"{trace} on {url}"
                if arguments and url.startswith(("incidents:", "report:")):
                    assert page.status_code in (404, 403), f"{url} answered {page.status_code}"
                opened += page.status_code == 200
        assert opened > 25

    @pytest.mark.parametrize(
        "search", ["/incidents/?state=all", "/risks/new/?q=H-", "/risks/?q=H-", "/?q=H-", "/incidents/?kind=threat"]
    )
    def test_no_search_finds_it(self, town, as_, hidden, search):
        assert hidden.label not in as_("unit_manager").get(search).content.decode()

    def test_control_without_the_exclusion_the_inbox_shows_it(self, town, as_, hidden, monkeypatch):
        monkeypatch.setattr(IncidentQuerySet, "_not_withheld_from", lambda self, _user: self)
        assert hidden.label in as_("unit_manager").get(reverse("incidents:inbox")).content.decode()

    def test_control_without_the_row_the_case_opens(self, town, as_, hidden):
        Withheld.objects.all().delete()
        page = as_("unit_manager").get(reverse("incidents:case", args=[hidden.public_id]))
        assert "KANARIEORD" in page.content.decode()

    def test_the_hand_over_of_others_does_not_tell_the_manager(self, town, hidden):
        """Somebody who leaves: what they had is told by number, but not numbers kept from whoever takes over."""
        leaver = Leaver(town.unit_manager, (town.seats["unit_manager"],))
        assert not [task for task in open_cases(town.municipality, [leaver]) if hidden.label in task.what]

    def test_a_new_manager_is_not_the_old_one(self, town, hidden):
        new = make_user(town.municipality, "Ny Chefsson")
        appoint(new, town.seats["unit_manager"])
        assert Incident.objects.visible_to(new).get() == hidden


class TestNumbers:
    """A manager who also administers the organisation: what a change takes along tells of no case beside the list."""

    @pytest.fixture(autouse=True)
    def administers(self, town):
        appoint(town.unit_manager, town.seats["administrator"])

    def taken_along(self, town, as_):
        """What the check page says that the unit's closing takes along of cases."""
        today, unit = clock.today(), town.bodies["care-north"]
        sent = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
        sent |= {"successor": town.bodies["care-south"].public_id, "submission_key": uuid.uuid4()}
        page = as_("unit_manager").post(reverse("organisation:close", args=[unit.public_id]), sent)
        return {held.key: held.here for held in page.context["preview"].held if held.key.startswith("incidents.")}

    def listed(self, town) -> int:
        return Incident.objects.visible_to(fresh(town.unit_manager)).count()

    def test_they_are_those_of_the_own_list(self, town, as_, hidden):
        report(town)
        assert self.listed(town) == 1
        assert self.taken_along(town, as_) == {"incidents.open": 1, "incidents.all": 1}

    def test_they_are_the_same_for_an_administrator_from_whom_nothing_is_kept(self, town, hidden):
        report(town)
        counted = case_holdings([town.bodies["care-north"].pk], clock.today())
        assert [number for _holding, number in counted] == [1, 1]

    def test_the_case_goes_along_all_the_same(self, town, hidden):
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=make_order(town))
        assert Incident.objects.visible_to(fresh(town.head)).get() == hidden

    def test_control_counted_with_the_others_it_would_be_told(self, town, as_, hidden, monkeypatch):
        report(town)
        monkeypatch.setattr("incidents.holdings.Withheld", mock.Mock(objects=Withheld.objects.none()))
        told = self.taken_along(town, as_)
        assert told["incidents.open"] == 2 > self.listed(town)


def test_sent_by_the_form(town, as_):
    client = as_("employee")
    address = reverse("report:form", args=[town.bodies["care-north"].report_code])
    sent = {"kind": "threat", "occurred_when": "just_now", "submission_key": str(uuid.uuid4())}
    client.post(address, sent | {"keep_from_manager": "on"})
    assert Incident.objects.get().withheld.get().person == town.unit_manager
