"""A body ends and another takes over: what stood below it, employees, the union's areas; other seats end."""

from datetime import timedelta

import pytest

from organisation.errors import NotAllowed
from organisation.models import ALWAYS, Appointment, AreaBody, Body, BodyKind, Placement, Seat, SeatKind, Vacancy
from organisation.services.reorganising import ChangeRefused, DecisionMissing, close_body, move_body
from organisation.tree import rebuild_closure
from organisation.union.representatives import representatives_of
from tests.factories.organisation import appoint, make_body, make_municipality, make_order, make_seat, make_user
from tests.organisation.reorganising.reading import fresh, parent_on, refuse_broken, seen

pytestmark = pytest.mark.django_db


def close(town, body: str, successor: str, on=None, **words: object):
    words.setdefault("reference", "§ 12")
    return close_body(body=town.bodies[body], successor=town.bodies[successor], order=make_order(town, on, **words))


@pytest.fixture
def night_team(town):
    """A unit below a unit."""
    team = make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-north"], key="night")
    rebuild_closure(town.municipality)
    return team


def held(person, on, kind: str = SeatKind.EMPLOYEE) -> set[str]:
    """Keys of the bodies at which the person holds such a seat on the day."""
    seats = Appointment.objects.in_force(on).filter(person=person, seat__seat_type__kind=kind)
    return set(seats.values_list("seat__body__key", flat=True))


class TestBody:
    def test_it_ends_and_names_its_successor(self, town, today):
        close(town, "care-north", "care-south")
        body = fresh(town.bodies["care-north"])
        assert (body.valid_to, body.successor) == (today, town.bodies["care-south"])
        refuse_broken(town.municipality)

    def test_what_stood_below_it_stands_below_the_successor(self, town, today, last_month, night_team):
        close(town, "care-north", "care-south")
        assert (parent_on(night_team, last_month), parent_on(night_team, today)) == ("care-north", "care-south")
        refuse_broken(town.municipality)

    def test_so_does_what_was_to_stand_there_later(self, town, next_month, night_team):
        later = next_month + timedelta(days=30)
        move_body(body=night_team, parent=town.bodies["care-dept"], order=make_order(town))
        move_body(body=night_team, parent=town.bodies["care-north"], order=make_order(town, later))
        close(town, "care-north", "care-south", next_month)
        assert parent_on(night_team, later) == "care-south"
        refuse_broken(town.municipality)

    def test_its_own_later_moves_and_names_no_longer_happen(self, town, today, next_month):
        move_body(
            body=town.bodies["care-north"],
            parent=town.bodies["school-dept"],
            order=make_order(town, next_month, reference="§ 3"),
        )
        close(town, "care-north", "care-south")
        assert parent_on(town.bodies["care-north"], next_month) is None
        refuse_broken(town.municipality)

    def test_a_chain_of_successors(self, town, today, next_month, night_team):
        """What the first left goes on to the second's successor, on the days of each."""
        close(town, "care-north", "care-south")
        close(town, "care-south", "care-dept", next_month)
        assert (parent_on(night_team, today), parent_on(night_team, next_month)) == ("care-south", "care-dept")
        refuse_broken(town.municipality)

    def test_one_that_is_to_stand_there_after_the_successor_has_closed_too(self, town, today, next_month, night_team):
        later = next_month + timedelta(days=30)
        move_body(body=night_team, parent=town.bodies["care-dept"], order=make_order(town))
        move_body(body=night_team, parent=town.bodies["care-north"], order=make_order(town, later))
        close(town, "care-south", "school-unit", next_month)
        close(town, "care-north", "care-south")
        assert parent_on(night_team, later) == "school-unit"
        refuse_broken(town.municipality)

    def test_two_on_one_day_in_a_row_both_pass_to_the_last(self, town, today, night_team):
        close(town, "care-north", "care-south")
        close(town, "care-south", "care-dept")
        assert fresh(town.bodies["care-north"]).successor == town.bodies["care-dept"]
        assert parent_on(night_team, today) == "care-dept"
        assert held(town.employee, today) == {"care-dept"}
        refuse_broken(town.municipality)

    def test_on_one_day_only_into_what_may_take_over_from_both(self, town):
        """A company's work may pass to a committee, a unit's may not."""
        close(town, "care-north", "company")
        with pytest.raises(ChangeRefused) as refusal:
            close(town, "company", "school")
        assert refusal.value.field == "successor"


