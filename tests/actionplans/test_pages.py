"""Who sees which page, what it shows, and that every flow completes by plain forms."""

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplans import services
from actionplans.models import Measure, Plan, PlanDecision, PlanVersion, VersionState
from actionplans.snapshot import content_of
from organisation import clock
from organisation.models import Decision, Outcome
from tests.factories.actionplans import (
    decide,
    make_in_force,
    make_measure,
    make_plan,
    make_submitted,
    measure_values,
    yesterday,
)
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.usefixtures("in_english")


def go(client, person, name, *args, data=None, **query):
    client.force_login(person)
    url = reverse(f"actionplans:{name}", args=args)
    return client.get(url, query) if data is None else client.post(url, data)


def hidden(response) -> dict[str, Any]:
    """The hidden fields of a page's form, as a browser would send them."""
    html = response.content.decode()
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = (value[1] if value else "").replace("&quot;", '"')
    return found


def dated(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


READERS = ("committee_chair", "committee_member", "committee_secretary", "board_member", "unit_manager", "head")


@pytest.mark.parametrize("role", READERS)
def test_a_submitted_plan_is_read_by_those_it_concerns(town, client, role):
    version = make_submitted(town)
    response = go(client, town.people[role], "plan", version.plan.public_id)
    assert response.status_code == 200
    assert "Åtgärd 1" in response.content.decode()


@pytest.mark.parametrize("role", ["employee", "other_head", "other_manager", "administrator"])
def test_a_plan_is_not_found_by_others(town, client, role):
    version = make_submitted(town)
    for name, args in (
        ("plan", version.plan.public_id),
        ("version", version.public_id),
        ("decide", version.plan.public_id),
    ):
        assert go(client, town.people[role], name, args).status_code == 404


def test_another_municipality_finds_nothing(town, client):
    other = make_municipality("Grannby kommun")
    version = make_submitted(town)
    measure = version.measures.all()[0]
    person = other.safety_coordinator
    for name in ("plan", "edit", "measure_add", "submit", "withdraw", "decide", "minutes"):
        assert go(client, person, name, version.plan.public_id).status_code == 404
    for name in ("measure_edit", "measure_remove", "measure_progress"):
        assert go(client, person, name, measure.public_id).status_code == 404
    assert go(client, person, "version", version.public_id).status_code == 404
    assert str(version.plan.public_id) not in go(client, person, "list").content.decode()


def test_elected_people_see_the_paper_and_nothing_to_change(town, client):
    version = make_submitted(town)
    page = go(client, town.committee_member, "plan", version.plan.public_id).content.decode()
    assert "Proposed decision" in page
    assert "/edit/" not in page
    assert "/decision/" not in page
    for name in ("edit", "measure_add", "submit", "withdraw", "decide", "minutes"):
        assert go(client, town.committee_member, name, version.plan.public_id).status_code == 403


def test_the_paper_shows_decision_numbers_matrix_columns_and_sum(town, client, risk):
    plan = make_plan(town, further_points="Förvaltningen redovisar effekten i oktober 2027.")
    make_measure(town, plan, risks=(risk,))
    version = services.submit_plan(plan=plan, by=town.coordinator)
    page = go(client, town.committee_member, "plan", plan.public_id).content.decode()
    for text in (
        "adopts the action plan for 2027",
        "310,000",
        "Förvaltningen redovisar effekten",
        "1 → 0",
        "1 risk comes to a lower level",
        "Maja Exempelsson",
        "Sum 2027",
        version.content_hash[:12],
    ):
        assert text in page.replace("\xa0", " "), text


def test_a_draft_is_shown_only_to_those_who_prepare_it(town, client):
    plan = make_plan(town)
    make_measure(town, plan, what="Hemligt utkast")
    version = plan.versions.get()
    assert "Hemligt utkast" in go(client, town.coordinator, "plan", plan.public_id).content.decode()
    page = go(client, town.committee_member, "plan", plan.public_id)
    assert "being prepared" in page.content.decode()
    assert "Hemligt" not in page.content.decode()
    assert go(client, town.committee_member, "version", version.public_id).status_code == 404
    listed = go(client, town.committee_member, "list").content.decode()
    assert "Being prepared" in listed


def test_the_list_shows_bodies_without_a_plan(town, client):
    version = make_in_force(town)
    response = go(client, town.board_member, "list")
    page = response.content.decode()
    assert "1 of 3 bodies has a plan in force for 2027" in page
    assert page.count("No plan yet") == 2
    assert "§ 139/2023" in page
    assert str(version.plan.public_id) in page


def test_the_list_is_closed_to_those_without_plans(town, client):
    assert go(client, town.employee, "list").status_code == 403


def test_an_unknown_year_and_cursor_give_the_newest_page(town, client):
    make_submitted(town)
    for query in ({"year": "1999"}, {"year": "x"}, {"page": "x"}):
        assert go(client, town.board_member, "list", **query).status_code == 200


def test_the_list_costs_the_same_with_many_plans(town, client):
    from organisation.models import BodyKind
    from organisation.tree import rebuild_closure
    from tests.factories.organisation import make_body

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("actionplans:list"))
        return len(queries)

    client.force_login(town.board_member)
    make_submitted(town)
    cost()
    few = cost()
    for number in range(20):
        name = f"Nämnd {number}"
        town.bodies[name] = make_body(town.municipality, BodyKind.COMMITTEE, name, town.bodies["council"])
    rebuild_closure(town.municipality)
    for number in range(20):
        make_plan(town, body=f"Nämnd {number}")
    assert cost() == few <= 12


