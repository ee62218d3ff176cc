"""Logging, judging, editing and closing through the pages: also badly filled in, twice, and two at once."""

import re
import uuid
from typing import Any
from unittest import mock

import pytest
from django.urls import reverse

from organisation.errors import NotAllowed, StaleVersion, WrongState
from risks import services
from risks.errors import ReasonMissing
from risks.models import Risk, Scale, Serious, Stage
from tests.factories.organisation import make_municipality
from tests.factories.risks import consequences, make_ground, make_odd_scale, make_risk
from tests.reading import text_of


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def risk(town) -> Risk:
    return make_risk(town.unit_manager, town.bodies["care-north"], title="Ensamarbete på natten")


def address(name: str, risk: Risk) -> str:
    return reverse(f"risks:{name}", args=[risk.public_id])


def answers(town, **changed) -> dict[str, object]:
    """Return the fields of the form as a browser sends them."""
    return {
        "submission_key": str(uuid.uuid4()),
        "title": "Personal kan bli hotad i receptionen",
        "body": str(town.bodies["care-north"].public_id),
        "horizon": "existing",
        "likelihood": "4",
        "consequence_dimension-0": "4",
        "serious": "unknown",
        **changed,
    }


def edited(risk: Risk, **changed) -> dict[str, object]:
    return {
        "version": risk.version,
        "title": risk.title,
        "body": str(risk.body.public_id),
        "horizon": risk.horizon,
        "serious": risk.serious,
        "description": risk.description,
        **changed,
    }


def judged(risk: Risk, **changed) -> dict[str, object]:
    return {
        "version": risk.version,
        "submission_key": str(uuid.uuid4()),
        "stage": "after",
        "likelihood": "2",
        "consequence_dimension-0": "2",
        **changed,
    }


@pytest.mark.smoke
def test_a_risk_is_logged_on_one_page(client, town):
    client.force_login(town.unit_manager)
    response = client.post(reverse("risks:new"), answers(town), follow=True)
    risk = Risk.objects.get()
    assert response.redirect_chain[-1][0] == address("risk", risk)
    assert f"Risk {risk.label} is logged. The level is 16 Hög." in text_of(response)
    assert risk.assessments.get().persons_consequence == 4


def test_save_and_log_another_keeps_the_unit(client, town):
    client.force_login(town.head)
    response = client.post(reverse("risks:new"), answers(town, again="1"), follow=True)
    unit = town.bodies["care-north"]
    assert re.search(rf'value="{unit.public_id}"\s+selected', response.content.decode())


def test_the_form_asks_in_the_municipalitys_words_persons_first(client, town):
    client.force_login(town.unit_manager)
    page = client.get(reverse("risks:new")).content.decode()
    shown = text_of(client.get(reverse("risks:new")))
    assert page.index("Människor") < page.index("Verksamhet")
    for words in ("5 Mycket sannolik", "5 Mycket allvarlig", "Personlig säkerhet", "Persons weigh most."):
        assert words in shown
    assert "What is worth protecting" not in shown


def test_a_municipality_without_dimensions_is_asked_once(client, db):
    town = make_municipality()
    make_odd_scale(town.municipality)
    client.force_login(town.unit_manager)
    sent = answers(town, consequence="6", likelihood="3")
    assert client.post(reverse("risks:new"), sent).status_code == 302
    assert Risk.objects.get().cell_now == "3x6"


def test_a_case_is_filled_in_with_its_unit(client, town):
    case = make_ground(town.bodies["care-south"])
    client.force_login(town.head)
    page = client.get(reverse("risks:new"), {"incident": str(case.public_id)}).content.decode()
    assert case.label in page
    assert re.search(rf'value="{case.body.public_id}"\s+selected', page)
    client.post(reverse("risks:new"), answers(town, grounds=case.label.lower()))
    assert list(Risk.objects.get().incidents.all()) == [case]


@pytest.mark.parametrize("asked", [{"incident": "nonsense"}, {"body": "nonsense"}, {"incident": str(uuid.uuid4())}])
def test_an_address_that_somebody_typed_fills_in_nothing(client, town, asked):
    client.force_login(town.unit_manager)
    assert client.get(reverse("risks:new"), asked).status_code == 200