class TestSeats:
    def test_holders_of_other_seats_end_on_the_day(self, town, today):
        close(town, "care-north", "care-south")
        assert Appointment.objects.get(person=town.unit_manager).valid_to == today
        assert town.seats["unit_manager"].pk in Seat.objects.filter(valid_to=today).values_list("pk", flat=True)
        assert seen(town.unit_manager) == set()

    def test_what_was_to_begin_later_is_taken_back(self, town, next_month):
        person = make_user(town.municipality)
        later = appoint(person, town.seats["unit_manager"], valid_from=next_month, is_deputy=True)
        close(town, "care-north", "care-south")
        assert fresh(later).valid_to == next_month
        assert held(person, next_month, SeatKind.UNIT_MANAGER) == set()

    def test_an_ended_seat_is_no_vacancy(self, town):
        for seat_type in {seat.seat_type for seat in town.seats.values()}:
            seat_type.min_holders = 1
            seat_type.save()
        close(town, "care-north", "care-south")
        assert not Vacancy.objects.filter(seat__body=town.bodies["care-north"]).exists()
        assert Appointment.history.filter(person=town.unit_manager, history_type="~").exists()

    def test_a_seat_type_that_sits_at_this_very_body_sits_at_its_successor(self, town, today):
        seat_type = town.seats["head_of_security"].seat_type
        seat_type.sits_at = ["safety"]
        seat_type.save()
        close(town, "safety", "office")
        assert fresh(seat_type).sits_at == ["safety", "office"]
        assert Seat.objects.in_force(today).filter(seat_type=seat_type, body=town.bodies["office"]).exists()


class TestEmployees:
    def test_they_follow_to_the_successors_seat(self, town, today, last_month):
        make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE)
        close(town, "care-north", "care-south")
        assert (held(town.employee, last_month), held(town.employee, today)) == ({"care-north"}, {"care-south"})
        assert Appointment.objects.get(seat__body=town.bodies["care-south"]).history.count() == 1

    def test_a_successor_without_such_a_seat_gets_one(self, town, today):
        close(town, "care-north", "care-dept")
        assert held(town.employee, today) == {"care-dept"}

    def test_one_who_works_there_already_is_not_employed_twice(self, town, today, next_month):
        seat = make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE)
        appoint(town.employee, seat, valid_to=next_month)
        close(town, "care-north", "care-south")
        periods = Appointment.objects.filter(person=town.employee, seat=seat).values_list("valid_from", "valid_to")
        assert set(periods) == {(ALWAYS, next_month), (next_month, None)}

    def test_for_the_time_that_is_left(self, town, next_month):
        Appointment.objects.filter(person=town.employee).update(valid_to=next_month)
        close(town, "care-north", "care-south")
        assert Appointment.objects.get(person=town.employee, seat__body__key="care-south").valid_to == next_month

    def test_as_many_queries_for_many_as_for_few(self, town, django_assert_max_num_queries):
        for _number in range(40):
            appoint(make_user(town.municipality), town.seats["employee"])
        with django_assert_max_num_queries(140):
            close(town, "care-north", "care-south")
        assert Appointment.objects.filter(seat__body__key="care-south").count() == 41


class TestUnion:
    """The employer can't end the union's mandate (AML 6:2)."""

    def test_the_mandate_runs_on_and_its_area_is_the_successor(self, town, today, last_month):
        close(town, "care-north", "care-south")
        mandate = Appointment.objects.get(person=town.safety_representative)
        assert mandate.is_in_force(today)
        assert [one.person for one in representatives_of(town.bodies["care-south"], today)] == [
            town.safety_representative
        ]
        assert {"care-north", "care-south"} <= seen(town.safety_representative)
        assert mandate.area.in_force(last_month).get().body == town.bodies["care-north"]

    def test_an_area_that_the_union_gave_passes_on_for_the_time_that_is_left(self, town, today, next_month):
        mandate = Appointment.objects.get(person=town.safety_representative)
        for key, ends in (("care-north", next_month), ("school-unit", None)):
            AreaBody.objects.create(
                municipality=town.municipality, appointment=mandate, body=town.bodies[key], valid_to=ends
            )
        close(town, "care-north", "care-south")
        area = mandate.area.in_force(today).values_list("body__key", "valid_from", "valid_to")
        assert set(area) == {("care-south", today, next_month), ("school-unit", ALWAYS, None)}

    def test_a_body_that_is_in_the_area_already_is_not_given_twice(self, town, today):
        mandate = Appointment.objects.get(person=town.safety_representative)
        for key in ("care-north", "care-south"):
            AreaBody.objects.create(municipality=town.municipality, appointment=mandate, body=town.bodies[key])
        close(town, "care-north", "care-south")
        assert list(mandate.area.in_force(today).values_list("body__key", flat=True)) == ["care-south"]

    def test_a_mandate_that_has_ended_gets_no_area(self, town, today):
        Appointment.objects.filter(person=town.safety_representative).update(valid_to=today)
        close(town, "care-north", "care-south")
        assert not AreaBody.objects.exists()


