"""One object is shared with one person or group: a reason, an end, and a recorded disclosure across authorities."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionplans.models import Plan, PlanShare
from incidents.models import Incident, IncidentGrant, IncidentStatus, ReadLog
from incidents.permissions import HANDLE_INCIDENT, READ_NARRATIVE, VIEW_INCIDENT
from incidents.services import open_case
from notifications.models import OutboxMessage
from organisation import clock, sharing
from organisation.access import GrantQuerySet, GroupShareQuerySet, Scope
from organisation.errors import NotAllowed, WrongState
from organisation.models import Appointment, BodyKind, SeatKind, User
from organisation.services.sharing import (
    AssessmentMissing,
    ShareRefused,
    end_sharing,
    end_sharing_with_group,
    latest_end,
    share_with_group,
    share_with_person,
)
from organisation.sharing import crosses_authorities, shared_with_group, shared_with_me, shares_of
from organisation.tree import rebuild_closure
from tests.factories.actionplans import make_submitted
from tests.factories.incidents import report
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db

CANARY = "kanariefagel-i-gruvan"


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture
def case(town) -> Incident:
    return report(town, text=f"Ordet är {CANARY}.")


@pytest.fixture
def plan(town) -> Plan:
    return make_submitted(town).plan


@pytest.fixture
def colleague(town) -> User:
    """Works at another unit of the same committee, and sees none of this unit's cases."""
    person = make_user(town.municipality, "Kim Kollegasson")
    appoint(person, make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE))
    return person


def fresh(person: User) -> User:
    """The same person on the next request."""
    return User.objects.get(pk=person.pk)


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def share(obj, person, by, **changed):
    values = {"reason": "Behövs för utredningen", "until": in_days(30)} | changed
    share_with_person(obj=obj, person=person, by=by, **values)


def sees(person, case) -> bool:
    return Incident.objects.visible_to(fresh(person)).filter(pk=case.pk).exists()


def may(person, permission, obj) -> bool:
    return fresh(person).has_perm(permission, obj)


