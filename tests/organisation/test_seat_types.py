"""Kinds of seat: a rule that holds, the seats that follow from where they sit, and who may say so."""

from typing import Any

import pytest
from django.urls import reverse

from organisation import clock
from organisation.errors import NotAllowed, StaleVersion
from organisation.models import Appointment, BodyKind, Seat, SeatKind, SeatType, Vacancy
from organisation.services.seat_types import (
    SeatTypeRefused,
    SeatTypeValues,
    add_seat_type,
    change_seat_type,
    fingerprint,
)
from organisation.tree import rebuild_closure
from tests.factories.organisation import make_body, make_municipality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def town():
    return make_municipality()


def ombud(**changes) -> SeatTypeValues:
    said: dict[str, Any] = {"title": "Brandombud", "kind": SeatKind.OTHER, "sits_at": (BodyKind.UNIT,)}
    return SeatTypeValues(**said | {"min_holders": 1} | changes)


def as_it_is(row: SeatType, **changes) -> SeatTypeValues:
    said: dict[str, Any] = {
        "title": row.title,
        "kind": row.kind,
        "sits_at": tuple(row.sits_at),
        "min_holders": row.min_holders,
        "max_holders": row.max_holders,
        "appointed_by": row.appointed_by,
        "reports_to": row.reports_to,
        "falls_back_to": row.falls_back_to,
    }
    return SeatTypeValues(**said | changes)


def add(town, **changes) -> SeatType:
    return add_seat_type(municipality=town.municipality, values=ombud(**changes), by=town.administrator)


def change(town, row: SeatType, **changes) -> SeatType:
    row.refresh_from_db()
    return change_seat_type(
        seat_type=row, values=as_it_is(row, **changes), seen=fingerprint(row), by=town.administrator
    )


def standing(row: SeatType) -> set[str]:
    today = clock.today()
    return set(Seat.objects.in_force(today).filter(seat_type=row).values_list("body__key", flat=True))


class TestAdding:
    def test_every_body_of_the_kind_gets_a_seat_that_is_vacant(self, town):
        row = add(town)
        assert standing(row) == {"care-north", "care-south", "school-unit"}
        assert Vacancy.objects.filter(seat__seat_type=row).count() == 3
        assert row.key == "brandombud"
        seat = Seat.objects.filter(seat_type=row).first()
        assert seat.history.get().history_user == town.administrator

    def test_a_single_body_gets_one_by_its_key(self, town):
        assert standing(add(town, sits_at=("safety",))) == {"safety"}

    def test_where_needed_is_no_vacancy(self, town):
        """R131."""
        row = add(town, min_holders=0)
        assert not Vacancy.objects.filter(seat__seat_type=row).exists()

    def test_its_key_names_nothing_else(self, town):
        """A word that names an actor must name one only."""
        keys = [add(town, title=title).key for title in ("Board", "Care", "Brandombud", "Brandombud", "…")]
        assert keys == ["board-2", "care-2", "brandombud", "brandombud-2", "seat"]

    @pytest.mark.parametrize(
        "role", ["head", "head_of_security", "safety_coordinator", "chief_executive", "board_secretary"]
    )
    def test_only_the_administrator_does(self, town, role):
        with pytest.raises(NotAllowed):
            add_seat_type(municipality=town.municipality, values=ombud(), by=town.people[role])

    def test_another_municipalitys_administrator_does_not(self, town):
        other = make_municipality("Grannby kommun")
        with pytest.raises(NotAllowed):
            add_seat_type(municipality=town.municipality, values=ombud(), by=other.administrator)


class TestRefusals:
    @pytest.mark.parametrize(
        "changes",
        [
            {"min_holders": 3, "max_holders": 2},
            {"sits_at": ()},
            {"sits_at": ("unit-manager",)},
            {"sits_at": ("nowhere",)},
            {"appointed_by": "nobody"},
            {"reports_to_body": "nobody"},
        ],
    )
    def test_a_rule_that_can_not_hold_is_refused_and_nothing_is_written(self, town, changes):
        before = (SeatType.objects.count(), Seat.objects.count())
        with pytest.raises(SeatTypeRefused):
            add(town, **changes)
        assert (SeatType.objects.count(), Seat.objects.count()) == before

    def test_a_seat_that_appoints_to_itself(self, town):
        row = add(town)
        with pytest.raises(SeatTypeRefused):
            change(town, row, appointed_by=row.key)

    def test_seats_that_fall_back_on_each_other_in_a_circle(self, town):
        first = add(town, title="Ett")
        second = add(town, title="Två", falls_back_to=first)
        third = add(town, title="Tre", falls_back_to=second)
        for last in (first, second, third):
            with pytest.raises(SeatTypeRefused, match="circle"):
                change(town, first, falls_back_to=last)

    def test_another_municipalitys_seat_type(self, town):
        other = make_municipality("Grannby kommun").seats["head"].seat_type
        for field in ("falls_back_to", "reports_to"):
            with pytest.raises(SeatTypeRefused):
                add(town, **{field: other})

    @pytest.mark.parametrize(
        ("minimum", "tried", "refused"), [(1, 0, True), (1, 1, False), (0, 1, True), (None, 2, False)]
    )
    def test_a_units_ombud_follows_the_rules(self, town, minimum, tried, refused):
        """R131 against R205: how many a unit must have stands in the rules."""
        rules = town.municipality.rules(clock.today())
        rules.settings = {} if minimum is None else {"ombud_minimum": minimum}
        rules.save()
        row = town.seats["unit_ombud"].seat_type
        if refused:
            with pytest.raises(SeatTypeRefused, match="rules"):
                change(town, row, min_holders=tried)
        else:
            assert change(town, row, min_holders=tried).min_holders == tried

    def test_the_kind_is_never_changed(self, town):
        """It decides what the holders may do: a new title would hand out other rights."""
        with pytest.raises(SeatTypeRefused, match="kind"):
            change(town, town.seats["employee"].seat_type, kind=SeatKind.HEAD)

    def test_who_opened_an_older_rule_is_told(self, town):
        row = town.seats["unit_ombud"].seat_type
        seen = fingerprint(row)
        change(town, row, title="Trygghetsombud")
        with pytest.raises(StaleVersion):
            change_seat_type(seat_type=row, values=as_it_is(row), seen=seen, by=town.administrator)