class TestDays:
    def test_one_to_come_leaves_today_untouched(self, town, today, next_month, client, move_clock):
        close(town, "care-north", "care-south", next_month)
        assert "care-north" in seen(town.unit_manager)
        assert held(town.employee, today) == {"care-north"}
        assert not fresh(town.bodies["care-north"]).is_closed(today)
        refuse_broken(town.municipality)
        move_clock(next_month)
        client.force_login(fresh(town.head), backend="organisation.access.ScopeBackend")
        client.get("/livez")
        assert seen(town.unit_manager) == set()
        assert held(town.employee, next_month) == {"care-south"}
        refuse_broken(town.municipality)

    def test_a_past_day(self, town, last_month, night_team):
        close(town, "care-north", "care-south", last_month)
        assert Appointment.objects.get(person=town.unit_manager).valid_to == last_month
        refuse_broken(town.municipality)


class TestAcrossAuthorities:
    def test_a_unit_that_passes_to_another_authority_rests_on_a_decision(self, town):
        with pytest.raises(DecisionMissing):
            close(town, "care-north", "school-unit", reference="")
        assert close(town, "care-north", "school-unit").crosses_authorities

    def test_a_committee_is_an_authority_itself(self, town):
        with pytest.raises(DecisionMissing):
            close(town, "care", "school", reference="")
        assert close(town, "care", "school").crosses_authorities
        refuse_broken(town.municipality)

    def test_within_an_authority_none_is_needed(self, town):
        assert not close(town, "care-north", "care-south", reference="").crosses_authorities


class TestRefused:
    @pytest.mark.parametrize("body", ["council", "board"])
    def test_the_council_and_the_board_never_close(self, town, body):
        with pytest.raises(ChangeRefused):
            close(town, body, "care")

    @pytest.mark.parametrize(
        ("body", "successor"),
        [
            ("care-north", "care-north"),
            ("care-north", "care"),
            ("care-north", "group"),
            ("care", "council"),
            ("care", "care-dept"),
            ("care-dept", "care-north"),
        ],
    )
    def test_a_successor_that_can_not_take_over(self, town, body, successor):
        with pytest.raises(ChangeRefused) as refusal:
            close(town, body, successor)
        assert refusal.value.field == "successor"
        assert not Body.objects.filter(valid_to__isnull=False).exists()

    def test_one_that_is_closed_or_to_close(self, town, next_month):
        close(town, "care-north", "care-south", next_month)
        with pytest.raises(ChangeRefused):
            close(town, "care-north", "care-dept")

    def test_one_that_takes_over_from_another_on_a_later_day(self, town, next_month):
        close(town, "care-north", "care-south", next_month)
        with pytest.raises(ChangeRefused) as refusal:
            close(town, "care-south", "care-dept")
        assert refusal.value.field == "on"
        refuse_broken(town.municipality)

    def test_on_its_first_day(self, town, today):
        Body.objects.filter(key="care-north").update(valid_from=today)
        Placement.objects.filter(body__key="care-north").update(valid_from=today)
        with pytest.raises(ChangeRefused) as refusal:
            close(town, "care-north", "care-south")
        assert refusal.value.field == "on"

    def test_a_child_that_can_not_stand_below_the_successor(self, town):
        make_body(town.municipality, BodyKind.COMPANY, "Dotterbolaget AB", town.bodies["company"])
        rebuild_closure(town.municipality)
        with pytest.raises(ChangeRefused) as refusal:
            close(town, "company", "school-dept")
        assert refusal.value.field == "successor"

    def test_where_the_only_administrator_sits(self, town, next_month):
        """Nobody would be left who could appoint another."""
        with pytest.raises(ChangeRefused):
            close(town, "office", "care-dept", next_month)
        appoint(town.head, make_seat(town.bodies["care-dept"], SeatKind.ADMINISTRATOR))
        close(town, "office", "care-dept", next_month)

    def test_another_municipalitys_successor(self, town):
        other = make_municipality("Grannby kommun")
        with pytest.raises(ChangeRefused):
            close_body(body=town.bodies["care-north"], successor=other.bodies["care-north"], order=make_order(town))

    def test_by_others_than_the_administrator(self, town):
        with pytest.raises(NotAllowed):
            close(town, "care-north", "care-south", by=town.head)

    def test_nothing_is_written(self, town, monkeypatch):
        def fail(*_arguments: object, **_named: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("organisation.services.reorganising.change.refresh_vacancies", fail)
        with pytest.raises(RuntimeError):
            close(town, "care-north", "care-south")
        assert not Appointment.objects.filter(valid_to__isnull=False).exists()
        assert fresh(town.bodies["care-north"]).valid_to is None
