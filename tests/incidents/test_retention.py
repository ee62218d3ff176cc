"""How long cases are kept: dated rules that cite their decision, and proposals put to whom the by-law names."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.disposal.due import due_cases, years_before
from incidents.errors import DecidedTooEarly, NothingToDispose, NotInProposal, ReasonMissing, RuleStandsAlready
from incidents.models import (
    Claim,
    ClaimState,
    ClockRule,
    Disclosure,
    DisposalItem,
    DisposalProposal,
    Incident,
    NoticeState,
    ProposalState,
    RetentionRule,
    StatutoryNotice,
)
from incidents.services import retaining
from incidents.tasks import propose_disposals
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import Ruleset, User
from tests.factories.incidents import report
from tests.factories.organisation import appoint
from tests.factories.retention import LONG_AGO, approve, close_on, closed_case, make_rule, years_ago

DECISION = {
    "kind": "threat",
    "keep_years": 10,
    "decided_on": date(2020, 2, 3),
    "paragraph": "14",
    "registry_number": "2020.3",
    "valid_from": date(2020, 3, 1),
}


def set_rule(town, *, by="archivist", **fields):
    said = DECISION | {"decided_by": town.bodies["council"], "municipality": town.municipality} | fields
    return retaining.set_retention(by=town.people[by], **said)


def propose(town, body="care", by="archivist"):
    return retaining.propose_disposal(authority=town.bodies[body], by=town.people[by])


def items(proposal):
    return dict(proposal.items.values_list("label", "kept_reason"))


class TestRules:
    def test_a_rule_cites_its_decision(self, town):
        rule = set_rule(town)
        assert (rule.keep_years, rule.paragraph, rule.decided_by) == (10, "14", town.bodies["council"])

    def test_a_newer_rule_ends_the_one_before(self, town):
        first = set_rule(town)
        second = set_rule(town, keep_years=None, valid_from=date(2024, 1, 1))
        first.refresh_from_db()
        assert first.valid_to == date(2024, 1, 1) == second.valid_from
        assert list(RetentionRule.objects.in_force(date(2023, 12, 31))) == [first]

    def test_the_same_rule_twice_is_one(self, town):
        assert set_rule(town) == set_rule(town)

    def test_a_rule_is_not_put_in_before_a_later_one(self, town):
        set_rule(town)
        with pytest.raises(RuleStandsAlready):
            set_rule(town, valid_from=date(2019, 1, 1))
        assert RetentionRule.objects.count() == 1

    def test_only_who_proposes_records_rules(self, town, other_town):
        for by in ("committee_secretary", "head", "safety_coordinator"):
            with pytest.raises(NotAllowed):
                set_rule(town, by=by)
        with pytest.raises(NotAllowed):
            set_rule(town, decided_by=other_town.bodies["council"])


class TestCalendar:
    @pytest.mark.parametrize(
        ("day", "years", "latest"),
        [
            (date(2026, 1, 7), 5, date(2021, 1, 7)),
            (date(2028, 2, 29), 1, date(2027, 2, 28)),
            # Closed on 29 February 2028, kept for a year: that has passed on 1 March 2029, not the day before.
            (date(2029, 2, 28), 1, date(2028, 2, 28)),
            (date(2029, 3, 1), 1, date(2028, 3, 1)),
        ],
    )
    def test_years_are_counted_by_the_calendar(self, day, years, latest):
        assert years_before(day, years) == latest

    def test_a_case_is_due_on_its_anniversary_and_not_the_day_before(self, town):
        make_rule(town, years=5)
        due = closed_case(town, years_ago(5))
        closed_case(town, years_ago(5, days=1))
        assert [one.case for one in due_cases(town.bodies["care"], clock.today())] == [due]

    def test_the_day_is_the_municipalitys(self, town):
        """Closed at half past midnight here, which is the day before in universal time."""
        make_rule(town, years=5)
        case = closed_case(town)
        day = years_ago(5, days=1)
        late = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 0, 30))
        Incident.objects.filter(pk=case.pk).update(closed_at=late)
        assert not list(due_cases(town.bodies["care"], clock.today()))


class TestWhatIsDue:
    def test_each_kind_follows_its_own_rule_and_others_the_general_one(self, town):
        general, own = make_rule(town, years=5), make_rule(town, kind="violence", years=30)
        threat, violence = closed_case(town), closed_case(town, kind="violence")
        due = {one.case: one.rule for one in due_cases(town.bodies["care"], clock.today())}
        assert due == {threat: general}
        own.keep_years = 1
        own.save()
        due = {one.case: one.rule for one in due_cases(town.bodies["care"], clock.today())}
        assert due == {threat: general, violence: own}

    def test_what_is_kept_for_ever_is_never_due(self, town):
        make_rule(town, years=1)
        make_rule(town, kind="threat", years=None)
        closed_case(town)
        assert not list(due_cases(town.bodies["care"], clock.today()))

    def test_without_a_rule_nothing_is_due(self, town):
        make_rule(town, kind="violence", years=1)
        closed_case(town)
        assert not list(due_cases(town.bodies["care"], clock.today()))

    def test_an_open_case_is_never_due(self, town):
        make_rule(town)
        report(town)
        assert not list(due_cases(town.bodies["care"], clock.today()))

    def test_another_authoritys_cases_stay_with_it(self, town):
        make_rule(town)
        closed_case(town, at="school-unit", by="other_manager")
        assert not list(due_cases(town.bodies["care"], clock.today()))
        assert len(list(due_cases(town.bodies["school"], clock.today()))) == 1

    def test_a_merged_case_follows_its_target(self, town):
        rule = make_rule(town, kind="threat")
        target = closed_case(town)
        merged = closed_case(town, kind="violence", closed_on=years_ago(1))
        Incident.objects.filter(pk=merged.pk).update(merged_into=target)
        due = {one.case: (one.rule, one.closed_on) for one in due_cases(town.bodies["care"], clock.today())}
        assert due == {target: (rule, LONG_AGO), merged: (rule, LONG_AGO)}
        close_on(target, years_ago(1))
        assert not list(due_cases(town.bodies["care"], clock.today()))


@pytest.fixture
def old(town):
    make_rule(town)
    return closed_case(town)


class TestWhatMustWait:
    def test_an_open_claim(self, town, old):
        Claim.objects.create(municipality=town.municipality, incident=old, insurer="Ett bolag", state=ClaimState.SENT)
        other = closed_case(town)
        kept = items(propose(town))
        assert kept[old.label]
        assert kept[other.label] == ""

    def test_a_settled_claim_does_not_keep_it(self, town, old):
        Claim.objects.create(municipality=town.municipality, incident=old, insurer="B", state=ClaimState.ACCEPTED)
        assert items(propose(town)) == {old.label: ""}

    def test_an_open_notice(self, town, old):
        rule = ClockRule.objects.create(municipality=town.municipality, key="en-klocka")
        StatutoryNotice.objects.create(
            municipality=town.municipality, incident=old, rule=rule, state=NoticeState.DUE, started_at=clock.now()
        )
        closed_case(town)
        assert items(propose(town))[old.label]

    def test_a_late_disclosure_and_only_a_late_one(self, town, old):
        made = Disclosure.objects.create(
            municipality=town.municipality,
            incident=old,
            asked_on=clock.today(),
            outcome=Disclosure.Outcome.REFUSED,
            decided_by=town.head,
            decided_title="Förvaltningschef",
            decided_at=clock.now() - timedelta(days=80),
            submission_key=old.submission_key,
        )
        other = closed_case(town)
        proposal = propose(town)
        assert {label: bool(why) for label, why in items(proposal).items()} == {old.label: True, other.label: False}
        proposal.delete()
        Disclosure.objects.filter(pk=made.pk).update(decided_at=clock.now() - timedelta(days=100))
        assert not any(items(propose(town)).values())

    def test_what_the_target_waits_for_the_merged_case_waits_for(self, town, old):
        merged, other = closed_case(town), closed_case(town)
        Incident.objects.filter(pk=merged.pk).update(merged_into=old)
        Claim.objects.create(municipality=town.municipality, incident=merged, insurer="B", state=ClaimState.SENT)
        kept = items(propose(town))
        assert kept[old.label]
        assert kept[merged.label]
        assert not kept[other.label]

    def test_when_all_must_wait_nothing_is_proposed(self, town, old):
        Claim.objects.create(municipality=town.municipality, incident=old, insurer="B", state=ClaimState.SENT)
        with pytest.raises(NothingToDispose):
            propose(town)
        assert not DisposalProposal.objects.exists()


class TestProposing:
    def test_the_secretary_is_asked_by_a_mail_that_names_no_case(self, town, old):
        proposal = propose(town)
        assert (proposal.state, proposal.approver) == (ProposalState.PROPOSED, "committee")
        mail = OutboxMessage.objects.get(once_key__startswith="mail:disposal-proposed")
        assert mail.payload["person_id"] == town.committee_secretary.pk
        assert old.label not in str(mail.payload)

    def test_the_by_law_may_name_the_archive_authority(self, town, old):
        Ruleset.objects.filter(municipality=town.municipality).update(settings={"archive_bylaw": "archive_authority"})
        proposal = propose(town)
        assert proposal.approver == "archive_authority"
        assert retaining.deciders_of(proposal) == [town.archivist]
        assert not retaining.may_decide(proposal, town.committee_secretary)

    def test_proposed_again_it_is_the_same(self, town, old):
        first = propose(town)
        closed_case(town)
        assert propose(town) == first
        assert DisposalItem.objects.count() == 1

    def test_only_the_archivist_proposes(self, town, old):
        for by in ("committee_secretary", "head", "data_protection_officer", "employee"):
            with pytest.raises(NotAllowed):
                propose(town, by=by)

    def test_a_unit_is_no_authority(self, town, old):
        with pytest.raises(NotAllowed):
            propose(town, body="care-north")

    def test_the_calendar_proposes_once_a_year(self, town, other_town, old):
        closed_case(town, at="school-unit", by="other_manager")
        assert propose_disposals() == 2
        assert propose_disposals() == 0
        made = DisposalProposal.objects.get(body=town.bodies["care"])
        assert made.proposed_by is None
        retaining.decide_disposal(
            proposal=made, approve=False, decided_on=clock.today(), paragraph="1", registry_number="",
            reason="Nej.", by=town.committee_secretary,
        )  # fmt: skip
        assert propose_disposals() == 0
        with mock.patch("organisation.clock.today", return_value=clock.today() + timedelta(days=366)):
            assert propose_disposals() == 1


class TestDeciding:
    def test_approved_and_rejected(self, town, old):
        proposal = approve(town, propose(town), registry_number="2026.9")
        assert (proposal.state, proposal.paragraph, proposal.registry_number) == ("approved", "12", "2026.9")
        assert proposal.decided_by == town.committee_secretary

    def test_a_rejection_says_why(self, town, old):
        proposal = propose(town)
        with pytest.raises(ReasonMissing):
            approve(town, proposal, approve=False)
        assert approve(town, proposal, approve=False, reason="Forskning pågår.").state == "rejected"
        # What was rejected can be proposed anew.
        assert propose(town) != proposal

    def test_whoever_proposes_does_not_record_what_the_committee_decided(self, town, old):
        proposal = propose(town)
        for by in ("archivist", "board_secretary", "head", "committee_chair"):
            with pytest.raises(NotAllowed):
                retaining.decide_disposal(
                    proposal=proposal, approve=True, decided_on=clock.today(), paragraph="1", registry_number="",
                    reason="", by=town.people[by],
                )  # fmt: skip

    def test_a_decision_is_made_once(self, town, old):
        proposal = approve(town, propose(town))
        assert approve(town, proposal) == proposal
        with pytest.raises(WrongState):
            approve(town, proposal, approve=False, reason="Ångrat.")

    def test_not_in_the_future_and_not_before_it_was_proposed(self, town, old):
        proposal = propose(town)
        for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)):
            with pytest.raises(DecidedTooEarly):
                approve(town, proposal, decided_on=day)

    def test_the_database_refuses_a_decision_by_nobody(self, town, old):
        proposal = propose(town)
        proposal.state = ProposalState.APPROVED
        with pytest.raises(ValidationError):
            proposal.full_clean()


class TestTakenOut:
    def test_a_case_and_those_merged_with_it(self, town, old):
        merged, other = closed_case(town), closed_case(town)
        Incident.objects.filter(pk=merged.pk).update(merged_into=old)
        proposal = propose(town)
        retaining.keep_case(proposal=proposal, number=merged.label, reason="Överklagas.", by=town.archivist)
        assert items(proposal) == {old.label: "Överklagas.", merged.label: "Överklagas.", other.label: ""}

    def test_refused_without_a_reason_a_number_or_a_right(self, town, old):
        proposal = propose(town)
        for number, reason, by, refusal in (
            (old.label, " ", "archivist", ReasonMissing),
            ("H-1999-0001", "Varför", "archivist", NotInProposal),
            (old.label, "Varför", "head", NotAllowed),
        ):
            with pytest.raises(refusal):
                retaining.keep_case(proposal=proposal, number=number, reason=reason, by=town.people[by])

    def test_not_once_it_is_decided_against(self, town, old):
        proposal = approve(town, propose(town), approve=False, reason="Nej.")
        with pytest.raises(WrongState):
            retaining.keep_case(proposal=proposal, number=old.label, reason="Varför", by=town.archivist)


class TestBothSeats:
    def test_a_secretary_who_is_archivist_too_records_the_committees_decision_by_that_seat(self, town, old):
        proposal = propose(town)
        appoint(town.archivist, town.seats["committee_secretary"])
        assert retaining.may_decide(proposal, User.objects.get(pk=town.archivist.pk))


class TestPages:
    def test_a_rule_is_recorded(self, town, as_):
        client = as_("archivist")
        answers = {
            "kind": "threat",
            "keep": "years",
            "keep_years": "10",
            "decided_by": str(town.bodies["council"].public_id),
            "decided_on": "2020-02-03",
            "paragraph": "14",
            "registry_number": "2020.3",
            "valid_from": "2020-03-01",
        }
        wrong = client.post("/incidents/retention/", answers | {"keep_years": "", "paragraph": ""})
        assert wrong.status_code == 422
        assert set(wrong.context["form"].errors) == {"keep_years", "paragraph"}
        assert client.post("/incidents/retention/", answers).status_code == 302
        assert "14" in client.get("/incidents/retention/").content.decode()
        later = client.post("/incidents/retention/", answers | {"valid_from": "2019-01-01"})
        assert set(later.context["form"].errors) == {"valid_from"}
        client.post("/incidents/retention/", answers | {"keep": "ever", "valid_from": "2024-01-01"})
        assert RetentionRule.objects.get(valid_from=date(2024, 1, 1)).keep_years is None

    def test_from_proposal_to_job(self, town, as_, old):
        archivist, secretary = as_("archivist"), as_("committee_secretary")
        sent = archivist.post("/incidents/disposal/", {"body": str(town.bodies["care"].public_id)})
        page = secretary.get(sent.url)
        assert old.label in page.content.decode()
        assert page.context["may_decide"]
        wrong = secretary.post(f"{sent.url}decide/", {"decision": "reject", "decided_on": clock.today().isoformat()})
        assert set(wrong.context["form"].errors) == {"paragraph", "reason"}
        said = {"decision": "approve", "decided_on": clock.today().isoformat(), "paragraph": "12"}
        assert secretary.post(f"{sent.url}decide/", said).status_code == 302
        assert archivist.get(sent.url).context["may_carry_out"]
        archivist.post(f"{sent.url}carry-out/")
        assert archivist.get(sent.url).context["job"]

    def test_a_case_is_kept_by_its_number(self, town, as_, old):
        proposal, client = propose(town), as_("committee_secretary")
        address = f"/incidents/disposal/{proposal.public_id}/keep/"
        assert old.label in client.get(f"{address}?case={old.label}").content.decode()
        wrong = client.post(address, {"number": "H-1999-0001", "reason": "Forskning"})
        assert wrong.status_code == 422
        assert "Forskning" in wrong.content.decode()
        client.post(address, {"number": old.label.lower(), "reason": "Forskning"})
        assert "Forskning" in client.get(f"/incidents/disposal/{proposal.public_id}/?show=kept").content.decode()

    def test_nothing_to_propose_is_said(self, town, as_):
        sent = as_("archivist").post("/incidents/disposal/", {"body": str(town.bodies["care"].public_id)}, follow=True)
        assert str(NothingToDispose.message) in sent.content.decode()

    def test_it_waits_in_the_work_of_those_concerned(self, town, as_, old):
        proposal = propose(town)
        address = f"/incidents/disposal/{proposal.public_id}/"
        assert address in as_("committee_secretary").get("/").content.decode()
        assert address not in as_("archivist").get("/").content.decode()
        approve(town, proposal)
        assert address in as_("archivist").get("/").content.decode()

    def test_the_list_asks_the_same_number_of_queries_for_many(self, town, as_, old, django_assert_max_num_queries):
        for _number in range(30):
            closed_case(town)
        proposal, client = propose(town), as_("archivist")
        client.get(f"/incidents/disposal/{proposal.public_id}/")
        with django_assert_max_num_queries(18):
            page = client.get(f"/incidents/disposal/{proposal.public_id}/")
        assert len(page.context["rows"]) == 25
        assert page.context["older_url"]