class TestWhereItSits:
    def test_seats_are_made_and_ended_and_made_again(self, town):
        row = add(town)
        assert change(town, row, sits_at=(BodyKind.DEPARTMENT,))
        assert standing(row) == {"office", "care-dept", "school-dept"}
        # The same day, back again and away again: the seats that ended today are opened.
        for sits_at in ((BodyKind.UNIT,), (BodyKind.DEPARTMENT,), (BodyKind.UNIT, "safety")):
            change(town, row, sits_at=sits_at)
        assert standing(row) == {"care-north", "care-south", "school-unit", "safety"}
        assert Seat.objects.filter(seat_type=row).count() == 7
        assert Vacancy.objects.filter(seat__seat_type=row).count() == 4

    def test_a_seat_that_somebody_holds_does_not_end_by_a_rule(self, town):
        row = town.seats["unit_ombud"].seat_type
        with pytest.raises(SeatTypeRefused, match="Olle Ombudsson"):
            change(town, row, sits_at=(BodyKind.DEPARTMENT,))
        assert standing(row) == {"care-north"}
        Appointment.objects.filter(person=town.unit_ombud).update(valid_to=clock.today())
        change(town, row, sits_at=(BodyKind.DEPARTMENT,))
        assert "care-north" not in standing(row)

    def test_a_body_to_come_has_its_seat_from_its_first_day(self, town):
        day = clock.today().replace(year=clock.today().year + 1)
        make_body(town.municipality, BodyKind.UNIT, "Nya enheten", town.bodies["care-dept"], key="new", valid_from=day)
        rebuild_closure(town.municipality)
        row = add(town)
        assert Seat.objects.get(seat_type=row, body__key="new").valid_from == day
        for sits_at in ((BodyKind.DEPARTMENT,), (BodyKind.UNIT,)):
            change(town, row, sits_at=sits_at)
        assert Seat.objects.get(seat_type=row, body__key="new").valid_to is None

    def test_a_minimum_makes_and_ends_vacancies(self, town):
        row = add(town)
        change(town, row, min_holders=0)
        assert not Vacancy.objects.filter(seat__seat_type=row).exists()
        change(town, row, min_holders=2)
        assert set(Vacancy.objects.filter(seat__seat_type=row).values_list("missing", flat=True)) == {2}


class TestPages:
    def answers(self, **changes):
        said = {"title": "Brandombud", "kind": "other", "kinds": ["unit"], "min_holders": "1", "max_holders": ""}
        return said | changes

    def test_the_list_tells_every_rule(self, town, client):
        client.force_login(town.administrator)
        add(town)
        page = client.get(reverse("organisation:seat_types")).content.decode()
        for words in ("Brandombud", "Enhetschef", "Säkerhetsombud"):
            assert words in page
        assert (
            client.get(reverse("organisation:seat_type", args=[town.seats["head"].seat_type.public_id])).status_code
            == 200
        )

    def test_what_follows_is_shown_before_it_is_done(self, town, client):
        client.force_login(town.administrator)
        url = reverse("organisation:seat_type_new")
        checked = client.post(url, self.answers())
        assert checked.status_code == 200
        assert "Tallmons gruppboende" in checked.content.decode()
        assert not SeatType.objects.filter(title="Brandombud").exists()
        back = client.post(url, self.answers(step="answers"))
        assert 'value="Brandombud"' in back.content.decode()
        assert client.post(url, self.answers(step="save")).status_code == 302
        assert standing(SeatType.objects.get(title="Brandombud")) == {"care-north", "care-south", "school-unit"}

    def test_a_change_of_words_alone_is_done_at_once(self, town, client):
        client.force_login(town.administrator)
        row = add(town)
        url = reverse("organisation:seat_type", args=[row.public_id])
        answers = self.answers(title="Brandskyddsombud", seen=fingerprint(row))
        assert client.post(url, answers).status_code == 302
        row.refresh_from_db()
        assert (row.title, row.kind) == ("Brandskyddsombud", SeatKind.OTHER)

    def test_mistakes_are_told_and_answers_kept(self, town, client):
        client.force_login(town.administrator)
        page = client.post(reverse("organisation:seat_type_new"), self.answers(title="Unikt ord", min_holders="x"))
        assert page.status_code == 422
        assert "Unikt ord" in page.content.decode()
        refused = client.post(
            reverse("organisation:seat_type_new"), self.answers(min_holders="3", max_holders="2", step="save")
        )
        assert refused.status_code == 422
        assert 'class="govuk-error-summary' in refused.content.decode()

    def test_another_municipalitys_is_not_there(self, town, client):
        client.force_login(town.administrator)
        other = make_municipality("Grannby kommun").seats["head"].seat_type
        assert client.get(reverse("organisation:seat_type", args=[other.public_id])).status_code == 404