def test_the_paper_costs_the_same_with_many_measures(town, client, risk):
    def cost(plan) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("actionplans:plan", args=[plan.public_id]))
        return len(queries)

    client.force_login(town.committee_member)
    small, large = make_in_force(town, measures=2), make_in_force(town, measures=12, year=2028, on=clock.today())
    cost(small.plan)
    assert cost(large.plan) == cost(small.plan)


def measure_answers(town, **changed):
    answers = {
        "what": "Två personer vid första hembesök",
        "how": "Schema och rutin",
        **dated("due_on", measure_values(town).due_on),
        "responsible": town.seats["unit_manager"].pk,
        "type": "prevent",
        "submission_key": str(uuid.uuid4()),
        "edit_count": "0",
        "resources-TOTAL_FORMS": "2",
        "resources-INITIAL_FORMS": "2",
        "resources-0-budget_year": "2027",
        "resources-0-money": "540 000",
        "resources-0-hours": "40",
        "resources-1-budget_year": "2027",
    }
    return answers | changed


def test_a_plan_is_begun_filled_submitted_decided_and_in_force_by_plain_forms(town, client, risk):
    person = town.coordinator
    go(client, person, "new", data={"body": town.bodies["care"].pk, "year": 2027, "title": "Plan 2027"})
    plan = Plan.objects.get()
    answers = measure_answers(town, risks=[str(risk.public_id)])
    for _sent in range(2):
        assert go(client, person, "measure_add", plan.public_id, data=answers).status_code == 302
    measure = Measure.objects.get()
    assert list(measure.resources.values_list("amount_ore", "hours")) == [(54_000_000, None), (None, 40)]
    assert list(measure.risks.all()) == [risk]
    check = go(client, person, "submit", plan.public_id)
    assert go(client, person, "submit", plan.public_id, data=hidden(check)).status_code == 302
    version = plan.versions.get()
    assert version.state == VersionState.SUBMITTED
    record(client, town, plan, Outcome.APPROVE)
    assert plan.versions.get().state == VersionState.PRELIMINARY
    approved = go(client, town.committee_secretary, "minutes", plan.public_id, data=dated("approved_on", clock.today()))
    assert approved.status_code == 302
    assert plan.versions.get().state == VersionState.IN_FORCE


