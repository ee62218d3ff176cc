"""Rights come from appointments in force today, and from nothing else."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType

from actionplans.models import Plan, PlanGrant
from organisation import access, clock
from organisation.access import Scope
from organisation.errors import NotAllowed
from organisation.models import Appointment, Body, BodyKind, SeatKind, User
from organisation.roles import ROLES, Reach, rights_of
from organisation.tree import place_body, rebuild_closure
from tests.factories.organisation import appoint, make_body, make_municipality, make_seat, make_user

pytestmark = pytest.mark.django_db

VIEW_RISK = "risks.view_risk"


@pytest.fixture
def town():
    return make_municipality()


def fresh(person: User) -> User:
    """The same person on the next request."""
    return User.objects.get(pk=person.pk)


def seen(person: User, permission: str = VIEW_RISK) -> set[str]:
    return set(Scope.of(fresh(person)).bodies(permission).values_list("key", flat=True))


def test_a_head_reaches_the_department_and_all_below(town):
    assert seen(town.head) == {"care-dept", "care-north", "care-south"}


def test_a_committee_reaches_its_own_authority_only(town):
    assert seen(town.committee_member) == {"care", "care-dept", "care-north", "care-south"}


def test_authorities_above_are_asked_for_when_such_a_right_is_used(town, django_assert_num_queries):
    person = fresh(town.head)
    with django_assert_num_queries(1):
        scope = Scope.of(person)
        assert scope.holds("actionplans.change_plan")
        assert not scope.holds("actionplans.decide_plan")
        assert "actionplans.change_plan" in set(scope.own)
    with django_assert_num_queries(1):
        assert scope.own["actionplans.change_plan"] == {town.bodies["care"].pk}
        assert scope.own["actionplans.view_plan"] == {town.bodies["care"].pk}


def test_the_council_reaches_nothing_below_by_parenthood(town):
    """Only oversight reaches across: below never crosses from one authority into another."""
    assert seen(town.chief_executive, "incidents.view_incident") == {"board", "office", "safety", "group"}


def test_oversight_reaches_the_whole_municipality_but_no_other(town):
    make_municipality("Grannby kommun")
    assert seen(town.board_member) == set(town.bodies)


def test_the_board_reads_no_case(town):
    for role in ("board_chair", "board_member", "board_secretary", "council_member"):
        assert not Scope.of(town.people[role]).holds("incidents.view_incident")


def test_an_ended_appointment_is_without_effect_on_the_next_request(town):
    assert seen(town.head)
    Appointment.objects.filter(person=town.head).update(valid_to=clock.today())
    assert seen(town.head) == set()


def test_an_appointment_that_has_not_begun_gives_nothing(town):
    person = make_user(town.municipality)
    appoint(person, town.seats["head"], valid_from=clock.today() + timedelta(days=1))
    assert seen(person) == set()


def test_a_closed_seat_gives_nothing(town):
    seat = town.seats["head"]
    seat.valid_to = clock.today()
    seat.save()
    assert seen(town.head) == set()


def test_an_inactive_person_and_a_stranger_hold_nothing(town):
    town.head.is_active = False
    assert not Scope.of(town.head).holds(VIEW_RISK)
    assert not Scope.of(AnonymousUser()).holds(VIEW_RISK)


def test_an_operator_without_municipality_sees_no_body(town):
    operator = User.objects.create_superuser("drift@example.se", "x" * 20, name="Drift Driftsson")
    assert not Scope.of(operator).bodies("organisation.view_body").exists()


def test_a_move_of_a_body_moves_rights_with_it(town):
    unit = town.bodies["care-north"]
    unit.placements.update(valid_to=clock.today())
    place_body(body=unit, parent=town.bodies["school-dept"], valid_from=clock.today())
    assert "care-north" not in seen(town.head)
    assert "care-north" in seen(town.other_head)


def test_a_closed_body_is_seen_by_those_who_took_over(town):
    unit = town.bodies["care-north"]
    unit.valid_to, unit.successor = clock.today(), town.bodies["school-unit"]
    unit.save()
    rebuild_closure(town.municipality)
    assert "care-north" in seen(town.other_manager)
    assert "care-north" not in seen(town.head)


@pytest.fixture
def merged(town):
    """The care committee's work has passed to the school committee."""
    care, school = town.bodies["care"], town.bodies["school"]
    care.valid_to, care.successor = clock.today(), school
    care.save()
    rebuild_closure(town.municipality)
    return care, school


def test_what_a_closed_body_left_is_its_successors_own(town, merged):
    """A right that reaches no further than its own body reaches what that body has taken over, for itself and below."""
    care, school = merged
    secretary = make_user(town.municipality)
    appoint(secretary, make_seat(school, SeatKind.SECRETARY))
    assert seen(secretary, "actionplans.record_decision") == {"care", "school"}
    assert fresh(secretary).has_perm("actionplans.record_decision", care)
    assert seen(town.other_head, "actionplans.change_plan") == {"care", "school"}
    assert secretary in access.holders_of("actionplans.record_decision", care)
    assert town.other_head in access.holders_of("actionplans.change_plan", care)


