"""The municipality's fund for deductibles: balance, entries, deductibles paid once, never negative by oversight."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.errors import DeductibleRefused, FundWouldBeNegative, NoFund, OwnReport, ReasonMissing
from incidents.models import Claim, FundEntry, Withheld
from incidents.services import fund
from incidents.services.damage import ClaimValues, change_claim, open_claim
from incidents.services.fund import balance_of, enter, pay_deductible
from organisation import clock
from organisation.errors import DomainError, NotAllowed, WrongState
from tests.factories.incidents import report
from tests.factories.organisation import Town

As = Callable[[str], Client]
Kind = FundEntry.Kind


def paid_in(town: Town, amount_ore: int = 10_000_00, **more: Any) -> FundEntry:
    given: dict[str, Any] = {
        "municipality": town.municipality,
        "kind": Kind.CONTRIBUTION,
        "on": clock.today(),
        "amount_ore": amount_ore,
        "by": town.safety_coordinator,
        "submission_key": uuid.uuid4(),
    }
    return enter(**(given | more))


def claimed(town: Town, deductible_ore: int | None = 5_000_00, **more: Any) -> Claim:
    values = ClaimValues(insurer="Exempelförsäkring", deductible_ore=deductible_ore)
    return open_claim(incident=report(town, **more), values=values, by=town.head)


def paid(town: Town, claim: Claim, **more: Any) -> FundEntry:
    given: dict[str, Any] = {"claim": claim, "on": clock.today(), "submission_key": uuid.uuid4()}
    given["by"] = town.safety_coordinator
    return pay_deductible(**(given | more))


class TestEntries:
    def test_paid_in_out_and_corrected(self, town: Town) -> None:
        paid_in(town)
        paid_in(town, 2_000_00, kind=Kind.PREVENTION, note_text="Lås till förrådet")
        paid_in(town, -50, kind=Kind.CORRECTION, note_text="Avrundning")
        assert balance_of(town.municipality) == 7_999_50

    def test_the_same_form_twice_is_one_entry(self, town: Town) -> None:
        key = uuid.uuid4()
        assert paid_in(town, submission_key=key) == paid_in(town, submission_key=key)
        assert balance_of(town.municipality) == 10_000_00

    def test_never_negative_unless_said(self, town: Town) -> None:
        paid_in(town, 1_000_00)
        with pytest.raises(FundWouldBeNegative):
            paid_in(town, 1_000_01, kind=Kind.PREVENTION)
        paid_in(town, 1_000_01, kind=Kind.PREVENTION, below_zero=True)
        assert balance_of(town.municipality) == -1

    def test_control_without_the_check_it_goes_negative_in_silence(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fund, "balance_of", lambda _municipality: 10**12)
        paid_in(town, 1_00, kind=Kind.PREVENTION)
        assert balance_of(town.municipality) == -1_00

    def test_paying_into_a_negative_fund_is_always_possible(self, town: Town) -> None:
        paid_in(town, 5_00, kind=Kind.PREVENTION, below_zero=True)
        paid_in(town, 1_00)
        assert balance_of(town.municipality) == -4_00

    @pytest.mark.parametrize("role", ["unit_manager", "head", "board_chair", "chief_executive", "employee"])
    def test_kept_by_the_safety_unit_alone(self, town: Town, role: str) -> None:
        with pytest.raises(NotAllowed):
            paid_in(town, by=town.people[role])

    def test_not_into_another_municipalitys(self, town: Town, other_town: Town) -> None:
        with pytest.raises(NoFund):
            paid_in(town, municipality=other_town.municipality)

    @pytest.mark.parametrize(
        ("amount", "more"),
        [(0, {}), (-1, {}), (1, {"kind": Kind.DEDUCTIBLE}), (1, {"on": "tomorrow"}), (1, {"kind": Kind.CORRECTION})],
    )
    def test_what_is_refused(self, town: Town, amount: int, more: dict[str, Any]) -> None:
        if more.get("on"):
            more = {"on": clock.today() + timedelta(days=1)}
        with pytest.raises((DomainError, ReasonMissing, DeductibleRefused)):
            paid_in(town, amount, **more)
        assert not FundEntry.objects.exists()

    def test_a_municipality_without_a_fund(self, town: Town, as_: As) -> None:
        rules = town.municipality.rules(clock.today())
        rules.settings = {"deductible_fund": False}
        rules.save()
        with pytest.raises(NoFund):
            paid_in(town)
        client = as_("safety_coordinator")
        assert client.get(reverse("incidents:fund_entry")).status_code == 302
        assert client.get(reverse("incidents:fund")).status_code == 200


class TestDeductible:
    def test_it_is_paid_once(self, town: Town) -> None:
        paid_in(town)
        claim = claimed(town)
        entry = paid(town, claim)
        assert (entry.amount_ore, entry.kind, balance_of(town.municipality)) == (-5_000_00, "deductible", 5_000_00)
        assert claim.incident.label in entry.note
        with pytest.raises(DeductibleRefused):
            paid(town, claim)

    def test_the_same_form_twice_pays_once(self, town: Town) -> None:
        paid_in(town)
        claim, key = claimed(town), uuid.uuid4()
        assert paid(town, claim, submission_key=key) == paid(town, claim, submission_key=key)
        assert balance_of(town.municipality) == 5_000_00

    def test_not_an_unknown_one_nor_more_than_there_is(self, town: Town) -> None:
        with pytest.raises(DeductibleRefused):
            paid(town, claimed(town, None))
        with pytest.raises(FundWouldBeNegative):
            paid(town, claimed(town))
        assert not FundEntry.objects.exists()

    def test_a_paid_one_is_not_changed_in_the_claim(self, town: Town) -> None:
        paid_in(town)
        claim = claimed(town)
        paid(town, claim)
        with pytest.raises(WrongState):
            change_claim(claim=claim, values=ClaimValues(insurer="X", deductible_ore=1), by=town.head)

    def test_not_by_a_handler_who_does_not_keep_the_fund(self, town: Town) -> None:
        paid_in(town)
        with pytest.raises(NotAllowed):
            paid(town, claimed(town), by=town.head)

    def test_not_of_ones_own_report_nor_of_a_case_that_is_kept_from_one(self, town: Town) -> None:
        paid_in(town)
        with pytest.raises(OwnReport):
            paid(town, claimed(town, by="safety_coordinator"))
        claim = claimed(town)
        Withheld.objects.create(incident=claim.incident, person=town.safety_coordinator, at=clock.now())
        with pytest.raises(NotAllowed):
            paid(town, claim)

    def test_the_entry_outlives_the_case(self, town: Town) -> None:
        paid_in(town)
        claim = claimed(town)
        entry = paid(town, claim)
        claim.delete()
        entry.refresh_from_db()
        assert entry.claim is None
        assert balance_of(town.municipality) == 5_000_00


class TestPages:
    def test_the_board_reads_it_and_writes_nothing(self, town: Town, as_: As) -> None:
        paid_in(town, 1_234_500_00)
        html = as_("board_chair").get(reverse("incidents:fund")).content.decode()
        assert "1\xa0234\xa0500" in html
        assert reverse("incidents:fund_entry") not in html
        assert as_("board_chair").get(reverse("incidents:fund_entry")).status_code == 403
        assert as_("unit_manager").get(reverse("incidents:fund")).status_code == 403

    def test_an_entry_is_written_on_its_page_once(self, town: Town, as_: As) -> None:
        client = as_("safety_coordinator")
        address = reverse("incidents:fund_entry")
        key = client.get(address).context["form"]["submission_key"].value()
        data = {"submission_key": key, "kind": "contribution", "amount_ore": "1 000", "on": clock.today().isoformat()}
        for _time in range(2):
            assert client.post(address, data).status_code == 302
        assert balance_of(town.municipality) == 1_000_00

    def test_below_zero_is_asked_and_nothing_typed_is_lost(self, town: Town, as_: As) -> None:
        client = as_("safety_coordinator")
        address = reverse("incidents:fund_entry")
        data = {"kind": "prevention", "amount_ore": "70", "on": clock.today().isoformat(), "note": "Lås"}
        response = client.post(address, data)
        html = response.content.decode()
        assert response.status_code == 422
        assert 'name="below_zero"' in html
        assert 'value="Lås"' in html
        assert client.post(address, data | {"below_zero": "on"}).status_code == 302
        assert balance_of(town.municipality) == -70_00

    def test_a_correction_downwards_takes_a_note(self, town: Town, as_: As) -> None:
        paid_in(town)
        data = {"kind": "correction_down", "amount_ore": "7", "on": clock.today().isoformat()}
        assert as_("safety_coordinator").post(reverse("incidents:fund_entry"), data).status_code == 422
        as_("safety_coordinator").post(reverse("incidents:fund_entry"), data | {"note": "Dubbelt bokfört"})
        assert balance_of(town.municipality) == 9_993_00

    def test_a_deductible_is_paid_from_its_claim(self, town: Town, as_: As) -> None:
        paid_in(town)
        claim = claimed(town)
        address = reverse("incidents:claim_pay", args=[claim.public_id])
        assert as_("head").get(address).status_code == 403
        client = as_("safety_coordinator")
        assert "5\xa0000" in client.get(address).content.decode()
        assert client.post(address, {"on": clock.today().isoformat()}).status_code == 302
        assert balance_of(town.municipality) == 5_000_00
        html = client.get(reverse("incidents:fund")).content.decode()
        assert reverse("incidents:damage", args=[claim.incident.public_id]) in html
        # The board sees the number, and no way to a case that it does not read.
        assert reverse("incidents:damage", args=[claim.incident.public_id]) not in (
            as_("board_chair").get(reverse("incidents:fund")).content.decode()
        )

    def test_the_file_holds_every_entry_with_its_balance_and_no_formula(self, town: Town, as_: As) -> None:
        paid_in(town, 10_00, note_text="=1+1")
        paid_in(town, 4_50, kind=Kind.PREVENTION)
        response = as_("safety_coordinator").get(reverse("incidents:fund_csv"))
        lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
        assert lines[1].endswith("10,00;10,00;'=1+1")
        assert lines[2].endswith("-4,50;5,50;")

    def test_another_municipalitys_entries_are_not_here(self, town: Town, other_town: Town, as_: As) -> None:
        paid_in(other_town, 77_00, note_text="Grannens")
        assert "Grannens" not in as_("safety_coordinator").get(reverse("incidents:fund")).content.decode()

    def test_queries_do_not_grow_with_the_entries(
        self, town: Town, as_: As, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        for _time in range(30):
            paid_in(town, 1_00)
        paid_in(town)
        paid(town, claimed(town))
        client = as_("safety_coordinator")
        client.get(reverse("incidents:fund"))
        with django_assert_max_num_queries(12):
            html = client.get(reverse("incidents:fund")).content.decode()
        assert "?page=" in html