def decision_answers(outcome, **changed):
    return {**dated("held_on", yesterday()), "outcome": outcome, "section": "139/2023", **changed}


def record(client, town, plan, outcome):
    form = go(client, town.committee_secretary, "decide", plan.public_id)
    answers = hidden(form) | decision_answers(outcome) | {"step": "check"}
    check = go(client, town.committee_secretary, "decide", plan.public_id, data=answers)
    assert "Check the decision" in check.content.decode()
    assert not Decision.objects.exists()
    answers = hidden(check) | {"step": "record"}
    recorded = [go(client, town.committee_secretary, "decide", plan.public_id, data=answers) for _sent in range(2)]
    assert [response.status_code for response in recorded] == [302, 302]
    assert Decision.objects.count() == 1


def test_recording_goes_over_a_check_page_and_twice_is_once(town, client):
    plan = make_submitted(town).plan
    record(client, town, plan, Outcome.REFER_BACK)
    assert plan.versions.get().state == VersionState.REFERRED_BACK


def test_the_check_page_lets_the_secretary_go_back_with_the_answers_kept(town, client):
    plan = make_submitted(town).plan
    form = go(client, town.committee_secretary, "decide", plan.public_id)
    answers = hidden(form) | decision_answers(Outcome.APPROVE) | {"step": "details"}
    back = go(client, town.committee_secretary, "decide", plan.public_id, data=answers)
    assert back.status_code == 200
    assert "139/2023" in back.content.decode()


def test_approve_with_changes_asks_for_them_and_records_the_next_version(town, client):
    version = make_submitted(town)
    plan, secretary = version.plan, town.committee_secretary
    form = go(client, secretary, "decide", plan.public_id)
    answers = hidden(form) | decision_answers(Outcome.APPROVE_WITH_CHANGES) | {"step": "check"}
    page = go(client, secretary, "decide", plan.public_id, data=answers)
    assert "What did the meeting change?" in page.content.decode()
    answers = hidden(page) | {"step": "check"}
    for place, measure in enumerate(version.measures.order_by("position")):
        answers |= {
            f"changes-{place}-what": measure.what,
            f"changes-{place}-how": measure.how,
            **dated(f"changes-{place}-due_on", measure.due_on),
            f"changes-{place}-responsible": measure.responsible_id,
            f"changes-{place}-money": "310000" if place else "120 000",
        }
    check = go(client, secretary, "decide", plan.public_id, data=answers)
    assert "The meeting's changes" in check.content.decode()
    assert "120,000" in check.content.decode()
    for _sent in range(2):
        sent = go(client, secretary, "decide", plan.public_id, data=hidden(check) | {"step": "record"})
        assert sent.status_code == 302
    tie = PlanDecision.objects.get()
    assert (tie.version.number, tie.version.based_on) == (2, version)
    assert content_of(tie.version).money_ore == {2027: 43_000_000}


def test_changes_that_change_nothing_are_asked_for_again(town, client):
    version = make_submitted(town, measures=1)
    plan, measure = version.plan, version.measures.get()
    form = go(client, town.committee_secretary, "decide", plan.public_id)
    answers = (
        hidden(form)
        | decision_answers(Outcome.APPROVE_WITH_CHANGES)
        | {
            "step": "check",
            "changes-TOTAL_FORMS": "1",
            "changes-INITIAL_FORMS": "1",
            "changes-0-key": str(measure.key),
            "changes-0-what": measure.what,
            "changes-0-how": measure.how,
            **dated("changes-0-due_on", measure.due_on),
            "changes-0-responsible": measure.responsible_id,
            "changes-0-money": "310000",
        }
    )
    page = go(client, town.committee_secretary, "decide", plan.public_id, data=answers)
    assert page.status_code == 422
    assert "State what the meeting changed" in page.content.decode()


