"""Appointing, ending, absence, not needed: who may, what is refused, and that the vacancy follows at once."""

from datetime import timedelta

import pytest
from django.db import transaction

from organisation import clock
from organisation.access import Scope
from organisation.appointers import may_appoint_to
from organisation.errors import NotAllowed, WrongState
from organisation.models import Absence, Appointment, SeatKind, SeatType, User, Vacancy
from organisation.services import appointing
from organisation.services.appointing import AppointmentRefused
from tests.factories.organisation import appoint, make_municipality, make_seat, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def town():
    """Exempelby, where the head of department appoints the coordinator and the unit manager the ombud."""
    town = make_municipality()
    types = SeatType.objects.filter(municipality=town.municipality)
    types.filter(kind=SeatKind.DEPARTMENT_COORDINATOR).update(appointed_by="head", min_holders=1, max_holders=1)
    types.filter(kind=SeatKind.UNIT_OMBUD).update(appointed_by="unit-manager", min_holders=1)
    return town


def today():
    return clock.today()


def fresh(person: User) -> User:
    """The same person on the next request."""
    return User.objects.get(pk=person.pk)


def empty(town, role: str) -> None:
    appointment = Appointment.objects.get(person=town.people[role], seat=town.seats[role])
    appointing.end_appointment(appointment=appointment, on=today(), by=town.administrator)


class TestAppoint:
    def test_the_head_appoints_a_coordinator_and_the_vacancy_goes(self, town):
        empty(town, "coordinator")
        seat = town.seats["coordinator"]
        assert Vacancy.objects.get(seat=seat).since == today()
        person = make_user(town.municipality, "Siri Samordnarsson")
        made = appointing.appoint(
            seat=seat, person=person, valid_from=today(), reference=" § 12, KS 2026-14 ", by=town.head
        )
        assert made.reference == "§ 12, KS 2026-14"
        assert not Vacancy.objects.filter(seat=seat).exists()
        assert Scope.of(fresh(person)).holds("risks.add_risk")

    def test_a_vacancy_stays_until_the_day_that_the_new_one_begins(self, town):
        empty(town, "coordinator")
        seat, person = town.seats["coordinator"], make_user(town.municipality)
        appointing.appoint(seat=seat, person=person, valid_from=today() + timedelta(days=5), by=town.head)
        assert Vacancy.objects.filter(seat=seat).exists()

    @pytest.mark.parametrize(
        "role", ["unit_manager", "coordinator", "other_head", "employee", "board_chair", "safety_coordinator"]
    )
    def test_nobody_else_appoints_there(self, town, role):
        """R129: the head of that department, and nobody beside or below."""
        empty(town, "coordinator")
        with pytest.raises(NotAllowed):
            appointing.appoint(
                seat=town.seats["coordinator"],
                person=make_user(town.municipality),
                valid_from=today(),
                by=town.people[role],
            )
        assert Vacancy.objects.filter(seat=town.seats["coordinator"]).exists()

    def test_the_administrator_records_any_appointment_but_the_unions(self, town):
        person = make_user(town.municipality)
        appointing.appoint(
            seat=town.seats["committee_member"], person=person, valid_from=today(), by=town.administrator
        )
        with pytest.raises(NotAllowed, match="union"):
            appointing.appoint(
                seat=town.seats["safety_representative"], person=person, valid_from=today(), by=town.administrator
            )

    def test_an_administrator_gives_themselves_no_seat_but_a_manager_may_be_the_ombud(self, town):
        """Whoever runs seats could else read the cases that the role keeps closed."""
        for role in ("head", "unit_manager", "coordinator"):
            with pytest.raises(NotAllowed, match="Somebody else"):
                appointing.appoint(
                    seat=town.seats[role], person=town.administrator, valid_from=today(), by=town.administrator
                )
        appointing.appoint(
            seat=town.seats["unit_ombud"], person=town.unit_manager, valid_from=today(), by=town.unit_manager
        )

    def test_the_same_appointment_again_is_the_one_that_stands(self, town):
        seat, person = town.seats["unit_ombud"], make_user(town.municipality)
        made = [
            appointing.appoint(seat=seat, person=person, valid_from=today(), by=town.unit_manager) for _sent in (1, 2)
        ]
        assert made[0] == made[1]
        with pytest.raises(AppointmentRefused, match="already"):
            appointing.appoint(seat=seat, person=person, valid_from=today() + timedelta(days=1), by=town.unit_manager)

    def test_no_more_holders_than_the_seat_may_have_but_any_deputy(self, town):
        seat, person = town.seats["coordinator"], make_user(town.municipality)
        with pytest.raises(AppointmentRefused, match="all its holders"):
            appointing.appoint(seat=seat, person=person, valid_from=today(), by=town.head)
        appointing.appoint(seat=seat, person=person, valid_from=today(), is_deputy=True, by=town.head)

    def test_too_many_later_is_too_many(self, town):
        """Somebody begins in a month: whoever is appointed without end now would be one too many then."""
        empty(town, "coordinator")
        seat, later = town.seats["coordinator"], today() + timedelta(days=30)
        appointing.appoint(seat=seat, person=make_user(town.municipality), valid_from=later, by=town.head)
        other = make_user(town.municipality)
        with pytest.raises(AppointmentRefused):
            appointing.appoint(seat=seat, person=other, valid_from=today(), by=town.head)
        appointing.appoint(seat=seat, person=other, valid_from=today(), valid_to=later, by=town.head)

    def test_who_has_left_or_belongs_elsewhere_is_refused(self, town):
        strangers = [make_user(make_municipality("Grannby kommun").municipality)]
        strangers.append(make_user(town.municipality, is_active=False))
        for person in strangers:
            with pytest.raises(AppointmentRefused):
                appointing.appoint(
                    seat=town.seats["unit_ombud"], person=person, valid_from=today(), by=town.unit_manager
                )

    def test_outside_the_seats_own_time_it_is_refused(self, town):
        seat = town.seats["unit_ombud"]
        seat.valid_to = today() + timedelta(days=10)
        seat.save()
        person = make_user(town.municipality)
        with pytest.raises(AppointmentRefused, match="doesn't exist"):
            appointing.appoint(seat=seat, person=person, valid_from=today(), by=town.unit_manager)
        appointing.appoint(seat=seat, person=person, valid_from=today(), valid_to=seat.valid_to, by=town.unit_manager)

    def test_an_end_before_the_start_is_refused_and_nothing_is_written(self, town):
        before = Appointment.objects.count()
        with pytest.raises(AppointmentRefused), transaction.atomic():
            appointing.appoint(
                seat=town.seats["unit_ombud"],
                person=make_user(town.municipality),
                valid_from=today(),
                valid_to=today(),
                by=town.unit_manager,
            )
        assert Appointment.objects.count() == before

    def test_a_failure_half_way_leaves_nothing(self, town, monkeypatch):
        """The appointment and the vacancy are one transaction."""
        empty(town, "coordinator")

        def broken(*_arguments):
            raise RuntimeError

        monkeypatch.setattr(appointing, "refresh_vacancies", broken)
        before = Appointment.objects.count()
        with pytest.raises(RuntimeError):
            appointing.appoint(
                seat=town.seats["coordinator"], person=make_user(town.municipality), valid_from=today(), by=town.head
            )
        assert Appointment.objects.count() == before


