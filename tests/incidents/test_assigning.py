"""Who has a case: given at once, taken on when opened, reminded when idle, passed on, handed over."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import get_current_timezone, localtime

from incidents import handler_mail, line
from incidents.errors import CannotHandle, OwnReport, ReasonMissing
from incidents.models import Assignment, IncidentGrant, IncidentState, IncidentStatus, Withheld
from incidents.permissions import HANDLE_INCIDENT
from incidents.services import close_case, drop_task, looking_after, reopen_case
from incidents.services.assigning import hand_over
from incidents.services.locking import locked
from incidents.tasks import look_after_cases
from incidents.working_days import add_working_time, subtract_working_time
from notifications.models import OutboxMessage
from organisation import clock
from organisation.access import Scope
from organisation.errors import NotAllowed, WrongState
from organisation.models import Absence, Appointment, Ruleset, SeatKind, User
from tests.factories.incidents import make_incidents, read, report
from tests.factories.organisation import appoint, make_seat, make_user

Reason, Change = Assignment.Reason, IncidentStatus.Change
# A Tuesday morning, with the week before it.
TUESDAY = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    """Set the moment: ``at(hours=24)`` after Tuesday morning."""

    def set_moment(**after):
        now = TUESDAY + timedelta(**after)
        monkeypatch.setattr(clock, "now", lambda: now)
        monkeypatch.setattr(clock, "today", lambda: localtime(now).date())

    set_moment()
    return set_moment


@pytest.fixture
def incident(town, at):
    return report(town)


def has(incident):
    return incident.assignments.filter(ended_at__isnull=True).first()


def person_of(incident):
    given = has(incident)
    return given.person if given else None


def mails(prefix, person=None):
    rows = OutboxMessage.objects.filter(once_key__startswith=f"mail:{prefix}")
    return rows.filter(payload__person_id=person.pk) if person else rows


def changes(incident):
    return list(incident.statuses.values_list("change", flat=True))


def leave(person):
    Appointment.objects.filter(person=person).update(valid_to=clock.today())


def grown_up(person):
    """The same person as the next request reads them."""
    return User.objects.get(pk=person.pk)


class TestGiven:
    def test_to_the_one_who_reads_it_within_a_working_day(self, town, incident):
        given = has(incident)
        assert (given.person, given.title, given.reason) == (town.unit_manager, "Enhetschef", Reason.ANSWERS)
        assert given.acknowledge_by == TUESDAY + timedelta(hours=24)
        assert given.acknowledged_at is None

    def test_within_the_municipality_s_own_time(self, town, at):
        Ruleset.objects.filter(municipality=town.municipality).update(settings={"acknowledge_within_hours": 4})
        assert has(report(town)).acknowledge_by == TUESDAY + timedelta(hours=4)

    def test_a_manager_s_own_report_to_the_superior(self, town, at):
        assert person_of(report(town, by="unit_manager")) == town.head

    def test_past_who_is_away(self, town, at):
        Absence.objects.create(
            municipality=town.municipality,
            appointment=Appointment.objects.get(person=town.unit_manager),
            valid_from=clock.today(),
            valid_to=clock.today() + timedelta(days=3),
        )
        assert person_of(report(town)) == town.head

    def test_opening_it_takes_it_on_once(self, town, incident, at):
        at(hours=1)
        read(incident, town.unit_manager)
        assert has(incident).acknowledged_at == clock.now()
        assert Change.ACKNOWLEDGED not in changes(incident)
        at(hours=5)
        read(incident, town.unit_manager)
        assert has(incident).acknowledged_at == TUESDAY + timedelta(hours=1)

    def test_another_handler_s_look_does_not_take_it_on(self, town, incident, at):
        read(incident, town.head)
        assert has(incident).acknowledged_at is None
        read(incident, town.unit_manager)
        assert has(incident).acknowledged_at == clock.now()
        assert changes(incident)[-1] == Change.ACKNOWLEDGED


class TestWorkingTime:
    @pytest.mark.parametrize(
        ("begun", "hours", "expected"),
        [
            ("2026-11-17T08:00", 24, "2026-11-18T08:00"),
            ("2026-11-20T15:00", 24, "2026-11-23T15:00"),
            ("2026-11-21T12:00", 24, "2026-11-24T00:00"),
            ("2026-11-22T23:59", 1, "2026-11-23T01:00"),
            # Summer time ends on the Sunday between: a working day is a working day.
            ("2026-10-23T15:00", 24, "2026-10-26T15:00"),
            ("2026-12-31T15:00", 24, "2027-01-01T15:00"),
        ],
    )
    def test_saturdays_and_sundays_do_not_count(self, begun, hours, expected):
        start = datetime.fromisoformat(begun).replace(tzinfo=get_current_timezone())
        end = add_working_time(start, timedelta(hours=hours))
        assert localtime(end).replace(tzinfo=None).isoformat(timespec="minutes") == expected
        if start.weekday() < 5:
            assert subtract_working_time(end, timedelta(hours=hours)) == start


class TestIdle:
    def look(self):
        look_after_cases()

    def test_reminded_once_before_it_passes_on(self, town, incident, at):
        at(hours=17)
        self.look()
        assert not mails("incident-reminded")
        for hours in (18, 19, 23):
            at(hours=hours)
            self.look()
        assert mails("incident-reminded", town.unit_manager).count() == mails("incident-reminded").count() == 1
        assert has(incident).reminded_at == TUESDAY + timedelta(hours=18)
        assert changes(incident).count(Change.REMINDED) == 1
        assert person_of(incident) == town.unit_manager

    def test_then_the_next_in_line_has_it(self, town, incident, at):
        for hours in (18, 24, 24, 25):
            at(hours=hours)
            self.look()
        given = has(incident)
        assert (given.person, given.reason) == (town.head, Reason.IDLE)
        assert given.acknowledge_by == TUESDAY + timedelta(hours=48)
        assert mails("incident-given", town.head).count() == 1
        assert mails("incident-passed", town.unit_manager).count() == 1
        assert changes(incident).count(Change.PASSED_ON) == 1
        assert incident.assignments.count() == 2

    def test_whoever_opened_it_is_left_alone(self, town, incident, at):
        read(incident, town.unit_manager)
        at(days=7)
        self.look()
        assert person_of(incident) == town.unit_manager
        assert not mails("incident-reminded")

    def test_nobody_loses_a_case_without_a_reminder(self, town, incident, at):
        """The worker stood still for two days: the reminder comes first, and some time to act on it."""
        at(days=2)
        self.look()
        assert person_of(incident) == town.unit_manager
        at(days=2, hours=2)
        self.look()
        assert person_of(incident) == town.unit_manager
        at(days=2, hours=3)
        self.look()
        assert person_of(incident) == town.head

    def test_up_to_the_chief_executive_who_may_then_handle_it(self, town, incident, at):
        for hours in (18, 24, 42, 48):
            at(hours=hours)
            self.look()
        assert person_of(incident) == town.chief_executive
        assert Scope.of(grown_up(town.chief_executive)).allows(HANDLE_INCIDENT, incident)
        assert IncidentGrant.objects.get(permission__codename="handle_incident").assessment

    def test_when_nobody_is_left_the_last_keeps_it_and_the_safety_unit_is_told_once(self, town, incident, at):
        for hours in (18, 24, 42, 48, 66, 72, 73, 90, 96, 97):
            at(hours=hours)
            self.look()
        assert person_of(incident) == town.chief_executive
        assert {row.payload["person_id"] for row in mails("incident-untaken")} == {
            town.head_of_security.pk,
            town.safety_coordinator.pk,
        }
        assert mails("incident-untaken").count() == 2

    def test_never_to_whom_it_is_kept_from_nor_the_reporter(self, town, at):
        own = report(town, by="head")
        Withheld.objects.create(incident=own, person=town.chief_executive, at=clock.now())
        Withheld.objects.create(incident=own, person=town.safety_coordinator, at=clock.now())
        for hours in (18, 24):
            at(hours=hours)
            self.look()
        assert person_of(own) == town.unit_manager
        assert {row.payload["person_id"] for row in mails("incident-untaken")} == {town.head_of_security.pk}

    def test_control_without_the_passing_over_it_would_reach_them(self, town, at, monkeypatch):
        own = report(town, by="head")
        Withheld.objects.create(incident=own, person=town.chief_executive, at=clock.now())
        monkeypatch.setattr(line, "passed_over", lambda _incidents: defaultdict(set))
        for hours in (18, 24):
            at(hours=hours)
            self.look()
        assert person_of(own) == town.head

    def test_closed_cases_wait_for_nobody(self, town, incident, at):
        read(incident, town.head)
        close_case(incident=incident, feedback="Klart.", by=town.head)
        assert person_of(incident) == town.head
        at(days=3)
        self.look()
        assert not mails("incident-reminded")

    def test_one_case_that_fails_leaves_the_others_done(self, town, incident, at, monkeypatch):
        """Each case in a transaction of its own: what was done before a failure stays done, and nothing by halves."""
        second = report(town)
        kept = handler_mail.remind

        def fail(given):
            if given.incident_id == second.pk:
                raise RuntimeError
            kept(given)

        monkeypatch.setattr(handler_mail, "remind", fail)
        at(hours=18)
        with pytest.raises(RuntimeError):
            self.look()
        assert has(incident).reminded_at is not None
        assert has(second).reminded_at is None
        assert Change.REMINDED not in changes(second)
        monkeypatch.setattr(handler_mail, "remind", kept)
        self.look()
        assert has(second).reminded_at is not None
        assert mails("incident-reminded").count() == 2

    def test_as_many_questions_for_the_first_look_at_forty_as_at_four(self, town, at):
        """What grows is what is changed; to find it takes the same number of queries."""
        at(hours=1)

        def cost():
            with CaptureQueriesContext(connection) as spent:
                self.look()
            return len(spent)

        for count in (4, 36):
            for case in make_incidents(town.bodies["care-north"], count, state=IncidentState.READ):
                Assignment.objects.create(
                    incident=case,
                    person=town.unit_manager,
                    title="Enhetschef",
                    assigned_at=clock.now(),
                    acknowledge_by=clock.now() + timedelta(days=2),
                )
            if count == 4:
                few = cost()
        assert cost() == few

    def test_what_was_passed_on_meanwhile_is_not_passed_on_again(self, town, incident, at):
        at(hours=18)
        self.look()
        at(hours=24)
        given = has(incident)
        answers = looking_after.next_handlers([incident], clock.today(), had_it={incident.pk: {given.person_id}})
        assert looking_after._passed(given, answers[incident.pk], Reason.IDLE, clock.now())
        assert not looking_after._passed(given, answers[incident.pk], Reason.IDLE, clock.now())
        assert incident.assignments.count() == 2


class TestLeft:
    def test_whose_seat_has_ended_passes_it_on_also_when_opened(self, town, incident, at):
        read(incident, town.unit_manager)
        at(hours=2)
        leave(town.unit_manager)
        look_after_cases()
        given = has(incident)
        assert (given.person, given.reason) == (town.head, Reason.LEFT)
        look_after_cases()
        assert incident.assignments.count() == 2

    def test_whose_account_has_ended(self, town, incident, at):
        User.objects.filter(pk=town.unit_manager.pk).update(is_active=False)
        look_after_cases()
        assert person_of(incident) == town.head

    def test_from_whom_it_is_kept_since(self, town, incident, at):
        Withheld.objects.create(incident=incident, person=town.unit_manager, at=clock.now())
        look_after_cases()
        assert person_of(incident) == town.head

    def test_who_has_it_by_a_share_keeps_it_while_the_share_lasts(self, town, at):
        leave(town.unit_manager)
        leave(town.head)
        incident = report(town)
        assert person_of(incident) == town.chief_executive
        look_after_cases()
        assert incident.assignments.count() == 1
        IncidentGrant.objects.update(valid_to=clock.today())
        IncidentGrant.objects.update(valid_from=clock.today() - timedelta(days=1))
        look_after_cases()
        assert person_of(incident) is None
        look_after_cases()
        assert person_of(incident) == town.chief_executive

    def test_a_case_that_nobody_could_get_is_given_out_when_somebody_is_appointed(self, town, at):
        for role in ("unit_manager", "head", "chief_executive"):
            leave(town.people[role])
        incident = report(town)
        assert person_of(incident) is None
        look_after_cases()
        assert person_of(incident) is None
        new = make_user(town.municipality, "Nya Chefsson")
        appoint(new, town.seats["unit_manager"], valid_from=clock.today())
        look_after_cases()
        assert person_of(incident) == new
        assert changes(incident)[-1] == Change.ASSIGNED


class TestHandOver:
    def test_to_another_handler_with_a_reason(self, town, incident):
        given = hand_over(incident=incident, to=town.coordinator, reason="Kan frågan.", by=town.unit_manager)
        assert (given.person, given.by, given.reason) == (town.coordinator, town.unit_manager, Reason.CHOSEN)
        assert given.title == "Säkerhetshandläggare, Äldreförvaltningen"
        last = incident.statuses.last()
        assert (last.change, last.by, last.reason) == (Change.ASSIGNED, town.unit_manager, "Kan frågan.")
        assert mails("incident-given", town.coordinator).count() == 1
        assert not mails("incident-passed")

    def test_what_was_still_to_be_done_goes_along(self, town, incident):
        read(incident, town.unit_manager)
        drop_task(task=incident.tasks.first(), reason="Behövs inte.", by=town.unit_manager)
        hand_over(incident=incident, to=town.coordinator, reason="Kan frågan.", by=town.unit_manager)
        waiting = incident.tasks.filter(done_at__isnull=True)
        assert set(waiting.values_list("assigned_to", flat=True)) == {town.coordinator.pk}
        assert incident.tasks.filter(assigned_to=town.unit_manager).count() == 1

    def test_taken_over_by_a_superior_who_has_then_taken_it_on(self, town, incident):
        given = hand_over(incident=incident, to=town.head, reason="Jag tar det.", by=town.head)
        assert given.acknowledged_at is not None
        assert mails("incident-passed", town.unit_manager).count() == 1
        assert not mails("incident-given")

    @pytest.mark.parametrize(
        "role", ["employee", "safety_coordinator", "unit_ombud", "other_manager", "committee_chair"]
    )
    def test_only_to_those_who_may_handle_it(self, town, incident, role):
        with pytest.raises(CannotHandle):
            hand_over(incident=incident, to=town.people[role], reason="Därför.", by=town.unit_manager)

    def test_never_to_whom_it_is_kept_from_nor_the_reporter(self, town, at):
        own = report(town, by="coordinator")
        Withheld.objects.create(incident=own, person=town.head, at=clock.now())
        for to in (town.head, town.coordinator):
            with pytest.raises(CannotHandle):
                hand_over(incident=own, to=to, reason="Därför.", by=town.unit_manager)

    @pytest.mark.parametrize("role", ["employee", "safety_coordinator", "other_manager", "safety_representative"])
    def test_not_by_those_who_do_not_handle_it(self, town, incident, role):
        with pytest.raises(NotAllowed):
            hand_over(incident=incident, to=town.head, reason="Därför.", by=town.people[role])

    def test_not_by_the_reporter(self, town, at):
        with pytest.raises(OwnReport):
            hand_over(incident=report(town, by="coordinator"), to=town.head, reason="Därför.", by=town.coordinator)

    def test_not_without_a_reason_nor_to_the_same_nor_when_closed(self, town, incident):
        with pytest.raises(ReasonMissing):
            hand_over(incident=incident, to=town.head, reason=" ", by=town.unit_manager)
        with pytest.raises(WrongState):
            hand_over(incident=incident, to=town.unit_manager, reason="Därför.", by=town.head)
        read(incident, town.unit_manager)
        close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
        with pytest.raises(WrongState):
            hand_over(incident=incident, to=town.head, reason="Därför.", by=town.unit_manager)

    def test_whole_or_not_at_all(self, town, incident, monkeypatch):
        def fail(_given):
            raise RuntimeError

        monkeypatch.setattr(handler_mail, "tell_new", fail)
        with pytest.raises(RuntimeError):
            hand_over(incident=incident, to=town.head, reason="Därför.", by=town.unit_manager)
        assert person_of(incident) == town.unit_manager
        assert Change.ASSIGNED not in changes(incident)


def test_who_takes_a_closed_case_up_again_has_it_unless_somebody_does(town, incident):
    read(incident, town.unit_manager)
    close_case(incident=incident, feedback="Klart.", by=town.unit_manager)
    reopen_case(incident=incident, reason="Det hände igen.", by=town.head)
    assert person_of(incident) == town.unit_manager
    old = make_incidents(town.bodies["care-north"], 1, state=IncidentState.CLOSED)[0]
    reopen_case(incident=old, reason="Det hände igen.", by=town.head)
    assert person_of(old) == town.head
    assert locked(old).closed_at is None


def test_a_deputy_of_the_seat_is_next_in_line(town, incident, at):
    deputy = make_user(town.municipality, "Stina Ställföreträdande")
    appoint(deputy, town.seats["unit_manager"], is_deputy=True)
    make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER)
    for hours in (18, 24):
        at(hours=hours)
        look_after_cases()
    assert person_of(incident) == deputy