def test_a_plan_changed_while_the_decision_form_was_open_is_refused_with_the_differences(town, client):
    version = make_submitted(town)
    plan = version.plan
    form = go(client, town.committee_secretary, "decide", plan.public_id)
    services.withdraw_plan(plan=plan, by=town.coordinator)
    make_measure(town, plan, what="Smög sig in")
    services.submit_plan(plan=plan, by=town.coordinator)
    answers = hidden(form) | decision_answers(Outcome.APPROVE) | {"step": "record"}
    response = go(client, town.committee_secretary, "decide", plan.public_id, data=answers)
    assert response.status_code == 422
    assert "Smög sig in: New measure" in response.content.decode()
    assert not Decision.objects.exists()


def test_a_plan_changed_while_the_check_page_was_open_is_not_submitted(town, client):
    plan = make_plan(town)
    make_measure(town, plan)
    check = go(client, town.coordinator, "submit", plan.public_id)
    make_measure(town, plan, what="Smög sig in")
    response = go(client, town.coordinator, "submit", plan.public_id, data=hidden(check))
    assert response.status_code == 422
    assert "Smög sig in: New measure" in response.content.decode()
    assert go(client, town.coordinator, "submit", plan.public_id, data=hidden(response)).status_code == 302


def test_an_edit_of_what_someone_else_saved_shows_both_and_lets_one_choose(town, client):
    plan = make_plan(town)
    measure = make_measure(town, plan)
    values = measure_values(town, what="Deras namn")
    services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.head)
    answers = measure_answers(town, what="Mitt namn")
    page = go(client, town.coordinator, "measure_edit", measure.public_id, data=answers)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Deras namn" in text
    assert "Mitt namn" in text
    answers["edit_count"] = hidden(page)["edit_count"]
    assert go(client, town.coordinator, "measure_edit", measure.public_id, data=answers).status_code == 302
    assert Measure.objects.get().what == "Mitt namn"


def test_bad_answers_are_said_and_kept(town, client):
    plan = make_plan(town)
    for wrong, said in (
        ({"due_on_day": "31", "due_on_month": "2"}, "real date"),
        ({"resources-0-money": "mycket"}, "Enter an amount in kronor"),
        ({"resources-0-budget_year": ""}, "Enter the budget year"),
        ({"responsible": town.seats["other_manager"].pk}, "Select a valid choice"),
        ({"what": "x" * 201}, "200"),
        (dated("starts_on", measure_values(town).due_on.replace(year=2028)), "before it starts"),
    ):
        page = go(client, town.coordinator, "measure_add", plan.public_id, data=measure_answers(town, **wrong))
        assert page.status_code == 422
        assert said in page.content.decode(), said
        assert "Schema och rutin" in page.content.decode()
    assert not Measure.objects.exists()


def test_the_same_plan_twice_is_refused_in_words(town, client):
    make_plan(town)
    data = {"body": town.bodies["care"].pk, "year": 2027, "title": "Igen"}
    page = go(client, town.coordinator, "new", data=data)
    assert page.status_code == 422
    assert "There is a plan" in page.content.decode()


def test_a_frozen_version_says_whether_it_is_unchanged(town, client):
    version = make_in_force(town)
    page = go(client, town.committee_member, "version", version.public_id).content.decode()
    assert "unchanged since it was submitted" in page
    assert version.content_hash in page.replace("<wbr>", "")
    PlanVersion.objects.filter(pk=version.pk).update(content=replace(content_of(version), title="Annan").to_json())
    page = go(client, town.committee_member, "version", version.public_id).content.decode()
    assert "not what was submitted" in page


