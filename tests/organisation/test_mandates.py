"""The union appoints and ends its representatives, and gives them any set of bodies; the employer is told."""

from datetime import date, timedelta

import pytest

from incidents.models import Incident
from notifications.models import OutboxMessage
from organisation import clock
from organisation.access import Scope
from organisation.errors import NotAllowed, WrongState
from organisation.models import Appointment, AreaBody, Mandate, Seat, SeatKind, SeatType, User
from organisation.services.appointing import AppointmentRefused, appoint, end_appointment
from organisation.services.mandates import MandateRefused, change_area, end_mandate, record_mandate
from organisation.tree import rebuild_closure
from organisation.union.representatives import mandate_at, representatives_of, those_told_of
from tests.factories.incidents import report
from tests.factories.organisation import make_municipality, make_user
from tests.factories.union import UNION, add_chief, give_area, mandate_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NOT_THE_UNIONS = (
    "head",
    "unit_manager",
    "coordinator",
    "safety_coordinator",
    "chief_executive",
    "safety_representative",
)


@pytest.fixture
def town():
    return make_municipality()


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def record(town, person=None, *, by="administrator", at="care-south", area=(), **changed) -> Mandate:
    values = {
        "person": person or make_user(town.municipality, "Sam Skyddsson"),
        "kind": SeatKind.SAFETY_REPRESENTATIVE,
        "at": town.bodies[at] if isinstance(at, str) else at,
        "area": [town.bodies[one] if isinstance(one, str) else one for one in area],
        "union": UNION,
        "notified_on": clock.today(),
        "valid_from": clock.today(),
        "by": fresh(town.people[by]),
    }
    return record_mandate(**(values | changed))


def area_of(person: User) -> set[str]:
    bodies = Scope.of(fresh(person)).bodies("incidents.view_incident")
    return set(bodies.values_list("key", flat=True))


def names(mandates) -> list[str]:
    return [one.person.name for one in mandates]


class TestRecording:
    def test_the_administrator_records_a_written_notice(self, town):
        mandate = record(town)
        assert (mandate.union, mandate.notified_on) == (UNION, clock.today())
        assert area_of(mandate.appointment.person) == {"care-south"}

    def test_the_chief_representative_records_for_the_union(self, town):
        add_chief(town)
        assert record(town, by="chief_safety_representative")

    def test_any_set_of_bodies_across_authorities_is_an_area(self, town):
        mandate = record(town, area=("care-south", "school-dept"))
        assert area_of(mandate.appointment.person) == {"care-south", "school-dept", "school-unit"}

    def test_areas_of_different_people_may_overlap(self, town):
        record(town, area=("care-dept",))
        assert names(representatives_of(town.bodies["care-north"], clock.today())) == ["Omar Påhittad", "Sam Skyddsson"]

    @pytest.mark.parametrize("role", NOT_THE_UNIONS)
    def test_the_employer_and_the_representatives_themselves_can_not(self, town, role):
        with pytest.raises(NotAllowed):
            record(town, by=role)
        assert not Mandate.objects.exists()

    @pytest.mark.parametrize("role", ["head", "unit_manager", "administrator", "chief_executive"])
    def test_nor_by_the_employers_own_way_of_appointing(self, town, role):
        seat, by = town.seats["safety_representative"], town.people[role]
        with pytest.raises(NotAllowed):
            appoint(seat=seat, person=town.employee, valid_from=clock.today(), by=by)
        with pytest.raises(NotAllowed):
            end_appointment(appointment=mandate_of(town.safety_representative), on=clock.today(), by=by)

    def test_the_same_notice_twice_is_one_mandate(self, town):
        person = make_user(town.municipality)
        assert record(town, person) == record(town, person)
        assert Mandate.objects.count() == 1

    def test_an_imported_representative_gets_the_unions_notice(self, town):
        held = mandate_of(town.safety_representative)
        values = {"at": "care-north", "area": ("care-dept",), "valid_from": held.valid_from}
        mandate = record(town, town.safety_representative, **values)
        assert mandate.appointment == held
        assert area_of(town.safety_representative) == {"care-dept", "care-north", "care-south"}
        with pytest.raises(MandateRefused):
            record(town, town.safety_representative, union="Ett annat förbund", **values)

    def test_a_seat_is_made_where_the_union_chose_a_place_without_one(self, town):
        mandate = record(town, at="school-unit")
        assert mandate.appointment.seat.body == town.bodies["school-unit"]
        assert Seat.objects.filter(body=town.bodies["school-unit"]).count() == 2

    def test_without_such_a_seat_type_it_is_said_what_to_do(self, town):
        with pytest.raises(MandateRefused, match="seat"):
            record(town, kind=SeatKind.CHIEF_SAFETY_REPRESENTATIVE)

    def test_no_other_kind_of_seat_comes_this_way(self, town):
        with pytest.raises(MandateRefused):
            record(town, kind=SeatKind.HEAD)

    @pytest.mark.parametrize(
        "changed",
        [
            {"union": " "},
            {"notified_on": clock.today() + timedelta(days=1)},
        ],
    )
    def test_a_notice_that_can_not_be_true_is_refused(self, town, changed):
        with pytest.raises(MandateRefused):
            record(town, **changed)

    def test_an_end_before_the_start_is_refused(self, town):
        with pytest.raises(AppointmentRefused):
            record(town, valid_to=in_days(-1))

    def test_bodies_of_another_municipality_and_closed_ones_are_refused(self, town):
        theirs = make_municipality("Grannby kommun").bodies["care"]
        with pytest.raises(MandateRefused):
            record(town, area=[theirs])
        with pytest.raises(NotAllowed):
            record(town, at=theirs)
        unit = town.bodies["care-north"]
        unit.valid_to, unit.successor = clock.today(), town.bodies["care-south"]
        unit.save()
        with pytest.raises(MandateRefused):
            record(town, area=("care-north",))

    def test_a_stranger_or_someone_who_has_left_is_refused(self, town):
        for person in (make_municipality("Grannby kommun").employee, make_user(town.municipality, is_active=False)):
            with pytest.raises(AppointmentRefused):
                record(town, person)

    def test_a_failure_half_way_leaves_nothing(self, town, monkeypatch):
        monkeypatch.setattr("organisation.services.mandates._mandate_of", lambda *_values: 1 / 0)
        before = Appointment.objects.count()
        with pytest.raises(ZeroDivisionError):
            record(town, area=("care-dept",))
        assert Appointment.objects.count() == before
        assert not AreaBody.objects.exists()


