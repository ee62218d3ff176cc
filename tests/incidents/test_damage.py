"""Consequences on the municipality's own dimensions, the cost, and claims on the insurer (R24, R38, R84, R112)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.errors import ClaimRefused, OwnReport
from incidents.models import Claim, ClaimState, Incident, IncidentStatus
from incidents.services.damage import ClaimValues, Judged, change_claim, judge_consequences, open_claim
from organisation import clock
from organisation.errors import NotAllowed
from policies.models import Dimension
from tests.factories.incidents import report
from tests.factories.organisation import Town

As = Callable[[str], Client]
CLAIM = ClaimValues(insurer="Exempelförsäkring", state=ClaimState.TO_SEND, deductible_ore=5_000_00)


def make_dimensions(town: Town) -> list[Dimension]:
    names = ("Människor", "Verksamhet", "Egendom")
    return [
        Dimension.objects.create(
            municipality=town.municipality, key=name.lower(), name=name, position=place, about_persons=place == 0
        )
        for place, name in enumerate(names)
    ]


@pytest.fixture
def dimensions(town: Town) -> list[Dimension]:
    return make_dimensions(town)


@pytest.fixture
def case(town: Town) -> Incident:
    return report(town, kind="vandalism")


def page(row: Incident | Claim, name: str = "damage") -> str:
    return reverse(f"incidents:{name}", args=[row.public_id])


class TestConsequences:
    def test_the_cost_is_the_sum_of_what_is_known(
        self, town: Town, case: Incident, dimensions: list[Dimension]
    ) -> None:
        people, work, things = dimensions
        judged = {people: Judged(1), work: Judged(3, 1_000_00), things: Judged(4, 250_50)}
        judge_consequences(incident=case, judged=judged, by=town.unit_manager)
        case.refresh_from_db()
        assert case.cost_ore == 1_250_50
        assert case.statuses.filter(change=IncidentStatus.Change.CONSEQUENCE).count() == 1

    def test_unknown_is_not_nought(self, town: Town, case: Incident, dimensions: list[Dimension]) -> None:
        judge_consequences(incident=case, judged={dimensions[0]: Judged(5)}, by=town.unit_manager)
        case.refresh_from_db()
        assert case.cost_ore is None
        judge_consequences(incident=case, judged={dimensions[0]: Judged(5, 0)}, by=town.unit_manager)
        case.refresh_from_db()
        assert case.cost_ore == 0

    def test_a_judgement_is_taken_away(self, town: Town, case: Incident, dimensions: list[Dimension]) -> None:
        judge_consequences(incident=case, judged={dimensions[0]: Judged(5, 7_00)}, by=town.unit_manager)
        judge_consequences(incident=case, judged={dimensions[0]: None}, by=town.unit_manager)
        case.refresh_from_db()
        assert (case.cost_ore, case.consequences.count()) == (None, 0)

    def test_the_same_again_is_no_change(self, town: Town, case: Incident, dimensions: list[Dimension]) -> None:
        for _time in range(2):
            judge_consequences(incident=case, judged={dimensions[0]: Judged(2, 7_00)}, by=town.unit_manager)
        assert case.statuses.filter(change=IncidentStatus.Change.CONSEQUENCE).count() == 1
        assert case.consequences.get().history.count() == 1

    def test_the_safety_unit_keeps_it_too(self, town: Town, case: Incident, dimensions: list[Dimension]) -> None:
        judge_consequences(incident=case, judged={dimensions[0]: Judged(2)}, by=town.safety_coordinator)
        assert case.consequences.get().level == 2

    @pytest.mark.parametrize("role", ["employee", "safety_representative", "other_manager", "board_chair"])
    def test_nobody_else_does(self, town: Town, case: Incident, dimensions: list[Dimension], role: str) -> None:
        with pytest.raises(NotAllowed):
            judge_consequences(incident=case, judged={dimensions[0]: Judged(2)}, by=town.people[role])

    def test_nobody_in_their_own_report(self, town: Town, dimensions: list[Dimension]) -> None:
        own = report(town, by="unit_manager")
        with pytest.raises(OwnReport):
            judge_consequences(incident=own, judged={dimensions[0]: Judged(2)}, by=town.unit_manager)

    def test_not_in_another_municipalitys_dimension(self, town: Town, other_town: Town, case: Incident) -> None:
        theirs = make_dimensions(other_town)[0]
        with pytest.raises(NotAllowed):
            judge_consequences(incident=case, judged={theirs: Judged(2)}, by=town.unit_manager)

    def test_all_or_nothing(self, town: Town, other_town: Town, case: Incident, dimensions: list[Dimension]) -> None:
        judged = {dimensions[0]: Judged(2), make_dimensions(other_town)[0]: Judged(2)}
        with pytest.raises(NotAllowed):
            judge_consequences(incident=case, judged=judged, by=town.unit_manager)
        assert not case.consequences.exists()


class TestClaims:
    def test_it_is_opened_and_goes_on(self, town: Town, case: Incident) -> None:
        claim = open_claim(incident=case, values=CLAIM, by=town.safety_coordinator)
        today = clock.today()
        more: dict[str, Any] = {"number": "F-12"}
        more |= {"sent_on": today, "claimed_ore": 9_000_00, "decided_on": today, "paid_ore": 4_000_00}
        values = ClaimValues(insurer="Exempelförsäkring", state=ClaimState.ACCEPTED, deductible_ore=5_000_00, **more)
        claim = change_claim(claim=claim, values=values, by=town.unit_manager)
        assert (claim.state, claim.paid_ore) == ("accepted", 4_000_00)
        assert case.statuses.filter(change=IncidentStatus.Change.CLAIM).count() == 2

    def test_the_same_form_sent_twice_is_one_claim(self, town: Town, case: Incident) -> None:
        first = open_claim(incident=case, values=CLAIM, by=town.unit_manager)
        assert open_claim(incident=case, values=CLAIM, by=town.unit_manager) == first
        assert Claim.objects.count() == 1

    @pytest.mark.parametrize(("sent", "decided"), [(1, None), (-400, None), (0, -1)])
    def test_days_follow_each_other(self, town: Town, case: Incident, sent: int, decided: int | None) -> None:
        today = clock.today()
        values = ClaimValues(
            insurer="Exempelförsäkring",
            sent_on=today + timedelta(days=sent),
            decided_on=None if decided is None else today + timedelta(days=decided),
        )
        with pytest.raises(ClaimRefused):
            open_claim(incident=case, values=values, by=town.unit_manager)

    def test_not_by_others(self, town: Town, case: Incident) -> None:
        with pytest.raises(NotAllowed):
            open_claim(incident=case, values=CLAIM, by=town.safety_representative)


class TestPages:
    def test_it_is_filled_in_on_its_page(
        self, town: Town, case: Incident, dimensions: list[Dimension], as_: As
    ) -> None:
        things = dimensions[2]
        data = {f"level_{things.key}": "4", f"cost_{things.key}": "12 500,50"}
        assert as_("unit_manager").post(page(case), data).url == page(case)  # type: ignore[attr-defined]
        case.refresh_from_db()
        assert case.cost_ore == 12_500_50
        html = as_("unit_manager").get(page(case, "case")).content.decode()
        assert page(case) in html

    def test_a_cost_takes_a_level(self, town: Town, case: Incident, dimensions: list[Dimension], as_: As) -> None:
        response = as_("unit_manager").post(page(case), {f"cost_{dimensions[0].key}": "100"})
        assert response.status_code == 422
        assert 'value="100"' in response.content.decode()

    def test_dimensions_are_those_of_the_day_of_the_event(
        self, town: Town, case: Incident, dimensions: list[Dimension], as_: As
    ) -> None:
        Dimension.objects.filter(pk=dimensions[1].pk).update(valid_to=case.occurred_on - timedelta(days=1))
        html = as_("unit_manager").get(page(case)).content.decode()
        assert "Människor" in html
        assert "Verksamhet" not in html

    def test_a_municipality_without_dimensions_is_told_so(self, case: Incident, as_: As) -> None:
        assert as_("unit_manager").get(page(case)).status_code == 200

    def test_a_claim_is_kept_on_its_page(self, town: Town, case: Incident, as_: As) -> None:
        client = as_("safety_coordinator")
        data = {"insurer": "Exempelförsäkring", "state": "sent"}
        assert client.post(page(case, "claim_new"), data).status_code == 422
        data["sent_on"] = clock.today().isoformat()
        assert client.post(page(case, "claim_new"), data).status_code == 302
        claim = case.claims.get()
        address = page(claim, "claim")
        assert "Exempelförsäkring" in client.get(address).content.decode()
        assert client.post(address, data | {"number": "F-3"}).status_code == 302
        claim.refresh_from_db()
        assert claim.number == "F-3"

    def test_the_reporter_and_the_representative_see_no_costs(self, town: Town, case: Incident, as_: As) -> None:
        for role in ("employee", "safety_representative"):
            assert as_(role).get(page(case)).status_code == 403
            assert page(case) not in as_(role).get(page(case, "case")).content.decode()