class TestWhoAppoints:
    def test_where_the_appointing_seat_is_empty_the_one_who_answers_for_it_appoints(self, town):
        empty(town, "unit_manager")
        person = make_user(town.municipality)
        appointing.appoint(seat=town.seats["unit_ombud"], person=person, valid_from=today(), by=town.head)

    def test_a_body_that_decides_acts_through_its_secretary(self, town):
        SeatType.objects.filter(kind=SeatKind.CHIEF_EXECUTIVE).update(appointed_by="board")
        seat, person = town.seats["chief_executive"], make_user(town.municipality)
        for role in ("board_chair", "committee_secretary"):
            with pytest.raises(NotAllowed):
                appointing.appoint(seat=seat, person=person, valid_from=today(), by=town.people[role])
        appointing.appoint(seat=seat, person=person, valid_from=today(), by=town.board_secretary)

    def test_the_councils_secretary_records_whom_it_elected_to_a_committee(self, town):
        secretary = make_user(town.municipality, "Kristin Protokollsson")
        appoint(secretary, make_seat(town.bodies["council"], SeatKind.SECRETARY))
        elected = make_user(town.municipality)
        for role in ("committee_secretary", "board_secretary"):
            with pytest.raises(NotAllowed):
                appointing.appoint(
                    seat=town.seats["committee_member"], person=elected, valid_from=today(), by=town.people[role]
                )
        made = appointing.appoint(
            seat=town.seats["committee_member"], person=elected, valid_from=today(), by=secretary, reference="§ 9, KF 3"
        )
        assert made.reference == "§ 9, KF 3"

    def test_of_several_who_hold_the_appointing_seat_each_may(self, town):
        second = make_user(town.municipality, "Hanna Halvchef")
        appointing.appoint(seat=town.seats["head"], person=second, valid_from=today(), by=town.administrator)
        for by in (town.head, second):
            appointing.appoint(
                seat=town.seats["coordinator"],
                person=make_user(town.municipality),
                valid_from=today(),
                is_deputy=True,
                by=by,
            )

    def test_one_who_is_away_keeps_the_right_and_the_deputy_has_it_too(self, town):
        deputy = make_user(town.municipality, "Vikarie Vikström")
        appointing.appoint(
            seat=town.seats["head"], person=deputy, valid_from=today(), is_deputy=True, by=town.administrator
        )
        own = Appointment.objects.get(person=town.head)
        appointing.note_absence(appointment=own, valid_from=today(), valid_to=today() + timedelta(days=9), by=town.head)
        for by in (town.head, deputy):
            appointing.appoint(
                seat=town.seats["coordinator"],
                person=make_user(town.municipality),
                valid_from=today(),
                is_deputy=True,
                by=by,
            )

    def test_without_a_rule_the_line_above_appoints(self, town):
        SeatType.objects.filter(kind=SeatKind.UNIT_MANAGER).update(appointed_by="")
        empty(town, "unit_manager")
        person = make_user(town.municipality)
        appointing.appoint(seat=town.seats["unit_manager"], person=person, valid_from=today(), by=town.head)


