"""Matters between chairs (R22): the safety unit's until a body has taken them over with a note."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.db.models import Q
from django.utils.translation import override

from notifications.models import OutboxMessage
from organisation import clock
from organisation.access import Scope
from organisation.errors import NotAllowed, WrongState
from organisation.matters import age_in_words, days_open, involved_bodies, matters_seen, may_take_over_for
from organisation.models import Appointment, CoordinationMatter, MatterState, MatterStatus
from organisation.services.matters import (
    MatterRefused,
    add_body,
    close_matter,
    note_on_matter,
    reopen_matter,
    take_over,
)
from organisation.transitions import MATTER
from organisation.vacancies import rebuild_vacancies
from tests.factories.groups import QUESTION, make_matter
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db

MAY_RAISE = (
    "unit_manager",
    "coordinator",
    "head",
    "other_manager",
    "chief_executive",
    "head_of_security",
    "safety_coordinator",
)
MAY_SEE = (*MAY_RAISE, "other_head", "committee_chair", "committee_member", "board_chair", "council_member")
MAY_NOT_SEE = ("employee", "unit_ombud", "safety_representative", "administrator", "group_leader", "outside_member")


@pytest.fixture
def town():
    return make_municipality()


def told_of(matter: CoordinationMatter) -> list[int]:
    sent = OutboxMessage.objects.filter(topic="mail", once_key__contains=f"matter-{matter.public_id}").order_by("pk")
    return [message.payload["person_id"] for message in sent]


def steps(matter: CoordinationMatter) -> list[tuple[str, str]]:
    return list(matter.statuses.order_by("at", "pk").values_list("from_state", "to_state"))


@pytest.mark.parametrize("role", MAY_RAISE)
def test_who_answers_for_a_body_and_the_safety_unit_raise_a_matter(town, role):
    matter = make_matter(town, by=getattr(town, role))
    assert (matter.question, matter.state, matter.raised_by) == (QUESTION, MatterState.OPEN, getattr(town, role))
    assert [body.name for body in involved_bodies(matter)] == ["Ängsgläntans hemtjänst", "Björkhagens förskola"]
    assert steps(matter) == [("", "open")]


@pytest.mark.parametrize("role", [*MAY_NOT_SEE, "committee_chair", "board_chair"])
def test_others_raise_none(town, role):
    with pytest.raises(NotAllowed):
        make_matter(town, by=getattr(town, role))
    assert not CoordinationMatter.objects.exists()


def test_nobody_puts_a_question_between_two_others(town):
    """One of the bodies is one's own."""
    with pytest.raises(NotAllowed):
        make_matter(town, "school-unit", "school-dept", by=town.unit_manager)


@pytest.mark.parametrize("bodies", [("care-north",), ("care-north", "care-north"), ("care-north", "care")])
def test_it_stands_between_two_bodies_that_somebody_answers_for(town, bodies):
    """One body, the same twice, and a committee, which decides in its meetings, are refused."""
    with pytest.raises(MatterRefused):
        make_matter(town, *bodies)
    assert not CoordinationMatter.objects.exists()


def test_another_municipalitys_body_is_refused(town):
    neighbour = make_municipality("Grannby kommun")
    town.bodies["theirs"] = neighbour.bodies["care-north"]
    with pytest.raises(MatterRefused):
        make_matter(town, "care-north", "theirs")


def test_the_same_form_twice_is_one_matter_and_one_mail_each(town):
    key = uuid.uuid4()
    assert make_matter(town, submission_key=key) == make_matter(town, submission_key=key)
    matter = CoordinationMatter.objects.get()
    assert told_of(matter) == [town.unit_manager.pk, town.other_manager.pk]


def test_whoever_answers_is_told_once_also_when_the_seat_is_empty_and_never_the_one_who_asks(town):
    Appointment.objects.filter(person=town.other_manager).update(valid_to=clock.today())
    rebuild_vacancies(town.municipality)
    matter = make_matter(town, "care-north", "school-unit", "school-dept", by=town.unit_manager)
    assert told_of(matter) == [town.other_head.pk]


def test_the_mail_tells_the_address_and_not_the_question(town):
    matter = make_matter(town)
    mail = OutboxMessage.objects.filter(topic="mail").first().payload
    assert str(matter.public_id) in mail["body"]
    assert QUESTION not in f"{mail['subject']} {mail['body']}"