class TestACaseWithOnePerson:
    def test_it_is_seen_and_read_and_not_handled(self, town, case, colleague):
        assert not sees(colleague, case)
        share(case, colleague, town.unit_manager)
        assert sees(colleague, case)
        assert may(colleague, READ_NARRATIVE, case)
        assert not may(colleague, HANDLE_INCIDENT, case)

    def test_no_other_case_is(self, town, case, colleague):
        other = report(town, by="unit_ombud")
        share(case, colleague, town.unit_manager)
        assert not sees(colleague, other)

    def test_it_stands_in_the_cases_story_without_names(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        told = case.statuses.get(change=IncidentStatus.Change.SHARED)
        assert (told.by, told.reason, told.to_state) == (town.unit_manager, "", case.state)

    def test_that_it_is_read_is_noted(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        open_case(incident=case, by=fresh(colleague))
        assert ReadLog.objects.get(incident=case).by == colleague
        case.refresh_from_db()
        assert case.state == "new", "only a handler's reading makes it read"

    @pytest.mark.parametrize(
        "role",
        ["employee", "unit_ombud", "safety_representative", "safety_coordinator", "other_manager", "administrator"],
    )
    def test_only_who_handles_the_case_shares_it(self, town, case, colleague, role):
        with pytest.raises(NotAllowed):
            share(case, colleague, town.people[role])
        assert not IncidentGrant.objects.exists()

    def test_who_it_is_shared_with_shares_it_no_further(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        with pytest.raises(NotAllowed):
            share(case, town.unit_ombud, fresh(colleague))

    def test_nobody_shares_their_own_report(self, town, colleague):
        own = report(town, by="unit_manager")
        with pytest.raises(NotAllowed):
            share(own, colleague, town.unit_manager)

    def test_not_with_another_municipality(self, town, case):
        stranger = make_municipality("Grannby kommun").unit_manager
        with pytest.raises(ShareRefused):
            share(case, stranger, town.unit_manager, assessment="Bedömd")

    def test_not_with_someone_who_has_left_or_oneself_or_who_sees_it_anyway(self, town, case, colleague):
        colleague.is_active = False
        colleague.save()
        for person in (colleague, town.unit_manager, town.head):
            with pytest.raises(ShareRefused):
                share(case, person, town.unit_manager)

    def test_a_reason_is_needed(self, town, case, colleague):
        with pytest.raises(ShareRefused):
            share(case, colleague, town.unit_manager, reason="  ")

    def test_from_today_up_to_a_year(self, town, case, colleague):
        for until in (in_days(-1), latest_end() + timedelta(days=1)):
            with pytest.raises(ShareRefused):
                share(case, colleague, town.unit_manager, until=until)
        share(case, colleague, town.unit_manager, until=latest_end())
        assert set(IncidentGrant.objects.values_list("valid_to", flat=True)) == {latest_end() + timedelta(days=1)}

    def test_a_year_from_the_leap_day_is_the_28th(self, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2028, 2, 29))
        assert latest_end() == date(2029, 2, 28)

    def test_the_same_form_twice_is_one_share(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        share(case, colleague, town.unit_manager)
        assert IncidentGrant.objects.count() == 2
        assert OutboxMessage.objects.filter(payload__person_id=colleague.pk).count() == 1
        assert case.statuses.filter(change=IncidentStatus.Change.SHARED).count() == 1

    def test_another_share_waits_until_the_first_has_ended(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        with pytest.raises(ShareRefused):
            share(case, colleague, town.unit_manager, until=in_days(3))
        end_sharing(obj=case, person=colleague, by=town.unit_manager)
        share(case, colleague, town.unit_manager, until=in_days(3))
        assert sees(colleague, case)

    def test_a_failure_half_way_leaves_nothing(self, town, case, colleague, monkeypatch):
        monkeypatch.setattr("organisation.services.sharing.send_mail_to", lambda **_values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            share(case, colleague, town.unit_manager)
        assert not IncidentGrant.objects.exists()
        assert not case.statuses.filter(change=IncidentStatus.Change.SHARED).exists()


class TestAcrossAuthorities:
    def test_to_another_authority_secrecy_is_assessed(self, town, case):
        with pytest.raises(AssessmentMissing):
            share(case, town.other_head, town.unit_manager)
        share(case, town.other_head, town.unit_manager, assessment="Ingen lider men, OSL 10:27.")
        assert {grant.assessment for grant in IncidentGrant.objects.all()} == {"Ingen lider men, OSL 10:27."}
        assert sees(town.other_head, case)

    def test_within_the_authority_it_is_not_asked_for(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        assert {grant.assessment for grant in IncidentGrant.objects.all()} == {""}

    @pytest.mark.parametrize(
        ("role", "crosses"),
        [
            ("head", False),
            ("committee_member", False),
            ("unit_ombud", False),
            ("other_manager", True),
            ("board_member", True),
            ("safety_coordinator", True),
            ("council_member", True),
        ],
    )
    def test_who_belongs_where(self, town, role, crosses):
        assert crosses_authorities(town.people[role], town.bodies["care-north"]) is crosses

    def test_an_outside_member_of_the_boards_group_belongs_to_no_authority(self, town):
        assert crosses_authorities(town.outside_member, town.bodies["office"])
        assert crosses_authorities(make_user(town.municipality), town.bodies["office"])

    def test_it_follows_the_tree_of_today(self, town):
        unit = town.bodies["care-north"]
        unit.placements.update(parent=town.bodies["school-dept"])
        rebuild_closure(town.municipality)
        assert not crosses_authorities(town.other_head, unit)

    def test_control_without_the_check_the_text_would_cross_in_silence(self, town, case, monkeypatch):
        monkeypatch.setattr("organisation.services.sharing.crosses_authorities", lambda *_who: False)
        share(case, town.other_head, town.unit_manager)
        assert may(town.other_head, READ_NARRATIVE, case)
        assert set(IncidentGrant.objects.values_list("assessment", flat=True)) == {""}


class TestTheEnd:
    def test_on_the_day_after_it_gives_nothing_without_any_worker(self, town, case, colleague, monkeypatch):
        share(case, colleague, town.unit_manager, until=in_days(10))
        last, after = in_days(10), in_days(11)
        monkeypatch.setattr(clock, "today", lambda: last)
        assert sees(colleague, case)
        monkeypatch.setattr(clock, "today", lambda: after)
        assert not sees(colleague, case)
        assert not may(colleague, READ_NARRATIVE, case)
        assert not list(shared_with_me(colleague, Scope.of(fresh(colleague))))

    def test_control_without_the_dates_it_would_still_be_read(self, town, case, colleague, monkeypatch):
        share(case, colleague, town.unit_manager, until=in_days(10))
        after = in_days(11)
        monkeypatch.setattr(clock, "today", lambda: after)
        monkeypatch.setattr(GrantQuerySet, "in_force", lambda self, on: self)
        assert sees(colleague, case)
        assert may(colleague, READ_NARRATIVE, case)

    def test_ended_by_hand_it_gives_nothing_on_the_next_request(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        end_sharing(obj=case, person=colleague, by=town.head)
        assert not sees(colleague, case)
        assert not may(colleague, VIEW_INCIDENT, case)
        assert set(IncidentGrant.objects.values_list("ended_by", flat=True)) == {town.head.pk}
        assert case.statuses.get(change=IncidentStatus.Change.SHARE_ENDED).by == town.head

    def test_only_who_handles_the_case_ends_it_and_only_once(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        for person in (town.safety_coordinator, town.administrator, fresh(colleague)):
            with pytest.raises(NotAllowed):
                end_sharing(obj=case, person=colleague, by=person)
        end_sharing(obj=case, person=colleague, by=town.unit_manager)
        with pytest.raises(WrongState):
            end_sharing(obj=case, person=colleague, by=town.unit_manager)

    def test_what_a_rule_of_the_portal_gives_is_not_ended_by_hand(self, town):
        vacate(town, "unit_manager", "head", "coordinator")
        case = report(town)
        with pytest.raises(WrongState):
            end_sharing(obj=case, person=town.chief_executive, by=fresh(town.chief_executive))
        assert may(town.chief_executive, HANDLE_INCIDENT, case)


class TestWhatIsShown:
    def test_the_objects_page_tells_all_of_it(self, town, case):
        share(case, town.other_head, town.unit_manager, assessment="Ingen lider men.")
        (shown,) = shares_of(case)
        assert (shown.receiver, shown.given_by) == ("Jan Modellberg", "Maja Exempelsson")
        assert (shown.reason, shown.assessment) == ("Behövs för utredningen", "Ingen lider men.")
        assert (shown.until, shown.in_force, shown.by_rule, shown.to_group) == (in_days(30), True, False, False)

    def test_what_has_ended_stands_last_with_who_ended_it(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        end_sharing(obj=case, person=colleague, by=town.head)
        share(case, town.other_head, town.unit_manager, assessment="Ingen lider men.")
        assert [(one.receiver, one.in_force, one.ended_by) for one in shares_of(case)] == [
            ("Jan Modellberg", True, ""),
            ("Kim Kollegasson", False, "Nils Påhittsson"),
        ]

    def test_a_reader_in_vacant_seats_is_one_share_and_no_work_item_of_this_kind(self, town):
        vacate(town, "unit_manager", "head", "coordinator")
        case = report(town)
        assert IncidentGrant.objects.filter(content_object=case).count() == 3
        (shown,) = shares_of(case)
        assert (shown.receiver, shown.by_rule) == ("Anna Attrappén", True)
        assert shown.assessment
        person = fresh(town.chief_executive)
        assert not list(shared_with_me(person, Scope.of(person)))

    def test_the_receiver_finds_it_in_my_work(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        (item,) = shared_with_me(colleague, Scope.of(colleague))
        assert case.label in item.title
        assert item.url == f"/incidents/{case.public_id}/"

    def test_the_mail_holds_the_address_and_neither_text_nor_reason(self, town, case):
        share(case, town.other_head, town.unit_manager, reason="Hotet rör dem", assessment="Ingen lider men.")
        message = OutboxMessage.objects.get(payload__person_id=town.other_head.pk)
        assert f"/incidents/{case.public_id}/" in message.payload["body"]
        for secret in (CANARY, "Hotet rör dem", "Ingen lider men", town.unit_manager.name, town.employee.name):
            assert secret not in str(message.payload)

    def test_as_many_queries_for_many_shares_as_for_one(self, town, case, colleague):
        share(case, colleague, town.unit_manager)
        with CaptureQueriesContext(connection) as one:
            shares_of(case)
        for _place in range(5):
            person = make_user(town.municipality)
            appoint(person, make_seat(make_body(town.municipality, BodyKind.UNIT, "Enhet"), SeatKind.EMPLOYEE))
            share(case, person, town.unit_manager, assessment="Bedömd")
        with CaptureQueriesContext(connection) as many:
            assert len(shares_of(case)) == 6
        assert len(one) == len(many)


class TestAPlan:
    def test_with_one_person_it_is_seen(self, town, plan):
        assert not Plan.objects.visible_to(fresh(town.employee)).exists()
        share(plan, town.employee, town.coordinator)
        assert Plan.objects.visible_to(fresh(town.employee)).get() == plan

    @pytest.mark.parametrize("role", ["unit_manager", "committee_chair", "other_head", "administrator", "board_chair"])
    def test_only_who_prepares_it_shares_it(self, town, plan, role):
        with pytest.raises(NotAllowed):
            share(plan, town.employee, town.people[role])
        with pytest.raises(NotAllowed):
            share_with_group(obj=plan, group=town.bodies["group"], reason="Läs", until=in_days(9), by=town.people[role])

    def test_with_a_group_its_members_see_it_also_those_from_outside(self, town, plan):
        share_with_group(obj=plan, group=town.bodies["group"], reason="Läs", until=in_days(9), by=town.coordinator)
        assert Plan.objects.visible_to(fresh(town.outside_member)).get() == plan
        assert [(one.name, one.until) for one in shared_with_group(town.bodies["group"])] == [(plan.title, in_days(9))]
        (item,) = shared_with_me(town.outside_member, Scope.of(fresh(town.outside_member)))
        assert item.url == f"/plans/{plan.public_id}/"
        told = OutboxMessage.objects.filter(payload__person_id=town.outside_member.pk)
        assert told.count() == 1

    def test_who_leaves_the_group_sees_it_no_longer(self, town, plan):
        share_with_group(obj=plan, group=town.bodies["group"], reason="Läs", until=in_days(9), by=town.coordinator)
        Appointment.objects.filter(person=town.outside_member).update(valid_to=clock.today())
        assert not Plan.objects.visible_to(fresh(town.outside_member)).exists()

    def test_ended_with_the_group_it_is_seen_no_longer(self, town, plan):
        group = town.bodies["group"]
        share_with_group(obj=plan, group=group, reason="Läs", until=in_days(9), by=town.coordinator)
        end_sharing_with_group(obj=plan, group=group, by=town.safety_coordinator)
        assert not Plan.objects.visible_to(fresh(town.outside_member)).exists()
        assert PlanShare.objects.get().ended_by == town.safety_coordinator
        with pytest.raises(WrongState):
            end_sharing_with_group(obj=plan, group=group, by=town.coordinator)

    def test_with_the_group_no_longer_than_the_last_day(self, town, plan, monkeypatch):
        share_with_group(obj=plan, group=town.bodies["group"], reason="Läs", until=in_days(9), by=town.coordinator)
        after = in_days(10)
        monkeypatch.setattr(clock, "today", lambda: after)
        assert not Plan.objects.visible_to(fresh(town.outside_member)).exists()
        monkeypatch.setattr(GroupShareQuerySet, "in_force", lambda self, on: self)
        assert Plan.objects.visible_to(fresh(town.outside_member)).exists(), "control: without the dates it is seen"

    def test_the_same_form_twice_is_one_share_and_another_is_refused(self, town, plan):
        for _time in range(2):
            share_with_group(obj=plan, group=town.bodies["group"], reason="Läs", until=in_days(9), by=town.coordinator)
        assert PlanShare.objects.count() == 1
        with pytest.raises(ShareRefused):
            share_with_group(obj=plan, group=town.bodies["group"], reason="Nej", until=in_days(9), by=town.coordinator)

    def test_not_with_another_municipalitys_group_nor_a_case_with_a_group(self, town, plan, case):
        theirs = make_municipality("Grannby kommun").bodies["group"]
        with pytest.raises(ShareRefused):
            share_with_group(obj=plan, group=theirs, reason="Läs", until=in_days(9), by=town.coordinator)
        with pytest.raises(ShareRefused):
            share_with_group(obj=case, group=town.bodies["group"], reason="Läs", until=in_days(9), by=town.unit_manager)


def test_what_is_not_registered_is_not_shared(town):
    with pytest.raises(LookupError):
        sharing.shareable_of(town.bodies["care"])


def vacate(town, *roles: str) -> None:
    for role in roles:
        Appointment.objects.filter(person=town.people[role]).update(valid_to=clock.today())