def test_a_case_that_the_person_may_not_see_is_not_filled_in_and_not_taken(client, town):
    case = make_ground(town.bodies["school-unit"])
    client.force_login(town.unit_manager)
    page = client.get(reverse("risks:new"), {"incident": str(case.public_id)}).content.decode()
    assert f'value="{case.label}"' not in page
    response = client.post(reverse("risks:new"), answers(town, grounds=case.label))
    assert response.status_code == 422
    assert not Risk.objects.exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"title": " "}, "Write what can happen."),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"body": ""}, "Choose a unit."),
        ({"body": "nonsense"}, "is not a valid"),
        ({"likelihood": ""}, "Choose how likely it is."),
        ({"likelihood": "6"}, "Select a valid choice"),
        ({"likelihood": "4.0"}, "Select a valid choice"),
        ({"consequence_dimension-0": ""}, "for at least one of the rows"),
        ({"consequence_dimension-0": "0"}, "Select a valid choice"),
        ({"serious": "maybe"}, "Select a valid choice"),
        ({"serious": ""}, "Answer yes, no or don't know."),
        ({"horizon": "never"}, "Select a valid choice"),
        ({"area": "no-such-area"}, "Select a valid choice"),
        ({"grounds": "H-2026-9999"}, "There is no case H-2026-9999 that you can see."),
        ({"grounds": "rubbish"}, "There is no case rubbish"),
        ({"grounds": ", ".join(f"H-2026-{number}" for number in range(30))}, "at most 20 case numbers"),
    ],
)
def test_bad_answers_are_named_and_the_good_ones_kept(client, town, changed, message):
    client.force_login(town.unit_manager)
    response = client.post(reverse("risks:new"), answers(town, description="Det här ska stå kvar", **changed))
    assert response.status_code == 422
    shown = text_of(response)
    assert message in shown
    assert "Det här ska stå kvar" in shown
    assert "Error:" in shown
    assert not Risk.objects.exists()


def test_another_units_body_is_no_choice(client, town, other_town):
    client.force_login(town.unit_manager)
    for body in (town.bodies["care-south"], town.bodies["school-unit"], other_town.bodies["care-north"]):
        assert client.post(reverse("risks:new"), answers(town, body=str(body.public_id))).status_code == 422
    assert not Risk.objects.exists()


def test_the_form_sent_twice_gives_one_risk_and_the_same_page(client, town):
    client.force_login(town.unit_manager)
    sent = answers(town)
    first, second = client.post(reverse("risks:new"), sent), client.post(reverse("risks:new"), sent)
    assert first["Location"] == second["Location"]
    assert Risk.objects.count() == 1


def test_two_forms_give_two_risks(client, town):
    """The control of the test above."""
    client.force_login(town.unit_manager)
    client.post(reverse("risks:new"), answers(town))
    client.post(reverse("risks:new"), answers(town))
    assert Risk.objects.count() == 2


def test_a_refusal_of_the_service_is_told_at_the_form(client, town):
    client.force_login(town.unit_manager)
    with mock.patch.object(Scale.objects.__class__, "for_risks", side_effect=[Scale.objects.get(), None]):
        response = client.post(reverse("risks:new"), answers(town))
    assert response.status_code == 422
    assert "no risk scale in force" in text_of(response)


def test_the_level_is_shown_while_answering(client, town):
    client.force_login(town.unit_manager)
    asked = {"likelihood": "1", "consequence_dimension-1": "5"}
    response = client.get(reverse("risks:level"), asked, headers={"HX-Request": "true"})
    assert "5 Hög" in text_of(response)
    assert "<html" not in response.content.decode()
    partly = client.get(reverse("risks:level"), {"likelihood": "9"}, headers={"HX-Request": "true"})
    assert "when you have answered" in text_of(partly)
    assert client.get(reverse("risks:level"), asked).status_code == 302


