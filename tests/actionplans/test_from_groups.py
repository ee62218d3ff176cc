"""A group's action becomes a measure of a plan (R209, R210): prefilled, kept through versions, told on both pages."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from actionplans import services
from actionplans.models import Measure
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import GroupAction
from organisation.services.group_meetings import MeetingRefused, edit_meeting
from tests.factories import actionplans as plans
from tests.factories.groups import make_action, meeting_values
from tests.factories.organisation import make_municipality
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


def get(client, user, name: str, *args, **asked):
    client.force_login(user)
    return client.get(reverse(name, args=args), asked)


def sent(town, **changed) -> dict[str, str]:
    """Return what a browser sends of a measure's form."""
    answers = {
        "what": "Ny belysning i gångtunneln",
        "how": "Byts av gatuenheten.",
        "type": "prevent",
        "responsible": str(town.seats["unit_manager"].pk),
        "due_on_day": "31",
        "due_on_month": "3",
        "due_on_year": "2027",
        "resources-TOTAL_FORMS": "0",
        "resources-INITIAL_FORMS": "0",
    }
    return answers | changed


def test_it_is_offered_to_those_who_prepare_a_plan(client, town):
    action = make_action(town, seat=town.seats["unit_manager"])
    offer = reverse("actionplans:from_action", args=[action.public_id])
    for role, is_offered in (("safety_coordinator", True), ("group_leader", False), ("unit_manager", False)):
        page = get(client, town.people[role], "organisation:group_action", action.public_id).content.decode()
        assert (offer in page) is is_offered


def test_the_plans_that_can_be_changed_are_offered(client, town):
    action = make_action(town)
    draft = plans.make_plan(town, year=2028, title="Plan under arbete")
    plans.make_submitted(town, year=2027, title="Plan hos nämnden")
    shown = get(client, town.safety_coordinator, "actionplans:from_action", action.public_id)
    assert "Plan under arbete" in text_of(shown)
    assert "Plan hos nämnden" not in text_of(shown)
    assert f"{reverse('actionplans:measure_add', args=[draft.public_id])}?action={action.public_id}" in (
        shown.content.decode()
    )


def test_the_form_begins_with_the_actions_words_and_the_measure_keeps_where_it_came_from(client, town):
    action = make_action(town, what="Byt lamporna i gångtunneln", due_on=clock.today())
    plan = plans.make_plan(town)
    form = get(client, town.safety_coordinator, "actionplans:measure_add", plan.public_id, action=str(action.public_id))
    assert 'value="Byt lamporna i gångtunneln"' in form.content.decode()
    assert str(action.public_id) in form.content.decode()
    address = reverse("actionplans:measure_add", args=[plan.public_id])
    assert client.post(address, sent(town, from_action=str(action.public_id))).status_code == 302
    measure = Measure.objects.get()
    assert (measure.from_action, measure.what) == (action, "Ny belysning i gångtunneln")
    edit = reverse("actionplans:measure_edit", args=[measure.public_id])
    assert "Byt lamporna i gångtunneln" in text_of(client.get(edit))
    assert client.post(edit, sent(town, what="Bättre ljus", edit_count="0", from_action="")).status_code == 302
    measure.refresh_from_db()
    assert (measure.from_action, measure.what) == (action, "Bättre ljus")


def test_it_is_kept_through_versions_and_told_once_on_the_actions_page(client, town):
    action = make_action(town)
    plan = plans.make_plan(town, year=2027)
    plans.make_measure(town, plan, from_action=action)
    version = services.submit_plan(plan=plan, by=town.safety_coordinator)
    plans.decide(town, version, minutes_approved_on=clock.today())
    in_force = Measure.objects.get(version=version)
    services.edit_measure(
        measure=in_force,
        values=plans.measure_values(town, what="Ändrad i nästa version"),
        expected_edit_count=0,
        by=town.safety_coordinator,
    )
    assert set(Measure.objects.values_list("from_action", flat=True)) == {action.pk}
    shown = text_of(get(client, town.group_leader, "organisation:group_action", action.public_id))
    assert shown.count("Larm till personal i nattjänst") == 1
    assert "Ändrad i nästa version" not in shown
    page = get(client, town.group_leader, "organisation:group_action", action.public_id).content.decode()
    assert reverse("actionplans:measure", args=[in_force.public_id]) not in page
    page = get(client, town.safety_coordinator, "organisation:group_action", action.public_id).content.decode()
    assert reverse("actionplans:measure", args=[in_force.public_id]) in page


def test_a_draft_is_told_to_those_who_prepare_it_only(client, town):
    action = make_action(town)
    plans.make_measure(town, plans.make_plan(town), from_action=action)
    assert "Larm till personal" in text_of(
        get(client, town.safety_coordinator, "organisation:group_action", action.public_id)
    )
    assert "It has not become a measure" in text_of(
        get(client, town.group_leader, "organisation:group_action", action.public_id)
    )


def test_the_plan_and_the_measure_show_where_it_came_from(client, town):
    action = make_action(town)
    plan = plans.make_plan(town)
    plans.make_measure(town, plan, from_action=action)
    version = services.submit_plan(plan=plan, by=town.safety_coordinator)
    plans.decide(town, version, minutes_approved_on=clock.today())
    link = reverse("organisation:group_action", args=[action.public_id])
    measure = Measure.objects.get(version=version)
    for name, of in (("actionplans:plan", plan), ("actionplans:measure", measure)):
        assert link in get(client, town.safety_coordinator, name, of.public_id).content.decode()
        read = get(client, town.committee_chair, name, of.public_id)
        assert "Agreed on by Riskhanteringsgruppen" in text_of(read)
        assert link not in read.content.decode()


def test_nobody_makes_a_measure_of_an_action_that_they_do_not_see(client, town):
    action, plan = make_action(town), plans.make_plan(town)
    neighbour = make_municipality("Grannby kommun")
    theirs = make_action(neighbour)
    for by, made_of in ((town.head, action), (town.safety_coordinator, theirs)):
        with pytest.raises(NotAllowed):
            plans.make_measure(town, plan, by=by, from_action=made_of)
        asked = {"action": str(made_of.public_id)}
        page = get(client, by, "actionplans:measure_add", plan.public_id, **asked).content.decode()
        assert "Byt lamporna" not in page
    assert get(client, town.safety_coordinator, "actionplans:from_action", theirs.public_id).status_code == 404
    assert not Measure.objects.exists()


def test_notes_can_not_lose_an_action_that_has_become_a_measure(town):
    action = make_action(town)
    plans.make_measure(town, plans.make_plan(town), from_action=action)
    with pytest.raises(MeetingRefused, match="Byt lamporna"):
        edit_meeting(
            meeting=action.meeting,
            values=meeting_values(town, actions=()),
            expected_edit_count=0,
            by=town.group_leader,
        )
    assert GroupAction.objects.filter(pk=action.pk).exists()
    with pytest.raises(ProtectedError):
        action.delete()