class TestEnd:
    def test_today_ends_every_right_at_once(self, town):
        assert Scope.of(fresh(town.coordinator)).holds("risks.add_risk")
        appointment = Appointment.objects.get(person=town.coordinator)
        appointing.end_appointment(appointment=appointment, on=today(), by=town.head)
        assert not Scope.of(fresh(town.coordinator)).holds("risks.add_risk")
        assert Vacancy.objects.get(seat=town.seats["coordinator"]).missing == 1

    def test_a_day_to_come_leaves_the_rights_until_then(self, town):
        appointment = Appointment.objects.get(person=town.coordinator)
        appointing.end_appointment(appointment=appointment, on=today() + timedelta(days=3), by=town.head)
        assert Scope.of(fresh(town.coordinator)).holds("risks.add_risk")
        assert not Vacancy.objects.filter(seat=town.seats["coordinator"]).exists()

    def test_twice_is_once_and_an_ended_one_stays_ended(self, town):
        appointment = Appointment.objects.get(person=town.coordinator)
        yesterday = today() - timedelta(days=1)
        for _sent in (1, 2):
            appointing.end_appointment(appointment=appointment, on=yesterday, by=town.head)
        with pytest.raises(WrongState):
            appointing.end_appointment(appointment=appointment, on=today() + timedelta(days=9), by=town.head)

    def test_only_who_appoints_ends(self, town):
        appointment = Appointment.objects.get(person=town.coordinator)
        for role in ("coordinator", "unit_manager", "other_head"):
            with pytest.raises(NotAllowed):
                appointing.end_appointment(appointment=appointment, on=today(), by=town.people[role])

    def test_the_employer_never_ends_the_unions_mandate(self, town):
        appointment = Appointment.objects.get(person=town.safety_representative)
        for role in ("head", "unit_manager", "administrator"):
            with pytest.raises(NotAllowed):
                appointing.end_appointment(appointment=appointment, on=today(), by=town.people[role])

    def test_it_can_not_end_before_it_began(self, town):
        person = make_user(town.municipality)
        made = appointing.appoint(
            seat=town.seats["unit_ombud"], person=person, valid_from=today(), by=town.unit_manager
        )
        with pytest.raises(AppointmentRefused):
            appointing.end_appointment(appointment=made, on=today() - timedelta(days=1), by=town.unit_manager)
        appointing.end_appointment(appointment=made, on=today(), by=town.unit_manager)
        # Taken back the day it began: it was never there, and the same person can be appointed anew.
        appointing.appoint(
            seat=town.seats["unit_ombud"],
            person=person,
            valid_from=today() - timedelta(days=2),
            by=town.unit_manager,
        )