def test_the_page_says_what_changed_since_the_version_before(town, client):
    version = make_in_force(town, measures=1)
    measure = version.measures.get()
    values = measure_values(town, what="Åtgärd 1", due_on=measure.due_on.replace(month=5))
    services.edit_measure(measure=measure, values=values, expected_edit_count=0, by=town.coordinator)
    page = go(client, town.coordinator, "plan", version.plan.public_id).content.decode()
    assert "Changed since version 1" in page
    assert "Åtgärd 1: When" in page
    assert "Version 1 is in force" in page
    assert "Åtgärd 1: When" not in go(client, town.committee_member, "plan", version.plan.public_id).content.decode()


def test_the_one_who_answers_notes_progress(town, client):
    measure = make_in_force(town).measures.all()[0]
    answers = {"state": "started", "note": "Upphandlat", "submission_key": str(uuid.uuid4())}
    for _sent in range(2):
        response = go(client, town.unit_manager, "measure_progress", measure.public_id, data=answers)
        assert response.status_code == 302
    page = go(client, town.unit_manager, "measure_progress", measure.public_id).content.decode()
    assert page.count("Upphandlat") == 1
    assert go(client, town.committee_chair, "measure_progress", measure.public_id).status_code == 403
    dropped = go(
        client,
        town.unit_manager,
        "measure_progress",
        measure.public_id,
        data=answers | {"state": "dropped", "note": ""},
    )
    assert dropped.status_code == 422


def test_progress_of_a_draft_leads_to_the_plan(town, client):
    measure = make_measure(town, make_plan(town))
    assert go(client, town.unit_manager, "measure_progress", measure.public_id).status_code == 302


def test_the_holder_of_a_seat_outside_the_line_sees_the_plan_that_gives_it_a_measure(town, client):
    plan = make_plan(town)
    make_measure(town, plan, responsible=town.seats["unit_ombud"])
    version = services.submit_plan(plan=plan, by=town.coordinator)
    assert go(client, town.unit_ombud, "plan", plan.public_id).status_code == 404
    decide(town, version, minutes_approved_on=clock.today())
    assert go(client, town.unit_ombud, "plan", plan.public_id).status_code == 200
    assert go(client, town.unit_ombud, "list").status_code == 200


def test_a_correction_is_shown_and_the_first_writing_kept(town, client):
    version = make_in_force(town)
    tie = version.decisions.get()
    page = go(client, town.committee_secretary, "correct", tie.public_id)
    assert page.status_code == 200
    go(client, town.committee_secretary, "correct", tie.public_id, data={"section": "140/2023"})
    shown = go(client, town.committee_member, "plan", version.plan.public_id).content.decode()
    assert "§ 140/2023" in shown
    assert "§ 139/2023" not in shown
    assert Decision.objects.count() == 2
    assert go(client, town.committee_member, "correct", tie.public_id).status_code == 403


def test_withdraw_and_remove_ask_first(town, client):
    version = make_submitted(town)
    page = go(client, town.coordinator, "withdraw", version.plan.public_id, data={"reason": ""})
    assert page.status_code == 422
    go(client, town.coordinator, "withdraw", version.plan.public_id, data={"reason": "Fel belopp"})
    measure = version.measures.all()[0]
    page = go(client, town.coordinator, "measure_remove", measure.public_id)
    assert page.status_code == 200
    go(client, town.coordinator, "measure_remove", measure.public_id, data=hidden(page))
    assert version.measures.count() == 1


def test_pages_without_anything_to_do_lead_back(town, client):
    plan = make_plan(town)
    assert go(client, town.committee_secretary, "minutes", plan.public_id).status_code == 302
    assert go(client, town.committee_secretary, "decide", plan.public_id).status_code == 302
    make_submitted(town, year=2028)
    submitted = Plan.objects.get(year=2028)
    assert go(client, town.coordinator, "submit", submitted.public_id).status_code == 302


def test_a_stranger_is_sent_to_log_in(town, client):
    plan = make_plan(town)
    response = client.get(reverse("actionplans:plan", args=[plan.public_id]))
    assert response.status_code == 302
    assert "login" in response["Location"]
