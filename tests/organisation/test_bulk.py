"""Many rows at once: as the ORM would have written them, each with its history, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from organisation.bulk import Signature, change_rows, create_rows
from organisation.database import reserve_ids
from organisation.models import Appointment, Body, BodyClosure, BodyKind, Headcount, User
from tests.factories.organisation import Town, make_municipality

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]

# After what the town itself has written.
AT = datetime(2099, 1, 1, 12, tzinfo=UTC)
# Everything that a COPY might stumble on, and a spreadsheet's formula.
ODD_NAMES = ["Åsa Öberg", "tab\there", "line\nend\r\n", r"back\slash \N \.", '"quoted", ; \'', "=1+1", "", "𝛼 – ½"]


@pytest.fixture
def town() -> Town:
    return make_municipality()


@pytest.fixture
def signed(town: Town) -> Signature:
    return Signature(by=town.administrator, reason="Because", at=AT)


def assert_history_is_the_rows(model: Any, ids: list[int], kind: str) -> None:
    """The last history row of each is what stands in its table."""
    history = model.history.model
    names = [field.attname for field in history.tracked_fields]
    for row in model._default_manager.filter(pk__in=ids):
        last = row.history.first()
        assert [getattr(last, name) for name in names] == [getattr(row, name) for name in names]
        assert (last.history_type, last.history_change_reason, last.history_date) == (kind, "Because", AT)


def test_new_people_stand_as_they_were_given(town: Town, signed: Signature) -> None:
    rows = [(f"p{number}@exempelby.example.se", name) for number, name in enumerate(ODD_NAMES)]
    ids = create_rows(
        User, ("email", "name"), rows, signed=signed, same={"municipality_id": town.municipality.pk, "password": "!"}
    )
    people = [User.objects.get(pk=pk) for pk in ids]
    assert [person.name for person in people] == ODD_NAMES
    assert len({person.public_id for person in people}) == len(ODD_NAMES)
    first = people[0]
    assert (first.is_active, first.is_staff, first.left_at, first.last_login) == (True, False, None, None)
    assert (first.external_id, first.municipality) == ("", town.municipality)
    assert first.date_joined is not None
    assert_history_is_the_rows(User, ids, "+")
    assert {row.history_user for row in User.history.filter(id__in=ids)} == {town.administrator}


def test_json_dates_and_references_between_new_rows(town: Town, signed: Signature) -> None:
    first, second = reserve_ids(Body, 2)
    rows = [
        ("gamla", "Gamla enheten", date(2026, 6, 1), second, ["Ä", {"rad": "a\tb\\n"}]),
        ("nya", "Nya enheten", None, None, []),
    ]
    columns = ("key", "name", "valid_to", "successor_id", "source")
    same = {"municipality_id": town.municipality.pk, "kind": BodyKind.UNIT}
    assert create_rows(Body, columns, rows, signed=signed, same=same, ids=[first, second]) == [first, second]
    old = Body.objects.get(key="gamla")
    assert (old.successor.key, old.source, old.details) == ("nya", ["Ä", {"rad": "a\tb\\n"}], {})
    assert len({body.report_code for body in Body.objects.filter(key__in=("gamla", "nya"))}) == 2
    assert_history_is_the_rows(Body, [first, second], "+")


def test_a_later_row_gets_an_id_of_its_own(town: Town, signed: Signature) -> None:
    same = {"municipality_id": town.municipality.pk, "body_id": town.bodies["care-north"].pk}
    rows = [(date(2026, month, 1), month) for month in (1, 2, 3)]
    ids = create_rows(Headcount, ("counted_on", "employees"), rows, signed=signed, same=same)
    later = Headcount.objects.create(counted_on=date(2026, 4, 1), employees=4, **same)
    assert later.pk not in ids
    assert [row.employees for row in Headcount.objects.order_by("counted_on")] == [1, 2, 3, 4]


def test_changed_rows_keep_what_is_not_named(town: Town, signed: Signature) -> None:
    person, other = town.employee, town.unit_manager
    email = person.email
    change_rows(
        User, ("name", "left_at"), {person.pk: ("Ny\tEfternamn", None), other.pk: ("Annan", None)}, signed=signed
    )
    person.refresh_from_db()
    assert (person.name, person.email, person.is_active) == ("Ny\tEfternamn", email, True)
    assert User.objects.get(pk=other.pk).name == "Annan"
    assert_history_is_the_rows(User, [person.pk, other.pk], "~")
    assert town.head.history.count() == 1


def test_dates_become_none_and_back(town: Town, signed: Signature) -> None:
    held = Appointment.objects.get(person=town.employee)
    for day in (date(2026, 12, 1), None):
        change_rows(Appointment, ("valid_to",), {held.pk: (day,)}, signed=signed)
        assert Appointment.objects.get(pk=held.pk).valid_to == day
    assert held.history.count() == 3


def test_rows_without_history_are_written_too(town: Town, signed: Signature) -> None:
    BodyClosure.objects.filter(municipality=town.municipality).delete()
    pairs = [(body.pk, body.pk) for body in town.bodies.values()]
    same = {"municipality_id": town.municipality.pk}
    create_rows(BodyClosure, ("ancestor_id", "descendant_id"), pairs, signed=signed, same=same)
    assert BodyClosure.objects.filter(municipality=town.municipality).count() == len(pairs)


def test_nothing_is_asked_for_nothing(town: Town, signed: Signature, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert create_rows(User, ("email",), [], signed=signed) == []
        change_rows(User, ("email",), {}, signed=signed)


def test_the_databases_own_rules_hold(town: Town, signed: Signature) -> None:
    rows = [("ny@exempelby.example.se", "Ny"), (town.employee.email, "Dubbel")]
    with pytest.raises(IntegrityError), transaction.atomic():
        create_rows(User, ("email", "name"), rows, signed=signed, same={"municipality_id": town.municipality.pk})
    assert not User.objects.filter(name="Ny").exists()
    assert not User.history.filter(name="Ny").exists()