def test_a_new_judgement_moves_the_risk_and_keeps_the_old_one(client, town, risk):
    client.force_login(town.head)
    response = client.post(address("assess", risk), judged(risk, note="Larm på plats"), follow=True)
    risk.refresh_from_db()
    assert (risk.cell_before, risk.cell_now, risk.judged_after, risk.version) == ("4x3", "2x2", True, 2)
    assert risk.assessments.count() == 2
    assert "Larm på plats" in text_of(response)


def test_a_target_moves_nothing(client, town, risk):
    client.force_login(town.head)
    client.post(address("assess", risk), judged(risk, stage="target"))
    risk.refresh_from_db()
    assert (risk.cell_now, risk.judged_after) == ("4x3", False)
    assert "Target:" in text_of(client.get(address("risk", risk)))


def test_a_judgement_sent_twice_is_one(client, town, risk):
    client.force_login(town.head)
    sent = judged(risk)
    assert [client.post(address("assess", risk), sent).status_code for _time in range(2)] == [302, 302]
    assert risk.assessments.count() == 2


def test_a_judgement_on_a_risk_that_somebody_has_judged_meanwhile_shows_both(client, town, risk):
    sent = judged(risk, likelihood="5")
    services.assess_risk(
        risk=risk,
        stage=Stage.AFTER,
        likelihood=1,
        consequences=consequences(town.municipality, (2, 4)),
        by=town.head,
        expected_version=1,
    )
    client.force_login(town.unit_manager)
    response = client.post(address("assess", risk), sent)
    shown = text_of(response)
    assert response.status_code == 422
    assert "Someone else has changed this" in shown
    for words in ("Mycket osannolik", "Mycket sannolik", "Allvarlig", "Keep what was saved meanwhile"):
        assert words in shown
    assert risk.assessments.count() == 2
    again = sent | {"version": response.context["form"]["version"].value()}
    assert client.post(address("assess", risk), again).status_code == 302
    assert risk.assessments.count() == 3


def test_an_edit_is_saved_and_told_in_the_history(client, town, risk):
    client.force_login(town.head)
    sent = edited(risk, title="Ensamarbete dygnet runt", serious=Serious.YES)
    response = client.post(address("edit", risk), sent, follow=True)
    shown = text_of(response)
    assert "What can happen: “Ensamarbete på natten” became “Ensamarbete dygnet runt”" in shown
    assert "Serious risk (AFS): “Don't know” became “Yes”" in shown
    assert "Nils Påhittsson" in shown


def test_two_who_edit_at_once_see_both_versions_and_choose(client, town, risk):
    mine = edited(risk, title="Min rubrik")
    client.force_login(town.head)
    client.post(address("edit", risk), edited(risk, title="Deras rubrik", description="Deras text"))
    client.force_login(town.unit_manager)
    response = client.post(address("edit", risk), mine)
    shown = text_of(response)
    assert response.status_code == 422
    assert "Deras rubrik" in shown
    assert "Min rubrik" in shown
    assert "Deras text" in shown
    risk.refresh_from_db()
    assert risk.title == "Deras rubrik"
    again = mine | {"version": response.context["form"]["version"].value()}
    assert client.post(address("edit", risk), again).status_code == 302
    risk.refresh_from_db()
    assert risk.title == "Min rubrik"


def test_the_later_edit_would_win_silently_with_the_protection_off(client, town, risk):
    """The control of the test above."""
    mine = edited(risk, title="Min rubrik")
    client.force_login(town.head)
    client.post(address("edit", risk), edited(risk, title="Deras rubrik"))
    with mock.patch("risks.services.editing.refuse_stale"):
        assert client.post(address("edit", risk), mine).status_code == 302
    risk.refresh_from_db()
    assert risk.title == "Min rubrik"


def test_an_edit_sent_twice_is_no_conflict(client, town, risk):
    client.force_login(town.head)
    sent = edited(risk, title="Ny rubrik")
    assert [client.post(address("edit", risk), sent).status_code for _time in range(2)] == [302, 302]