class TestChangingTheArea:
    def change(self, town, area, *, on=None, by="administrator", person=None, **changed):
        return change_area(
            appointment=mandate_of(person or town.safety_representative),
            area=[town.bodies[key] for key in area],
            on=on or clock.today(),
            union=UNION,
            notified_on=clock.today(),
            by=town.people[by],
            **changed,
        )

    def test_it_holds_from_its_day_on_the_next_request(self, town):
        self.change(town, ["care-south"])
        assert area_of(town.safety_representative) == {"care-south"}

    def test_until_a_later_day_the_seats_own_body_is_the_area(self, town, monkeypatch):
        self.change(town, ["care-south"], on=in_days(5))
        assert area_of(town.safety_representative) == {"care-north"}
        day = in_days(5)
        monkeypatch.setattr(clock, "today", lambda: day)
        assert area_of(town.safety_representative) == {"care-south"}

    def test_what_stays_keeps_its_days(self, town):
        self.change(town, ["care-south", "care-north"])
        self.change(town, ["care-south"], on=in_days(3))
        rows = AreaBody.objects.order_by("body__key", "valid_from").values_list("body__key", "valid_from", "valid_to")
        assert list(rows)[1:] == [("care-south", clock.today(), None)]
        assert rows[0][2] == in_days(3)

    def test_a_change_to_come_that_is_changed_again_never_begins(self, town):
        self.change(town, ["care-south"], on=in_days(5))
        self.change(town, ["school-unit"], on=in_days(4))
        assert not AreaBody.objects.in_force(in_days(6)).filter(body=town.bodies["care-south"]).exists()
        assert AreaBody.objects.in_force(in_days(6)).get().body == town.bodies["school-unit"]

    def test_the_union_is_recorded_where_it_was_not(self, town):
        self.change(town, ["care-south"])
        assert Mandate.objects.get().union == UNION

    @pytest.mark.parametrize("role", NOT_THE_UNIONS)
    def test_the_employer_can_not(self, town, role):
        with pytest.raises(NotAllowed):
            self.change(town, ["care-south"], by=role)

    def test_an_area_has_at_least_one_body_and_changes_within_the_mandate(self, town):
        with pytest.raises(MandateRefused):
            self.change(town, [])
        Appointment.objects.filter(person=town.safety_representative).update(valid_to=in_days(2))
        with pytest.raises(MandateRefused):
            self.change(town, ["care-south"], on=in_days(2))

    def test_no_other_seat_has_an_area(self, town):
        appointment = Appointment.objects.get(person=town.head)
        with pytest.raises(WrongState):
            change_area(
                appointment=appointment,
                area=[town.bodies["care"]],
                on=clock.today(),
                union=UNION,
                notified_on=clock.today(),
                by=town.administrator,
            )


class TestEnding:
    def end(self, town, **changed):
        values = {
            "appointment": mandate_of(town.safety_representative),
            "on": clock.today(),
            "notified_on": clock.today(),
            "union": UNION,
            "by": town.administrator,
        }
        return end_mandate(**(values | changed))

    def test_it_ends_every_right_on_the_next_request(self, town):
        case = report(town)
        assert Incident.objects.visible_to(fresh(town.safety_representative)).filter(pk=case.pk).exists()
        mandate = self.end(town)
        assert mandate.end_notified_on == clock.today()
        assert not Incident.objects.visible_to(fresh(town.safety_representative)).exists()

    @pytest.mark.parametrize("role", NOT_THE_UNIONS)
    def test_the_employer_can_not(self, town, role):
        with pytest.raises(NotAllowed):
            self.end(town, by=town.people[role])
        assert area_of(town.safety_representative)

    def test_only_once_and_the_same_notice_again_changes_nothing(self, town):
        assert self.end(town) == self.end(town)
        with pytest.raises(WrongState):
            self.end(town, on=in_days(3))

    def test_the_union_is_named(self, town):
        with pytest.raises(MandateRefused):
            self.end(town, union="")