def test_an_error_half_way_leaves_nothing(town):
    with (
        mock.patch("organisation.services.matters._tell_those_who_answer", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        make_matter(town)
    assert not CoordinationMatter.objects.exists()
    assert not MatterStatus.objects.exists()


def test_who_sees_it(town):
    matter = make_matter(town)
    seen = {role for role in (*MAY_SEE, *MAY_NOT_SEE) if matter in matters_seen(town.people[role])}
    assert seen == set(MAY_SEE)


def test_who_is_not_concerned_sees_nothing_of_it(town):
    """Two units of the care committee: the school's people do not see it; another municipality never."""
    matter = make_matter(town, "care-north", "care-south")
    neighbour = make_municipality("Grannby kommun")
    for person in (town.other_manager, town.other_head, neighbour.safety_coordinator, neighbour.board_chair):
        assert matter not in matters_seen(person)


def test_control_without_the_scope_the_school_would_see_it(town):
    matter = make_matter(town, "care-north", "care-south")
    with mock.patch.object(Scope, "condition", return_value=Q(pk__isnull=False)):
        assert matter in matters_seen(town.other_manager)


@pytest.mark.parametrize(("role", "body"), [("unit_manager", "care-north"), ("head", "care-north")])
def test_a_body_that_it_concerns_takes_it_over_with_a_note(town, role, body):
    matter = take_over(
        matter=make_matter(town), body=town.bodies[body], note="Vi låser från måndag.", by=getattr(town, role)
    )
    assert (matter.state, matter.taken_over_by) == (MatterState.TAKEN_OVER, town.bodies[body])
    last = matter.statuses.last()
    assert (last.by, last.body, last.note) == (getattr(town, role), town.bodies[body], "Vi låser från måndag.")


@pytest.mark.parametrize(
    ("role", "body"),
    [
        ("unit_manager", "school-unit"),
        ("unit_manager", "care-south"),
        ("head", "care-dept"),
        ("safety_coordinator", "care-north"),
        ("committee_chair", "care-north"),
        ("board_chair", "care-north"),
        ("unit_ombud", "care-north"),
    ],
)
def test_nobody_takes_it_over_for_others_or_for_a_body_that_it_does_not_concern(town, role, body):
    matter = make_matter(town)
    with pytest.raises(NotAllowed):
        take_over(matter=matter, body=town.bodies[body], note="x", by=getattr(town, role))
    matter.refresh_from_db()
    assert matter.is_open


def test_a_step_needs_its_note(town):
    matter = make_matter(town)
    for change in (
        lambda: take_over(matter=matter, body=town.bodies["care-north"], note=" ", by=town.unit_manager),
        lambda: close_matter(matter=matter, note="", by=town.safety_coordinator),
        lambda: note_on_matter(matter=matter, note="", by=town.safety_coordinator),
    ):
        with pytest.raises(MatterRefused):
            change()
    assert steps(matter) == [("", "open")]


def test_only_one_body_takes_it_over_and_the_same_step_twice_is_one(town):
    matter = make_matter(town)
    facts = {"matter": matter, "body": town.bodies["care-north"], "note": "Vi gör det.", "by": town.unit_manager}
    take_over(**facts)
    take_over(**facts)
    with pytest.raises(WrongState):
        take_over(matter=matter, body=town.bodies["school-unit"], note="Nej, vi.", by=town.other_manager)
    assert steps(matter) == [("", "open"), ("open", "taken_over")]


def test_those_it_concerns_and_the_safety_unit_write_notes(town):
    matter = make_matter(town)
    for role in ("unit_manager", "other_head", "head_of_security"):
        note_on_matter(matter=matter, note=f"Anteckning av {role}", by=getattr(town, role))
    note_on_matter(matter=matter, note="Anteckning av head_of_security", by=town.head_of_security)
    for role in ("committee_chair", "board_chair", "chief_executive", "employee"):
        with pytest.raises(NotAllowed):
            note_on_matter(matter=matter, note="x", by=getattr(town, role))
    assert len(steps(matter)) == 4


def test_the_safety_unit_adds_a_body_closes_and_opens_again(town):
    matter = make_matter(town)
    add_body(matter=matter, body=town.bodies["care-south"], note="Delar hall.", by=town.safety_coordinator)
    add_body(matter=matter, body=town.bodies["care-south"], note="Delar hall.", by=town.safety_coordinator)
    assert len(involved_bodies(matter)) == 3
    assert told_of(matter)[-1] == town.head.pk
    assert close_matter(matter=matter, note="Hallen är såld.", by=town.safety_coordinator).state == MatterState.CLOSED
    with pytest.raises(WrongState):
        add_body(matter=matter, body=town.bodies["care-dept"], by=town.safety_coordinator)
    opened = reopen_matter(matter=matter, note="Köpet gick tillbaka.", by=town.head_of_security)
    assert (opened.state, opened.settled_at) == (MatterState.OPEN, None)


@pytest.mark.parametrize("role", ["unit_manager", "head", "chief_executive", "board_chair", "administrator"])
def test_nobody_else_coordinates(town, role):
    matter, by = make_matter(town), getattr(town, role)
    for change in (
        lambda: add_body(matter=matter, body=town.bodies["care-south"], by=by),
        lambda: close_matter(matter=matter, note="x", by=by),
        lambda: reopen_matter(matter=matter, note="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            change()


@pytest.mark.parametrize("came_from", MatterState.values)
@pytest.mark.parametrize("wanted", MatterState.values)
def test_the_table_of_steps_holds(town, came_from, wanted):
    matter = make_matter(town)
    verbs = {
        MatterState.OPEN: lambda note: reopen_matter(matter=matter, note=note, by=town.safety_coordinator),
        MatterState.CLOSED: lambda note: close_matter(matter=matter, note=note, by=town.safety_coordinator),
        MatterState.TAKEN_OVER: lambda note: take_over(
            matter=matter, body=town.bodies["care-north"], note=note, by=town.unit_manager
        ),
    }
    if came_from != MatterState.OPEN:
        verbs[came_from]("Dit först.")
    if wanted in MATTER[came_from]:
        assert verbs[wanted]("Sedan hit.").state == wanted
    else:
        with pytest.raises(WrongState):
            verbs[wanted]("Sedan hit.")


def test_its_age_in_words(town):
    matter = make_matter(town)
    today = clock.today()
    CoordinationMatter.objects.update(raised_at=clock.now() - timedelta(days=47))
    matter.refresh_from_db()
    assert days_open(matter, today) == 47
    with override("en"):
        assert age_in_words(matter, today) == "open for 47 days"
    settled = close_matter(matter=matter, note="Klart.", by=town.safety_coordinator)
    assert days_open(settled, today + timedelta(days=10)) == 47


def test_a_right_that_ends_takes_the_take_over_along(town):
    matter = make_matter(town)
    assert may_take_over_for(town.unit_manager, matter) == [town.bodies["care-north"]]
    Appointment.objects.filter(person=town.unit_manager).update(valid_to=clock.today())
    town.unit_manager._scope = None
    assert may_take_over_for(town.unit_manager, matter) == []