def test_grounds_are_added_and_taken_away_and_those_unseen_are_kept(client, town):
    seen, added, unseen = (make_ground(town.bodies[key]) for key in ("care-north", "care-north", "school-unit"))
    risk = make_risk(town.safety_coordinator, town.bodies["care-north"], incidents=[seen, unseen])
    client.force_login(town.unit_manager)
    page = client.get(address("edit", risk)).content.decode()
    assert seen.label in page
    assert unseen.label not in page
    client.post(address("edit", risk), edited(risk, grounds=added.label))
    assert set(risk.incidents.all()) == {added, unseen}


def test_a_risk_moves_only_where_the_person_may_log(client, town, risk):
    client.force_login(town.unit_manager)
    away = edited(risk, body=str(town.bodies["care-south"].public_id))
    assert client.post(address("edit", risk), away).status_code == 422
    with pytest.raises(NotAllowed):
        services.edit_risk(
            risk=risk,
            body=town.bodies["care-south"],
            title=risk.title,
            area=None,
            protected_value=None,
            horizon=risk.horizon,
            serious=risk.serious,
            description="",
            incidents=[],
            by=town.unit_manager,
            expected_version=1,
        )
    client.force_login(town.head)
    assert client.post(address("edit", risk), away).status_code == 302
    risk.refresh_from_db()
    assert risk.body == town.bodies["care-south"]


def test_closing_takes_a_reason_leaves_the_list_and_can_be_undone(client, town, risk):
    client.force_login(town.unit_manager)
    assert client.post(address("close", risk), {"reason": " "}).status_code == 422
    client.post(address("close", risk), {"reason": "Receptionen är ombyggd"})
    assert risk.title not in text_of(client.get(reverse("risks:list")))
    shown = text_of(client.get(address("risk", risk)))
    assert "Receptionen är ombyggd" in shown
    assert "Judge anew" not in shown
    assert client.post(address("close", risk), {"reason": "Igen"}).status_code == 302
    assert client.post(address("edit", risk), edited(risk, version=2, title="Ändrad")).status_code == 422
    client.post(address("reopen", risk), {"reason": "Det hände igen"})
    assert risk.title in text_of(client.get(reverse("risks:list")))
    assert [row.reason for row in risk.statuses.all()] == ["", "Receptionen är ombyggd", "Det hände igen"]


def test_the_services_refuse_by_permission_state_and_version(town, risk):
    judgement: dict[str, Any] = {
        "stage": Stage.AFTER,
        "likelihood": 1,
        "consequences": consequences(town.municipality, 1),
    }
    with pytest.raises(NotAllowed):
        services.assess_risk(risk=risk, by=town.committee_member, expected_version=1, **judgement)
    with pytest.raises(NotAllowed):
        services.close_risk(risk=risk, reason="Borta", by=town.safety_representative)
    with pytest.raises(StaleVersion):
        services.assess_risk(risk=risk, by=town.head, expected_version=7, **judgement)
    with pytest.raises(WrongState):
        services.reopen_risk(risk=risk, reason="Öppen redan", by=town.head)
    with pytest.raises(ReasonMissing):
        services.close_risk(risk=risk, reason="  ", by=town.head)
    services.close_risk(risk=risk, reason="Borta", by=town.head)
    with pytest.raises(WrongState):
        services.assess_risk(risk=risk, by=town.head, expected_version=2, **judgement)
    with pytest.raises(WrongState):
        services.close_risk(risk=risk, reason="Igen", by=town.head)
    assert risk.assessments.count() == 1


def test_an_error_half_way_leaves_the_risk_as_it_was(town, risk):
    judgement: dict[str, Any] = {
        "stage": Stage.AFTER,
        "likelihood": 1,
        "consequences": consequences(town.municipality, 1),
    }
    halt = mock.Mock(side_effect=RuntimeError("half way"))
    with mock.patch("risks.services.judging.save", halt), mock.patch("risks.services.editing.save", halt):
        with pytest.raises(RuntimeError):
            services.assess_risk(risk=risk, by=town.head, expected_version=1, **judgement)
        with pytest.raises(RuntimeError):
            services.close_risk(risk=risk, reason="Borta", by=town.head)
    risk.refresh_from_db()
    assert (risk.assessments.count(), risk.statuses.count(), risk.state, risk.version) == (1, 1, "open", 1)