class TestAbsence:
    def note(self, town, by: str, first: int = 0, after: int = 10) -> Absence:
        return appointing.note_absence(
            appointment=Appointment.objects.get(person=town.coordinator),
            valid_from=today() + timedelta(days=first),
            valid_to=today() + timedelta(days=after),
            by=town.people[by],
        )

    def test_the_holder_and_the_one_who_appoints_note_it_and_no_rights_change(self, town):
        self.note(town, "coordinator")
        self.note(town, "head", 20, 30)
        assert Scope.of(fresh(town.coordinator)).holds("risks.add_risk")
        assert not Vacancy.objects.filter(seat=town.seats["coordinator"]).exists()

    @pytest.mark.parametrize("role", ["unit_manager", "other_head", "employee"])
    def test_nobody_else_does(self, town, role):
        with pytest.raises(NotAllowed):
            self.note(town, role)

    def test_twice_is_once_and_two_at_a_time_are_refused(self, town):
        assert self.note(town, "head") == self.note(town, "coordinator")
        with pytest.raises(AppointmentRefused):
            self.note(town, "head", 5, 12)

    def test_outside_the_appointment_it_is_refused(self, town):
        appointment = Appointment.objects.get(person=town.coordinator)
        appointing.end_appointment(appointment=appointment, on=today() + timedelta(days=5), by=town.head)
        with pytest.raises(AppointmentRefused):
            self.note(town, "head")
        with pytest.raises(AppointmentRefused):
            self.note(town, "head", 4, 4)

    def test_back_today_ends_it_and_before_it_begins_takes_it_back(self, town):
        running, coming = self.note(town, "head"), self.note(town, "head", 20, 30)
        for absence in (running, coming):
            for _sent in (1, 2):
                appointing.end_absence(absence=absence, on=today(), by=town.coordinator)
        running.refresh_from_db()
        coming.refresh_from_db()
        assert running.valid_to == today()
        assert coming.valid_to == coming.valid_from
        # What was taken back takes no place.
        self.note(town, "head", 18, 25)

    def test_an_absence_that_is_over_stays_so(self, town):
        absence = self.note(town, "head", -10, -5)
        with pytest.raises(WrongState):
            appointing.end_absence(absence=absence, on=today(), by=town.coordinator)
        with pytest.raises(NotAllowed):
            appointing.end_absence(absence=absence, on=today(), by=town.unit_manager)


class TestNeeded:
    def test_a_seat_that_is_not_needed_is_no_vacancy_and_can_be_needed_again(self, town):
        """R131: where needed."""
        empty(town, "unit_ombud")
        seat = town.seats["unit_ombud"]
        appointing.say_whether_needed(seat=seat, reason=" Två anställda ", by=town.unit_manager)
        seat.refresh_from_db()
        assert seat.not_needed_reason == "Två anställda"
        assert not Vacancy.objects.filter(seat=seat).exists()
        with pytest.raises(AppointmentRefused, match="not needed"):
            appointing.appoint(seat=seat, person=make_user(town.municipality), valid_from=today(), by=town.unit_manager)
        appointing.say_whether_needed(seat=seat, reason="", by=town.unit_manager)
        assert Vacancy.objects.filter(seat=seat).exists()

    def test_a_seat_that_somebody_holds_or_will_hold_is_needed(self, town):
        seat = town.seats["unit_ombud"]
        with pytest.raises(AppointmentRefused, match="holds the seat"):
            appointing.say_whether_needed(seat=seat, reason="Nej", by=town.unit_manager)
        empty(town, "unit_ombud")
        later = today() + timedelta(days=3)
        appointing.appoint(seat=seat, person=make_user(town.municipality), valid_from=later, by=town.unit_manager)
        with pytest.raises(AppointmentRefused):
            appointing.say_whether_needed(seat=seat, reason="Nej", by=town.unit_manager)

    def test_where_the_rules_ask_for_one_in_every_unit_it_is_always_needed(self, town):
        """R205: every workplace has at least one."""
        empty(town, "unit_ombud")
        rules = town.municipality.rules(today())
        rules.settings = {"ombud_minimum": 1}
        rules.save()
        with pytest.raises(AppointmentRefused, match="rules"):
            appointing.say_whether_needed(seat=town.seats["unit_ombud"], reason="Nej", by=town.unit_manager)

    def test_only_who_appoints_says_so(self, town):
        empty(town, "unit_ombud")
        for role in ("employee", "other_manager", "unit_ombud"):
            with pytest.raises(NotAllowed):
                appointing.say_whether_needed(seat=town.seats["unit_ombud"], reason="Nej", by=town.people[role])


def test_two_municipalities_never_mix():
    """An administrator of one appoints to no seat of another."""
    town, other = make_municipality(), make_municipality("Grannby kommun")
    with pytest.raises(NotAllowed):
        appointing.appoint(
            seat=other.seats["head"],
            person=make_user(other.municipality),
            valid_from=today(),
            by=town.administrator,
        )


def test_may_appoint_to_many_seats_costs_no_more_than_to_one(town, django_assert_max_num_queries):
    seats = [town.seats["coordinator"]]
    with django_assert_max_num_queries(14):
        may_appoint_to(fresh(town.head), seats)
    seats += [make_seat(town.bodies["care-north"], SeatKind.OTHER, key=f"o{number}") for number in range(20)]
    with django_assert_max_num_queries(14):
        assert len(may_appoint_to(fresh(town.head), seats)) == 1