class TestWhoStandsForABody:
    def test_by_area_and_not_by_the_seats_body(self, town):
        give_area(mandate_of(town.safety_representative), town.bodies["school-dept"])
        assert names(representatives_of(town.bodies["school-unit"], clock.today())) == ["Omar Påhittad"]
        assert names(representatives_of(town.bodies["care-north"], clock.today())) == []

    def test_on_the_days_that_the_area_lasts(self, town):
        give_area(
            mandate_of(town.safety_representative),
            town.bodies["school-dept"],
            valid_from=in_days(-9),
            valid_to=in_days(9),
        )
        unit = town.bodies["school-unit"]
        assert [bool(representatives_of(unit, in_days(days))) for days in (-10, -9, 8, 9)] == [False, True, True, False]

    def test_never_across_into_another_authority(self, town):
        give_area(mandate_of(town.safety_representative), town.bodies["council"])
        assert names(representatives_of(town.bodies["care-north"], clock.today())) == []

    def test_several_seats_of_one_person_are_one_representative(self, town):
        record(town, town.safety_representative, at="care-south", area=("care-dept",))
        assert names(representatives_of(town.bodies["care-north"], clock.today())) == ["Omar Påhittad"]

    def test_who_has_left_and_a_closed_seat_stand_for_nothing(self, town):
        Seat.objects.filter(pk=town.seats["safety_representative"].pk).update(valid_to=clock.today())
        assert not representatives_of(town.bodies["care-north"], clock.today())
        Seat.objects.filter(pk=town.seats["safety_representative"].pk).update(valid_to=None)
        User.objects.filter(pk=town.safety_representative.pk).update(is_active=False)
        assert not representatives_of(town.bodies["care-north"], clock.today())

    def test_the_area_follows_the_tree(self, town):
        unit = town.bodies["care-north"]
        give_area(mandate_of(town.safety_representative), town.bodies["school-dept"])
        unit.placements.update(parent=town.bodies["school-dept"])
        rebuild_closure(town.municipality)
        assert names(representatives_of(unit, clock.today())) == ["Omar Påhittad"]

    def test_a_mandate_at_a_body_is_the_one_by_which_a_person_speaks_there(self, town):
        day = clock.today()
        assert mandate_at(town.safety_representative, town.bodies["care-north"], day) == mandate_of(
            town.safety_representative
        )
        assert mandate_at(town.safety_representative, town.bodies["care-south"], day) is None
        assert mandate_at(town.unit_manager, town.bodies["care-north"], day) is None


class TestWhoIsTold:
    def test_the_areas_own_representative_and_not_the_chief(self, town):
        add_chief(town)
        assert names(those_told_of(town.bodies["care-north"], clock.today())) == ["Omar Påhittad"]

    def test_the_chief_where_the_area_has_none(self, town):
        add_chief(town, "care-dept", "school-dept")
        for key in ("care-south", "school-unit"):
            assert names(those_told_of(town.bodies[key], clock.today())) == ["Hilda Huvudsson"]
        assert names(those_told_of(town.bodies["office"], clock.today())) == []

    def test_a_report_where_there_is_none_is_told_to_the_chief_who_may_see_that_it_exists(self, town):
        chief = add_chief(town, "care-dept")
        case = report(town, at="care-south", by="unit_ombud")
        told = OutboxMessage.objects.filter(payload__person_id=chief.pk)
        assert [message.payload["body"].count(f"/incidents/{case.public_id}/") for message in told] == [1]
        assert Incident.objects.visible_to(fresh(chief)).filter(pk=case.pk).exists()
        assert not fresh(chief).has_perm("incidents.read_narrative", case)
        assert not OutboxMessage.objects.filter(payload__person_id=town.safety_representative.pk).exists()

    def test_a_report_tells_by_area_and_the_receipt_says_so(self, town, client):
        give_area(mandate_of(town.safety_representative), town.bodies["care-south"])
        add_chief(town)
        client.force_login(town.employee)
        case = report(town)
        page = client.get(f"/r/receipt/{case.public_id}/", headers={"accept-language": "en"}).content.decode()
        assert "Chief safety representative Hilda Huvudsson is told" in page
        assert "Omar" not in page


def test_every_kind_of_representative_is_refused_to_the_employer(town):
    SeatType.objects.create(
        municipality=town.municipality, key="hso", kind=SeatKind.CHIEF_SAFETY_REPRESENTATIVE, title="Huvudskyddsombud"
    )
    mandate = record(town, kind=SeatKind.CHIEF_SAFETY_REPRESENTATIVE, at="care")
    with pytest.raises(NotAllowed):
        end_appointment(appointment=mandate.appointment, on=clock.today(), by=town.administrator)