def test_control_a_closed_unit_below_is_not_the_committees_own(town, merged):
    _care, school = merged
    unit = town.bodies["school-unit"]
    unit.valid_to, unit.successor = clock.today(), town.bodies["school-dept"]
    unit.save()
    rebuild_closure(town.municipality)
    secretary = make_user(town.municipality)
    appoint(secretary, make_seat(school, SeatKind.SECRETARY))
    assert "school-unit" not in seen(secretary, "actionplans.record_decision")
    assert not fresh(secretary).has_perm("actionplans.record_decision", unit)
    assert "school-unit" in seen(secretary)


def test_has_perm_answers_by_the_same_code(town):
    north, south = town.bodies["care-north"], town.bodies["school-unit"]
    assert town.unit_manager.has_perm("incidents.handle_incident", north)
    assert not town.unit_manager.has_perm("incidents.handle_incident", south)


def test_require_raises_a_named_refusal(town):
    with pytest.raises(NotAllowed):
        access.require(town.employee, VIEW_RISK, town.bodies["care-north"])


def test_another_municipalitys_body_is_refused_even_to_the_whole_municipality_role(town):
    other = make_municipality("Grannby kommun")
    assert not Scope.of(town.safety_coordinator).allows(VIEW_RISK, other.bodies["care"])


def test_control_without_the_tenant_condition_the_neighbour_leaks(town, monkeypatch):
    """With the municipality taken out of the condition, the neighbour's bodies are seen: the test above can fail."""
    make_municipality("Grannby kommun")
    kept = Scope.condition
    monkeypatch.setattr(Scope, "condition", lambda self, permission, body="body": ~kept(self, "none.none", body))
    assert Scope.of(fresh(town.board_member)).bodies(VIEW_RISK).count() > len(town.bodies)


@pytest.fixture
def shared_plan(town):
    plan = Plan.objects.create(
        municipality=town.municipality,
        body=town.bodies["care"],
        year=2026,
        title="Plan",
        created_by=town.coordinator,
        created_at=clock.now(),
    )
    from django.contrib.auth.models import Permission

    permission, _created = Permission.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Plan), codename="view_plan", defaults={"name": "Can view plan"}
    )
    grant = PlanGrant.objects.create(
        user=town.other_head,
        permission=permission,
        content_object=plan,
        reason="Gemensam åtgärd",
        given_by=town.head,
        valid_from=clock.today(),
        valid_to=clock.today() + timedelta(days=7),
    )
    return plan, grant


def test_a_grant_shows_one_object_until_it_ends(town, shared_plan):
    plan, grant = shared_plan
    assert Plan.objects.visible_to(fresh(town.other_head)).filter(pk=plan.pk).exists()
    assert fresh(town.other_head).has_perm("actionplans.view_plan", plan)
    grant.valid_from, grant.valid_to = date(2026, 1, 1), clock.today()
    grant.save()
    assert not Plan.objects.visible_to(fresh(town.other_head)).filter(pk=plan.pk).exists()
    assert not fresh(town.other_head).has_perm("actionplans.view_plan", plan)


def test_every_right_in_the_policy_is_declared_by_an_app():
    import importlib

    declared = set()
    for app in ("organisation", "policies", "incidents", "risks", "actionplans", "followup"):
        module = importlib.import_module(f"{app}.permissions")
        declared |= {value for name, value in vars(module).items() if name.isupper()}
    used = {right.permission for kind in SeatKind for body in BodyKind for right in rights_of(kind, body)}
    assert used == declared


def test_every_kind_of_seat_has_a_policy():
    assert set(ROLES) == set(SeatKind)


def test_holders_of_a_permission_are_those_it_reaches(town):
    people = access.holders_of("incidents.handle_incident", town.bodies["care-north"])
    assert {person.name for person in people} == {"Maja Exempelsson", "Nils Påhittsson", "Sanna Låtsas"}


def test_closure_keeps_to_one_municipality(town):
    other = make_municipality("Grannby kommun")
    make_body(other.municipality, BodyKind.UNIT, "Grannenheten", other.bodies["care-dept"])
    rebuild_closure(other.municipality)
    assert Body.objects.filter(name="Grannenheten").count() == 1
    assert "Grannenheten" not in Scope.of(fresh(town.head)).bodies(VIEW_RISK).values_list("name", flat=True)


def test_reach_is_one_of_four():
    assert {right.reach for rights in ROLES.values() for right in rights} <= set(Reach)


def test_a_deputy_holds_the_seats_rights(town):
    deputy = make_user(town.municipality)
    appoint(deputy, make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER), is_deputy=True)
    assert seen(deputy) == {"care-south"}
